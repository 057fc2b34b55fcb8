"""`dataclass` as the standard library means it, for a program that defines many classes and uses few of them in a run.

The standard decorator writes and compiles up to seven methods for each class: 0.6 ms a class, which for the classes of
a scan is more than a small scan takes. Here all classes share the methods that compare, hash and print, and the
`__init__` of a class is compiled when its first object is made. Frozen objects are made in half the time.

To type checkers it is the standard one, and `dataclasses.replace`, `fields` and `asdict` take its objects.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, Field, FrozenInstanceError
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
else:

    def dataclass(
        kind: type[Any] | None = None,
        *,
        eq: bool = True,
        frozen: bool = False,
        kw_only: bool = False,
        repr: bool = True,  # noqa: A002 - as the standard one names it
        slots: bool = False,
    ) -> Any:  # noqa: ANN401 - a class, or the decorator of one
        """The standard decorator with those of its arguments that are in use here."""
        form = _Form(eq=eq, frozen=frozen, kw_only=kw_only, repr=repr, slots=slots)
        return _record(kind, form) if kind else lambda decorated: _record(decorated, form)


__all__ = ["dataclass"]


class _Form(NamedTuple):
    """What the decorator was asked for."""

    eq: bool
    frozen: bool
    kw_only: bool
    repr: bool
    slots: bool


_Fields = dict[str, Field[Any]]


def _record(kind: type[Any], form: _Form) -> type[Any]:
    fields = _fields(kind, form)
    added = _added(kind, fields, form)
    if form.slots:
        return _with_slots(kind, added)
    if form.frozen:
        raise TypeError(f"{kind.__qualname__} is frozen and has no slots")
    for name, value in (_defaults(kind, fields) | added).items():
        setattr(kind, name, value)
    return kind


def _own(kind: type[Any]) -> list[str]:
    """The names of the fields that the class itself declares."""
    return [name for name, annotation in _annotations(kind).items() if not str(annotation).startswith("ClassVar")]


def _annotations(kind: type[Any]) -> dict[str, object]:
    found: dict[str, object] = vars(kind).get("__annotations__", {})
    return found


def _fields(kind: type[Any], form: _Form) -> _Fields:
    """All fields by name, those of base classes first."""
    found: _Fields = {}
    for base in reversed(kind.__mro__[1:]):
        found |= vars(base).get("__record_fields__", {})
    for name in _own(kind):
        default = vars(kind).get(name, MISSING)
        field = default if isinstance(default, Field) else dataclasses.field(default=default)
        field.kw_only = form.kw_only if field.kw_only is MISSING else field.kw_only
        found[name] = field
    return found


def _defaults(kind: type[Any], fields: _Fields) -> dict[str, object]:
    return {name: fields[name].default for name in _own(kind) if fields[name].default is not MISSING}


def _with_slots(kind: type[Any], added: dict[str, object]) -> type[Any]:
    """The class made again, as slots have to be there when a class is made."""
    own = _own(kind)
    body = {name: value for name, value in vars(kind).items() if name not in {"__dict__", "__weakref__", *own}}
    body |= added | {"__slots__": tuple(own), "__qualname__": kind.__qualname__}
    metaclass: Any = type(kind)
    made: type[Any] = metaclass(kind.__name__, kind.__bases__, body)
    return made


def _added(kind: type[Any], fields: _Fields, form: _Form) -> dict[str, object]:
    """What the decorator puts into the class, except what the class defines itself."""
    compared = [name for name, field in fields.items() if field.compare]
    added: dict[str, object] = {
        "__dataclass_fields__": _StandardFields(kind, fields),
        "__init__": _late("__init__", lambda owner: _init(owner, fields, frozen=form.frozen)),
        "__match_args__": tuple(name for name, field in fields.items() if field.init and not field.kw_only),
        "__record_fields__": fields,
    }
    if form.repr:
        added["__repr__"] = _text
    if form.eq:
        added["__eq__"] = _late("__eq__", lambda _: _equality(compared))
        if vars(kind).get("__hash__") is None:
            added["__hash__"] = _late("__hash__", lambda _: _hash(compared)) if form.frozen else None
    if form.frozen:
        added |= {"__setattr__": _refuse, "__delattr__": _refuse, "__getstate__": _state, "__setstate__": _restore}
    return {name: value for name, value in added.items() if name not in vars(kind) or name == "__hash__"}


def _late(name: str, write: Callable[[type[Any]], Callable[..., Any]]) -> Callable[..., Any]:
    """A method that is written when it is first called, and then stands in its own place."""
    written: list[Callable[..., Any]] = []

    def method(self: object, *given: object, **named: object) -> Any:  # noqa: ANN401 - any method
        if not written:
            owner = next(base for base in type(self).__mro__ if vars(base).get(name) is method)
            written.append(write(owner))
            written[0].__qualname__ = f"{owner.__qualname__}.{name}"
            setattr(owner, name, written[0])
        return written[0](self, *given, **named)

    return method


def _init(owner: type[Any], fields: _Fields, *, frozen: bool) -> Callable[..., None]:
    """Defaults, factories and slots reach the function as variables around it."""
    around: dict[str, object] = {"MISSING": MISSING}
    by_position, by_name, lines = ["self"], list[str](), list[str]()
    for name, field in fields.items():
        around |= {f"default_{name}": field.default, f"factory_{name}": field.default_factory}
        if field.init:
            (by_name if field.kw_only else by_position).append(_parameter(name, field))
        if frozen:
            around[f"set_{name}"] = getattr(owner, name).__set__
        value = _initial(name, field)
        lines.append(f"set_{name}(self, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(owner, "__post_init__"):
        lines.append("self.__post_init__()")
    parameters = ", ".join([*by_position, *(["*", *by_name] if by_name else [])])
    return _function(f"__init__({parameters})", lines or ["pass"], around)


def _parameter(name: str, field: Field[Any]) -> str:
    if field.default is not MISSING:
        return f"{name}=default_{name}"
    return name if field.default_factory is MISSING else f"{name}=MISSING"


def _initial(name: str, field: Field[Any]) -> str:
    """The expression whose value the field begins with."""
    if field.default_factory is not MISSING:
        return f"factory_{name}() if {name} is MISSING else {name}" if field.init else f"factory_{name}()"
    return name if field.init else f"default_{name}"


def _equality(names: list[str]) -> Callable[..., Any]:
    ours, theirs = _tuple("self", names), _tuple("other", names)
    lines = ["if other.__class__ is not self.__class__:", "  return NotImplemented", f"return {ours} == {theirs}"]
    return _function("__eq__(self, other)", lines, {})


def _hash(names: list[str]) -> Callable[..., Any]:
    return _function("__hash__(self)", [f"return hash({_tuple('self', names)})"], {})


def _tuple(whose: str, names: list[str]) -> str:
    return f"({''.join(f'{whose}.{name}, ' for name in names)})"


def _function(head: str, lines: list[str], around: dict[str, object]) -> Callable[..., Any]:
    """A function of the given source, with the variables `around` it."""
    body = "\n  ".join(lines)
    name = head.partition("(")[0]
    space: dict[str, Any] = {}
    exec(f"def around({', '.join(around)}):\n def {head}:\n  {body}\n return {name}", space)  # noqa: S102 - own text
    function: Callable[..., Any] = space["around"](**around)
    return function


def _text(self: Any) -> str:  # noqa: ANN401 - likewise
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name, field in self.__record_fields__.items() if field.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse(self: object, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot assign to or delete field {name!r} of {type(self).__qualname__}")


def _state(self: Any) -> tuple[object, ...]:  # noqa: ANN401 - likewise
    return tuple(getattr(self, name) for name in self.__record_fields__)


def _restore(self: Any, state: tuple[object, ...]) -> None:  # noqa: ANN401 - likewise
    for name, value in zip(self.__record_fields__, state, strict=True):
        object.__setattr__(self, name, value)


class _StandardFields:
    """The fields as the standard library describes them, made out when something asks."""

    def __init__(self, kind: type[Any], fields: _Fields) -> None:
        self._kind = kind
        self._fields = fields

    def __get__(self, _: object, owner: type[Any]) -> _Fields:
        return self._standard

    @cached_property
    def _standard(self) -> _Fields:
        written = {name: text for base in reversed(self._kind.__mro__) for name, text in _annotations(base).items()}
        annotations = {name: written[name] for name in self._fields}
        twin = type(self._kind.__name__, (), {**self._fields, "__annotations__": annotations})
        described: Any = dataclasses.dataclass(init=False, repr=False, eq=False)(twin)
        found: _Fields = described.__dataclass_fields__
        return found
