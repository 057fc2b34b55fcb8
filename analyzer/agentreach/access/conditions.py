"""Condition blocks: every operator, set quantifiers, `IfExists`, and three values.

Operators and keys are joined by AND, values by OR; a negated operator asks for none of the values. An absent key
fails positive operators and passes negated ones, `…IfExists` and `ForAllValues`; `ForAnyValue` fails.
Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from agentreach.access import comparisons as compare
from agentreach.access.patterns import any_of
from agentreach.access.variables import pattern
from agentreach.access.verdict import Verdict, agreed
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.access.comparisons import Comparison
    from agentreach.access.context import Context, Values
    from agentreach.access.globs import Tokens
    from agentreach.access.request import Parts
    from agentreach.identity import Condition, Statement

_OPERATOR: Final = late_regex(r"(?:(forallvalues|foranyvalue):)?(\w+?)(ifexists)?\Z", re.ASCII)

_COMPARISONS: Final[dict[str, tuple[Comparison, bool]]] = {
    "stringequals": (compare.equal, False),
    "stringnotequals": (compare.equal, True),
    "stringequalsignorecase": (compare.equal_ignoring_case, False),
    "stringnotequalsignorecase": (compare.equal_ignoring_case, True),
    "stringlike": (compare.like, False),
    "stringnotlike": (compare.like, True),
    "numericequals": (compare.number_equal, False),
    "numericnotequals": (compare.number_equal, True),
    "numericlessthan": (compare.number_less, False),
    "numericlessthanequals": (compare.number_at_most, False),
    "numericgreaterthan": (compare.number_greater, False),
    "numericgreaterthanequals": (compare.number_at_least, False),
    "dateequals": (compare.date_equal, False),
    "datenotequals": (compare.date_equal, True),
    "datelessthan": (compare.date_less, False),
    "datelessthanequals": (compare.date_at_most, False),
    "dategreaterthan": (compare.date_greater, False),
    "dategreaterthanequals": (compare.date_at_least, False),
    "bool": (compare.boolean, False),
    "binaryequals": (compare.equal, False),
    "ipaddress": (compare.address, False),
    "notipaddress": (compare.address, True),
    "arnequals": (compare.arn, False),
    "arnlike": (compare.arn, False),
    "arnnotequals": (compare.arn, True),
    "arnnotlike": (compare.arn, True),
}
"""Operator in lower case -> comparison, and whether the operator is negated."""


class _Test(NamedTuple):
    """One operator applied to one key."""

    quantifier: str | None
    passes: Callable[[Tokens], Verdict]
    negated: bool
    if_exists: bool

    def of(self, values: Values) -> Verdict:
        """The answer for known values; none means that the key is absent."""
        if not values:
            return self._absent()
        if self.quantifier == "forallvalues":
            return min(map(self._one, values))
        if self.quantifier == "foranyvalue":
            return max(map(self._one, values))
        matched = max(map(self.passes, values))
        return matched.complement if self.negated else matched

    def _absent(self) -> Verdict:
        if self.if_exists or self.quantifier == "forallvalues":
            return Verdict.ALLOWED
        if self.quantifier == "foranyvalue":
            return Verdict.DENIED
        return Verdict.ALLOWED if self.negated else Verdict.DENIED

    def _one(self, value: Tokens) -> Verdict:
        matched = self.passes(value)
        return matched.complement if self.negated else matched


def holds(statement: Statement, context: Context, *, now: float, account: str | None) -> Verdict:
    """Whether all conditions of a statement are met; further ones may apply where its block is not fully known."""
    worst = Verdict.POSSIBLE if statement.conditions_open else Verdict.ALLOWED
    for condition in statement.conditions:
        worst = min(worst, _holds(condition, statement.version, context, now=now, account=account))
        if worst is Verdict.DENIED:
            break
    return worst


def _holds(condition: Condition, version: str, context: Context, *, now: float, account: str | None) -> Verdict:
    choices = context.choices(condition.key)
    operator = _OPERATOR.match(condition.operator.lower())
    if operator is None:
        return Verdict.POSSIBLE
    if operator[2] == "null":
        return agreed(tuple(_null(condition, values) for values in choices))
    if operator[2] not in _COMPARISONS:
        return Verdict.POSSIBLE
    comparison, negated = _COMPARISONS[operator[2]]
    expand = partial(pattern, context=context, version=version, account=account)
    passes = partial(_passes, condition, comparison, expand, now)
    test = _Test(operator[1], passes, negated, bool(operator[3]))
    return agreed(tuple(test.of(values) for values in choices))


def _passes(
    condition: Condition, comparison: Comparison, expand: Callable[[Parts], Tokens | None], now: float, actual: Tokens
) -> Verdict:
    """Whether any of the condition's values fits the actual one."""

    def fits(parts: Parts) -> Verdict:
        wanted = expand(parts)
        return Verdict.DENIED if wanted is None else comparison(wanted, actual, now)

    return any_of(condition.values, fits)


def _null(condition: Condition, values: Values) -> Verdict:
    """`Null: {key: "true"}` asks for absence, "false" for presence."""
    answer = "false" if values else "true"

    def fits(parts: Parts) -> Verdict:
        if len(parts) == 1 and isinstance(parts[0], str):
            return Verdict.ALLOWED if parts[0].lower() == answer else Verdict.DENIED
        return Verdict.POSSIBLE

    return any_of(condition.values, fits)
