"""Sentences: their parts, and what none of them may say."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach import scan
from agentreach.engine import Options
from agentreach.identity import Confidence, RbacStatement, Step
from agentreach_checks import ALL
from agentreach_checks.wording import (
    count,
    duration,
    kind_of,
    listed,
    owned,
    secret_called,
    serving,
    verb,
    what,
    who,
)
from built_views import OPS, credential, key, reach, secret_use, system
from check_pages import Example, examples
from fixture_findings import FIXTURES, scanned

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from agentreach.findings import Finding
    from agentreach.graph.views import Reach

EVERYTHING = Options(min_confidence=Confidence.LOW, helm="off")
FORBIDDEN = re.compile(r"violat|complian|ensure|potential|should be|\bunused\b|%|\$\{|  |\.$|\b1 \w+s\b", re.IGNORECASE)
AVOIDED = [example for check in ALL for example in examples(check) if example.section in {"Avoid", "Edge cases"}]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=12), st.integers(1, 6))
def test_a_list_names_each_once_and_counts_the_rest(items: list[str], shown: int) -> None:
    names = list(dict.fromkeys(items))
    text = listed(items, shown)
    assert all(name in text for name in names[:shown])
    assert (f"{len(names) - shown} more" in text) == (len(names) > shown)


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (list("abcd"), "a, b, c and d"),
        (list("abcdef"), "a, b, c, d and 2 more"),
    ],
)
def test_lists_read_as_lists(items: list[str], text: str) -> None:
    assert listed(items) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "1 second"),
        (90, "90 seconds"),
        (60, "1 minute"),
        (5400, "90 minutes"),
        (3600, "1 hour"),
        (28_800, "8 hours"),
        (86_400, "1 day"),
        (365 * 86_400, "365 days"),
        (0.5, "0.5 seconds"),
        (5400.5, "5400.5 seconds"),
        (math.inf, "no end"),
    ],
)
def test_durations_take_the_largest_whole_unit(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_numbers_agree_with_their_things() -> None:
    assert count(1, "action") == "1 action"
    assert count(1200, "action") == "1,200 actions"
    assert verb((OPS,), "acts", "act") == "acts"
    assert verb((OPS, key("agent.b")), "acts", "act") == "act"


def test_an_agent_is_not_named_twice() -> None:
    tool = key("gateway.tools")
    assert owned(OPS, (OPS,)) == "agent.ops"
    assert owned(tool, (OPS,)) == "gateway.tools of agent.ops"
    assert owned(tool, ()) == "gateway.tools"
    assert serving(OPS, (OPS,)) == "agent.ops"
    assert serving(tool, (OPS,)) == "gateway.tools for agent.ops"
    assert who((), tool) == "gateway.tools"
    assert who(()) == "an agent"


def test_a_secret_is_called_by_its_name_unless_only_the_variable_is_known() -> None:
    assert secret_called(secret_use(named="crm")) == "crm"
    assert secret_called(secret_use("CRM_TOKEN", named="CRM_TOKEN")) == "a secret"
    assert secret_called(secret_use(named="${data.secret.crm.arn}")) == "data.secret.crm"


@pytest.mark.parametrize(
    ("given_reach", "text"),
    [
        (reach(), "dynamodb:PutItem on arn:aws:dynamodb:eu-west-1:111122223333:table/orders"),
        (reach(wildcard_resource=True), "dynamodb:PutItem on any resource"),
        (
            reach(wildcard_resource=True, systems=(system("secret.a"), system("secret.b"))),
            "dynamodb:PutItem on any resource (secret.a and secret.b among them)",
        ),
        (reach(resources=()), "dynamodb:PutItem on the resource the policy belongs to"),
        (
            reach(actions=("s3:*",), names=("s3:a", "s3:b"), wildcard_action=True, wildcard_resource=True),
            "s3:* (2 actions of the write-data step) on any resource",
        ),
        (
            reach(Step.ADMIN, actions=("*",), names=("*",), wildcard_action=True, wildcard_resource=True),
            "* on any resource",
        ),
        (
            reach(
                actions=("NotAction iam:*", "NotAction sts:*"),
                names=("s3:PutObject",),
                wildcard_action=True,
                wildcard_resource=True,
            ),
            "every action except iam:* and sts:* (1 action of the write-data step) on any resource",
        ),
    ],
)  # fmt: skip
def test_what_a_cloud_statement_gives(given_reach: Reach, text: str) -> None:
    assert what(given_reach) == text


def _rule(*names: str, namespace: str | None = None, service: str = "v1", only: tuple[str, ...] = ()) -> Reach:
    statement = RbacStatement(verbs=(), resource_names=only, at=reach().evidence[0].at)
    return reach(provider="kubernetes", names=names, namespace=namespace, service=service, statement=statement)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (_rule("get secrets", "list secrets"), "get and list secrets in all namespaces"),
        (_rule("get pods", "get secrets", namespace="agents"), "get pods and secrets in namespace agents"),
        (_rule("create pods", "get secrets"), "create pods; get secrets in all namespaces"),
        (_rule("* *", service="*"), "do anything with any resource in all namespaces"),
        (_rule("patch *", service="apps", namespace="shop"), "patch any resource of API group apps in namespace shop"),
        (_rule("get configmaps", only=("routing",), namespace="a"), "get configmaps named routing in namespace a"),
        (_rule("get /healthz"), "get /healthz"),
        (_rule("get /healthz", "get pods"), "get /healthz and pods in all namespaces"),
    ],
)
def test_what_a_cluster_rule_gives(rule: Reach, text: str) -> None:
    assert what(rule) == text


def test_what_a_wide_rule_reaches_of_the_declared_is_named() -> None:
    found = (system("Secret/agents/crm"),)
    wide = replace(_rule("get secrets"), systems=found, wildcard_resource=True)
    assert what(wide) == "get secrets in all namespaces (Secret/agents/crm among them)"
    assert what(replace(wide, wildcard_resource=False)) == "get secrets in all namespaces"


@pytest.mark.parametrize("fixture", sorted(path.name for path in FIXTURES.iterdir() if path.is_dir()))
def test_no_sentence_about_a_fixture_breaks_the_rules(monkeypatch: pytest.MonkeyPatch, fixture: str) -> None:
    _check(scanned(monkeypatch, FIXTURES / fixture).findings)


@pytest.mark.parametrize("example", AVOIDED, ids=str)
def test_no_sentence_about_an_example_breaks_the_rules(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / example.file).write_text(example.text, encoding="utf-8")
    _check(scan(".", options=EVERYTHING).findings)


def _check(findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.check_id in {"AR001", "AR003"}:
            continue
        text = finding.message
        assert not FORBIDDEN.search(text), text
        assert not re.search(r"(\S+) of \1\b", text), text
        assert finding.remediation
        assert finding.evidence


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("api-key", "API key"),
        ("bedrock-api-key", "Bedrock API key"),
        ("hmac-key", "HMAC key"),
        ("oauth", "OAuth client"),
        ("ssh-key", "SSH key"),
        ("refresh-token", "refresh token"),
    ],
)
def test_a_kind_of_credential_is_said_as_people_write_it(kind: str, said: str) -> None:
    assert kind_of(credential(kind).credential) == said


def test_verbs_of_a_rule_are_listed_up_to_nine() -> None:
    verbs = [f"verb{number}" for number in range(10)]
    rule = reach(provider="kubernetes", names=tuple(f"{one} pods" for one in verbs), namespace="agents")
    assert "verb8 and 1 more pods" in what(rule)
