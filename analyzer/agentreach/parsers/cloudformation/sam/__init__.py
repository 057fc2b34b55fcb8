"""What SAM's transform makes of `AWS::Serverless::*`, as far as identities and permissions go."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope


def transformed(scope: Scope, resources: dict[str, Entry]) -> dict[str, Entry]:
    """The resources with SAM's own replaced by what they become."""
    return resources


def generated_reference(scope: Scope, logical_id: str, attribute: str) -> tuple[str, str] | None:
    """Where a name that SAM makes leads: logical id and attribute."""
    return None
