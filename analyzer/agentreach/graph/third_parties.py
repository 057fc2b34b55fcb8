"""Principals that are no part of an agent and can rewrite, drive or become it or its tools.

A principal that the code names one by one for the purpose is its declared caller or deployer: what counts is who may
do so by a pattern, who may replace code without being a pipeline, and who comes from another account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.graph.policies import cause_of
from agentreach.graph.role_strangers import role_strangers
from agentreach.graph.strangers import confidence, strangers
from agentreach.graph.views import ThirdPartyView
from agentreach.identity import Agent, Evidence, PolicyRole, Step
from agentreach.model import Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.graph.concern import Concern
    from agentreach.graph.policies import Owned
    from agentreach.graph.world import World
    from agentreach.identity import Statement

_OUTSIDERS: Final = {"foreign": True, "outside": None}


def third_party_views(world: World, concern: Concern, agents: Mapping[Key, Agent]) -> Iterator[ThirdPartyView]:
    """First those that policies of the agent's own things let in, then those whose own rights reach in."""
    yield from _let_in(world, concern, sorted(concern.places()), agents)
    yield from strangers(world, concern, agents)
    yield from role_strangers(world, concern, agents)


def _let_in(world: World, concern: Concern, places: list[Key], agents: Mapping[Key, Agent]) -> Iterator[ThirdPartyView]:
    for place in places:
        for role in (PolicyRole.TRUST, PolicyRole.RESOURCE):
            for owned in world.book.owned(place, role):
                for statement in owned.policy.statements:
                    if statement.effect != "Deny":
                        yield from _outsiders(place, owned, statement, world, concern, agents)


def _outsiders(
    place: Key,
    owned: Owned,
    statement: Statement,
    world: World,
    concern: Concern,
    agents: Mapping[Key, Agent],
) -> Iterator[ThirdPartyView]:
    """Principals of other accounts that one statement admits."""
    entries = concern.entries(place)
    certain = owned.certain and statement.certain
    trust = owned.policy.role is PolicyRole.TRUST
    for one in world.trusts.trusted(statement.principals, place):
        if one.relation in _OUTSIDERS:
            yield ThirdPartyView(
                principal=Key("", one.account or one.name),
                principal_name=one.name,
                target=place,
                how=f"may {'become' if trust else 'use'} {place.address}",
                agents=concern.named(entries),
                entries=entries,
                evidence=(Evidence(statement.at, f"admits {one.name}"),),
                cause=f"{cause_of(owned.policy)}:{statement.spot}",
                certain=certain,
                declared=False,
                foreign=_OUTSIDERS[one.relation],
                confidence=confidence(entries, agents, certain=certain),
                yields=_highest(place, world) if trust else Step.EXECUTE,
            )


def _highest(identity: Key, world: World) -> Step:
    return max((row.step for row in world.rows(identity)), default=Step.OBSERVE)
