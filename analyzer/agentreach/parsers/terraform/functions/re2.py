"""RE2 matching in time linear in the text: a set of threads over a compiled program, leftmost match first.

Whatever the pattern, a text costs at most its length times the size of the program; that is accounted for in steps.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.functions.re2_parser import parse
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
from agentreach.parsers.terraform.texts import longest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Pattern", "PatternError", "UnsupportedPatternError", "compile_pattern"]

INSTRUCTIONS = 20_000
Captures = tuple[int | None, ...]
Spend = "Callable[[int], None]"


class _Step(NamedTuple):
    """Consume a character, or test a place if it is an Assertion."""

    test: Characters | Assertion
    then: int


class _Split(NamedTuple):
    """Go on in both places, the first preferred."""

    first: int
    second: int


class _Save(NamedTuple):
    """Remember the position."""

    slot: int
    then: int


class _Match(NamedTuple):
    """The end."""


_Instruction = _Step | _Split | _Save | _Match


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Pattern:
    """The program of a pattern. Raises PatternError."""
    try:
        parsed = parse(pattern)
        return Pattern(_Compiler().program(parsed.tree), parsed.names)
    except RecursionError:
        raise UnsupportedPatternError("the pattern is nested too deeply") from None


class _Compiler:
    """Builds the program back to front: every piece knows where it continues."""

    def __init__(self) -> None:
        self.code: list[_Instruction] = []

    def program(self, tree: Node) -> tuple[tuple[_Instruction, ...], int]:
        """The instructions, and which of them comes first."""
        end = self.add(_Match())
        start = self.add(_Save(0, self.compile(tree, self.add(_Save(1, end)))))
        return tuple(self.code), start

    def add(self, instruction: _Instruction) -> int:
        if len(self.code) >= INSTRUCTIONS:
            raise UnsupportedPatternError("the pattern is too large")
        self.code.append(instruction)
        return len(self.code) - 1

    def compile(self, node: Node, then: int) -> int:
        if isinstance(node, Characters | Assertion):
            return self.add(_Step(node, then))
        if isinstance(node, Group):
            inner = self.compile(node.inner, self.add(_Save(2 * node.number + 1, then)))
            return self.add(_Save(2 * node.number, inner))
        if isinstance(node, Sequence):
            for part in reversed(node.parts):
                then = self.compile(part, then)
            return then
        if isinstance(node, Choice):
            return self.choice(node, then)
        return self.repeat(node, then)

    def choice(self, node: Choice, then: int) -> int:
        starts = [self.compile(option, then) for option in node.options]
        result = starts[-1]
        for start in reversed(starts[:-1]):
            result = self.add(_Split(start, result))
        return result

    def repeat(self, node: Repeat, then: int) -> int:
        if node.high is None:
            then = self.loop(node, then)
        else:
            skip = then
            for _ in range(node.high - node.low):
                then = self.split(self.compile(node.inner, then), skip, lazy=node.lazy)
        for _ in range(node.low - (node.high is None and node.low > 0)):
            then = self.compile(node.inner, then)
        return then

    def loop(self, node: Repeat, then: int) -> int:
        """`x*` is a split before x, `x+` the same entered at x."""
        split = self.add(_Match())
        body = self.compile(node.inner, split)
        self.code[split] = _Split(then, body) if node.lazy else _Split(body, then)
        return body if node.low else split

    def split(self, taken: int, skipped: int, *, lazy: bool) -> int:
        return self.add(_Split(skipped, taken) if lazy else _Split(taken, skipped))


class Pattern:
    """A compiled pattern. `names` are those of its groups, "" for one without."""

    def __init__(self, program: tuple[tuple[_Instruction, ...], int], names: tuple[str, ...]) -> None:
        self._code, self._start = program
        self.names = names

    def search(self, text: str, start: int, spend: Callable[[int], None]) -> Captures | None:
        """Where the leftmost match from `start` on and its groups begin and end."""
        machine = _Machine(self._code, text)
        empty: Captures = (None,) * (2 * len(self.names) + 2)
        threads: dict[int, Captures] = {}
        found: Captures | None = None
        for position in range(start, len(text) + 1):
            if found is None:
                machine.follow(self._start, empty, position, threads)
            if not threads:
                break
            spend(len(threads))
            matched, threads = machine.step(threads, position)
            found = matched or found
        return found

    def matches(self, text: str, spend: Callable[[int], None]) -> Iterator[Captures]:
        """All matches that do not overlap; an empty one right after another does not count."""
        position, previous_end = 0, -1
        while position <= len(text):
            found = self.search(text, position, spend)
            if found is None:
                return
            begin, end = _bounds(found)
            accepted = not (end == position and begin == previous_end)
            position = position + 1 if end == position else end
            previous_end = end
            if accepted:
                yield found

    def replaced(self, text: str, template: str, spend: Callable[[int], None]) -> str | None:
        """The text with every match replaced; `$1` and `${name}` stand for groups. None if it becomes too long."""
        pieces: list[str] = []
        position = last = length = 0
        while position <= len(text):
            found = self.search(text, position, spend)
            if found is None:
                break
            begin, end = _bounds(found)
            pieces.append(text[last:begin])
            if end > last or begin == 0:
                pieces.append(self._expanded(template, text, found))
                length += len(pieces[-1])
            last = end
            position = max(position + 1, end)
            if length > longest():
                return None
        return "".join((*pieces, text[last:]))

    def _expanded(self, template: str, text: str, found: Captures) -> str:
        pieces: list[str] = []
        position = 0
        while (dollar := template.find("$", position)) >= 0:
            pieces.append(template[position:dollar])
            position = dollar + 1
            if template.startswith("$", position):
                pieces.append("$")
                position += 1
                continue
            name, end = _reference(template, position)
            if name is None:
                pieces.append("$")
                continue
            pieces.append(self._group(name, text, found))
            position = end
        return "".join((*pieces, template[position:]))

    def _group(self, name: str, text: str, found: Captures) -> str:
        if name.isascii() and name.isdigit() and (name == "0" or not name.startswith("0")):
            number = int(name) if len(name) < 9 else -1  # noqa: PLR2004 - as far as Go counts
            numbers = [number] if 0 <= number <= len(self.names) else []
        else:
            numbers = [number for number, other in enumerate(self.names, 1) if other == name]
        for number in numbers:
            begin, end = found[2 * number], found[2 * number + 1]
            if begin is not None and end is not None:
                return text[begin:end]
        return ""


def _bounds(found: Captures) -> tuple[int, int]:
    begin, end = found[0], found[1]
    assert begin is not None
    assert end is not None
    return begin, end


def _reference(template: str, start: int) -> tuple[str | None, int]:
    """The name of a group after `$`, and where it ends; None if there is none."""
    braced = template.startswith("{", start)
    begin = end = start + braced
    while end < len(template) and (template[end].isalnum() or template[end] == "_"):
        end += 1
    if end == begin or (braced and not template.startswith("}", end)):
        return None, start
    return template[begin:end], end + braced


class _Machine:
    """Runs threads over one text."""

    def __init__(self, code: tuple[_Instruction, ...], text: str) -> None:
        self.code = code
        self.text = text

    def step(self, threads: dict[int, Captures], position: int) -> tuple[Captures | None, dict[int, Captures]]:
        """What the threads come to with the next character, and the match of the best that is at its end."""
        following: dict[int, Captures] = {}
        character = self.text[position : position + 1]
        for place, captures in threads.items():
            instruction = self.code[place]
            if isinstance(instruction, _Match):
                return captures, following
            test = instruction.test if isinstance(instruction, _Step) else None
            if character and isinstance(test, Characters) and test.accepts(character):
                self.follow(instruction.then, captures, position + 1, following)  # type: ignore[union-attr]
        return None, following

    def follow(self, start: int, captures: Captures, position: int, threads: dict[int, Captures]) -> None:
        """Add the threads that a place leads to without consuming anything, best first, each place once."""
        stack = [(start, captures)]
        while stack:
            place, captures = stack.pop()
            if place in threads:
                continue
            instruction = self.code[place]
            threads[place] = captures
            if isinstance(instruction, _Split):
                stack += [(instruction.second, captures), (instruction.first, captures)]
            elif isinstance(instruction, _Save):
                slot = instruction.slot
                stack.append((instruction.then, (*captures[:slot], position, *captures[slot + 1 :])))
            elif isinstance(instruction, _Step) and self.passes(instruction.test, position):
                stack.append((instruction.then, captures))

    def passes(self, test: Characters | Assertion, position: int) -> bool:
        """Whether a test that consumes nothing lets a thread through."""
        return isinstance(test, Assertion) and self.holds(test.kind, position)

    def holds(self, kind: str, position: int) -> bool:
        """Whether an assertion is true of a place."""
        before = self.text[position - 1 : position] if position else ""
        after = self.text[position : position + 1]
        if kind == "A":
            return position == 0
        if kind == "z":
            return not after
        if kind == "^":
            return before in ("", "\n")
        if kind == "$":
            return after in ("", "\n")
        return (_is_word(before) != _is_word(after)) is (kind == "b")


def _is_word(character: str) -> bool:
    return character == "_" or (character.isascii() and character.isalnum())
