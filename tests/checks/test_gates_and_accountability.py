"""Branches of the checks on missing gates, accountability and the analysis that a page cannot show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agentreach.access.request import Layers
from agentreach.findings import Severity
from agentreach.graph.views import GateView, UnknownView
from agentreach.identity import Aspect, Confidence, IdentityRelation, Operation, Role, Statement, Step
from agentreach.model import Broken, Key
from agentreach.suppressions import Applied, Directive, Problem
from agentreach_checks.accountability.no_audit_log import no_audit_log
from agentreach_checks.accountability.no_owner import no_owner
from agentreach_checks.accountability.unencrypted_memory import unencrypted_memory
from agentreach_checks.accountability.unpinned_agent_artifact import unpinned_agent_artifact
from agentreach_checks.analysis.bad_suppression import bad_suppression
from agentreach_checks.analysis.broken_source import broken_source
from agentreach_checks.analysis.unknown_policy import unknown_policy
from agentreach_checks.missing_gate.no_boundary import no_boundary
from agentreach_checks.missing_gate.no_confirmation import INSTEAD, MENDED, no_confirmation
from agentreach_checks.missing_gate.no_guardrail import no_guardrail
from agentreach_checks.missing_gate.open_mcp_endpoint import open_mcp_endpoint
from agentreach_checks.missing_gate.pre_approved_transition import pre_approved_transition
from agentreach_checks.missing_gate.unbounded_run import unbounded_run
from built_views import (
    OPS,
    at,
    credential,
    entry,
    found,
    graph,
    identity,
    key,
    messages,
    reach,
    secret_use,
    setting,
    system,
    tool,
)

GATE = GateView(kind="policy-engine", subject=OPS, at=at())


def _operation(name: str, *, mutating: bool | None = True, confirmation: bool | None = False) -> Operation:
    return Operation(name, mutating, confirmation, at(41))


@pytest.mark.parametrize("confirmation", [True, None])
def test_a_tool_that_asks_or_whose_schema_is_elsewhere_is_silent(*, confirmation: bool | None) -> None:
    assert found(no_confirmation, graph(all_tools=(tool(confirmation=confirmation),))) == []


@pytest.mark.parametrize("mutating", [False, None])
def test_a_tool_that_is_not_known_to_change_anything_is_silent(*, mutating: bool | None) -> None:
    assert found(no_confirmation, graph(all_tools=(tool(mutating=mutating),))) == []


def test_only_operations_that_change_and_do_not_ask_are_named() -> None:
    operations = (
        _operation("cancel_order"),
        _operation("close_account", confirmation=True),
        _operation("get_order", mutating=False),
    )
    (finding,) = found(no_confirmation, graph(all_tools=(tool(operations=operations),)))
    assert finding.message == "agent.ops may call cancel_order of orders without confirmation"
    assert [one.note for one in finding.evidence] == ["cancel_order asks for no confirmation", "tool orders"]
    (plain,) = messages(no_confirmation, graph(all_tools=(tool(),)))
    assert plain == "agent.ops may use orders to change something without confirmation"


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("bedrock-agent", "use awscc_bedrock_agent"),
        ("agentcore-gateway", "put a policy engine in ENFORCE mode"),
        ("agentcore-harness", "add a hook before tool calls"),
        ("k8sgpt", "switch spec.ai.autoRemediation off"),
        ("sre-agent", "set actionConfiguration.mode to Review"),
        ("ces-agent", "decide in a callback before the tool"),
        ("mcp-server", "let authzConfig decide on each call"),
        ("agent-sandbox", "put something that decides in front of it"),
    ],
)
def test_where_the_type_cannot_ask_the_sentence_says_what_can(kind: str, advice: str) -> None:
    view = graph(entry(kind=kind), all_tools=(tool(confirmable=False),))
    (finding,) = found(no_confirmation, view)
    assert f"its type cannot declare one: {advice}" in finding.message
    assert finding.fixable is False
    assert found(no_confirmation, graph(all_tools=(tool(),)))[0].fixable is True


@pytest.mark.parametrize(
    ("gate", "advice"),
    [("hook", "let its hook deny when it fails"), ("policy-engine", "set the policy engine that only logs to enforce")],
)
def test_a_gate_that_stands_there_and_does_not_hold_is_to_be_mended(gate: str, advice: str) -> None:
    loose = replace(GATE, kind=gate, holds=False)
    view = graph(entry(kind="agentcore-harness"), all_tools=(tool(confirmable=False, gates=(loose,)),))
    (message,) = messages(no_confirmation, view)
    assert message.endswith(f"its type cannot declare one: {advice}")


def test_the_way_to_a_gateway_is_told_by_what_the_gateway_offers() -> None:
    gateway = key("gateway.tools")
    way = tool("tools", target=gateway)
    target = tool("orders", entries=(OPS, gateway), confirmable=False)
    view = graph(
        entry(kind="agentcore-harness"),
        entry("gateway.tools", kind="agentcore-gateway", role=Role.TOOL, used_by=(OPS,)),
        all_tools=(way, target),
    )
    (finding,) = found(no_confirmation, view)
    assert finding.subject == target.key
    assert "put a policy engine in ENFORCE mode" in finding.message
    assert [one.subject for one in found(no_confirmation, graph(all_tools=(way,)))] == [way.key]


def test_a_tool_is_rated_by_the_worst_it_may_do_as_what_it_acts_as() -> None:
    acts_as = (identity("role.tool", relation=IdentityRelation.TOOL_ACTS_AS),)
    reaches = (
        reach(Step.WRITE_DATA, identity=key("role.tool"), production=True),
        reach(Step.ADMIN, identity=key("role.other")),
        reach(Step.READ_DATA, identity=key("role.tool")),
    )
    rated = [
        one.severity for one in found(no_confirmation, graph(all_tools=(tool(acts_as=acts_as),), all_reach=reaches))
    ]
    assert rated == [Severity.HIGH]


def test_a_gate_in_front_lowers_a_tool_and_one_that_only_logs_does_not() -> None:
    def rated(*gates: GateView) -> Severity:
        return found(no_confirmation, graph(all_tools=(tool(gates=gates),)))[0].severity

    assert rated() is Severity.MEDIUM
    assert rated(GATE) is Severity.LOW
    assert rated(replace(GATE, holds=False)) is Severity.MEDIUM
    assert rated(replace(GATE, holds=None)) is Severity.MEDIUM


class _Bounded:
    """Questions of which only the layers are asked."""

    def __init__(self, *statements: Statement) -> None:
        self._levels = (statements,) if statements else ()

    def layers(self, _identity: object) -> Layers:
        return Layers(service_control=self._levels)


def test_a_service_control_policy_bounds_as_a_boundary_does() -> None:
    agent = entry(identities=(identity(highest=Step.WRITE_DATA),), highest_standing=Step.WRITE_DATA)
    statement = Statement(effect="Allow", at=at())
    assert [one.severity for one in found(no_boundary, graph(agent, questions=_Bounded()))] == [Severity.MEDIUM]
    assert found(no_boundary, graph(agent, questions=_Bounded(statement))) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"boundary": True},
        {"boundary": None},
        {"kind": "service-account"},
        {"declared": False},
        {"highest": Step.READ_DATA},
        {"highest": None},
        {"relation": IdentityRelation.ASSUMES},
    ],
)
def test_what_needs_no_boundary_is_silent(fields: dict[str, object]) -> None:
    one = identity(**{"highest": Step.ADMIN, **fields})  # type: ignore[arg-type]
    assert found(no_boundary, graph(entry(identities=(one,)))) == []


def test_a_role_of_several_agents_without_a_boundary_is_one_finding() -> None:
    two = key("agent.two")
    view = graph(
        entry(identities=(identity(highest=Step.ADMIN),)),
        entry("agent.two", identities=(identity(agent=two, highest=Step.ADMIN),)),
    )
    (finding,) = found(no_boundary, view)
    assert finding.agents == (OPS, two)


def test_privileged_steps_stand_open_unless_somebody_decides() -> None:
    steps = tuple(reach(step) for step in Step)
    assert [one.facet for one in found(pre_approved_transition, graph(all_reach=steps))] == [
        "deploy/dynamodb",
        "secrets/dynamodb",
        "identity/dynamodb",
    ]
    gated = tuple(reach(step, standing=False) for step in Step)
    assert found(pre_approved_transition, graph(all_reach=gated)) == []


def test_reading_the_secret_it_is_given_needs_no_decision() -> None:
    own = reach(Step.SECRETS, systems=(system("secret.crm"),))
    given = secret_use(secret=key("secret.crm"))
    assert found(pre_approved_transition, graph(all_reach=(own,), all_secret_uses=(given,))) == []
    assert found(pre_approved_transition, graph(all_reach=(own,))) != []


@pytest.mark.parametrize(
    ("state", "standing", "severity"),
    [
        (True, Step.WRITE_DATA, [Severity.MEDIUM]),
        (True, Step.SECRETS, [Severity.HIGH]),
        (True, Step.READ_DATA, []),
        (True, None, []),
        (None, Step.ADMIN, []),
        (False, Step.ADMIN, []),
    ],
)
def test_an_unattended_agent_that_writes_is_told(
    *, state: bool | None, standing: Step | None, severity: list[Severity]
) -> None:
    view = graph(entry(highest_standing=standing), all_settings=(setting(Aspect.UNATTENDED, state=state),))
    assert [one.severity for one in found(pre_approved_transition, view)] == severity


def test_paying_needs_a_gate_that_holds() -> None:
    def told(*gates: GateView) -> bool:
        view = graph(entry(gates=gates), all_settings=(setting(Aspect.SPENDS_MONEY, state=True),))
        return bool(found(pre_approved_transition, view))

    assert told()
    assert told(replace(GATE, holds=None))
    assert not told(GATE)
    off = setting(Aspect.SPENDS_MONEY, state=False)
    assert found(pre_approved_transition, graph(all_settings=(off,))) == []


def test_open_endpoints_are_told_by_how_they_are_open() -> None:
    server = key("server")
    settings = (
        setting(Aspect.ANONYMOUS_INBOUND, state=True, subject=server),
        setting(Aspect.PLAINTEXT_INBOUND, state=True),
        setting(Aspect.ANONYMOUS_INBOUND, state=None),
        setting(Aspect.ANONYMOUS_INBOUND, state=False),
    )
    findings = found(open_mcp_endpoint, graph(entry(highest=Step.SECRETS), all_settings=settings))
    assert [one.message for one in findings] == [
        "server of agent.ops may be called by anyone: no authenticator is declared in the scanned code",
        "agent.ops may be called without TLS",
    ]
    assert [one.severity for one in findings] == [Severity.HIGH, Severity.MEDIUM]
    low = found(open_mcp_endpoint, graph(entry(highest=None), all_settings=settings[:1]))
    assert [one.severity for one in low] == [Severity.MEDIUM]


@pytest.mark.parametrize(
    ("check", "aspect", "spares"),
    [
        (no_guardrail, Aspect.GUARDRAIL, False),
        (unpinned_agent_artifact, Aspect.PINNED_ARTIFACT, False),
        (unbounded_run, Aspect.BOUNDED_RUN, True),
        (no_audit_log, Aspect.AUDIT_LOG, True),
        (unencrypted_memory, Aspect.MEMORY_ENCRYPTION, True),
    ],
)
def test_controls_are_told_when_known_to_be_absent(check: object, aspect: Aspect, *, spares: bool) -> None:
    def told(*, state: bool | None, bounded: bool | None) -> list[Severity]:
        view = graph(
            entry(bounded=bounded, highest_standing=Step.WRITE_DATA), all_settings=(setting(aspect, state=state),)
        )
        return [one.severity for one in found(check, view)]  # type: ignore[arg-type]

    assert told(state=False, bounded=False) == [Severity.MEDIUM]
    assert told(state=False, bounded=None) == [Severity.MEDIUM]
    assert bool(told(state=False, bounded=True)) is not spares
    assert told(state=True, bounded=False) == []
    assert told(state=None, bounded=False) == []


def test_an_aspect_of_no_agent_is_not_told() -> None:
    assert found(no_guardrail, graph(all_settings=(setting(Aspect.GUARDRAIL, state=False, agents=()),))) == []


def test_a_log_that_is_kept_for_a_short_time_is_no_missing_log() -> None:
    gateway = key("gateway")
    settings = (
        setting(Aspect.AUDIT_LOG, state=False, note="its log is kept for 30 days"),
        setting(Aspect.AUDIT_LOG, state=False, subject=gateway, note="no log delivery is declared"),
        setting(Aspect.AUDIT_LOG, state=False),
    )
    assert messages(no_audit_log, graph(all_settings=settings)) == [
        "What agent.ops does is recorded for a short time only: its log is kept for 30 days",
        "What gateway does for agent.ops is not recorded: no log delivery is declared in the scanned code",
        "What agent.ops does is not recorded: no log is declared in the scanned code",
    ]


def test_a_log_of_something_that_no_agent_is_named_for_is_its_own() -> None:
    tools = setting(Aspect.AUDIT_LOG, state=False, subject=key("gateway"), agents=(), entries=(key("gateway"),))
    assert messages(no_audit_log, graph(entry("gateway"), all_settings=(tools,))) == [
        "What gateway does is not recorded: no log is declared in the scanned code"
    ]


def test_an_artifact_that_can_change_is_shown() -> None:
    settings = (
        setting(Aspect.PINNED_ARTIFACT, state=False, note="image ops:latest"),
        setting(Aspect.PINNED_ARTIFACT, state=False),
    )
    assert messages(unpinned_agent_artifact, graph(all_settings=settings)) == [
        "agent.ops runs an artifact that can change: image ops:latest",
        "agent.ops runs an artifact that can change: no digest",
    ]


def test_broken_sources_and_bad_suppressions_are_certain() -> None:
    broken = graph(broken=(Broken(at(3), "expected a value"),))
    (finding,) = found(broken_source, broken)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.HIGH)
    assert finding.message == "main.tf could not be parsed: expected a value"
    assert finding.subject == Key(".", "main.tf")
    directive = Directive(checks=("AR101",), reason="", until=None, at=at(4))
    applied = Applied(findings=(), problems=(Problem(directive, "has no reason"),))
    (bad,) = bad_suppression.logic(applied)
    assert (bad.severity, bad.confidence) == (Severity.LOW, Confidence.HIGH)
    assert bad.message == "The suppression of AR101 has no reason"


def test_memory_is_named_where_it_is_a_thing_of_its_own() -> None:
    settings = (
        setting(Aspect.MEMORY_ENCRYPTION, state=False),
        setting(Aspect.MEMORY_ENCRYPTION, state=False, subject=key("memory")),
    )
    assert messages(unencrypted_memory, graph(all_settings=settings)) == [
        "What agent.ops remembers is not encrypted with a key named in the scanned code",
        "memory of agent.ops is not encrypted with a key named in the scanned code",
    ]


def test_owners_are_asked_of_agents_and_of_tools_that_no_agent_uses() -> None:
    view = graph(
        entry(highest_standing=Step.WRITE_DATA),
        entry("agent.owned", owner="team"),
        entry("agent.bounded", bounded=True, highest_standing=Step.WRITE_DATA),
        entry("server.used", role=Role.TOOL, used_by=(OPS,)),
        entry("server.alone", role=Role.TOOL),
        entry("role.waiting", role=Role.UNDECLARED),
    )
    assert [(one.subject.address, one.severity) for one in found(no_owner, view)] == [
        ("agent.ops", Severity.MEDIUM),
        ("agent.bounded", Severity.LOW),
        ("server.alone", Severity.LOW),
    ]


def _unknown(address: str, attribute: str, reason: str, **fields: object) -> UnknownView:
    given: dict[str, object] = {"agents": (OPS,), "entries": (OPS,), **fields}
    return UnknownView(key=key(address), attribute=attribute, reason=reason, at=at(5), **given)  # type: ignore[arg-type]


def test_unknowns_of_one_identity_are_one_finding_that_lists_them() -> None:
    unknowns = (
        _unknown("role.ops", "policy", "variable 'policy' has no value"),
        _unknown("role.ops", "assume_role_policy", "variable 'trust' has no value"),
        _unknown("role.b", "identity", "role.b is not declared in the scanned code"),
        _unknown("role.c", "policy", "nobody's", agents=(), entries=()),
    )
    findings = found(unknown_policy, graph(unknowns=unknowns))
    assert [one.cause for one in findings] == ["identity", "assume_role_policy,policy"]
    assert [one.message for one in findings] == [
        "What agent.ops may do through role.b is not known from the code: role.b is not declared in the scanned code",
        (
            "What agent.ops may do through role.ops is not known from the code: "
            "assume_role_policy (variable 'trust' has no value) and policy (variable 'policy' has no value)"
        ),
    ]
    assert {(one.severity, one.confidence) for one in findings} == {(Severity.LOW, Confidence.HIGH)}


def test_an_unknown_of_the_agent_itself_is_not_said_to_be_reached_through_it() -> None:
    hidden = _unknown("agent.ops", "serviceAccount", "the operator chooses it")
    assert messages(unknown_policy, graph(unknowns=(hidden,))) == [
        "What agent.ops may do is not known from the code: serviceAccount (the operator chooses it)"
    ]


def test_a_schema_elsewhere_is_unknown_and_return_of_control_is_not() -> None:
    elsewhere = tool(confirmation=None)
    caller = replace(tool("caller", confirmation=None), tool=replace(tool("caller").tool, executor="return-control"))
    harmless = tool("harmless", confirmation=None, mutating=False)
    asking = (tool("asking", confirmation=True), tool("silent", confirmation=False))
    (finding,) = found(unknown_policy, graph(all_tools=(elsewhere, caller, harmless, *asking)))
    assert finding.severity is Severity.LOW
    assert finding.message == "Whether tool tool.orders of agent.ops asks for confirmation is not known from the code"


def test_credentials_say_nothing_about_gates() -> None:
    view = graph(all_credentials=(credential(),))
    assert found(pre_approved_transition, view) == []


@pytest.mark.parametrize("kind", sorted(INSTEAD))
def test_every_kind_of_agent_has_advice_of_its_own(kind: str) -> None:
    (message,) = messages(no_confirmation, graph(entry(kind=kind), all_tools=(tool(confirmable=False),)))
    assert message.endswith(INSTEAD[kind])


def test_the_kinds_with_advice_are_those_that_lowerings_state() -> None:
    assert set(INSTEAD) == {
        "agentcore-gateway",
        "agentcore-harness",
        "bedrock-agent",
        "ces-agent",
        "ces-app",
        "cortex-agent",
        "dialogflow-cx-agent",
        "k8sgpt",
        "mcp-gateway",
        "mcp-server",
        "sre-agent",
    }
    assert set(MENDED) == {"approval", "hook", "policy-engine"}


def test_a_gate_that_holds_is_not_to_be_mended() -> None:
    view = graph(entry(kind="agentcore-harness"), all_tools=(tool(confirmable=False, gates=(GATE,)),))
    (message,) = messages(no_confirmation, view)
    assert message.endswith(INSTEAD["agentcore-harness"])


def test_a_way_to_itself_is_a_tool_of_its_own() -> None:
    own = tool("loop", target=OPS, entries=(OPS,))
    assert [one.subject for one in found(no_confirmation, graph(all_tools=(own,)))] == [own.key]


def test_reading_is_no_change_and_a_change_is_at_least_a_write() -> None:
    acts_as = (identity("role.tool", relation=IdentityRelation.TOOL_ACTS_AS),)

    def rated(step: Step) -> Severity:
        given = reach(step, identity=key("role.tool"), wildcard_resource=True)
        view = graph(all_tools=(tool(acts_as=acts_as),), all_reach=(given,))
        return found(no_confirmation, view)[0].severity

    assert rated(Step.READ_DATA) is Severity.MEDIUM
    assert rated(Step.WRITE_DATA) is Severity.HIGH


@pytest.mark.parametrize(("kind", "bounded"), [("role", True), ("user", True), ("group", False)])
def test_roles_and_users_can_have_a_boundary(kind: str, bounded: bool) -> None:  # noqa: FBT001 - a column of a table
    held = identity(kind=kind, boundary=False, highest=Step.WRITE_DATA)
    assert bool(found(no_boundary, graph(entry(identities=(held,))))) is bounded
    reading = identity(kind=kind, boundary=False, highest=Step.READ_DATA)
    assert found(no_boundary, graph(entry(identities=(reading,)))) == []


@pytest.mark.parametrize(("attribute", "outside"), [("agents", True), ("user_id", True), ("policy", False)])
def test_what_no_code_declares_is_to_be_reviewed_where_it_is_kept(attribute: str, outside: bool) -> None:  # noqa: FBT001 - a column of a table
    hidden = UnknownView(key=key("role.ops"), attribute=attribute, reason="r", at=at(), agents=(OPS,), entries=(OPS,))
    (finding,) = found(unknown_policy, graph(unknowns=(hidden,)))
    assert finding.remediation.startswith("Review it where it is kept" if outside else "Give the value")


def test_a_schema_elsewhere_is_told_once_with_what_it_hides() -> None:
    hidden = _unknown("tool.orders", "schema", "in S3")
    elsewhere = tool(confirmation=None)
    (finding,) = found(unknown_policy, graph(all_tools=(elsewhere,), unknowns=(hidden,)))
    assert (finding.cause, finding.severity) == ("schema", Severity.LOW)
    nobodys = replace(hidden, agents=(), entries=())
    (finding,) = found(unknown_policy, graph(all_tools=(elsewhere,), unknowns=(nobodys,)))
    assert finding.cause == "confirmation"
    assert finding.evidence[0].note == "the schema of this tool is elsewhere"


def test_the_remedy_is_to_ask_for_each_operation_that_does_not() -> None:
    operations = (
        _operation("cancel_order"),
        _operation("close_account", confirmation=True),
        _operation("get_order", mutating=False),
    )
    (finding,) = found(no_confirmation, graph(all_tools=(tool(operations=operations),)))
    assert [(one.attribute, one.value, one.safe) for one in finding.remedies] == [
        ("confirmation", ["cancel_order"], True)
    ]


@pytest.mark.parametrize("agents", [(OPS,), (OPS, key("agent.two"))])
def test_unattended_agents_run_in_the_number_they_are(agents: tuple[Key, ...]) -> None:
    entries = [entry(one.address, highest_standing=Step.WRITE_DATA) for one in agents]
    alone = setting(Aspect.UNATTENDED, state=True, agents=agents)
    (message,) = messages(pre_approved_transition, graph(*entries, all_settings=(alone,)))
    assert (" runs unattended" in message) is (len(agents) == 1)
    assert (" run unattended" in message) is (len(agents) == 2)


def test_spending_money_is_high_whatever_else_the_agent_may_do() -> None:
    pays = setting(Aspect.SPENDS_MONEY, state=True)
    (finding,) = found(pre_approved_transition, graph(all_settings=(pays,)))
    assert (finding.severity, finding.cause) == (Severity.HIGH, "payment")
    assert finding.evidence[0].note == "agent.ops pays"
    noted = setting(Aspect.SPENDS_MONEY, state=True, note="Stripe")
    (finding,) = found(pre_approved_transition, graph(all_settings=(noted,)))
    assert finding.evidence[0].note == "Stripe"


def test_an_identity_that_may_do_nothing_needs_no_boundary() -> None:
    held = identity(kind="role", boundary=False, highest=None)
    assert found(no_boundary, graph(entry(identities=(held,)))) == []


def test_an_absent_control_is_spared_where_every_entry_is_bounded() -> None:
    entries = (entry(bounded=True), entry("agent.two", bounded=False))
    both = setting(Aspect.BOUNDED_RUN, state=False, agents=tuple(one.key for one in entries))
    assert len(found(unbounded_run, graph(*entries, all_settings=(both,)))) == 1
    bounded = tuple(replace(one, bounded=True) for one in entries)
    assert found(unbounded_run, graph(*bounded, all_settings=(both,))) == []


def test_what_a_gated_tool_reads_does_not_rate_its_change() -> None:
    acts_as = (identity("role.tool", relation=IdentityRelation.TOOL_ACTS_AS),)
    reading = reach(Step.READ_DATA, identity=key("role.tool"), wildcard_resource=True)
    gated = graph(all_tools=(tool(acts_as=acts_as, gates=(GATE,)),), all_reach=(reading,))
    assert [one.severity for one in found(no_confirmation, gated)] == [Severity.LOW]


@pytest.mark.parametrize(
    "right",
    [
        "Microsoft.Authorization/roleAssignments/write",
        "Role Based Access Control Administrator",
        "User Access Administrator",
        "resourcemanager.folders.setIamPolicy",
        "resourcemanager.organizations.setIamPolicy",
        "resourcemanager.projects.setIamPolicy",
        "roles/iam.securityAdmin",
        "roles/resourcemanager.folderIamAdmin",
        "roles/resourcemanager.organizationAdmin",
        "roles/resourcemanager.projectIamAdmin",
    ],
)
@pytest.mark.parametrize("written", ["actions", "names"])
def test_who_may_assign_any_role_is_bounded_by_a_condition_or_not_at_all(right: str, written: str) -> None:
    fields: dict[str, object] = {"provider": "google", "actions": (), "names": (), written: (right,)}
    given = reach(Step.IDENTITY, **fields)
    (finding,) = found(no_boundary, graph(entry(highest_standing=Step.IDENTITY), all_reach=(given,)))
    assert finding.message.startswith(
        "ops of agent.ops may assign roles, and no condition declared in the scanned code bou"
    )
    assert (finding.severity, finding.cause, finding.subject) == (Severity.MEDIUM, "policy.ops:#0", given.identity)
    assert finding.remediation == "Add a condition that names the roles it may assign."
    for silent in ({"conditional": True}, {"standing": False}, {written: ("roles/viewer",)}):
        assert found(no_boundary, graph(all_reach=(reach(Step.IDENTITY, **{**fields, **silent}),))) == []
    assert found(no_boundary, graph(all_reach=(reach(Step.SECRETS, **fields),))) == []
