"""Google IAM: predefined roles and permissions by privilege step, impersonation, inheritance of bindings.

Source: Google Cloud documentation, "IAM basic and predefined roles reference". The table holds the roles that matter
and, of their permissions, those that the escalation catalogue asks for.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

from agentreach.access.role_suffixes import suggested
from agentreach.identity import Step
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

_FILE: Final = Path(__file__).parent / "data" / "google_roles.json"
_ANYONE: Final = frozenset({"allUsers", "allAuthenticatedUsers"})
_LONGEST: Final = 256
_CONTAINERS: Final = ("organizations", "folders", "projects")

IMPERSONATION: Final = {
    "roles/iam.serviceAccountTokenCreator": "mints tokens",
    "roles/iam.serviceAccountUser": "attaches it to resources",
    "roles/iam.workloadIdentityUser": "federated workload",
    "roles/iam.serviceAccountOpenIdTokenCreator": "mints OpenID tokens",
    "roles/iam.serviceAccountKeyAdmin": "makes keys",
    "roles/iam.serviceAccountAdmin": "rewrites its policy",
}
"""Roles that, on a service account or above it, are edges to service accounts rather than grants."""

_PERMISSION_STEPS: Final = (
    (
        Step.IDENTITY,
        late_regex(
            r"\.setIamPolicy$|^iam\.(roles|serviceAccounts|serviceAccountKeys|workload)\w*\.\w*(?<!get)(?<!list)$"
        ),
    ),
    (
        Step.IDENTITY,
        late_regex(
            r"^(orgpolicy\.policy|iam\.serviceAccounts)\.(set|actAs|getAccessToken|getOpenIdToken|sign\w+|implicitDelegation)$"
        ),
    ),
    (
        Step.SECRETS,
        late_regex(
            r"^secretmanager\.versions\.access$|getKeyString$|^storage\.hmacKeys\.create$|^container\.secrets\.(get|list)$"
        ),
    ),
    (
        Step.EXECUTE,
        late_regex(
            r"\.(invoke|call|run|runWithOverrides|exec|osLogin|osAdminLogin|accessViaIAP)$|^(dataproc|batch|dataflow)\.jobs\.create$"
        ),
    ),
    (
        Step.DEPLOY,
        late_regex(
            r"^(run|cloudfunctions|compute\.instances|compute\.projects|cloudbuild|clouddeploy|deploymentmanager|config"
            r"|appengine|workflows|composer|notebooks|container|artifactregistry\.repositories\.upload|cloudscheduler|eventarc"
            r"|aiplatform\.(custom|pipeline|reasoningEngines|endpoints|models)|dialogflow|discoveryengine|source)\w*[\w.]*"
            r"\.(create|update|patch|delete|set\w+|deploy|upload\w*|sourceCodeSet|push)$"
        ),
    ),
    (
        Step.READ_DATA,
        late_regex(
            r"\.(getData|read\w*|query|export|download\w*|consume|select|access\w*)$|^storage\.objects\.(get|list)$"
        ),
    ),
    (Step.OBSERVE, late_regex(r"\.(get|list|getIamPolicy|search\w*|watch|view)$")),
)


class Predefined(NamedTuple):
    """A role of the table: its step, and those of its permissions that the escalation catalogue asks for."""

    step: Step
    permissions: frozenset[str]


@cache
def _roles() -> dict[str, Predefined]:
    rows = json.loads(_FILE.read_text(encoding="ascii"))
    return {name: Predefined(_step(step), frozenset(permissions)) for name, (step, permissions) in rows.items()}


def _step(label: str) -> Step:
    return Step[label.upper().replace("-", "_")]


def is_listed(role: str) -> bool:
    """Whether the table knows a predefined role; others are rated by their suffix, and noted."""
    return role in _roles()


def step_of_role(role: str) -> Step:
    """The highest step a predefined role gives: from the table, else what its last word suggests."""
    found = _roles().get(role)
    return found.step if found else suggested(role)


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of a predefined role that the escalation catalogue asks for; empty for unlisted roles."""
    found = _roles().get(role)
    return found.permissions if found else frozenset()


def step_of_permission(permission: str) -> Step:
    """The step of one permission of a custom role: by rule, writing where no rule fits."""
    for step, pattern in _PERMISSION_STEPS if len(permission) <= _LONGEST else ():
        if pattern.search(permission):
            return step
    return Step.WRITE_DATA


def is_anyone(member: str) -> bool:
    """Whether a member is anyone on the internet, with or without a Google account."""
    return member in _ANYONE


def contains(outer: str, inner: str) -> bool:
    """Whether a binding at one resource name covers another, so far as the names tell.

    "projects/p" covers "projects/p/secrets/s". Which project lies in which folder no name tells: see `level`.
    """
    return inner == outer or inner.startswith(outer.rstrip("/") + "/")


def level(scope: str) -> str:
    """Whether a name is that of an "organization", "folder" or "project", or of a "resource" below."""
    collection, _, rest = scope.partition("/")
    return collection[:-1] if collection in _CONTAINERS and "/" not in rest else "resource"
