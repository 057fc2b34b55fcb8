"""Who may become the identities of agents, or use agents and tools, as checks read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.policies import cause_of
from agentreach.graph.views import TrustView
from agentreach.identity import Confidence, Evidence, PolicyRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.graph.concern import Concern
    from agentreach.graph.policies import Owned
    from agentreach.graph.views import TrustedView
    from agentreach.graph.world import World
    from agentreach.identity import Agent, Statement
    from agentreach.model import Key

_LIMITING = frozenset(
    {
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "lambda:functionurlauthtype",
        "sts:externalid",
    }
)
"""Condition keys that say from where, or from whom, a request may come."""


def trust_views(world: World, concern: Concern, agents: Mapping[Key, Agent]) -> Iterator[TrustView]:
    """Trust policies of identities that entries act as, and resource policies of what entries are or use."""
    for place in sorted(concern.places()):
        entries = concern.owners(place)
        for role in (PolicyRole.TRUST, PolicyRole.RESOURCE):
            for owned in world.book.owned(place, role) if entries else ():
                yield from _of(owned, place, role, entries, world, concern, agents)


def _of(
    owned: Owned,
    place: Key,
    role: PolicyRole,
    entries: tuple[Key, ...],
    world: World,
    concern: Concern,
    agents: Mapping[Key, Agent],
) -> Iterator[TrustView]:
    for statement in owned.policy.statements:
        if statement.effect == "Deny":
            continue
        trusted = world.trusts.trusted(statement.principals, place)
        confidence = max(agents[key].confidence for key in entries)
        yield TrustView(
            identity=place,
            policy=owned.policy,
            role=role,
            statement=statement,
            trusted=trusted,
            agents=concern.named(entries),
            entries=entries,
            evidence=tuple(_lines(statement, place, trusted, world)),
            cause=f"{cause_of(owned.policy)}:{statement.spot}",
            source_limited=_is_limited(statement),
            confidence=confidence if owned.certain and statement.certain else min(confidence, Confidence.MEDIUM),
        )


def _is_limited(statement: Statement) -> bool:
    """A condition that may stand there unread may be the one that limits: its absence is not claimed."""
    return statement.conditions_open or any(one.key.lower() in _LIMITING for one in statement.conditions)


def _lines(statement: Statement, place: Key, trusted: tuple[TrustedView, ...], world: World) -> Iterator[Evidence]:
    who = ", ".join(dict.fromkeys(one.said for one in trusted)) or "everyone it does not exclude"
    yield Evidence(statement.at, f"trusts {who}")
    principal = world.principals.get(place)
    if principal is not None:
        yield Evidence(principal.at, f"identity {place.address}")
