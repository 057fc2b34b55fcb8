"""`dataclass` as the standard library means it, for a program that defines many classes and uses few of them in a run.

The standard decorator writes and compiles up to seven methods for each class: 0.6 ms a class, which for the classes of
a scan is more than a small scan takes. Here all classes share the methods that compare, hash and print. The first
objects of a class are made by one function for all; a class of which many are made gets an `__init__` of its own,
which makes frozen objects in half the time. `dataclasses` itself is imported when something asks for what is its.

To type checkers it is the standard one, and `dataclasses.replace`, `fields` and `asdict` take its objects.
"""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
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

    def field(**given: Any) -> Any:  # noqa: ANN401 - stands for the field's value
        """The standard function with those of its arguments that are in use here."""
        return _Field(**given)

    def replace(record: Any, /, **changes: Any) -> Any:  # noqa: ANN401 - any record
        """The standard function: the record made again with other values."""
        if not hasattr(record, "__record_fields__"):
            from dataclasses import replace as standard  # noqa: PLC0415 - a class of someone else

            return standard(record, **changes)
        for name, one in record.__record_fields__.items():
            if not one.init:
                if name in changes:
                    raise ValueError(f"field {name} is declared with init=False")
            elif name not in changes:
                changes[name] = getattr(record, name)
        return type(record)(**changes)


__all__ = ["dataclass", "field", "replace"]

MISSING = object()
_FEW = 8


class _Form:
    """What the decorator was asked for."""

    __slots__ = ("eq", "frozen", "kw_only", "repr", "slots")

    def __init__(
        self,
        *,
        eq: bool,
        frozen: bool,
        kw_only: bool,
        repr: bool,  # noqa: A002 - as the standard one names it
        slots: bool,
    ) -> None:
        self.eq, self.frozen, self.kw_only, self.repr, self.slots = eq, frozen, kw_only, repr, slots


class _Field:
    """What a class says about one of its fields."""

    __slots__ = ("compare", "default", "default_factory", "init", "kw_only", "repr")

    def __init__(
        self,
        *,
        default: Any = MISSING,  # noqa: ANN401 - any value
        default_factory: Any = MISSING,  # noqa: ANN401 - a callable, or none
        init: bool = True,
        repr: bool = True,  # noqa: A002 - as the standard one names it
        compare: bool = True,
        kw_only: Any = MISSING,  # noqa: ANN401 - a bool, or none
    ) -> None:
        self.default, self.default_factory = default, default_factory
        self.init, self.repr, self.compare, self.kw_only = init, repr, compare, kw_only

    @property
    def value(self) -> Any:  # noqa: ANN401 - any value
        """What the field begins with where nothing is given; MISSING where something has to be."""
        return self.default if self.default_factory is MISSING else self.default_factory()


_Fields = dict[str, _Field]


def _described(default: object) -> _Field:
    """A field as its class body gives it: by a default, or by our `field` or the standard one."""
    if isinstance(default, _Field):
        return default
    standard = sys.modules.get("dataclasses")
    if standard is None or not isinstance(default, standard.Field):
        return _Field(default=default)
    names = ("default", "default_factory", "init", "repr", "compare", "kw_only")
    given = {name: getattr(default, name) for name in names}
    return _Field(**{name: value for name, value in given.items() if value is not standard.MISSING})


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
        described = _described(vars(kind).get(name, MISSING))
        described.kw_only = form.kw_only if described.kw_only is MISSING else described.kw_only
        found[name] = described
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
    compared = tuple(name for name, field in fields.items() if field.compare)
    added: dict[str, object] = {
        "__dataclass_fields__": _StandardFields(kind, fields),
        "__init__": _late("__init__", _first_init(fields), lambda owner: _init(owner, fields, frozen=form.frozen)),
        "__match_args__": tuple(name for name, field in fields.items() if field.init and not field.kw_only),
        "__record_fields__": fields,
    }
    if form.repr:
        added["__repr__"] = _text
    if form.eq:
        added["__eq__"] = _late("__eq__", _first_equality(compared), lambda _: _equality(compared))
        if vars(kind).get("__hash__") is None:
            hashing = _late("__hash__", _first_hash(compared), lambda _: _hash(compared))
            added["__hash__"] = hashing if form.frozen else None
    if form.frozen:
        added |= {"__setattr__": _refuse, "__delattr__": _refuse, "__getstate__": _state, "__setstate__": _restore}
    return {name: value for name, value in added.items() if name not in vars(kind) or name == "__hash__"}


def _late(name: str, first: Callable[..., Any], write: Callable[[type[Any]], Callable[..., Any]]) -> Callable[..., Any]:
    """A method that answers some calls through `first`, and then is written and stands in its own place.

    `first` answers MISSING for what only the written method can answer, a call with wrong arguments above all.
    """
    written: list[Callable[..., Any]] = []
    calls = 0

    def method(self: object, *given: object, **named: object) -> Any:  # noqa: ANN401 - any method
        nonlocal calls
        if not written:
            calls += 1
            if calls <= _FEW and (answer := first(self, given, named)) is not MISSING:
                return answer
            owner = next(base for base in type(self).__mro__ if vars(base).get(name) is method)
            written.append(write(owner))
            written[0].__qualname__ = f"{owner.__qualname__}.{name}"
            setattr(owner, name, written[0])
        return written[0](self, *given, **named)

    return method


def _first_init(fields: _Fields) -> Callable[..., Any]:
    by_position = [name for name, field in fields.items() if field.init and not field.kw_only]

    def init(self: Any, given: tuple[object, ...], named: dict[str, object]) -> Any:  # noqa: ANN401 - None or MISSING
        values = dict(zip(by_position, given, strict=False)) | named
        if len(values) != len(given) + len(named):
            return MISSING
        for name, field in fields.items():
            value = values.pop(name) if field.init and name in values else field.value
            if value is MISSING:
                return MISSING
            object.__setattr__(self, name, value)
        if values:
            return MISSING
        if hasattr(self, "__post_init__"):
            self.__post_init__()
        return None

    return init


def _first_equality(names: tuple[str, ...]) -> Callable[..., Any]:
    def equality(self: object, given: tuple[object], _: object) -> Any:  # noqa: ANN401 - a bool or NotImplemented
        other = given[0]
        if other.__class__ is not self.__class__:
            return NotImplemented
        return _values(self, names) == _values(other, names)

    return equality


def _first_hash(names: tuple[str, ...]) -> Callable[..., Any]:
    return lambda self, _given, _named: hash(_values(self, names))


def _values(record: object, names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in names)


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


def _parameter(name: str, field: _Field) -> str:
    if field.default is not MISSING:
        return f"{name}=default_{name}"
    return name if field.default_factory is MISSING else f"{name}=MISSING"


def _initial(name: str, field: _Field) -> str:
    """The expression whose value the field begins with."""
    if field.default_factory is not MISSING:
        return f"factory_{name}() if {name} is MISSING else {name}" if field.init else f"factory_{name}()"
    return name if field.init else f"default_{name}"


def _equality(names: tuple[str, ...]) -> Callable[..., Any]:
    ours, theirs = _tuple("self", names), _tuple("other", names)
    lines = ["if other.__class__ is not self.__class__:", "  return NotImplemented", f"return {ours} == {theirs}"]
    return _function("__eq__(self, other)", lines, {})


def _hash(names: tuple[str, ...]) -> Callable[..., Any]:
    return _function("__hash__(self)", [f"return hash({_tuple('self', names)})"], {})


def _tuple(whose: str, names: tuple[str, ...]) -> str:
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
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - only for a mistake

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

    def __get__(self, _: object, owner: type[Any]) -> dict[str, Any]:
        return self._standard

    @cached_property
    def _standard(self) -> dict[str, Any]:
        import dataclasses  # noqa: PLC0415 - only when something asks

        def standard(field: _Field) -> Any:  # noqa: ANN401 - the standard description
            given = {name: getattr(field, name) for name in _Field.__slots__}
            return dataclasses.field(**{name: value for name, value in given.items() if value is not MISSING})

        written = {name: text for base in reversed(self._kind.__mro__) for name, text in _annotations(base).items()}
        body = {name: standard(field) for name, field in self._fields.items()}
        annotations = {name: written[name] for name in self._fields}
        twin = type(self._kind.__name__, (), {**body, "__annotations__": annotations})
        described: Any = dataclasses.dataclass(init=False, repr=False, eq=False)(twin)
        found: dict[str, Any] = described.__dataclass_fields__
        return found
