"""Room on Python's stack for text that is nested as deeply as the limit allows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from agentreach.parsers.terraform.cursor import NESTING

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")

# More than any level of nesting takes: an expression in an operation in an operand in a call, and a template around.
_FRAMES = 10


def with_room(parse: Callable[[], _Result]) -> _Result:
    """The result of a function whose recursion is bounded by NESTING.

    Ordinary text fits the ordinary stack. Only where it does not, as with the deepest nesting on a stack that is
    already deep, the function runs once more with a higher limit, which is taken back afterwards.
    """
    try:
        return parse()
    except RecursionError:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit + NESTING * _FRAMES)
        try:
            return parse()
        finally:
            sys.setrecursionlimit(limit)
