from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.check import Check, check
from agentreach.consolidate import consolidate
from agentreach.findings import Finding, Severity
from agentreach.identity import Confidence, Evidence
from agentreach.model import Key, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Source("main.tf", "\n".join(f"line {number}" for number in range(40)))


def shipped(check_id: str, silences: tuple[str, ...] = ()) -> Check:
    @check(id=check_id, name=check_id.lower(), title=check_id, severity=Severity.CRITICAL, silences=silences)
    def logic(_graph: object) -> Iterator[Finding]:
        yield from ()

    return logic


ADMIN, WILDCARD, SECRETS = shipped("AR101", ("AR301", "AR303")), shipped("AR301"), shipped("AR303", ("AR301",))
CHECKS = (ADMIN, WILDCARD, SECRETS)


def claim(
    of: Check, *, subject: str = "role", cause: str = "policy/#0", facet: str = "", line: int = 1, agent: str = "a"
) -> Finding:
    start = SOURCE.text.index(f"line {line}\n")
    return of.finding(
        f"{of.id} at {line}",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        subject=Key(".", subject),
        cause=cause,
        facet=facet,
        evidence=[Evidence(Span(SOURCE, start, start + 4), "n")],
        agents=[Key(".", agent)],
    )


def ids(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.check_id for finding in findings]


def test_a_check_silences_another_on_the_same_statement_and_names_it() -> None:
    (only,) = consolidate([claim(ADMIN), claim(WILDCARD, facet="admin/s3")], CHECKS)
    assert only.check_id == "AR101"
    assert only.silenced == ("AR301",)


def test_another_statement_of_the_same_subject_is_not_silenced() -> None:
    assert ids(consolidate([claim(ADMIN), claim(WILDCARD, cause="policy/#1")], CHECKS)) == ["AR101", "AR301"]


def test_another_subject_with_the_same_statement_is_not_silenced() -> None:
    assert ids(consolidate([claim(ADMIN), claim(WILDCARD, subject="other")], CHECKS)) == ["AR101", "AR301"]


def test_a_facet_silences_only_the_same_facet() -> None:
    found = consolidate(
        [
            claim(SECRETS, facet="secrets/ssm"),
            claim(WILDCARD, facet="secrets/ssm"),
            claim(WILDCARD, facet="write-data/s3"),
        ],
        CHECKS,
    )
    assert [(one.check_id, one.facet) for one in found] == [("AR301", "write-data/s3"), ("AR303", "secrets/ssm")]


def test_statements_of_one_check_on_one_subject_are_one_finding_with_every_evidence() -> None:
    (only,) = consolidate(
        [claim(WILDCARD, cause="policy/#1", line=7, agent="b"), claim(WILDCARD, cause="policy/#0", line=3)], CHECKS
    )
    assert [evidence.at.location.line for evidence in only.evidence] == [4, 8]
    assert {key.address for key in only.agents} == {"a", "b"}
    assert only.message == "AR301 at 3; AR301 at 7"


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("ops may do s3:* on any resource", "ops may do iam:* on any resource", "; iam:* on any resource"),
        ("ops may get pods", "ops may get and list secrets", "; get and list secrets"),
        ("ops may write data as role: a on b", "ops may write data as role: a on c", "; a on c"),
        ("ops receives crm in A", "ops receives crm-key in B", "; crm-key in B"),
        ("ops holds a key", "ops holds a token", "; ops holds a token"),
        ("ops may do a", "aide may do a", "; aide may do a"),
    ],
)
def test_what_sentences_begin_with_alike_is_said_once(first: str, second: str, joined: str) -> None:
    claims = [
        replace(claim(WILDCARD, cause=f"policy/#{number}"), message=text) for number, text in enumerate((first, second))
    ]
    (only,) = consolidate(claims, CHECKS)
    assert only.message == first + joined


def test_a_fingerprint_survives_moved_lines_and_other_agents() -> None:
    (first,) = consolidate([claim(WILDCARD, line=3)], CHECKS)
    (moved,) = consolidate([claim(WILDCARD, line=9, agent="b")], CHECKS)
    assert first.fingerprint == moved.fingerprint


def test_a_further_statement_changes_the_fingerprint() -> None:
    (one,) = consolidate([claim(WILDCARD)], CHECKS)
    (two,) = consolidate([claim(WILDCARD), claim(WILDCARD, cause="policy/#1")], CHECKS)
    assert one.fingerprint != two.fingerprint


def test_two_templates_of_one_folder_with_equal_ids_are_told_apart() -> None:
    first = replace(claim(WILDCARD), subject=Key("infra/a.yaml", "Role"))
    second = replace(claim(WILDCARD), subject=Key("infra/b.yaml", "Role"))
    prints = {finding.fingerprint for finding in consolidate([first, second], CHECKS)}
    assert len(prints) == 2


CLAIMS = st.lists(
    st.builds(
        claim,
        st.sampled_from(CHECKS),
        subject=st.sampled_from(["role", "other"]),
        cause=st.sampled_from(["policy/#0", "policy/#1"]),
        facet=st.sampled_from(["", "secrets/ssm"]),
        line=st.integers(1, 20),
        agent=st.sampled_from("abc"),
    ),
    max_size=12,
)


@given(CLAIMS, st.randoms(use_true_random=False))
def test_the_order_of_claims_changes_nothing_but_which_of_equals_leads(claims: list[Finding], random: object) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    expected, found = consolidate(claims, CHECKS), consolidate(shuffled, CHECKS)
    assert {(f.check_id, f.subject, f.fingerprint) for f in found} == {
        (f.check_id, f.subject, f.fingerprint) for f in expected
    }


@given(CLAIMS)
def test_every_claim_is_reported_or_named_by_what_silenced_it(claims: list[Finding]) -> None:
    found = consolidate(claims, CHECKS)
    for one in claims:
        same = [f for f in found if f.subject == one.subject]
        assert any(f.check_id == one.check_id or one.check_id in f.silenced for f in same)


def test_a_place_shows_all_that_several_statements_say_of_it() -> None:
    two = [
        replace(claim(WILDCARD, cause=f"policy/#{number}"), evidence=(Evidence(Span(SOURCE, 0, 4), note),))
        for number, note in enumerate(("allows a on *", "allows b on *"))
    ]
    (only,) = consolidate(two, CHECKS)
    assert [one.note for one in only.evidence] == ["allows a on *; allows b on *"]
