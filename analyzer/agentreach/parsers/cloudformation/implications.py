"""What follows from a condition that is taken to hold, or not to: parameters that are then known.

`Fn::Equals [!Ref Stage, prod]` holds only where Stage is "prod"; where it does not, "prod" is ruled out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, OneOf, Scalar, Value, alternatives, elements, string
from agentreach.parsers.cloudformation.conditions import equal
from agentreach.parsers.cloudformation.strings import one_of

if TYPE_CHECKING:
    from agentreach.parsers.cloudformation.evaluate import Evaluator

_DEEPEST = 20


def of(evaluator: Evaluator, condition: str, *, holds: bool) -> dict[str, Value]:
    """The values of parameters that a named condition decides, by name."""
    implied = _Implied(evaluator)
    implied.named(condition, holds=holds, left=_DEEPEST)
    return implied.found


class _Implied:
    """Follows conditions through others, each once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.found: dict[str, Value] = {}
        self._evaluator = evaluator
        self._seen: set[tuple[str, bool]] = set()

    def named(self, condition: str, *, holds: bool, left: int) -> None:
        entry = self._evaluator.scope.conditions.get(condition)
        if left and entry is not None and not entry.bindings and (condition, holds) not in self._seen:
            self._seen.add((condition, holds))
            self._follow(entry.value, holds=holds, left=left - 1)

    def _follow(self, expression: Value, *, holds: bool, left: int) -> None:
        if not left or not isinstance(expression, MapValue) or len(expression.entries) != 1:
            return
        name, argument = next(iter(expression.entries.items()))
        if name == "Condition":
            self.named(string(argument) or "", holds=holds, left=left)
        elif name == "Fn::Equals":
            self._compared(argument, holds=holds)
        elif name in {"Fn::Not", "Fn::And" if holds else "Fn::Or"}:
            for one in elements(argument):
                self._follow(one, holds=holds != (name == "Fn::Not"), left=left - 1)

    def _compared(self, argument: Value, *, holds: bool) -> None:
        match elements(argument):
            case (MapValue(entries={"Ref": name}), other) | (other, MapValue(entries={"Ref": name})):
                parameter, known = string(name), self._evaluator.resolve(other)
            case _:
                return
        if parameter is None or not isinstance(known, Scalar):
            return
        now = self.found.get(parameter) or self._evaluator.ref(parameter, argument.at)
        if holds:
            self.found[parameter] = known
        elif isinstance(now, OneOf):
            possible = [one for one in alternatives(now) if equal(one, known) is not True]
            if possible:
                self.found[parameter] = one_of(possible, now.at, now.reason)
