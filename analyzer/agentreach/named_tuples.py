"""`NamedTuple` as the standard library means it, without its cost where a class is defined.

The standard one compiles text for every class and for every annotation, 0.1 ms a class. Here a class is made as it is
written; the first tuples are made by one function for all, and a class of which many are made gets a `__new__` of its
own. To type checkers it is the standard one.
"""

from __future__ import annotations

from _collections import _tuplegetter  # type: ignore[import-not-found]  # what `collections.namedtuple` uses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import NamedTuple
else:

    class _Declaration(type):
        """Turns the body of a class that names `NamedTuple` as its base into a tuple class."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            return _declared(name, body)

    class NamedTuple(metaclass=_Declaration):
        """The base to name in a class statement."""

        def __new__(cls) -> None:
            """Only classes declared with it have objects."""
            raise TypeError("NamedTuple is to be declared as a base, not called")


__all__ = ["NamedTuple"]

_FEW = 32


class _Named(tuple[Any, ...]):
    """What all classes share."""

    __slots__ = ()
    _fields: tuple[str, ...]
    _field_defaults: dict[str, Any]

    @classmethod
    def _make(cls, values: Iterable[Any]) -> _Named:
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self, /, **changes: object) -> _Named:
        made = tuple.__new__(type(self), [changes.pop(name, old) for name, old in zip(self._fields, self, strict=True)])
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return made

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({shown})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


def _declared(name: str, body: dict[str, Any]) -> type:
    fields = tuple(body.get("__annotations__", ()))
    defaults = {field: body.pop(field) for field in fields if field in body}
    if fields[len(fields) - len(defaults) :] != tuple(defaults):
        raise TypeError(f"{name}: a field without a default follows one that has a default")
    getters = {field: _tuplegetter(index, f"Field {index}") for index, field in enumerate(fields)}
    shared = {"__slots__": (), "__match_args__": fields, "_fields": fields, "_field_defaults": defaults}
    made = type(name, (_Named,), body | getters | shared)
    made.__new__ = _first_new(made, fields, defaults)  # type: ignore[method-assign]
    return made


def _first_new(owner: type, fields: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., Any]:
    """`__new__` until a class has proved to be used; a call that it cannot answer goes to the written one."""
    calls = 0
    make = tuple.__new__
    wanted = dict.fromkeys(fields).keys()

    def __new__(cls: type, /, *given: object, **named: object) -> Any:  # noqa: ANN401, N807 - any tuple
        nonlocal calls
        calls += 1
        if calls <= _FEW and len(given) <= len(fields):
            by_position = dict(zip(fields, given, strict=False))
            values = defaults | by_position | named
            if values.keys() == wanted and not by_position.keys() & named.keys():
                return make(cls, [values[field] for field in fields])
        owner.__new__ = _written_new(owner, fields, defaults)  # type: ignore[method-assign]
        return owner.__new__(cls, *given, **named)

    return __new__


def _written_new(owner: type, fields: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., Any]:
    parameters = ", ".join(f"{field}=_of[{field!r}]" if field in defaults else field for field in fields)
    given = "".join(f"{field}, " for field in fields)
    space: dict[str, Any] = {"_of": defaults, "_make": tuple.__new__}
    exec(f"def __new__(_cls, {parameters}): return _make(_cls, ({given}))", space)  # noqa: S102 - own text
    new: Callable[..., Any] = space["__new__"]
    new.__qualname__ = f"{owner.__qualname__}.__new__"
    return new
