"""`type = …` of a variable: the type it means, and the defaults of `optional(…)` attributes.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform import syntax
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    is_primitive,
)
from agentreach.parsers.terraform.values import List, Map, Null, Object, OneOf, Perhaps, Set, Tuple
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agentreach.parsers.terraform.values import Item, Value

DEPTH = 64
_PRIMITIVES = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
_LEGACY: Mapping[str, Type] = {"string": STRING, "list": ListType(DYNAMIC), "map": MapType(DYNAMIC)}
_COLLECTIONS: Mapping[str, Callable[[Type], Type]] = {"list": ListType, "set": SetType, "map": MapType}


@dataclass(frozen=True, slots=True)
class Defaults:
    """Default values of an object's attributes, and the defaults within its parts ("" for every element)."""

    values: Mapping[str, Value] = field(default_factory=dict)
    children: Mapping[str, Defaults] = field(default_factory=dict)

    def apply(self, value: Value) -> Value:
        """The value with defaults filled in where an attribute is missing or null."""
        match value:
            case List() | Set() | Tuple():
                items = tuple(self._item(index, item) for index, item in enumerate(value.items))
                return Tuple(items, value.at)
            case Map() | Object():
                return self._object(value)
            case OneOf(alternatives, at, reason):
                return OneOf(tuple(map(self.apply, alternatives)), at, reason)
        return value

    def _item(self, index: int, item: Item) -> Item:
        child = self.children.get("") or self.children.get(str(index))
        if child is None:
            return item
        return Perhaps(child.apply(item.value), item.many) if isinstance(item, Perhaps) else child.apply(item)

    def _object(self, value: Map | Object) -> Value:
        entries = {name: self._entry(name, entry) for name, entry in value.entries.items()}
        for name, default in self.values.items():
            given = entries.get(name)
            if given is None or isinstance(given, Null):
                entries[name] = self._entry(name, default)
        return Object(entries, value.at, value.keys, value.rest, value.maybe - self.values.keys())

    def _entry(self, name: str, entry: Value) -> Value:
        child = self.children.get(name) or self.children.get("")
        return entry if child is None else child.apply(entry)


@dataclass(frozen=True, slots=True)
class Constraint:
    """The type of a variable. `problem` says why the expression is none."""

    type: Type = DYNAMIC
    defaults: Defaults | None = None
    # Whether `--var` text for it is taken literally, as Terraform takes it for strings, numbers, bools and no type.
    literal: bool = True


def constraint(expression: syntax.Expression, evaluate: Callable[[syntax.Expression], Value]) -> Constraint:
    """Read a type expression; anything that is no type counts as `any`."""
    type_, defaults = _Reader(evaluate).read(expression, DEPTH)
    return Constraint(type_, defaults, literal=is_primitive(type_))


_Read = tuple[Type, Defaults | None]


@dataclass(frozen=True, slots=True)
class _Reader:
    evaluate: Callable[[syntax.Expression], Value]

    def read(self, expression: syntax.Expression, depth: int) -> _Read:
        match expression:
            case syntax.Parenthesized(inner):
                return self.read(inner, depth)
            case syntax.Name(name):
                return _PRIMITIVES.get(name) or _LEGACY.get(name, DYNAMIC), None
            case syntax.Template(parts=(str() as text,)):
                return _LEGACY.get(text, _PRIMITIVES.get(text, DYNAMIC)), None
            case syntax.Template(parts=(syntax.FunctionCall() | syntax.Name() as inner,)):
                return self.read(inner, depth)
            case syntax.FunctionCall(name, (argument,)) if depth:
                return self._constructor(name, argument, depth - 1)
        return DYNAMIC, None

    def _constructor(self, name: str, argument: syntax.Expression, depth: int) -> _Read:
        if name in _COLLECTIONS:
            element, defaults = self.read(argument, depth)
            return _COLLECTIONS[name](element), defaults and Defaults(children={"": defaults})
        if name == "tuple" and isinstance(argument, syntax.TupleExpression):
            parts = [self.read(item, depth) for item in argument.items]
            children = {str(index): defaults for index, (_, defaults) in enumerate(parts) if defaults}
            return TupleType(tuple(type_ for type_, _ in parts)), Defaults(children=children) if children else None
        if name == "object" and isinstance(argument, syntax.ObjectExpression):
            return self._object(argument, depth)
        return DYNAMIC, None

    def _object(self, written: syntax.ObjectExpression, depth: int) -> _Read:
        attributes: dict[str, Type] = {}
        optional: set[str] = set()
        values: dict[str, Value] = {}
        children: dict[str, Defaults] = {}
        for item in written.items:
            name, inner = _key(item.key), item.value
            if isinstance(inner, syntax.FunctionCall) and inner.name == "optional" and inner.arguments:
                optional.add(name)
                attributes[name], defaults = self.read(inner.arguments[0], depth)
                if len(inner.arguments) > 1:
                    values[name] = convert(self.evaluate(inner.arguments[1]), attributes[name])
            else:
                attributes[name], defaults = self.read(inner, depth)
            if defaults:
                children[name] = defaults
        given = Defaults(values, children) if values or children else None
        return ObjectType(attributes, frozenset(optional)), given


def _key(key: syntax.Expression) -> str:
    match key:
        case syntax.Template(parts=(str() as name,)) | syntax.Name(name):
            return name
    return ""
