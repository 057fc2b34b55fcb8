from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Agent, AgentLink, Aspect, Credential, Gate, IdentityUse, Principal, Setting, Tool
from agentreach.lowering.durations import DAY, HOUR
from lowering.loading import from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact


def settings(facts: tuple[Fact, ...], aspect: Aspect) -> list[tuple[object, bool | None, int]]:
    return [(plain(one.subject), one.state, line(one.at)) for one in only(facts, Setting) if one.aspect is aspect]


GRANULAR = (
    'memory_bank_config {\n ttl_config {\n  granular_ttl_config {\n   create_ttl = "86400s"\n'
    '   generate_updated_ttl = "3600s"\n  }\n }\n}'
)


def engine(spec: str, beside: str = "") -> str:
    body = f'display_name = "e"\n  spec {{\n{spec}\n  }}\n{beside}'
    return f'resource "google_vertex_ai_reasoning_engine" "e" {{\n  {body}\n}}\n'


def test_engines_without_an_account_share_the_service_agent_of_the_project(tmp_path: Path) -> None:
    (use,) = only(from_terraform(tmp_path, engine("")), IdentityUse)
    assert (plain(use.identity), use.inherited_default) == (
        "service-<any>@gcp-sa-aiplatform-re.iam.gserviceaccount.com",
        True,
    )


def test_an_agent_identity_belongs_to_one_engine(tmp_path: Path) -> None:
    facts = from_terraform(tmp_path, engine('identity_type = "AGENT_IDENTITY"'))
    (principal,), (use,) = only(facts, Principal), only(facts, IdentityUse)
    assert (principal.key.address, principal.kind) == (
        "google_vertex_ai_reasoning_engine.e.effective_identity",
        "agent-identity",
    )
    assert (plain(use.identity), use.inherited_default, line(use.at)) == ("<e>", False, 4)


def test_an_account_wins_over_the_kind_of_identity(tmp_path: Path) -> None:
    facts = from_terraform(tmp_path, engine('identity_type = "SERVICE_ACCOUNT"\nservice_account = "a@p"'))
    assert [plain(one.identity) for one in only(facts, IdentityUse)] == ["a@p"]


@pytest.mark.parametrize(
    ("config", "kept"),
    [
        ("", []),
        ("memory_bank_config {}", [("default_ttl", None, True)]),
        ('memory_bank_config {\n ttl_config {\n  default_ttl = "7200s"\n }\n}', [("default_ttl", 2 * HOUR, False)]),
        (GRANULAR, [("create_ttl", DAY, False), ("generate_updated_ttl", HOUR, False)]),
    ],
)
def test_what_an_engine_remembers_stays_until_a_lifetime_ends_it(
    tmp_path: Path, config: str, kept: list[tuple[str, float | None, bool]]
) -> None:
    facts = from_terraform(tmp_path, engine("", f"context_spec {{\n{config}\n}}"))
    found = [one for one in only(facts, Credential) if one.kind == "memory"]
    assert [(one.attribute.rpartition(".")[2], one.ttl, one.never_expires) for one in found] == kept
    assert [state for _, state, _ in settings(facts, Aspect.MEMORY_ENCRYPTION)] == ([False] if kept else [])


def test_only_a_private_interface_or_an_egress_gateway_bounds_what_an_engine_sends(tmp_path: Path) -> None:
    assert settings(from_terraform(tmp_path, engine("")), Aspect.UNRESTRICTED_EGRESS) == [("e", True, 1)]
    inbound = engine(
        'deployment_spec {\n agent_gateway_config {\n  client_to_agent_config {\n   agent_gateway = "in"\n  }\n }\n}'
    )
    assert settings(from_terraform(tmp_path, inbound), Aspect.UNRESTRICTED_EGRESS) == [("e", True, 1)]
    private = engine('deployment_spec {\n psc_interface_config {\n  network_attachment = "a"\n }\n}')
    assert settings(from_terraform(tmp_path, private), Aspect.UNRESTRICTED_EGRESS) == [("e", False, 5)]


GUARDED = (
    'resource "google_ces_guardrail" "g" {{\n  display_name = "g"\n  {}\n}}\n'
    'resource "google_ces_app" "a" {{\n  display_name = "a"\n  guardrails = [google_ces_guardrail.g.id]\n}}\n'
)


@pytest.mark.parametrize(
    ("guardrail", "state", "note"),
    [
        ("enabled = true", True, ""),
        ("enabled = false", False, "guardrail google_ces_guardrail.g is off"),
        (
            "llm_policy {\n fail_open = true\n}",
            None,
            "guardrail google_ces_guardrail.g lets everything through when it fails",
        ),
        (
            "llm_prompt_security {\n fail_open = true\n}",
            None,
            "guardrail google_ces_guardrail.g lets everything through when it fails",
        ),
    ],
)
def test_a_guardrail_protects_while_it_is_on_and_does_not_fail_open(
    tmp_path: Path, guardrail: str, *, state: bool | None, note: str
) -> None:
    facts = from_terraform(tmp_path, GUARDED.format(guardrail))
    found = [(one.state, one.note) for one in only(facts, Setting) if one.aspect is Aspect.GUARDRAIL]
    assert found == [(state, note)]


def test_an_app_its_agents_their_tools_and_its_channels(tmp_path: Path) -> None:
    text = (
        'resource "google_ces_app" "a" { display_name = "desk" }\n'
        'resource "google_ces_agent" "root" {\n  app = google_ces_app.a.name\n  display_name = "root"\n'
        "  child_agents = [google_ces_agent.refunds.name]\n}\n"
        'resource "google_ces_agent" "refunds" {\n  app = google_ces_app.a.name\n  display_name = "refunds"\n'
        "  toolsets {\n    toolset = google_ces_toolset.crm.name\n  }\n"
        '  before_tool_callbacks {\n    python_code = "x"\n  }\n}\n'
        'resource "google_ces_toolset" "crm" {\n  app = google_ces_app.a.name\n  display_name = "crm"\n'
        "  open_api_toolset {\n"
        '    open_api_schema = jsonencode({ paths = { "/refunds" = { post = { operationId = "refund" } } } })\n  }\n}\n'
        'resource "google_ces_app_root_agent_association" "r" {\n  app_id = google_ces_app.a.name\n'
        "  agent_id = google_ces_agent.root.name\n}\n"
        'resource "google_ces_deployment" "web" {\n  app = google_ces_app.a.name\n  channel_profile {\n'
        "    web_widget_config {\n      security_settings {\n        enable_public_access = true\n      }\n"
        "    }\n  }\n}\n"
    )
    facts = from_terraform(tmp_path, text)
    links = {(plain(one.agent), plain(one.other), one.relation) for one in only(facts, AgentLink)}
    assert {
        ("a", "<root>", "collaborates"),
        ("root", "<refunds>", "collaborates"),
        ("refunds", "<crm>", "uses-tool"),
    } <= links
    (tool,) = only(facts, Tool)
    assert (plain(tool.agent), tool.executor, tool.confirmable) == ("a", "http", False)
    assert [(one.name, one.mutating, one.confirmation) for one in tool.operations] == [("refund", True, False)]
    (hook,) = only(facts, Gate)
    assert (plain(hook.subject), hook.kind, hook.fails_closed, line(hook.at)) == ("refunds", "hook", None, 13)
    assert settings(facts, Aspect.ANONYMOUS_INBOUND) == [("a", True, 33)]


def test_a_callback_that_is_off_asks_nobody(tmp_path: Path) -> None:
    text = 'resource "google_ces_agent" "a" {\n  before_tool_callbacks {\n    disabled = true\n  }\n}\n'
    assert not only(from_terraform(tmp_path, text), Gate)


def test_a_single_function_says_by_its_name_what_it_does(tmp_path: Path) -> None:
    text = 'resource "google_ces_tool" "t" {\n  display_name = "delete_customer"\n  python_function { name = "x" }\n}\n'
    (tool,) = only(from_terraform(tmp_path, text), Tool)
    assert [(one.name, one.mutating) for one in tool.operations] == [("delete_customer", True)]


def test_a_dialogflow_agent_with_tool_webhook_and_retention(tmp_path: Path) -> None:
    text = (
        'resource "google_dialogflow_cx_agent" "a" {\n  display_name = "a"\n'
        "  security_settings = google_dialogflow_cx_security_settings.s.id\n}\n"
        'resource "google_dialogflow_cx_security_settings" "s" { retention_strategy = "X" }\n'
        'resource "google_dialogflow_cx_tool" "t" {\n  parent = google_dialogflow_cx_agent.a.id\n'
        '  display_name = "crm"\n'
        "  open_api_spec {\n"
        '    text_schema = jsonencode({ paths = { "/c" = { delete = { operationId = "removeCustomer" } } } })\n  }\n}\n'
        'resource "google_cloud_run_v2_service" "hook" { name = "hook" }\n'
        'resource "google_dialogflow_cx_webhook" "w" {\n  parent = google_dialogflow_cx_agent.a.id\n'
        '  display_name = "w"\n'
        "  generic_web_service {\n    uri = google_cloud_run_v2_service.hook.uri\n  }\n}\n"
        'resource "google_dialogflow_cx_webhook" "off" {\n  parent = google_dialogflow_cx_agent.a.id\n'
        "  disabled = true\n}\n"
    )
    facts = from_terraform(tmp_path, text)
    tools = {plain(one.key): one for one in only(facts, Tool)}
    assert [(one.name, one.mutating) for one in tools["t"].operations] == [("removeCustomer", True)]
    assert (plain(tools["w"].target), plain(tools["w"].agent), set(tools)) == ("<hook>", "a", {"t", "w"})
    (memory,) = [one for one in only(facts, Credential) if one.kind == "memory"]
    assert (plain(memory.owner), memory.ttl, memory.defaulted, line(memory.at)) == ("a", 365 * DAY, True, 5)


def test_conversations_that_are_removed_at_once_are_not_kept(tmp_path: Path) -> None:
    text = (
        'resource "google_dialogflow_cx_security_settings" "s" { retention_strategy = "REMOVE_AFTER_CONVERSATION" }\n'
    )
    assert from_terraform(tmp_path, text) == ()


def test_the_retention_of_the_projects_log_is_a_record_of_its_agents(tmp_path: Path) -> None:
    def kept(days: str) -> list[tuple[bool | None, bool]]:
        text = (
            engine("")
            + f'resource "google_logging_project_bucket_config" "b" {{\n  bucket_id = "_Default"\n{days}\n}}\n'
        )
        found = [one for one in only(from_terraform(tmp_path, text), Setting) if one.aspect is Aspect.AUDIT_LOG]
        return [(one.state, one.defaulted) for one in found]

    assert kept("retention_days = 400") == [(True, False)]
    assert kept("retention_days = 90") == [(False, False)]
    assert kept("") == [(False, True)]


def test_what_a_registry_lists_lives_elsewhere(tmp_path: Path) -> None:
    text = (
        'resource "google_agent_registry_service" "m" {\n  display_name = "crm"\n  mcp_server_spec {}\n}\n'
        'resource "google_agent_registry_service" "a" {\n  display_name = "ops"\n  agent_spec {}\n}\n'
    )
    found = [(one.name, one.kind, one.role.value) for one in only(from_terraform(tmp_path, text), Agent)]
    assert found == [("crm", "mcp-server", "tool"), ("ops", "registered-agent", "host")]


def test_a_provider_of_credentials_serves_the_workloads_it_lists(tmp_path: Path) -> None:
    text = engine("") + (
        'resource "google_agent_identity_auth_provider" "p" {\n'
        "  workload_ids = [google_vertex_ai_reasoning_engine.e.id]\n"
        '  auth_provider_type_params {\n    api_key {\n      api_key = "Zx81-kP3q-9vTq-77aa"\n    }\n  }\n}\n'
    )
    (key,) = [one for one in only(from_terraform(tmp_path, text), Credential) if one.kind == "api-key"]
    assert (plain(key.owner), key.never_expires, key.stored_in) == ("e", True, "agent identity")
