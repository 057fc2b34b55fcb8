"""Smaller roles of Google and Azure, and smaller rules of a cluster: from what the tools declare, in the file's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.review import review
from inventory.scanning import scanned

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.review import AgentReview

DIALOGFLOW = """
resource "google_dialogflow_cx_agent" "desk" {
  display_name          = "desk"
  location              = "global"
  default_language_code = "en"
  time_zone             = "Europe/Berlin"
  project               = "acme-desk"
}

resource "google_service_account" "tools" {
  account_id = "desk-tools"
  project    = "acme-desk"
}

resource "google_dialogflow_cx_tool" "orders" {
  parent       = google_dialogflow_cx_agent.desk.id
  display_name = "orders"
  description  = "orders"
  open_api_spec {
    authentication {
      service_account_auth_config {
        service_account = google_service_account.tools.email
      }
    }
    text_schema = <<-YAML
      openapi: 3.0.0
      info: { title: orders, version: "1" }
      paths:
        /orders:
          %s:
            operationId: %s
            responses: { "200": { description: ok } }
    YAML
  }
}

resource "google_storage_bucket" "orders" {
  name     = "acme-orders"
  location = "EU"
  project  = "acme-desk"
}
"""
MEMBER = """
resource "google_project_iam_member" "tools" {
  project = "acme-desk"
  role    = %s
  member  = "serviceAccount:${google_service_account.tools.email}"
}
"""
CUSTOM = """
resource "google_project_iam_custom_role" "docs" {
  role_id = "docs"
  project = "acme-desk"
  title   = "docs"
  permissions = [
    "datastore.entities.get",
    "datastore.entities.delete",
  ]
}
"""


def google(directory: Path, *declared: str, operation: tuple[str, str] = ("get", "listOrders")) -> AgentReview:
    found = scanned(directory, {"main.tf": "".join((DIALOGFLOW % operation, *declared))})
    return review(found).agents[0]


def needs(one: AgentReview) -> list[tuple[str, bool | None, str]]:
    return [(row.action, row.needed, row.need.because) for row in one.privilege_map]


def replacements(one: AgentReview) -> list[tuple[int, str]]:
    return [(written.at.location.line, written.text) for each in one.proposals for written in each.written]


def test_a_role_gives_way_to_the_reading_one_at_the_bucket_that_is_named(tmp_path: Path) -> None:
    found = google(tmp_path, MEMBER % '"roles/storage.objectAdmin"')
    assert needs(found) == [
        ("roles/storage.objectAdmin", False, "roles/storage.objectViewer does for listOrders"),
    ]
    assert replacements(found) == [
        (
            43,
            (
                'resource "google_storage_bucket_iam_member" "tools_orders" {\n'
                "  bucket = google_storage_bucket.orders.name\n"
                '  role   = "roles/storage.objectViewer"\n'
                '  member = "serviceAccount:${google_service_account.tools.email}"\n'
                "}"
            ),
        )
    ]


def test_what_only_creates_needs_no_role_that_reads(tmp_path: Path) -> None:
    found = google(tmp_path, MEMBER % '"roles/storage.objectAdmin"', operation=("post", "uploadReport"))
    assert [(proposal.statement, proposal.dropped) for proposal in found.proposals] == [
        (
            '{"role": "roles/storage.objectCreator", "scope": ["projects/acme-desk"]}',
            ("roles/storage.objectAdmin",),
        )
    ]


def test_a_role_at_the_project_stays_there_where_no_tool_names_a_declared_thing(tmp_path: Path) -> None:
    found = google(tmp_path, MEMBER % '"roles/bigquery.dataEditor"')
    ((line, text),) = replacements(found)
    assert (line, text.splitlines()[2]) == (43, '  role    = "roles/bigquery.dataViewer"')


def test_a_declared_role_loses_the_permissions_that_no_operation_asks_for(tmp_path: Path) -> None:
    found = google(tmp_path, CUSTOM, MEMBER % "google_project_iam_custom_role.docs.id")
    assert [row[:2] for row in needs(found)] == [
        ("datastore.entities.delete", False),
        ("datastore.entities.get", None),
    ]
    assert replacements(found) == [(47, 'permissions = [\n  "datastore.entities.get",\n]')]


def test_a_role_without_a_smaller_one_is_unknown_and_says_why(tmp_path: Path) -> None:
    found = google(tmp_path, MEMBER % '"roles/cloudsql.client"')
    assert needs(found) == [
        ("roles/cloudsql.client", None, "no smaller predefined role is known to do for listOrders"),
    ]
    assert found.proposals == ()


def test_an_operation_that_does_not_say_what_it_does_leaves_the_role_unknown(tmp_path: Path) -> None:
    found = google(tmp_path, MEMBER % '"roles/storage.objectAdmin"', operation=("post", "orders"))
    assert [row[1:] for row in needs(found)] == [(None, "the name of orders does not say what it does")]


def test_a_role_of_a_list_is_replaced_in_the_list(tmp_path: Path) -> None:
    text = """
resource "google_project_iam_member" "tools" {
  for_each = toset(["roles/bigquery.dataEditor", "roles/bigquery.jobUser"])
  project  = "acme-desk"
  role     = each.value
  member   = google_service_account.tools.member
}
"""
    changed = text.strip().replace("dataEditor", "dataViewer")
    assert replacements(google(tmp_path, text)) == [(43, changed)]


AKS = """
resource "azurerm_resource_group" "desk" {
  name     = "rg-desk"
  location = "westeurope"
}

resource "azurerm_kubernetes_cluster" "desk" {
  name                      = "aks-desk"
  resource_group_name       = azurerm_resource_group.desk.name
  location                  = "westeurope"
  dns_prefix                = "desk"
  oidc_issuer_enabled       = true
  workload_identity_enabled = true
}

resource "azurerm_user_assigned_identity" "tools" {
  name                = "id-desk-tools"
  resource_group_name = azurerm_resource_group.desk.name
  location            = "westeurope"
}

resource "azurerm_federated_identity_credential" "tools" {
  name                = "tools"
  resource_group_name = azurerm_resource_group.desk.name
  parent_id           = azurerm_user_assigned_identity.tools.id
  audience            = ["api://AzureADTokenExchange"]
  issuer              = azurerm_kubernetes_cluster.desk.oidc_issuer_url
  subject             = "system:serviceaccount:desk:tools"
}

resource "azurerm_role_assignment" "tickets" {
  scope                = azurerm_resource_group.desk.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.tools.principal_id
}

resource "azurerm_role_definition" "machines" {
  name  = "desk-machines"
  scope = azurerm_resource_group.desk.id
  permissions {
    actions      = ["Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/virtualMachines/delete"]
    data_actions = ["Microsoft.Storage/storageAccounts/queueServices/queues/messages/delete"]
  }
}

resource "azurerm_role_assignment" "machines" {
  scope              = azurerm_resource_group.desk.id
  role_definition_id = azurerm_role_definition.machines.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.tools.principal_id
}
"""
CLUSTER = """apiVersion: kagent.dev/v1alpha2
kind: Agent
metadata: { name: desk, namespace: desk }
spec:
  type: Declarative
  declarative:
    modelConfig: m
    tools:
      - type: McpServer
        mcpServer: { apiGroup: kagent.dev, kind: MCPServer, name: tickets, toolNames: [get_ticket, list_pods] }
---
apiVersion: kagent.dev/v1alpha1
kind: MCPServer
metadata: { name: tickets, namespace: desk }
spec:
  transportType: stdio
  deployment: { image: ghcr.io/acme/tickets:1, serviceAccountName: tools }
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: tools
  namespace: desk
  annotations: { azure.workload.identity/client-id: 11111111-1111-1111-1111-111111111111 }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: tools, namespace: desk }
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs:
      - get
      - list
      - delete
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: tools, namespace: desk }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: tools }
subjects: [{ kind: ServiceAccount, name: tools, namespace: desk }]
"""


def test_a_tool_in_a_cluster_that_only_reads_needs_the_reading_role_of_azure(tmp_path: Path) -> None:
    desk = review(scanned(tmp_path, {"main.tf": AKS, "desk.yaml": CLUSTER})).agents[0]
    assert ("Storage Blob Data Contributor", False, "Storage Blob Data Reader does for get_ticket and list_pods") in (
        needs(desk)
    )
    assert [one for one in replacements(desk) if "Microsoft" in one[1] or "Storage" in one[1] or "data_" in one[1]] == [
        (41, 'actions      = ["Microsoft.Compute/virtualMachines/read"]'),
        (42, "data_actions = []"),
        (
            31,
            (
                'resource "azurerm_role_assignment" "tickets" {\n'
                "  scope                = azurerm_resource_group.desk.id\n"
                '  role_definition_name = "Storage Blob Data Reader"\n'
                "  principal_id         = azurerm_user_assigned_identity.tools.principal_id\n"
                "}"
            ),
        ),
    ]


def test_a_rule_of_a_cluster_is_written_without_the_verbs_that_no_tool_asks_for(tmp_path: Path) -> None:
    desk = review(scanned(tmp_path, {"desk.yaml": CLUSTER})).agents[0]
    assert replacements(desk) == [
        (
            30,
            'apiGroups: [""]\nresources: [pods]\nverbs:\n  - get\n  - list',
        )
    ]
