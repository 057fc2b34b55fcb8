"""Where a role holds: full names of scopes, what contains what, and what declared things lie below.

Google names projects, folders and organisations; Azure management groups, subscriptions and resource groups. A part
that only the deployment knows is named after why it is unknown and where, so that two things in the provider's own
project are in the same one, and nothing else is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access import azure, google
from agentreach.access.verdict import Verdict
from agentreach.graph.spelling import HOLE, overlap, pattern, spell
from agentreach.identity import Principal, System
from agentreach.model import Reference, Text, Unknown, string, text_parts
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory
    from agentreach.model import Key, Value

DIRECTORY = "directory"
WIDE = frozenset({"organization", "folder", "project", "managementgroup", "subscription", "root", DIRECTORY, "account"})
"""Levels at which a role is about any resource of its kind."""

_OWN = {"projects/…": "the provider's project", "/subscriptions/…": "the provider's subscription"}
_SUBSCRIPTION_PARTS = 2
_GROUP_PARTS = 4


class Scope(NamedTuple):
    """A scope as text to compare (`name`), as people read it, and as a pattern with holes.

    `level` is "organization", "folder", "project", "managementgroup", "subscription", "resourcegroup", "resource",
    "directory" or "account". `key` is the declared thing it is.
    """

    provider: str
    name: str
    shown: str
    pattern: str
    level: str
    key: Key | None = None

    @property
    def is_wide(self) -> bool:
        """Whether anything of its kind is meant, not a named thing or group."""
        return self.level in WIDE


class Place(NamedTuple):
    """A declared thing with its full name."""

    key: Key
    name: str
    pattern: str


class ScopeBook:
    """Full names of declared things, and the scopes of assignments."""

    __slots__ = ("_accounts", "_directory", "_found", "_names", "_places", "_systems", "_within")

    def __init__(self, index: FactIndex, directory: Directory) -> None:
        self._directory = directory
        self._names: dict[Key, Value] = {}
        self._places: dict[Key, Place | None] = {}
        self._found: dict[tuple[Scope, str], tuple[System, ...]] = {}
        self._within: dict[tuple[Scope, str], tuple[tuple[Key, Verdict], ...]] = {}
        self._systems: defaultdict[str, list[System]] = defaultdict(list)
        self._accounts: defaultdict[str, list[Key]] = defaultdict(list)
        for system in index.of(System):
            if system.provider and system.names:
                self._names.setdefault(system.key, system.names[0])
                self._systems[system.provider].append(system)
        for principal in index.of(Principal):
            if principal.provider in {"google", "azure"} and principal.names:
                self._names.setdefault(principal.key, _fullest(principal))
                self._accounts[principal.provider].append(principal.key)

    def of(self, value: Value | None, provider: str, root: str) -> Scope:
        """The scope that an assignment names; without any it is whatever the provider is configured for."""
        if value is None:
            return Scope(provider, _placeholder(root), "the account", HOLE, "account")
        spelled = self._expanded(value)
        key = self._key(value, root)
        name = _name(spelled, root)
        return Scope(provider, name, _shown(spelled), pattern(spelled) or HOLE, _level(provider, name), key)

    def _key(self, value: Value, root: str) -> Key | None:
        """The declared thing that the whole value is; a text with gaps in it is none in particular."""
        whole = isinstance(value, Reference) or string(value) is not None
        return self._directory.resolve(value, root, (System, Principal)).key if whole else None

    def _expanded(self, value: Value) -> Value:
        """The scope with references to declared things replaced by their full names."""
        parts = text_parts(value)
        spelled: list[str | Unknown | Reference] = []
        for part in parts:
            name = self._full(part) if isinstance(part, Reference) else None
            spelled += text_parts(name) if name is not None else (part,)
        return Text(tuple(spelled), value.at) if spelled else value

    def _full(self, reference: Reference) -> Value | None:
        for key in self._directory.resolve(reference, reference.key.root, (System, Principal)).keys:
            if key in self._names:
                return self._names[key]
        return None

    def place(self, key: Key) -> Place | None:
        """A declared thing with its full name."""
        if key not in self._places:
            self._places[key] = self._place(key)
        return self._places[key]

    def _place(self, key: Key) -> Place | None:
        value = self._names.get(key)
        if value is None:
            return None
        spelled = self._expanded(value)
        return Place(key, _name(spelled, key.root), pattern(spelled) or HOLE)

    def systems(self, scope: Scope, root: str) -> tuple[System, ...]:
        """Declared systems that a scope includes, surely or as far as the names tell; those of its own root."""
        found = self._found.get((scope, root))
        if found is None:
            several = self._systems[scope.provider]
            found = tuple(one for one in several if self.includes(scope, one.key, root) is not Verdict.DENIED)
            self._found[scope, root] = found
        return found

    def accounts(self, scope: Scope, root: str) -> tuple[tuple[Key, Verdict], ...]:
        """Declared service accounts or managed identities that a scope includes."""
        found = self._within.get((scope, root))
        if found is None:
            found = self._within[scope, root] = tuple(self._included(scope, root))
        return found

    def _included(self, scope: Scope, root: str) -> Iterator[tuple[Key, Verdict]]:
        for key in self._accounts[scope.provider]:
            verdict = self.includes(scope, key, root)
            if verdict is not Verdict.DENIED:
                yield key, verdict

    def includes(self, scope: Scope, key: Key, root: str) -> Verdict:
        """Whether a scope includes a declared thing. Of another root nothing is sure unless it is named in full."""
        if scope.key == key:
            return Verdict.ALLOWED
        place = self.place(key)
        if place is None:
            return Verdict.DENIED
        if _contains(scope.provider, scope.name, place.name):
            return Verdict.ALLOWED
        if key.root != root:
            return Verdict.DENIED
        if scope.level in {"organization", "folder", "managementgroup", DIRECTORY, "account", "root"}:
            return Verdict.POSSIBLE
        return Verdict.POSSIBLE if _may_contain(scope.pattern, place.pattern) else Verdict.DENIED


def _fullest(principal: Principal) -> Value:
    """The name of an account that says which project or subscription it is in."""
    full = [name for name in principal.names if "/" in spell(name) or spell(name).startswith("projects")]
    return full[-1] if full else principal.names[0]


def _name(value: Value, root: str) -> str:
    return "".join(_part(part, root) for part in text_parts(value)) or _placeholder(root)


def _part(part: str | Unknown | Reference, root: str) -> str:
    match part:
        case str():
            return part
        case Reference(key=key, attribute=attribute):
            return _placeholder(f"{key.root}:{key.address}.{attribute}")
        case Unknown(reason=reason):
            return _placeholder(f"{root}:{reason}")


def _placeholder(text: str) -> str:
    """One segment, whatever is in it."""
    return f"<{text.replace('/', '|')}>"


def _shown(value: Value) -> str:
    """For people: what is unknown is called what it is where that says more than a gap."""
    text = spell(value)
    if text in _OWN:
        return _OWN[text]
    return next((text.removeprefix(f"{own}/") for own in _OWN if text.startswith(f"{own}/")), text)


def _level(provider: str, name: str) -> str:
    if provider == "google":
        return google.level(name)
    if provider == "azure":
        return _azure_level(name)
    return "account" if name.startswith("<") and "/" not in name else "resource"


def _azure_level(name: str) -> str:
    parts = [part for part in name.lower().split("/") if part]
    if not parts:
        return "root"
    if parts[0] == DIRECTORY:
        return DIRECTORY
    if "managementgroups" in parts and parts[-2:-1] == ["managementgroups"]:
        return "managementgroup"
    if parts[0] == "subscriptions" and len(parts) <= _SUBSCRIPTION_PARTS:
        return "subscription"
    if parts[0] == "subscriptions" and len(parts) == _GROUP_PARTS and parts[2] == "resourcegroups":
        return "resourcegroup"
    return "resource"


def _contains(provider: str, outer: str, inner: str) -> bool:
    if provider == "azure":
        return azure.contains(outer, inner)
    return google.contains(outer, inner)


def _may_contain(outer: str, inner: str) -> bool:
    """Whether a scope with holes may be one around another: their known segments agree."""
    left, right = outer.rstrip("/").split("/"), inner.split("/")
    if len(left) > len(right):
        return False
    return all(overlap(one, other) for one, other in zip(left, right, strict=False))
