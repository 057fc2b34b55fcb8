"""The conditions of a declarative check, over the fields of the JSON records.

An unknown value (null) is never equal to, above, below or like anything; `is: null` asks for it.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from agentreach.custom.yaml_file import hint, record, rows
from agentreach.errors import UsageError
from agentreach.identity import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Json = dict[str, Any]
Condition = "Callable[[Json], bool]"
OPERATORS = ("is", "is-not", "in", "not-in", "like", "not-like", "above", "below")
GROUPS = ("all", "any", "not")
STEPS = {step.label: int(step) for step in Step}
LADDER = ("step", "highest")
DEEPEST = 20


def compiled(value: object, where: str, fields: Collection[str], depth: int = 0) -> Callable[[Json], bool]:
    """A condition as a function of a record. Raises UsageError for an unknown field or operator."""
    if depth > DEEPEST:
        raise UsageError(f"{where}: conditions are nested deeper than {DEEPEST}")
    raw = record(value, where, (*GROUPS, "field", *OPERATORS))
    group = next((one for one in GROUPS if one in raw), None)
    if group is None:
        return _comparison(raw, where, fields)
    if len(raw) > 1:
        raise UsageError(f"{where}: {group!r} stands alone in its table")
    if group == "not":
        inner = compiled(raw["not"], f"{where}.not", fields, depth + 1)
        return lambda one: not inner(one)
    parts = [
        compiled(one, f"{where}.{group}[{number}]", fields, depth + 1)
        for number, one in enumerate(rows(raw[group], f"{where}.{group}"))
    ]
    together = all if group == "all" else any
    return lambda one: together(part(one) for part in parts)


def _comparison(raw: Json, where: str, fields: Collection[str]) -> Callable[[Json], bool]:
    field = raw.get("field")
    operators = [one for one in OPERATORS if one in raw]
    if not isinstance(field, str) or len(operators) != 1:
        raise UsageError(f"{where}: needs 'field' and one of {', '.join(OPERATORS)}")
    if field not in fields:
        raise UsageError(f"{where}: unknown field {field!r}{hint(field, fields)}")
    operator, wanted = operators[0], raw[operators[0]]
    test = _test(operator, wanted, where, ladder=field.rpartition(".")[2] in LADDER)
    negative = operator in ("is-not", "not-in", "not-like")
    quantified = all if negative else any
    return lambda one: quantified(test(value) for value in values(one, field))


def values(one: Json, field: str) -> list[object]:
    """Every value of a dotted field; lists are walked, an empty list and an absent key are null."""
    found: list[object] = [one]
    for name in field.split("."):
        found = [item.get(name) for item in _flat(found) if isinstance(item, dict)]
    return _flat(found) or [None]


def _flat(found: list[object]) -> list[object]:
    return [item for one in found for item in (one if isinstance(one, list) else [one])]


def _test(operator: str, wanted: Any, where: str, *, ladder: bool) -> Callable[[object], bool]:  # noqa: ANN401 - any scalar
    if operator in ("in", "not-in"):
        listed = rows(wanted, f"{where}.{operator}")
        return (lambda value: value in listed) if operator == "in" else (lambda value: value not in listed)
    if operator in ("like", "not-like"):
        if not isinstance(wanted, str):
            raise UsageError(f"{where}.{operator}: must be a pattern such as 'prod-*'")
        return lambda value: (isinstance(value, str) and fnmatchcase(value, wanted)) is (operator == "like")
    if operator in ("above", "below"):
        return _ordered(operator, wanted, where, ladder=ladder)
    if operator == "is":
        return lambda value: _same(value, wanted)
    return lambda value: not _same(value, wanted)


def _same(value: object, wanted: object) -> bool:
    """Equal and of one kind: in YAML `1` is not `true`."""
    return value == wanted and isinstance(value, bool) is isinstance(wanted, bool)


def _ordered(operator: str, wanted: object, where: str, *, ladder: bool) -> Callable[[object], bool]:
    """Numbers by size, steps by their place on the ladder."""
    bound = STEPS.get(str(wanted)) if ladder else wanted
    if not isinstance(bound, int | float) or isinstance(bound, bool):
        known = f"a step{hint(str(wanted), STEPS)}" if ladder else "a number"
        raise UsageError(f"{where}.{operator}: must be {known}")

    def test(value: object) -> bool:
        number = STEPS.get(str(value)) if ladder else value
        if not isinstance(number, int | float) or isinstance(number, bool):
            return False
        return number > bound if operator == "above" else number < bound

    return test
