"""How a function is declared, and what all calls have in common: arity, conversion, null, alternatives, unknowns.

Three kinds of implementations:

    pure         sees Python values (str, bool, numbers), runs only when everything is known
    function     sees values, runs for each alternative and when its arguments are not Unknown as a whole; with
                 `unknowns` it sees those too
    raw          sees whatever it is given, alternatives included
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.comparison import in_any_order, is_shuffled
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.extents import is_too_large
from agentreach.parsers.terraform.texts import normal
from agentreach.parsers.terraform.types import DYNAMIC, Type
from agentreach.parsers.terraform.values import (
    ALTERNATIVES,
    SEQUENCES,
    Failure,
    Null,
    Number,
    OneOf,
    Partial,
    Set,
    String,
    Unknown,
    Value,
    is_known,
)
from agentreach.parsers.terraform.widening import widened
from agentreach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from agentreach.model import Span
    from agentreach.parsers.terraform.evaluation import Evaluation
Implementation = "Callable[..., object]"


class FunctionError(Exception):
    """The function fails for these arguments; the text is a clause without their values."""


class UndecidedError(Exception):
    """The result is not evaluated here, for the reason given."""


class Parameter(NamedTuple):
    """What an argument is converted to, and whether it may be null."""

    type: Type = DYNAMIC
    null: bool = False


class Call(NamedTuple):
    """Where a function is called, and the evaluation it is part of."""

    name: str
    at: Span
    evaluation: Evaluation

    def failure(self, reason: str) -> Failure:
        """The function's error."""
        return Failure(f"{self.name}: {reason}", self.at)

    def unknown(self, type_: Type, *because: Value, reason: str = "", nullable: bool = False) -> Unknown:
        """A result of which only the type is known, for the reason of the first unknown argument."""
        reason = reason or reason_of(*because) or f"the result of {self.name}()"
        return Unknown(type_, reason, self.at, nullable=nullable)

    def doubt(self) -> None:
        """The function may fail for some of the values that the unknown parts can have."""
        self.evaluation.doubts += 1

    def string(self, text: str) -> String:
        """A result that is text."""
        return String(normal(text), self.at)

    def number(self, value: Fraction | float, precision: int = 512) -> Number:
        """A result that is a number."""
        return Number(value, self.at, precision)


@dataclass(frozen=True, slots=True)
class Function:
    """A function. `sure` if it cannot fail for arguments of the right types; `returns` is its result's type."""

    name: str
    parameters: tuple[Parameter, ...]
    rest: Parameter | None
    returns: Type
    run: Callable[[Call, list[Value]], Value]
    raw: bool
    unknowns: bool
    sure: bool
    orderless: bool

    def __call__(self, call: Call, arguments: list[Value]) -> Value:
        """The result for evaluated arguments."""
        count = len(self.parameters)
        if len(arguments) < count or (len(arguments) > count and self.rest is None):
            return call.failure(f"{len(arguments)} arguments instead of {count}")
        converted: list[Value] = []
        for position, argument in enumerate(arguments):
            parameter = self.parameters[position] if position < count else self.rest
            value = _accepted(argument, parameter, call)  # type: ignore[arg-type]  # there is a rest, or enough of them
            if isinstance(value, Failure):
                return value
            converted.append(value if self.orderless else _in_order(value))
        return self.run(call, converted) if self.raw else self._distributed(call, converted)

    def _distributed(self, call: Call, arguments: list[Value]) -> Value:
        """The results for all alternatives of the arguments."""
        count = 1
        chosen = -1
        for position, argument in enumerate(arguments):
            if isinstance(argument, OneOf):
                count *= len(argument.alternatives)
                chosen = position
        if chosen < 0:
            return self._decided(call, arguments)
        several = arguments[chosen]
        if count > ALTERNATIVES:
            return self._widened(call, arguments)
        results = [
            self._one(call, [*arguments[:chosen], one, *arguments[chosen + 1 :]], chosen)
            for one in several.alternatives  # type: ignore[union-attr]
        ]
        return call.evaluation.distributed(results, call.at, several.reason)  # type: ignore[union-attr]

    def _widened(self, call: Call, arguments: list[Value]) -> Value:
        """The result for all alternatives at once, where lists and maps can cover theirs."""
        call.doubt()
        wider = [widened(argument) if isinstance(argument, OneOf) else argument for argument in arguments]
        several = next(argument for argument in arguments if isinstance(argument, OneOf))
        covering = [argument for argument in wider if argument is not None]
        if len(covering) == len(wider):
            return self(call, covering)
        return call.unknown(self.returns, several, nullable=True)

    def _one(self, call: Call, arguments: list[Value], chosen: int) -> Value:
        parameter = self.parameters[chosen] if chosen < len(self.parameters) else self.rest
        value = _accepted(arguments[chosen], parameter, call)  # type: ignore[arg-type]
        if isinstance(value, Failure):
            return value
        accepted = value if self.orderless else _in_order(value)
        return self._distributed(call, [*arguments[:chosen], accepted, *arguments[chosen + 1 :]])

    def _decided(self, call: Call, arguments: list[Value]) -> Value:
        unknown = next((argument for argument in arguments if isinstance(argument, Unknown)), None)
        if unknown is not None and not self.unknowns:
            if not (self.sure and all(map(_is_plain, arguments))):
                call.doubt()
            return call.unknown(self.returns, unknown, nullable=self.returns is DYNAMIC)
        result = self.run(call, arguments)
        call.evaluation.charge(result)
        return result


def _is_plain(value: Value) -> bool:
    """True when converting the value cannot have hidden a failure."""
    return not isinstance(value, Unknown) or (not value.nullable and value.type is not DYNAMIC)


def _in_order(value: Value) -> Value:
    """A list whose order is not known as one of which every element may be any of them."""
    if not isinstance(value, SEQUENCES) or not is_shuffled(value):
        return value
    if isinstance(value, Set):
        return replace(value, items=in_any_order(value))
    return replace(value, items=in_any_order(value), unordered=False)


def _accepted(value: Value, parameter: Parameter, call: Call) -> Value:
    kind = type(value)
    call.evaluation.charge(value)
    result = value if kind is Failure else convert(value, parameter.type)
    if call.evaluation.trying and result is not value and not is_known(value):
        call.doubt()
    if kind is OneOf and not (type(result) is OneOf and len(result.alternatives) == len(value.alternatives)):  # type: ignore[union-attr]
        call.doubt()
    if type(result) is Failure and kind is not Failure:
        return call.failure(result.message)
    if is_too_large(result):
        return call.unknown(parameter.type, reason="a value of too many parts")
    if type(result) is Null and not parameter.null:
        return call.failure("an argument must not be null")
    if isinstance(result, Unknown) and result is not value and isinstance(value, Unknown) and value.type is DYNAMIC:
        call.doubt()
    return result


def reason_of(*values: Value) -> str:
    """Why the first of the values that is not known is not known."""
    return next(filter(None, map(_reason, values)), "")


def _reason(value: object) -> str:
    if isinstance(value, Unknown | OneOf):
        return value.reason
    if isinstance(value, Partial):
        return next(part.reason for part in value.parts if isinstance(part, Unknown))
    return ""
