"""What hides reach: values only known at deploy time, and things the scanned code only names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.sentence_book import MOST_COMPARISONS
from agentreach.graph.views import UnknownView
from agentreach.identity import Hidden
from agentreach.model import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.concern import Concern
    from agentreach.graph.world import World
    from agentreach.identity import Statement
    from agentreach.model import Key, Span


def unknown_views(world: World, concern: Concern) -> tuple[UnknownView, ...]:
    """Every unknown that concerns an entry, each once."""
    found: dict[tuple[Key, str, str], UnknownView] = {}
    for key, attribute, reason, at in _all(world, concern):
        entries = concern.entries(key)
        if entries:
            view = UnknownView(
                key=key, attribute=attribute, reason=reason, at=at, agents=concern.named(entries), entries=entries
            )
            found.setdefault((key, attribute, reason), view)
    return tuple(found[key] for key in sorted(found))


def _all(world: World, concern: Concern) -> Iterator[tuple[Key, str, str, Span]]:
    for hidden in world.index.of(Hidden):
        yield hidden.subject, hidden.attribute, hidden.reason, hidden.at
    for subject, use, unknown in world.edges.unresolved:
        yield subject, use.relation.value, unknown.reason, use.at
    for place in concern.places():
        yield from _policies(world, place)
        yield from _outside(world, place)
        for binding in world.rbac.missing(place):
            reason = f"{binding.role_kind} {binding.role_name} is not declared in the scanned code"
            yield place, "roleRef", reason, binding.role_at


def _policies(world: World, place: Key) -> Iterator[tuple[Key, str, str, Span]]:
    for document in world.layers.documents(place):
        if document.unknown:
            yield place, "policy", document.unknown, document.unknown_at or document.at
    if world.aws.limits_exhausted(place):
        reason = f"its policies name more than {MOST_COMPARISONS:,} pairs of resources to compare: not all were"
        yield place, "policy", reason, world.principals.declared[place].at
    for granted in world.layers.statements(place):
        reason = _open(granted.statement)
        if reason:
            yield place, "policy", reason, granted.statement.at


def _open(statement: Statement) -> str:
    if isinstance(statement.effect, Unknown):
        return statement.effect.reason
    wholly = (one.reason for one in (*statement.actions, *statement.not_actions) if isinstance(one, Unknown))
    return next(wholly, "the statement may hold more than the code says" if statement.open else "")


def _outside(world: World, place: Key) -> Iterator[tuple[Key, str, str, Span]]:
    """An identity that the code only names; a service account needs no declaration to have bindings."""
    at = world.edges.named_at.get(place) or world.assume.outside.get(place)
    if at is not None and world.rbac.account(place) is None:
        name = world.edges.outside.get(place, place.address)
        yield place, "identity", f"{name} is not declared in the scanned code", at
