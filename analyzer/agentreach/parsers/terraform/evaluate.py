"""Evaluation of Terraform expressions to values: `evaluate(expression, scope)`.

What a name means is the scope's business. Errors are values (`Failure`), so `try` and `can` work as in Terraform;
what only exists at deploy time is `Unknown`, and every part that is known stays known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from agentreach.model import Span
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import Unknown, Value

if TYPE_CHECKING:
    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Expression

Step = str | Value
"""`.name` is a str, `[key]` the key's value."""


class Unreadable(Protocol):
    """Why a file has no content for us. `absent` means Terraform fails as well; else the content is unknown."""

    reason: str
    absent: bool


class Files(Protocol):
    """Confined reads; relative paths start at the directory of the root module."""

    def read(self, path: str) -> bytes | Unreadable:
        """The bytes of a regular file."""

    def source(self, path: str) -> Source | Unreadable:
        """The text of a file, named as people should see it."""

    def below(self, directory: str) -> tuple[str, ...] | Unreadable:
        """Every file below a directory, relative to it with POSIX slashes, hidden ones included, in any order."""


class Scope(Protocol):
    """What the names of one module mean, for one resource instance if need be."""

    source: Source
    files: Files

    def resolve(self, root: str, steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        """The value of `root.steps…`, and how many of the steps it accounts for.

        Evaluation applies the rest. A name that does not exist is a Failure; a value that failed elsewhere (a local,
        an output) must be returned as Unknown, because `try` cannot catch it. Return Unknown(nullable=False) for a
        variable without value and for what a provider always sets.
        """


def evaluate(expression: Expression, scope: Scope) -> Value:
    """The value of an expression; never raises for what is in the code."""
    return Unknown(DYNAMIC, "not evaluated yet", Span(scope.source, expression.start, expression.end))
