"""Possessive groups on every Python 3.11: until 3.11.5 they match wrongly when what they repeat backtracks.

`(?:a+b|c)*+` is there the atomic group `(?>(?:a+b|c)*)`, which means the same, a little slower
(https://github.com/python/cpython/issues/106052).
"""

from __future__ import annotations

import re
import sys

from agentreach.late_regex import late_regex

_PIECE = late_regex(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]|\(|\)(?:[*+?]\+?)?|[^\\\[()]++", re.DOTALL)
IS_SOUND = sys.version_info >= (3, 11, 5)


def compiled(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """The compiled pattern, with atomic groups for possessive ones where Python needs it."""
    return re.compile(pattern if IS_SOUND else atomic(pattern), flags)


def atomic(pattern: str) -> str:
    """The pattern with every possessive repetition of a group as an atomic group around a greedy one."""
    opened: list[list[str]] = [[]]
    for piece in _PIECE.findall(pattern):
        if piece == "(":
            opened.append([])
        elif piece[0] == ")":
            group = f"({''.join(opened.pop())}){piece[1:2]}"
            opened[-1].append(f"(?>{group})" if piece.endswith("+") and len(piece) > len(")+") else group)
        else:
            opened[-1].append(piece)
    return "".join(opened[0])
