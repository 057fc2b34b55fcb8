"""Roles by ARN, so that a resource pattern finds the roles it means without asking each of them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from agentreach.access.arns import split
from agentreach.access.globs import STAR, Hole, match
from agentreach.access.patterns import literal
from agentreach.access.verdict import Verdict
from agentreach.model import Reference
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from agentreach.access.globs import Tokens
    from agentreach.graph.homes import Homes
    from agentreach.graph.principals import PrincipalBook
    from agentreach.graph.sentences import Pattern
    from agentreach.model import Key

_LAST = "\U0010ffff"


class Meant(NamedTuple):
    """Roles as bits: those that are certainly meant, and others that may be."""

    surely: int
    maybe: int

    @property
    def all(self) -> int:
        """Both together."""
        return self.surely | self.maybe


NOBODY: Final = Meant(0, 0)


def united(several: Iterable[Meant]) -> Meant:
    """Those that any of them means; surely when one surely does."""
    surely = every = 0
    for one in several:
        surely |= one.surely
        every |= one.surely | one.maybe
    return Meant(surely, every & ~surely)


class RoleIndex:
    """Roles have a position, and sets of roles are integers."""

    __slots__ = (
        "_accounts",
        "_homes",
        "_names",
        "_other",
        "_places",
        "_roots",
        "_seen",
        "everyone",
        "keys",
        "position",
    )

    def __init__(self, roles: Sequence[Key], principals: PrincipalBook, homes: Homes) -> None:
        self.keys = tuple(roles)
        self.position = {key: place for place, key in enumerate(self.keys)}
        self.everyone = Meant((1 << len(self.keys)) - 1, 0)
        self._homes = self._grouped(homes.of)
        self._roots = self._grouped(attrgetter("root"))
        self._accounts = [principals.account(key) for key in self.keys]
        self._places = [_resource(literal(principals.arn(key)[0])) for key in self.keys]
        alone = ((one[0], at) for at, one in enumerate(self._places) if len(one) == 1)
        self._names = sorted((name, at) for name, at in alone if isinstance(name, str))
        plain = {at for _, at in self._names}
        self._other = [at for at in range(len(self.keys)) if at not in plain]
        self._seen: dict[Tokens, Meant] = {}

    def meant(self, pattern: Pattern) -> Meant:
        """The roles that a resource pattern names."""
        found = self._seen.get(pattern.tokens)
        if found is None:
            found = self._seen[pattern.tokens] = self._search(pattern)
        return found

    def of(self, keys: Iterable[Key]) -> int:
        """The set of some roles."""
        bits = bytearray(len(self.keys) // 8 + 1)
        for key in keys:
            at = self.position[key]
            bits[at // 8] |= 1 << at % 8
        return int.from_bytes(bits, "little")

    def holds(self, bits: int, role: Key) -> bool:
        """Whether a role is in a set."""
        return bool(bits >> self.position[role] & 1)

    def near(self, root: str) -> int:
        """The roles of a root."""
        return self._roots.get(root, 0)

    def living_in(self, account: str | None) -> int:
        """The roles that may live in an account: those of it, and those of which nothing says where they live."""
        if account is None:
            return self.everyone.surely
        return self._homes.get(account, 0) | self._homes.get(None, 0)

    def _grouped(self, by: Callable[[Key], str | None]) -> dict[str | None, int]:
        groups: defaultdict[str | None, list[Key]] = defaultdict(list)
        for key in self.keys:
            groups[by(key)].append(key)
        return {name: self.of(several) for name, several in groups.items()}

    def at(self, bits: int) -> Iterator[Key]:
        """The roles of a set, in order."""
        while bits:
            lowest = bits & -bits
            yield self.keys[lowest.bit_length() - 1]
            bits ^= lowest

    def _search(self, pattern: Pattern) -> Meant:
        if pattern.tokens == (STAR,):
            return self.everyone
        direct = [self.position.get(part.key) for part in pattern.parts if isinstance(part, Reference)]
        known = sum(1 << at for at in direct if at is not None)
        if known:
            return Meant(known, 0)
        parts = split(pattern.tokens)
        if parts is None:
            return Meant(0, self.everyone.surely)
        if match(parts[2], ("iam",)) is Verdict.DENIED:
            return NOBODY
        return self._placed(parts[4], parts[5])

    def _placed(self, account: Tokens, resource: Tokens) -> Meant:
        """Combine what the name says with what the account says; an unknown account may be any when one role fits."""
        surely, maybe = self._named(resource)
        if account in {(STAR,), ()} or isinstance(account[0], Hole):
            return Meant(surely, maybe)
        fitting = [(at, self._accounts[at]) for at in _places_of(surely | maybe)]
        same = sum(1 << at for at, own in fitting if own is not None and (own,) == account)
        unsaid = sum(1 << at for at, own in fitting if own is None)
        named = surely & (same | unsaid)
        if named.bit_count() == 1:
            return Meant(named, maybe & (same | unsaid))
        return Meant(surely & same, (surely & unsaid) | (maybe & (same | unsaid)))

    def _named(self, resource: Tokens) -> Meant:
        surely = sum(1 << at for at in self._by_name(resource))
        maybe = 0
        written_out = all(isinstance(token, str) for token in resource)
        for at in self._other:
            if _begin_apart(resource, self._places[at]) or (written_out and self._is_generated(at)):
                continue
            verdict = match(resource, self._places[at])
            surely |= (verdict is Verdict.ALLOWED) << at
            maybe |= (verdict is Verdict.POSSIBLE) << at
        return Meant(surely, maybe)

    def _is_generated(self, at: int) -> bool:
        """Whether the provider makes up the name, so that no code can write it out."""
        symbols = (token.symbol for token in self._places[at] if isinstance(token, Hole))
        return any(isinstance(symbol, tuple) and symbol[0] == self.keys[at] for symbol in symbols)

    def _by_name(self, resource: Tokens) -> Iterator[int]:
        """Literal names and prefixes by bisection, any other pattern one by one."""
        if resource == (STAR,):
            yield from (at for _, at in self._names)
        elif resource and isinstance(resource[0], str) and resource[1:] in {(), (STAR,)}:
            first = resource[0]
            low = bisect_left(self._names, (first, -1))
            high = bisect_left(self._names, (first + _LAST if resource[1:] else first, len(self.keys)))
            yield from (at for _, at in self._names[low:high])
        else:
            yield from (at for name, at in self._names if match(resource, (name,)) is Verdict.ALLOWED)


def _begin_apart(pattern: Tokens, place: Tokens) -> bool:
    """Whether the texts that both begin with differ already."""
    first, other = (*pattern, None)[0], (*place, None)[0]
    if not (isinstance(first, str) and isinstance(other, str)):
        return False
    return not (first.startswith(other) or other.startswith(first))


def _resource(arn: Tokens) -> Tokens:
    parts = split(arn)
    return parts[-1] if parts else (Hole(),)


def _places_of(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
