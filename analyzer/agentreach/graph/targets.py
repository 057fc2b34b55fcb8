"""What may be attacked: declared principals, policies, workloads, secrets, as the escalation matcher names them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.access.escalation import Target
from agentreach.identity import Agent, Policy, Principal, System, Workload
from agentreach.model import Reference, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.access.request import Parts
    from agentreach.graph.index import FactIndex
    from agentreach.graph.principals import PrincipalBook
    from agentreach.model import Key, Span, Value

_PRINCIPALS: Final = frozenset({"role", "user", "group"})
_SYSTEMS: Final = {"secretsmanager": "secret", "kms": "key", "s3": "bucket"}


class TargetBook:
    """Targets by root and kind: what a wildcard reaches lies in its own root."""

    __slots__ = ("_by_key", "_by_kind", "_names", "_principals")

    def __init__(self, index: FactIndex, principals: PrincipalBook) -> None:
        self._principals = principals
        self._by_key: dict[Key, Target] = {}
        self._by_kind: defaultdict[tuple[str, str], list[Target]] = defaultdict(list)
        self._names: defaultdict[Key, list[Parts]] = defaultdict(list)
        for system in index.of(System):
            self._names[system.key] += _texts(system.key, system.names, system.at)
        for target in (*self._of_principals(index), *self._of_things(index)):
            self._by_key.setdefault(target.key, target)
            self._by_kind[target.key.root, target.kind].append(target)

    def of_kind(self, root: str, kind: str) -> tuple[Target, ...]:
        """Everything declared of a kind in a root."""
        return tuple(self._by_kind.get((root, kind), ()))

    def get(self, key: Key) -> Target | None:
        """The target with this key."""
        return self._by_key.get(key)

    def _of_principals(self, index: FactIndex) -> Iterator[Target]:
        for principal in index.of(Principal):
            if principal.provider == "aws" and principal.kind in _PRINCIPALS:
                first, others = self._principals.arn(principal.key)
                yield Target(principal.key, principal.kind, (first, *others))
        for policy in index.of(Policy):
            if policy.subject is None and policy.names:
                yield Target(policy.key, "policy", tuple(_texts(policy.key, policy.names, policy.at)))

    def _of_things(self, index: FactIndex) -> Iterator[Target]:
        for system in index.of(System):
            if _SYSTEMS.get(system.service) == system.kind:
                yield Target(system.key, system.kind, tuple(_texts(system.key, system.names, system.at)))
        seen: set[Key] = set()
        things: tuple[Workload | Agent, ...] = (*index.of(Workload), *index.of(Agent))
        for thing in things:
            if thing.platform == "aws" and thing.key not in seen:
                seen.add(thing.key)
                known = self._names.get(thing.key) or _texts(thing.key, (), thing.at)
                yield Target(thing.key, thing.kind, tuple(known))


def _texts(key: Key, names: tuple[Value, ...], at: Span) -> Iterator[Parts]:
    """ARNs first, then the reference that the code may use instead."""
    spelled = [text_parts(name) for name in names]
    yield from (parts for parts in spelled if parts and isinstance(parts[0], str) and parts[0].startswith("arn:"))
    yield (Reference(key, "arn", at),)
