"""One claim for each statement: which way leads, what it is about, and what is written beside it."""

from __future__ import annotations

import pytest

from agentreach.findings import Move
from agentreach.identity import Condition, Statement, Step
from agentreach.model import Scalar
from agentreach_checks import ALL
from agentreach_checks.statements import by_statement, claim
from built_views import OPS, at, entry, graph, key, reach

BY_ID = {check.id: check for check in ALL}
SAYING_MORE = Statement(
    effect="Allow",
    actions=(Scalar("dynamodb:*", at(11)),),
    resources=(Scalar("*", at(11)),),
    conditions=(Condition("StringEquals", "aws:RequestedRegion", (Scalar("eu-west-1", at(12)),), at(12)),),
    at=at(10),
)


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"standing": False}, {"standing": True, "certain": False}),
        ({"standing": False}, {"standing": None}),
        ({"certain": False}, {"certain": True}),
    ],
)
def test_the_way_without_a_gate_leads_then_the_certain_one(worse: dict[str, bool], better: dict[str, bool]) -> None:
    two = key("agent.two")
    ways = [reach(Step.DEPLOY, agents=(two,), **worse), reach(Step.DEPLOY, **better)]
    (one,) = by_statement(graph(entry(), entry("agent.two")), ways)
    assert {name: getattr(one, name) for name in better} == better
    assert one.agents == (OPS, two)


@pytest.mark.parametrize("check_id", ["AR102", "AR301"])
def test_a_claim_about_width_asks_for_names_only(check_id: str) -> None:
    wide = reach(statement=SAYING_MORE, wildcard_action=True, wildcard_resource=True)
    assert claim(BY_ID[check_id], wide, "x").remedies == ()
    assert [one.move for one in claim(BY_ID["AR306"], wide, "x").remedies] == [Move.ADD_CONDITION]


def test_a_claim_is_about_the_statement_unless_it_is_about_a_part() -> None:
    assert claim(BY_ID["AR306"], reach(), "x").facet == ""
    assert claim(BY_ID["AR405"], reach(Step.DEPLOY), "x", in_part=True).facet == "deploy/dynamodb"
