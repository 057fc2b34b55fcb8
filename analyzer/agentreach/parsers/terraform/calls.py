"""Function calls; `try` and `can`, whose arguments may fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions import find
from agentreach.parsers.terraform.functions.specification import Call
from agentreach.parsers.terraform.syntax import FunctionCall, Name
from agentreach.parsers.terraform.type_constraints import constraint
from agentreach.parsers.terraform.types import BOOL, DYNAMIC, ListType, SetType, TupleType, is_primitive
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Bool,
    Failure,
    OneOf,
    Perhaps,
    Tuple,
    Unknown,
    Value,
    alternatives,
    known_items,
)
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.parsers.terraform import syntax
    from agentreach.parsers.terraform.evaluation import Evaluation
    from agentreach.parsers.terraform.syntax import Expression


def call(node: syntax.FunctionCall, evaluation: Evaluation) -> Value:
    """`name(arguments…)`. A function we do not know is unknown: a newer version or a provider may have it."""
    name = node.name
    special = _SPECIAL.get(name)
    if special is not None and not node.expand:
        return special(node, evaluation)
    at = evaluation.span(node)
    function = find(name) or _function_of_scope(name, evaluation)
    if function is None or (node.expand and find(name) is None):
        evaluation.doubts += 1
        return Unknown(DYNAMIC, f"{name}() is not a function that is evaluated here", at)
    arguments: list[Value] = []
    for argument in node.arguments:
        value = evaluation.value(argument)
        if type(value) is Failure:
            return value
        arguments.append(value)
    context = Call(name, at, evaluation)
    if not node.expand:
        return function(context, arguments)
    return _expanded(node, context, arguments)


def _function_of_scope(name: str, evaluation: Evaluation) -> Callable[[Call, list[Value]], Value] | None:
    """A function that only this kind of file has."""
    own = getattr(evaluation.scope, "functions", {}).get(name)
    return own and (lambda context, arguments: own(arguments, context.at))


def _expanded(node: syntax.FunctionCall, context: Call, arguments: list[Value]) -> Value:
    """A call whose last argument is a list of further arguments."""
    function = find(node.name)
    assert function is not None
    results: list[Value] = []
    last = arguments[-1]
    for one in alternatives(last):
        if not isinstance(one, Unknown) and not isinstance(one, SEQUENCES):
            return context.failure("only a list, set or tuple can be expanded with ...")
        if (
            isinstance(one, Unknown)
            and not isinstance(one.type, ListType | SetType | TupleType)
            and one.type is not DYNAMIC
        ):
            return context.failure("only a list, set or tuple can be expanded with ...")
        items = None if isinstance(one, Unknown) else known_items(one)
        if items is None:
            results.append(_unexpanded(context, arguments[:-1], one))
            continue
        results.append(function(context, [*arguments[:-1], *items]))
    return context.evaluation.distributed(results, context.at, last.reason if isinstance(last, OneOf) else "")


def _unexpanded(context: Call, arguments: list[Value], last: Value) -> Value:
    """A call with an unknown number of arguments: `merge` and `concat` say what may be among them."""
    context.doubt()
    function = find(context.name)
    assert function is not None
    if context.name not in ("merge", "concat"):
        return context.unknown(function.returns, last)
    if isinstance(last, SEQUENCES):
        soft = [_softened(item) if isinstance(item, Perhaps) else item for item in last.items]
        further = [value for value in soft if _may_hold_parts(value)]
    else:
        further = [context.unknown(DYNAMIC, last)]
    return function(context, [*arguments, *further])


def _may_hold_parts(value: Value) -> bool:
    if isinstance(value, Unknown):
        return not is_primitive(value.type)
    return isinstance(value, (MAPPINGS, SEQUENCES, OneOf))


def _softened(item: Perhaps) -> Value:
    """An argument that may be missing, as one of which everything may be missing."""
    value = item.value
    if isinstance(value, MAPPINGS):
        return replace(value, maybe=frozenset(value.entries))
    if isinstance(value, SEQUENCES):
        inner = [each.value if isinstance(each, Perhaps) else each for each in value.items]
        return Tuple(tuple(Perhaps(each, item.many) for each in inner), value.at)
    return value


def _try(node: syntax.FunctionCall, evaluation: Evaluation) -> Value:
    at = evaluation.span(node)
    if not node.arguments:
        return Failure("try: at least one argument is required", at)
    results: list[Value] = []
    doubts = evaluation.doubts
    for argument in node.arguments:
        value, doubtful = _attempt(argument, evaluation)
        if type(value) is Failure:
            continue
        results.append(value)
        if not doubtful:
            break
    else:
        # Whatever was doubtful may have been the last resort.
        evaluation.doubts = doubts + bool(results)
        if not results:
            return Failure("try: no argument could be evaluated", at)
    return evaluation.distributed(results, at, "an expression that may fail")


def _attempt(argument: Expression, evaluation: Evaluation) -> tuple[Value, bool]:
    """The value of an argument, and whether it may fail for some values of what is unknown."""
    doubts = evaluation.doubts
    evaluation.trying += 1
    value = evaluation.value(argument)
    evaluation.trying -= 1
    doubtful = evaluation.doubts > doubts
    evaluation.doubts = doubts
    return value, doubtful


def _can(node: syntax.FunctionCall, evaluation: Evaluation) -> Value:
    at = evaluation.span(node)
    if len(node.arguments) != 1:
        return Failure("can: one argument is required", at)
    value, doubtful = _attempt(node.arguments[0], evaluation)
    if type(value) is Failure:
        return Bool(False, at)  # noqa: FBT003 - the answer
    if doubtful or (isinstance(value, Unknown) and any(_roots(node.arguments[0]))):
        return Unknown(BOOL, value.reason if isinstance(value, Unknown | OneOf) else "it may fail", at, nullable=False)
    return Bool(True, at)  # noqa: FBT003 - the answer


def _is_sensitive(node: syntax.FunctionCall, evaluation: Evaluation) -> Value:
    """Whether a value is marked sensitive: known only where the code itself marks it, or refers to nothing."""
    at = evaluation.span(node)
    if len(node.arguments) != 1:
        return Failure("issensitive: one argument is required", at)
    argument = node.arguments[0]
    value = evaluation.value(argument)
    if isinstance(value, Failure):
        return value
    if isinstance(argument, FunctionCall) and argument.name in ("sensitive", "nonsensitive"):
        return Bool(argument.name == "sensitive", at)
    if not any(_roots(argument)):
        return Bool(False, at)  # noqa: FBT003 - the answer
    return Unknown(BOOL, "whether a value is sensitive is not followed", at, nullable=False)


def _convert(node: syntax.FunctionCall, evaluation: Evaluation) -> Value:
    """`convert(value, type)`, whose second argument is a type as in a variable."""
    at = evaluation.span(node)
    if len(node.arguments) != len(("value", "type")):
        return Failure("convert: a value and a type are required", at)
    value = evaluation.value(node.arguments[0])
    if isinstance(value, Failure):
        return value
    wanted = constraint(node.arguments[1], evaluation.value)
    given = value if wanted.defaults is None else wanted.defaults.apply(value)
    if isinstance(given, Unknown) and given.type != wanted.type:
        evaluation.doubts += 1
    result = convert(given, wanted.type)
    return Failure(f"convert: {result.message}", at) if isinstance(result, Failure) else result


def _roots(node: object) -> Iterator[bool]:
    """True for every name in an expression, and for a call of `sensitive`."""
    if isinstance(node, Name) or (isinstance(node, FunctionCall) and node.name == "sensitive"):
        yield True
    elif isinstance(node, tuple):
        for part in node:
            yield from _roots(part)
    elif hasattr(node, "__dataclass_fields__"):
        for field in node.__dataclass_fields__:
            yield from _roots(getattr(node, field))


_SPECIAL = {"try": _try, "can": _can, "issensitive": _is_sensitive, "convert": _convert}
