"""Tools, credentials, secrets, settings, owners, bounds: what hangs off an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.graph import EnvironmentPattern, GraphOptions, build
from agentreach.identity import (
    AgentLink,
    Aspect,
    Confidence,
    Credential,
    Hidden,
    Operation,
    Role,
    SecretUse,
    Setting,
    Step,
    Tool,
)
from graph.declared import Stack

if TYPE_CHECKING:
    from agentreach.model import Key

OPS = "aws_bedrockagent_agent.ops"


def with_tool(stack: Stack, *operations: tuple[str, bool | None, bool | None], executor: str = "lambda") -> Key:
    agent = stack.agent(OPS)
    declared = tuple(Operation(name, mutating, answer, stack.line()) for name, mutating, answer in operations)
    stack.facts.append(
        Tool(key=stack.key("tool"), agent=agent, name="tool", executor=executor, at=stack.line(), operations=declared)
    )
    return agent


def test_a_tool_mutates_when_an_operation_says_so() -> None:
    stack = Stack()
    with_tool(stack, ("get_order", False, None), ("delete_order", True, None))
    (tool,) = build(stack.facts).tools()
    assert (tool.mutating, tool.confidence, [one.note for one in tool.because]) == (
        True,
        Confidence.MEDIUM,
        ["operation delete_order"],
    )


def test_a_tool_mutates_when_its_identity_may_write() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.tool")
    statement = stack.statement("s3:PutObject")
    stack.inline(role, statement)
    stack.tool("tool", agent, acts_as=stack.reference("aws_iam_role.tool"))
    (tool,) = build(stack.facts).tools()
    assert (tool.mutating, tool.confidence, tool.highest) == (True, Confidence.HIGH, Step.WRITE_DATA)
    assert tool.because[0].at == statement.at


def test_a_tool_with_reading_operations_only_does_not_mutate() -> None:
    stack = Stack()
    with_tool(stack, ("get_order", False, None))
    (tool,) = build(stack.facts).tools()
    assert tool.mutating is False


def test_a_tool_of_which_nothing_is_known_is_unknown() -> None:
    stack = Stack()
    with_tool(stack)
    (tool,) = build(stack.facts).tools()
    assert (tool.mutating, tool.confirmation) == (None, None)


@pytest.mark.parametrize(
    ("answers", "expected"), [((True, True), True), ((True, False), False), ((True, None), None), ((None, None), None)]
)
def test_a_tool_asks_when_every_mutating_operation_does(
    answers: tuple[bool | None, bool | None],
    expected: bool | None,  # noqa: FBT001
) -> None:
    stack = Stack()
    first, second = answers
    with_tool(stack, ("delete_a", True, first), ("delete_b", True, second), ("get_c", False, False))
    (tool,) = build(stack.facts).tools()
    assert tool.confirmation is expected


def test_a_tool_that_only_asks_the_user_changes_nothing() -> None:
    stack = Stack()
    with_tool(stack, executor="user-input")
    (tool,) = build(stack.facts).tools()
    assert tool.mutating is False


def test_a_secret_that_two_receive_names_both() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    worker = stack.workload("aws_lambda_function.batch")
    secret = stack.system("aws_secretsmanager_secret.db", "secretsmanager", "secret", stack.text("db"))
    for subject in (agent, worker):
        stack.facts.append(
            SecretUse(subject=subject, secret=stack.reference(secret.address), variable="DB", at=stack.line())
        )
    (view,) = build(stack.facts).secret_uses(agent)
    assert (view.secret, view.readers, view.agents) == (secret, (agent, worker), (agent,))


def test_an_unknown_secret_is_called_by_its_variable() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.facts.append(SecretUse(subject=agent, secret=stack.unknown(), variable="TOKEN", at=stack.line()))
    (view,) = build(stack.facts).secret_uses()
    assert (view.secret, view.secret_name) == (None, "TOKEN")


def test_a_secret_that_a_policy_lets_an_agent_read_is_a_credential_it_can_keep() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    secret = stack.system("aws_secretsmanager_secret.db", "secretsmanager", "secret", stack.text("db"))
    stack.facts.append(
        Credential(key=secret, kind="secret", owner=secret, at=stack.line(), rotated=False, thresholds="static-secret")
    )
    assert build(stack.facts).all_credentials == ()
    stack.inline(role, stack.statement("secretsmanager:GetSecretValue"))
    (view,) = build(stack.facts).credentials(agent)
    assert (view.credential.key, view.highest) == (secret, Step.SECRETS)


def test_the_session_of_an_identity_belongs_to_who_acts_as_it() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    stack.facts.append(Credential(key=role, kind="role-session", owner=role, at=stack.line(), ttl=43200.0))
    (view,) = build(stack.facts).credentials()
    assert (view.agents, view.identity, view.holder_name) == ((agent,), role, "aws_iam_role.ops")


def test_settings_and_memories_appear_under_the_agent_that_uses_them() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    memory = stack.key("aws_bedrockagentcore_memory.m")
    stack.facts.append(
        AgentLink(agent=agent, other=stack.reference(memory.address, "id"), relation="uses-memory", at=stack.line())
    )
    stack.facts.append(Setting(subject=memory, aspect=Aspect.MEMORY_ENCRYPTION, state=False, at=stack.line()))
    (view,) = build(stack.facts).settings(aspect=Aspect.MEMORY_ENCRYPTION)
    assert (view.subject, view.agents) == (memory, (agent,))
    assert list(build(stack.facts).settings(agent)) == [view]


def test_the_owner_is_told_by_tag_in_any_letter_case_the_agents_own_first() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.ops", tags={"Team": "platform"})
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    assert build(stack.facts).agents[0].owner == "platform"
    other = Stack()
    other.agent(OPS, tags={"Owner": "care"})
    assert build(other.facts).agents[0].owner == "care"
    assert build(other.facts, options=GraphOptions(owner_tags=("squad",))).agents[0].owner is None


def bounded(stack: Stack) -> bool | None:
    return build(stack.facts).agents[0].bounded


def reading(stack: Stack, action: str = "s3:GetObject", resource: str = "arn:aws:s3:::a/*") -> Key:
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    stack.inline(role, stack.statement(action, resources=(resource,)))
    return agent


def test_reading_named_things_is_bounded() -> None:
    stack = Stack()
    reading(stack)
    assert bounded(stack) is True


@pytest.mark.parametrize(
    ("action", "resource"),
    [("s3:PutObject", "arn:aws:s3:::a/*"), ("s3:GetObject", "*"), ("secretsmanager:GetSecretValue", "arn:aws:s3:::a")],
)
def test_writing_reading_everything_and_secrets_are_not_bounded(action: str, resource: str) -> None:
    stack = Stack()
    reading(stack, action, resource)
    assert bounded(stack) is False


def test_an_anonymous_endpoint_or_a_code_tool_is_not_bounded() -> None:
    for aspect in (Aspect.ANONYMOUS_INBOUND, Aspect.CODE_EXECUTION):
        stack = Stack()
        agent = reading(stack)
        stack.facts.append(Setting(subject=agent, aspect=aspect, state=True, at=stack.line()))
        assert bounded(stack) is False


def test_a_long_session_is_not_bounded() -> None:
    stack = Stack()
    reading(stack)
    role = stack.key("aws_iam_role.ops")
    stack.facts.append(Credential(key=role, kind="role-session", owner=role, at=stack.line(), ttl=43200.0))
    assert bounded(stack) is False


def test_an_unknown_that_hides_reach_leaves_the_bound_open() -> None:
    stack = Stack()
    agent = reading(stack)
    stack.facts.append(Hidden(subject=agent, attribute="policy", reason="given at apply", at=stack.line()))
    graph = build(stack.facts)
    assert graph.agents[0].bounded is None
    assert [(one.attribute, one.agents) for one in graph.unknowns] == [("policy", (agent,))]


def test_environments_come_from_tags_names_and_configuration() -> None:
    stack = Stack("envs/prod")
    agent = reading(stack)
    stack.system("aws_s3_bucket.a", "s3", "bucket", stack.text("arn:aws:s3:::a"), tags={"env": "staging"})
    graph = build(stack.facts)
    assert graph.agents[0].environments == ("production", "staging")
    options = GraphOptions(environments=(EnvironmentPattern("blue", ("*staging*",), production=True),))
    found = build(stack.facts, options=options)
    assert found.agents[0].environments == ("blue", "production")
    assert [one.production for one in found.reach(agent=agent)] == [True]


@pytest.mark.parametrize(
    ("name", "expected"), [("orders-prod", True), ("product", False), ("live", True), ("alive", False)]
)
def test_production_is_a_whole_word(name: str, expected: bool) -> None:  # noqa: FBT001
    stack = Stack()
    stack.agent(f"aws_bedrockagent_agent.{name}")
    assert build(stack.facts).agents[0].production is expected


def test_a_tool_that_no_agent_uses_stands_alone() -> None:
    stack = Stack()
    gateway = stack.agent("gateway", role=Role.TOOL)
    role = stack.role("aws_iam_role.g")
    stack.runs_as(gateway, stack.reference("aws_iam_role.g"))
    stack.inline(role, stack.statement("s3:GetObject"))
    (reach,) = build(stack.facts).reach()
    assert (reach.agents, reach.entries) == ((gateway,), (gateway,))


def test_trusts_say_who_is_let_in_and_whether_the_source_is_limited() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role(
        "aws_iam_role.ops",
        account="111111111111",
        trusts=(
            stack.service("bedrock.amazonaws.com"),
            stack.trusted("arn:aws:iam::999999999999:root"),
            stack.trusted("arn:aws:iam::111111111111:root"),
            stack.trusted("*"),
            stack.trusted(stack.unknown()),
        ),
        conditions=(stack.condition("StringEquals", "AWS:SourceAccount", "111111111111"),),
    )
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    (trust,) = build(stack.facts).trusts()
    assert [one.relation for one in trust.trusted] == ["service", "foreign", "same-account", "anyone", "unknown"]
    assert (trust.source_limited, trust.agents) == (True, (agent,))
