"""Regular expressions that are compiled when they are first used: most runs use few of the two hundred."""

from __future__ import annotations

import re
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
            value = getattr(re.compile(*self._given), name)
            # Found in the object itself from now on, without coming here.
            setattr(self, name, value)
            return value

        def __repr__(self) -> str:
            return f"late_regex{self._given}"

        def __reduce__(self) -> tuple[object, ...]:
            return late_regex, self._given


__all__ = ["late_regex"]
