"""Who the member of an assignment is: a declared principal, one the code only names, or nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access import google
from agentreach.graph.edges import outside_key
from agentreach.graph.spelling import HOLE, literal, overlap
from agentreach.identity import Principal, RoleDefinition
from agentreach.model import Key, Scalar, string, text_parts
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory
    from agentreach.identity import RoleAssignment
    from agentreach.model import Value

_NOBODY: Final = (
    "allUsers",
    "allAuthenticatedUsers",
    "deleted:",
    "domain:",
    "principal:",
    "principalSet:",
    "projectEditor:",
    "projectOwner:",
    "projectViewer:",
)
"""Members of bindings that are no one principal: anyone, whole domains, federated sets, the basic roles' holders."""

_PEOPLE: Final = ("user:", "group:")


class Members(NamedTuple):
    """The keys of a member, declared or outside, and whether it certainly is that one."""

    keys: tuple[Key, ...]
    certain: bool


class MemberBook:
    """Resolves members, and remembers names of those outside for holders that share a part of them."""

    __slots__ = ("_definitions", "_directory", "_outside")

    def __init__(self, index: FactIndex, directory: Directory) -> None:
        self._directory = directory
        self._definitions = {definition.key: definition for definition in index.of(RoleDefinition)}
        self._outside: dict[Key, str] = {}

    def definition(self, key: Key) -> RoleDefinition | None:
        """The declared role under a key."""
        return self._definitions.get(key)

    def of(self, assignment: RoleAssignment) -> Members:
        """Who holds an assignment."""
        first = _first(assignment.member)
        if assignment.provider == "google" and (google.is_anyone(first) or first.startswith(_NOBODY)):
            return Members((), certain=False)
        value = _bare(assignment.member, first)
        match = self._directory.resolve(value, assignment.key.root, (Principal,))
        if match.keys:
            return Members(match.keys, match.certain)
        if not match.name.strip("…"):
            return Members((), certain=False)
        key = _outside(match.name, first, assignment.key.root)
        self._outside[key] = match.name
        return Members((key,), certain=True)

    def alike(
        self, identity: Key, held: Mapping[Key, Sequence[tuple[RoleAssignment, bool]]]
    ) -> Iterator[tuple[RoleAssignment, bool]]:
        """Assignments of members whose name may be that of an identity outside the code: a number is not known."""
        own = self._pattern(identity.address)
        if "@" not in own:
            return
        for key, name in self._outside.items():
            other = self._pattern(name)
            unsure = not (literal(own) and literal(other))
            if key != identity and key.root == identity.root and unsure and overlap(own, other):
                yield from ((assignment, False) for assignment, _ in held.get(key, ()))

    def _pattern(self, name: str) -> str:
        """A spelled name as a pattern: gaps and references are holes."""
        text = name.replace("…", HOLE)
        while "${" in text and "}" in text.partition("${")[2]:
            head, _, rest = text.partition("${")
            text = head + HOLE + rest.partition("}")[2]
        return text


def _first(value: Value) -> str:
    parts = text_parts(value)
    return parts[0] if parts and isinstance(parts[0], str) else ""


def _bare(value: Value, first: str) -> Value:
    """A person or group without the kind before the name."""
    text = string(value)
    kind = next((one for one in _PEOPLE if first.startswith(one)), None)
    return value if kind is None or text is None else Scalar(text.removeprefix(kind), value.at)


def _outside(name: str, first: str, root: str) -> Key:
    return Key(root, name) if first.startswith(_PEOPLE) else outside_key(name, root)
