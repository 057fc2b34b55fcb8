"""Values that are computed when something asks for them, once, in any order, with cycles found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.boundary import to_model
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach import model
    from agentreach.model import Span
    from agentreach.parsers.terraform.values import Value

DEPTH = 200


class Lazy:
    """The values of one root, by what they belong to and their name; shared by all its modules.

    `cycle(names, at)` is told about every cycle once.
    """

    def __init__(self, cycle: Callable[[list[str], Span], None]) -> None:
        self._values: dict[tuple[int, str], Value] = {}
        self._pending: dict[tuple[int, str], str] = {}
        self._models: dict[int, model.Value | None] = {}
        self._cycle = cycle

    def get(self, owner: object, name: str, shown: str, at: Span, compute: Callable[[], Value]) -> Value:
        """The value `name` of `owner` (which must outlive this), computed on first use. `shown` names it for people."""
        key = (id(owner), name)
        known = self._values.get(key)
        if known is not None:
            return known
        if key in self._pending:
            return self._circular(key, at)
        if len(self._pending) >= DEPTH:
            return Unknown(DYNAMIC, f"{shown} depends on more than {DEPTH} other values in a chain", at)
        self._pending[key] = shown
        try:
            value = self._values[key] = compute()
        finally:
            del self._pending[key]
        self._models.setdefault(id(value), None)
        return value

    def to_model(self, value: Value) -> model.Value:
        """The value for lowering; what many resources share (`local.tags`) is turned into it once."""
        if id(value) not in self._models:
            return to_model(value)
        known = self._models[id(value)]
        if known is None:
            known = self._models[id(value)] = to_model(value)
        return known

    def keep(self, value: Value) -> Value:
        """Share a value that was computed elsewhere."""
        self._values[id(value), ""] = value
        self._models.setdefault(id(value), None)
        return value

    def clear(self) -> None:
        """Let go of everything."""
        self._values.clear()
        self._models.clear()

    def _circular(self, key: tuple[int, str], at: Span) -> Value:
        pending = list(self._pending)
        names = [self._pending[one] for one in pending[pending.index(key) :]]
        self._cycle(names, at)
        return Unknown(DYNAMIC, f"{names[0]} refers to itself: {' → '.join([*names, names[0]])}", at)
