"""Google and Azure principals that are no part of an agent and whose roles reach into it, its tools or its identity.

A role on the agent itself names it: its holder is a declared caller or deployer. What counts is a role on a resource
group, a subscription, a project or above, which reaches the agent along with everything else. Its holder counts when
something declared acts as it or something outside the code may, or when it is an account of another project.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.access import azure
from agentreach.access.verdict import Verdict
from agentreach.graph.identities import name_of
from agentreach.graph.strangers import confidence, is_used, shown
from agentreach.graph.views import ThirdPartyView
from agentreach.identity import Evidence, Step, System
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from agentreach.graph.concern import Concern
    from agentreach.graph.role_assignments import Assigned
    from agentreach.graph.world import World
    from agentreach.identity import Agent
    from agentreach.model import Key


class _Way(NamedTuple):
    """A right on a kind of thing, and what it lets someone do. `yields` None: whatever the identity may."""

    provider: str
    kinds: frozenset[str]
    right: str
    how: str
    yields: Step | None = Step.DEPLOY


def _way(provider: str, kinds: str, right: str, how: str = "may rewrite") -> _Way:
    return _Way(provider, frozenset(kinds.split()), right, how, None if how == "may become" else Step.DEPLOY)


_WAYS: Final = (
    _way("google", "reasoning-engine", "aiplatform.reasoningEngines.update"),
    _way("google", "service", "run.services.update", "may replace the code of"),
    _way("google", "function", "cloudfunctions.functions.update", "may replace the code of"),
    _way("google", "service-account", "iam.serviceAccounts.getAccessToken", "may become"),
    _way("google", "service-account", "iam.serviceAccountKeys.create", "may become"),
    _way("google", "service-account", "iam.serviceAccounts.setIamPolicy", "may become"),
    _way("azure", "container-app", "Microsoft.App/containerApps/write", "may replace the code of"),
    _way("azure", "site function", "Microsoft.Web/sites/write", "may replace the code of"),
    _way("azure", "logic-app", "Microsoft.Logic/workflows/write"),
    _way("azure", "model-account", "Microsoft.CognitiveServices/accounts/write"),
    _way("azure", "project", "Microsoft.CognitiveServices/accounts/projects/write"),
    _way(
        "azure",
        "managed-identity",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
        "may become",
    ),
    _way("azure", "managed-identity", "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", "may become"),
)

_ACCOUNTS: Final = ".iam.gserviceaccount.com"
_AGENTS: Final = "gcp-sa-"

_Targets = dict["Key", str]


def role_strangers(world: World, concern: Concern, agents: Mapping[Key, Agent]) -> Iterator[ThirdPartyView]:
    """One view for each principal, role and way in."""
    targets = _targets(world, concern)
    for principal in world.roles.holders if targets else ():
        if not is_used(principal, world) and _foreign_project(principal, world) is None:
            continue
        own = frozenset(concern.entries(principal))
        for held in world.roles.held(principal):
            if held.scope.is_wide or held.scope.level == "resourcegroup":
                yield from _views(principal, held, own, targets, world, concern, agents)


def _targets(world: World, concern: Concern) -> _Targets:
    """What entries are, use and act as, by kind."""
    kinds = {one.key: one.kind for one in world.index.of(System) if one.provider}
    kinds |= {key: one.kind for key, one in world.principals.declared.items() if one.provider in {"google", "azure"}}
    return {place: kinds[place] for place in sorted(concern.places()) if place in kinds and concern.entries(place)}


def _views(
    principal: Key,
    held: Assigned,
    own: frozenset[Key],
    targets: _Targets,
    world: World,
    concern: Concern,
    agents: Mapping[Key, Agent],
) -> Iterator[ThirdPartyView]:
    found: defaultdict[str, dict[Key, Verdict]] = defaultdict(dict)
    for way in _WAYS:
        if way.provider == held.assignment.provider and _gives(held, way.right):
            for key, kind in targets.items():
                reached = world.roles.scopes.includes(held.scope, key, held.assignment.key.root)
                strange = key != principal and not own.issuperset(concern.entries(key))
                strange = strange and _may_be_strange(principal, key, world)
                if kind in way.kinds and strange and reached is not Verdict.DENIED:
                    found[way.how].setdefault(key, reached)
    for how, several in found.items():
        yield _view(principal, held, how, several, own, world, concern, agents)


def _foreign_project(principal: Key, world: World) -> str | None:
    """The project of a service account that is only named; Google's own agents, which every project has, have none."""
    project = principal.address.partition("@")[2].removesuffix(_ACCOUNTS)
    named = principal.address.endswith(_ACCOUNTS) and not project.startswith(_AGENTS) and "…" not in project
    return project if named and world.principals.get(principal) is None else None


def _may_be_strange(principal: Key, target: Key, world: World) -> bool:
    """Something declared may; an account that only is named when it is of another project than what it reaches."""
    project, home = _foreign_project(principal, world), world.homes.of(target)
    return is_used(principal, world) or (home is not None and project is not None and project != home)


def _gives(held: Assigned, right: str) -> bool:
    if held.assignment.provider == "azure":
        return azure.allows(held.role.allowed, held.role.excluded, right)
    return right in held.role.allowed


def _view(
    principal: Key,
    held: Assigned,
    how: str,
    reached: Mapping[Key, Verdict],
    own: frozenset[Key],
    world: World,
    concern: Concern,
    agents: Mapping[Key, Agent],
) -> ThirdPartyView:
    keys = tuple(reached)
    entries = tuple(one for one in concern.entries(*keys) if one not in own)
    certain = held.certain and Verdict.ALLOWED in reached.values()
    declared = world.principals.get(principal)
    return ThirdPartyView(
        principal=principal,
        principal_name=name_of(declared, principal, world),
        target=keys[0],
        targets=keys,
        how=f"{how} {shown(keys)}",
        agents=concern.named(entries),
        entries=entries,
        evidence=(
            *held.evidence,
            *((Evidence(declared.at, f"identity {principal.address}"),) if declared is not None else ()),
        ),
        cause=held.cause,
        certain=certain,
        declared=declared is not None,
        foreign=True if _foreign_project(principal, world) is not None else None,
        confidence=confidence(entries, agents, certain=certain),
        yields=_highest(keys, world) if how == "may become" else Step.DEPLOY,
    )


def _highest(identities: Iterable[Key], world: World) -> Step:
    return max((world.highest(one)[0] for one in identities), default=Step.OBSERVE)
