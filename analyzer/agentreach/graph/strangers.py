"""AWS principals that are no part of an agent and whose own policies reach into it or its tools.

What one statement lets a principal do to many agents is one view: a wildcard over five hundred of them is one thing
to mend.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.access import actions
from agentreach.access.verdict import Verdict
from agentreach.graph.attacker import Attacker
from agentreach.graph.identities import name_of
from agentreach.graph.trusts import is_account
from agentreach.graph.views import ThirdPartyView
from agentreach.graph.words import CI_ISSUERS
from agentreach.identity import Confidence, Evidence, Step, Workload
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from agentreach.access.escalation import Judged, Target
    from agentreach.graph.concern import Concern
    from agentreach.graph.layers import Granted
    from agentreach.graph.world import World
    from agentreach.identity import Agent
    from agentreach.model import Key

_PIPELINES: Final = frozenset({"codepipeline", "codebuild-project"})
_FROM_OUTSIDE: Final = frozenset({"federated", "foreign", "outside", "anyone"})


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


class _Found(NamedTuple):
    """Things that one statement lets a principal into in one way."""

    way: _Way
    granting: _Granting
    targets: list[Target]


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


def strangers(world: World, concern: Concern, agents: Mapping[Key, Agent]) -> Iterator[ThirdPartyView]:
    """One view for each principal, statement and way in."""
    targets: defaultdict[str, list[Target]] = defaultdict(list)
    for place in sorted(concern.places()):
        target = world.targets.get(place)
        if target is not None and any(target.kind in way.kinds for way in _WAYS) and concern.entries(place):
            targets[place.root].append(target)
    for principal in _used(world, targets):
        for found in _ways_in(principal, targets[principal.root], world, concern):
            yield _view(principal, found, world, concern, agents)


def _used(world: World, roots: Container[str]) -> Iterator[Key]:
    """Principals of some roots that other workloads run as, with a statement that speaks about any of the ways in."""
    wanted = actions.expand_all(action for way in _WAYS for action in way.actions)
    for key, principal in world.principals.declared.items():
        if principal.provider != "aws" or key.root not in roots or not is_used(key, world):
            continue
        if any(world.sentences.speaks_of(one.statement, wanted) for one in _allowing(key, world)):
            yield key


def is_used(principal: Key, world: World) -> bool:
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


def _ways_in(principal: Key, targets: Sequence[Target], world: World, concern: Concern) -> Iterable[_Found]:
    attacker = Attacker(principal, world)
    pipeline = _is_pipeline(principal, world)
    own = frozenset(concern.entries(principal))
    others = [one for one in targets if not own.issuperset(concern.entries(one.key))]
    found: dict[tuple[str, str], _Found] = {}
    for way in _WAYS if others else ():
        if attacker.actions & actions.expand_all(way.actions):
            fitting = [target for target in others if target.kind in way.kinds]
            for granting, reached in _granted(principal, attacker, way, fitting, world):
                if not _is_meant(granting.granted, way, world, pipeline=pipeline):
                    place = (way.how, _cause(granting.granted))
                    found.setdefault(place, _Found(way, granting, [])).targets.extend(reached)
    return found.values()


def _granted(
    principal: Key, attacker: Attacker, way: _Way, targets: list[Target], world: World
) -> Iterator[tuple[_Granting, list[Target]]]:
    """The statements that let a principal in, with what they lead to; one on everything is asked about once."""
    everywhere = (_origin(principal, attacker.everywhere(action), world) for action in way.actions)
    sure = next((one for one in everywhere if one is not None), None) if targets else None
    if sure is not None:
        yield sure, targets
        return
    for target in targets:
        judged = (_origin(principal, attacker.may(action, target, ()), world) for action in way.actions)
        one = next((found for found in judged if found is not None), None)
        if one is not None:
            yield one, [target]


def _origin(principal: Key, judged: Judged | None, world: World) -> _Granting | None:
    """The Allow statement that a judgement rests on."""
    if judged is None or judged.verdict is Verdict.DENIED:
        return None
    origins = (world.layers.origin(principal, statement) for statement in judged.because)
    allowing = (one for one in origins if one is not None and one.statement.effect == "Allow")
    granted = next(allowing, None)
    return None if granted is None else _Granting(granted, judged.verdict is Verdict.ALLOWED)


def _cause(granted: Granted) -> str:
    return f"{granted.attached.cause}:{granted.statement.spot}"


def _is_meant(granted: Granted, way: _Way, world: World, *, pipeline: bool) -> bool:
    """Whether the code names the target for the purpose: a caller of it, or a pipeline that deploys it."""
    sentence = world.sentences.of(granted.statement)
    named = not sentence.anywhere and not sentence.spans and not any(_is_wide(one.text) for one in sentence.resources)
    return named and (pipeline or way.yields is Step.EXECUTE)


def _is_wide(resource: str) -> bool:
    return "*" in resource.rpartition(":")[2].partition("/")[2] or resource.endswith("*")


def _view(principal: Key, found: _Found, world: World, concern: Concern, agents: Mapping[Key, Agent]) -> ThirdPartyView:
    granted, keys = found.granting.granted, tuple(target.key for target in found.targets)
    own = frozenset(concern.entries(principal))
    entries = tuple(one for one in concern.entries(*keys) if one not in own)
    return ThirdPartyView(
        principal=principal,
        principal_name=name_of(world.principals.get(principal), principal, world),
        target=keys[0],
        targets=keys,
        how=f"{found.way.how} {shown(keys)}",
        agents=concern.named(entries),
        entries=entries,
        evidence=(
            *_lines(granted, world),
            Evidence(world.principals.declared[principal].at, f"identity {principal.address}"),
        ),
        cause=_cause(granted),
        certain=found.granting.certain,
        confidence=confidence(entries, agents, certain=found.granting.certain),
        yields=found.way.yields,
    )


def _lines(granted: Granted, world: World) -> Iterator[Evidence]:
    """The statement's own line; for a provider's own policy, which has none here, the line that attaches it."""
    texts = world.sentences.of(granted.statement).texts
    what = f"allows {', '.join(texts[:_SHOWN])}"
    attached = granted.attached
    if attached.managed:
        first, *rest = attached.evidence
        yield Evidence(first.at, f"{attached.managed.rpartition('/')[2]} {what}")
        yield from rest
    else:
        yield Evidence(granted.statement.at, what)
        yield from attached.evidence


def _kind(key: Key, world: World) -> str:
    found = (one.kind for one in world.index.by_key.get(key, ()) if isinstance(one, Workload))
    return next(found, "")


def shown(keys: Sequence[Key]) -> str:
    """The first addresses, and how many more."""
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return ", ".join(key.address for key in keys[:_SHOWN]) + more


def confidence(entries: tuple[Key, ...], agents: Mapping[Key, Agent], *, certain: bool) -> Confidence:
    """That of the surest entry, and no more than medium for what only may be."""
    highest = max((agents[key].confidence for key in entries), default=Confidence.LOW)
    return highest if certain else min(highest, Confidence.MEDIUM)
