from __future__ import annotations

from agentreach.graph import build
from agentreach.identity import IdentityRelation, Step
from graph.declared import Stack, lines


def test_an_agent_inherits_the_role_that_it_runs_as() -> None:
    stack = Stack()
    agent = stack.agent("aws_bedrockagent_agent.ops")
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    graph = build(stack.facts)
    (identity,) = graph.identities(agent)
    assert (identity.key, identity.relation, identity.declared) == (role, IdentityRelation.RUNS_AS, True)
    assert lines(identity.via) == [5]


def test_a_tool_acts_with_the_role_of_its_lambda() -> None:
    stack = Stack()
    agent = stack.agent("aws_bedrockagent_agent.ops")
    stack.workload("aws_lambda_function.refund")
    role = stack.role("aws_iam_role.refund")
    stack.runs_as(stack.key("aws_lambda_function.refund"), stack.reference("aws_iam_role.refund"))
    stack.tool(
        "aws_bedrockagent_agent_action_group.refund", agent, target=stack.reference("aws_lambda_function.refund")
    )
    graph = build(stack.facts)
    (identity,) = graph.identities(agent)
    assert (identity.key, identity.relation) == (role, IdentityRelation.TOOL_ACTS_AS)
    assert [hop.relation for hop in identity.hops] == ["uses-tool", "executes", "runs-as"]
    (tool,) = graph.tools(agent)
    assert [view.key for view in tool.acts_as] == [role]


def test_a_role_is_assumed_when_both_sides_say_so() -> None:
    stack = Stack()
    agent = stack.agent("aws_bedrockagent_agent.ops")
    first = stack.role("aws_iam_role.ops")
    second = stack.role("aws_iam_role.admin", trusts=(stack.trusted(stack.reference("aws_iam_role.ops")),))
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    stack.inline(first, stack.statement("sts:AssumeRole", resources=(stack.reference("aws_iam_role.admin"),)))
    graph = build(stack.facts)
    assert [view.key for view in graph.identities(agent)] == [first, second]
    assert graph.identities(agent)[1].relation is IdentityRelation.ASSUMES
    assert graph.identities(agent)[1].certain


def test_rbac_gives_reach_through_a_service_account_that_is_only_named() -> None:
    stack = Stack(path="agent.yaml")
    agent = stack.agent("Deployment/agents/ops")
    stack.runs_as(agent, "agents:default", default=True)
    stack.rbac("reader", ("agents", "default"), verbs=("get", "list"), resources=("secrets",))
    graph = build(stack.facts)
    (identity,) = graph.identities(agent)
    assert (identity.key.address, identity.declared, identity.inherited_default) == (
        "ServiceAccount/agents/default",
        False,
        True,
    )
    (reach,) = graph.reach(minimum=Step.SECRETS)
    assert reach.names == ("get secrets", "list secrets")
    assert reach.wildcard_resource
