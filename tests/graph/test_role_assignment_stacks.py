"""The Google, Azure and pipeline stacks under fixtures/, scanned as a user would: what their READMEs write down."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agentreach import scan
from agentreach.identity import Aspect, Role

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.graph.views import AgentView, IdentityView, Reach
    from agentreach.model import Span

FIXTURES = Path(__file__).parents[2] / "fixtures"
STACKS = ("vertex-assistant", "foundry-desk", "ci-coding-agent")


@cache
def scanned(stack: str) -> Scan:
    return scan(FIXTURES / stack)


def place(at: Span) -> str:
    location = at.location
    parts = Path(location.path).parts
    inside = parts[parts.index("fixtures") + 2 :]
    return f"{'/'.join(inside)}:{location.line}"


def agent(stack: str, address: str) -> AgentView:
    (found,) = [one for one in scanned(stack).graph.agents if one.key.address == address]
    return found


def identities(stack: str, address: str) -> dict[str, tuple[str, bool | None, str]]:
    return {one.key.address: (one.relation.value, one.standing, _last(one)) for one in agent(stack, address).identities}


def _last(view: IdentityView) -> str:
    return place(view.via[-1].at) if view.via else ""


def reach(stack: str, address: str) -> list[tuple[str, str, str, bool | None, str, str]]:
    """Step, first action, first resource, standing, verdict, where; highest first."""
    found = [one for one in scanned(stack).graph.all_reach if address in [key.address for key in one.entries]]
    return [_row(one) for one in sorted(found, key=lambda one: (-one.step, one.cause, one.service))]


def _row(one: Reach) -> tuple[str, str, str, bool | None, str, str]:
    return (one.step.label, one.actions[0], one.resources[0], one.standing, one.verdict, place(one.evidence[0].at))


def credentials(stack: str, address: str) -> dict[str, tuple[str, float | None, bool, bool | None, str]]:
    graph = scanned(stack).graph
    held = [one.credential for one in graph.credentials() if address in [key.address for key in one.entries]]
    return {
        one.key.address: (
            one.kind,
            one.ttl if isinstance(one.ttl, float) else None,
            one.never_expires,
            one.rotated,
            place(one.at),
        )
        for one in held
    }


def findings(stack: str) -> set[tuple[str, str, str]]:
    """Check, subject, and the place of the first evidence."""
    return {(one.check_id, one.subject.address, place(one.evidence[0].at)) for one in scanned(stack).open_findings}


ASSISTANT = "google_vertex_ai_reasoning_engine.assistant"
PROJECT = "projects/acme-claims-prod"
ROLES = "modules/service-account/main.tf:11"


def test_the_assistant_and_everything_it_acts_as() -> None:
    assert agent("vertex-assistant", ASSISTANT).owner == "claims-platform"
    assert identities("vertex-assistant", ASSISTANT) == {
        "module.assistant.google_service_account.this": ("runs-as", True, "agent.tf:24"),
        "module.operations.google_service_account.this": ("assumes", True, "iam.tf:42"),
        "…-compute@developer.gserviceaccount.com": ("tool-acts-as", True, "tools.tf:7"),
        "google_service_account.partner": ("delegated", True, "tools.tf:18"),
    }
    inherited = [one for one in agent("vertex-assistant", ASSISTANT).identities if one.inherited_default]
    assert [one.key.address for one in inherited] == ["…-compute@developer.gserviceaccount.com"]


def test_the_reach_of_the_assistant() -> None:
    assert reach("vertex-assistant", ASSISTANT) == [
        ("identity", "roles/cloudsql.admin", PROJECT, False, "allowed", "iam.tf:85"),
        ("identity", "roles/editor", PROJECT, True, "allowed", ROLES),
        ("secrets", "roles/secretmanager.secretAccessor", f"{PROJECT}/secrets/crm-token", True, "allowed", "iam.tf:10"),
        ("deploy", "roles/aiplatform.user", PROJECT, True, "allowed", ROLES),
        ("write-data", "roles/bigquery.dataEditor", f"{PROJECT}/datasets/claims_live", True, "allowed", "iam.tf:4"),
        ("write-data", "roles/cloudsql.admin", PROJECT, False, "allowed", "iam.tf:85"),
        ("write-data", "roles/pubsub.editor", PROJECT, False, "possible", "iam.tf:60"),
        ("write-data", "pubsub.topics.publish", PROJECT, True, "allowed", "iam.tf:20"),
        (
            "write-data",
            "roles/storage.objectAdmin",
            f"{PROJECT}/buckets/acme-claims-documents",
            True,
            "allowed",
            "tools.tf:41",
        ),
        ("write-data", "roles/editor", PROJECT, True, "allowed", ROLES),
        ("read-data", "storage.objects.get", PROJECT, True, "allowed", "iam.tf:18"),
        ("observe", "roles/logging.logWriter", PROJECT, True, "allowed", ROLES),
    ]


def test_a_role_from_a_variable_shows_where_it_is_written() -> None:
    (one,) = [one for one in scanned("vertex-assistant").graph.all_reach if "aiplatform" in one.actions[0]]
    assert [place(evidence.at) for evidence in one.evidence] == [
        ROLES,
        "terraform.tfvars:6",
        "modules/service-account/main.tf:1",
        "agent.tf:24",
        "agent.tf:10",
    ]


def test_what_an_approval_or_a_date_stands_before_names_its_gate() -> None:
    gates = {
        one.actions[0]: [(gate.kind, gate.holds, place(gate.at)) for gate in one.gates]
        for one in scanned("vertex-assistant").graph.all_reach
        if one.standing is False
    }
    assert gates == {
        "roles/cloudsql.admin": [("approval", True, "iam.tf:85")],
        "roles/pubsub.editor": [("condition", True, "iam.tf:65")],
    }


def test_the_declared_things_that_a_role_reaches() -> None:
    named = {
        one.actions[0]: [system.key.address for system in one.systems]
        for one in scanned("vertex-assistant").graph.all_reach
    }
    assert named["roles/secretmanager.secretAccessor"] == ["google_secret_manager_secret.crm"]
    assert named["storage.objects.get"] == ["google_storage_bucket.documents"]
    assert named["roles/run.developer"] == ["google_cloud_run_v2_service.claims_tools"]
    assert "google_bigquery_dataset.claims" in named["roles/editor"]


def test_what_the_assistant_and_its_tool_can_keep() -> None:
    assert credentials("vertex-assistant", ASSISTANT) == {
        "google_privileged_access_manager_entitlement.database#0": (
            "elevated-session",
            7200.0,
            False,
            None,
            "iam.tf:74",
        ),
        "google_secret_manager_secret.crm": ("secret", None, True, False, "data.tf:24"),
        "google_service_account_key.partner": ("service-account-key", None, True, False, "tools.tf:35"),
        f"{ASSISTANT}#default_ttl": ("memory", 120 * 86_400.0, False, None, "agent.tf:17"),
    }
    assert list(credentials("vertex-assistant", "google_cloud_run_v2_service.claims_tools")) == [
        "google_service_account_key.partner"
    ]


def test_how_far_the_borrowed_identity_leads() -> None:
    paths = {one.path: one for one in scanned("vertex-assistant").graph.escalations()}
    deploys = paths["google-run-deploy"]
    assert (deploys.identity.address, deploys.yields.label, deploys.certain) == (
        "module.operations.google_service_account.this",
        "identity",
        True,
    )
    assert [key.address for key in deploys.gains] == [
        "google_service_account.partner",
        "google_service_account.reviewer",
        "module.assistant.google_service_account.this",
    ]
    assert paths["google-cloudbuild-create"].certain is False
    assert paths["google-cloudbuild-create"].target == f"any build service account in {PROJECT}"


def test_a_coding_agents_account_that_only_pipelines_may_become() -> None:
    reviewer = agent("vertex-assistant", "google_service_account.reviewer")
    assert (reviewer.role, reviewer.agent.kind) == (Role.UNDECLARED, "ci-agent")
    assert [place(one.at) for one in reviewer.agent.because] == ["pipeline.tf:28"]


def test_findings_of_the_assistant() -> None:
    found = findings("vertex-assistant")
    operations = "module.operations.google_service_account.this"
    assert {
        ("AR107", "…-compute@developer.gserviceaccount.com", "tools.tf:7"),
        ("AR112", "google_service_account.reviewer", "pipeline.tf:28"),
        ("AR201", "google_service_account_key.partner", "tools.tf:35"),
        ("AR203", "google_secret_manager_secret.crm", "data.tf:24"),
        ("AR206", ASSISTANT, "agent.tf:34"),
        ("AR209", f"{ASSISTANT}#default_ttl", "agent.tf:17"),
        ("AR302", operations, ROLES),
        ("AR305", "module.assistant.google_service_account.this", ROLES),
        ("AR306", "google_service_account.partner", "tools.tf:41"),
        ("AR404", "google_cloud_run_v2_service.claims_tools", "tools.tf:28"),
        ("AR504", "google_cloud_run_v2_service.claims_tools", "tools.tf:9"),
    } <= found
    silent = {"iam.tf:49", "data.tf:37", "agent.tf:40"}
    assert not [one for one in found if one[2] in silent]
    assert not [one for one in found if one[0] in {"AR307", "AR403", "AR501", "AR502"}]


OPERATIONS, TRIAGE, N8N = "azapi_resource.operations", "azapi_resource.triage", "Deployment/desk/onboarding"
TICKETS, SANDBOX = "azurerm_container_app.tickets", "azapi_resource.sandbox"


def test_who_is_who_at_the_desk() -> None:
    known = {one.key.address: (one.agent.kind, one.role.value) for one in scanned("foundry-desk").graph.agents}
    assert known == {
        N8N: ("deployment", "agent"),
        OPERATIONS: ("sre-agent", "agent"),
        TRIAGE: ("foundry-application", "agent"),
        "azurerm_cognitive_account.desk": ("foundry-account", "host"),
        "azurerm_cognitive_account_project.desk": ("foundry-project", "host"),
        TICKETS: ("mcp-server", "tool"),
        SANDBOX: ("session-pool", "tool"),
    }


@pytest.mark.parametrize(
    ("entry", "acts_as"),
    [
        (OPERATIONS, {"azurerm_user_assigned_identity.operations": ("runs-as", True, "operations.tf:18")}),
        (TRIAGE, {"azapi_resource.triage.identity": ("runs-as", True, "foundry.tf:83")}),
        (TICKETS, {"azurerm_user_assigned_identity.tickets": ("runs-as", True, "tools.tf:11")}),
        (SANDBOX, {"azurerm_user_assigned_identity.tickets": ("runs-as", True, "tools.tf:83")}),
        (
            N8N,
            {
                "ServiceAccount/desk/onboarding": ("runs-as", True, "kubernetes/onboarding.yaml:32"),
                "azuread_application.onboarding": ("federated", True, "directory.tf:24"),
            },
        ),
    ],
)
def test_whom_each_acts_as_at_the_desk(entry: str, acts_as: dict[str, tuple[str, bool, str]]) -> None:
    assert identities("foundry-desk", entry) == acts_as


def test_the_reach_of_operations() -> None:
    group, own = "resourceGroups/rg-desk-prod", "the provider's subscription"
    machines = "Microsoft.Compute/virtualMachines"
    found = reach("foundry-desk", OPERATIONS)
    assert ("identity", "User Access Administrator", group, False, "allowed", "operations.tf:66") in found
    assert ("deploy", "Contributor", group, True, "possible", "operations.tf:29") in found
    assert ("execute", f"{machines}/restart/action", own, True, "allowed", "operations.tf:47") in found


def test_the_reach_of_the_desks_other_agents_and_tools() -> None:
    vault = "resourceGroups/rg-desk-prod/providers/Microsoft.KeyVault/vaults/kv-desk-prod"
    account = "resourceGroups/rg-desk-prod/providers/Microsoft.Storage/storageAccounts/stdeskprod"
    gets = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
    assert reach("foundry-desk", SANDBOX) == [
        ("secrets", gets, vault, True, "allowed", "data.tf:37"),
        ("write-data", "Storage Blob Data Contributor", account, True, "allowed", "data.tf:42"),
    ]
    assert reach("foundry-desk", TRIAGE) == [
        (
            "read-data",
            "Storage Blob Data Reader",
            f"{account}/blobServices/default/containers/attachments",
            True,
            "allowed",
            "foundry.tf:104",
        )
    ]
    assert reach("foundry-desk", N8N) == [
        ("identity", "User.ReadWrite.All", "directory", True, "allowed", "directory.tf:15")
    ]


def test_assignments_on_a_container_reach_just_that_container() -> None:
    named = {
        one.actions[0]: [system.key.address for system in one.systems]
        for one in scanned("foundry-desk").graph.all_reach
    }
    assert named["Storage Blob Data Reader"] == ["azurerm_storage_container.attachments"]
    assert named["Storage Blob Data Contributor"] == [
        "azurerm_storage_account.desk",
        "azurerm_storage_container.attachments",
    ]
    assert named["Search Index Data Reader"] == ["azurerm_search_service.knowledge"]


def test_what_the_desk_can_keep() -> None:
    project = credentials("foundry-desk", "azurerm_cognitive_account_project.desk")
    assert project == {
        "azurerm_cognitive_account.desk": ("account-key", None, True, False, "foundry.tf:2"),
        "azurerm_cognitive_account_connection_api_key.tickets": ("api-key", None, True, False, "foundry.tf:50"),
    }
    assert credentials("foundry-desk", N8N)["azuread_application_password.onboarding"] == (
        "client-secret",
        730 * 86_400.0,
        False,
        False,
        "directory.tf:31",
    )
    assert credentials("foundry-desk", OPERATIONS) == {
        "azurerm_pim_eligible_role_assignment.operations": (
            "elevated-session",
            7200.0,
            False,
            None,
            "operations.tf:79",
        )
    }


def test_an_agent_that_acts_alone_says_so() -> None:
    (alone,) = scanned("foundry-desk").graph.settings(aspect=Aspect.UNATTENDED)
    assert (alone.subject.address, place(alone.setting.at)) == (OPERATIONS, "operations.tf:28")


def test_agents_that_no_resource_declares_are_not_taken_for_none() -> None:
    hidden = {(one.address, one.attribute) for one in scanned("foundry-desk").graph.unknowns}
    assert ("azurerm_cognitive_account_project.desk", "agents") in hidden


def test_findings_of_the_desk() -> None:
    found = findings("foundry-desk")
    assert {
        ("AR002", "azurerm_cognitive_account_project.desk", "foundry.tf:18"),
        ("AR103", "azurerm_user_assigned_identity.tickets", "tools.tf:54"),
        ("AR201", "azurerm_cognitive_account.desk", "foundry.tf:2"),
        ("AR202", "azuread_application_password.onboarding", "directory.tf:31"),
        ("AR209", f"{SANDBOX}#cooldownPeriodInSeconds", "tools.tf:76"),
        ("AR303", "azurerm_user_assigned_identity.tickets", "data.tf:37"),
        ("AR306", "azurerm_user_assigned_identity.tickets", "data.tf:42"),
        ("AR308", SANDBOX, "tools.tf:80"),
        ("AR404", TICKETS, "tools.tf:26"),
        ("AR405", OPERATIONS, "operations.tf:28"),
        ("AR405", "azuread_application.onboarding", "directory.tf:15"),
    } <= found
    assert not [one for one in found if one[0] in {"AR106", "AR403", "AR501", "AR502", "AR504"}]
    assert not [one for one in found if one[2] in {"data.tf:7", "foundry.tf:65", "foundry.tf:12"}]


FIXER, SUPPORT = "aws_iam_role.fixer", "aws_iam_role.triage"


def test_roles_that_only_pipelines_of_coding_agents_may_assume() -> None:
    known = {
        one.key.address: [place(each.at) for each in one.agent.because]
        for one in scanned("ci-coding-agent").graph.agents
    }
    assert known == {FIXER: ["fixer.tf:9"], SUPPORT: ["triage.tf:9"]}


def test_a_pipelines_secrets_belong_to_whoever_its_runs_become() -> None:
    assert identities("ci-coding-agent", FIXER) == {
        FIXER: ("runs-as", False, ""),
        "gitlab_project_access_token.agent": ("delegated", True, "tokens.tf:17"),
    }
    assert identities("ci-coding-agent", SUPPORT) == {
        SUPPORT: ("runs-as", True, ""),
        "gitlab_personal_access_token.jana": ("delegated", True, "tokens.tf:37"),
    }
    people = [one.key.address for one in agent("ci-coding-agent", SUPPORT).identities if one.human]
    assert people == ["gitlab_personal_access_token.jana"]


def test_reviewers_of_an_environment_stand_before_the_role_but_not_before_the_repositorys_secret() -> None:
    assert reach("ci-coding-agent", FIXER) == [
        (
            "deploy",
            "lambda:UpdateFunctionCode",
            "arn:aws:lambda:eu-central-1:…:function:webshop-staging-*",
            False,
            "allowed",
            "fixer.tf:37",
        ),
        ("deploy", "maintainer", "infrastructure", True, "allowed", "tokens.tf:9"),
        ("write-data", "s3:PutObject", "arn:aws:s3:::acme-webshop-staging/*", False, "allowed", "fixer.tf:43"),
    ]
    (gate,) = agent("ci-coding-agent", FIXER).gates
    assert (gate.kind, gate.holds, place(gate.at)) == ("approval", True, "fixer.tf:63")


def test_findings_of_the_pipelines() -> None:
    found = findings("ci-coding-agent")
    assert {
        ("AR104", "gitlab_personal_access_token.jana", "tokens.tf:37"),
        ("AR202", SUPPORT, "triage.tf:4"),
        ("AR203", "gitlab_project_access_token.agent", "tokens.tf:11"),
        ("AR303", SUPPORT, "triage.tf:36"),
        ("AR305", "gitlab_project_access_token.agent", "tokens.tf:9"),
    } <= found
    assert not [one for one in found if one[1] in {"aws_iam_role.build", "gitlab_project_deploy_token.mirror"}]
    assert not [one for one in found if one[0] == "AR405"]


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_is_read_completely(stack: str) -> None:
    found = scanned(stack)
    assert (found.broken, found.graph.unmodelled) == ((), ())
    assert not [one for one in found.skipped if not one.by_design]
