"""What a role gives: a step, for one service or for all, from the provider's tables or from a declared definition.

A role that no table lists is possible at the step its name suggests, and noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.role_assignments_azure import azure_definition, azure_role
from agentreach.graph.role_assignments_gifts import Gift, Role
from agentreach.graph.role_assignments_google import google_definition, google_role
from agentreach.graph.role_assignments_others import listed_definition, other_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.identity import RoleDefinition

_PREDEFINED: dict[str, Callable[[str, str], Role]] = {"google": google_role, "azure": azure_role}
_CUSTOM: dict[str, Callable[[RoleDefinition], Role]] = {"google": google_definition, "azure": azure_definition}


def predefined(provider: str, name: str, scope: str) -> Role:
    """A role of the provider's own. `scope` is where it is assigned: it may tell what the role is about."""
    found = _PREDEFINED.get(provider)
    return other_role(provider, name) if found is None else found(name, scope)


def custom(definition: RoleDefinition) -> Role:
    """A declared role, by its permissions or operations."""
    return _CUSTOM.get(definition.provider, listed_definition)(definition)


__all__ = ["Gift", "Role", "custom", "predefined"]
