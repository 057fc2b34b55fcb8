"""Who an agent may act as, and by which chain."""

from __future__ import annotations

from agentreach.graph import build
from agentreach.identity import (
    AgentLink,
    Credential,
    Gate,
    IdentityRelation,
    IdentityUse,
    Membership,
    PolicyRole,
    Principal,
    Role,
    SecretUse,
)
from agentreach.model import Scalar
from graph.declared import Stack, lines

OPS = "aws_bedrockagent_agent.ops"


def two_roles(stack: Stack, *, trust: str = "role", granted: bool = True, **second: object) -> None:
    """An agent as `first`, and `second` that it might assume."""
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.first", account=str(second.get("own", "")) or None)
    stack.runs_as(agent, stack.reference("aws_iam_role.first"))
    trusted = stack.reference("aws_iam_role.first") if trust == "role" else stack.arn("iam", "root")
    if trust == "foreign":
        trusted = stack.arn("iam", "root", account="999999999999")
    conditions = second.get("conditions", ())
    assert isinstance(conditions, tuple)
    stack.role(
        "aws_iam_role.second",
        trusts=(stack.trusted(trusted),),
        conditions=conditions,
        account=str(second.get("account", "")) or None,
    )
    if granted:
        stack.inline(
            stack.key("aws_iam_role.first"),
            stack.statement("sts:AssumeRole", resources=(stack.reference("aws_iam_role.second"),)),
        )


def trusting_a_number(resource: str) -> Stack:
    """No account is known; `second` trusts one by its number, and `first` may assume a resource."""
    stack = Stack()
    agent = stack.agent(OPS)
    first = stack.role("aws_iam_role.first")
    stack.runs_as(agent, stack.reference("aws_iam_role.first"))
    stack.role("aws_iam_role.second", trusts=(stack.trusted("arn:aws:iam::999999999999:root"),))
    stack.inline(first, stack.statement("sts:AssumeRole", resources=(resource,)))
    return stack


def assumed(stack: Stack) -> list[tuple[str, bool]]:
    views = build(stack.facts).identities(stack.key(OPS))
    return [(view.name, view.certain) for view in views if view.relation is IdentityRelation.ASSUMES]


def test_naming_the_role_in_the_trust_suffices_in_one_account() -> None:
    stack = Stack()
    two_roles(stack, granted=False)
    assert assumed(stack) == [("second", True)]


def test_trusting_the_account_needs_a_policy_of_ones_own() -> None:
    stack = Stack()
    two_roles(stack, trust="root", granted=False)
    assert assumed(stack) == []


def test_trusting_the_account_and_a_policy_of_ones_own_are_enough() -> None:
    stack = Stack()
    two_roles(stack, trust="root")
    assert assumed(stack) == [("second", True)]


def test_trusting_another_account_lets_nobody_of_this_one_in() -> None:
    stack = Stack()
    two_roles(stack, trust="foreign", own="111111111111", account="111111111111")
    assert assumed(stack) == []


def test_a_number_where_the_own_account_has_none_is_another_account() -> None:
    assert assumed(trusting_a_number("*")) == []


def test_a_number_that_the_own_policy_names_too_is_the_own_account() -> None:
    assert assumed(trusting_a_number("arn:aws:iam::999999999999:role/second")) == [("second", True)]


def test_a_boundary_takes_the_roles_it_does_not_name() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    first = stack.role("aws_iam_role.first")
    stack.runs_as(agent, stack.reference("aws_iam_role.first"))
    for name in ("a", "b"):
        stack.role(f"aws_iam_role.{name}", trusts=(stack.trusted(stack.arn("iam", "root")),))
    stack.inline(first, stack.statement("sts:AssumeRole"))
    limit = stack.managed("aws_iam_policy.limit", stack.statement("sts:*", resources=("arn:aws:iam::*:role/a",)))
    stack.attach(first, stack.reference(limit.address), PolicyRole.BOUNDARY)
    assert assumed(stack) == [("a", True)]


def test_a_tag_that_the_trust_asks_for_is_that_of_who_comes() -> None:
    for tag, expected in (("blue", [("second", True)]), ("red", [])):
        stack = Stack()
        agent = stack.agent(OPS)
        first = stack.role("aws_iam_role.first", tags={"team": tag})
        stack.runs_as(agent, stack.reference("aws_iam_role.first"))
        asked = (stack.condition("StringEquals", "aws:PrincipalTag/team", "blue"),)
        stack.role("aws_iam_role.second", trusts=(stack.trusted(stack.arn("iam", "root")),), conditions=asked)
        stack.inline(first, stack.statement("sts:AssumeRole"))
        assert assumed(stack) == expected


def test_a_role_of_another_root_may_be_what_a_wildcard_means() -> None:
    stack, other = Stack(), Stack(root="other")
    agent = stack.agent(OPS)
    first = stack.role("aws_iam_role.first")
    stack.runs_as(agent, stack.reference("aws_iam_role.first"))
    stack.inline(first, stack.statement("sts:AssumeRole"))
    other.role("aws_iam_role.far", trusts=(other.trusted(other.arn("iam", "root")),))
    graph = build([*stack.facts, *other.facts])
    assert [(view.name, view.certain) for view in graph.identities(agent)] == [("first", True), ("far", False)]


def test_a_condition_on_an_external_id_makes_it_possible() -> None:
    stack = Stack()
    two_roles(stack, trust="root", conditions=(stack.condition("StringEquals", "sts:ExternalId", "x"),))
    assert assumed(stack) == [("second", False)]


def test_a_trust_that_asks_for_a_second_factor_admits_no_service_role() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.first", trusts=(stack.service("bedrock.amazonaws.com"),))
    stack.runs_as(agent, stack.reference("aws_iam_role.first"))
    factor = (stack.condition("Bool", "aws:MultiFactorAuthPresent", "true"),)
    trusted = stack.trusted(stack.reference("aws_iam_role.first"))
    stack.role("aws_iam_role.second", trusts=(trusted,), conditions=factor)
    assert assumed(stack) == []


def test_a_deny_on_assuming_wins() -> None:
    stack = Stack()
    two_roles(stack, trust="root")
    stack.inline(stack.key("aws_iam_role.first"), stack.statement("sts:*", effect="Deny"), address="deny")
    assert assumed(stack) == []


def test_a_wildcard_reaches_every_role_that_trusts_the_account() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.first")
    stack.runs_as(agent, stack.reference("aws_iam_role.first"))
    for name in ("a", "b", "c"):
        stack.role(f"aws_iam_role.{name}", trusts=(stack.trusted(stack.arn("iam", "root")),))
    stack.role("aws_iam_role.lambda", trusts=(stack.service("lambda.amazonaws.com"),))
    stack.inline(stack.key("aws_iam_role.first"), stack.statement("sts:AssumeRole"))
    assert assumed(stack) == [("a", True), ("b", True), ("c", True)]


def test_roles_chain_and_every_hop_has_its_lines() -> None:
    stack = Stack()
    two_roles(stack)
    third = stack.role("aws_iam_role.third", trusts=(stack.trusted(stack.reference("aws_iam_role.second")),))
    graph = build(stack.facts)
    view = next(one for one in graph.identities(stack.key(OPS)) if one.key == third)
    assert [(hop.origin.address, hop.target.address) for hop in view.hops] == [
        (OPS, "aws_iam_role.first"),
        ("aws_iam_role.first", "aws_iam_role.second"),
        ("aws_iam_role.second", "aws_iam_role.third"),
    ]
    assert all(hop.evidence for hop in view.hops)


def test_an_identity_outside_the_code_is_named_and_unknown() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.runs_as(agent, "arn:aws:iam::111111111111:role/elsewhere")
    graph = build(stack.facts)
    (view,) = graph.identities(agent)
    assert (view.name, view.declared) == ("arn:aws:iam::111111111111:role/elsewhere", False)
    assert [(one.attribute, one.agents) for one in graph.unknowns] == [("identity", (agent,))]


def test_an_identity_known_only_at_deploy_time_is_unknown_not_clean() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.runs_as(agent, stack.unknown("variable 'role' has no value"))
    graph = build(stack.facts)
    assert graph.identities(agent) == ()
    assert [(one.key, one.reason) for one in graph.unknowns] == [(agent, "variable 'role' has no value")]
    assert graph.agents[0].bounded is None


def test_an_identity_of_one_agent_is_not_shared_and_of_two_is() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.first")
    stack.runs_as(agent, stack.reference("aws_iam_role.first"))
    assert build(stack.facts).identities(agent)[0].shared_by == ()
    worker = stack.workload("aws_lambda_function.batch")
    stack.runs_as(worker, stack.reference("aws_iam_role.first"))
    assert build(stack.facts).identities(agent)[0].shared_by == (agent, worker)


def test_an_instance_profile_stands_for_its_role() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.node")
    profile = stack.key("aws_iam_instance_profile.node")
    stack.facts.append(Principal(key=profile, kind="instance-profile", provider="aws", at=stack.line()))
    stack.facts.append(Membership(member=role, group=profile, at=stack.line()))
    stack.runs_as(agent, stack.reference(profile.address, "name"))
    assert [view.key for view in build(stack.facts).identities(agent)] == [role]


def test_the_key_of_a_user_makes_its_holder_that_user() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    user = stack.key("aws_iam_user.bot")
    stack.facts.append(
        Principal(key=user, kind="user", provider="aws", at=stack.line(), names=(stack.text("bot"),), human=True)
    )
    key = stack.key("aws_iam_access_key.bot")
    stack.facts.append(
        Credential(
            key=key, kind="access-key", owner=user, at=stack.line(), never_expires=True, thresholds="static-secret"
        )
    )
    stack.facts.append(
        SecretUse(
            subject=agent,
            secret=stack.reference(key.address, "secret"),
            variable="AWS_SECRET_ACCESS_KEY",
            at=stack.line(),
        )
    )
    graph = build(stack.facts)
    (view,) = graph.identities(agent)
    assert (view.key, view.relation, view.human) == (user, IdentityRelation.DELEGATED, True)
    (credential,) = graph.credentials(agent)
    assert (credential.credential.key, credential.agents) == (key, (agent,))
    assert len(credential.evidence) == 2


def test_a_collaborator_lends_its_identity_and_keeps_its_own_things() -> None:
    stack = Stack()
    supervisor, helper = stack.agent(OPS), stack.agent("aws_bedrockagent_agent.helper")
    role = stack.role("aws_iam_role.helper")
    stack.runs_as(helper, stack.reference("aws_iam_role.helper"))
    stack.facts.append(
        AgentLink(agent=supervisor, other=stack.reference(helper.address), relation="collaborates", at=stack.line())
    )
    memory = Credential(key=helper, kind="memory", owner=helper, at=stack.line(), ttl=60.0, thresholds="memory")
    stack.facts.append(memory)
    graph = build(stack.facts)
    (view,) = graph.identities(supervisor)
    assert (view.key, view.relation) == (role, IdentityRelation.DELEGATED)
    assert [one.agents for one in graph.all_credentials] == [(helper,)]


def test_a_tool_of_a_gateway_acts_for_the_agent_that_uses_the_gateway() -> None:
    stack = Stack()
    agent = stack.agent(OPS, kind="agentcore-runtime")
    gateway = stack.agent("aws_bedrockagentcore_gateway.tools", role=Role.TOOL, kind="agentcore-gateway")
    role = stack.role("aws_iam_role.target")
    stack.facts.append(
        AgentLink(agent=agent, other=stack.reference(gateway.address), relation="uses-gateway", at=stack.line())
    )
    stack.tool("target", gateway, acts_as=stack.reference("aws_iam_role.target"))
    graph = build(stack.facts)
    (view,) = graph.identities(agent)
    assert (view.key, view.relation) == (role, IdentityRelation.TOOL_ACTS_AS)
    entry = graph.agent(gateway)
    assert entry is not None
    assert (entry.used_by, entry.stands_alone) == ((agent,), False)


def test_confirmation_on_the_only_tool_makes_its_identity_gated() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.tool")
    stack.tool("first", agent, acts_as=stack.reference("aws_iam_role.tool"), confirmation=True)
    assert build(stack.facts).identities(agent)[0].standing is False


def test_confirmation_on_one_tool_of_two_gates_nothing() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.tool")
    for name, confirmation in (("first", True), ("second", False)):
        stack.tool(name, agent, acts_as=stack.reference("aws_iam_role.tool"), confirmation=confirmation)
    assert build(stack.facts).identities(agent)[0].standing is True


def test_a_gate_on_tools_does_not_cover_the_agents_own_role() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.own")
    stack.runs_as(agent, stack.reference("aws_iam_role.own"))
    stack.facts.append(Gate(subject=agent, kind="hook", at=stack.line()))
    assert build(stack.facts).identities(agent)[0].standing is True


def test_an_approval_of_the_agent_covers_its_own_role() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.own")
    stack.runs_as(agent, stack.reference("aws_iam_role.own"))
    stack.facts.append(Gate(subject=agent, kind="approval", at=stack.line()))
    assert build(stack.facts).identities(agent)[0].standing is False


def test_a_gate_that_only_logs_gates_nothing_and_an_unknown_one_leaves_it_open() -> None:
    for closed, expected in ((False, True), (None, None), (True, False)):
        stack = Stack()
        agent = stack.agent(OPS)
        stack.role("aws_iam_role.tool")
        stack.tool("first", agent, acts_as=stack.reference("aws_iam_role.tool"))
        stack.facts.append(Gate(subject=agent, kind="policy-engine", at=stack.line(), fails_closed=closed))
        assert build(stack.facts).identities(agent)[0].standing is expected


def test_a_gate_on_one_function_of_a_tool_does_not_cover_the_tool() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.tool")
    stack.tool("first", agent, acts_as=stack.reference("aws_iam_role.tool"))
    stack.facts.append(Gate(subject=agent, kind="hook", at=stack.line(), covers=("another",)))
    assert build(stack.facts).identities(agent)[0].standing is True


def eks(stack: Stack, subject: str, *, audience: str = "sts.amazonaws.com") -> tuple[str, str]:
    """A service account annotated with a role whose trust admits `subject`."""
    agent = stack.agent("Deployment/agents/ops")
    account = stack.account("agents", "ops")
    stack.runs_as(agent, "agents:ops")
    issuer = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
    stack.role(
        "aws_iam_role.pod",
        account="111111111111",
        trusts=(stack.trusted(f"arn:aws:iam::111111111111:oidc-provider/{issuer}", "Federated"),),
        conditions=(
            stack.condition("StringLike", f"{issuer}:sub", subject),
            stack.condition("StringEquals", f"{issuer}:aud", audience),
        ),
    )
    stack.facts.append(
        IdentityUse(
            subject=account,
            identity=stack.text("arn:aws:iam::111111111111:role/pod"),
            relation=IdentityRelation.FEDERATED,
            at=stack.line(),
        )
    )
    return agent.address, account.address


def test_an_annotation_and_a_trust_that_admits_the_account_give_the_role() -> None:
    stack = Stack()
    agent, _ = eks(stack, "system:serviceaccount:agents:*")
    views = build(stack.facts).identities(stack.key(agent))
    assert [(view.name, view.relation, view.certain) for view in views] == [
        ("agents:ops", IdentityRelation.RUNS_AS, True),
        ("pod", IdentityRelation.FEDERATED, True),
    ]


def test_an_annotation_whose_trust_names_another_account_gives_nothing() -> None:
    stack = Stack()
    agent, _ = eks(stack, "system:serviceaccount:agents:other")
    graph = build(stack.facts)
    assert [view.name for view in graph.identities(stack.key(agent))] == ["agents:ops"]
    entry = graph.agent(stack.key(agent))
    assert entry is not None
    assert [(one.name, one.reason) for one in entry.refused] == [
        ("pod", "named by ServiceAccount/agents/ops, but its trust does not allow it")
    ]


def test_an_annotation_whose_trust_expects_another_audience_gives_nothing() -> None:
    stack = Stack()
    agent, _ = eks(stack, "system:serviceaccount:agents:ops", audience="elsewhere")
    assert [view.name for view in build(stack.facts).identities(stack.key(agent))] == ["agents:ops"]


def test_eks_pod_identity_joins_by_namespace_and_name_across_formats() -> None:
    cluster, cloud = Stack("manifests", "agent.yaml"), Stack("infra")
    agent = cluster.agent("Deployment/agents/ops")
    cluster.account("agents", "ops")
    cluster.runs_as(agent, "agents:ops")
    association = cloud.key("aws_eks_pod_identity_association.ops")
    at = cloud.line()
    cloud.facts.append(
        Principal(key=association, kind="pod-identity", provider="aws", at=at, names=(Scalar("agents:ops", at),))
    )
    role = cloud.role("aws_iam_role.pod", trusts=(cloud.service("pods.eks.amazonaws.com"),))
    cloud.runs_as(association, cloud.reference("aws_iam_role.pod"))
    graph = build([*cluster.facts, *cloud.facts])
    view = graph.identities(agent)[-1]
    assert (view.key, view.certain) == (role, True)
    assert at.location.line in lines(view.via)


def test_cycles_of_trust_end() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    for name, other in (("a", "b"), ("b", "a")):
        stack.role(f"aws_iam_role.{name}", trusts=(stack.trusted(stack.reference(f"aws_iam_role.{other}")),))
    stack.runs_as(agent, stack.reference("aws_iam_role.a"))
    assert [view.name for view in build(stack.facts).identities(agent)] == ["a", "b"]
