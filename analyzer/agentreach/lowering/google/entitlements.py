"""Privileged Access Manager: roles that are granted on request, for a while, perhaps after somebody agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, RoleAssignment
from agentreach.lowering import durations
from agentreach.lowering.durations import Unit
from agentreach.lowering.google.names import member, project, project_named, scope_of
from agentreach.lowering.joined_text import joined, known
from agentreach.model import Key, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

_ACCESS = "privileged_access.gcp_iam_access"
_LONGEST = "max_request_duration"


def entitlement(resource: Resource, context: Context) -> Iterator[Fact]:
    """Each eligible principal may get each of the roles, as long as a request lasts."""
    scope = scope_of(resource)
    where = _where(scope, context)
    approved = scope.has("approval_workflow.manual_approvals")
    lifetime = durations.seconds(scope.get(_LONGEST), Unit.SECONDS)
    for number, value in enumerate(scope.values("eligible_users.principals")):
        who = member(value, context)
        for block in scope.each(f"{_ACCESS}.role_bindings"):
            for role in block.values("role"):
                yield RoleAssignment(
                    key=resource.key,
                    provider="google",
                    member=who,
                    role=role,
                    scope=where,
                    at=block.at("role"),
                    condition=block.get("condition_expression"),
                    eligible=True,
                    approved=approved,
                    certain=resource.certain,
                )
        if lifetime is not None:
            yield Credential(
                key=Key(resource.key.root, f"{resource.key.address}#{number}"),
                kind="elevated-session",
                owner=who,
                at=scope.at(_LONGEST),
                ttl=lifetime,
                renewable_without_human=not approved,
                thresholds="elevated",
                note="granted after approval" if approved else "granted on request, without approval",
                attribute=_LONGEST,
            )


def _where(scope: Scope, context: Context) -> Value:
    """`//cloudresourcemanager.googleapis.com/projects/p` or the parent, as the scope of a binding."""
    value = scope.get(f"{_ACCESS}.resource") or scope.get("parent")
    at = scope.at(f"{_ACCESS}.resource", "parent")
    if value is None:
        return joined(at, "projects/", project(scope, context))
    text = known(value)
    for prefix in ("organizations/", "folders/"):
        if prefix in text:
            return joined(at, prefix, *_after(value, prefix))
    if "projects/" in text:
        inner = joined(at, *_after(value, "projects/"))
        return joined(at, "projects/", project_named(inner, context, at))
    return joined(at, "projects/", project_named(value, context, at))


def _after(value: Value, mark: str) -> Iterator[str | Value]:
    seen = False
    for part in text_parts(value):
        if seen:
            yield part
        elif isinstance(part, str) and mark in part:
            seen = True
            yield part.partition(mark)[2]
