"""Which role a function runs as: its own, the generated one, or either, by a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import ListValue, MapValue, Scalar, Value, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.cloudformation.sam.writing import get_att, intrinsic, is_no_value, written

if TYPE_CHECKING:
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

_IF_ARGUMENTS = 3


class RoleChoice(NamedTuple):
    """The raw role, whether SAM generates one, and under which condition (None: the resource's own)."""

    role: Value
    generates: bool
    condition: str | None = None

    def conditional(self, role: Entry) -> Entry:
        """The generated role under this choice's condition."""
        if self.condition is None or not isinstance(role.value, MapValue):
            return role
        entries = {**role.value.entries, "Condition": Scalar(self.condition, self.role.at)}
        return role._replace(value=MapValue(entries, role.value.at, role.value.keys))


def of(scope: Scope, cause: Entry, role: Value | None) -> RoleChoice:
    """The choice that a `Role` property makes: absent, given, or `Fn::If` with AWS::NoValue on one side."""
    own = written(get_att(f"{cause.name}Role"), cause.at)
    if role is None or is_no_value(role) or (isinstance(role, Scalar) and role.value is None):
        return RoleChoice(own, generates=True)
    argument = child(role, "Fn::If") if intrinsic(role) == "Fn::If" else None
    if not isinstance(argument, ListValue) or len(argument.items) != _IF_ARGUMENTS:
        return RoleChoice(role, generates=False)
    name, then, otherwise = argument.items
    condition = string(name)
    if condition is None or not (is_no_value(then) or is_no_value(otherwise)):
        return RoleChoice(role, generates=False)
    if is_no_value(then) and is_no_value(otherwise):
        return RoleChoice(own, generates=True)
    if is_no_value(then):
        return RoleChoice(written({"Fn::If": [name, own, otherwise]}, role.at), generates=True, condition=condition)
    scope.negate(condition, role.at)
    chosen = written({"Fn::If": [name, then, own]}, role.at)
    return RoleChoice(chosen, generates=True, condition=f"NOT{condition}")
