from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from agentreach.errors import UsageError
from agentreach_checks import ALL as CHECKS
from agentreach_reports.comparison import changes
from agentreach_reports.compliance import State, tables
from reports.report_samples import PRESENTATION, Format, before, fixture, scanned

ALL = replace(PRESENTATION, frameworks=())
WRITTEN = ("markdown", "html", "csv", "json", "oscal")


@pytest.mark.parametrize("name", WRITTEN)
def test_no_report_claims_that_anyone_complies(name: str) -> None:
    text = Format("compliance", name).write(fixture("bedrock-support-agent"), ALL).lower()
    assert "non-compliant" not in text
    assert "is compliant" not in text
    assert "violates" not in text


def test_what_code_cannot_show_is_said_to_be_so_and_is_never_nothing_found() -> None:
    beyond = [one for table in tables(scanned("desk")) for one in table.assessments if one.is_beyond_code]
    assert beyond
    assert {one.words for one in beyond} == {"not assessable from code"}
    assert {one.state for one in beyond} == {State.NOT_ASSESSED}
    assert all(one.attest[0] == "Show this by other means than infrastructure code." for one in beyond)


def test_without_an_agent_nothing_is_assessed() -> None:
    states = {one.state for table in tables(scanned("broken")) for one in table.assessments}
    assert State.NOTHING_FOUND not in states


def test_every_entry_says_what_people_still_have_to_attest() -> None:
    assert all(one.attest for table in tables(scanned("desk")) for one in table.assessments)


def test_a_state_names_the_checks_it_rests_on() -> None:
    (table,) = tables(scanned("desk"), ("owasp-asi-2026",))
    by_id = {one.entry.id: one for one in table.assessments}
    assert by_id["ASI03"].why.startswith("found by AR")


def test_what_only_limits_an_entry_is_no_evidence_of_it() -> None:
    """A missing guardrail shows nothing about whether goals are hijacked."""
    (table,) = tables(scanned("desk"), ("owasp-asi-2026",))
    hijack = next(one for one in table.assessments if one.entry.id == "ASI01")
    assert (hijack.state, hijack.findings) == (State.NOT_ASSESSED, ())
    assert {finding.check_id for finding in hijack.limiting} == {"AR306", "AR307", "AR401", "AR403"}
    assert hijack.explained == "code shows only what limits its effect; 4 findings about that"
    assert "no evidence of the risk itself" in hijack.attest[1]
    text = Format("compliance", "markdown").write(scanned("desk"))
    assert "### What limits ASI01:2026 Agent Goal Hijack: no evidence of the entry itself" in text
    assert "Evidence relevant to ASI01" not in text


@pytest.mark.parametrize("form", ["text", "markdown", "sarif", "gitlab-sast"])
def test_no_finding_is_cited_as_evidence_for_what_it_only_limits(form: str) -> None:
    """Of AR403 alone: its entries are ASI01 and ASI09, both by what limits them."""
    scan = scanned("desk")
    alone = replace(scan, findings=tuple(one for one in scan.findings if one.check_id == "AR403"))
    assert not re.search(r"(?:Evidence relevant to[^.]*|owasp_asi.*)ASI01:2026", Format("scan", form).write(alone))


def test_findings_about_what_limits_an_entry_stand_apart_in_json() -> None:
    document = json.loads(Format("compliance", "json").write(scanned("desk"), ALL))
    for entry in (entry for framework in document["frameworks"] for entry in framework["entries"]):
        assert bool(entry["findings"]) is (entry["state"] == "evidence-found"), entry
        assert not set(entry["findings"]) & set(entry["compensating"])


def test_limits_speak_to_the_reader() -> None:
    for check in CHECKS:
        assert not re.search(
            r"\b(Say|print|Do not|Never|claim only|report as|must be suppressed|must differ)\b", check.limits
        ), check.id


def compared() -> dict[str, Any]:
    previous = Format("compliance", "json").write(before())
    document: dict[str, Any] = json.loads(
        Format("compliance", "json").write(scanned("desk"), replace(PRESENTATION, previous=previous))
    )
    return document


def test_a_comparison_tells_new_gone_and_unchanged_apart() -> None:
    found = compared()["changes"]
    now = {finding.fingerprint for finding in scanned("desk").open_findings}
    then = {finding.fingerprint for finding in before().open_findings}
    assert set(found["new"]) == now - then
    assert set(found["unchanged"]) == now & then
    assert {one["fingerprint"] for one in found["gone"]} == then - now


def test_a_report_compared_with_itself_has_no_change() -> None:
    made = changes(scanned("desk").open_findings, Format("scan", "json").write(scanned("desk")))
    assert made is not None
    assert (made.new, made.gone) == ((), ())


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"schema": "x"}', '{"schema": "agentreach.scan/1"}', "[" * 9999]
)
def test_what_is_no_report_of_ours_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(UsageError, match="report to compare with"):
        changes((), text)


def test_a_record_that_somebody_wrote_by_hand_is_read_as_text() -> None:
    text = json.dumps({"schema": "agentreach.scan/1", "findings": [{"fingerprint": 7, "severity": ["x"]}, 3, None]})
    made = changes((), text)
    assert made is not None
    assert [(one["fingerprint"], one["severity"]) for one in made.gone] == [("7", "low")]


def test_owner_and_revision_stand_beside_the_evidence() -> None:
    text = Format("compliance", "markdown").write(scanned("desk"))
    assert "Scanned revision 0123456789abcdef:" in text
    assert "owner service-desk" in text
    assert "no owner declared in the scanned code" in text
