"""Branches of the checks on reach that a page cannot show, on views written by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from agentreach.findings import Severity
from agentreach.graph.views import Hop
from agentreach.identity import Aspect, Confidence, Evidence, IdentityRelation, Statement, Step
from agentreach.model import Scalar
from agentreach_checks.unapproved_reach.can_silence_audit import can_silence_audit
from agentreach_checks.unapproved_reach.cross_account_chain import cross_account_chain
from agentreach_checks.unapproved_reach.deploy_path_write import deploy_path_write
from agentreach_checks.unapproved_reach.open_code_tool import open_code_tool
from agentreach_checks.unapproved_reach.privilege_escalation import privilege_escalation
from agentreach_checks.unapproved_reach.production_data_write import production_data_write
from agentreach_checks.unapproved_reach.rbac_escalation_verbs import rbac_escalation_verbs
from agentreach_checks.unapproved_reach.secret_store_reach import secret_store_reach
from agentreach_checks.unapproved_reach.unbounded_agent_to_agent import unbounded_agent_to_agent
from agentreach_checks.unapproved_reach.unrestricted_egress import unrestricted_egress
from agentreach_checks.unapproved_reach.wildcard_resource import wildcard_resource
from built_views import (
    OPS,
    at,
    credential,
    entry,
    escalation,
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

if TYPE_CHECKING:
    from agentreach.check import Check


@pytest.mark.parametrize("service", ["logs", "xray", "cloudwatch", "aps"])
def test_writing_ones_own_telemetry_anywhere_is_silent(service: str) -> None:
    own = reach(Step.WRITE_DATA, service=service, wildcard_resource=True)
    reading = reach(Step.READ_DATA, service=service, wildcard_resource=True)
    assert found(wildcard_resource, graph(all_reach=(own,))) == []
    assert found(wildcard_resource, graph(all_reach=(reading,))) != []


@pytest.mark.parametrize(
    "silent",
    [
        reach(wildcard_resource=False),
        reach(wildcard_resource=True, scopable=False),
        reach(Step.OBSERVE, wildcard_resource=True),
        reach(Step.ADMIN, wildcard_resource=True),
    ],
)  # fmt: skip
def test_a_wildcard_that_cannot_be_narrower_or_is_told_elsewhere_is_silent(silent: object) -> None:
    assert found(wildcard_resource, graph(all_reach=(silent,))) == []


def test_a_part_of_a_statement_can_be_outranked_alone() -> None:
    (finding,) = found(wildcard_resource, graph(all_reach=(reach(wildcard_resource=True),)))
    assert finding.facet == "write-data/dynamodb"


@pytest.mark.parametrize("service", ["secretsmanager", "ssm", "kms", "bedrock-agentcore", "v1", "*"])
def test_stores_of_secrets_are_named(service: str) -> None:
    assert found(secret_store_reach, graph(all_reach=(reach(Step.SECRETS, service=service),))) != []
    assert found(secret_store_reach, graph(all_reach=(reach(Step.READ_DATA, service=service),))) == []


def test_secrets_that_an_agent_is_given_are_its_own() -> None:
    naming = reach(Step.SECRETS, service="secretsmanager", systems=(system("secret.crm"),))
    given = secret_use(secret=key("secret.crm"))
    assert found(secret_store_reach, graph(all_reach=(naming,), all_secret_uses=(given,))) == []
    held = credential(key=key("secret.crm"), owner=key("secret.crm"))
    assert found(secret_store_reach, graph(all_reach=(naming,), all_credentials=(held,))) == []
    more = replace(naming, systems=(system("secret.crm"), system("secret.other")))
    assert found(secret_store_reach, graph(all_reach=(more,), all_secret_uses=(given,))) != []
    wide = replace(naming, wildcard_resource=True)
    assert found(secret_store_reach, graph(all_reach=(wide,), all_secret_uses=(given,))) != []
    assert found(secret_store_reach, graph(all_reach=(replace(naming, systems=()),), all_secret_uses=(given,))) != []


def test_production_is_a_guess_from_names_and_is_said_to_be_one() -> None:
    writing = reach(production=True)
    (finding,) = found(production_data_write, graph(all_reach=(writing, reach(production=False))))
    assert finding.severity is Severity.HIGH
    assert finding.confidence is Confidence.MEDIUM
    gated = replace(writing, standing=False)
    assert [one.severity for one in found(production_data_write, graph(all_reach=(gated,)))] == [Severity.LOW]


def test_what_is_deployed_is_told_for_the_deploy_step_only() -> None:
    several = tuple(reach(step) for step in Step)
    assert [one.facet for one in found(deploy_path_write, graph(all_reach=several))] == ["deploy/dynamodb"]


def test_writing_the_state_of_infrastructure_code_changes_what_is_deployed() -> None:
    state = system("backend.s3", "state", "s3")
    assert found(deploy_path_write, graph(all_reach=(reach(systems=(state,)),))) != []
    assert found(deploy_path_write, graph(all_reach=(reach(Step.READ_DATA, systems=(state,)),))) == []
    assert found(deploy_path_write, graph(all_reach=(reach(systems=(system("bucket", "bucket", "s3"),)),))) == []


def test_paths_of_one_identity_are_one_sentence_the_worst_first() -> None:
    paths = (
        escalation("aws-s3-put-bucket-policy", yields=Step.WRITE_DATA, target="any bucket", causes=("p:#1",)),
        escalation("aws-iam-put-role-policy", yields=Step.ADMIN, target="any rights", causes=("p:#0",)),
        escalation("aws-iam-attach-role-policy", yields=Step.ADMIN, target="any rights", causes=("p:#0", "p:#1")),
    )
    findings = found(privilege_escalation, graph(all_escalations=paths))
    assert [(one.cause, one.severity) for one in findings] == [("p:#0", Severity.CRITICAL), ("p:#1", Severity.CRITICAL)]
    assert {one.message for one in findings} == {
        (
            "agent.ops can gain more rights as ops: any rights through title of aws-iam-put-role-policy "
            "[aws-iam-put-role-policy] and title of aws-iam-attach-role-policy [aws-iam-attach-role-policy]; "
            "any bucket through title of aws-s3-put-bucket-policy [aws-s3-put-bucket-policy]"
        )
    }


def test_many_gains_are_counted() -> None:
    paths = tuple(escalation(f"path-{n}", target=f"target {n}") for n in range(7))
    (message,) = {one.message for one in found(privilege_escalation, graph(all_escalations=paths))}
    assert message.endswith("; and 3 more")
    assert "target 4" not in message


def test_gained_identities_are_named_before_targets() -> None:
    path = escalation(gains=(key("role.admin"),), target="any role")
    (message,) = messages(privilege_escalation, graph(all_escalations=(path,)))
    assert "more rights as ops: role.admin through" in message
    (plain,) = messages(privilege_escalation, graph(all_escalations=(escalation(yields=Step.SECRETS),)))
    assert "more rights as ops: secrets through" in plain


def test_clouds_and_clusters_have_a_check_each() -> None:
    cluster = escalation("k8s-create-pods", provider="kubernetes", identity=key("account"))
    both = graph(all_escalations=(escalation(), cluster))
    assert [one.subject for one in found(privilege_escalation, both)] == [key("role.ops")]
    assert [one.subject for one in found(rbac_escalation_verbs, both)] == [key("account")]


def test_agents_of_several_ways_are_named_in_review_order() -> None:
    two = key("agent.two")
    paths = (escalation(agents=(two,), standing=False), escalation(agents=(OPS,)))
    (finding,) = found(privilege_escalation, graph(entry(), entry("agent.two"), all_escalations=paths))
    assert finding.agents == (OPS, two)


def test_silencing_is_at_least_high_and_administrators_are_told_elsewhere() -> None:
    stopping = reach(
        Step.WRITE_DATA, service="cloudtrail", actions=("cloudtrail:StopLogging",), names=("cloudtrail:StopLogging",)
    )
    findings = [
        one for step in Step for one in found(can_silence_audit, graph(all_reach=(replace(stopping, step=step),)))
    ]
    assert findings
    assert all(one.severity >= Severity.HIGH for one in findings)
    assert found(can_silence_audit, graph(all_reach=(replace(stopping, step=Step.ADMIN),))) == []
    assert found(can_silence_audit, graph(all_reach=(replace(stopping, provider="kubernetes"),))) == []
    assert found(can_silence_audit, graph(all_reach=(reach(),))) == []


def _chain(relation: IdentityRelation, *, foreign: bool | None) -> object:
    hops = (
        Hop(OPS, key("role.ops"), "runs-as", (Evidence(identity().at, "runs as"),)),
        Hop(key("role.ops"), key("far"), relation.value, (Evidence(reach().evidence[0].at, "may assume it"),)),
    )
    return identity("far", relation=relation, foreign=foreign, account="999988887777", hops=hops)


def test_only_a_role_of_another_account_that_it_becomes_crosses() -> None:
    def crossing(relation: IdentityRelation, *, foreign: bool | None, account: str | None = None) -> list[str]:
        agent = entry(identities=(_chain(relation, foreign=foreign),), account=account)
        return messages(cross_account_chain, graph(agent))

    assert crossing(IdentityRelation.ASSUMES, foreign=True) == [
        "agent.ops may become far in another account 999988887777"
    ]
    assert crossing(IdentityRelation.ASSUMES, foreign=False) == []
    assert crossing(IdentityRelation.ASSUMES, foreign=None) == []
    assert crossing(IdentityRelation.FEDERATED, foreign=True) == []
    assert crossing(IdentityRelation.FEDERATED, foreign=True, account="111122223333") != []
    assert crossing(IdentityRelation.TOOL_ACTS_AS, foreign=True) == []


def test_the_line_that_lets_it_cross_comes_first() -> None:
    agent = entry(identities=(_chain(IdentityRelation.ASSUMES, foreign=True),))
    (finding,) = found(cross_account_chain, graph(agent))
    assert [one.note for one in finding.evidence] == ["may assume it", "runs as"]
    assert finding.severity is Severity.MEDIUM


def _code_tool(highest: Step | None, note: str) -> list[Severity]:
    subject = key("tool.code")
    view = graph(
        entry(),
        entry("tool.code", highest=highest),
        all_settings=(
            setting(Aspect.CODE_EXECUTION, state=True, subject=subject, note=note),
            setting(Aspect.PUBLIC_NETWORK, state=True, subject=subject),
        ),
    )
    return [one.severity for one in found(open_code_tool, view)]


def test_an_open_tool_is_rated_by_its_role_and_a_browser_without_one_is_silent() -> None:
    assert _code_tool(Step.SECRETS, "runs code") == [Severity.HIGH]
    assert _code_tool(None, "runs code") == [Severity.MEDIUM]
    assert _code_tool(None, "drives a browser") == []
    assert _code_tool(Step.OBSERVE, "drives a browser") == [Severity.MEDIUM]


@pytest.mark.parametrize(
    ("note", "does"),
    [("drives a browser", "drives a browser"), ("code sandbox", "runs code (code sandbox)"), ("", "runs code")],
)
def test_what_a_code_tool_does_is_a_verb(note: str, does: str) -> None:
    settings = (setting(Aspect.CODE_EXECUTION, state=True, note=note), setting(Aspect.PUBLIC_NETWORK, state=True))
    view = graph(entry(highest=Step.OBSERVE), all_settings=settings)
    assert messages(open_code_tool, view) == [f"agent.ops {does} on a public network"]


def test_a_tool_off_the_public_network_or_that_runs_no_code_is_silent() -> None:
    subject = key("tool.code")
    for code, public in ((True, False), (True, None), (False, True), (None, True)):
        settings = (
            setting(Aspect.CODE_EXECUTION, state=code, subject=subject),
            setting(Aspect.PUBLIC_NETWORK, state=public, subject=subject),
        )
        assert found(open_code_tool, graph(all_settings=settings)) == []
    of_another = (
        setting(Aspect.CODE_EXECUTION, state=True, subject=subject),
        setting(Aspect.PUBLIC_NETWORK, state=True, subject=OPS),
    )
    assert found(open_code_tool, graph(all_settings=of_another)) == []


def test_an_unfiltered_server_is_rated_by_what_it_acts_as_or_as_an_absent_control() -> None:
    def rated(highest: Step | None, standing: Step | None) -> Severity:
        server = tool("server", highest=highest)
        view = graph(
            entry(highest_standing=standing),
            all_tools=(server,),
            all_settings=(setting(Aspect.TOOL_FILTER, state=False, subject=server.key),),
        )
        return found(unbounded_agent_to_agent, view)[0].severity

    assert rated(Step.SECRETS, Step.READ_DATA) is Severity.HIGH
    assert rated(None, Step.WRITE_DATA) is Severity.MEDIUM
    assert rated(None, None) is Severity.LOW


def test_an_unfiltered_server_is_called_by_its_name() -> None:
    server = tool("orders")
    settings = (
        setting(Aspect.TOOL_FILTER, state=False, subject=server.key, note="toolNames is not set"),
        setting(Aspect.TOOL_FILTER, state=False, note="every tool is allowed"),
        setting(Aspect.TOOL_FILTER, state=True),
        setting(Aspect.TOOL_FILTER, state=None),
    )
    assert messages(unbounded_agent_to_agent, graph(all_tools=(server,), all_settings=settings)) == [
        "Nothing limits which tools agent.ops may use through orders (toolNames is not set)",
        "Nothing limits which tools agent.ops may use (every tool is allowed)",
    ]


def test_calling_any_agent_is_told_and_calling_a_named_one_is_not() -> None:
    names = ("bedrock:InvokeAgent",)
    calling = reach(Step.EXECUTE, service="bedrock", actions=names, names=names, wildcard_resource=True)
    assert messages(unbounded_agent_to_agent, graph(all_reach=(calling,))) == [
        "agent.ops may call any agent or tool as ops: bedrock:InvokeAgent on any resource"
    ]
    for silent in (
        replace(calling, wildcard_resource=False),
        replace(calling, scopable=False),
        replace(calling, wildcard_action=True),
        replace(calling, names=("lambda:InvokeFunction",)),
        replace(calling, step=Step.READ_DATA),
    ):
        assert found(unbounded_agent_to_agent, graph(all_reach=(silent,))) == []


def test_egress_is_told_where_it_is_known_to_be_open() -> None:
    settings = tuple(setting(Aspect.UNRESTRICTED_EGRESS, state=state) for state in (True, False, None))
    assert messages(unrestricted_egress, graph(all_settings=settings)) == [
        "agent.ops may send to any network destination"
    ]


@pytest.mark.parametrize(
    ("names", "provider", "does"),
    [
        (("bedrock-agentcore:GetWorkloadAccessToken",), "aws", "obtain tokens and keys"),
        (("bedrock-agentcore:GetWorkloadAccessTokenForUserId",), "aws", "obtain tokens and keys"),
        (("bedrock-agentcore:GetWorkloadAccessTokenForJWT",), "aws", "obtain tokens and keys"),
        (("bedrock-agentcore:GetResourceApiKey",), "aws", "obtain tokens and keys"),
        (("secretsmanager:GetSecretValue", "bedrock-agentcore:GetResourceApiKey"), "aws", "read secret values"),
        (("get ApiKey",), "kubernetes", "read secret values"),
    ],
)
def test_tokens_are_obtained_and_secrets_are_read(names: tuple[str, ...], provider: str, does: str) -> None:
    given = reach(Step.SECRETS, service="bedrock-agentcore", names=names, actions=names, provider=provider)
    (message,) = messages(secret_store_reach, graph(all_reach=(given,)))
    assert message.startswith(f"agent.ops may {does} as ops: ")


@pytest.mark.parametrize(
    "service", ["secretsmanager", "ssm", "kms", "bedrock-agentcore", "v1", "secretmanager", "keyvault", "vault", "*"]
)
def test_every_store_of_secrets_is_known(service: str) -> None:
    given = reach(Step.SECRETS, service=service, actions=("x:GetSecretValue",), names=("x:GetSecretValue",))
    assert len(found(secret_store_reach, graph(all_reach=(given,)))) == 1


@pytest.mark.parametrize(
    "action", ["bedrock:InvokeAgent", "bedrock:InvokeInlineAgent", "bedrock-agentcore:InvokeAgentRuntime"]
)
def test_every_way_to_call_another_agent_is_known(action: str) -> None:
    given = reach(Step.EXECUTE, actions=(action,), names=(action,), wildcard_resource=True, scopable=True)
    assert len(found(unbounded_agent_to_agent, graph(all_reach=(given,)))) == 1


def test_an_unfiltered_server_is_rated_by_the_worst_of_the_tools_behind_it() -> None:
    several = tuple(
        tool(name, highest=highest)
        for name, highest in (("orders", Step.READ_DATA), ("orders", Step.SECRETS), ("other", Step.ADMIN))
    )
    unfiltered = setting(Aspect.TOOL_FILTER, state=False, subject=several[0].key)
    (finding,) = found(unbounded_agent_to_agent, graph(all_tools=several, all_settings=(unfiltered,)))
    assert finding.severity is Severity.HIGH
    assert finding.message == "Nothing limits which tools agent.ops may use through orders"


def test_a_code_tool_is_as_sure_as_the_less_sure_of_its_parts_and_only_its_own_network_counts() -> None:
    runs = setting(Aspect.CODE_EXECUTION, state=True, subject=key("tool.code"))
    public = replace(setting(Aspect.PUBLIC_NETWORK, state=True, subject=key("tool.code")), confidence=Confidence.MEDIUM)
    (finding,) = found(open_code_tool, graph(all_settings=(replace(runs, confidence=Confidence.HIGH), public)))
    assert finding.confidence is Confidence.MEDIUM
    assert finding.evidence[0].note == "public network"
    elsewhere = setting(Aspect.PUBLIC_NETWORK, state=True, subject=key("agent.other"), entries=(OPS, key("tool.code")))
    assert found(open_code_tool, graph(all_settings=(runs, elsewhere))) == []


def test_silencing_the_trail_names_only_the_actions_of_its_service() -> None:
    given = reach(
        Step.DEPLOY,
        service="cloudtrail",
        actions=("cloudtrail:StopLogging", "logs:DeleteLogGroup"),
        names=("cloudtrail:StopLogging",),
    )
    assert not any("logs:" in message for message in messages(can_silence_audit, graph(all_reach=(given,))))


@pytest.mark.parametrize(
    "check", [can_silence_audit, production_data_write, secret_store_reach, deploy_path_write], ids=lambda one: one.id
)
def test_what_is_about_some_actions_of_a_statement_silences_only_those(check: Check) -> None:
    given = (
        reach(Step.WRITE_DATA, production=True),
        reach(Step.SECRETS, service="ssm", actions=("ssm:GetParameter",), names=("ssm:GetParameter",)),
        reach(Step.DEPLOY, actions=("lambda:UpdateFunctionCode",), names=("lambda:UpdateFunctionCode",)),
        reach(
            Step.WRITE_DATA,
            service="cloudtrail",
            actions=("cloudtrail:StopLogging",),
            names=("cloudtrail:StopLogging",),
        ),
    )
    facets = {finding.facet for finding in found(check, graph(all_reach=given))}
    assert facets
    assert "" not in facets


def test_a_way_up_is_as_sure_as_the_surest_that_needs_the_statement() -> None:
    paths = tuple(
        escalation(path, confidence=confidence)
        for path, confidence in (("aws-iam-a", Confidence.MEDIUM), ("aws-iam-b", Confidence.HIGH))
    )
    (finding,) = found(privilege_escalation, graph(all_escalations=paths))
    assert finding.confidence is Confidence.HIGH
    assert finding.message.endswith("admin through title of aws-iam-a [aws-iam-a] and title of aws-iam-b [aws-iam-b]")


def test_of_equals_the_certain_way_up_leads() -> None:
    unsure, sure = (escalation(name, certain=certain) for name, certain in (("aws-a", False), ("aws-b", True)))
    (message,) = messages(privilege_escalation, graph(all_escalations=(unsure, sure)))
    assert message.index("[aws-b]") < message.index("[aws-a]")


@pytest.mark.parametrize(("count", "more"), [(4, ""), (5, "; and 1 more"), (6, "; and 2 more")])
def test_what_is_gained_is_listed_up_to_four_and_the_rest_counted(count: int, more: str) -> None:
    paths = tuple(escalation(f"aws-{number}", target=f"role.{number}") for number in range(count))
    (message,) = messages(privilege_escalation, graph(all_escalations=paths))
    assert message.endswith(f"[aws-3]{more}")


def test_other_tools_neither_name_nor_rate_an_unfiltered_server() -> None:
    other, orders = tool("other", highest=Step.SECRETS), tool("orders", highest=Step.READ_DATA)
    unfiltered = setting(Aspect.TOOL_FILTER, state=False, subject=orders.key)
    (finding,) = found(unbounded_agent_to_agent, graph(all_tools=(other, orders), all_settings=(unfiltered,)))
    assert finding.severity is Severity.LOW
    assert finding.message.endswith("through orders")


def test_one_call_to_any_agent_among_others_is_enough_and_silences_only_its_part() -> None:
    names = ("bedrock:InvokeAgent", "bedrock:InvokeFlow")
    given = reach(Step.EXECUTE, actions=names, names=names, wildcard_resource=True, scopable=True)
    (finding,) = found(unbounded_agent_to_agent, graph(all_reach=(given,)))
    assert finding.facet


@pytest.mark.parametrize("step", list(Step))
def test_a_trail_of_another_service_is_told_with_that_service(step: Step) -> None:
    both = (
        "cloudtrail:StopLogging",
        "cloudtrail:DeleteTrail",
        "config:StopConfigurationRecorder",
        "guardduty:DeleteDetector",
    )
    given = reach(step, service="cloudtrail", actions=both, names=both[:1])
    assert not any(
        "config:" in one or "guardduty:" in one for one in messages(can_silence_audit, graph(all_reach=(given,)))
    )


def test_beside_a_path_stands_the_smaller_statement_of_its_cause() -> None:
    statement = Statement(
        effect="Allow",
        actions=(Scalar("iam:PutRolePolicy", at(71)),),
        resources=(Scalar("*", at(71)),),
        at=at(70),
    )
    ways = (reach(Step.IDENTITY, statement=statement, wildcard_resource=True), reach(Step.IDENTITY, cause="other"))
    (finding,) = found(privilege_escalation, graph(all_escalations=(escalation(),), all_reach=ways))
    assert [one.at for one in finding.remedies] == [at(70)]
    (bare,) = found(privilege_escalation, graph(all_escalations=(escalation(causes=("none",)),), all_reach=ways))
    assert bare.remedies == ()


def test_beside_a_chain_stands_who_decides_about_it() -> None:
    statement = Statement(
        effect="Allow", actions=(Scalar("sts:AssumeRole", at(71)),), resources=(Scalar("r", at(71)),), at=at(10)
    )
    far = identity(
        "role.far",
        relation=IdentityRelation.ASSUMES,
        foreign=True,
        account="999988887777",
        via=(Evidence(at(10), "x"),),
    )
    ways = (reach(Step.IDENTITY, statement=statement),)
    (finding,) = found(cross_account_chain, graph(entry(identities=(far,)), all_reach=ways))
    assert [(one.at, one.attribute) for one in finding.remedies] == [(at(10), "StringLike.aws:SourceIdentity")]
    (bare,) = found(
        cross_account_chain, graph(entry(identities=(far,)), all_reach=(reach(Step.SECRETS, statement=statement),))
    )
    assert bare.remedies == ()
