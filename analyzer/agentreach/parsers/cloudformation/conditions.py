"""Conditions in three values: they hold, they do not, or parameters leave them open.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, OneOf, Reference, Scalar, Text, Value, boolean, elements, string
from agentreach.parsers.cloudformation.pseudo import is_no_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.parsers.cloudformation.evaluate import Evaluator


def decide(evaluator: Evaluator, expression: Value) -> bool | None:
    """What a condition's expression comes to."""
    budget = evaluator.budget
    budget.steps -= 1
    if budget.spent():
        return None
    budget.depth += 6
    decided = _decide(evaluator, expression)
    budget.depth -= 6
    return decided


def _decide(evaluator: Evaluator, expression: Value) -> bool | None:
    if not isinstance(expression, MapValue) or len(expression.entries) != 1:
        return boolean(evaluator.resolve(expression))
    name, argument = next(iter(expression.entries.items()))
    match name:
        case "Condition":
            named = string(evaluator.resolve(argument))
            return None if named is None else evaluator.decide(named)
        case "Fn::And":
            return _all(decide(evaluator, one) for one in elements(argument))
        case "Fn::Or":
            return _not(_all(_not(decide(evaluator, one)) for one in elements(argument)))
        case "Fn::Not":
            return _not(_all(decide(evaluator, one) for one in elements(argument)))
        case "Fn::Equals":
            return _compared(evaluator, argument)
        case _:
            return boolean(evaluator.resolve(expression))


def _all(decisions: Iterable[bool | None]) -> bool | None:
    """False as soon as one is, open when any is, True otherwise."""
    found = set(decisions)
    return False if False in found else (None if None in found else True)


def _not(decision: bool | None) -> bool | None:  # noqa: FBT001 - three values
    return None if decision is None else not decision


def _compared(evaluator: Evaluator, argument: Value) -> bool | None:
    match elements(argument):
        case (left, right):
            return equal(evaluator.resolve(left), evaluator.resolve(right))
        case _:
            return None


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal as CloudFormation compares them: as text, numbers and bools too."""
    if isinstance(left, OneOf) or isinstance(right, OneOf):
        return _equal_alternatives(left, right)
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return (string(left) or "") == (string(right) or "")
    if isinstance(left, Reference) and isinstance(right, Reference) and not is_no_value(left):
        return True if (left.key, left.attribute) == (right.key, right.attribute) else None
    if isinstance(left, ListValue) and isinstance(right, ListValue) and not left.open and not right.open:
        if len(left.items) != len(right.items):
            return False
        return _all(equal(one, other) for one, other in zip(left.items, right.items, strict=True))
    if isinstance(left, Text) and isinstance(right, Scalar):
        return None if may_be(left, string(right) or "") else False
    return equal(right, left) if isinstance(left, Scalar) and isinstance(right, Text) else None


def _equal_alternatives(left: Value, right: Value) -> bool | None:
    lefts = left.alternatives if isinstance(left, OneOf) else (left,)
    rights = right.alternatives if isinstance(right, OneOf) else (right,)
    answers = {equal(one, other) for one in lefts for other in rights}
    return answers.pop() if len(answers) == 1 else None


def may_be(text: Text, known: str) -> bool:
    """Whether a text's known parts occur in order, the first and last at the ends."""
    at = 0
    for index, part in enumerate(text.parts):
        if not isinstance(part, str):
            continue
        found = known.find(part, at)
        if found < 0 or (index == 0 and found > 0):
            return False
        at = found + len(part)
    last = text.parts[-1]
    return not isinstance(last, str) or known.endswith(last)
