"""Parameters: given values, defaults, allowed values; what is secret is never kept.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import (
    ListValue,
    MapValue,
    OneOf,
    Scalar,
    Span,
    Text,
    Unknown,
    Value,
    boolean,
    child,
    elements,
    string,
)
from agentreach.parsers.cloudformation import budget
from agentreach.parsers.cloudformation.strings import split

if TYPE_CHECKING:
    from collections.abc import Mapping


def value(name: str, declaration: MapValue, given: Mapping[str, Value], at: Span) -> Value:
    """What a parameter stands for at `at`, where it is used."""
    type_ = string(child(declaration, "Type")) or "String"
    found = given.get(name) or child(declaration, "Default")
    if boolean(child(declaration, "NoEcho")):
        return Unknown(f"parameter {name} is NoEcho", at)
    if type_.startswith("AWS::SSM::Parameter::"):
        path = string(found)
        return Unknown(f"parameter {name} is read from Parameter Store{f' ({path})' if path else ''}", at)
    if found is not None:
        return _typed(found, type_)
    return _allowed(name, declaration, type_, at)


def _typed(found: Value, type_: str) -> Value:
    if not (type_ == "CommaDelimitedList" or type_.startswith("List<")):
        return found
    if isinstance(found, Scalar | Text):
        return _trimmed(split(found, ",", found.at))
    if isinstance(found, OneOf):
        return OneOf(tuple(_typed(one, type_) for one in found.alternatives), found.at, found.reason)
    return found


def _trimmed(pieces: Value) -> Value:
    """CloudFormation trims the elements of a comma-delimited list."""
    if not isinstance(pieces, ListValue):
        return pieces
    items = (
        Scalar(item.value.strip(), item.at) if isinstance(item, Scalar) and isinstance(item.value, str) else item
        for item in pieces.items
    )
    return ListValue(tuple(items), pieces.at, pieces.open)


def _allowed(name: str, declaration: MapValue, type_: str, at: Span) -> Value:
    reason = f"parameter {name} has no value"
    allowed = elements(child(declaration, "AllowedValues"))
    is_list = type_ == "CommaDelimitedList" or type_.startswith("List<")
    if is_list or not 0 < len(allowed) <= budget.ALTERNATIVES or not all(isinstance(one, Scalar) for one in allowed):
        return Unknown(reason, at)
    return allowed[0] if len(allowed) == 1 else OneOf(allowed, at, reason)
