from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Agent, AgentLink, Aspect, IdentityUse, Role, SecretUse, Setting, Signal, Workload
from lowering.loading import from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact


def service(image: str, name: str = "api", environment: str = "") -> str:
    return (
        f'resource "google_cloud_run_v2_service" "s" {{\n  name = "{name}"\n  template {{\n'
        '    service_account = "run@acme.iam.gserviceaccount.com"\n    containers {\n'
        f'      image = "{image}"\n{environment}    }}\n  }}\n}}\n'
    )


def variable(name: str, value: str) -> str:
    return f'      env {{\n        name = "{name}"\n        value = {value}\n      }}\n'


def signs(facts: tuple[Fact, ...]) -> list[tuple[str, str, int]]:
    return [(one.kind, one.strength.value, line(one.at)) for one in only(facts, Signal)]


def test_the_image_of_an_agent_product_is_decisive(tmp_path: Path) -> None:
    facts = from_terraform(tmp_path, service("docker.io/n8nio/n8n:1.90"))
    assert signs(facts) == [("image", "decisive", 6)]
    (pinned,) = [one for one in only(facts, Setting) if one.aspect is Aspect.PINNED_ARTIFACT]
    assert (pinned.state, pinned.note) == (False, "image docker.io/n8nio/n8n:1.90")


@pytest.mark.parametrize("image", ["gcr.io/datadoghq/agent:7", "grafana/agent:v0.40", "fluent/fluent-bit:3"])
def test_agents_of_monitoring_are_none(tmp_path: Path, image: str) -> None:
    assert signs(from_terraform(tmp_path, service(image, "datadog-agent"))) == []


def test_a_digest_pins_an_image_and_an_unknown_one_is_not_said_to_move(tmp_path: Path) -> None:
    pinned = from_terraform(tmp_path, service(f"acme/bot@sha256:{'a' * 64}"))
    assert [one.state for one in only(pinned, Setting) if one.aspect is Aspect.PINNED_ARTIFACT] == [True]
    unknown = from_terraform(tmp_path, 'variable "image" {}\n' + service("${var.image}"))
    assert [one.state for one in only(unknown, Setting) if one.aspect is Aspect.PINNED_ARTIFACT] == [None]


def test_a_variable_of_an_agent_kit_is_a_sign(tmp_path: Path) -> None:
    facts = from_terraform(tmp_path, service("acme/bot", environment=variable("GOOGLE_GENAI_USE_VERTEXAI", '"true"')))
    assert signs(facts) == [("environment", "strong", 9)]


def test_a_name_that_only_repeats_the_image_is_no_second_sign(tmp_path: Path) -> None:
    assert signs(from_terraform(tmp_path, service("acme/langchain-api", "langchain"))) == [("image", "strong", 6)]
    both = from_terraform(tmp_path, service("acme/langchain-api", "support-agent"))
    assert signs(both) == [("name", "strong", 2), ("image", "strong", 6)]


def test_an_mcp_server_is_a_tool(tmp_path: Path) -> None:
    (tool,) = only(from_terraform(tmp_path, service("acme/crm-mcp-server:1", "crm-mcp")), Agent)
    assert (tool.role, tool.kind, tool.platform, tool.name) == (Role.TOOL, "mcp-server", "google", "crm-mcp")
    assert not only(from_terraform(tmp_path, service("acme/crm-mcp-server:1", "crm")), Agent)


def test_a_variable_leads_to_a_declared_mcp_server(tmp_path: Path) -> None:
    text = (
        'resource "google_cloud_run_v2_service" "crm" { name = "crm-mcp" }\n'
        + service("acme/bot", environment=variable("MCP_SERVER_URL", "google_cloud_run_v2_service.crm.uri"))
        + 'resource "google_cloud_run_v2_service" "other" {\n  name = "o"\n  template {\n    containers {\n'
        + variable("API_URL", "google_cloud_run_v2_service.crm.uri")
        + "    }\n  }\n}\n"
    )
    links = [
        (plain(one.agent), plain(one.other), one.relation) for one in only(from_terraform(tmp_path, text), AgentLink)
    ]
    assert links == [("s", "<crm>", "uses-tool")]


def test_secrets_in_the_environment_by_value_and_by_reference(tmp_path: Path) -> None:
    text = 'variable "later" {}\nresource "google_service_account_key" "k" { service_account_id = "x" }\n' + service(
        "acme/bot",
        environment=variable("API_KEY", '"Zx81-kP3q-9vTq-77aa"')
        + variable("KEY_FILE", "google_service_account_key.k.private_key")
        + variable("DB_PASSWORD", "var.later")
        + variable("SECRET_NAME", '"projects/acme/secrets/crm"')
        + variable("LOG_LEVEL", '"debug"')
        + '      env {\n        name = "TOKEN"\n        value_source {\n          secret_key_ref {\n'
        + '            secret = "crm"\n            version = "latest"\n          }\n        }\n      }\n',
    )
    found = only(from_terraform(tmp_path, text), SecretUse)
    assert [(one.variable, one.literal, line(one.at)) for one in found] == [
        ("API_KEY", True, 11),
        ("KEY_FILE", False, 15),
        ("DB_PASSWORD", False, 19),
        ("TOKEN", False, 33),
    ]
    assert not any("Zx81" in repr(plain(one)) for one in found)


@pytest.mark.parametrize(
    ("disabled", "proxy", "state"), [("true", "false", True), ("true", "true", False), ("false", "false", False)]
)
def test_without_the_invoker_check_anyone_may_call_unless_a_proxy_asks(
    tmp_path: Path, disabled: str, proxy: str, *, state: bool
) -> None:
    text = (
        f'resource "google_cloud_run_v2_service" "s" {{\n  name = "s"\n  invoker_iam_disabled = {disabled}\n'
        f"  iap_enabled = {proxy}\n}}\n"
    )
    found = [one for one in only(from_terraform(tmp_path, text), Setting) if one.aspect is Aspect.ANONYMOUS_INBOUND]
    assert [one.state for one in found] == [state]


def test_jobs_and_services_of_the_first_api_are_read_alike(tmp_path: Path) -> None:
    text = (
        'resource "google_cloud_run_v2_job" "j" {\n  name = "j"\n  template {\n    template {\n'
        '      service_account = "j@p"\n      containers {\n        image = "n8nio/n8n"\n      }\n    }\n  }\n}\n'
        'resource "google_cloud_run_service" "s" {\n  name = "s"\n  template {\n    spec {\n'
        '      service_account_name = "s@p"\n      containers {\n        image = "langgenius/dify-api"\n        env {\n'
        '          name = "T"\n          value_from {\n            secret_key_ref {\n              name = "crm"\n'
        "            }\n          }\n        }\n      }\n    }\n  }\n}\n"
    )
    facts = from_terraform(tmp_path, text)
    assert [(plain(one.subject), plain(one.identity)) for one in only(facts, IdentityUse)] == [
        ("j", "j@p"),
        ("s", "s@p"),
    ]
    assert [(plain(one.subject), one.strength.value) for one in only(facts, Signal)] == [
        ("j", "decisive"),
        ("s", "decisive"),
    ]
    assert [(plain(one.subject), plain(one.secret)) for one in only(facts, SecretUse)] == [("s", "crm")]


def test_functions_of_the_first_generation_act_as_the_account_of_app_engine(tmp_path: Path) -> None:
    text = 'resource "google_cloudfunctions_function" "f" {\n  name = "f"\n  project = "acme"\n}\n'
    (use,) = only(from_terraform(tmp_path, text), IdentityUse)
    assert (plain(use.identity), use.inherited_default) == ("acme@appspot.gserviceaccount.com", True)


def test_a_machine_without_an_account_block_has_no_identity(tmp_path: Path) -> None:
    assert not only(from_terraform(tmp_path, 'resource "google_compute_instance" "m" { name = "m" }'), IdentityUse)


@pytest.mark.parametrize(
    ("block", "identity", "inherited", "certain"),
    [
        ('email = "m@p"\n scopes = ["cloud-platform"]', "m@p", False, True),
        ('email = "m@p"\n scopes = ["logging-write"]', "m@p", False, False),
        ('email = "m@p"\n scopes = [var.s]', "m@p", False, True),
        ('scopes = ["cloud-platform"]', "<any>-compute@developer.gserviceaccount.com", True, True),
    ],
)
def test_scopes_limit_what_a_machine_may_do_as_its_account(
    tmp_path: Path, block: str, identity: str, *, inherited: bool, certain: bool
) -> None:
    machine = f'resource "google_compute_instance" "m" {{\n  name = "m"\n  service_account {{\n{block}\n  }}\n}}\n'
    text = f'variable "s" {{}}\n{machine}'
    (use,) = only(from_terraform(tmp_path, text), IdentityUse)
    assert (plain(use.identity), use.inherited_default, use.certain) == (identity, inherited, certain)


@pytest.mark.parametrize(
    ("cluster", "mode", "exposed"),
    [
        ('workload_identity_config {\n workload_pool = "p.svc.id.goog"\n}', "GKE_METADATA", False),
        ('workload_identity_config {\n workload_pool = "p.svc.id.goog"\n}', "GCE_METADATA", True),
        ('workload_identity_config {\n workload_pool = "p.svc.id.goog"\n}', "", False),
        ("enable_autopilot = true", "", False),
        ("", "", True),
    ],
)
def test_whether_pods_get_the_account_of_the_nodes(tmp_path: Path, cluster: str, mode: str, *, exposed: bool) -> None:
    written = f'workload_metadata_config {{\n mode = "{mode}"\n}}' if mode else ""
    text = (
        f'resource "google_container_cluster" "c" {{\n  name = "c"\n{cluster}\n}}\n'
        'resource "google_container_node_pool" "n" {\n  cluster = google_container_cluster.c.id\n'
        f'  node_config {{\n    oauth_scopes = ["cloud-platform"]\n{written}\n  }}\n}}\n'
    )
    facts = from_terraform(tmp_path, text)
    (metadata,) = [one for one in only(facts, Setting) if one.aspect is Aspect.HOST_ACCESS]
    assert (plain(metadata.subject), metadata.state) == ("n", exposed)
    (use,) = only(facts, IdentityUse)
    assert (use.inherited_default, use.certain, use.note) == (
        True,
        True,
        "no account is named: the nodes act as the project's default one",
    )


def test_a_schedule_makes_what_it_calls_unattended(tmp_path: Path) -> None:
    text = (
        service("n8nio/n8n")
        + 'resource "google_cloud_scheduler_job" "nightly" {\n  name = "nightly"\n  schedule = "0 3 * * *"\n'
        + "  http_target {\n    uri = google_cloud_run_v2_service.s.uri\n    oidc_token {\n"
        + '      service_account_email = "caller@p"\n    }\n  }\n}\n'
    )
    facts = from_terraform(tmp_path, text)
    (alone,) = [one for one in only(facts, Setting) if one.aspect is Aspect.UNATTENDED]
    assert (plain(alone.subject), line(alone.at), alone.note) == ("s", 12, "called on the schedule 0 3 * * *")
    assert ("nightly", "caller@p") in [(plain(one.subject), plain(one.identity)) for one in only(facts, IdentityUse)]


def test_workloads_say_what_they_are(tmp_path: Path) -> None:
    text = (
        'resource "google_workflows_workflow" "w" { name = "w" }\n'
        'resource "google_cloudbuild_trigger" "t" { name = "t" }\n'
        'resource "google_workbench_instance" "n" { name = "n" }\n'
    )
    found = {plain(one.key): one.kind for one in only(from_terraform(tmp_path, text), Workload)}
    assert found == {"w": "workflow", "t": "cloud-build-trigger", "n": "workbench-instance"}
