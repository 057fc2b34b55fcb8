"""Principals that are no part of an agent and can rewrite, drive or become it or its tools.

A principal that the code names one by one for the purpose is its declared caller or deployer: what counts is who may
do so by a pattern, who may replace code without being a pipeline, and who comes from another account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from agentreach.access import actions
from agentreach.access.verdict import Verdict
from agentreach.graph.attacker import Attacker
from agentreach.graph.identities import name_of
from agentreach.graph.views import ThirdPartyView
from agentreach.identity import Agent, Confidence, Evidence, PolicyRole, Step, Workload
from agentreach.model import Key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.access.escalation import Target
    from agentreach.graph.concern import Concern
    from agentreach.graph.layers import Granted
    from agentreach.graph.world import World

_PIPELINES: Final = frozenset({"codepipeline", "codebuild-project"})
_OUTSIDERS: Final = {"foreign": True, "outside": None}


class _Way(NamedTuple):
    """Actions on a kind of thing, what they let someone do, and what that gives."""

    kinds: frozenset[str]
    actions: tuple[str, ...]
    how: str
    yields: Step


_WAYS: Final = (
    _Way(
        frozenset({"lambda-function"}),
        ("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"),
        "may replace the code of",
        Step.DEPLOY,
    ),
    _Way(
        frozenset({"bedrock-agent"}),
        ("bedrock:UpdateAgent", "bedrock:UpdateAgentActionGroup", "bedrock:CreateAgentActionGroup"),
        "may rewrite",
        Step.DEPLOY,
    ),
    _Way(frozenset({"bedrock-agent"}), ("bedrock:InvokeAgent",), "may drive", Step.EXECUTE),
    _Way(
        frozenset({"agentcore-runtime", "agentcore-harness"}),
        ("bedrock-agentcore:UpdateAgentRuntime", "bedrock-agentcore:UpdateHarness"),
        "may rewrite",
        Step.DEPLOY,
    ),
    _Way(
        frozenset({"agentcore-runtime", "agentcore-harness"}),
        ("bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:InvokeHarness"),
        "may drive",
        Step.EXECUTE,
    ),
    _Way(
        frozenset({"agentcore-code-interpreter"}),
        ("bedrock-agentcore:InvokeCodeInterpreter",),
        "may run code in",
        Step.EXECUTE,
    ),
    _Way(frozenset({"ecs-task"}), ("ecs:RegisterTaskDefinition",), "may replace the tasks of", Step.DEPLOY),
)


def third_party_views(world: World, concern: Concern, agents: Mapping[Key, Agent]) -> Iterator[ThirdPartyView]:
    """First those that policies of the agent's own things let in, then those whose own policies reach in."""
    places = sorted(concern.places())
    yield from _let_in(world, concern, places, agents)
    targets = [one for place in places if (one := world.targets.get(place)) is not None]
    for principal in _strangers(world, concern):
        yield from _reach_in(principal, targets, world, concern, agents)


def _let_in(world: World, concern: Concern, places: list[Key], agents: Mapping[Key, Agent]) -> Iterator[ThirdPartyView]:
    for place in places:
        for role in (PolicyRole.TRUST, PolicyRole.RESOURCE):
            for owned in world.book.owned(place, role):
                for statement in owned.policy.statements:
                    for one in world.trusts.trusted(statement.principals, place):
                        if statement.effect != "Deny" and one.relation in _OUTSIDERS:
                            entries = concern.entries(place)
                            yield ThirdPartyView(
                                principal=Key("", one.account or one.name),
                                principal_name=one.name,
                                target=place,
                                how=f"may {'become' if role is PolicyRole.TRUST else 'use'} {place.address}",
                                agents=concern.named(entries),
                                entries=entries,
                                evidence=(Evidence(statement.at, f"admits {one.name}"),),
                                cause=f"{owned.policy.key.address}:{statement.spot}",
                                certain=owned.certain and statement.certain,
                                declared=False,
                                foreign=_OUTSIDERS[one.relation],
                                confidence=_confidence(entries, agents, certain=owned.certain and statement.certain),
                                yields=_highest(place, world) if role is PolicyRole.TRUST else Step.EXECUTE,
                            )


def _highest(identity: Key, world: World) -> Step:
    return max((row.step for row in world.rows(identity)), default=Step.OBSERVE)


def _strangers(world: World, concern: Concern) -> Iterator[Key]:
    """Principals that some other workload runs as, with a statement that speaks about any of the ways in."""
    wanted = 0
    for way in _WAYS:
        for action in way.actions:
            wanted |= actions.expand(action)
    inside = concern.places()
    for key, principal in world.principals.declared.items():
        if principal.provider != "aws" or key in inside or not world.edges.users.get(key):
            continue
        if any(world.sentences.of(one.statement).reach & wanted for one in _allowing(key, world)):
            yield key


def _allowing(principal: Key, world: World) -> Iterator[Granted]:
    return (one for one in world.layers.statements(principal) if one.statement.effect != "Deny")


def _reach_in(
    principal: Key, targets: list[Target], world: World, concern: Concern, agents: Mapping[Key, Agent]
) -> Iterator[ThirdPartyView]:
    attacker = Attacker(principal, world)
    is_pipeline = any(_kind(user, world) in _PIPELINES for user in world.edges.direct_users(principal))
    for target in targets:
        if target.key.root != principal.root:
            continue
        for way in _WAYS:
            if target.kind not in way.kinds:
                continue
            found = _granting(attacker, way, target, world)
            if found is None:
                continue
            granted, certain = found
            sentence = world.sentences.of(granted.statement)
            named = not sentence.anywhere and not sentence.spans
            if named and (is_pipeline or way.yields is Step.EXECUTE):
                continue
            entries = concern.entries(target.key)
            yield ThirdPartyView(
                principal=principal,
                principal_name=name_of(world.principals.get(principal), principal, world),
                target=target.key,
                how=f"{way.how} {target.key.address}",
                agents=concern.named(entries),
                entries=entries,
                evidence=(
                    Evidence(granted.statement.at, f"allows {', '.join(sentence.texts[:3])}"),
                    *granted.attached.evidence,
                    Evidence(world.principals.declared[principal].at, f"identity {principal.address}"),
                ),
                cause=f"{granted.attached.cause}:{granted.statement.spot}",
                certain=certain,
                confidence=_confidence(entries, agents, certain=certain),
                yields=way.yields,
            )


def _granting(attacker: Attacker, way: _Way, target: Target, world: World) -> tuple[Granted, bool] | None:
    """The statement that lets a principal do any of a way's actions on a target."""
    for action in way.actions:
        judged = attacker.may(action, target, {})
        for statement in judged.because if judged.verdict is not Verdict.DENIED else ():
            granted = world.layers.origin(statement)
            if granted is not None and granted.statement.effect == "Allow":
                return granted, judged.verdict is Verdict.ALLOWED
    return None


def _kind(key: Key, world: World) -> str:
    found = (one.kind for one in world.index.by_key.get(key, ()) if isinstance(one, Workload))
    return next(found, "")


def _confidence(entries: tuple[Key, ...], agents: Mapping[Key, Agent], *, certain: bool) -> Confidence:
    highest = max((agents[key].confidence for key in entries), default=Confidence.LOW)
    return highest if certain else min(highest, Confidence.MEDIUM)
