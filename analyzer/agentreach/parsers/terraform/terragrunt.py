"""Terragrunt units: the module that `terraform { source = … }` names and the `inputs` it gets, where both are literal.

https://terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import MAPPINGS, Failure, String, Unknown
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.model import Source, Span
    from agentreach.parsers.terraform.evaluate import Files, Step
    from agentreach.parsers.terraform.syntax import Body, Expression
    from agentreach.parsers.terraform.values import Value

UNIT_FILE = "terragrunt.hcl"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its directory, the source of its module ("" for the directory itself), and its inputs."""

    directory: Path
    at: Span
    source: str | None = ""
    inputs: dict[str, Value] = field(default_factory=dict)


class UnitScope:
    """The names of a unit's file: its own `local`; what other files and commands give is unknown."""

    def __init__(self, source: Source, files: Files, body: Body) -> None:
        self.source = source
        self.files = files
        self._locals: dict[str, Expression] = {
            name: assignment.expression
            for block in body.blocks
            if block.type == "locals"
            for name, assignment in block.body.attributes.items()
        }
        self._pending: list[str] = []

    def resolve(self, root: str, steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        """`local.name`, and unknown for everything else."""
        name = steps[0] if steps else None
        if root != "local" or not isinstance(name, str):
            return Unknown(DYNAMIC, f"{root!r} is only known while Terragrunt runs", at), len(steps)
        expression = self._locals.get(name)
        if expression is None:
            return Failure(f"no local value {name!r} is declared", at), 1
        if name in self._pending:
            return Unknown(DYNAMIC, f"local.{name} refers to itself", at), 1
        self._pending.append(name)
        value = evaluate(expression, self)
        self._pending.pop()
        return (Unknown(DYNAMIC, value.message, at) if isinstance(value, Failure) else value), 1


def read_unit(directory: Path, source: Source, body: Body, files: Files, at: Span) -> Unit:
    """A unit's file."""
    scope = UnitScope(source, files, body)
    inputs = body.attributes.get("inputs")
    given = evaluate(inputs.expression, scope) if inputs else None
    return Unit(directory, at, _source(body, scope), dict(given.entries) if isinstance(given, MAPPINGS) else {})


def _source(body: Body, scope: UnitScope) -> str | None:
    """The module's source; "" where none is named, None where it is not literal."""
    for block in body.blocks:
        written = block.body.attributes.get("source") if block.type == "terraform" else None
        if written is not None:
            value = evaluate(written.expression, scope)
            return value.text.replace("//", "/") if isinstance(value, String) and _is_path(value.text) else _text(value)
    return ""


def _is_path(source: str) -> bool:
    return source.startswith((".", "/"))


def _text(value: Value) -> str | None:
    return value.text if isinstance(value, String) else None
