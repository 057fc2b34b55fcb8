"""Logs, groups and other things that say something about others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Membership, Setting, Unmodelled
from agentreach.lowering import durations
from agentreach.lowering.durations import DAY, Unit
from agentreach.lowering.google.names import member, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource

KEPT = 365 * DAY
_DEFAULT = 30 * DAY
_AGENTS = ("google_vertex_ai_reasoning_engine", "google_ces_app", "google_dialogflow_cx_agent")


def log_bucket(resource: Resource, context: Context) -> Iterator[Fact]:
    """How long the project's log is kept; the default bucket is where what agents do is recorded."""
    scope = scope_of(resource)
    written = durations.seconds(scope.get("retention_days"), Unit.DAYS)
    lifetime = _DEFAULT if written is None else written
    if scope.text("bucket_id") not in {"_Default", None}:
        return
    enough = lifetime >= KEPT if isinstance(lifetime, float) else None
    kept = f"{lifetime / DAY:g} days" if isinstance(lifetime, float) else "a time known at deploy time"
    for agent in context.of_type(*_AGENTS):
        if agent.key.root == resource.key.root:
            yield Setting(
                subject=agent.key,
                aspect=Aspect.AUDIT_LOG,
                state=enough,
                at=scope.at("retention_days"),
                note=f"the project's log is kept for {kept}",
                defaulted=written is None,
            )


def member_of_group(resource: Resource, context: Context) -> Iterator[Fact]:
    """Somebody belongs to a group, and holds what the group holds."""
    scope = scope_of(resource)
    group, who = scope.get("group"), scope.get("preferred_member_key.id")
    if group is not None and who is not None:
        yield Membership(member=member(who, context), group=group, at=scope.at("preferred_member_key"))


def unmodelled(resource: Resource, _context: Context) -> Iterator[Fact]:
    """Agent-related by its family, and not described: said, not guessed at."""
    yield Unmodelled(key=resource.key, type=resource.type, at=resource.at)
