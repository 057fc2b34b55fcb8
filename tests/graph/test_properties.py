"""What must hold for any stack: order changes nothing, an unknown takes nothing away, one more statement adds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from agentreach.access import actions
from agentreach.graph import AgentGraph, build
from agentreach.identity import Attachment, Fact, Policy, PolicyRole, Statement
from graph.declared import Stack

if TYPE_CHECKING:
    import random

    from agentreach.model import Key

ACTIONS = st.sampled_from(
    ["s3:GetObject", "s3:*", "sqs:SendMessage", "iam:PassRole", "sts:AssumeRole", "secretsmanager:GetSecretValue", "*"]
)
RESOURCES = st.sampled_from(["*", "arn:aws:s3:::orders-prod/*", "arn:aws:iam::111111111111:role/r1"])
SENTENCES = st.lists(st.tuples(ACTIONS, RESOURCES, st.sampled_from(["Allow", "Allow", "Deny"])), max_size=3)
TRUSTS = st.sampled_from(["service", "account", "next"])
ROLES = st.lists(st.tuples(SENTENCES, TRUSTS), min_size=1, max_size=4)


def stack_of(roles: list[tuple[list[tuple[str, str, str]], str]]) -> Stack:
    stack = Stack()
    for index, (sentences, trust) in enumerate(roles):
        address = f"aws_iam_role.r{index}"
        trusted = {
            "service": stack.service("lambda.amazonaws.com"),
            "account": stack.trusted(stack.arn("iam", "root")),
            "next": stack.trusted(stack.reference(f"aws_iam_role.r{(index + 1) % len(roles)}")),
        }[trust]
        role = stack.role(address, trusts=(trusted,))
        statements = [
            stack.statement(action, resources=(resource,), effect=effect, spot=f"#{place}")
            for place, (action, resource, effect) in enumerate(sentences)
        ]
        stack.inline(role, *statements)
        agent = stack.agent(f"aws_bedrockagent_agent.a{index}")
        stack.runs_as(agent, stack.reference(address))
    stack.system("aws_s3_bucket.orders", "s3", "bucket", stack.text("arn:aws:s3:::orders-prod"))
    return stack


def told(graph: AgentGraph) -> tuple[object, ...]:
    """Everything a report would print, by value."""
    return (
        [(one.key, one.highest, one.bounded, [view.key for view in one.identities]) for one in graph.agents],
        [
            (one.agents, one.identity, one.step, one.service, one.names, one.cause, one.verdict)
            for one in graph.all_reach
        ],
        [tuple(evidence.at.start for evidence in one.evidence) for one in graph.all_reach],
        [(one.path, one.identity, one.yields, one.gains, one.cause) for one in graph.all_escalations],
        [(one.key, one.attribute) for one in graph.unknowns],
    )


@settings(max_examples=40, deadline=None)
@given(ROLES, st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_nothing(
    roles: list[tuple[list[tuple[str, str, str]], str]], order: random.Random
) -> None:
    facts: list[Fact] = list(stack_of(roles).facts)
    expected = told(build(facts))
    order.shuffle(facts)
    assert told(build(facts)) == expected


def reached(graph: AgentGraph) -> dict[tuple[Key, Key], int]:
    """The actions of each agent through each identity, as a set: what they are called in a row may differ."""
    found: defaultdict[tuple[Key, Key], int] = defaultdict(int)
    for reach in graph.all_reach:
        for agent in reach.entries:
            found[agent, reach.identity] |= actions.expand_all(reach.names)
    return found


def covers(more: dict[tuple[Key, Key], int], less: dict[tuple[Key, Key], int]) -> bool:
    return all(not bits & ~more.get(place, 0) for place, bits in less.items())


@settings(max_examples=40, deadline=None)
@given(ROLES)
def test_an_unknown_policy_takes_no_reach_away(roles: list[tuple[list[tuple[str, str, str]], str]]) -> None:
    stack = stack_of(roles)
    before = reached(build(stack.facts))
    attachment = Attachment(principal=stack.key("aws_iam_role.r0"), policy=stack.unknown(), at=stack.line())
    assert covers(reached(build([*stack.facts, attachment])), before)


@settings(max_examples=40, deadline=None)
@example([([("s3:GetObject", "*", "Deny"), ("*", "*", "Allow")], "service")])
@given(ROLES)
def test_a_doubt_about_a_statement_takes_no_reach_away(
    roles: list[tuple[list[tuple[str, str, str]], str]],
) -> None:
    stack = stack_of(roles)
    before = reached(build(stack.facts))
    assert covers(reached(build([_doubtful(fact) for fact in stack.facts])), before)


def _doubtful(fact: Fact) -> Fact:
    if not isinstance(fact, Policy) or fact.role is not PolicyRole.IDENTITY:
        return fact
    return replace(fact, statements=tuple(_doubt(one) for one in fact.statements))


def _doubt(statement: Statement) -> Statement:
    return replace(statement, certain=False)


@settings(max_examples=40, deadline=None)
@given(ROLES, ACTIONS)
def test_one_more_allow_takes_no_reach_away(roles: list[tuple[list[tuple[str, str, str]], str]], action: str) -> None:
    stack = stack_of(roles)
    before = reached(build(stack.facts))
    stack.inline(stack.key("aws_iam_role.r0"), stack.statement(action), address="more")
    assert covers(reached(build(stack.facts)), before)
