"""Find the declared thing that a value means: by reference, by ARN, by name; first in its own root.

An unknown account or region matches any; an unknown part of a name makes the match possible. What
fits several declared things is possible with all of them as candidates.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from agentreach.graph.spelling import Arn, arn, literal, overlap, pattern, spell
from agentreach.graph.spellings import Spelling, Spellings, same_place
from agentreach.identity import Agent, Credential, Policy, Principal, RoleDefinition, System, Tool, Workload
from agentreach.model import Encoded, Key, ListValue, OneOf, Reference, Scalar, Text
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.model import Value

ANYTHING = (Agent, Workload, Tool, Principal, Policy, System, RoleDefinition, Credential)

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


class Directory:
    """Every way in which the code may refer to a declared thing."""

    __slots__ = ("_aliases", "_arns", "_exact", "_kinds", "_services", "_spellings", "accounts")

    def __init__(self, index: FactIndex) -> None:
        self._kinds: dict[Key, frozenset[type]] = {}
        self._aliases: defaultdict[Key, list[Key]] = defaultdict(list)
        self._exact: defaultdict[str, list[Key]] = defaultdict(list)
        self._arns: defaultdict[tuple[str, str], list[Spelling]] = defaultdict(list)
        self._spellings = Spellings()
        self._services: dict[Key, str] = {}
        self.accounts: dict[Key, str] = {}
        self._fill(index)

    def _fill(self, index: FactIndex) -> None:
        labelled: tuple[Agent | Workload | Tool, ...] = (*index.of(Agent), *index.of(Workload), *index.of(Tool))
        for kind, key, label in ((type(one), one.key, one.name) for one in labelled):
            self._declare(key, kind)
            self._exact[label].append(key)
            self._spellings.add(Spelling(key, label, None))
        named: tuple[Principal | Policy | System | RoleDefinition, ...] = (
            *index.of(Principal),
            *index.of(Policy),
            *index.of(System),
            *index.of(RoleDefinition),
        )
        for declared, key, names in ((type(one), one.key, one.names) for one in named):
            self._declare(key, declared)
            for name in names:
                self._register(key, name)
        for credential in index.of(Credential):
            self._declare(credential.key, Credential)
        self._services.update((principal.key, principal.kind) for principal in index.of(Principal))
        self._services.update((system.key, system.service) for system in index.of(System))

    def _declare(self, key: Key, kind: type) -> None:
        found = self._kinds.get(key)
        self._kinds[key] = _kinds_of(frozenset((kind,)) if found is None else found | {kind})

    def _register(self, key: Key, name: Value) -> None:
        referred = [reference.key for reference in references(name)]
        for one in referred:
            self._aliases[one].append(key)
        text = pattern(name)
        if text is None:
            return
        parts = arn(text)
        spelling = Spelling(key, text if parts is None else parts.resource, parts, key in referred)
        self._spellings.add(spelling)
        if parts is None and literal(text):
            self._exact[text].append(key)
        if parts is not None and literal(parts.account) and parts.account:
            self.accounts.setdefault(key, parts.account)
        if parts is not None and literal(parts.resource):
            self._arns[parts.service, parts.resource].append(spelling)

    def declares(self, key: Key, among: Collection[type] = ANYTHING) -> bool:
        """Whether a fact of one of these types stands under the key."""
        kinds = self._kinds.get(key)
        return kinds is not None and not kinds.isdisjoint(among)

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
        near = self._found(text, root, among)
        sure = [key for key, certain in near if certain]
        keys = tuple(dict.fromkeys(sure or [key for key, _ in near]))
        return Match(keys, certain=len(keys) == 1 and bool(sure), name=name)

    def _alias(self, key: Key, among: Collection[type]) -> tuple[Key, ...]:
        return tuple(dict.fromkeys(one for one in self._aliases.get(key, ()) if self.declares(one, among)))

    def _found(self, text: str, root: str, among: Collection[type]) -> list[tuple[Key, bool]]:
        """What a text may name, and whether it surely does: in its own root, else anywhere."""
        known = [(key, True) for key in self._known(text) if self.declares(key, among)]
        for where in (root, None):
            near = [one for one in known if where in {None, one[0].root}]
            near += [one for one in self._guessed(text, root, where) if self.declares(one[0], among)]
            if near:
                return near
        return []

    def _known(self, text: str) -> Iterator[Key]:
        """What is called exactly so."""
        parts = arn(text)
        if parts is None:
            yield from self._exact.get(text, ())
        elif literal(parts.resource):
            yield from tuple(self._by_resource(parts)) or self._by_arn_name(parts)

    def _guessed(self, text: str, root: str, where: str | None) -> Iterator[tuple[Key, bool]]:
        """What may be called so, because a part of either name is only known at deploy time."""
        parts = arn(text)
        asked = Spelling(Key(root, ""), text if parts is None else parts.resource, parts)
        for one in self._spellings.like(asked, where):
            yield one.key, one.text == asked.text and (one.arn is not None or one.key.root == root)

    def _by_resource(self, parts: Arn) -> Iterator[Key]:
        for resource in _readings(parts.resource):
            for one in self._arns.get((parts.service, resource), ()):
                if same_place(one.arn, parts):
                    yield one.key

    def _by_arn_name(self, parts: Arn) -> Iterator[Key]:
        """Things declared by a plain name that an ARN names: `role/path/ops` is the role named `ops`."""
        for resource in _readings(parts.resource):
            kind, _, name = resource.replace(":", "/").rpartition("/")
            for key in self._exact.get(name, ()):
                service = self._services.get(key, parts.service)
                fits = service in {parts.service, kind.partition("/")[0]}
                if fits and overlap(self.accounts.get(key, parts.account), parts.account):
                    yield key


@cache
def _kinds_of(kinds: frozenset[type]) -> frozenset[type]:
    """One object for all things of the same kinds."""
    return kinds


def _readings(resource: str) -> Iterable[str]:
    """The resource of an ARN, and without a qualifier: `function:f:live` is also `function:f`."""
    kind, _, rest = resource.replace("/", ":").partition(":")
    if kind in _QUALIFIED and ":" in rest:
        return resource, resource[: len(kind) + 1 + rest.index(":")]
    return (resource,)


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
