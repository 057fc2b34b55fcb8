"""Native syntax: the ways in.

`skim` reads a file and leaves the bodies of its blocks for later, `parse_file` parses them too. Nothing here raises
for any text: what is wrong is a `Problem` with its offsets and what was expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.bodies import BodyParser
from agentreach.parsers.terraform.cursor import NESTING, SyntaxProblem
from agentreach.parsers.terraform.skim import parse_body, parse_inside, skim
from agentreach.parsers.terraform.syntax import Body, Problem, Template

if TYPE_CHECKING:
    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Expression

__all__ = ["parse_body", "parse_expression", "parse_file", "parse_inside", "parse_template_text", "skim"]


def parse_file(source: Source) -> Body:
    """As `skim`, with every body parsed and every problem of the file in `problems`, in order."""
    body = skim(source)
    problems = [*body.problems, *(problem for block in body.blocks for problem in block.body.problems)]
    problems.sort(key=lambda problem: problem.start)
    return Body(body.attributes, body.blocks, body.start, body.end, tuple(problems))


def parse_expression(source: Source, start: int = 0, end: int | None = None) -> Expression | Problem:
    """The one expression between two offsets; line ends in it mean nothing."""
    parser = BodyParser(source, start, len(source.text) if end is None else end)
    try:
        result = parser.lone_expression()
    except SyntaxProblem as problem:
        return problem.problem
    except RecursionError:
        return Problem(f"nested deeper than the limit of {NESTING}", start, parser.end)
    return parser.problems[0] if parser.problems else result


def parse_template_text(source: Source, start: int = 0, end: int | None = None) -> Template | Problem:
    """The text between two offsets as one template, as templatefile() and JSON syntax read it."""
    parser = BodyParser(source, start, len(source.text) if end is None else end)
    try:
        result = parser.template_text()
    except SyntaxProblem as problem:
        return problem.problem
    except RecursionError:
        return Problem(f"nested deeper than the limit of {NESTING}", start, parser.end)
    return parser.problems[0] if parser.problems else result
