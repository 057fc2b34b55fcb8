"""Raw template values to what they mean in one stack: the walk; the functions are in `intrinsics`.

An evaluator belongs to a scope (one template in one place), knows loop variables (`Fn::ForEach`) and
the conditions it takes as decided: inside one branch of an `Fn::If` whose condition is open, the same
condition is decided, and so is a resource's own Condition inside that resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, OneOf, Scalar, Span, Unknown, Value
from agentreach.parsers.cloudformation import conditions, implications, language_extensions, loop_variables
from agentreach.parsers.cloudformation.budget import TOO_LONG
from agentreach.parsers.cloudformation.dynamic_references import MARK, with_dynamic_references
from agentreach.parsers.cloudformation.intrinsics import FUNCTIONS
from agentreach.parsers.cloudformation.pseudo import is_no_value, settled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.parsers.cloudformation.scope import Scope

_NOTHING: Mapping[str, Value] = {}
_UNDECIDED: Mapping[str, bool] = {}


class Evaluator:
    """Resolves values of one scope under some loop variables and assumptions."""

    __slots__ = ("_decided", "assumed", "bindings", "budget", "narrowed", "scope")

    def __init__(
        self,
        scope: Scope,
        bindings: Mapping[str, Value] = _NOTHING,
        assumed: Mapping[str, bool] = _UNDECIDED,
        narrowed: Mapping[str, Value] = _NOTHING,
    ) -> None:
        self.scope = scope
        self.bindings = bindings
        self.assumed = assumed
        self.narrowed = narrowed
        self.budget = scope.project.budget
        self._decided: dict[str, bool | None] = {}

    def assuming(self, condition: str, *, holds: bool) -> Evaluator:
        """The same, with one more condition decided, and the parameters that follow from it."""
        narrowed = {**self.narrowed, **implications.of(self, condition, holds=holds)}
        return Evaluator(self.scope, self.bindings, {**self.assumed, condition: holds}, narrowed)

    def binding(self, name: str, value: Value) -> Evaluator:
        """The same, with one more loop variable."""
        return self.bound({**self.bindings, name: value})

    def bound(self, bindings: Mapping[str, Value]) -> Evaluator:
        """The same, with exactly these loop variables."""
        if bindings is self.bindings:
            return self
        other = Evaluator(self.scope, bindings, self.assumed, self.narrowed)
        other._decided = self._decided  # conditions do not depend on loop variables of their users
        return other

    def ref(self, name: str, at: Span) -> Value:
        """What `Ref` of a name means: a loop variable, a parameter that an assumption decides, or the scope's."""
        found = self.bindings.get(name) or self.narrowed.get(name)
        return found or self.scope.ref(name, at)

    def decide(self, condition: str) -> bool | None:
        """Whether a named condition holds; None when parameters leave it open."""
        if condition in self.assumed:
            return self.assumed[condition]
        if condition not in self._decided:
            self._decided[condition] = None  # a condition that refers to itself stays open
            entry = self.scope.conditions.get(condition)
            if entry is not None:
                self._decided[condition] = conditions.decide(self.bound(entry.bindings), entry.value)
        return self._decided[condition]

    def resolve(self, value: Value) -> Value:
        """What a raw value means here; the marker of AWS::NoValue where it means nothing."""
        kind = type(value)
        if kind is Scalar:
            return self._scalar(value)  # type: ignore[arg-type]
        if kind is not MapValue and kind is not ListValue:
            return value
        budget = self.budget
        budget.steps -= 1
        if reason := budget.spent():
            if not budget.told:
                budget.told = True
                self.scope.limited(f"{reason}: what was not evaluated yet is unknown", value.at)
            return Unknown(reason, value.at)
        budget.depth += 2
        resolved = self._map(value) if kind is MapValue else self._list(value)  # type: ignore[arg-type]
        budget.depth -= 2
        if type(resolved) is Unknown and resolved.reason == TOO_LONG:
            self.scope.limited(TOO_LONG, resolved.at)
        return resolved

    def property(self, value: Value) -> Value:
        """As `resolve`, with null in place of the marker: for values that nothing can remove."""
        return settled(self.resolve(value))

    def _scalar(self, value: Scalar) -> Value:
        text = value.value
        if type(text) is not str:
            return value
        if self.bindings and "{" in text:
            return loop_variables.substituted(self.bindings, value)
        return with_dynamic_references(value) if MARK in text else value

    def _list(self, value: ListValue) -> Value:
        items: list[Value] = []
        changed = False
        for item in value.items:
            resolved = self.resolve(item)
            changed = changed or resolved is not item
            if not is_no_value(resolved):
                items.append(settled(resolved) if type(resolved) is OneOf else resolved)
        return ListValue(tuple(items), value.at, value.open) if changed else value

    def _map(self, value: MapValue) -> Value:
        if len(value.entries) == 1:
            name, argument = next(iter(value.entries.items()))
            if (name[:4] == "Fn::" or name == "Ref") and not name.startswith(language_extensions.PREFIX):
                return self._call(name, argument, value.at)
        entries: dict[str, Value] = {}
        keys: dict[str, Span] = {}
        changed = renamed = is_open = False
        for name, entry in value.entries.items():
            if name[:4] == "Fn::" and name.startswith(language_extensions.GENERATORS):
                changed = renamed = True
                generator = language_extensions.Entry(name, entry, value.keys.get(name, entry.at), self.bindings)
                is_open |= language_extensions.generate(self, generator, entries, keys)
                continue
            resolved = self.resolve(entry)
            changed = changed or resolved is not entry
            if is_no_value(resolved):
                renamed = True
                continue
            key = loop_variables.key(self.bindings, name) if self.bindings else name
            entries[key] = settled(resolved) if type(resolved) is OneOf else resolved
            keys[key] = value.keys.get(name, entry.at)
            renamed = renamed or key is not name
        if not changed and not renamed:
            return value
        return MapValue(entries, value.at, keys if renamed else value.keys, open=value.open or is_open)

    def _call(self, name: str, argument: Value, at: Span) -> Value:
        function = FUNCTIONS.get(name)
        if function is None:
            return Unknown(f"{name} is not a function of CloudFormation", at)
        self.budget.depth += 3
        result = function(self, argument, at)
        self.budget.depth -= 3
        return result
