"""One AWS principal, as the escalation matcher asks about it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from agentreach.access import actions, steps
from agentreach.access.escalation import Gain, Judged, Target
from agentreach.access.escalation_match import wanted
from agentreach.access.policy_reach import PolicyReach
from agentreach.access.verdict import Verdict
from agentreach.graph import places
from agentreach.graph.gains import NOTHING, Held
from agentreach.identity import IdentityRelation, PolicyRole, Step
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.access.escalation import Context, Scope
    from agentreach.access.request import Parts
    from agentreach.graph.sentences import Sentence
    from agentreach.graph.world import World
    from agentreach.model import Key

_SYSTEM_STEPS = {"secret": Step.SECRETS, "key": Step.SECRETS, "bucket": Step.WRITE_DATA}


class Attacker:
    """Targets are those of the principal's own root: another root may well be another account."""

    def __init__(self, key: Key, world: World) -> None:
        self._key = key
        self._world = world
        self._layers = world.layers.of(key)
        self._facts = world.principals.facts(key)
        self._engines: dict[str, PolicyReach] = {}
        self._gains: dict[Key, Gain] = {}
        self._declared: dict[str, Sequence[Target]] = {}
        self._judged: dict[tuple[str, Key, Context], Judged] = {}

    @cached_property
    def actions(self) -> int:
        """Every action that some statement allows on something; what denies take is asked for later."""
        bits = 0
        for statement in self._layers.identity:
            if statement.effect != "Deny":
                bits |= self._world.sentences.of(statement).reach
        return bits

    @cached_property
    def is_admin(self) -> bool:
        """It surely holds everything on everything."""
        return self._world.highest(self._key) == (Step.ADMIN, True)

    def may(self, action: str, target: Target, context: Context) -> Judged:
        """Ask once for each action, target and context."""
        key = (action, target.key, context)
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = self._ask(action, target, context)
        return found

    def everywhere(self, action: str) -> Judged | None:
        """What surely allows an action on everything, whatever the target; None when nothing does."""
        for scope in self.scopes(action, ()):
            if scope.parts == ("*",) and scope.verdict is Verdict.ALLOWED:
                return Judged(Verdict.ALLOWED, (scope.statement,))
        return None

    def scopes(self, action: str, context: Context) -> Sequence[Scope]:
        """What each statement lets the action act on."""
        return self._engine(action).scopes(action, context)

    def _engine(self, action: str) -> PolicyReach:
        """The layers without the statements that do not speak about an action."""
        found = self._engines.get(action)
        if found is None:
            wanted = actions.expand(action)
            kept = tuple(one for one in self._layers.identity if self._world.sentences.of(one).reach & wanted)
            found = self._engines[action] = PolicyReach(replace(self._layers, identity=kept), self._facts)
        return found

    def _ask(self, action: str, target: Target, context: Context) -> Judged:
        """Ask about the target where the code puts it; where it does not, in the places that the policies name."""
        engine = self._engine(action)
        judged = engine.may(action, target, context)
        if judged.verdict is not Verdict.POSSIBLE:
            return judged
        elsewhere = [
            engine.may(action, target._replace(texts=(text, *target.texts[1:])), context)
            for text in places.variants(target.texts[0], self._patterns)
        ]
        return max(elsewhere or [judged], key=lambda one: one.verdict)

    @cached_property
    def _patterns(self) -> tuple[Parts, ...]:
        """Every resource that an Allow statement names."""
        statements = (one for one in self._layers.identity if one.effect == "Allow")
        return tuple(resource.parts for one in statements for resource in self._world.sentences.of(one).resources)

    @property
    def me(self) -> Target:
        """The principal itself."""
        own = self._world.targets.get(self._key)
        if own is not None:
            return own
        first, others = self._world.principals.arn(self._key)
        return Target(self._key, "role", (first, *others))

    @property
    def traits(self) -> frozenset[str]:
        """What stands in the way of the principal that it might remove."""
        found = {
            "bounded": self._layers.boundary is not None,
            "denied": any(one.effect == "Deny" for one in self._layers.identity),
            "limited": bool(self._layers.service_control),
        }
        return frozenset(name for name, holds in found.items() if holds)

    def declared(self, kind: str) -> Sequence[Target]:
        """Everything declared of a kind in the principal's root; of very many those that matter."""
        found = self._declared.get(kind)
        if found is None:
            found = self._declared[kind] = self._world.choice.of(self._key.root, kind, self._allowing)
        return found

    @cached_property
    def _allowing(self) -> tuple[Sentence, ...]:
        """Its statements that are about something an entry of the catalogue needs."""
        several = (self._world.sentences.of(one) for one in self._layers.identity if one.effect != "Deny")
        return tuple(one for one in several if one.reach & wanted())

    def holds(self, target: Target) -> bool:
        """A policy attached to it or to its groups, or a group it is in."""
        if target.kind == "group":
            return any(group == target.key for group, _, _ in self._world.book.groups(self._key))
        return any(one.policy == target.key for one in self._world.layers.documents(self._key))

    def policies_of(self, target: Target) -> Sequence[Target]:
        """The customer managed policies attached to a role or user."""
        documents = self._world.book.layer(target.key, PolicyRole.IDENTITY)
        found = (self._world.targets.get(one.policy) for one in documents if one.policy is not None)
        return tuple(one for one in found if one is not None and one.kind == "policy")

    def role_of(self, workload: Target) -> Target | None:
        """The role a workload runs as."""
        for edge in self._world.edges.of(workload.key):
            if edge.relation == IdentityRelation.RUNS_AS.value and edge.certain:
                return self._world.targets.get(self._world.edges.behind_profile(edge.target))
        return None

    def trusts_service(self, role: Target, service: str) -> Verdict:
        """Whether a role lets a service assume it."""
        return self._world.trusts.trusts_service(role.key, service)

    def trusts_me(self, role: Target) -> Verdict:
        """Whether a role lets the principal assume it."""
        return self._world.assume.trusts(role.key, self._key)

    def trusts_federation(self, role: Target) -> Verdict:
        """Whether a role lets a SAML or OIDC provider assume it."""
        trusted = (one for trust in self._world.trusts.of(role.key) for one in trust.trusted)
        return Verdict.ALLOWED if any(one.relation == "federated" for one in trusted) else Verdict.DENIED

    def gains(self, target: Target) -> Gain:
        """What controlling a target would add."""
        found = self._gains.get(target.key)
        if found is None:
            found = self._gains[target.key] = self._gain(target)
        return found

    def _gain(self, target: Target) -> Gain:
        if target.kind in _SYSTEM_STEPS:
            return self._held.gain_of_system(target.key, _SYSTEM_STEPS[target.kind])
        if target.kind == "policy":
            return self._policy(target.key)
        return self._held.gain_of_rows(self._world.rows(target.key))

    @cached_property
    def _held(self) -> Held:
        return Held(self._world.rows(self._key))

    def _policy(self, policy: Key) -> Gain:
        """What rewriting a policy gives is what its holders gain; what it says already is the least."""
        added = self._world.book.bits_of(policy, self._world.sentences) & ~self.actions
        return Gain(Verdict.ALLOWED, steps.highest(added)) if added else NOTHING
