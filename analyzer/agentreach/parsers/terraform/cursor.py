"""One token at a time over a part of a source's text."""

from __future__ import annotations

from agentreach.parsers.terraform.plain_terms import NESTED
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.tokens import (
    BAD,
    END,
    HEREDOC,
    KINDS,
    NAME,
    NEWLINE,
    NUMERAL,
    OPERATOR_GROUP,
    QUOTE,
    STRICT,
    STRING,
)
from agentreach.sources.limits import in_force

NESTING = 200
# So many are worth reading; what follows mostly repeats them.
PROBLEMS = 20

_FOUND = {
    NAME: "a name",
    STRING: "a string",
    QUOTE: "a string",
    HEREDOC: "a heredoc",
    NUMERAL: "a number",
    NEWLINE: "the end of the line",
    END: "the end",
}
_BAD_CHARACTERS = {
    "'": 'strings are written with double quotes (")',
    "`": "a backtick has no meaning here",
    ";": "arguments are separated by line ends, not by semicolons",
    "&": "the operator for «and» is &&",
    "|": "the operator for «or» is ||",
    "\r": "a carriage return without a line feed",
}


class SyntaxProblem(Exception):  # noqa: N818 - a problem of the scanned text, not an error of ours
    """Carries a Problem to where parsing resumes; never leaves this package."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Cursor:
    """The current token: its `kind` (an operator is its own kind) and the offsets of its characters."""

    __slots__ = ("depth", "end", "kind", "nesting", "scan", "start", "stop", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.end = end
        self.start = self.stop = start
        self.kind = END
        self.scan = STRICT
        # The outermost expression is not nested.
        self.depth = -1
        self.nesting = in_force().nesting

    def advance(self) -> None:
        """Read the next token."""
        match = self.scan(self.text, self.stop, self.end)
        # Every pattern ends in "any character" and "the end", so there is a match with one group.
        group = match.lastindex  # type: ignore[union-attr]
        self.start, self.stop = match.span(group)  # type: ignore[union-attr, arg-type]
        self.kind = match[group] if group == OPERATOR_GROUP else KINDS[group]  # type: ignore[index]

    def advance_from(self, offset: int) -> None:
        """Read the token at or after an offset."""
        self.stop = offset
        self.advance()

    @property
    def lexeme(self) -> str:
        """The current token's characters."""
        return self.text[self.start : self.stop]

    def deeper(self) -> None:
        """Count one level of nesting; raises SyntaxProblem beyond the limit."""
        self.depth += 1
        if self.depth > self.nesting:
            raise self.problem(f"nested deeper than the limit of {self.nesting}")

    def has_room(self) -> bool:
        """Whether a plain term may be nested here whatever it is."""
        return self.depth + NESTED <= self.nesting

    def expect(self, kind: str, expected: str) -> None:
        """Raise SyntaxProblem unless the current token is of this kind."""
        if self.kind != kind:
            raise self.unexpected(expected)

    def unexpected(self, expected: str) -> SyntaxProblem:
        """What was expected here, and what is here instead; literals are never quoted."""
        if self.text.startswith("/*", self.start):
            return self.problem("the comment is never closed")
        if self.kind == BAD:
            return self.problem(_BAD_CHARACTERS.get(self.lexeme, "a character that has no meaning here"))
        found = _FOUND.get(self.kind) or f"{self.kind!r}"
        return self.problem(f"expected {expected}, found {found}")

    def problem(self, message: str, start: int | None = None, end: int | None = None) -> SyntaxProblem:
        """A problem at the current token, or at the given offsets."""
        return SyntaxProblem(
            Problem(message, self.start if start is None else start, self.stop if end is None else end)
        )
