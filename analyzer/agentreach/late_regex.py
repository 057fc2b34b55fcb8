"""Regular expressions that are compiled when they are first used, or before: most runs use few of the two hundred.

Python compiles a pattern to a list of numbers, with a compiler written in Python that takes longer than a small scan
takes to read its files. `compiled_patterns` holds those lists for our own patterns, by `tools/compile_patterns.py`; a
pattern or a Python that is not in there is compiled as ever.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, AnyStr

if TYPE_CHECKING:

    def late_regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
        """`re.compile`, put off until something is asked of the pattern."""
else:

    class late_regex:  # noqa: N801 - called like the function it stands for
        """`re.compile`, put off until something is asked of the pattern."""

        def __init__(self, text: str | bytes, flags: int = 0) -> None:
            self._given = (text, flags)

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of a pattern
            if name.startswith("__"):
                raise AttributeError(name)
            value = getattr(compiled(*self._given), name)
            # Found in the object itself from now on, without coming here.
            setattr(self, name, value)
            return value

        def __repr__(self) -> str:
            return f"late_regex{self._given}"

        def __reduce__(self) -> tuple[object, ...]:
            return late_regex, self._given


__all__ = ["compiled", "late_regex"]

_ready: dict[str, str] | None = None


def compiled(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, without its compiler where the pattern is among those that were compiled before."""
    global _ready  # noqa: PLW0603 - read once, when first needed
    if _ready is None:
        _ready = _read()
    known = _ready.get(key(text, flags))
    return re.compile(text, flags) if known is None else _restored(text, known)


def key(text: str | bytes, flags: int) -> str:
    """What a pattern is found by: one line without tabs."""
    return f"{int(flags)} {text!a}"


def place() -> str:
    """The file for this Python, which may not be there."""
    return f"{__file__.rpartition('late_regex')[0]}compiled_patterns/{sys.implementation.cache_tag}.txt"


def head() -> str:
    """What the numbers depend on."""
    import _sre  # type: ignore[import-not-found]  # noqa: PLC0415 - where it is not, nothing is restored

    return f"{_sre.MAGIC} {_sre.CODESIZE} {sys.byteorder}"


def _read() -> dict[str, str]:
    try:
        with open(place(), encoding="ascii") as file:  # noqa: PTH123 - before pathlib is needed
            first, *lines = file.read().split("\n")
        return dict(line.split("\t", 1) for line in lines if line) if first == head() else {}
    except (OSError, ImportError, AttributeError, ValueError):
        return {}


def _restored(text: AnyStr, known: str) -> re.Pattern[AnyStr]:
    """What `re` makes of the numbers that its compiler yields."""
    import _sre  # noqa: PLC0415 - likewise
    from binascii import a2b_base64  # noqa: PLC0415 - likewise

    flags, groups, names, numbers = known.split("\t")
    index = {name: int(number) for name, _, number in (one.partition("=") for one in names.split()) if name}
    by_number: list[str | None] = [None] * (int(groups) + 1)
    for name, number in index.items():
        by_number[number] = name
    codes = memoryview(a2b_base64(numbers)).cast("I").tolist()
    made: re.Pattern[AnyStr] = _sre.compile(text, int(flags), codes, int(groups), index, tuple(by_number))
    return made
