"""How functions are declared: on values, or on Python values that are known."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from agentreach.parsers.terraform.functions.specification import (
    Call,
    Function,
    FunctionError,
    Parameter,
    UndecidedError,
)
from agentreach.parsers.terraform.numbers import HugeError
from agentreach.parsers.terraform.texts import text_of
from agentreach.parsers.terraform.types import DYNAMIC, STRING, Type
from agentreach.parsers.terraform.values import (
    Bool,
    Encoded,
    List,
    Null,
    Number,
    Partial,
    String,
    Unknown,
    Value,
    is_known,
)
from agentreach.parsers.terraform.written import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def function(
    table: dict[str, Function],
    *types: Type | Parameter,
    rest: Type | Parameter | None = None,
    returns: Type = DYNAMIC,
    sure: bool = False,
    raw: bool = False,
    unknowns: bool = False,
    orderless: bool = False,
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declare a function on values: `def name(call, first, second, …) -> Value`."""

    def declare(implementation: Callable[..., Value]) -> Callable[..., Value]:
        name = implementation.__name__.strip("_")

        def run(call: Call, arguments: list[Value]) -> Value:
            try:
                return implementation(call, *arguments)
            except FunctionError as error:
                return call.failure(str(error))
            except HugeError:
                return call.unknown(returns)
            except UndecidedError as undecided:
                call.doubt()
                return call.unknown(returns, reason=str(undecided))

        parameters = tuple(map(_parameter, types))
        table[name] = Function(name, parameters, _optional(rest), returns, run, raw, unknowns, sure, orderless or raw)
        return implementation

    return declare


def _parameter(type_: Type | Parameter) -> Parameter:
    return type_ if isinstance(type_, Parameter) else Parameter(type_)


def _optional(type_: Type | Parameter | None) -> Parameter | None:
    return None if type_ is None else _parameter(type_)


def pure(
    table: dict[str, Function],
    *types: Type,
    rest: Type | None = None,
    returns: Type = STRING,
    sure: bool = False,
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Declare a function on Python values that runs when they are known: `def name(text) -> str`."""

    def declare(implementation: Callable[..., object]) -> Callable[..., object]:
        def run(call: Call, *arguments: Value) -> Value:
            natives: list[object] = []
            for argument in arguments:
                known = as_text(argument) if isinstance(argument, Encoded) else argument
                if not is_known(known):
                    if not sure:
                        call.doubt()
                    return call.unknown(returns, known, *arguments)
                natives.append(native(known))
            return wrapped(call, implementation(*natives))

        run.__name__ = implementation.__name__
        function(table, *types, rest=rest, returns=returns, sure=sure)(run)
        return implementation

    return declare


def native(value: Value) -> object:
    """The Python value of a known primitive; structures stay as they are."""
    if isinstance(value, String):
        return value.text
    if isinstance(value, Number | Bool):
        return value.value
    return None if isinstance(value, Null) else value


def wrapped(call: Call, result: object) -> Value:
    """The value of what an implementation returns."""
    if isinstance(result, str):
        return text_of((result,), call.at)
    if isinstance(result, bool):
        return Bool(result, call.at)
    if isinstance(result, int | float | Fraction):
        return Number(result, call.at)
    if isinstance(result, list):
        return List(tuple(call.string(text) for text in result), call.at, STRING)
    return result  # type: ignore[return-value]  # a value


def texts(values: Value) -> Iterator[str | Unknown]:
    """The parts of a string, known and unknown."""
    if isinstance(values, Encoded):
        values = as_text(values)
    if isinstance(values, String):
        yield values.text
    elif isinstance(values, Partial):
        yield from values.parts
    elif isinstance(values, Unknown):
        yield values
