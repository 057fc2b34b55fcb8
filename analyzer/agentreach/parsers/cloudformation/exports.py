"""Exports and imports across the templates of a scan.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html. Names are
unique in an account and region, which the scanned paths may hold several of: two outputs exported
under one name are both possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Reference, Scalar, Span, Text, Unknown, Value, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.cloudformation.conditions import may_be
from agentreach.parsers.cloudformation.strings import one_of

if TYPE_CHECKING:
    from agentreach.parsers.cloudformation.scope import Scope

_MOST_POSSIBLE = 8


class _Export(NamedTuple):
    name: Value
    scope: Scope
    output: str


class Exports:
    """What the root templates, and the stacks nested in them, export. Built when first asked for."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self._exports: list[_Export] | None = None
        self._named: dict[str, list[_Export]] = {}

    def imported(self, name: Value, at: Span) -> Value:
        """What is exported under a name. A name known in parts leaves each export that fits possible."""
        exports = self._found()
        known = string(name)
        if known is not None and known in self._named:
            values = [export.scope.output(export.output, at) for export in self._named[known]]
            return one_of(values, at, f"{known} is exported more than once")
        nowhere = Unknown(f"{known or 'a name only known at deployment'} is exported by no scanned template", at)
        possible = [export for export in exports if _fits(name, export.name)]
        if not 0 < len(possible) <= _MOST_POSSIBLE:
            return nowhere
        values = [export.scope.output(export.output, at) for export in possible]
        return one_of([*values, nowhere], at, "the exporting stack's name is only known at deployment")

    def _found(self) -> list[_Export]:
        if self._exports is None:
            self._exports = []
            for scope in self.scopes:
                self._collect(scope)
            for export in self._exports:
                if (name := string(export.name)) is not None:
                    self._named.setdefault(name, []).append(export)
        return self._exports

    def _collect(self, scope: Scope) -> None:
        for output, entry in scope.outputs.items():
            export = entry.value.entries.get("Export") if isinstance(entry.value, MapValue) else None
            if isinstance(export, MapValue) and "Name" in export.entries and scope.holds(entry) is not False:
                name = scope.evaluator.bound(entry.bindings).resolve(export.entries["Name"])
                assert self._exports is not None
                self._exports.append(_Export(name, scope, output))
        for child in scope.children():
            self._collect(child)


def _fits(name: Value, exported: Value) -> bool:
    match name, exported:
        case Text(), Scalar():
            return may_be(name, string(exported) or "")
        case Scalar(), Text():
            return may_be(exported, string(name) or "")
        case Text(), Text():
            return _ending(name) is not None and _ending(name) == _ending(exported)
        case _:
            return False


def _ending(text: Text) -> str | None:
    last = text.parts[-1]
    return None if isinstance(last, Unknown | Reference) else last
