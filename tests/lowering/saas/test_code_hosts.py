from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Credential, Gate, Hidden, Principal, RoleAssignment, SecretUse
from lowering.loading import from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = (
    'resource "github_repository_environment" "e" {{\n  repository = "webshop"\n  environment = "prod"\n{}\n}}\n'
)
REVIEWERS = "  reviewers {\n    teams = [7]\n  }\n"


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (
            REVIEWERS,
            "reviewers have to agree; whoever starts the job may be one of them; administrators may pass by",
        ),
        (f"{REVIEWERS}  prevent_self_review = true\n  can_admins_bypass = false", "reviewers have to agree"),
        (
            f"{REVIEWERS}  prevent_self_review = true",
            "reviewers have to agree; administrators may pass by",
        ),
    ],
)
def test_reviewers_are_a_gate_that_says_how_it_may_be_passed(tmp_path: Path, body: str, note: str) -> None:
    (gate,) = only(from_terraform(tmp_path, ENVIRONMENT.format(body)), Gate)
    assert (plain(gate.subject), gate.note, line(gate.at)) == ("repo:webshop:environment:prod", note, 4)


@pytest.mark.parametrize("body", ["", "  wait_timer = 60", "  reviewers {}", "  reviewers {\n    users = []\n  }"])
def test_time_alone_or_nobody_is_no_gate(tmp_path: Path, body: str) -> None:
    assert not only(from_terraform(tmp_path, ENVIRONMENT.format(body)), Gate)


def test_a_secret_of_an_environment_is_not_one_of_the_whole_repository(tmp_path: Path) -> None:
    text = (
        'resource "github_actions_secret" "r" {\n  repository = "acme/webshop"\n  secret_name = "A"\n'
        '  plaintext_value = "Zx81-kP3q-9vTq-77aa"\n}\n'
        'resource "github_actions_environment_secret" "e" {\n  repository = "webshop"\n  environment = "prod"\n'
        '  secret_name = "B"\n  plaintext_value = "Zx81-kP3q-9vTq-77ab"\n}\n'
    )
    facts = from_terraform(tmp_path, text)
    assert {(one.subject.address, one.variable, one.literal) for one in only(facts, SecretUse)} == {
        ("repo:webshop", "A", True),
        ("repo:webshop:environment:prod", "B", True),
    }
    assert not any("Zx81" in repr(plain(one)) for one in facts)


@pytest.mark.parametrize(
    ("body", "role"),
    [
        ('access_level = "owner"\n  scopes = ["api"]', "owner"),
        ('scopes = ["api"]', "maintainer"),
        ('access_level = "owner"\n  scopes = ["read_api", "read_repository"]', "reporter"),
    ],
)
def test_a_project_token_holds_its_level_unless_its_scopes_only_read(tmp_path: Path, body: str, role: str) -> None:
    text = f'resource "gitlab_project_access_token" "t" {{\n  project = "7"\n  name = "bot"\n  {body}\n}}\n'
    (held,) = only(from_terraform(tmp_path, text), RoleAssignment)
    assert (plain(held.member), plain(held.role), plain(held.scope)) == ("<t>", role, "7")


def test_a_personal_token_is_a_person_and_a_service_accounts_is_not(tmp_path: Path) -> None:
    text = (
        'resource "gitlab_personal_access_token" "p" {\n  user_id = 7\n  name = "jana"\n}\n'
        'resource "gitlab_group_service_account" "s" { username = "bot" }\n'
        'resource "gitlab_personal_access_token" "m" {\n  user_id = gitlab_group_service_account.s.id\n'
        '  name = "m"\n}\n'
    )
    facts = from_terraform(tmp_path, text)
    assert {plain(one.key): (one.kind, one.human) for one in only(facts, Principal)} == {
        "p": ("user", True),
        "m": ("bot", False),
    }
    assert {plain(one.subject) for one in only(facts, Hidden)} == {"p", "m"}


def test_only_secret_variables_of_pipelines_are_secrets(tmp_path: Path) -> None:
    text = (
        'resource "gitlab_project_variable" "a" {\n  project = "acme/app"\n  key = "LEVEL"\n  value = "debug"\n}\n'
        'resource "gitlab_project_variable" "b" {\n  project = "acme/app"\n  key = "PIN"\n  value = "Zx81-kP3q-9vTq"\n'
        '  masked = true\n  environment_scope = "prod"\n}\n'
    )
    found = only(from_terraform(tmp_path, text), SecretUse)
    assert [(one.subject.address, one.variable) for one in found] == [("project_path:app:environment:prod", "PIN")]


def test_a_protected_environment_needs_so_many_approvals(tmp_path: Path) -> None:
    def gates(rules: str) -> list[str]:
        text = (
            'resource "gitlab_project_protected_environment" "e" {\n  project = "acme/app"\n'
            f'  environment = "prod"\n{rules}\n}}\n'
        )
        return [one.note for one in only(from_terraform(tmp_path, text), Gate)]

    assert gates("  approval_rules = [{ required_approvals = 2 }]") == ["2 have to approve"]
    assert gates("  approval_rules = [{ required_approvals = 0 }]") == []
    assert gates("") == []


def test_a_secret_that_copies_a_token_follows_the_tokens_rotation(tmp_path: Path) -> None:
    text = (
        'resource "gitlab_project_access_token" "t" {\n  project = "7"\n  name = "b"\n}\n'
        'resource "github_actions_secret" "s" {\n  repository = "r"\n  secret_name = "T"\n'
        "  plaintext_value = gitlab_project_access_token.t.token\n}\n"
    )
    found = {plain(one.key): one.rotated for one in only(from_terraform(tmp_path, text), Credential)}
    assert found == {"t": False, "s": None}
