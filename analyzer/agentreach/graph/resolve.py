"""Find the declared thing that a value means: by reference, by ARN, by name; first in its own root.

An unknown account or region matches any; an unknown part of a name makes the match possible. What
fits several declared things is possible with all of them as candidates.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from agentreach.graph.spelling import Arn, arn, literal, overlap, pattern, spell
from agentreach.identity import Agent, Credential, Policy, Principal, RoleDefinition, System, Tool, Workload
from agentreach.model import Encoded, Key, ListValue, OneOf, Reference, Scalar, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.model import Value

ANYTHING = (Agent, Workload, Tool, Principal, Policy, System, RoleDefinition, Credential)

_PROVIDER = "aws"
"""The account of what AWS declares itself: no account that anything of the code can be in."""

_QUALIFIED = {"function", "runtime", "gateway", "agent", "agent-alias", "workload-identity"}


class Match(NamedTuple):
    """Declared candidates for a value. `certain`: exactly one, and nothing unknown decided it."""

    keys: tuple[Key, ...]
    certain: bool
    name: str

    @property
    def key(self) -> Key | None:
        """The one it certainly is."""
        return self.keys[0] if self.certain and self.keys else None


class _Spelling(NamedTuple):
    key: Key
    text: str
    arn: Arn | None


class Directory:
    """Every way in which the code may refer to a declared thing."""

    __slots__ = ("_aliases", "_arns", "_exact", "_holed", "_kinds", "_services", "accounts")

    def __init__(self, index: FactIndex) -> None:
        self._kinds: defaultdict[Key, set[type]] = defaultdict(set)
        self._aliases: defaultdict[Key, list[Key]] = defaultdict(list)
        self._exact: defaultdict[str, list[Key]] = defaultdict(list)
        self._arns: defaultdict[tuple[str, str], list[_Spelling]] = defaultdict(list)
        self._holed: defaultdict[str, list[_Spelling]] = defaultdict(list)
        self._services: dict[Key, str] = {}
        self.accounts: dict[Key, str] = {}
        self._fill(index)

    def _fill(self, index: FactIndex) -> None:
        labelled: tuple[Agent | Workload | Tool, ...] = (*index.of(Agent), *index.of(Workload), *index.of(Tool))
        for kind, key, label in ((type(one), one.key, one.name) for one in labelled):
            self._kinds[key].add(kind)
            self._exact[label].append(key)
        named: tuple[Principal | Policy | System | RoleDefinition, ...] = (
            *index.of(Principal),
            *index.of(Policy),
            *index.of(System),
            *index.of(RoleDefinition),
        )
        for declared, key, names in ((type(one), one.key, one.names) for one in named):
            self._kinds[key].add(declared)
            for name in names:
                self._register(key, name)
        for credential in index.of(Credential):
            self._kinds[credential.key].add(Credential)
        self._services.update((principal.key, principal.kind) for principal in index.of(Principal))
        self._services.update((system.key, system.service) for system in index.of(System))

    def _register(self, key: Key, name: Value) -> None:
        for reference in references(name):
            self._aliases[reference.key].append(key)
        text = pattern(name)
        if text is None:
            return
        parts = arn(text)
        spelling = _Spelling(key, text, parts)
        if parts is None:
            (self._exact[text].append(key) if literal(text) else self._holed[""].append(spelling))
            return
        if literal(parts.account) and parts.account:
            self.accounts.setdefault(key, parts.account)
        if literal(parts.resource):
            self._arns[parts.service, parts.resource].append(spelling)
        else:
            self._holed[parts.service].append(spelling)

    def declares(self, key: Key, among: Collection[type] = ANYTHING) -> bool:
        """Whether a fact of one of these types stands under the key."""
        return not self._kinds.get(key, set()).isdisjoint(among)

    def resolve(self, target: Key | Value | None, root: str, among: Collection[type] = ANYTHING) -> Match:
        """What a fact points at, seen from `root`; no candidates when it lies outside the scanned code."""
        if isinstance(target, Key):
            found = (target,) if self.declares(target, among) else self._alias(target, among)
            return Match(found, certain=True, name=target.address)
        if isinstance(target, OneOf | ListValue):
            options = target.alternatives if isinstance(target, OneOf) else target.items
            several = [self.resolve(one, root, among) for one in options]
            keys = tuple(dict.fromkeys(key for match in several for key in match.keys))
            return Match(keys, certain=len(several) == 1 and several[0].certain, name=spell(target))
        if isinstance(target, Encoded):
            return self.resolve(target.value, root, among)
        return self._value(target, root, among)

    def _value(self, value: Value | None, root: str, among: Collection[type]) -> Match:
        name = spell(value)
        for reference in references(value):
            keys = (reference.key,) if self.declares(reference.key, among) else self._alias(reference.key, among)
            if keys:
                return Match(keys, certain=len(keys) == 1, name=name)
        text = pattern(value)
        if text is None:
            return Match((), certain=False, name=name)
        found = [(key, sure) for key, sure in self._candidates(text, root) if self.declares(key, among)]
        near = [one for one in found if one[0].root == root] or found
        sure = [key for key, certain in near if certain]
        keys = tuple(dict.fromkeys(sure or [key for key, _ in near]))
        return Match(keys, certain=len(keys) == 1 and bool(sure), name=name)

    def _alias(self, key: Key, among: Collection[type]) -> tuple[Key, ...]:
        return tuple(dict.fromkeys(one for one in self._aliases.get(key, ()) if self.declares(one, among)))

    def _candidates(self, text: str, root: str) -> Iterator[tuple[Key, bool]]:
        parts = arn(text)
        if parts is None:
            yield from self._by_name(text, root)
        else:
            yield from self._by_arn(parts)

    def _by_name(self, text: str, root: str) -> Iterator[tuple[Key, bool]]:
        if literal(text):
            yield from ((key, True) for key in self._exact.get(text, ()))
        else:
            for name, keys in self._exact.items():
                if overlap(text, name):
                    yield from ((key, False) for key in keys)
        for spelling in self._holed[""]:
            if overlap(spelling.text, text):
                yield spelling.key, spelling.text == text and spelling.key.root == root

    def _by_arn(self, parts: Arn) -> Iterator[tuple[Key, bool]]:
        if literal(parts.resource):
            found = list(self._by_resource(parts))
            yield from found or self._by_arn_name(parts)
        else:
            for (service, resource), spellings in self._arns.items():
                if service == parts.service and overlap(parts.resource, resource):
                    yield from ((one.key, False) for one in spellings if _same_place(one.arn, parts))
        for spelling in self._holed[parts.service]:
            if spelling.arn and overlap(spelling.arn.resource, parts.resource) and _same_place(spelling.arn, parts):
                yield spelling.key, spelling.arn.resource == parts.resource

    def _by_resource(self, parts: Arn) -> Iterator[tuple[Key, bool]]:
        for resource in _readings(parts.resource):
            for one in self._arns.get((parts.service, resource), ()):
                if _same_place(one.arn, parts):
                    yield one.key, True

    def _by_arn_name(self, parts: Arn) -> Iterator[tuple[Key, bool]]:
        """Things declared by a plain name that an ARN names: `role/path/ops` is the role named `ops`."""
        for resource in _readings(parts.resource):
            kind, _, name = resource.replace(":", "/").rpartition("/")
            for key in self._exact.get(name, ()):
                service = self._services.get(key, parts.service)
                fits = service in {parts.service, kind.partition("/")[0]}
                if fits and overlap(self.accounts.get(key, parts.account), parts.account):
                    yield key, True


def _readings(resource: str) -> Iterable[str]:
    """The resource of an ARN, and without a qualifier: `function:f:live` is also `function:f`."""
    kind, _, rest = resource.replace("/", ":").partition(":")
    if kind in _QUALIFIED and ":" in rest:
        return resource, resource[: len(kind) + 1 + rest.index(":")]
    return (resource,)


def _same_place(left: Arn | None, right: Arn) -> bool:
    if left is None or (left.account != right.account and _PROVIDER in {left.account, right.account}):
        return False
    pairs = zip(
        (left.partition, left.region, left.account), (right.partition, right.region, right.account), strict=True
    )
    return all(one == other or overlap(one, other) or not one or not other for one, other in pairs)


def references(value: Value | None) -> Iterator[Reference]:
    """The references that a string-like value holds or was read from."""
    match value:
        case Reference():
            yield value
        case Scalar(reference=Reference() as reference):
            yield reference
        case Text(parts=parts):
            yield from (part for part in parts if isinstance(part, Reference))
        case _:
            return


def root_of(*values: Key | Value | None) -> str:
    """The root that a fact without a key of its own belongs to: that of what it names by key or reference."""
    for value in values:
        if isinstance(value, Key):
            return value.root
        for reference in references(value):
            return reference.key.root
    return ""
