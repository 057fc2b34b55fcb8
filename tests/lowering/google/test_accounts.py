from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Credential, IdentityUse, Membership, Principal, RoleAssignment, RoleDefinition, System
from lowering.loading import from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = 'resource "google_service_account" "a" { account_id = "agent" }\n'


def test_an_account_goes_by_its_id_its_address_and_its_full_name(tmp_path: Path) -> None:
    text = (
        'resource "google_service_account" "a" {\n  account_id = "agent"\n  project = "acme"\n'
        '  display_name = "Support agent"\n}\n'
    )
    (account,) = only(from_terraform(tmp_path, text), Principal)
    address = "agent@acme.iam.gserviceaccount.com"
    assert plain(account.names) == ("agent", address, f"projects/acme/serviceAccounts/{address}")
    assert (account.kind, account.provider, account.tags) == (
        "service-account",
        "google",
        {"display_name": "Support agent"},
    )


def test_without_a_project_of_its_own_an_account_is_in_the_providers(tmp_path: Path) -> None:
    (account,) = only(from_terraform(tmp_path, ACCOUNT), Principal)
    assert plain(account.names[1]) == "agent@<any>.iam.gserviceaccount.com"


def test_labels_of_the_provider_are_labels_of_the_account(tmp_path: Path) -> None:
    text = 'provider "google" {\n  default_labels = { owner = "care" }\n}\n' + ACCOUNT
    (account,) = only(from_terraform(tmp_path, text), Principal)
    assert account.tags["owner"] == "care"


@pytest.mark.parametrize(
    ("keepers", "rotated"),
    [
        ("", False),
        ('keepers = { month = "june" }', False),
        ("keepers = { at = time_rotating.month.rotation_rfc3339 }", None),
    ],
)
def test_a_key_only_changes_when_a_clock_moves_and_terraform_is_applied(
    tmp_path: Path, keepers: str, *, rotated: bool | None
) -> None:
    text = (
        f'{ACCOUNT}resource "time_rotating" "month" {{ rotation_days = 30 }}\n'
        f'resource "google_service_account_key" "k" {{\n  service_account_id = google_service_account.a.name\n'
        f"{keepers}\n}}\n"
    )
    (key,) = only(from_terraform(tmp_path, text), Credential)
    assert (plain(key.owner), key.kind, key.never_expires, key.rotated, key.stored_in) == (
        "<a>",
        "service-account-key",
        True,
        rotated,
        "state",
    )


def test_an_inactive_hmac_key_is_none(tmp_path: Path) -> None:
    text = (
        f'{ACCOUNT}resource "google_storage_hmac_key" "k" {{\n'
        '  service_account_email = google_service_account.a.email\n  state = "INACTIVE"\n}\n'
    )
    assert not only(from_terraform(tmp_path, text), Credential)


def test_an_api_key_that_is_bound_to_an_account_proves_it(tmp_path: Path) -> None:
    text = (
        f'{ACCOUNT}resource "google_apikeys_key" "bound" {{\n'
        '  service_account_email = google_service_account.a.email\n}\nresource "google_apikeys_key" "open" {}\n'
    )
    found = only(from_terraform(tmp_path, text), Credential)
    assert [(plain(one.key), plain(one.owner), one.note) for one in found] == [
        ("bound", "<a>", "for any API that is enabled"),
        ("open", "open", "for any API that is enabled"),
    ]


@pytest.mark.parametrize(
    ("written", "seconds", "defaulted"),
    [("", 3600.0, True), ('lifetime = "900s"', 900.0, False), ("lifetime = var.x", None, False)],
)
def test_a_token_lives_an_hour_unless_it_says_otherwise(
    tmp_path: Path, written: str, seconds: float | None, *, defaulted: bool
) -> None:
    text = (
        f'{ACCOUNT}variable "x" {{}}\ndata "google_service_account_access_token" "t" {{\n'
        f"  target_service_account = google_service_account.a.email\n{written}\n}}\n"
    )
    (token,) = only(from_terraform(tmp_path, text), Credential)
    assert (token.ttl if isinstance(token.ttl, float) else None, token.defaulted) == (seconds, defaulted)


@pytest.mark.parametrize("lifetime", ['"-5s"', '"soon"', '"${var.a}s"', "[]", '"99999999999999999s"'])
def test_an_absurd_lifetime_is_unknown_with_its_reason(tmp_path: Path, lifetime: str) -> None:
    text = (
        f'variable "a" {{}}\nresource "google_iam_workforce_pool" "p" {{\n  workforce_pool_id = "w"\n'
        f"  session_duration = {lifetime}\n}}\n"
    )
    (session,) = only(from_terraform(tmp_path, text), Credential)
    assert getattr(session.ttl, "reason", "")
    assert line(session.at) == 4


def test_a_custom_role_holds_the_permissions_it_lists(tmp_path: Path) -> None:
    text = (
        'resource "google_project_iam_custom_role" "r" {\n  role_id = "triage"\n  project = "acme"\n'
        '  permissions = [\n    "storage.objects.get",\n    "run.services.update",\n  ]\n}\n'
        'resource "google_organization_iam_custom_role" "o" {\n  role_id = "audit"\n  org_id = "12"\n'
        '  permissions = ["logging.logs.list"]\n}\n'
        'resource "google_project_iam_custom_role" "off" {\n  role_id = "x"\n  stage = "DISABLED"\n'
        "  permissions = []\n}\n"
    )
    found = {plain(one.key): one for one in only(from_terraform(tmp_path, text), RoleDefinition)}
    assert plain(found["r"].names) == ("projects/acme/roles/triage", "<r>")
    assert [(plain(one), line(one.at)) for one in found["r"].actions] == [
        ("storage.objects.get", 5),
        ("run.services.update", 6),
    ]
    assert plain(found["o"].names) == ("organizations/12/roles/audit", "<o>")
    assert set(found) == {"r", "o"}


def test_a_member_of_a_declared_group_belongs_to_it(tmp_path: Path) -> None:
    text = (
        f'{ACCOUNT}resource "google_cloud_identity_group" "g" {{\n  parent = "customers/C1"\n'
        '  group_key {\n    id = "agents@acme.example"\n  }\n}\n'
        'resource "google_cloud_identity_group_membership" "m" {\n  group = google_cloud_identity_group.g.id\n'
        "  preferred_member_key {\n    id = google_service_account.a.email\n  }\n}\n"
    )
    facts = from_terraform(tmp_path, text)
    (membership,) = only(facts, Membership)
    assert (plain(membership.member), plain(membership.group), line(membership.at)) == ("<a>", "<g>", 10)
    (group,) = [one for one in only(facts, Principal) if one.kind == "group"]
    assert "agents@acme.example" in plain(group.names)  # type: ignore[operator]


def test_what_an_entitlement_grants_is_eligible_and_perhaps_approved(tmp_path: Path) -> None:
    def entitlement(approval: str) -> list[RoleAssignment]:
        text = (
            f'{ACCOUNT}resource "google_privileged_access_manager_entitlement" "e" {{\n  parent = "projects/acme"\n'
            '  max_request_duration = "43200s"\n  eligible_users {\n'
            '    principals = [google_service_account.a.member, "user:jana@acme.example"]\n  }\n'
            '  privileged_access {\n    gcp_iam_access {\n      role_bindings {\n        role = "roles/owner"\n'
            f"      }}\n    }}\n  }}\n{approval}\n}}\n"
        )
        return only(from_terraform(tmp_path, text), RoleAssignment)

    approved = entitlement("approval_workflow {\n manual_approvals {\n  steps {}\n }\n}")
    assert [(plain(one.member), plain(one.scope), one.eligible, one.approved, line(one.at)) for one in approved] == [
        ("<a>", "projects/acme", True, True, 11),
        ("user:jana@acme.example", "projects/acme", True, True, 11),
    ]
    assert [one.approved for one in entitlement("")] == [False, False]


@pytest.mark.parametrize(
    ("resource", "scope"),
    [
        ("//cloudresourcemanager.googleapis.com/projects/acme", "projects/acme"),
        ("//cloudresourcemanager.googleapis.com/folders/12", "folders/12"),
        ("//cloudresourcemanager.googleapis.com/organizations/34", "organizations/34"),
        ("//cloudresourcemanager.googleapis.com/projects/${google_project.p.project_id}", "projects/acme-x"),
    ],
)
def test_an_entitlement_holds_where_its_resource_says(tmp_path: Path, resource: str, scope: str) -> None:
    text = (
        'resource "google_project" "p" { project_id = "acme-x" }\n'
        'resource "google_privileged_access_manager_entitlement" "e" {\n  parent = "projects/other"\n'
        '  eligible_users {\n    principals = ["user:a@b.c"]\n  }\n  privileged_access {\n    gcp_iam_access {\n'
        f'      resource = "{resource}"\n      role_bindings {{\n        role = "roles/owner"\n      }}\n'
        f"    }}\n  }}\n}}\n"
    )
    (one,) = only(from_terraform(tmp_path, text), RoleAssignment)
    assert plain(one.scope) == scope


def test_a_secrets_rotation_only_counts_when_something_listens_to_it(tmp_path: Path) -> None:
    def secret(listener: str) -> Credential:
        text = (
            'resource "google_pubsub_topic" "t" { name = "rotate" }\n'
            'resource "google_secret_manager_secret" "s" {\n  secret_id = "crm"\n  topics {\n'
            '    name = google_pubsub_topic.t.id\n  }\n  rotation {\n    rotation_period = "2592000s"\n  }\n}\n'
            + listener
        )
        (found,) = [one for one in only(from_terraform(tmp_path, text), Credential) if one.kind == "secret"]
        return found

    alone = secret("")
    assert (alone.rotated, alone.ttl, line(alone.at)) == (False, None, 8)
    assert "only publishes a message" in alone.note
    heard = secret(
        'resource "google_cloudfunctions2_function" "f" {\n  name = "rotate"\n  event_trigger {\n'
        "    pubsub_topic = google_pubsub_topic.t.id\n  }\n}\n"
    )
    assert (heard.rotated, heard.ttl) == (None, 2_592_000.0)


def test_a_secrets_value_in_the_code_is_seen_whole_and_by_key(tmp_path: Path) -> None:
    text = (
        'resource "google_secret_manager_secret" "s" { secret_id = "crm" }\n'
        'resource "google_secret_manager_secret_version" "a" {\n  secret = google_secret_manager_secret.s.id\n'
        '  secret_data = "Zx81-kP3q-9vTq-77aa"\n}\n'
        'resource "google_secret_manager_secret_version" "b" {\n  secret = google_secret_manager_secret.s.id\n'
        '  secret_data = jsonencode({ user = "crm", password = "Zx81-kP3q-9vTq-77ab" })\n}\n'
        'resource "google_secret_manager_secret_version" "c" {\n  secret = google_secret_manager_secret.s.id\n'
        "  secret_data = random_password.p.result\n}\n"
        'resource "random_password" "p" { length = 20 }\n'
        'resource "google_secret_manager_secret_version" "off" {\n  secret = google_secret_manager_secret.s.id\n'
        '  enabled = false\n  secret_data = "Zx81-kP3q-9vTq-77aa"\n}\n'
    )
    found = [one for one in only(from_terraform(tmp_path, text), Credential) if one.literal]
    assert [(plain(one.owner), one.attribute, line(one.at)) for one in found] == [
        ("<s>", "secret_data", 4),
        ("<s>", "password", 8),
    ]
    assert not any("Zx81" in repr(one.note) for one in found)


@pytest.mark.parametrize(
    ("text", "service", "kind", "name"),
    [
        ('resource "google_storage_bucket" "x" { name = "docs" }', "storage", "bucket", "projects/<any>/buckets/docs"),
        (
            'resource "google_bigquery_dataset" "x" {\n dataset_id = "d"\n project = "p"\n}',
            "bigquery",
            "dataset",
            "projects/p/datasets/d",
        ),
        ('resource "google_pubsub_topic" "x" { name = "t" }', "pubsub", "topic", "projects/<any>/topics/t"),
        ('resource "google_project" "x" { project_id = "acme" }', "cloudresourcemanager", "project", "projects/acme"),
        ('resource "google_folder" "x" { display_name = "f" }', "cloudresourcemanager", "folder", "folders/<x>"),
    ],
)
def test_a_thing_that_roles_reach_has_its_full_name(
    tmp_path: Path, text: str, service: str, kind: str, name: str
) -> None:
    (found,) = only(from_terraform(tmp_path, text), System)
    assert (found.service, found.kind, found.provider, plain(found.names[0])) == (service, kind, "google", name)


def test_a_workload_without_an_account_of_its_own_acts_as_one_nobody_chose(tmp_path: Path) -> None:
    text = (
        'resource "google_cloud_run_v2_service" "s" {\n  name = "s"\n  template {\n    containers {\n'
        '      image = "x"\n    }\n  }\n}\n'
    )
    (use,) = only(from_terraform(tmp_path, text), IdentityUse)
    assert (plain(use.identity), use.inherited_default, line(use.at)) == (
        "<any>-compute@developer.gserviceaccount.com",
        True,
        3,
    )
