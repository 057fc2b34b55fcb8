"""Each finding about a fixture comes with text to paste, or stands here with the reason why it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.findings import Move, Remedy
from agentreach.model import Source, Span
from agentreach.remedies import ByHand, suggested
from agentreach.remedies.native_edits import native_edits
from agentreach_checks import ALL
from agentreach_reports.pasted import cloud_of, example, language_of
from fixture_findings import FIXTURES, scanned

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.findings import Finding

BY_ID = {check.id: check for check in ALL}
MANAGED = "a policy of AWS's own has no statement in the file"
TYPE = "action groups of this type cannot require a confirmation; the message names what can"
TEMPLATE = "container definitions in a file of their own are of no format"
OF_OTHERS = {
    "AR002": "what is unknown is kept elsewhere",
    "AR111": "what another principal needs, its owner knows",
}
WITHOUT = {
    ("bedrock-support-agent", "AR401"): TYPE,
    ("ci-coding-agent", "AR305"): "the role of a GitLab token: a merge request needs no smaller one",
    ("eks-toolhive", "AR302"): MANAGED,
    ("eks-toolhive", "AR303"): MANAGED,
    ("eks-toolhive", "AR305"): MANAGED,
    ("eks-toolhive", "AR405"): MANAGED,
    ("foundry-desk", "AR303"): "an access policy of a vault has no end and no request",
    ("invoice-clerk", "AR401"): TYPE,
    ("langgraph-fargate", "AR206"): TEMPLATE,
    ("langgraph-fargate", "AR208"): "Cognito rotates refresh tokens for clients of another kind",
    ("langgraph-fargate", "AR504"): TEMPLATE,
    ("org-accounts", "AR401"): TYPE,
    ("refund-approvals", "AR306"): "the statement is made from a variable of the module",
}
STACKS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())


def _has_text(finding: Finding, result: Scan) -> bool:
    if any(True for _ in suggested(finding, result.sources)):
        return True
    language = language_of(finding)
    return bool(language and example(BY_ID[finding.check_id], language, cloud_of(finding)))


@pytest.mark.parametrize("stack", STACKS)
def test_a_finding_has_text_to_paste_or_a_reason(monkeypatch: pytest.MonkeyPatch, stack: str) -> None:
    result = scanned(monkeypatch, FIXTURES / stack)
    bare = {one.check_id for one in result.open_findings if not _has_text(one, result)} - set(OF_OTHERS)
    assert bare == {check for name, check in WITHOUT if name == stack}


def test_a_role_of_azure_becomes_eligible_and_one_of_google_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    azure = _lines(scanned(monkeypatch, FIXTURES / "foundry-desk"), "AR306", "data.tf")
    assert azure == [
        '-resource "azurerm_role_assignment" "tickets" {',
        '+resource "azurerm_pim_eligible_role_assignment" "tickets" {',
        '-  role_definition_name = "Storage Blob Data Contributor"',
        '+  role_definition_id = "<id of Storage Blob Data Contributor>"',
    ]
    google = _lines(scanned(monkeypatch, FIXTURES / "vertex-assistant"), "AR306", "iam.tf")
    assert google[-3:] == [
        '+    title      = "<task>"',
        '+    expression = "request.time < timestamp(\\"<end of the task>\\")"',
        "+  }",
    ]
    level = _lines(scanned(monkeypatch, FIXTURES / "foundry-desk"), "AR305", "operations.tf")
    assert [line.replace(" ", "") for line in level] == ['-accessLevel="High"', '+accessLevel="Low"']


def _lines(result: Scan, check: str, file: str) -> list[str]:
    (finding, *_) = [
        one for one in result.open_findings if one.check_id == check and one.evidence[0].at.source.path.endswith(file)
    ]
    return list(next(suggested(finding, result.sources)).lines)


def test_a_type_without_quotes_is_changed_by_hand() -> None:
    text = 'resource azurerm_role_assignment tickets {\n  role_definition_name = "Reader"\n}\n'
    at = Span(Source("main.tf", text), text.index("role_definition_name"), len(text) - 3)
    with pytest.raises(ByHand, match="by a request that somebody approves"):
        list(native_edits(Remedy(move=Move.PER_TASK, at=at, attribute="assignment"), ()))
