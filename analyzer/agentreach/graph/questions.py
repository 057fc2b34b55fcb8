"""Whether an identity may do something: answered from the joined facts, for `agentreach access`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access import aws, request
from agentreach.access.rbac import Cluster, Query, service_account
from agentreach.errors import AmbiguousIdentityError, UsageError
from agentreach.graph.edges import outside_key
from agentreach.graph.spelling import arn, spell
from agentreach.identity import PolicyRole, Principal, RbacBinding
from agentreach.model import Scalar, Source, Span
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agentreach.access.request import Decision, Layers
    from agentreach.access.verdict import Verdict
    from agentreach.graph.world import World
    from agentreach.identity import Statement
    from agentreach.model import Key

_ASSUMING = "sts:assumerole"
_ASKED = Span(Source("query", ""), 0, 0)


class Reason(NamedTuple):
    """A line that decides, and how: "Allow" or "Deny"."""

    at: Span
    effect: str


class Answer(NamedTuple):
    """A verdict with the lines that decide it. `assumed`: layers taken as absent. `explicit`: a Deny surely matches."""

    verdict: Verdict
    because: tuple[Reason, ...]
    assumed: tuple[str, ...] = ()
    explicit: bool = False


class Questions:
    """Finds identities by whatever a person calls them, and asks the access engine."""

    __slots__ = ("_world",)

    def __init__(self, world: World) -> None:
        self._world = world

    def find(self, text: str) -> tuple[Key, ...]:
        """Every identity that a text may mean: all exact ones, else all partial ones, in order.

        A text is an address, `root::address`, an ARN, a declared name, or `namespace:serviceaccount`.
        """
        exact = tuple(sorted(set(self._exact(text))))
        return exact or tuple(sorted(set(self._partial(text))))

    def identity(self, text: str) -> Key:
        """The one identity that a text means. Raises AmbiguousIdentityError, or UsageError when there is none."""
        found = self.find(text)
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{key.root}::{key.address}" for key in found)
            raise AmbiguousIdentityError(f"{text!r} may be any of {names}; say which as root::address")
        raise UsageError(f"no identity {text!r} in the scanned code")

    def layers(self, identity: Key) -> Layers:
        """The policy layers of an identity, without any of a resource."""
        return self._world.layers.of(identity)

    def aws(
        self,
        identity: Key,
        action: str,
        resource: str,
        context: Mapping[str, str | Sequence[str]] | None = None,
        *,
        complete: bool = False,
    ) -> Answer:
        """May an identity do an action on a resource, given some condition keys (`complete`: all there are)."""
        asked = request.Request(
            action=action,
            resource=(resource,),
            context=request.values(context or {}),
            context_complete=complete,
            principal=self._world.principals.facts(identity),
        )
        return _answer(aws.evaluate(asked, self._layers(identity, action, resource)))

    def rbac(self, identity: Key, query: Mapping[str, str | None]) -> Answer:
        """May a service account do a verb: keys are the fields of `access.rbac.Query`."""
        account, cluster = self._world.rbac.account(identity), self._world.rbac.cluster(identity)
        if account is None:
            raise UsageError(f"{identity.address} is not a service account")
        fields = {name: value for name, value in query.items() if value is not None}
        asked = Query(subject=service_account(*account), **fields)
        decision = (cluster or Cluster((), ())).allowed(asked)
        because = tuple(Reason(bound.statement.at, "Allow") for bound in decision.because)
        return Answer(decision.verdict, because)

    def _exact(self, text: str) -> Iterator[Key]:
        root, colons, address = text.partition("::")
        parts = arn(text)
        for key in self._keys():
            if text == key.address or (colons and not parts and (root, address) == (key.root, key.address)):
                yield from self._identities(key)
        yield from self._world.directory.resolve(Scalar(text, _ASKED), "", (Principal,)).keys
        yield from self._accounts(text)

    def _partial(self, text: str) -> Iterator[Key]:
        for key in self._keys():
            if text in key.address or any(text in name for name in self._names(key)):
                yield from self._identities(key)

    def _keys(self) -> Iterable[Key]:
        edges = self._world.edges
        return sorted({*self._world.principals.declared, *edges.walks, *edges.outside})

    def _names(self, key: Key) -> Iterator[str]:
        principal = self._world.principals.get(key)
        yield from (spell(name) for name in (principal.names if principal else ()))

    def _identities(self, key: Key) -> Iterator[Key]:
        """An identity itself; for an agent or workload, what it runs as."""
        if key in self._world.principals.declared or key in self._world.edges.outside:
            yield key
        else:
            yield from self._world.edges.principals_of(key)

    def _accounts(self, text: str) -> Iterator[Key]:
        """Service accounts that are only the subject of a binding."""
        namespace, colon, name = text.partition(":")
        declared = {key for key, one in self._world.rbac.accounts.items() if f"{one.namespace}:{one.name}" == text}
        yield from declared
        roots = {key.root for key in declared}
        for binding in self._world.index.of(RbacBinding) if colon else ():
            for subject in binding.subjects:
                own = subject.namespace or binding.namespace
                bound = (subject.kind, own, subject.name) == ("ServiceAccount", namespace, name)
                # A binding elsewhere joins the account where that is declared in one root only.
                if bound and binding.key.root not in roots and len(roots) != 1:
                    yield outside_key(text, binding.key.root)

    def _layers(self, identity: Key, action: str, resource: str) -> Layers:
        layers = self._world.layers.of(identity)
        owner = self._owner(resource, identity.root)
        statements, kind = self._policy_of(owner, action) if owner else (None, request.ResourcePolicyKind.RESOURCE)
        parts = arn(resource)
        account = parts.account if parts and parts.account else None
        return request.Layers(
            identity=layers.identity,
            boundary=layers.boundary,
            session=layers.session,
            service_control=layers.service_control,
            resource_control=self._world.organization.levels(PolicyRole.RESOURCE_CONTROL, account),
            resource_policy=statements,
            resource_policy_kind=kind,
        )

    def _policy_of(self, owner: Key, action: str) -> tuple[tuple[Statement, ...] | None, request.ResourcePolicyKind]:
        if self._world.principals.get(owner) is not None:
            trust = self._world.trusts.statements(owner) if action.lower().startswith(_ASSUMING) else ()
            return trust or None, request.ResourcePolicyKind.TRUST
        owned = self._world.book.owned(owner, PolicyRole.RESOURCE)
        statements = tuple(statement for policy, _ in owned for statement in policy.statements)
        key = action.lower().startswith("kms:")
        kind = request.ResourcePolicyKind.KEY if key else request.ResourcePolicyKind.RESOURCE
        return statements or None, kind

    def _owner(self, resource: str, root: str) -> Key | None:
        """The declared thing that a resource is, or is part of."""
        match = self._world.directory.resolve(Scalar(resource, _ASKED), root)
        return match.key or self._world.systems.owner(resource)


def _answer(decision: Decision) -> Answer:
    because = tuple(Reason(one.statement.at, one.effect) for one in decision.because)
    return Answer(decision.verdict, because, decision.assumed, decision.explicit)
