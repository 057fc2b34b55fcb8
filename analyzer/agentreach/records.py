"""`dataclass` as the standard library means it, for a program that defines many classes and uses few of them in a run.

The standard decorator writes and compiles up to seven methods for each class: 0.6 ms a class, which for the classes of
a scan is more than a small scan takes. Here all classes share the methods that compare, hash and print. The first
objects of a class are made by one function for all; a class of which many are made gets an `__init__` of its own,
which makes frozen objects in half the time. `dataclasses` itself is imported when something asks for what is its.

To type checkers it is the standard one, and `dataclasses.replace`, `fields` and `asdict` take its objects.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
    from typing import TypeVar, dataclass_transform

    _Class = TypeVar("_Class")

    @dataclass_transform(frozen_default=True, field_specifiers=(field,))
    def made_often(kind: type[_Class]) -> type[_Class]:
        """A frozen, slotted record of which very many are made: only the type checker refuses to change one."""
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

    def made_often(kind: type[Any]) -> type[Any]:
        """A frozen, slotted record of which very many are made: only the type checker refuses to change one.

        To refuse at run time as well doubles what it takes to make one.
        """
        return _record(kind, _Form(eq=True, frozen=False, kw_only=False, repr=True, slots=True), hashed=True)

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


__all__ = ["dataclass", "field", "made_often", "replace"]

MISSING = object()
_FEW = 8


class _Form:
    """What the decorator was asked for, and how often a method that all classes share was called of this one."""

    __slots__ = ("calls", "eq", "frozen", "kw_only", "repr", "slots")

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
        self.calls = 0


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


def _record(kind: type[Any], form: _Form, *, hashed: bool = False) -> type[Any]:
    """The class with what the decorator adds; what that needs to know of the fields is made out when it is used."""
    own = _own(kind)
    added = _SHARED | {"__record_form__": form, "__record_own__": own}
    if form.repr:
        added["__repr__"] = _text
    if form.eq:
        added["__eq__"] = _equal
        if vars(kind).get("__hash__") is None:
            added["__hash__"] = _hashed if hashed or form.frozen else None
    if form.frozen:
        added |= _FROZEN
    added = {name: value for name, value in added.items() if name not in kind.__dict__ or name == "__hash__"}
    if form.slots:
        return _with_slots(kind, own, added)
    if form.frozen:
        raise TypeError(f"{kind.__qualname__} is frozen and has no slots")
    for name, value in (_defaults(own) | added).items():
        setattr(kind, name, value)
    return kind


def _own(kind: type[Any]) -> dict[str, object]:
    """The fields that the class itself declares, with what its body gives them."""
    body = kind.__dict__
    return {
        name: body.get(name, MISSING)
        for name, annotation in body.get("__annotations__", {}).items()
        if not str(annotation).startswith("ClassVar")
    }


def _with_slots(kind: type[Any], own: dict[str, object], added: dict[str, object]) -> type[Any]:
    """The class made again, as slots have to be there when a class is made."""
    body = {name: value for name, value in kind.__dict__.items() if name not in own}
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    body |= added
    body["__slots__"] = tuple(own)
    body["__qualname__"] = kind.__qualname__
    metaclass: Any = type(kind)
    made: type[Any] = metaclass(kind.__name__, kind.__bases__, body)
    return made


def _defaults(own: dict[str, object]) -> dict[str, object]:
    found = {name: _described(default).default for name, default in own.items()}
    return {name: default for name, default in found.items() if default is not MISSING}


def _fields(kind: type[Any]) -> _Fields:
    """All fields by name, those of base classes first."""
    found: _Fields = {}
    for base in reversed(kind.__mro__):
        for name, default in base.__dict__.get("__record_own__", {}).items():
            described = _described(default)
            if described.kw_only is MISSING:
                described.kw_only = base.__dict__["__record_form__"].kw_only
            found[name] = described
    return found


class _Late:
    """An attribute of a class that is made out when something asks, and stands there from then on."""

    def __init__(self, name: str, make: Callable[[type[Any]], object]) -> None:
        self._name = name
        self._make = make

    def __get__(self, _: object, owner: type[Any]) -> Any:  # noqa: ANN401 - any attribute
        kind = next(base for base in owner.__mro__ if base.__dict__.get(self._name) is self)
        made = self._make(kind)
        setattr(kind, self._name, made)
        return made


def _by_position(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a record class
    return tuple(name for name, field in kind.__record_fields__.items() if field.init and not field.kw_only)


def _owner(kind: type[Any], name: str, shared: Callable[..., Any]) -> type[Any]:
    """The class whose method is still the one that all share."""
    return next(base for base in kind.__mro__ if base.__dict__.get(name) is shared)


def _is_one_of_few(owner: Any) -> bool:  # noqa: ANN401 - a record class
    owner.__record_form__.calls += 1
    return bool(owner.__record_form__.calls <= _FEW)


def _written(owner: Any, name: str, method: Callable[..., Any]) -> Callable[..., Any]:  # noqa: ANN401 - likewise
    """The method of this class alone, in the place of the one that all share."""
    method.__qualname__ = f"{owner.__qualname__}.{name}"
    setattr(owner, name, method)
    return method


def _made(self: Any, *given: object, **named: object) -> None:  # noqa: ANN401 - any record
    """`__init__`: the first objects of a class are made here, as are those that are made with wrong arguments."""
    owner = _owner(type(self), "__init__", _made)
    fields: _Fields = owner.__record_fields__
    if not (_is_one_of_few(owner) and _is_filled(self, fields, given, named)):
        _written(owner, "__init__", _init(owner, fields, frozen=owner.__record_form__.frozen))(self, *given, **named)


def _is_filled(self: Any, fields: _Fields, given: tuple[object, ...], named: dict[str, object]) -> bool:  # noqa: ANN401
    """Give the fields their values; False where only the written method can say what is wrong."""
    by_position = [name for name, field in fields.items() if field.init and not field.kw_only]
    values = dict(zip(by_position, given, strict=False)) | named
    if len(values) != len(given) + len(named):
        return False
    for name, field in fields.items():
        value = values.pop(name) if field.init and name in values else field.value
        if value is MISSING:
            return False
        object.__setattr__(self, name, value)
    if values:
        return False
    if hasattr(self, "__post_init__"):
        self.__post_init__()
    return True


def _equal(self: Any, other: object) -> Any:  # noqa: ANN401 - a bool or NotImplemented
    """`__eq__`: records of one class with equal values."""
    owner = _owner(type(self), "__eq__", _equal)
    names = _compared(owner)
    if not _is_one_of_few(owner):
        return _written(owner, "__eq__", _equality(names))(self, other)
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _values(self, names) == _values(other, names)


def _hashed(self: Any) -> int:  # noqa: ANN401 - any record
    """`__hash__`: of the values."""
    owner = _owner(type(self), "__hash__", _hashed)
    names = _compared(owner)
    if not _is_one_of_few(owner):
        return int(_written(owner, "__hash__", _hash(names))(self))
    return hash(_values(self, names))


def _compared(owner: Any) -> tuple[str, ...]:  # noqa: ANN401 - a record class
    return tuple(name for name, field in owner.__record_fields__.items() if field.compare)


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


def _standard_fields(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a record class
    """The fields as the standard library describes them."""
    import dataclasses  # noqa: PLC0415 - only when something asks

    def standard(field: _Field) -> Any:  # noqa: ANN401 - the standard description
        given = {name: getattr(field, name) for name in _Field.__slots__}
        return dataclasses.field(**{name: value for name, value in given.items() if value is not MISSING})

    fields: _Fields = kind.__record_fields__
    written = {
        name: text for base in reversed(kind.__mro__) for name, text in vars(base).get("__annotations__", {}).items()
    }
    body = {name: standard(field) for name, field in fields.items()}
    twin = type(kind.__name__, (), {**body, "__annotations__": {name: written[name] for name in fields}})
    described: Any = dataclasses.dataclass(init=False, repr=False, eq=False)(twin)
    found: dict[str, Any] = described.__dataclass_fields__
    return found


_SHARED: dict[str, object] = {
    "__dataclass_fields__": _Late("__dataclass_fields__", _standard_fields),
    "__record_fields__": _Late("__record_fields__", _fields),
    "__match_args__": _Late("__match_args__", _by_position),
    "__init__": _made,
}
_FROZEN: dict[str, object] = {
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _state,
    "__setstate__": _restore,
}
