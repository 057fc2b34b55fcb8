"""`? :`, `&&`, `||`, `!`, arithmetic and comparison, each with an answer for what is only partly known."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from agentreach.parsers.terraform import numbers
from agentreach.parsers.terraform.comparison import equal
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.types import BOOL, DYNAMIC, NUMBER, UNDETERMINED, Type
from agentreach.parsers.terraform.unify import unify
from agentreach.parsers.terraform.values import (
    ALTERNATIVES,
    Bool,
    Encoded,
    Failure,
    Null,
    Number,
    OneOf,
    Partial,
    String,
    Unknown,
    Value,
    alternatives,
    type_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.model import Span
    from agentreach.parsers.terraform import syntax
    from agentreach.parsers.terraform.evaluation import Evaluation

_TEXTS = (String, Partial, Encoded)
_CONDITION = "a condition that is not known"


def truth(value: Value, evaluation: Evaluation) -> bool | Failure | None:
    """Whether a condition holds; None when that is not known."""
    if type(value) is Bool:
        return value.value
    value = evaluation.converted(value, BOOL)
    if isinstance(value, Null):
        return Failure("a condition must not be null", value.at)
    if isinstance(value, Bool):
        return value.value
    if isinstance(value, Failure):
        return value
    answers = [truth(one, evaluation) for one in value.alternatives] if isinstance(value, OneOf) else [None]
    decided = [answer for answer in answers if not isinstance(answer, Failure)]
    if not decided:
        return next(answer for answer in answers if isinstance(answer, Failure))
    evaluation.doubts += len(decided) < len(answers)
    return decided[0] if all(answer is decided[0] for answer in decided) else None


def conditional(node: syntax.Conditional, evaluation: Evaluation) -> Value:
    """`condition ? then : otherwise`: the branch that is not taken still has a say in the type."""
    condition = evaluation.value(node.condition)
    answer = truth(condition, evaluation)
    if isinstance(answer, Failure):
        return answer
    if answer is None:
        return _undecided(node, condition, evaluation)
    taken, other = (node.then, node.otherwise) if answer else (node.otherwise, node.then)
    doubts = evaluation.doubts
    value = evaluation.value(taken)
    if isinstance(value, Failure) or (isinstance(value, _TEXTS) and not evaluation.trying):
        return value
    certain = evaluation.doubts
    unused = evaluation.value(other)
    doubtful = evaluation.doubts > doubts
    evaluation.doubts = certain
    return _settled(value, _branch_type(value, unused, evaluation, doubtful=doubtful), evaluation.span(node))


def _undecided(node: syntax.Conditional, condition: Value, evaluation: Evaluation) -> Value:
    doubts = evaluation.doubts
    then, otherwise = evaluation.value(node.then), evaluation.value(node.otherwise)
    at = evaluation.span(node)
    type_ = _branch_type(then, otherwise, evaluation, doubtful=evaluation.doubts > doubts)
    reason = condition.reason if isinstance(condition, Unknown | OneOf) and condition.reason else _CONDITION
    return evaluation.distributed((_settled(then, type_, at), _settled(otherwise, type_, at)), at, reason)


def _settled(value: Value, type_: Type | None, at: Span) -> Value:
    if type_ is None:
        return Failure("the two results of the condition have no type in common", at)
    return convert(value, type_)


def _branch_type(one: Value, other: Value, evaluation: Evaluation, *, doubtful: bool) -> Type | None:
    """What both branches become; None if that is nothing. A branch that may fail has no certain type."""
    evaluation.charge(one)
    evaluation.charge(other)
    left, right = type_of(one), type_of(other)
    for value, type_ in ((one, right), (other, left)):
        if isinstance(value, Null) and value.type is DYNAMIC:
            return type_
    if left in (DYNAMIC, UNDETERMINED) or right in (DYNAMIC, UNDETERMINED):
        evaluation.doubts += UNDETERMINED in (left, right)
        return DYNAMIC
    common = left if left == right else unify([left, right])
    if common is None and doubtful:
        evaluation.doubts += 1
        return DYNAMIC
    return common


def binary(node: syntax.Binary, evaluation: Evaluation) -> Value:
    """`left operator right`."""
    return _BINARY[node.operator](node, evaluation)


def unary(node: syntax.Unary, evaluation: Evaluation) -> Value:
    """`-operand` and `!operand`."""
    value = evaluation.value(node.operand)
    at = evaluation.span(node)
    if node.operator == "!":
        answer = truth(value, evaluation)
        if isinstance(answer, Failure):
            return answer
        return _bool(None if answer is None else not answer, value, at)
    return _each(lambda number: _negated(number, at), (value,), at, evaluation)


def _negated(value: Value, at: Span) -> Value:
    return Number(numbers.negate(value.value), at, value.precision) if isinstance(value, Number) else value


def _bool(answer: bool | None, value: Value, at: Span) -> Value:  # noqa: FBT001 - an answer, not a flag
    if answer is not None:
        return Bool(answer, at)
    reason = value.reason if isinstance(value, Unknown | OneOf) and value.reason else "it depends on an unknown value"
    return Unknown(BOOL, reason, at, nullable=False)


def _logical(node: syntax.Binary, evaluation: Evaluation) -> Value:
    deciding = node.operator == "||"
    at = evaluation.span(node)
    left = evaluation.value(node.left)
    first = truth(left, evaluation)
    if first is deciding and not evaluation.trying:
        return Bool(deciding, at)
    doubts = evaluation.doubts
    right = evaluation.value(node.right)
    second = truth(right, evaluation)
    if first is deciding or second is deciding:
        # What decides also excuses a failure of the other side, unless that is of the wrong type.
        evaluation.doubts = doubts + any(isinstance(one, Unknown) and type_of(one) != BOOL for one in (left, right))
        wrong = _wrong_type(left) or _wrong_type(right)
        return wrong or Bool(deciding, at)
    failure = first if isinstance(first, Failure) else second if isinstance(second, Failure) else None
    if failure is not None and (first is None or second is None):
        # Only if the unknown side decides does the other one not fail.
        evaluation.doubts += 1
        return _wrong_type(left) or _wrong_type(right) or Bool(deciding, at)
    if failure is not None:
        return failure
    if first is None or second is None:
        return _bool(None, left if first is None else right, at)
    return Bool(not deciding, at)


def _wrong_type(value: Value) -> Failure | None:
    if isinstance(value, Failure | Unknown):
        return None
    converted = convert(value, BOOL)
    return converted if isinstance(converted, Failure) else None


def _equality(node: syntax.Binary, evaluation: Evaluation) -> Value:
    left, right = evaluation.value(node.left), evaluation.value(node.right)
    for value in (left, right):
        if isinstance(value, Failure):
            return value
    evaluation.charge(left)
    answer = equal(left, right)
    if node.operator == "!=" and answer is not None:
        answer = not answer
    return _bool(answer, left if isinstance(left, Unknown | OneOf) else right, evaluation.span(node))


def _arithmetic(node: syntax.Binary, evaluation: Evaluation) -> Value:
    operation = _ARITHMETIC[node.operator]
    at = evaluation.span(node)

    def apply(left: Number, right: Number) -> Value:
        precision = max(left.precision, right.precision)
        try:
            return Number(operation(left.value, right.value, precision), at, precision)
        except numbers.UndefinedError as error:
            return Failure(str(error), at)
        except numbers.HugeError:
            return Unknown(NUMBER, "a number of too many digits", at, nullable=False)

    return _each(apply, (evaluation.value(node.left), evaluation.value(node.right)), at, evaluation)


def _comparison(node: syntax.Binary, evaluation: Evaluation) -> Value:
    compare = _COMPARISONS[node.operator]
    at = evaluation.span(node)

    def apply(left: Number, right: Number) -> Value:
        return Bool(compare(left.value, right.value), at)

    operands = evaluation.value(node.left), evaluation.value(node.right)
    return _each(apply, operands, at, evaluation, BOOL)


def _each(
    apply: Callable[..., Value], operands: tuple[Value, ...], at: Span, evaluation: Evaluation, type_: Type = NUMBER
) -> Value:
    """The operation on numbers, for all alternatives of its operands."""
    converted = tuple(evaluation.converted(value, NUMBER) for value in operands)
    for value in converted:
        if isinstance(value, Failure | Null):
            return value if isinstance(value, Failure) else Failure("a number is required, but this is null", at)
    if all(isinstance(value, Number) for value in converted):
        return apply(*converted)
    choices = [alternatives(value) for value in converted]
    unknown = [one for choice in choices for one in choice if isinstance(one, Unknown)]
    if unknown or len(choices[0]) * len(choices[-1]) > ALTERNATIVES:
        reason = unknown[0].reason if unknown else "too many alternatives"
        return Unknown(type_, reason, at, nullable=False)
    if len(choices) == 1:
        results = [apply(one) for one in choices[0]]
    else:
        results = [_each(apply, (one, other), at, evaluation, type_) for one in choices[0] for other in choices[1]]
    return evaluation.distributed(results, at, _CONDITION)


_ARITHMETIC: dict[str, Callable[[numbers.Real, numbers.Real, int], numbers.Real]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.modulo,
}
_COMPARISONS: dict[str, Callable[[numbers.Real, numbers.Real], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_BINARY: dict[str, Callable[[syntax.Binary, Evaluation], Value]] = {
    "&&": _logical,
    "||": _logical,
    "==": _equality,
    "!=": _equality,
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
    **dict.fromkeys(_COMPARISONS, _comparison),
}
