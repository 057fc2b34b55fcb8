from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Aspect, Hidden, Policy, RoleAssignment, Setting
from agentreach.lowering import lower
from agentreach.model import Format, Key, ListValue, MapValue, Reference, Resource, Scalar, Source, Span, Unknown
from lowering.loading import from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact

ACCOUNT = 'resource "google_service_account" "a" { account_id = "agent" }\n'
GKE = "iam.googleapis.com/projects/7/locations/global/workloadIdentityPools/acme.svc.id.goog"
MEMBER = "google_service_account.a.member"


def assignments(facts: tuple[Fact, ...]) -> list[tuple[object, object, object, int]]:
    return [(plain(one.member), plain(one.role), plain(one.scope), line(one.at)) for one in only(facts, RoleAssignment)]


def bound(tmp_path: Path, text: str) -> list[tuple[object, object, object, int]]:
    return assignments(from_terraform(tmp_path, ACCOUNT + text))


@pytest.mark.parametrize(
    ("type_", "scope", "said"),
    [
        ("google_project_iam_member", 'project = "acme"', "projects/acme"),
        ("google_project_iam_member", 'project = "projects/acme"', "projects/acme"),
        ("google_project_iam_member", "", "projects/<any>"),
        ("google_folder_iam_member", 'folder = "folders/12"', "folders/12"),
        ("google_folder_iam_member", 'folder = "12"', "folders/12"),
        ("google_organization_iam_member", 'org_id = "34"', "organizations/34"),
        ("google_storage_bucket_iam_member", 'bucket = "docs"', "projects/<any>/buckets/docs"),
        ("google_pubsub_topic_iam_member", 'topic = "t"\nproject = "p"', "projects/p/topics/t"),
        ("google_secret_manager_secret_iam_member", 'secret_id = "projects/p/secrets/s"', "projects/p/secrets/s"),
        (
            "google_artifact_registry_repository_iam_member",
            'repository = "projects/p/locations/eu/repositories/r"',
            "projects/p/repositories/r",
        ),
        ("google_service_account_iam_member", 'service_account_id = "projects/p/serviceAccounts/b@p.iam"', None),
        ("google_cloud_run_v2_service_iam_member", 'name = "s"\nlocation = "eu"', "projects/<any>/services/s"),
        ("google_kms_crypto_key_iam_member", 'crypto_key_id = "projects/p/locations/l/keyRings/r/cryptoKeys/k"', None),
        ("google_iap_web_iam_member", "", "projects/<any>/iap_web"),
        ("google_some_new_thing_iam_member", 'thing = "x"', "projects/<any>/some_new_thing/x"),
    ],
)
def test_a_binding_of_any_resource_says_where_it_holds(
    tmp_path: Path, type_: str, scope: str, said: str | None
) -> None:
    text = f'resource "{type_}" "m" {{\n{scope}\nrole = "roles/viewer"\nmember = {MEMBER}\n}}\n'
    ((member, role, where, _),) = bound(tmp_path, text)
    expected = {
        "google_service_account_iam_member": "projects/p/serviceAccounts/b@p.iam",
        "google_kms_crypto_key_iam_member": "projects/p/cryptoKeys/k",
    }
    assert (member, role, where) == ("<a>", "roles/viewer", said or expected[type_])


def test_a_binding_on_what_is_declared_refers_to_it(tmp_path: Path) -> None:
    text = (
        'resource "google_storage_bucket" "b" { name = "docs" }\n'
        'resource "google_storage_bucket_iam_binding" "m" {\n  bucket = google_storage_bucket.b.name\n'
        f'  role = "roles/storage.admin"\n  members = [\n    {MEMBER},\n    "user:jana@acme.example",\n  ]\n}}\n'
    )
    assert bound(tmp_path, text) == [
        ("<a>", "roles/storage.admin", "<b>", 5),
        ("user:jana@acme.example", "roles/storage.admin", "<b>", 5),
    ]


def test_a_policy_is_all_of_its_bindings_however_it_is_written(tmp_path: Path) -> None:
    text = (
        'data "google_iam_policy" "p" {\n  binding {\n    role = "roles/owner"\n'
        '    members = ["group:ops@acme.example"]\n'
        '  }\n  binding {\n    role = "roles/viewer"\n    members = [google_service_account.a.member]\n'
        '    condition {\n      title = "t"\n      expression = "request.time < x"\n    }\n  }\n}\n'
        'resource "google_project_iam_policy" "p" {\n  project = "acme"\n'
        "  policy_data = data.google_iam_policy.p.policy_data\n}\n"
        'resource "google_folder_iam_policy" "q" {\n  folder = "12"\n'
        '  policy_data = jsonencode({ bindings = [{ role = "roles/editor", members = ["allUsers"] }] })\n}\n'
    )
    facts = from_terraform(tmp_path, ACCOUNT + text)
    assert assignments(facts) == [
        ("group:ops@acme.example", "roles/owner", "projects/acme", 4),
        ("<a>", "roles/viewer", "projects/acme", 8),
        ("allUsers", "roles/editor", "folders/12", 22),
    ]
    assert [plain(one.condition) for one in only(facts, RoleAssignment)] == [None, "request.time < x", None]


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("serviceAccount:acme.svc.id.goog[agents/bot]", "agents:bot"),
        (f"principal://{GKE}/subject/ns/agents/sa/bot", "agents:bot"),
        ("serviceAccount:b@acme.iam.gserviceaccount.com", "b@acme.iam.gserviceaccount.com"),
        ("serviceAccount:7-compute@developer.gserviceaccount.com", "7-compute@developer.gserviceaccount.com"),
        ("serviceAccount:${data.google_project.p.number}-compute@developer.gserviceaccount.com", None),
        ("${google_service_account.a.member}", "<a>"),
        ("serviceAccount:${google_service_account.a.email}", "<a>"),
        ("serviceAccount:${data.google_service_account.d.email}", "dd@p.iam.gserviceaccount.com"),
        ("${data.google_compute_default_service_account.d.member}", None),
        ("allAuthenticatedUsers", "allAuthenticatedUsers"),
        ("principalSet://iam.googleapis.com/x/attribute.repository/a/b", None),
    ],
)
def test_a_member_is_whom_it_means(tmp_path: Path, member: str, said: str | None) -> None:
    text = (
        'data "google_project" "p" {}\ndata "google_compute_default_service_account" "d" {}\n'
        'data "google_service_account" "d" {\n  account_id = "dd"\n  project = "p"\n}\n'
        f'resource "google_project_iam_member" "m" {{\n  role = "roles/viewer"\n  member = "{member}"\n}}\n'
    )
    ((who, _, _, _),) = bound(tmp_path, text)
    default = "<any>-compute@developer.gserviceaccount.com"
    assert who == (said or (member if member.startswith("principalSet") else default))


def test_the_same_role_for_each_of_several_is_one_assignment_each(tmp_path: Path) -> None:
    text = (
        'resource "google_project_iam_member" "m" {\n  for_each = toset(["roles/viewer", "roles/run.admin"])\n'
        '  project = "acme"\n  role = each.key\n  member = google_service_account.a.member\n}\n'
    )
    assert bound(tmp_path, text) == [
        ("<a>", "roles/run.admin", "projects/acme", 5),
        ("<a>", "roles/viewer", "projects/acme", 5),
    ]


def test_a_binding_that_may_be_absent_is_not_certain(tmp_path: Path) -> None:
    text = (
        'variable "on" { type = bool }\nresource "google_project_iam_member" "m" {\n  count = var.on ? 1 : 0\n'
        '  project = "acme"\n  role = "roles/owner"\n  member = google_service_account.a.member\n}\n'
    )
    assert [one.certain for one in only(from_terraform(tmp_path, ACCOUNT + text), RoleAssignment)] == [False]


def test_a_role_only_known_at_deploy_time_hides_what_its_holder_may_do(tmp_path: Path) -> None:
    text = (
        'variable "role" {}\nresource "google_project_iam_member" "m" {\n  project = "acme"\n  role = var.role\n'
        "  member = google_service_account.a.member\n}\n"
    )
    (hidden,) = only(from_terraform(tmp_path, ACCOUNT + text), Hidden)
    assert (hidden.subject.address, hidden.attribute, line(hidden.at)) == ("google_service_account.a", "role", 5)


def test_everyone_may_call_what_everyone_is_an_invoker_of(tmp_path: Path) -> None:
    text = (
        'resource "google_cloud_run_v2_service" "s" { name = "s" }\n'
        'resource "google_cloud_run_v2_service_iam_member" "m" {\n  name = google_cloud_run_v2_service.s.name\n'
        '  role = "roles/run.invoker"\n  member = "allUsers"\n}\n'
    )
    (open_,) = [one for one in only(from_terraform(tmp_path, text), Setting) if one.aspect is Aspect.ANONYMOUS_INBOUND]
    assert (plain(open_.subject), open_.state, line(open_.at)) == ("s", True, 5)


def test_everyone_under_a_condition_or_with_an_account_is_not_anonymous(tmp_path: Path) -> None:
    text = (
        'resource "google_cloud_run_v2_service_iam_member" "m" {\n  name = "s"\n'
        '  role = "roles/run.invoker"\n  member = "allAuthenticatedUsers"\n}\n'
        'resource "google_cloud_run_v2_service_iam_member" "n" {\n  name = "s"\n'
        '  role = "roles/run.invoker"\n  member = "allUsers"\n  condition {\n    expression = "x"\n  }\n}\n'
    )
    assert not only(from_terraform(tmp_path, text), Setting)


PROVIDER = (
    'resource "google_iam_workload_identity_pool" "p" { workload_identity_pool_id = "github" }\n'
    'resource "google_iam_workload_identity_pool_provider" "p" {\n'
    "  workload_identity_pool_id = google_iam_workload_identity_pool.p.workload_identity_pool_id\n"
    '  workload_identity_pool_provider_id = "actions"\n  %s\n  oidc {\n'
    '    issuer_uri = "https://token.actions.githubusercontent.com"\n  }\n}\n'
)
ISSUER = "token.actions.githubusercontent.com"


def trusted(tmp_path: Path, condition: str, member: str) -> tuple[list[tuple[object, ...]], bool]:
    text = (
        ACCOUNT
        + PROVIDER % condition
        + 'resource "google_service_account_iam_member" "m" {\n'
        + "  service_account_id = google_service_account.a.name\n"
        + f'  role = "roles/iam.workloadIdentityUser"\n  member = "{member}"\n}}\n'
    )
    (policy,) = only(from_terraform(tmp_path, text), Policy)
    (statement,) = policy.statements
    assert [(one.kind, plain(one.value)) for one in statement.principals] == [("Federated", ISSUER)]
    said = [(one.operator, one.key.removeprefix(f"{ISSUER}:"), plain(one.values)) for one in statement.conditions]
    return [one for one in said if one[1] != "aud"], statement.conditions_open


POOL = "iam.googleapis.com/${google_iam_workload_identity_pool.p.name}"


@pytest.mark.parametrize(
    ("condition", "member", "said", "unread"),
    [
        ("", f"principalSet://{POOL}/*", [], False),
        (
            "",
            f"principalSet://{POOL}/attribute.repository/acme/agents",
            [("StringEquals", "repository", ("acme/agents",))],
            False,
        ),
        (
            "",
            f"principal://{POOL}/subject/repo:acme/agents:ref:refs/heads/main",
            [("StringEquals", "sub", ("repo:acme/agents:ref:refs/heads/main",))],
            False,
        ),
        (
            "attribute_condition = \"assertion.repository_owner == 'acme'\"",
            f"principalSet://{POOL}/*",
            [("StringEquals", "repository_owner", ("acme",))],
            False,
        ),
        (
            "attribute_condition = \"assertion.repository in ['acme/a', 'acme/b']\"",
            f"principalSet://{POOL}/*",
            [("StringEquals", "repository", ("acme/a", "acme/b"))],
            False,
        ),
        (
            "attribute_condition = \"google.subject.startsWith('repo:acme/')\"",
            f"principalSet://{POOL}/*",
            [("StringLike", "sub", ("repo:acme/*",))],
            False,
        ),
        (
            "attribute_condition = \"assertion.actor == 'x' || assertion.ref == 'y'\"",
            f"principalSet://{POOL}/*",
            [],
            True,
        ),
        ("attribute_condition = \"!(assertion.ref == 'y')\"", f"principalSet://{POOL}/*", [], True),
        ('attribute_condition = "assertion.a.matches(x)"', f"principalSet://{POOL}/*", [], True),
        ("", f"principalSet://{POOL}/group/ops", [], True),
    ],
)
def test_what_a_federated_member_demands_of_the_token(
    tmp_path: Path, condition: str, member: str, said: list[tuple[object, ...]], *, unread: bool
) -> None:
    assert trusted(tmp_path, condition, member) == (said, unread)


def test_a_kubernetes_account_is_trusted_by_its_subject(tmp_path: Path) -> None:
    text = (
        'resource "google_service_account_iam_member" "m" {\n  service_account_id = google_service_account.a.name\n'
        '  role = "roles/iam.workloadIdentityUser"\n  member = "serviceAccount:acme.svc.id.goog[agents/bot]"\n}\n'
    )
    (policy,) = only(from_terraform(tmp_path, ACCOUNT + text), Policy)
    said = [(one.key, plain(one.values)) for one in policy.statements[0].conditions]
    assert said == [
        ("container.googleapis.com:sub", ("system:serviceaccount:agents:bot",)),
        ("container.googleapis.com:aud", ("acme.svc.id.goog",)),
    ]
    assert (plain(policy.subject), line(policy.at)) == ("<a>", 4)


def test_a_role_that_lets_nobody_become_the_account_is_no_trust(tmp_path: Path) -> None:
    text = (
        'resource "google_service_account_iam_member" "m" {\n  service_account_id = google_service_account.a.name\n'
        '  role = "roles/iam.serviceAccountViewer"\n  member = "principalSet://iam.googleapis.com/x/*"\n}\n'
    )
    assert not only(from_terraform(tmp_path, ACCOUNT + text), Policy)


def test_odd_policy_data_gives_nothing_and_breaks_nothing() -> None:
    source = Source("odd", "\n" * 9)
    at = Span(source, 1, 1)
    reference = Reference(Key(".", "data.google_iam_policy.gone"), "policy_data", at)
    odd = (
        Scalar("{", at),
        Scalar("[]", at),
        Scalar(7, at),
        Unknown("later", at),
        reference,
        ListValue((), at),
        MapValue({"bindings": Scalar("x", at)}, at),
        MapValue({"bindings": ListValue((Scalar("x", at), MapValue({}, at)), at)}, at),
    )
    for value in odd:
        resource = Resource(
            format=Format.TERRAFORM,
            type="google_project_iam_policy",
            key=Key(".", "google_project_iam_policy.p"),
            name="p",
            attributes=MapValue({"policy_data": value}, at),
            at=at,
        )
        assert lower([resource]) == ()


@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
def test_whoever_may_use_a_service_account_is_admitted_to_it(tmp_path: Path, member: str) -> None:
    (policy,) = only(from_terraform(tmp_path, ACCOUNT + _used_by(member)), Policy)
    (statement,) = policy.statements
    assert [(one.kind, plain(one.value)) for one in statement.principals] == [("*", member)]
    assert statement.conditions_open is False
    assert (line(statement.at), statement.spot) == (4, member)


def test_an_account_of_another_project_is_admitted_by_its_project(tmp_path: Path) -> None:
    text = _used_by("serviceAccount:runner@vendor-prod.iam.gserviceaccount.com", "condition { expression = var.when }")
    (policy,) = only(from_terraform(tmp_path, f'variable "when" {{}}\n{ACCOUNT}{text}'), Policy)
    (statement,) = policy.statements
    assert [(one.kind, plain(one.value)) for one in statement.principals] == [("Project", "vendor-prod")]
    assert statement.conditions_open is True


@pytest.mark.parametrize(
    "member", ["user:jana@example.com", "serviceAccount:9-compute@developer.gserviceaccount.com", "group:ops@acme.org"]
)
def test_people_and_accounts_of_the_provider_are_grants_and_no_trust(tmp_path: Path, member: str) -> None:
    assert only(from_terraform(tmp_path, ACCOUNT + _used_by(member)), Policy) == []


def _used_by(member: str, more: str = "") -> str:
    return (
        'resource "google_service_account_iam_member" "m" {\n  service_account_id = google_service_account.a.name\n'
        f'  role = "roles/iam.serviceAccountTokenCreator"\n  member = "{member}"\n  {more}\n}}\n'
    )
