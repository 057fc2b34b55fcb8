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
        self._pending: dict[tuple[int, str], str] = {}
        # Values that are kept alive, so that their identity stays theirs, and what lowering reads of them.
        self._kept: dict[int, Value] = {}
        self._models: dict[int, model.Value] = {}
        self._cycle = cycle

    def get(self, values: dict[str, Value], name: str, prefix: str, at: Span, compute: Callable[[], Value]) -> Value:
        """The value `name` among a module's `values` (which must outlive this), computed on first use."""
        known = values.get(name)
        if known is not None:
            return known
        key = (id(values), name)
        if key in self._pending:
            return self._circular(key, at)
        shown = prefix + name
        if len(self._pending) >= DEPTH:
            return Unknown(DYNAMIC, f"{shown} depends on more than {DEPTH} other values in a chain", at)
        self._pending[key] = shown
        try:
            value = values[name] = compute()
        finally:
            del self._pending[key]
        return self.keep(value)

    def is_made(self, value: Value) -> bool:
        """Whether what lowering reads of the value is there already."""
        return id(value) in self._models

    def to_model(self, value: Value) -> model.Value:
        """The value for lowering; what many resources share (`local.tags`) is turned into it once."""
        known = self._models.get(id(value))
        if known is not None:
            return known
        made = to_model(value)
        if id(value) in self._kept:
            self._models[id(value)] = made
        return made

    def keep(self, value: Value) -> Value:
        """Share a value: whoever asks for what lowering reads of it gets the same."""
        self._kept[id(value)] = value
        return value

    def clear(self) -> None:
        """Let go of everything, and of whoever is told about cycles: nothing is computed any more."""
        self._kept.clear()
        self._models.clear()
        self._cycle = lambda _names, _at: None

    def _circular(self, key: tuple[int, str], at: Span) -> Value:
        pending = list(self._pending)
        names = [self._pending[one] for one in pending[pending.index(key) :]]
        self._cycle(names, at)
        return Unknown(DYNAMIC, f"{names[0]} refers to itself: {' → '.join([*names, names[0]])}", at)
