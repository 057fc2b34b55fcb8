from __future__ import annotations

from datetime import date

import pytest

from agentreach.findings import Finding, Severity
from agentreach.identity import Confidence, Evidence
from agentreach.model import Format, Key, ListValue, MapValue, Resource, Scalar, Source, Span
from agentreach.suppressions import Directive, apply, find

TODAY = date(2026, 11, 24)
RAN = frozenset({"AR301", "AR302", "wildcard-resource", "privilege-escalation"})

BLOCK = """\
# agentreach: ignore[AR302] break-glass role, until 2027-01-31
resource "aws_iam_role_policy" "a" {
  policy = "x"
}

resource "aws_iam_role_policy" "b" {
  policy = "y"  # agentreach: ignore[wildcard-resource] reviewed in March
}
"""


def terraform(text: str) -> tuple[Source, list[Resource]]:
    source = Source("main.tf", text)
    resources = []
    start = text.find("resource")
    while start >= 0:
        end = text.index("\n}\n", start) + 2
        name = text[start:].split('"')[3]
        at = Span(source, start, end)
        resources.append(
            Resource(
                format=Format.TERRAFORM,
                type="aws_iam_role_policy",
                key=Key(".", f"aws_iam_role_policy.{name}"),
                name=name,
                attributes=MapValue({}, at),
                at=at,
            )
        )
        start = text.find("resource", end)
    return source, resources


def finding(source: Source, needle: str, check_id: str = "AR302", name: str = "privilege-escalation") -> Finding:
    start = source.text.index(needle)
    return Finding(
        check_id=check_id,
        name=name,
        title="t",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        subject=Key(".", "aws_iam_role.r"),
        cause="c",
        message="m",
        evidence=(Evidence(Span(source, start, start + len(needle)), "n"),),
    )


def directives(text: str) -> tuple[Source, tuple[Directive, ...]]:
    source, resources = terraform(text)
    return source, find([source], resources)


def test_a_comment_above_a_block_covers_the_block_only() -> None:
    source, found = directives(BLOCK)
    applied = apply([finding(source, '"x"'), finding(source, '"y"')], found, today=TODAY, ran=RAN)
    first, second = applied.findings
    assert first.suppressed is not None
    assert (first.suppressed.reason, first.suppressed.until, first.suppressed.line) == (
        "break-glass role",
        "2027-01-31",
        1,
    )
    assert second.suppressed is None


def test_a_comment_on_the_line_covers_that_line_by_id_or_name() -> None:
    source, found = directives(BLOCK)
    applied = apply([finding(source, '"y"', "AR301", "wildcard-resource")], found, today=TODAY, ran=RAN)
    assert applied.findings[0].suppressed is not None
    assert applied.findings[0].suppressed.line == 7


def test_another_check_on_the_same_line_is_not_covered() -> None:
    source, found = directives(BLOCK)
    applied = apply([finding(source, '"y"')], found, today=TODAY, ran=RAN)
    assert applied.findings[0].suppressed is None


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("# agentreach: ignore[AR302]", "has no reason"),
        ("# agentreach: ignore[AR302] , until 2027-01-31", "has no reason"),
        ("# agentreach: ignore[AR302] old, until 2026-11-23", "ended on 2026-11-23"),
        ("# agentreach: ignore[AR302] odd, until 2026-13-40", "ends on 2026-13-40, which is no date"),
        ("# agentreach: ignore[AR 302!] typo", "names 'AR', which is no check"),
    ],
)
def test_a_suppression_out_of_order_hides_nothing_and_is_reported(comment: str, problem: str) -> None:
    source, found = directives(f'{comment}\nresource "aws_iam_role_policy" "a" {{\n  policy = "x"\n}}\n')
    applied = apply([finding(source, '"x"')], found, today=TODAY, ran=RAN)
    assert applied.findings[0].suppressed is None
    assert [one.message for one in applied.problems] == [problem]


def test_the_last_day_still_holds() -> None:
    source, found = directives(
        '# agentreach: ignore[AR302] r, until 2026-11-24\nresource "aws_iam_role_policy" "a" {\n  policy = "x"\n}\n'
    )
    assert apply([finding(source, '"x"')], found, today=TODAY, ran=RAN).findings[0].suppressed is not None


def test_matching_nothing_is_said_only_of_checks_that_ran() -> None:
    _, found = directives(BLOCK)
    assert [one.message for one in apply([], found, today=TODAY, ran=RAN).problems] == ["matches nothing"] * 2
    assert apply([], found, today=TODAY, ran=frozenset({"AR101"})).problems == ()


def manifest(value: str) -> Resource:
    source = Source("pod.yaml", f"apiVersion: v1\nkind: Pod\nnote: {value}\n")
    at = Span(source, 0, len(source.text))
    annotations = MapValue({"agentreach.dev/ignore": Scalar(value, at)}, at)
    return Resource(
        format=Format.KUBERNETES,
        type="v1/Pod",
        key=Key(".", "Pod/default/a"),
        name="a",
        attributes=MapValue({"metadata": MapValue({"annotations": annotations}, at)}, at),
        at=at,
    )


def test_a_kubernetes_annotation_covers_its_object() -> None:
    pod = manifest("AR302 runs once a quarter, until 2027-01-31")
    applied = apply([finding(pod.at.source, "kind")], find([], [pod]), today=TODAY, ran=RAN)
    assert applied.findings[0].suppressed is not None
    assert applied.findings[0].suppressed.reason == "runs once a quarter"


def test_a_cloudformation_metadata_list_covers_its_resource() -> None:
    source = Source("stack.yaml", "Resources:\n  Role: {}\n")
    at = Span(source, 11, 20)
    written = MapValue({"check": Scalar("AR302", at), "reason": Scalar("reviewed", at)}, at)
    metadata = MapValue({"agentreach": MapValue({"ignore": ListValue((written,), at)}, at)}, at)
    role = Resource(
        format=Format.CLOUDFORMATION,
        type="AWS::IAM::Role",
        key=Key("stack.yaml", "Role"),
        name="Role",
        attributes=MapValue({}, at),
        at=at,
        siblings={"Metadata": metadata},
    )
    applied = apply([finding(source, "Role")], find([], [role]), today=TODAY, ran=RAN)
    assert applied.findings[0].suppressed is not None
    assert applied.findings[0].suppressed.reason == "reviewed"
