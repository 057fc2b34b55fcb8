"""The two AWS stacks under fixtures/, fact by fact with the lines that their READMEs name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from agentreach.identity import (
    Agent,
    AgentLink,
    Aspect,
    Credential,
    Fact,
    Gate,
    IdentityUse,
    Policy,
    SecretUse,
    Setting,
    Statement,
    Tool,
)
from agentreach.lowering import lower, wanted
from agentreach.model import Key, Location, Reference, Span
from agentreach.parsers import cloudformation, terraform
from agentreach.sources import Tree

FIXTURES = Path(__file__).parents[2] / "fixtures"


@cache
def support() -> tuple[Fact, ...]:
    parsed = terraform.load(Tree([FIXTURES / "bedrock-support-agent"]), terraform.TerraformOptions(), wanted)
    assert not parsed.broken
    return lower(parsed.resources)


@cache
def research() -> tuple[Fact, ...]:
    options = cloudformation.CloudFormationOptions()
    parsed = cloudformation.load(Tree([FIXTURES / "agentcore-research"]), options, wanted)
    assert not parsed.broken
    return lower(parsed.resources)


def place(at: Span) -> str:
    location: Location = at.location
    parts = Path(location.path).parts
    inside = parts[parts.index("fixtures") + 2 :] if "fixtures" in parts else parts
    return f"{'/'.join(inside)}:{location.line}"


def named(subject: object) -> str:
    if isinstance(subject, Key):
        return subject.address
    return subject.key.address if isinstance(subject, Reference) else str(subject)


def statements(facts: tuple[Fact, ...], policy: str) -> list[Statement]:
    return [one for fact in facts if isinstance(fact, Policy) and fact.key.address == policy for one in fact.statements]


def test_the_support_agent_and_what_it_runs_as() -> None:
    (agent,) = [fact for fact in support() if isinstance(fact, Agent)]
    assert (agent.key.address, agent.name, place(agent.at)) == (
        "aws_bedrockagent_agent.support",
        "support-agent-prod",
        "agent.tf:1",
    )
    assert agent.tags["owner"] == "customer-care"
    uses = [
        (named(one.subject), named(one.identity), place(one.at)) for one in support() if isinstance(one, IdentityUse)
    ]
    assert uses == [
        ("aws_bedrockagent_agent.support", "module.agent_role.aws_iam_role.this", "agent.tf:3"),
        (
            'aws_lambda_function.tool["account-admin"]',
            'module.tool_role["account-admin"].aws_iam_role.this',
            "functions.tf:5",
        ),
        ('aws_lambda_function.tool["orders"]', 'module.tool_role["orders"].aws_iam_role.this', "functions.tf:5"),
    ]


def test_the_support_agents_tools_and_their_confirmations() -> None:
    tools = {fact.name: fact for fact in support() if isinstance(fact, Tool)}
    orders, admin = tools["orders"], tools["account-admin"]
    assert (orders.confirmation, orders.confirmable) == (False, False)
    assert [(one.name, one.mutating, one.confirmation, place(one.at)) for one in orders.operations] == [
        ("get_order", False, False, "agent.tf:35"),
        ("cancel_order", True, False, "agent.tf:46"),
    ]
    assert (admin.confirmation, admin.confirmable) == (False, True)
    assert [(one.name, one.mutating, one.confirmation, place(one.at)) for one in admin.operations] == [
        ("getAccount", False, False, "schemas/account-admin.yaml:7"),
        ("closeAccount", True, True, "schemas/account-admin.yaml:15"),
        ("resetAccess", True, False, "schemas/account-admin.yaml:19"),
    ]
    assert (tools["ask-user"].executor, tools["ask-user"].confirmation) == ("user-input", None)


def test_the_statements_of_the_support_tools_stand_where_they_are_written() -> None:
    admin = 'module.tool_role["account-admin"].aws_iam_role_policy.this'
    assert [place(one.at) for one in statements(support(), f"{admin}[0]")] == [
        "policies/account-admin.json:4",
        "policies/account-admin.json:14",
    ]
    assert [place(one.at) for one in statements(support(), f"{admin}[1]")] == ["main.tf:32"]
    orders = 'module.tool_role["orders"].aws_iam_role_policy.this[0]'
    assert [place(one.at) for one in statements(support(), orders)] == ["iam.tf:17", "iam.tf:23"]
    (trust,) = statements(support(), "aws_iam_role.support_tools")
    assert [(one.key.rpartition(":")[2], place(one.at)) for one in trust.conditions] == [
        ("sub", "iam.tf:46"),
        ("aud", "iam.tf:47"),
    ]


def test_the_condition_of_the_agents_trust_does_not_vanish() -> None:
    (trust,) = statements(support(), "module.agent_role.aws_iam_role.this")
    assert trust.conditions_open or [one.key for one in trust.conditions] == ["aws:SourceAccount"]


def test_what_the_support_agent_keeps() -> None:
    found = {
        (fact.key.address, fact.thresholds): (fact.ttl, fact.rotated, place(fact.at))
        for fact in support()
        if isinstance(fact, Credential) and not fact.defaulted
    }
    assert found == {
        ("module.agent_role.aws_iam_role.this", "role-session"): (43_200.0, None, "modules/agent-role/main.tf:25"),
        ("aws_bedrockagent_agent.support", "idle-session"): (1_800.0, None, "agent.tf:5"),
        ("aws_bedrockagent_agent.support#memory", "memory"): (2_592_000.0, None, "agent.tf:14"),
        ("aws_secretsmanager_secret.crm", "static-secret"): (None, False, "data.tf:16"),
        ("aws_secretsmanager_secret.orders_db", "static-secret"): (2_592_000.0, True, "data.tf:25"),
    }


def test_only_the_webhook_token_is_a_secret_in_the_environment() -> None:
    assert {(use.variable, use.literal, place(use.at)) for use in support() if isinstance(use, SecretUse)} == {
        ("CRM_WEBHOOK_TOKEN", False, "functions.tf:15")
    }


def test_the_entries_of_the_research_stack() -> None:
    entries = {
        fact.key.address: (fact.kind, fact.role.value, place(fact.at)) for fact in research() if isinstance(fact, Agent)
    }
    assert entries == {
        "ResearchRuntime": ("agentcore-runtime", "agent", "template.yaml:65"),
        "AnswersRuntime": ("agentcore-runtime", "agent", "template.yaml:307"),
        "ResearchGateway": ("agentcore-gateway", "tool", "template.yaml:120"),
        "WebBrowser": ("agentcore-browser", "tool", "template.yaml:256"),
        "Notebook": ("agentcore-code-interpreter", "tool", "template.yaml:265"),
    }
    links = {(named(one.agent), named(one.other), one.relation) for one in research() if isinstance(one, AgentLink)}
    assert {
        ("ResearchRuntime", "ResearchMemory", "uses-memory"),
        ("ResearchRuntime", "ResearchGateway", "uses-gateway"),
        ("ResearchRuntime", "WebBrowser", "uses-tool"),
        ("ResearchRuntime", "Notebook", "uses-tool"),
        ("LibraryTarget", "LibraryLogin", "uses-credential-provider"),
    } <= links


def settings(aspect: Aspect, *, state: bool) -> list[tuple[str, str]]:
    return [
        (named(fact.subject), place(fact.at))
        for fact in research()
        if isinstance(fact, Setting) and fact.aspect is aspect and fact.state is state
    ]


def test_what_is_open_in_the_research_stack() -> None:
    assert settings(Aspect.ANONYMOUS_INBOUND, state=True) == [("ResearchGateway", "template.yaml:126")]
    assert settings(Aspect.UNRESTRICTED_EGRESS, state=True) == [("ResearchRuntime", "template.yaml:74")]
    assert settings(Aspect.PUBLIC_NETWORK, state=True) == [
        ("ResearchRuntime", "template.yaml:74"),
        ("WebBrowser", "template.yaml:261"),
    ]
    assert settings(Aspect.TOOL_FILTER, state=False) == [("LibraryTarget", "template.yaml:171")]
    assert settings(Aspect.PINNED_ARTIFACT, state=False) == [("ResearchRuntime", "template.yaml:72")]


def test_what_is_recorded_in_the_research_stack() -> None:
    assert settings(Aspect.AUDIT_LOG, state=False) == [
        ("ResearchRuntime", "template.yaml:65"),
        ("ResearchGateway", "template.yaml:120"),
        ("WebBrowser", "template.yaml:263"),
    ]
    assert [name for name, _ in settings(Aspect.AUDIT_LOG, state=True)] == ["AnswersRuntime"]


def test_the_policy_engine_of_the_research_gateway_only_logs() -> None:
    (gate,) = [fact for fact in research() if isinstance(fact, Gate)]
    assert (gate.kind, gate.fails_closed, place(gate.at)) == ("policy-engine", False, "template.yaml:129")


def test_what_the_research_assistant_keeps() -> None:
    found = {
        (fact.key.address, fact.thresholds, fact.ttl, place(fact.at))
        for fact in research()
        if isinstance(fact, Credential) and not fact.defaulted and fact.ttl is not None
    }
    assert {
        ("ResearchRole", "role-session", 28_800.0, "template.yaml:30"),
        ("ResearchRuntime#IdleRuntimeSessionTimeout", "idle-session", 28_800.0, "template.yaml:76"),
        ("ResearchRuntime#MaxLifetime", "idle-session", 28_800.0, "template.yaml:77"),
        ("ResearchMemory#EventExpiryDuration", "memory", 31_536_000.0, "template.yaml:97"),
        ("AnswersRuntime#MaxLifetime", "maximum-session", 3_600.0, "template.yaml:326"),
    } <= found


def test_the_search_key_is_the_only_secret_in_the_environment() -> None:
    uses = [fact for fact in research() if isinstance(fact, SecretUse) and fact.via == "environment"]
    assert [(use.variable, use.literal, place(use.at)) for use in uses] == [
        ("SEARCH_API_KEY", False, "template.yaml:83")
    ]
    assert not [fact for fact in research() if isinstance(fact, Credential) and fact.literal]
