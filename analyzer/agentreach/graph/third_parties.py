"""Principals that are no part of an agent and can rewrite, drive or become it or its tools.

A principal that the code names one by one for the purpose is its declared caller or deployer: what counts is who may
do so by a pattern, who may replace code without being a pipeline, and who comes from another account.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.access import actions
from agentreach.access.verdict import Verdict
from agentreach.graph.attacker import Attacker
from agentreach.graph.identities import name_of
from agentreach.graph.policies import cause_of
from agentreach.graph.trusts import is_account
from agentreach.graph.views import ThirdPartyView
from agentreach.graph.words import CI_ISSUERS
from agentreach.identity import Agent, Confidence, Evidence, PolicyRole, Step, Workload
from agentreach.model import Key
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from agentreach.access.escalation import Target
    from agentreach.graph.concern import Concern
    from agentreach.graph.layers import Granted
    from agentreach.graph.policies import Owned
    from agentreach.graph.world import World
    from agentreach.identity import Statement

_PIPELINES: Final = frozenset({"codepipeline", "codebuild-project"})
_FROM_OUTSIDE: Final = frozenset({"federated", "foreign", "outside", "anyone"})
_OUTSIDERS: Final = {"foreign": True, "outside": None}


class _Way(NamedTuple):
    """Actions on a kind of thing, what they let someone do, and what that gives."""

    kinds: frozenset[str]
    actions: tuple[str, ...]
    how: str
    yields: Step


class _Granting(NamedTuple):
    """The statement that lets a principal in, and whether it surely does."""

    granted: Granted
    certain: bool


_SHOWN: Final = 3
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
    targets: defaultdict[str, list[Target]] = defaultdict(list)
    for place in places:
        target = world.targets.get(place)
        if target is not None and any(target.kind in way.kinds for way in _WAYS) and concern.entries(place):
            targets[place.root].append(target)
    for principal in _strangers(world, targets):
        yield from _reach_in(principal, targets[principal.root], world, concern, agents)


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
                confidence=_confidence(entries, agents, certain=certain),
                yields=_highest(place, world) if trust else Step.EXECUTE,
            )


def _highest(identity: Key, world: World) -> Step:
    return max((row.step for row in world.rows(identity)), default=Step.OBSERVE)


def _strangers(world: World, roots: Container[str]) -> Iterator[Key]:
    """Principals of some roots that other workloads run as, with a statement that speaks about any of the ways in."""
    wanted = actions.expand_all(action for way in _WAYS for action in way.actions)
    for key, principal in world.principals.declared.items():
        if principal.provider != "aws" or key.root not in roots or not _is_used(key, world):
            continue
        if any(world.sentences.of(one.statement).reach & wanted for one in _allowing(key, world)):
            yield key


def _is_used(principal: Key, world: World) -> bool:
    """Whether something declared acts as it, or something outside the code may."""
    if world.edges.users.get(principal):
        return True
    trusted = (one for trust in world.trusts.of(principal) for one in trust.trusted)
    return any(
        one.relation in _FROM_OUTSIDE or (one.relation == "same-account" and not is_account(one)) for one in trusted
    )


def _is_pipeline(principal: Key, world: World) -> bool:
    """Whether a pipeline acts as it: one declared here, or one of a code host."""
    if any(_kind(user, world) in _PIPELINES for user in world.edges.direct_users(principal)):
        return True
    trusted = (one for trust in world.trusts.of(principal) for one in trust.trusted)
    return any(one.relation == "federated" and any(issuer in one.name for issuer in CI_ISSUERS) for one in trusted)


def _allowing(principal: Key, world: World) -> Iterator[Granted]:
    return (one for one in world.layers.statements(principal) if one.statement.effect != "Deny")


def _reach_in(
    principal: Key, targets: list[Target], world: World, concern: Concern, agents: Mapping[Key, Agent]
) -> Iterator[ThirdPartyView]:
    attacker = Attacker(principal, world)
    pipeline = _is_pipeline(principal, world)
    ways = [way for way in _WAYS if attacker.actions & actions.expand_all(way.actions)]
    for target in targets:
        fitting = [way for way in ways if target.kind in way.kinds]
        entries = _others(principal, target, concern) if fitting else ()
        for way in fitting if entries else ():
            found = _granting(attacker, way, target, world)
            if found is not None and not _is_meant(found.granted, way, world, pipeline=pipeline):
                yield _view(principal, target, way, found, entries, world, concern, agents)


def _others(principal: Key, target: Target, concern: Concern) -> tuple[Key, ...]:
    """The entries of a target that the principal does not act for itself."""
    own = concern.entries(principal)
    return tuple(key for key in concern.entries(target.key) if key not in own)


def _is_meant(granted: Granted, way: _Way, world: World, *, pipeline: bool) -> bool:
    """Whether the code names the target for the purpose: a caller of it, or a pipeline that deploys it."""
    sentence = world.sentences.of(granted.statement)
    named = not sentence.anywhere and not sentence.spans and not any(_is_wide(one.text) for one in sentence.resources)
    return named and (pipeline or way.yields is Step.EXECUTE)


def _is_wide(resource: str) -> bool:
    return "*" in resource.rpartition(":")[2].partition("/")[2] or resource.endswith("*")


def _view(
    principal: Key,
    target: Target,
    way: _Way,
    found: _Granting,
    entries: tuple[Key, ...],
    world: World,
    concern: Concern,
    agents: Mapping[Key, Agent],
) -> ThirdPartyView:
    granted = found.granted
    texts = world.sentences.of(granted.statement).texts
    return ThirdPartyView(
        principal=principal,
        principal_name=name_of(world.principals.get(principal), principal, world),
        target=target.key,
        how=f"{way.how} {target.key.address}",
        agents=concern.named(entries),
        entries=entries,
        evidence=(
            Evidence(granted.statement.at, f"allows {', '.join(texts[:_SHOWN])}"),
            *granted.attached.evidence,
            Evidence(world.principals.declared[principal].at, f"identity {principal.address}"),
        ),
        cause=f"{granted.attached.cause}:{granted.statement.spot}",
        certain=found.certain,
        confidence=_confidence(entries, agents, certain=found.certain),
        yields=way.yields,
    )


def _granting(attacker: Attacker, way: _Way, target: Target, world: World) -> _Granting | None:
    """The statement that lets a principal do any of a way's actions on a target."""
    for action in way.actions:
        judged = attacker.may(action, target, ())
        for statement in judged.because if judged.verdict is not Verdict.DENIED else ():
            granted = world.layers.origin(statement)
            if granted is not None and granted.statement.effect == "Allow":
                return _Granting(granted, judged.verdict is Verdict.ALLOWED)
    return None


def _kind(key: Key, world: World) -> str:
    found = (one.kind for one in world.index.by_key.get(key, ()) if isinstance(one, Workload))
    return next(found, "")


def _confidence(entries: tuple[Key, ...], agents: Mapping[Key, Agent], *, certain: bool) -> Confidence:
    highest = max((agents[key].confidence for key in entries), default=Confidence.LOW)
    return highest if certain else min(highest, Confidence.MEDIUM)
