from __future__ import annotations

import pytest

from access.written import AT
from agentreach.access.azure import find
from agentreach.access.escalation_roles import (
    Held,
    RolePath,
    azure_paths,
    entries,
    google_paths,
    held_azure,
    held_google,
)
from agentreach.access.verdict import Verdict
from agentreach.identity import RoleAssignment, Step
from agentreach.model import Key, Scalar

GOOGLE = {entry.id: entry for entry in entries("google")}
AZURE = {entry.id: entry for entry in entries("azure")}
ASSIGNMENT = RoleAssignment(
    key=Key(".", "assignment"), provider="x", member=Scalar("m", AT), role=Scalar("r", AT), scope=None, at=AT
)


def held(
    *allowed: str, scope: str = "projects/p", excluded: tuple[str, ...] = (), verdict: Verdict = Verdict.ALLOWED
) -> Held:
    return Held(allowed, excluded, scope, verdict, ASSIGNMENT)


@pytest.mark.parametrize("identifier", sorted(GOOGLE))
def test_a_google_path_fires_on_exactly_its_needs_and_on_nothing_less(identifier: str) -> None:
    entry = GOOGLE[identifier]
    needed = [need[0] for need in entry.needs]
    (path,) = (one for one in google_paths([held(*needed)]) if one.entry is entry)
    assert path == RolePath(entry, "projects/p", Verdict.ALLOWED, (ASSIGNMENT,))
    for missing in needed:
        left = held(*(one for one in needed if one != missing))
        assert not any(one.entry is entry for one in google_paths([left]))
    assert entry.references


@pytest.mark.parametrize("identifier", sorted(AZURE))
def test_an_azure_path_fires_on_exactly_its_needs_and_on_nothing_less(identifier: str) -> None:
    entry = AZURE[identifier]
    needed = [need[0] for need in entry.needs]
    (path,) = (one for one in azure_paths([held(*needed, scope="/subscriptions/1")]) if one.entry is entry)
    assert (path.scope, path.verdict) == ("/subscriptions/1", Verdict.ALLOWED)
    for missing in needed:
        left = held(*(one for one in needed if one != missing))
        assert not any(one.entry is entry for one in azure_paths([left]))
    assert entry.references


def test_the_catalogues_are_large_enough() -> None:
    assert len(GOOGLE) >= 15
    assert len(AZURE) >= 10


def test_needs_at_scopes_that_do_not_contain_each_other_do_not_add_up() -> None:
    act, create = "iam.serviceAccounts.actAs", "run.services.create"
    account = "projects/p/serviceAccounts/worker"
    together = list(google_paths([held(create), held(act, scope=account)]))
    assert [(one.entry.id, one.scope) for one in together] == [("google-run-deploy", account)]
    assert list(google_paths([held(create), held(act, scope="projects/q/serviceAccounts/worker")])) == []


def test_the_widest_scope_is_reported_once() -> None:
    token = "iam.serviceAccounts.getAccessToken"
    found = list(google_paths([held(token), held(token, scope="projects/p/serviceAccounts/worker")]))
    assert [one.scope for one in found] == ["projects/p"]
    apart = list(google_paths([held(token, scope="projects/p"), held(token, scope="projects/q")]))
    assert [one.scope for one in apart] == ["projects/p", "projects/q"]


def test_a_conditional_assignment_makes_a_path_possible() -> None:
    token = "iam.serviceAccounts.getAccessToken"
    (path,) = google_paths([held(token, verdict=Verdict.POSSIBLE)])
    assert path.verdict is Verdict.POSSIBLE


def test_predefined_roles_bring_their_permissions() -> None:
    creator = held_google("roles/iam.serviceAccountTokenCreator", "projects/p", Verdict.ALLOWED, ASSIGNMENT)
    assert {path.entry.id for path in google_paths([creator])} >= {"google-get-access-token", "google-sign-jwt"}
    viewer = held_google("roles/viewer", "projects/p", Verdict.ALLOWED, ASSIGNMENT)
    assert list(google_paths([viewer])) == []
    run = held_google("roles/run.developer", "projects/p", Verdict.ALLOWED, ASSIGNMENT)
    user = held_google("roles/iam.serviceAccountUser", "projects/p", Verdict.ALLOWED, ASSIGNMENT)
    assert {path.entry.id for path in google_paths([run, user])} == {"google-run-deploy", "google-run-job"}
    assert list(google_paths([run])) == []


def test_contributor_may_not_assign_roles_nor_touch_the_directory() -> None:
    contributor = held_azure("Contributor", "/subscriptions/1", Verdict.ALLOWED, ASSIGNMENT)
    fired = {path.entry.id for path in azure_paths([contributor])}
    assert "azure-run-command" in fired
    assert "azure-assign-to-machine" in fired
    assert not any(one.startswith("entra-") for one in fired)
    assert {"azure-role-assignment", "azure-role-definition", "azure-elevate-access", "azure-machine-login"}.isdisjoint(
        fired
    )
    owner = held_azure("Owner", "/subscriptions/1", Verdict.ALLOWED, ASSIGNMENT)
    assert "azure-role-assignment" in {path.entry.id for path in azure_paths([owner])}


def test_roles_nobody_lists_bring_nothing_to_the_catalogue() -> None:
    assert find("Something Contributor") is None
    assert list(azure_paths([held_azure("Something Contributor", "/", Verdict.ALLOWED, ASSIGNMENT)])) == []


def test_directory_roles_fire_their_paths() -> None:
    admin = held_azure("Cloud Application Administrator", "/", Verdict.ALLOWED, ASSIGNMENT)
    (path,) = azure_paths([admin])
    assert (path.entry.id, path.entry.step) == ("entra-application-credential", Step.IDENTITY)
