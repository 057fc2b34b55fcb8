"""Branches of the checks on inherited identities that a page cannot show, on views written by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agentreach.findings import Severity
from agentreach.graph.views import Hop, TrustedView
from agentreach.identity import (
    Aspect,
    Condition,
    Confidence,
    Evidence,
    IdentityRelation,
    PolicyRole,
    RbacStatement,
    Role,
    Step,
)
from agentreach.model import Unknown
from agentreach_checks.identities import by_identity
from agentreach_checks.inherited_identity.cluster_admin import cluster_admin
from agentreach_checks.inherited_identity.cross_environment_identity import cross_environment_identity
from agentreach_checks.inherited_identity.delegated_human_identity import delegated_human_identity
from agentreach_checks.inherited_identity.inherited_node_identity import inherited_node_identity
from agentreach_checks.inherited_identity.orphaned_agent_identity import orphaned_agent_identity
from agentreach_checks.inherited_identity.rbac_wildcard import rbac_wildcard
from agentreach_checks.inherited_identity.shared_identity import shared_identity
from agentreach_checks.inherited_identity.standing_admin import standing_admin
from agentreach_checks.inherited_identity.third_party_principal import third_party_principal
from agentreach_checks.inherited_identity.unbounded_trust import unbounded_trust
from agentreach_checks.inherited_identity.unpinned_federation import unpinned_federation
from agentreach_checks.inherited_identity.wildcard_action import wildcard_action
from agentreach_checks.trusts import demanded, gained, says_nothing
from built_views import (
    OPS,
    ROLE,
    at,
    condition,
    entry,
    found,
    graph,
    identity,
    key,
    messages,
    reach,
    setting,
    system,
    third_party,
    tool,
    trust,
)

TWO = (OPS, key("agent.two"))


def _rule(
    *,
    verbs: tuple[str, ...] = ("get",),
    resources: tuple[str, ...] = ("pods",),
    api_groups: tuple[str, ...] = ("",),
) -> RbacStatement:
    return RbacStatement(verbs=verbs, resources=resources, api_groups=api_groups, at=at(10))


EVERYTHING = _rule(verbs=("*",), resources=("*",), api_groups=("*",))


def test_administrators_of_a_cluster_are_another_check() -> None:
    cloud = reach(Step.ADMIN, actions=("*",), names=("*",), wildcard_resource=True)
    cluster = reach(Step.ADMIN, provider="kubernetes", identity=key("account"), names=("* *",))
    both = graph(all_reach=(cloud, cluster))
    assert [one.subject for one in found(standing_admin, both)] == [ROLE]
    assert [one.subject for one in found(cluster_admin, both)] == [key("account")]


def test_an_administrator_of_one_namespace_is_less_than_one_of_the_cluster() -> None:
    def rated(namespace: str | None, *, production: bool = False) -> Severity:
        one = reach(
            Step.ADMIN if namespace is None else Step.IDENTITY,
            provider="kubernetes",
            namespace=namespace,
            production=production,
            wildcard_resource=True,
            statement=_rule(verbs=("*",), resources=("*",), api_groups=("*",)),
        )
        (finding,) = found(cluster_admin, graph(all_reach=(one,)))
        place = "the whole cluster" if namespace is None else f"everything in namespace {namespace}"
        assert finding.message == f"agent.ops controls {place} as ops"
        return finding.severity

    assert rated(None) is Severity.CRITICAL
    assert rated("agents") is Severity.HIGH
    assert rated("shop-prod", production=True) is Severity.CRITICAL


def test_three_agents_with_one_administrator_policy_are_one_finding() -> None:
    agents = tuple(key(f"agent.{name}") for name in ("a", "b", "c"))
    shared = reach(Step.ADMIN, agents=agents, actions=("*",), names=("*",), wildcard_resource=True)
    (finding,) = found(standing_admin, graph(*(entry(one.address) for one in agents), all_reach=(shared,)))
    assert finding.agents == agents
    assert finding.severity is Severity.CRITICAL
    assert finding.message.startswith("agent.a, agent.b and agent.c hold administrator rights as ops")


def test_who_comes_through_a_gate_and_who_does_not_are_one_finding() -> None:
    gated = reach(Step.ADMIN, agents=(OPS,), standing=False)
    free = reach(Step.ADMIN, agents=(key("agent.two"),), wildcard_resource=True)
    view = graph(entry(), entry("agent.two"), all_reach=(gated, free))
    assert [one.agents for one in found(standing_admin, view)] == [(key("agent.two"),)]
    writes = graph(
        entry(),
        entry("agent.two"),
        all_reach=(
            reach(
                agents=(OPS,), standing=False, wildcard_action=True, wildcard_resource=True, confidence=Confidence.LOW
            ),
            reach(agents=(key("agent.two"),), wildcard_action=True, wildcard_resource=True),
        ),
    )
    (finding,) = found(wildcard_action, writes)
    assert finding.agents == TWO
    assert finding.severity is Severity.HIGH
    assert finding.confidence is Confidence.HIGH


def test_of_a_wildcard_the_highest_step_counts() -> None:
    wide = {"wildcard_action": True, "wildcard_resource": True, "actions": ("s3:*",)}
    view = graph(
        all_reach=(
            reach(Step.WRITE_DATA, **wide),
            reach(Step.IDENTITY, **wide),
            reach(Step.DEPLOY, **wide),
            reach(Step.READ_DATA, **wide),
        )
    )
    (finding,) = found(wildcard_action, view)
    assert finding.severity is Severity.CRITICAL


def test_a_wildcard_with_a_tight_resource_and_a_condition_is_silent() -> None:
    tight = reach(wildcard_action=True, conditional=True)
    assert found(wildcard_action, graph(all_reach=(tight,))) == []
    assert found(wildcard_action, graph(all_reach=(reach(wildcard_action=True),))) != []
    assert found(wildcard_action, graph(all_reach=(reach(Step.READ_DATA, wildcard_action=True),))) == []


def test_an_agent_is_no_second_user_of_the_identity_of_its_own_tool() -> None:
    function = key("function.orders")
    view = identity(
        "role.orders",
        relation=IdentityRelation.TOOL_ACTS_AS,
        hops=(Hop(OPS, key("tool.orders"), "uses-tool", ()), Hop(key("tool.orders"), function, "executes", ())),
        shared_by=(function, key("function.refunds")),
    )
    tools = (tool("orders", target=function), tool("refunds", target=key("function.refunds")))
    assert found(shared_identity, graph(entry(identities=(view,), tools=tools))) == []
    (finding,) = found(shared_identity, graph(entry(identities=(view,))))
    assert "function.refunds" in finding.message


def test_an_agent_that_runs_as_the_identity_of_its_tool_shares_it() -> None:
    function = key("function.orders")
    view = identity(shared_by=(OPS, function), highest=Step.SECRETS)
    agent = entry(identities=(view,), tools=(tool("orders", target=function),))
    (finding,) = found(shared_identity, graph(agent))
    assert finding.message == "ops is shared by agent.ops and function.orders: who acted cannot be told"
    assert finding.severity is Severity.HIGH


def test_what_an_agent_runs_on_is_the_agent() -> None:
    pod = key("Deployment/agents/ops")
    agent = entry(identities=(identity(shared_by=(OPS, pod)),), runs_on=(pod,))
    assert found(shared_identity, graph(agent)) == []


def test_a_gateway_that_serves_an_agent_is_part_of_it() -> None:
    gateway = entry(
        "gateway.tools", role=Role.TOOL, used_by=(OPS,), identities=(identity("role.gateway", key("gateway.tools")),)
    )
    view = identity(
        "role.gateway", relation=IdentityRelation.TOOL_ACTS_AS, shared_by=(key("gateway.tools"), key("target.orders"))
    )
    agent = entry(identities=(view,), tools=(tool("orders"),))
    other = entry(
        identities=(
            identity("role.gateway", relation=IdentityRelation.TOOL_ACTS_AS, shared_by=(key("gateway.tools"),)),
        )
    )
    assert "target.orders" in messages(shared_identity, graph(agent, gateway))[0]
    assert found(shared_identity, graph(other, gateway)) == []


def test_two_agents_behind_one_tool_share_its_identity_and_who_assumes_a_role_is_told_apart() -> None:
    def agents(relation: IdentityRelation) -> list[str]:
        entries = (entry(one.address, identities=(identity("role.tool", one, relation=relation),)) for one in TWO)
        return messages(shared_identity, graph(*entries))

    assert agents(IdentityRelation.TOOL_ACTS_AS) == [
        "tool is shared by agent.ops and agent.two: who acted cannot be told"
    ]
    assert agents(IdentityRelation.ASSUMES) == []
    assert agents(IdentityRelation.DELEGATED) == []


def test_a_persons_identity_outranks_that_it_is_shared() -> None:
    view = identity("user.alice", human=True, shared_by=(OPS, key("function.x")), highest=Step.ADMIN)
    agent = graph(entry(identities=(view,)))
    (person,), (shared,) = found(delegated_human_identity, agent), found(shared_identity, agent)
    assert (person.subject, person.cause) == (shared.subject, shared.cause)
    assert shared.check_id in delegated_human_identity.silences
    assert person.severity is Severity.CRITICAL


def test_a_persons_identity_is_at_least_medium_and_names_the_agents_of_a_tool() -> None:
    server = entry(
        "server", role=Role.TOOL, used_by=(OPS,), identities=(identity("user.alice", key("server"), human=True),)
    )
    (finding,) = found(delegated_human_identity, graph(entry(), server))
    assert finding.agents == (OPS,)
    assert finding.severity is Severity.MEDIUM


DEPUTY = TrustedView("Service", "bedrock.amazonaws.com", "service")
LAMBDA = TrustedView("Service", "lambda.amazonaws.com", "service")
ANYONE = TrustedView("*", "*", "anyone")
FOREIGN = TrustedView("AWS", "arn:aws:iam::999988887777:root", "foreign", None, "999988887777")
OUTSIDE = TrustedView("AWS", "arn:aws:iam::999988887777:root", "outside", None, "999988887777")
SAME = TrustedView("AWS", "arn:aws:iam::111122223333:root", "same-account", None, "111122223333")


@pytest.mark.parametrize(
    ("one", "severity"),
    [
        (DEPUTY, Severity.MEDIUM),
        (ANYONE, Severity.CRITICAL),
        (FOREIGN, Severity.HIGH),
        (OUTSIDE, Severity.HIGH),
    ],
)
def test_an_open_trust_is_rated_by_who_comes_and_what_the_agent_holds(one: TrustedView, severity: Severity) -> None:
    view = graph(entry(identities=(identity(highest=Step.SECRETS),)), all_trusts=(trust(one),))
    assert [finding.severity for finding in found(unbounded_trust, view)] == [severity]


def test_what_is_to_be_had_is_what_the_trusted_thing_acts_as() -> None:
    """Not what else the agents that use it may do."""
    function = key("function.orders")
    agent = entry(highest=Step.ADMIN, identities=(identity("role.other", highest=Step.ADMIN),))
    admitting = trust(FOREIGN, identity=function, role=PolicyRole.RESOURCE)
    tools = (tool("orders", target=function, highest=Step.DEPLOY), tool("other", target=None, highest=Step.ADMIN))
    nothing = graph(agent, all_trusts=(admitting,))
    through_a_tool = graph(agent, all_trusts=(admitting,), all_tools=tools)
    itself = graph(agent, all_trusts=(trust(FOREIGN, identity=OPS, role=PolicyRole.RESOURCE),))
    assert [one.severity for one in found(unbounded_trust, nothing)] == [Severity.MEDIUM]
    assert [one.severity for one in found(unbounded_trust, through_a_tool)] == [Severity.HIGH]
    assert [one.severity for one in found(unbounded_trust, itself)] == [Severity.CRITICAL]


@pytest.mark.parametrize(
    "one", [LAMBDA, SAME, TrustedView("AWS", "role", "declared"), TrustedView("AWS", "…", "unknown")]
)
def test_a_trust_that_names_one_of_its_own_is_silent(one: TrustedView) -> None:
    assert found(unbounded_trust, graph(all_trusts=(trust(one),))) == []


def test_an_account_that_is_not_declared_matters_in_a_trust_not_in_a_resource_policy() -> None:
    assert found(unbounded_trust, graph(all_trusts=(trust(OUTSIDE, role=PolicyRole.RESOURCE),))) == []
    assert found(unbounded_trust, graph(all_trusts=(trust(FOREIGN, role=PolicyRole.RESOURCE),))) != []


def test_a_source_limits_a_trust_unless_every_caller_meets_it() -> None:
    named = trust(DEPUTY, conditions=[condition("aws:SourceAccount", "111122223333")], source_limited=True)
    anyone = trust(DEPUTY, conditions=[condition("aws:SourceArn", "*", operator="ArnLike")], source_limited=True)
    both = trust(
        DEPUTY,
        conditions=[condition("aws:SourceArn", "*"), condition("aws:SourceAccount", "111122223333")],
        source_limited=True,
    )
    assert found(unbounded_trust, graph(all_trusts=(named, both))) == []
    assert found(unbounded_trust, graph(all_trusts=(anyone,))) != []


def test_a_condition_that_the_code_does_not_show_may_be_a_limit() -> None:
    assert found(unbounded_trust, graph(all_trusts=(trust(DEPUTY, conditions_open=True),))) == []
    federated = trust(TrustedView("Federated", "oidc", "federated"), conditions_open=True)
    assert found(unpinned_federation, graph(all_trusts=(federated,))) == []


def test_only_a_bounded_agent_is_spared_the_missing_source() -> None:
    bounded, writing = entry(bounded=True), entry("agent.two", bounded=False)
    of_both = trust(DEPUTY, agents=TWO, entries=TWO)
    assert found(unbounded_trust, graph(bounded, all_trusts=(trust(DEPUTY),))) == []
    assert found(unbounded_trust, graph(bounded, all_trusts=(trust(ANYONE),))) != []
    assert found(unbounded_trust, graph(bounded, writing, all_trusts=(of_both,))) != []
    assert found(unbounded_trust, graph(entry(bounded=None), all_trusts=(trust(DEPUTY),))) != []


OIDC = TrustedView("Federated", "arn:aws:iam::111122223333:oidc-provider/issuer", "federated")
AUDIENCE = condition("issuer:aud", "sts.amazonaws.com")


@pytest.mark.parametrize(
    ("subject", "left_open", "severity"),
    [
        ("system:serviceaccount:agents:ops", None, None),
        ("system:serviceaccount:agents:*", "any service account of namespace agents", Severity.LOW),
        ("system:serviceaccount:*:*", "any service account", Severity.HIGH),
        ("system:serviceaccount:*:ops", "any service account", Severity.HIGH),
        ("repo:acme/agent:ref:refs/heads/main", None, None),
        ("repo:acme/agent:environment:prod", None, None),
        ("repo:acme/agent:ref:refs/heads/release-*", None, None),
        ("repo:acme/agent:*", "any branch, tag and pull request of acme/agent", Severity.LOW),
        ("repo:acme/*", "any repository of acme like acme/*", Severity.HIGH),
        ("repo:acme/*:ref:refs/heads/main", "any repository of acme like acme/*", Severity.HIGH),
        ("repo:*", "any repository of anyone", Severity.HIGH),
        ("repo:*/*:*", "any repository of anyone", Severity.HIGH),
        ("project_path:acme/agent:*", "any branch, tag and pull request of acme/agent", Severity.LOW),
        ("organization:acme:*", "any repository of acme like acme", Severity.HIGH),
        ("*", "any subject", Severity.HIGH),
        ("client-*", "every subject like client-*", Severity.LOW),
    ],
)
def test_a_subject_is_as_open_as_its_pattern(subject: str, left_open: str | None, severity: Severity | None) -> None:
    one = trust(OIDC, conditions=[condition("issuer:sub", subject, operator="StringLike"), AUDIENCE])
    agent = entry(identities=(identity(highest=Step.DEPLOY),))
    findings = found(unpinned_federation, graph(agent, all_trusts=(one,)))
    assert [finding.severity for finding in findings] == ([] if severity is None else [severity])
    assert all(f"admits {left_open} of" in finding.message for finding in findings)


def test_a_repository_wildcard_of_a_pinned_owner_is_not_anyones() -> None:
    conditions = [
        condition("issuer:sub", "repo:*", operator="StringLike"),
        condition("issuer:repository_owner", "acme"),
        AUDIENCE,
    ]
    (message,) = messages(unpinned_federation, graph(all_trusts=(trust(OIDC, conditions=conditions),)))
    assert "anyone" not in message


@pytest.mark.parametrize("key_", ["repository_owner", "repository_owner_id", "namespace_path", "namespace_id"])
def test_an_owner_alone_pins_none_of_what_it_owns(key_: str) -> None:
    one = trust(OIDC, conditions=[condition(f"issuer:{key_}", "acme"), AUDIENCE])
    (finding,) = found(unpinned_federation, graph(all_trusts=(one,)))
    assert "admits any subject that acme owns of" in finding.message
    assert finding.severity is Severity.MEDIUM


@pytest.mark.parametrize("key_", ["repository", "repository_id", "project_path", "project_id", "job_workflow_ref"])
def test_whatever_names_one_repository_pins_the_subject(key_: str) -> None:
    one = trust(OIDC, conditions=[condition(f"issuer:{key_}", "acme/agent"), AUDIENCE])
    assert found(unpinned_federation, graph(all_trusts=(one,))) == []


def test_what_only_excludes_pins_nothing() -> None:
    excluding = condition("issuer:sub", "system:serviceaccount:agents:bad", operator="StringNotEquals")
    (message,) = messages(unpinned_federation, graph(all_trusts=(trust(OIDC, conditions=[excluding, AUDIENCE]),)))
    assert "admits any subject of" in message


def test_a_missing_audience_alone_is_low_and_with_the_subject_it_is_not() -> None:
    pinned = trust(OIDC, conditions=[condition("issuer:sub", "system:serviceaccount:agents:ops")])
    assert [one.severity for one in found(unpinned_federation, graph(all_trusts=(pinned,)))] == [Severity.LOW]
    (finding,) = found(unpinned_federation, graph(all_trusts=(trust(OIDC),)))
    assert "any subject and any audience" in finding.message
    assert finding.severity is Severity.MEDIUM


def test_services_and_accounts_are_no_federation() -> None:
    assert found(unpinned_federation, graph(all_trusts=(trust(DEPUTY), trust(FOREIGN)))) == []


@pytest.mark.parametrize(
    ("note", "fires"),
    [
        ("hostPath /var/run/docker.sock: starts any container on the node, as root", True),
        ("hostPath /: reads the node's files, credentials of other pods included", True),
        ("privileged: is root on the node", True),
        ("hostPID: sees and may signal every process of the node", True),
        ("metadata hop limit 2: containers reach the instance's identity", True),
        ("hostPath /data: reads files of the node", False),
        ("hostIPC: shares the node's interprocess communication", False),
        ("shareProcessNamespace: every container of the pod sees the processes and files of the others", False),
    ],
)
def test_only_ways_out_to_the_node_lead_to_its_identity(note: str, *, fires: bool) -> None:
    host = setting(Aspect.HOST_ACCESS, state=True, note=note)
    findings = found(inherited_node_identity, graph(all_settings=(host,)))
    assert [one.severity for one in findings] == ([Severity.HIGH] if fires else [])


@pytest.mark.parametrize(
    ("platform", "declared", "highest", "severity"),
    [
        ("google", False, None, Severity.MEDIUM),
        ("google", True, None, Severity.LOW),
        ("google", False, Step.SECRETS, Severity.HIGH),
        ("kubernetes", False, None, Severity.LOW),
        ("kubernetes", True, Step.WRITE_DATA, Severity.MEDIUM),
    ],
)
def test_a_default_identity_of_a_cloud_may_do_more_than_the_code_says(
    platform: str, *, declared: bool, highest: Step | None, severity: Severity
) -> None:
    inherited = identity("default", inherited_default=True, declared=declared, highest=highest)
    agent = entry(identities=(inherited,))
    agent = replace(agent, agent=replace(agent.agent, platform=platform))
    assert [one.severity for one in found(inherited_node_identity, graph(agent))] == [severity]


def test_a_host_network_that_is_already_an_identity_is_said_once() -> None:
    line = at(30)
    fallback = identity(
        "role.node",
        relation=IdentityRelation.NODE_FALLBACK,
        via=(Evidence(line, "hostNetwork"),),
        inherited_default=True,
    )
    host = setting(Aspect.HOST_ACCESS, state=True, note="hostNetwork: shares the node's network")
    (message,) = messages(inherited_node_identity, graph(entry(identities=(fallback,)), all_settings=(host,)))
    assert message == "agent.ops can fall back to node: nobody chose this identity for it"


def test_settings_that_are_off_or_unknown_lead_nowhere() -> None:
    off = [setting(Aspect.HOST_ACCESS, state=state, note="privileged: is root on the node") for state in (False, None)]
    assert found(inherited_node_identity, graph(all_settings=tuple(off))) == []


def test_a_cluster_wide_wildcard_is_worse_than_one_of_a_namespace() -> None:
    def rated(namespace: str | None, *, production: bool = False) -> Severity:
        rule = reach(
            Step.DEPLOY,
            provider="kubernetes",
            namespace=namespace,
            production=production,
            wildcard_resource=True,
            statement=_rule(resources=("*",)),
        )
        return found(rbac_wildcard, graph(all_reach=(rule,)))[0].severity

    assert rated(None) is Severity.CRITICAL
    assert rated("agents") is Severity.HIGH
    assert rated("shop-prod", production=True) is Severity.CRITICAL


def test_a_wildcard_over_the_agents_own_kind_of_objects_is_silent() -> None:
    kagent = key("Agent.kagent.dev/agents/ops")
    own = reach(agents=(kagent,), provider="kubernetes", statement=_rule(api_groups=("kagent.dev",), resources=("*",)))
    more = reach(
        agents=(kagent,), provider="kubernetes", statement=_rule(api_groups=("kagent.dev", "apps"), resources=("*",))
    )
    assert found(rbac_wildcard, graph(entry(kagent.address), all_reach=(own,))) == []
    assert found(rbac_wildcard, graph(entry(kagent.address), all_reach=(more,))) != []


def test_a_wildcard_rule_is_told_once_whatever_steps_it_gives() -> None:
    rule = _rule(verbs=("*",), resources=("*",), api_groups=("*",))
    steps = tuple(
        reach(step, provider="kubernetes", statement=rule) for step in (Step.READ_DATA, Step.SECRETS, Step.DEPLOY)
    )
    (message,) = messages(rbac_wildcard, graph(all_reach=steps))
    assert "every verb, every resource and every API group in all namespaces" in message


def test_one_environment_is_none_too_many() -> None:
    one, two = (
        identity(environments=("production",)),
        identity(environments=("production", "staging"), highest=Step.DEPLOY),
    )
    assert found(cross_environment_identity, graph(entry(identities=(one,)))) == []
    (finding,) = found(cross_environment_identity, graph(entry(identities=(two,))))
    assert finding.confidence is Confidence.MEDIUM
    assert finding.severity is Severity.HIGH
    assert "reaches production and staging" in finding.message


def test_a_third_party_is_the_subject_of_all_it_can_do() -> None:
    several = (
        third_party(),
        third_party(target=key("function.refunds"), how="may replace the code of function.refunds"),
    )
    findings = found(third_party_principal, graph(all_third_parties=several))
    assert {one.subject for one in findings} == {key("role.ci")}
    assert [one.severity for one in findings] == [Severity.HIGH, Severity.HIGH]
    (direct,) = messages(
        third_party_principal, graph(all_third_parties=(third_party(target=OPS, how="may drive agent.ops"),))
    )
    assert direct == "ci may drive agent.ops and so act with its rights"


def test_only_undeclared_identities_wait_for_an_agent() -> None:
    waiting = entry("role.waiting", role=Role.UNDECLARED, highest=Step.ADMIN)
    view = graph(entry(), entry("gateway", role=Role.TOOL), waiting)
    (finding,) = found(orphaned_agent_identity, view)
    assert finding.subject == key("role.waiting")
    assert finding.severity is Severity.CRITICAL


def test_systems_that_a_wildcard_matches_are_named() -> None:
    wide = reach(wildcard_action=True, wildcard_resource=True, systems=(system("table.orders", "table", "dynamodb"),))
    (message,) = messages(wildcard_action, graph(all_reach=(wide,)))
    assert "on any resource (table.orders among them)" in message


def test_a_permission_that_an_open_endpoint_makes_is_told_with_the_endpoint() -> None:
    function = key("function.orders")
    endpoint = setting(Aspect.ANONYMOUS_INBOUND, state=True, subject=function)
    same_place = trust(ANYONE, identity=function, role=PolicyRole.RESOURCE)
    same_place = replace(same_place, statement=replace(same_place.statement, at=endpoint.setting.at))
    elsewhere = trust(ANYONE, identity=function, role=PolicyRole.RESOURCE)
    assert found(unbounded_trust, graph(all_trusts=(same_place,), all_settings=(endpoint,))) == []
    assert found(unbounded_trust, graph(all_trusts=(elsewhere,), all_settings=(endpoint,))) != []
    closed = setting(Aspect.ANONYMOUS_INBOUND, state=False, subject=function)
    assert found(unbounded_trust, graph(all_trusts=(same_place,), all_settings=(closed,))) != []


def test_several_agents_fall_back_and_control_in_the_plural() -> None:
    other = key("agent.other")
    both = (
        entry(identities=(identity(relation=IdentityRelation.NODE_FALLBACK),)),
        entry("agent.other", identities=(identity(agent=other, relation=IdentityRelation.NODE_FALLBACK),)),
    )
    (message,) = messages(inherited_node_identity, graph(*both))
    assert message == "agent.ops and agent.other can fall back to ops: nobody chose this identity for them"
    chosen = tuple(
        replace(
            one, identities=(replace(one.identities[0], relation=IdentityRelation.RUNS_AS, inherited_default=True),)
        )
        for one in both
    )
    (message,) = messages(inherited_node_identity, graph(*chosen))
    assert message == "agent.ops and agent.other run by default as ops: nobody chose this identity for them"
    everything = reach(
        Step.ADMIN, provider="kubernetes", agents=(OPS, other), statement=EVERYTHING, names=("* *",), actions=("* *",)
    )
    (message,) = messages(cluster_admin, graph(*both, all_reach=(everything,)))
    assert message == "agent.ops and agent.other control the whole cluster as ops"


@pytest.mark.parametrize(
    "named",
    [
        _rule(verbs=("get",), resources=("*",), api_groups=("*",)),
        _rule(verbs=("*",), resources=("pods",), api_groups=("*",)),
        _rule(verbs=("*",), resources=("*",), api_groups=("apps",)),
    ],
)
def test_everything_is_every_verb_on_every_resource_of_every_group(named: RbacStatement) -> None:
    given = reach(Step.IDENTITY, provider="kubernetes", statement=named, namespace="agents")
    assert found(cluster_admin, graph(all_reach=(given,))) == []
    below = reach(Step.SECRETS, provider="kubernetes", statement=EVERYTHING, namespace="agents")
    assert found(cluster_admin, graph(all_reach=(below,))) == []


def test_a_rule_with_a_wildcard_is_told_at_the_highest_step_that_it_gives() -> None:
    wide = RbacStatement(verbs=("*",), api_groups=("",), resources=("pods",), at=at(5))
    steps = (Step.OBSERVE, Step.READ_DATA, Step.DEPLOY, Step.WRITE_DATA)
    given = tuple(reach(step, provider="kubernetes", statement=wide, namespace="agents") for step in steps)
    (finding,) = found(rbac_wildcard, graph(all_reach=given))
    assert finding.severity is Severity.HIGH
    assert len(found(rbac_wildcard, graph(all_reach=given[1:2]))) == 1
    assert found(rbac_wildcard, graph(all_reach=given[:1])) == []


def test_a_shared_identity_is_as_sure_as_the_least_sure_of_its_users() -> None:
    sure, unsure = (
        entry(identities=(identity(),)),
        entry("agent.other", confidence=Confidence.MEDIUM, identities=(identity(agent=key("agent.other")),)),
    )
    (finding,) = found(shared_identity, graph(sure, unsure))
    assert finding.confidence is Confidence.MEDIUM
    doubtful = entry("agent.other", identities=(identity(agent=key("agent.other"), confidence=Confidence.LOW),))
    (finding,) = found(shared_identity, graph(sure, doubtful))
    assert finding.confidence is Confidence.LOW


def test_what_creates_agents_at_deployment_is_said_to() -> None:
    waiting = entry("custom.setup", kind="possible-undeclared-agent", role=Role.UNDECLARED)
    (finding,) = found(orphaned_agent_identity, graph(waiting))
    assert finding.message.startswith("custom.setup may create an agent by API calls at deployment")
    assert finding.evidence[-1].note == "what runs at deployment"


@pytest.mark.parametrize(
    ("note", "mends"),
    [
        ("metadata hop limit 2: containers reach the instance's identity", True),
        ("the metadata service of the nodes answers pods", True),
        ("hostNetwork: reaches the metadata service", False),
    ],
)
def test_only_a_hop_limit_is_mended_by_one(note: str, mends: bool) -> None:  # noqa: FBT001 - a column of a table
    way = setting(Aspect.HOST_ACCESS, state=True, note=note)
    (finding,) = found(inherited_node_identity, graph(all_settings=(way,)))
    mended = [(remedy.attribute, remedy.value, remedy.safe) for remedy in finding.remedies]
    assert mended == ([("HttpPutResponseHopLimit", 1, True)] if mends else [])


def _service(name: str) -> TrustedView:
    return TrustedView("Service", f"{name}.amazonaws.com", "service")


@pytest.mark.parametrize(
    ("service", "safe"),
    [
        ("bedrock", True),
        ("bedrock-agentcore", True),
        ("qbusiness", True),
        ("lexv2", True),
        ("scheduler", True),
        ("pipes", True),
        ("aidevops", True),
        ("sagemaker", False),
        ("wisdom", False),
    ],
)
def test_every_deputy_needs_a_source_and_some_are_known_to_name_theirs(service: str, safe: bool) -> None:  # noqa: FBT001 - a column of a table
    (finding,) = found(unbounded_trust, graph(all_trusts=(trust(_service(service)),)))
    (remedy,) = finding.remedies
    assert (remedy.attribute, remedy.safe, remedy.owner) == ("StringEquals.aws:SourceAccount", safe, None)
    owned = trust(_service(service), evidence=(Evidence(at(50), "trusts"), Evidence(at(3), "identity")))
    (finding,) = found(unbounded_trust, graph(all_trusts=(owned,)))
    assert [one.owner for one in finding.remedies] == [at(3)]


def test_a_condition_on_the_source_is_no_remedy_where_others_are_trusted_too() -> None:
    for others in ((ANYONE,), (_service("ec2"),)):
        (finding,) = found(unbounded_trust, graph(all_trusts=(trust(_service("bedrock"), *others),)))
        assert finding.remedies == ()


def test_a_bounded_agent_is_spared_a_deputy_and_not_anyone() -> None:
    bounded = entry(bounded=True)
    assert found(unbounded_trust, graph(bounded, all_trusts=(trust(DEPUTY),))) == []
    assert len(found(unbounded_trust, graph(bounded, all_trusts=(trust(DEPUTY, ANYONE),)))) == 1


def test_who_rewrites_the_agent_itself_needs_nobody_to_use_it() -> None:
    itself = third_party(target=OPS, how="may rewrite agent.ops")
    (message,) = messages(third_party_principal, graph(all_third_parties=(itself,)))
    assert message == "ci may rewrite agent.ops and so act with its rights"
    several = replace(itself, targets=(OPS, key("function.orders")))
    (message,) = messages(third_party_principal, graph(all_third_parties=(several,)))
    assert ", which agent.ops uses, and" in message


@pytest.mark.parametrize("key_", ["issuer:sub", "issuer:repository", "issuer:job_workflow_ref", "issuer:amr"])
def test_a_pattern_for_everyone_pins_nothing_under_any_key(key_: str) -> None:
    one = trust(OIDC, conditions=[condition(key_, "client-*", operator="StringLike"), AUDIENCE])
    (message,) = messages(unpinned_federation, graph(all_trusts=(one,)))
    assert "every subject like client-*" in message


def test_what_an_admitted_caller_gains_is_the_highest_step_of_any_of_them() -> None:
    agent = entry(highest=Step.OBSERVE, identities=(identity(highest=Step.WRITE_DATA),))
    tools = tuple(tool(name, target=ROLE, highest=step) for name, step in (("a", Step.SECRETS), ("b", Step.OBSERVE)))
    assert gained(graph(agent, all_tools=tools), trust(DEPUTY)) is Step.SECRETS


@pytest.mark.parametrize(
    ("values", "nothing"),
    [
        (("acme", "*"), True),
        (("acme",), False),
        (("arn:aws:*:*:*:*",), True),
        (("arn:aws:iam::*:role/*",), False),
        (("*/*:-_",), True),
        (("~*",), False),
    ],
)
def test_a_condition_that_anyone_meets_says_nothing(values: tuple[str, ...], nothing: bool) -> None:  # noqa: FBT001 - a column of a table
    assert says_nothing(condition("aws:SourceArn", *values, operator="ArnLike")) is nothing


@pytest.mark.parametrize(
    ("operator", "demands"),
    [
        ("StringEquals", 1),
        ("ForAnyValue:StringLike", 1),
        ("StringNotEquals", 0),
        ("ForAllValues:StringNotLike", 0),
        ("Null", 0),
        ("ForAnyValue:Null", 0),
    ],
)
def test_only_what_has_to_be_so_is_demanded(operator: str, demands: int) -> None:
    one = trust(OIDC, conditions=[condition("issuer:sub", "a", operator=operator)])
    assert len(demanded(one, (":sub",))) == demands


def test_the_party_a_token_is_for_is_an_audience_too() -> None:
    pinned = condition("issuer:sub", "system:serviceaccount:agents:ops")
    assert (
        found(unpinned_federation, graph(all_trusts=(trust(OIDC, conditions=[pinned, condition("issuer:azp", "x")]),)))
        == []
    )


def test_a_workspace_of_terraform_is_as_open_as_its_pattern() -> None:
    one = trust(OIDC, conditions=[condition("issuer:sub", "workspace:acme/*", operator="StringLike"), AUDIENCE])
    (message,) = messages(unpinned_federation, graph(all_trusts=(one,)))
    assert "any repository of acme like acme/*" in message


def test_one_wide_opening_beside_a_narrow_one_is_not_narrow() -> None:
    several = condition("issuer:sub", "repo:acme/agent:*", "repo:acme/*", operator="StringLike")
    (finding,) = found(unpinned_federation, graph(all_trusts=(trust(OIDC, conditions=[several, AUDIENCE]),)))
    assert finding.severity is Severity.MEDIUM


def test_wildcards_of_a_cluster_are_another_check() -> None:
    rule = reach(provider="kubernetes", wildcard_action=True, wildcard_resource=True)
    assert found(wildcard_action, graph(all_reach=(rule,))) == []


def test_one_open_character_is_open_and_an_owner_known_at_deployment_is_shown_as_such() -> None:
    one = trust(OIDC, conditions=[condition("issuer:sub", "client-?", operator="StringLike"), AUDIENCE])
    (message,) = messages(unpinned_federation, graph(all_trusts=(one,)))
    assert "every subject like client-?" in message
    unknown = Condition("StringEquals", "issuer:repository_owner", (Unknown("variable", at(50)),), at(50))
    (message,) = messages(unpinned_federation, graph(all_trusts=(trust(OIDC, conditions=[unknown, AUDIENCE]),)))
    assert "admits any subject that … owns of" in message


def test_an_identity_of_two_tools_names_the_agents_of_both() -> None:
    others = [entry(f"agent.{name}") for name in ("ops", "desk")]
    tools = [
        entry(
            f"tool.{name}",
            role=Role.TOOL,
            used_by=(key(f"agent.{name}"),),
            identities=(identity(agent=key(f"tool.{name}")),),
        )
        for name in ("ops", "desk")
    ]
    (held,) = by_identity(graph(*others, *tools), lambda view: view.key == ROLE)
    assert [one.address for one in held.agents] == ["agent.ops", "agent.desk"]
