"""RE2 syntax: from a pattern to a tree. https://github.com/google/re2/wiki/Syntax, as far as Go accepts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.functions.re2_tree import (
    Assertion,
    Characters,
    Choice,
    Group,
    Node,
    PatternError,
    Repeat,
    Sequence,
    UnsupportedPatternError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
from agentreach.parsers.terraform.functions.re2_escapes import LAST_CHARACTER, PERL, POSIX, EscapeReader, complement

LARGEST_REPEAT = 1000
DEPTH = 100


class Flags(NamedTuple):
    """What `(?imsU)` switches on."""

    fold: bool = False
    lines: bool = False
    dot_all: bool = False
    lazy: bool = False


class Parsed(NamedTuple):
    """The tree, and the name of every group ("" if it has none)."""

    tree: Node
    names: tuple[str, ...]


def parse(pattern: str) -> Parsed:
    """The tree of a pattern. Raises PatternError."""
    parser = _Parser(pattern)
    tree = parser.choice(Flags(), 0)
    if parser.position < len(pattern):
        raise PatternError("the pattern has a ) without its (")
    return Parsed(tree, tuple(parser.names))


class _Parser(EscapeReader):
    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.names: list[str] = []
        self.flags = Flags()

    def choice(self, flags: Flags, depth: int) -> Node:
        if depth > DEPTH:
            raise UnsupportedPatternError("the pattern is nested too deeply")
        outer, self.flags = self.flags, flags
        options = [self.sequence(depth)]
        while self.take("|"):
            options.append(self.sequence(depth))
        self.flags = outer
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.position < len(self.pattern) and not self.peek("|") and not self.peek(")"):
            if self.take("\\Q"):
                parts += self.quoted()
                continue
            node = self.atom(depth)
            if node is not None:
                parts.append(self.repeated(node))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def quoted(self) -> list[Node]:
        end = self.pattern.find("\\E", self.position)
        text = self.pattern[self.position : end if end >= 0 else len(self.pattern)]
        self.position += len(text) + (2 if end >= 0 else 0)
        literals: list[Node] = [self.literal(ord(character)) for character in text]
        return [*literals[:-1], self.repeated(literals[-1])] if literals else []

    def literal(self, code: int) -> Characters:
        return Characters(((code, code),), fold=self.flags.fold)

    def atom(self, depth: int) -> Node | None:
        character = self.next()
        if character == "(":
            return self.group(depth)
        if character == "[":
            return self.character_class()
        if character == ".":
            return Characters(((0, LAST_CHARACTER),) if self.flags.dot_all else ((0, 9), (11, LAST_CHARACTER)))
        if character in "^$":
            return Assertion(character if self.flags.lines else {"^": "A", "$": "z"}[character])
        if character in "*+?":
            raise PatternError(f"there is nothing for {character} to repeat")
        if character == "{" and self.bounds(self.position - 1) is not None:
            raise PatternError("there is nothing for {} to repeat")
        return self.escape() if character == "\\" else self.literal(ord(character))

    def group(self, depth: int) -> Node | None:
        if not self.take("?"):
            return self.closed(self.capture(""), depth)
        for opening in ("P<", "<"):
            if self.peek(opening) and not self.peek("<=") and not self.peek("<!"):
                self.position += len(opening)
                return self.closed(self.capture(self.group_name()), depth)
        return self.flagged(depth)

    def group_name(self) -> str:
        end = self.pattern.find(">", self.position)
        name = self.pattern[self.position : end] if end >= 0 else ""
        if not name or not name.isascii() or not name.replace("_", "a").isalnum():
            raise PatternError("the name of a group is missing or not a word")
        self.position = end + 1
        return name

    def capture(self, name: str) -> Callable[[Node], Node]:
        self.names.append(name)
        number = len(self.names)
        return lambda inner: Group(number, inner)

    def closed(self, wrap: Callable[[Node], Node], depth: int) -> Node:
        inner = self.choice(self.flags, depth + 1)
        if not self.take(")"):
            raise PatternError("the pattern has a ( without its )")
        return wrap(inner)

    def flagged(self, depth: int) -> Node | None:
        """`(?flags)` changes what follows in the group, `(?flags:…)` only what it holds."""
        flags = self.flags
        positive, seen = True, False
        while True:
            character = self.next()
            if character in ":)" and (seen or positive):
                break
            if character == "-" and positive:
                positive, seen = False, False
                continue
            field = {"i": "fold", "m": "lines", "s": "dot_all", "U": "lazy"}.get(character)
            if field is None:
                raise PatternError("look-around and other (? constructs do not exist in RE2")
            flags = flags._replace(**{field: positive})
            seen = True
        if character == ")":
            self.flags = flags
            return None
        inner = self.choice(flags, depth + 1)
        if not self.take(")"):
            raise PatternError("the pattern has a ( without its )")
        return inner

    def repeated(self, node: Node) -> Node:
        bounds = self.operator()
        if bounds is None:
            return node
        low, high = bounds
        lazy = self.take("?") is not self.flags.lazy
        if self.operator() is not None:
            raise PatternError("repetition operators stand side by side")
        repeat = Repeat(node, low, high, lazy)
        if max(low, high or 0) > 1 and _product(repeat) > LARGEST_REPEAT:
            raise PatternError("repetition counts are too large")
        return repeat

    def operator(self) -> tuple[int, int | None] | None:
        for symbol, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.take(symbol):
                return bounds
        found = self.bounds(self.position) if self.peek("{") else None
        if found is None:
            return None
        low, high, self.position = found
        if max(low, high or 0) > LARGEST_REPEAT or (high is not None and high < low):
            raise PatternError("repetition counts are too large or reversed")
        return low, high

    def bounds(self, start: int) -> tuple[int, int | None, int] | None:
        """`{n}`, `{n,}` or `{n,m}` at a position; anything else is literal text."""
        end = self.pattern.find("}", start, start + 32)
        low, comma, high = self.pattern[start + 1 : end].partition(",") if end >= 0 else ("", "", "")
        if not _is_count(low) or not (high == "" or _is_count(high)):
            return None
        most = None if comma and not high else int(high or low)
        return int(low), most, end + 1

    def escape(self) -> Node:
        character = self.next()
        if character in PERL or character.lower() in PERL:
            return Characters(PERL[character.lower()], negated=character.isupper())
        if character in "AzbB":
            return Assertion(character)
        if character in "pP":
            category = self.category(positive=character == "p")
            return Characters((), (category,), fold=self.flags.fold)
        return self.literal(self.code(character))

    def character_class(self) -> Characters:
        negated = self.take("^")
        ranges: list[tuple[int, int]] = []
        categories: list[tuple[str, bool]] = []
        first = True
        while first or not self.peek("]"):
            first = False
            self.member(ranges, categories)
        self.position += 1
        return Characters(tuple(ranges), tuple(categories), negated, self.flags.fold)

    def member(self, ranges: list[tuple[int, int]], categories: list[tuple[str, bool]]) -> None:
        if self.peek("[:") and self.posix(ranges):
            return
        character = self.next()
        if character == "\\" and self.position < len(self.pattern):
            kind = self.pattern[self.position]
            if kind.lower() in PERL:
                self.position += 1
                ranges += PERL[kind] if kind.islower() else complement(PERL[kind.lower()])
                return
            if kind in "pP":
                self.position += 1
                categories.append(self.category(positive=kind == "p"))
                return
        low = self.member_code(character)
        high = low
        if self.peek("-") and not self.pattern.startswith("-]", self.position):
            self.position += 1
            high = self.member_code(self.next())
        if high < low:
            raise PatternError("a range of characters is reversed")
        ranges.append((low, high))

    def member_code(self, character: str) -> int:
        return self.code(self.next()) if character == "\\" else ord(character)

    def posix(self, ranges: list[tuple[int, int]]) -> bool:
        end = self.pattern.find(":]", self.position + 2)
        if end < 0:
            return False
        name = self.pattern[self.position + 2 : end]
        members = POSIX.get(name.removeprefix("^"))
        if members is None:
            raise PatternError("there is no such class of characters")
        self.position = end + 2
        ranges += complement(members) if name.startswith("^") else members
        return True


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0"))


def _product(node: Node) -> int:
    """The largest number of copies that nested repetitions ask for."""
    if isinstance(node, Repeat):
        return max(node.low, node.high or 0, 1) * _product(node.inner)
    if isinstance(node, Group):
        return _product(node.inner)
    parts = node.parts if isinstance(node, Sequence) else node.options if isinstance(node, Choice) else ()
    return max(map(_product, parts), default=1)
