"""Google roles: basic, predefined by the provider's table, and declared by their permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access import google
from agentreach.graph.role_assignments_gifts import NOTED, Gift, Role, also_writes, grouped, name_of, texts_of
from agentreach.model import string

if TYPE_CHECKING:
    from agentreach.identity import RoleDefinition

_BASIC = frozenset({"owner", "editor", "viewer", "browser", "admin", "writer", "reader"})
_WRITING_BASIC = frozenset({"owner", "editor", "admin", "writer"})


def google_role(name: str, _scope: str) -> Role:
    """A role of the provider's own."""
    bare = name.removeprefix("roles/")
    service, _, _ = bare.partition(".")
    basic = bare in _BASIC
    listed = google.is_listed(name)
    step = google.step_of_role(name)
    first = Gift(
        step,
        "*" if basic else service,
        (name,),
        wide=bare in _WRITING_BASIC,
        certain=listed,
        note="" if listed else NOTED,
    )
    return Role(name, (first, *also_writes(first)), tuple(sorted(google.permissions_of(name))))


def google_definition(definition: RoleDefinition) -> Role:
    """A declared role, by its permissions."""
    known = tuple(one for one in definition.actions if string(one) is not None)
    return Role(
        name_of(definition),
        tuple(grouped(known, google.step_of_permission, lambda one: one.partition(".")[0])),
        texts_of(known),
        definition=definition,
    )
