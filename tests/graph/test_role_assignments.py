"""Who holds which role where: members, scopes, roles, conditions and hops, from declarations of a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach import scan

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
GOOGLE = """
resource "google_service_account" "a" {
  account_id = "agent"
  project    = "acme"
}
resource "google_vertex_ai_reasoning_engine" "e" {
  display_name = "e"
  spec {
    service_account = google_service_account.a.email
  }
}
"""
AZURE = """
data "azurerm_subscription" "s" {}
resource "azurerm_resource_group" "g" {
  name = "rg"
}
resource "azurerm_user_assigned_identity" "i" {
  name                = "agent"
  resource_group_name = azurerm_resource_group.g.name
}
resource "azapi_resource" "agent" {
  type = "Microsoft.App/agents@2025-05-01-preview"
  name = "ops"
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.i.id]
  }
}
"""


def graph(directory: Path, text: str, manifest: str = "") -> AgentGraph:
    (directory / "main.tf").write_text(text, encoding="utf-8")
    if manifest:
        (directory / "pods.yaml").write_text(manifest, encoding="utf-8")
    return scan(directory).graph


def granted(role: str, condition: str = "", scope: str = 'project = "acme"', kind: str = "project") -> str:
    return (
        f'resource "google_{kind}_iam_member" "m" {{\n  {scope}\n  role = {role}\n'
        f"  member = google_service_account.a.member\n{condition}\n}}\n"
    )


def said(found: Reach) -> tuple[str, str, str, bool, bool]:
    return (found.step.label, found.service, found.verdict, found.wildcard_action, found.wildcard_resource)


@pytest.mark.parametrize(
    ("role", "rows"),
    [
        ('"roles/owner"', [("admin", "*", "allowed", True, True)]),
        ('"roles/secretmanager.secretAccessor"', [("secrets", "secretmanager", "allowed", False, True)]),
        ('"roles/browser"', [("observe", "*", "allowed", False, True)]),
        ('"roles/brandnew.thingViewer"', [("read-data", "brandnew", "possible", False, True)]),
    ],
)
def test_a_role_gives_the_step_of_the_table_and_an_unlisted_one_only_possibly(
    tmp_path: Path, role: str, rows: list[tuple[str, str, str, bool, bool]]
) -> None:
    found = graph(tmp_path, GOOGLE + granted(role)).all_reach
    assert [said(one) for one in found] == rows
    noted = "not in the table of roles" in found[0].evidence[0].note
    assert noted == (found[0].verdict == "possible")


@pytest.mark.parametrize(
    ("expression", "verdicts"),
    [
        ('request.time < timestamp(\\"2020-01-01T00:00:00Z\\")', []),
        ('request.time < timestamp(\\"2099-01-01T00:00:00Z\\")', [("possible", False, True)]),
        ('request.time < timestamp(\\"2020-01-01T00:00:00Z\\") || true', [("possible", True, True)]),
        ('resource.name.startsWith(\\"projects/_/buckets/x\\")', [("possible", True, False)]),
    ],
)
def test_a_condition_makes_a_grant_possible_and_a_date_ends_it(
    tmp_path: Path, expression: str, verdicts: list[tuple[str, bool, bool]]
) -> None:
    condition = f'  condition {{\n    title = "t"\n    expression = "{expression}"\n  }}'
    found = graph(tmp_path, GOOGLE + granted('"roles/storage.objectViewer"', condition)).all_reach
    assert [(one.verdict, one.standing, one.wildcard_resource) for one in found] == verdicts


@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers", "domain:acme.example", "projectOwner:acme"])
def test_a_role_of_anyone_or_of_a_domain_is_no_agents_own(tmp_path: Path, member: str) -> None:
    text = f'resource "google_project_iam_member" "m" {{\n  role = "roles/owner"\n  member = "{member}"\n}}\n'
    assert graph(tmp_path, GOOGLE + text).all_reach == ()


def test_a_custom_role_is_rated_by_its_permissions_where_they_are_written(tmp_path: Path) -> None:
    text = (
        'resource "google_project_iam_custom_role" "r" {\n  role_id = "r"\n  permissions = [\n'
        '    "storage.objects.get",\n    "secretmanager.versions.access",\n  ]\n}\n'
    )
    found = graph(tmp_path, GOOGLE + text + granted("google_project_iam_custom_role.r.id")).all_reach
    assert {(one.step.label, one.names, one.evidence[0].at.location.line) for one in found} == {
        ("read-data", ("storage.objects.get",), 15),
        ("secrets", ("secretmanager.versions.access",), 16),
    }


def test_minting_tokens_of_a_named_account_is_a_hop_and_no_grant(tmp_path: Path) -> None:
    other = (
        'resource "google_service_account" "b" {\n  account_id = "b"\n  project = "acme"\n}\n'
        'resource "google_project_iam_member" "b" {\n  project = "acme"\n  role = "roles/owner"\n'
        "  member = google_service_account.b.member\n}\n"
    )
    scope = "service_account_id = google_service_account.b.name"
    minting = granted('"roles/iam.serviceAccountTokenCreator"', scope=scope, kind="service_account")
    found = graph(tmp_path, GOOGLE + other + minting)
    (entry,) = found.agents
    assert [(one.key.address, one.relation.value, one.certain) for one in entry.identities] == [
        ("google_service_account.a", "runs-as", True),
        ("google_service_account.b", "assumes", True),
    ]
    assert [(one.identity.address, one.step.label) for one in found.all_reach] == [
        ("google_service_account.b", "admin")
    ]
    assert found.all_escalations == ()


def test_attaching_a_named_account_only_possibly_leads_to_it(tmp_path: Path) -> None:
    other = 'resource "google_service_account" "b" {\n  account_id = "b"\n  project = "acme"\n}\n'
    scope = "service_account_id = google_service_account.b.name"
    text = GOOGLE + other + granted('"roles/iam.serviceAccountUser"', scope=scope, kind="service_account")
    (entry,) = graph(tmp_path, text).agents
    assert [(one.key.address, one.certain) for one in entry.identities][1:] == [("google_service_account.b", False)]


def test_a_binding_on_a_project_reaches_what_is_in_it_and_not_its_neighbours(tmp_path: Path) -> None:
    text = (
        'resource "google_storage_bucket" "in" {\n  name = "in"\n  project = "acme"\n}\n'
        'resource "google_storage_bucket" "out" {\n  name = "out"\n  project = "other"\n}\n'
        'resource "google_secret_manager_secret" "s" {\n  secret_id = "s"\n  project = "acme"\n}\n'
    )
    (found,) = graph(tmp_path, GOOGLE + text + granted('"roles/storage.objectViewer"')).all_reach
    assert [one.key.address for one in found.systems] == ["google_storage_bucket.in"]


def test_systems_of_one_cloud_are_not_reached_by_administrators_of_another(tmp_path: Path) -> None:
    text = (
        'resource "google_secret_manager_secret" "s" { secret_id = "s" }\n'
        'resource "aws_iam_role" "r" {\n  name = "r"\n'
        '  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{\n'
        '    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }] })\n}\n'
        'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n'
        '  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}\n'
    )
    found = graph(tmp_path, text).all_reach
    assert found
    assert not [one for reach in found for one in reach.systems]


@pytest.mark.parametrize(
    ("scope", "wide"),
    [
        ("data.azurerm_subscription.s.id", True),
        ('"/providers/Microsoft.Management/managementGroups/root"', True),
        ("azurerm_resource_group.g.id", False),
        ("azurerm_storage_account.s.id", False),
    ],
)
def test_an_assignment_is_inherited_by_scope_prefix(tmp_path: Path, scope: str, *, wide: bool) -> None:
    text = (
        'resource "azurerm_storage_account" "s" {\n  name = "s"\n'
        "  resource_group_name = azurerm_resource_group.g.name\n}\n"
        'resource "azurerm_storage_account" "t" {\n  name = "t"\n  resource_group_name = "elsewhere"\n}\n'
        f'resource "azurerm_role_assignment" "a" {{\n  scope = {scope}\n'
        '  role_definition_name = "Storage Blob Data Reader"\n'
        "  principal_id = azurerm_user_assigned_identity.i.principal_id\n}\n"
    )
    (found,) = graph(tmp_path, AZURE + text).all_reach
    reached = [one.key.address for one in found.systems]
    assert (found.wildcard_resource, "azurerm_storage_account.s" in reached) == (wide, True)
    assert ("azurerm_storage_account.t" in reached) == wide


def test_an_eligible_assignment_is_not_standing(tmp_path: Path) -> None:
    text = (
        'resource "azurerm_pim_eligible_role_assignment" "p" {\n  scope = azurerm_resource_group.g.id\n'
        f'  role_definition_id = "/providers/Microsoft.Authorization/roleDefinitions/{OWNER}"\n'
        "  principal_id = azurerm_user_assigned_identity.i.principal_id\n}\n"
    )
    found = graph(tmp_path, AZURE + text).all_reach
    assert {(one.step.label, one.standing) for one in found} == {("admin", False)}


def test_what_a_group_holds_its_members_hold(tmp_path: Path) -> None:
    text = (
        'resource "azuread_group" "ops" { display_name = "ops" }\n'
        'resource "azuread_group_member" "m" {\n  group_object_id = azuread_group.ops.object_id\n'
        "  member_object_id = azurerm_user_assigned_identity.i.principal_id\n}\n"
        'resource "azurerm_role_assignment" "a" {\n  scope = azurerm_resource_group.g.id\n'
        '  role_definition_name = "Reader"\n  principal_id = azuread_group.ops.object_id\n}\n'
    )
    (found,) = graph(tmp_path, AZURE + text).all_reach
    assert (found.step.label, found.evidence[1].note) == ("read-data", "member of azuread_group.ops")


MANIFEST = """
apiVersion: v1
kind: ServiceAccount
metadata:
  name: bot
  namespace: agents
  annotations: {%s}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: n8n, namespace: agents}
spec:
  selector: {matchLabels: {app: n8n}}
  template:
    metadata: {labels: {app: n8n}}
    spec:
      serviceAccountName: bot
      containers: [{name: n8n, image: "n8nio/n8n:1"}]
"""
POOL = (
    'resource "google_service_account_iam_member" "w" {\n  service_account_id = google_service_account.a.name\n'
    '  role = "roles/iam.workloadIdentityUser"\n  member = "serviceAccount:acme.svc.id.goog[agents/%s]"\n}\n'
)
ANNOTATION = "iam.gke.io/gcp-service-account: agent@acme.iam.gserviceaccount.com"


def pods(found: AgentGraph) -> tuple[list[tuple[str, str, bool]], list[str]]:
    (entry,) = [one for one in found.agents if one.key.address.startswith("Deployment")]
    acts = [(one.key.address, one.relation.value, one.certain) for one in entry.identities][1:]
    return acts, [one.key.address for one in entry.refused]


def test_both_halves_of_gke_workload_identity_are_needed(tmp_path: Path) -> None:
    both = graph(tmp_path, GOOGLE + POOL % "bot", MANIFEST % ANNOTATION)
    assert pods(both) == ([("google_service_account.a", "federated", True)], [])


def test_an_annotation_that_the_account_does_not_admit_is_refused(tmp_path: Path) -> None:
    other = graph(tmp_path, GOOGLE + POOL % "someone-else", MANIFEST % ANNOTATION)
    assert pods(other) == ([], ["google_service_account.a"])


def test_a_binding_without_the_annotation_only_possibly_leads_to_the_account(tmp_path: Path) -> None:
    alone = graph(tmp_path, GOOGLE + POOL % "bot", MANIFEST % "")
    assert pods(alone) == ([("google_service_account.a", "assumes", False)], [])


def test_a_client_id_means_the_identity_whose_credential_admits_the_account(tmp_path: Path) -> None:
    credential = (
        'resource "azurerm_federated_identity_credential" "f" {\n  parent_id = azurerm_user_assigned_identity.i.id\n'
        '  issuer = "https://oidc.example/x"\n  subject = "system:serviceaccount:agents:bot"\n'
        '  audience = ["api://AzureADTokenExchange"]\n}\n'
    )
    named = "azure.workload.identity/client-id: 11111111-1111-1111-1111-111111111111"
    found = graph(tmp_path, AZURE + credential, MANIFEST % named)
    assert pods(found) == ([("azurerm_user_assigned_identity.i", "federated", True)], [])


def test_pods_on_nodes_that_hand_out_their_own_account_may_fall_back_to_it(tmp_path: Path) -> None:
    nodes = (
        'resource "google_container_node_pool" "n" {\n  cluster = "c"\n  node_config {\n'
        '    service_account = google_service_account.a.email\n    oauth_scopes = ["cloud-platform"]\n'
        '    workload_metadata_config {\n      mode = "%s"\n    }\n  }\n}\n'
    )
    exposed = graph(tmp_path, GOOGLE + nodes % "GCE_METADATA", MANIFEST % "")
    assert pods(exposed) == ([("google_service_account.a", "node-fallback", False)], [])
    hidden = graph(tmp_path, GOOGLE + nodes % "GKE_METADATA", MANIFEST % "")
    assert pods(hidden) == ([], [])
