"""Native syntax: the ways in.

`skim` reads a file and leaves the bodies of its blocks for later, `parse_file` parses them too. Nothing here raises
for any text: what is wrong is a `Problem` with its offsets and what was expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from agentreach.parsers.terraform.bodies import BodyParser
from agentreach.parsers.terraform.cursor import SyntaxProblem
from agentreach.parsers.terraform.skim import parse_body, parse_inside, skim
from agentreach.parsers.terraform.stack import with_room
from agentreach.parsers.terraform.syntax import Body, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Expression, Template

_Parsed = TypeVar("_Parsed")

__all__ = ["parse_body", "parse_expression", "parse_file", "parse_inside", "parse_template_text", "skim"]


def parse_file(source: Source) -> Body:
    """As `skim`, with every body parsed and every problem of the file in `problems`, in order."""
    body = skim(source)
    problems = [*body.problems, *(problem for block in body.blocks for problem in block.body.problems)]
    problems.sort(key=lambda problem: problem.start)
    return Body(body.attributes, body.blocks, body.start, body.end, tuple(problems))


def parse_expression(source: Source, start: int = 0, end: int | None = None) -> Expression | Problem:
    """The one expression between two offsets; line ends in it mean nothing."""
    return _parsed(source, start, end, BodyParser.lone_expression)


def parse_template_text(source: Source, start: int = 0, end: int | None = None) -> Template | Problem:
    """The text between two offsets as one template, as templatefile() and JSON syntax read it."""
    return _parsed(source, start, end, BodyParser.template_text)


def _parsed(source: Source, start: int, end: int | None, parse: Callable[[BodyParser], _Parsed]) -> _Parsed | Problem:
    def attempt() -> _Parsed | Problem:
        parser = BodyParser(source, start, len(source.text) if end is None else end)
        try:
            result = parse(parser)
        except SyntaxProblem as problem:
            return problem.problem
        return parser.problems[0] if parser.problems else result

    return with_room(attempt)
