"""What all nodes of the syntax tree share. There are many kinds and very many nodes, so both come cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, dataclass_transform

from agentreach.records import dataclass

_Class = TypeVar("_Class")
# What a node's hash leaves out: a dict, and the file, which does not tell equal trees apart.
_NEITHER = ("moves", "source")


class Node:
    """Comparison, hash and text of every node, so that no class needs methods of its own generated at import."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.__match_args__)})"

    if not TYPE_CHECKING:
        # To the type checker, nodes compare as dataclasses do, which lets it narrow by comparison.
        def __eq__(self, other: object) -> bool:
            if type(self) is not type(other):
                return NotImplemented
            return all(getattr(self, name) == getattr(other, name) for name in self.__match_args__ if name != "source")

        def __hash__(self) -> int:
            return hash((type(self), *(getattr(self, name) for name in self.__match_args__ if name not in _NEITHER)))


@dataclass_transform(frozen_default=True)
def node(kind: type[_Class]) -> type[_Class]:
    """Frozen to the type checker only: a frozen dataclass takes four times as long to make."""
    return dataclass(slots=True, eq=False, repr=False)(kind)
