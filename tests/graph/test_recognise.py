"""Which workloads and identities are agents, and which are only called so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.graph import AgentOverride, GraphOptions, build
from agentreach.identity import Confidence, Role, Signal, Strength
from graph.declared import Stack

if TYPE_CHECKING:
    from agentreach.model import Key

WORKER = "aws_lambda_function.worker"


def signal(stack: Stack, subject: Key, kind: str, strength: Strength = Strength.STRONG) -> None:
    stack.facts.append(Signal(subject=subject, kind=kind, strength=strength, detail=f"a {kind}", at=stack.line()))


def found(stack: Stack, options: GraphOptions | None = None) -> list[tuple[str, Role, Confidence]]:
    return [(one.key.address, one.role, one.confidence) for one in build(stack.facts, options=options).agents]


def test_the_image_of_an_agent_product_is_decisive_alone() -> None:
    stack = Stack()
    signal(stack, stack.workload(WORKER), "image", Strength.DECISIVE)
    assert found(stack) == [(WORKER, Role.AGENT, Confidence.MEDIUM)]


def test_two_strong_signals_of_different_kinds_make_an_agent() -> None:
    stack = Stack()
    worker = stack.workload(WORKER)
    signal(stack, worker, "image")
    signal(stack, worker, "environment")
    graph = build(stack.facts)
    assert [one.note for one in graph.agents[0].agent.because] == ["a image", "a environment"]


@pytest.mark.parametrize(
    "signals",
    [
        [("environment", Strength.STRONG)],
        [("environment", Strength.STRONG), ("environment", Strength.STRONG)],
        [("environment", Strength.STRONG), ("image", Strength.WEAK)],
        [("environment", Strength.WEAK)],
    ],
)
def test_less_is_a_possible_client_and_counted(signals: list[tuple[str, Strength]]) -> None:
    stack = Stack()
    worker = stack.workload(WORKER)
    for kind, strength in signals:
        signal(stack, worker, kind, strength)
    graph = build(stack.facts)
    assert (graph.agents, graph.possible_clients) == ((), (worker,))


def test_an_agents_action_in_its_roles_policy_is_a_signal() -> None:
    stack = Stack()
    worker = stack.workload(WORKER)
    role = stack.role("aws_iam_role.worker")
    stack.runs_as(worker, stack.reference("aws_iam_role.worker"))
    stack.inline(role, stack.statement("bedrock:InvokeAgent"))
    assert build(stack.facts).possible_clients == (worker,)
    signal(stack, worker, "name")
    assert found(stack) == [(WORKER, Role.AGENT, Confidence.MEDIUM)]


@pytest.mark.parametrize("action", ["bedrock:InvokeModel*", "bedrock:ConverseStream", "bedrock:*"])
def test_who_may_call_a_model_is_a_possible_client_and_a_name_beside_it_proves_no_agent(action: str) -> None:
    stack = Stack()
    worker = stack.workload(WORKER)
    role = stack.role("aws_iam_role.worker")
    stack.runs_as(worker, stack.reference("aws_iam_role.worker"))
    stack.inline(role, stack.statement(action))
    signal(stack, worker, "name")
    graph = build(stack.facts)
    assert (graph.agents, graph.possible_clients) == ((), (worker,))


def test_holding_everything_is_no_signal() -> None:
    stack = Stack()
    worker = stack.workload(WORKER)
    role = stack.role("aws_iam_role.worker")
    stack.runs_as(worker, stack.reference("aws_iam_role.worker"))
    stack.inline(role, stack.statement("*"))
    assert build(stack.facts).possible_clients == ()


@pytest.mark.parametrize("service", ["aidevops", "aiops", "securityagent", "nova-act", "bedrock-agentcore"])
def test_every_agent_service_makes_a_role_that_nothing_uses_an_undeclared_agent(service: str) -> None:
    stack = Stack()
    stack.role("aws_iam_role.ghost", trusts=(stack.service(f"{service}.amazonaws.com"),))
    assert found(stack) == [("aws_iam_role.ghost", Role.UNDECLARED, Confidence.MEDIUM)]


def test_a_role_that_only_an_agent_service_may_assume_and_nothing_uses_is_undeclared() -> None:
    stack = Stack()
    stack.role("aws_iam_role.ghost", trusts=(stack.service("bedrock.amazonaws.com"),))
    assert found(stack) == [("aws_iam_role.ghost", Role.UNDECLARED, Confidence.MEDIUM)]


def test_a_role_that_something_uses_is_not_undeclared() -> None:
    stack = Stack()
    stack.role("aws_iam_role.kb", trusts=(stack.service("bedrock.amazonaws.com"),))
    stack.runs_as(stack.key("aws_bedrockagent_knowledge_base.kb"), stack.reference("aws_iam_role.kb"))
    assert found(stack) == []


def test_a_role_that_another_service_may_assume_too_is_not_undeclared() -> None:
    stack = Stack()
    both = (stack.service("bedrock.amazonaws.com"), stack.service("lambda.amazonaws.com"))
    stack.role("aws_iam_role.shared", trusts=both)
    assert found(stack) == []


GITHUB = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"


def test_a_pipelines_role_that_names_a_coding_agent_is_one() -> None:
    stack = Stack()
    stack.role("aws_iam_role.claude-review", trusts=(stack.trusted(GITHUB, "Federated"),))
    graph = build(stack.facts)
    assert [(one.agent.kind, one.role) for one in graph.agents] == [("ci-agent", Role.UNDECLARED)]


def test_a_pipelines_role_without_such_a_name_is_silent() -> None:
    stack = Stack()
    stack.role("aws_iam_role.deploy", trusts=(stack.trusted(GITHUB, "Federated"),))
    assert found(stack) == []


def test_configuration_declares_an_agent_by_address() -> None:
    stack = Stack()
    stack.workload("aws_lambda_function.a")
    stack.workload("aws_lambda_function.b")
    options = GraphOptions(overrides=(AgentOverride("aws_lambda_function.a", reason="it is"),))
    assert found(stack, options) == [("aws_lambda_function.a", Role.AGENT, Confidence.HIGH)]


def test_configuration_declares_an_agent_by_tag_and_by_root() -> None:
    stack = Stack("app")
    stack.agent("x", tags={"kind": "assistant"})
    stack.role("aws_iam_role.r", tags={"kind": "assistant"})
    assert [one[0] for one in found(stack, GraphOptions(overrides=(AgentOverride("*", tag="kind=assist*"),)))] == [
        "x",
        "aws_iam_role.r",
    ]
    assert [one[0] for one in found(stack, GraphOptions(overrides=(AgentOverride("app::x", agent=False),)))] == []


def test_configuration_says_that_something_is_not_an_agent() -> None:
    stack = Stack()
    signal(stack, stack.workload(WORKER), "image", Strength.DECISIVE)
    options = GraphOptions(overrides=(AgentOverride(WORKER, agent=False, reason="a test double"),))
    assert found(stack, options) == []


def test_brackets_in_an_address_are_literal() -> None:
    stack = Stack()
    stack.workload('aws_lambda_function.f["a"]')
    options = GraphOptions(overrides=(AgentOverride('aws_lambda_function.f["a"]'),))
    assert [one[0] for one in found(stack, options)] == ['aws_lambda_function.f["a"]']


def test_every_identity_may_be_treated_as_an_agent() -> None:
    stack = Stack()
    stack.workload(WORKER)
    stack.role("aws_iam_role.r")
    assert [one[0] for one in found(stack, GraphOptions(all_identities=True))] == [WORKER, "aws_iam_role.r"]


def test_an_undeclared_agents_identity_is_itself() -> None:
    stack = Stack()
    role = stack.role("aws_iam_role.ghost", trusts=(stack.service("bedrock-agentcore.amazonaws.com"),))
    stack.inline(role, stack.statement("s3:GetObject"))
    graph = build(stack.facts)
    assert [view.key for view in graph.identities(role)] == [role]
    assert [one.agents for one in graph.reach()] == [(role,)]
