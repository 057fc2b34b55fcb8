"""The top-level blocks of a file without parsing their bodies; a body is parsed when something asks for it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.bodies import BodyParser, TooManyProblemsError
from agentreach.parsers.terraform.cursor import PROBLEMS
from agentreach.parsers.terraform.possessive import compiled
from agentreach.parsers.terraform.stack import with_room
from agentreach.parsers.terraform.structure import closing, end_of_item
from agentreach.parsers.terraform.syntax import Assignment, Block, Body, Problem
from agentreach.parsers.terraform.tokens import BLANK, IDENTIFIER, INLINE_BLANK, LINE_END, SIMPLE_STRING

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.model import Source

_PATIENCE = 500_000
_BLANK = compiled(BLANK).match
_HEADER = compiled(rf"({IDENTIFIER}){INLINE_BLANK}((?:(?:{SIMPLE_STRING}|{IDENTIFIER}){INLINE_BLANK})*+)\{{").match
_QUOTED = compiled(rf'(?:"([^"]*+)"{INLINE_BLANK})(?:"([^"]*+)"{INLINE_BLANK})?+').fullmatch
_LABEL = compiled(rf'"([^"]*+)"|({IDENTIFIER})|{INLINE_BLANK}')
_ARGUMENT = compiled(rf"({IDENTIFIER}){INLINE_BLANK}=(?!=)").match
_NAME = compiled(IDENTIFIER).match
_LINE_END = compiled(rf"{INLINE_BLANK}(?:{LINE_END}|(?:(?:#|//)[^\n]*+)?+\Z)").match
_NEXT_ITEM = compiled(rf"^{IDENTIFIER}[ \t]*+(?:=(?!=)|[^\n={{]*+\{{)", re.MULTILINE).search
_NEXT_HEADER = compiled(
    r"^(?:resource|data|module|variable|output|locals|provider|terraform|ephemeral|moved|import|removed|check)\b"
    r"[^\n={]*+\{",
    re.MULTILINE,
).search


class Skim:
    """One pass over a file."""

    __slots__ = ("attributes", "blocks", "end", "patience", "problems", "source", "text")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.end = len(source.text)
        self.attributes: dict[str, Assignment] = {}
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        # What is never closed is looked for up to the end; so many characters may be read again after that.
        self.patience = 4 * self.end + _PATIENCE

    def body(self) -> Body:
        """The file's body."""
        at = 1 if self.text.startswith("\ufeff") else 0
        while (at := _BLANK(self.text, at).end()) < self.end:  # type: ignore[union-attr]
            if len(self.problems) >= PROBLEMS or self.patience < 0:
                self.problems.append(Problem("too many syntax errors: the rest of the file was not read", at, self.end))
                break
            at = self._item(at)
        return Body(self.attributes, tuple(self.blocks), 0, self.end, tuple(self.problems))

    def _item(self, at: int) -> int:
        header = _HEADER(self.text, at)
        if header is not None and header[0].isascii():
            return self._block(header)
        if _ARGUMENT(self.text, at):
            return self._argument(at)
        return self._odd_item(at)

    def _block(self, header: re.Match[str]) -> int:
        start, open_end = header.span()
        close = closing(self.text, open_end - 1, self.end)
        if isinstance(close, Problem):
            self.problems.append(close)
            return self._next_header(open_end)
        parse = partial(parse_inside, self.source, open_end, close - 1)
        self.blocks.append(Block(header[1], _labels(header[2]), self.source, start, close, open_end, parse))
        line_end = _LINE_END(self.text, close)
        if line_end is not None:
            return line_end.end()
        self.problems.append(Problem("expected a line end after a block", close, close + 1))
        return end_of_item(self.text, close, self.end, closes=False)

    def _argument(self, at: int) -> int:
        """Arguments stand at the top of values files only, and are parsed at once."""
        end = end_of_item(self.text, at, self.end, closes=False)
        body = parse_body(self.source, at, end)
        for name, assignment in body.attributes.items():
            if name in self.attributes:
                self.problems.append(Problem("the same argument is set twice", assignment.start, assignment.end))
            else:
                self.attributes[name] = assignment
        self.problems += body.problems
        return self._next_item(at + 1, end) if body.problems else end

    def _odd_item(self, at: int) -> int:
        """A block with an unusual label, or something that is no item at all."""
        end = end_of_item(self.text, at, self.end, closes=False)
        body = parse_body(self.source, at, end)
        self.blocks += body.blocks
        self.problems += body.problems
        return end

    def _next_item(self, at: int, end: int) -> int:
        """Where a line looks like an argument or block again: a bracket that is never closed hides no more."""
        self.patience -= end - at
        following = _NEXT_ITEM(self.text, at, end)
        return following.start() if following else end

    def _next_header(self, at: int) -> int:
        """Where a line looks like a block again."""
        self.patience -= self.end - at
        following = _NEXT_HEADER(self.text, at)
        return following.start() if following else self.end


def skim(source: Source) -> Body:
    """The body of a file: its blocks parse lazily. `problems` has what is wrong with the structure."""
    return Skim(source).body()


def may_hold(block: Block, names: frozenset[str]) -> bool:
    """Whether an item of a block may have one of these names; told without parsing what is behind the names."""
    block.source.asked.append(block.open_end)
    text, at, end = block.source.text, block.open_end, block.end - 1
    if block.source.path.endswith(".json"):
        return True
    while (at := _BLANK(text, at, end).end()) < end:  # type: ignore[union-attr]  # it matches nothing too
        name = _NAME(text, at, end)
        if name is None or name[0] in names:
            return True
        at = end_of_item(text, name.end(), end, closes=False)
    return False


def parse_inside(source: Source, start: int, end: int) -> Body:
    """What stands between a block's braces; `problems` has those of nested blocks too."""
    source.asked.append(start)
    return with_room(partial(_parsed, source, start, end, BodyParser.inside))


def parse_body(source: Source, start: int = 0, end: int | None = None) -> Body:
    """Arguments and blocks as they stand in a file, nested blocks at once."""
    end = len(source.text) if end is None else end
    return with_room(partial(_parsed, source, start, end, BodyParser.file))


def _parsed(source: Source, start: int, end: int, parse: Callable[[BodyParser], Body]) -> Body:
    parser = BodyParser(source, start, end)
    try:
        return parse(parser)
    except TooManyProblemsError:
        return Body({}, (), start, end, tuple(parser.problems))


def _labels(text: str) -> tuple[str, ...]:
    quoted = _QUOTED(text)
    if quoted is not None:
        return quoted.groups() if quoted[2] is not None else (quoted[1],)
    return tuple(match[match.lastindex] for match in _LABEL.finditer(text) if match.lastindex)
