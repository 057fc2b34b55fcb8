from __future__ import annotations

import pytest

from agentreach.access import azure, google
from agentreach.access.role_suffixes import suggested
from agentreach.identity import Step


@pytest.mark.parametrize(
    ("role", "step"),
    [
        ("roles/owner", Step.ADMIN),
        ("roles/editor", Step.IDENTITY),
        ("roles/viewer", Step.READ_DATA),
        ("roles/browser", Step.OBSERVE),
        ("roles/iam.serviceAccountUser", Step.IDENTITY),
        ("roles/secretmanager.secretAccessor", Step.SECRETS),
        ("roles/run.developer", Step.DEPLOY),
        ("roles/run.invoker", Step.EXECUTE),
        ("roles/storage.objectAdmin", Step.WRITE_DATA),
        ("roles/storage.objectViewer", Step.READ_DATA),
        ("roles/logging.logWriter", Step.OBSERVE),
        ("roles/aiplatform.user", Step.DEPLOY),
    ],
)
def test_predefined_roles_by_step(role: str, step: Step) -> None:
    assert google.is_listed(role)
    assert google.step_of_role(role) is step


def test_at_least_150_predefined_roles_are_listed() -> None:
    assert len(google._roles()) >= 150
    assert set(google.IMPERSONATION) <= set(google._roles())


def test_an_unlisted_role_is_rated_by_its_suffix() -> None:
    assert not google.is_listed("roles/foo.barAdmin")
    assert google.step_of_role("roles/foo.barAdmin") is Step.IDENTITY
    assert google.step_of_role("roles/foo.barEditor") is Step.WRITE_DATA
    assert google.step_of_role("roles/foo.viewer") is Step.READ_DATA
    assert google.permissions_of("roles/foo.viewer") == frozenset()
    assert suggested("Strange Name") is Step.WRITE_DATA
    assert suggested("Machine Operator (Preview)") is Step.EXECUTE


@pytest.mark.parametrize(
    ("permission", "step"),
    [
        ("resourcemanager.projects.setIamPolicy", Step.IDENTITY),
        ("iam.serviceAccounts.actAs", Step.IDENTITY),
        ("iam.serviceAccountKeys.create", Step.IDENTITY),
        ("iam.serviceAccounts.get", Step.OBSERVE),
        ("iam.roles.list", Step.OBSERVE),
        ("secretmanager.versions.access", Step.SECRETS),
        ("run.services.update", Step.DEPLOY),
        ("aiplatform.reasoningEngines.create", Step.DEPLOY),
        ("cloudfunctions.functions.call", Step.EXECUTE),
        ("storage.objects.get", Step.READ_DATA),
        ("storage.objects.create", Step.WRITE_DATA),
        ("compute.instances.list", Step.OBSERVE),
        ("pubsub.topics.publish", Step.WRITE_DATA),
        ("new.things.doSomething", Step.WRITE_DATA),
    ],
)
def test_permissions_of_custom_roles_by_step(permission: str, step: Step) -> None:
    assert google.step_of_permission(permission) is step


def test_bindings_inherit_downwards() -> None:
    assert google.contains("projects/p", "projects/p/secrets/s")
    assert google.contains("projects/p", "projects/p")
    assert not google.contains("projects/p", "projects/prod")
    assert [google.level(one) for one in ("organizations/1", "folders/2", "projects/p", "projects/p/secrets/s")] == [
        "organization",
        "folder",
        "project",
        "resource",
    ]


def test_anyone_on_the_internet() -> None:
    assert google.is_anyone("allUsers")
    assert google.is_anyone("allAuthenticatedUsers")
    assert not google.is_anyone("user:ana@example.com")


@pytest.mark.parametrize(
    ("role", "step"),
    [
        ("Owner", Step.ADMIN),
        ("owner", Step.ADMIN),
        ("b24988ac-6180-42a0-ab88-20f7382dd24c", Step.DEPLOY),
        (
            "/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            Step.ADMIN,
        ),
        ("User Access Administrator", Step.IDENTITY),
        ("Managed Identity Operator", Step.IDENTITY),
        ("Key Vault Secrets User", Step.SECRETS),
        ("Storage Blob Data Contributor", Step.WRITE_DATA),
        ("Storage Blob Data Reader", Step.READ_DATA),
        ("AcrPull", Step.READ_DATA),
        ("Global Administrator", Step.ADMIN),
        ("RoleManagement.ReadWrite.Directory", Step.ADMIN),
        ("Mail.Read", Step.READ_DATA),
        ("Mail.ReadWrite", Step.WRITE_DATA),
        ("Mail.Send", Step.WRITE_DATA),
        ("Foo Service Contributor", Step.DEPLOY),
        ("Foo Reader", Step.READ_DATA),
    ],
)
def test_azure_roles_by_step(role: str, step: Step) -> None:
    assert azure.step_of_role(role) is step


def test_azure_roles_are_known_by_name_and_id() -> None:
    assert azure.is_listed("Contributor")
    assert azure.is_listed("acdd72a7-3385-48ef-bd42-f606fba81ae7")
    assert not azure.is_listed("Foo Reader")


@pytest.mark.parametrize(
    ("operation", "step"),
    [
        ("*", Step.ADMIN),
        ("*/read", Step.OBSERVE),
        ("Microsoft.Authorization/roleAssignments/write", Step.IDENTITY),
        ("Microsoft.Authorization/*/write", Step.IDENTITY),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action", Step.IDENTITY),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write", Step.IDENTITY),
        ("Microsoft.Storage/storageAccounts/listKeys/action", Step.SECRETS),
        ("Microsoft.KeyVault/vaults/secrets/getSecret/action", Step.SECRETS),
        ("Microsoft.Compute/virtualMachines/runCommand/action", Step.EXECUTE),
        ("Microsoft.Compute/virtualMachines/write", Step.DEPLOY),
        ("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read", Step.READ_DATA),
        ("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write", Step.WRITE_DATA),
        ("Microsoft.New/things/read", Step.OBSERVE),
    ],
)
def test_azure_operations_by_step(operation: str, step: Step) -> None:
    assert azure.step_of_operation(operation) is step


def test_not_actions_take_away() -> None:
    assert azure.step_of_operations(["*"]) is Step.ADMIN
    assert azure.step_of_operations(["*"], ["Microsoft.Authorization/*/Write"]) is Step.DEPLOY
    assert azure.step_of_operations([]) is Step.OBSERVE
    assert azure.allows(["Microsoft.Web/*"], [], "microsoft.web/sites/write")
    assert not azure.allows(["Microsoft.Web/*"], ["*/write"], "Microsoft.Web/sites/write")


def test_assignments_inherit_by_scope_prefix() -> None:
    assert azure.contains("/subscriptions/1", "/subscriptions/1/resourceGroups/rg")
    assert azure.contains("/subscriptions/1/", "/Subscriptions/1")
    assert not azure.contains("/subscriptions/1", "/subscriptions/12")
    assert azure.contains("/", "/subscriptions/1")
