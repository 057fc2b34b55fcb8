"""`regex` and `regexall`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.re2 import (
    Pattern,
    PatternError,
    UnsupportedPatternError,
    compile_pattern,
)
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError
from agentreach.parsers.terraform.texts import normal
from agentreach.parsers.terraform.types import DYNAMIC, STRING, ListType, ObjectType, TupleType, Type
from agentreach.parsers.terraform.values import List, Null, Object, String, Tuple, Value
from agentreach.parsers.terraform.written import known_text

if TYPE_CHECKING:
    from agentreach.parsers.terraform.functions.re2 import Captures

FUNCTIONS: dict[str, Function] = {}
_MOST = 100_000


def _compiled(pattern: str) -> Pattern | None:
    """The pattern; None if it is one that is not matched here."""
    try:
        return compile_pattern(pattern)
    except UnsupportedPatternError:
        return None
    except PatternError as error:
        raise FunctionError(str(error)) from None


def _type(pattern: Pattern) -> Type:
    named = sum(name != "" for name in pattern.names)
    if named and named < len(pattern.names):
        raise FunctionError("groups with and without names cannot be mixed")
    if named:
        return ObjectType(dict.fromkeys(sorted(pattern.names), STRING))
    return TupleType((STRING,) * len(pattern.names)) if pattern.names else STRING


def _result(call: Call, pattern: Pattern, text: str, found: Captures) -> Value:
    groups: list[Value] = []
    for position in range(0, len(found), 2):
        begin, end = found[position], found[position + 1]
        missing = begin is None or end is None
        groups.append(Null(call.at, STRING) if missing else String(normal(text[begin:end]), call.at))
    if not pattern.names:
        return groups[0]
    if not pattern.names[0]:
        return Tuple(tuple(groups[1:]), call.at)
    named = dict(zip(pattern.names, groups[1:], strict=True))
    return Object(dict(sorted(named.items())), call.at)


@function(FUNCTIONS, STRING, STRING, returns=DYNAMIC, unknowns=True)
def _regex(call: Call, pattern: Value, value: Value) -> Value:
    form, text = known_text(pattern), known_text(value)
    program = None if form is None else _compiled(form)
    type_ = DYNAMIC if program is None else _type(program)
    if program is None or text is None:
        call.doubt()
        return call.unknown(type_, pattern, value)
    found = program.search(text, 0, call.evaluation.spend)
    if found is None:
        raise FunctionError("the pattern does not match")
    return _result(call, program, text, found)


@function(FUNCTIONS, STRING, STRING, returns=DYNAMIC, unknowns=True)
def _regexall(call: Call, pattern: Value, value: Value) -> Value:
    form, text = known_text(pattern), known_text(value)
    program = None if form is None else _compiled(form)
    type_ = DYNAMIC if program is None else _type(program)
    if program is None or text is None:
        call.doubt()
        return call.unknown(ListType(type_), pattern, value)
    results: list[Value] = []
    for found in program.matches(text, call.evaluation.spend):
        results.append(_result(call, program, text, found))
        if len(results) > _MOST:
            return call.unknown(ListType(type_))
    return List(tuple(results), call.at, type_)
