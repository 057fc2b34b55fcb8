"""Grapheme clusters: what `length`, `substr`, `strrev` and the widths of `format` count as one character.

Unicode Standard Annex 29, with the classes derived from Python's character database where that has them.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from enum import IntEnum, auto
from functools import lru_cache


class _Class(IntEnum):
    OTHER = auto()
    CR = auto()
    LF = auto()
    CONTROL = auto()
    EXTEND = auto()
    JOINER = auto()
    MARK = auto()
    PREPEND = auto()
    REGIONAL = auto()
    L = auto()
    V = auto()
    T = auto()
    LV = auto()
    LVT = auto()
    PICTURE = auto()


_EXTEND = {
    0x200C, 0x09BE, 0x09D7, 0x0B3E, 0x0B57, 0x0BBE, 0x0BD7, 0x0CC2, 0x0CD5, 0x0CD6, 0x0D3E, 0x0D57, 0x0DCF, 0x0DDF,
    0x1B35, 0x302E, 0x302F, 0xFF9E, 0xFF9F, 0x1133E, 0x11357, 0x114B0, 0x114BD, 0x115AF, 0x11930, 0x1D165, 0x1D16E,
    0x1D16F, 0x1D170, 0x1D171, 0x1D172,
}  # fmt: skip
_PREPEND = {
    0x0600, 0x0601, 0x0602, 0x0603, 0x0604, 0x0605, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x0D4E, 0x110BD, 0x110CD,
    0x111C2, 0x111C3, 0x1193F, 0x11941, 0x11A3A, 0x11A84, 0x11A85, 0x11A86, 0x11A87, 0x11A88, 0x11A89, 0x11D46,
}  # fmt: skip
_NO_MARK = {0x102B, 0x102C, 0x1038, 0x1062, 0x1063, 0x1064, 0x1067, 0x1068, 0x1083, 0x1087, 0x1A61, 0x1A63, 0x1A64}
_PICTURES = (
    (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139),
    (0x2194, 0x2199), (0x21A9, 0x21AA), (0x231A, 0x231B), (0x2328, 0x2328), (0x2388, 0x2388), (0x23CF, 0x23CF),
    (0x23E9, 0x23F3), (0x23F8, 0x23FA), (0x24C2, 0x24C2), (0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0),
    (0x25FB, 0x25FE), (0x2600, 0x2605), (0x2607, 0x2612), (0x2614, 0x2685), (0x2690, 0x2705), (0x2708, 0x2712),
    (0x2714, 0x2714), (0x2716, 0x2716), (0x271D, 0x271D), (0x2721, 0x2721), (0x2728, 0x2728), (0x2733, 0x2734),
    (0x2744, 0x2744), (0x2747, 0x2747), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757),
    (0x2763, 0x2767), (0x2795, 0x2797), (0x27A1, 0x27A1), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2934, 0x2935),
    (0x2B05, 0x2B07), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030), (0x303D, 0x303D),
    (0x3297, 0x3297), (0x3299, 0x3299), (0x1F000, 0x1F0FF), (0x1F10D, 0x1F10F), (0x1F12F, 0x1F12F),
    (0x1F16C, 0x1F171), (0x1F17E, 0x1F17F), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F1AD, 0x1F1E5),
    (0x1F201, 0x1F20F), (0x1F21A, 0x1F21A), (0x1F22F, 0x1F22F), (0x1F232, 0x1F23A), (0x1F23C, 0x1F23F),
    (0x1F249, 0x1F3FA), (0x1F400, 0x1F53D), (0x1F546, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F774, 0x1F77F),
    (0x1F7D5, 0x1F7FF), (0x1F80C, 0x1F80F), (0x1F848, 0x1F84F), (0x1F85A, 0x1F85F), (0x1F888, 0x1F88F),
    (0x1F8AE, 0x1F8FF), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945), (0x1F947, 0x1FAFF), (0x1FC00, 0x1FFFD),
)  # fmt: skip
_PICTURE_STARTS = [start for start, _ in _PICTURES]
_HANGUL = range(0xAC00, 0xD7A4)
_RANGES = (
    (range(0x1F1E6, 0x1F200), _Class.REGIONAL),
    (range(0x1F3FB, 0x1F400), _Class.EXTEND),
    (range(0xE0020, 0xE0080), _Class.EXTEND),
    (range(0x1100, 0x1160), _Class.L),
    (range(0xA960, 0xA97D), _Class.L),
    (range(0x1160, 0x11A8), _Class.V),
    (range(0xD7B0, 0xD7C7), _Class.V),
    (range(0x11A8, 0x1200), _Class.T),
    (range(0xD7CB, 0xD7FC), _Class.T),
)
_TRAILING = {_Class.EXTEND, _Class.JOINER, _Class.MARK}
_BREAKING = {_Class.CR, _Class.LF, _Class.CONTROL}
_HANGUL_PAIRS = {
    (_Class.L, _Class.L), (_Class.L, _Class.V), (_Class.L, _Class.LV), (_Class.L, _Class.LVT), (_Class.LV, _Class.V),
    (_Class.LV, _Class.T), (_Class.V, _Class.V), (_Class.V, _Class.T), (_Class.LVT, _Class.T), (_Class.T, _Class.T),
}  # fmt: skip


def clusters(text: str) -> list[str]:
    """The grapheme clusters of a text."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    found: list[str] = []
    start = 0
    previous: _Class | None = None
    flags = 0
    in_picture = False
    for index, character in enumerate(text):
        current = _class(character)
        if previous is not None and _breaks(previous, current, flags, in_picture=in_picture):
            found.append(text[start:index])
            start = index
        flags = flags + 1 if current is _Class.REGIONAL else 0
        in_picture = current is _Class.PICTURE or (in_picture and current in (_Class.EXTEND, _Class.JOINER))
        previous = current
    if text:
        found.append(text[start:])
    return found


def _breaks(previous: _Class, current: _Class, flags: int, *, in_picture: bool) -> bool:
    if previous is _Class.CR and current is _Class.LF:
        return False
    if previous in _BREAKING or current in _BREAKING:
        return True
    if (previous, current) in _HANGUL_PAIRS or current in _TRAILING or previous is _Class.PREPEND:
        return False
    if previous is _Class.JOINER and current is _Class.PICTURE and in_picture:
        return False
    return not (previous is _Class.REGIONAL and current is _Class.REGIONAL and flags % 2 == 1)


@lru_cache(maxsize=4096)
def _class(character: str) -> _Class:
    code = ord(character)
    if character in "\r\n":
        return _Class.CR if character == "\r" else _Class.LF
    if code == 0x200D:  # noqa: PLR2004 - zero width joiner
        return _Class.JOINER
    if code in _PREPEND or code in _EXTEND:
        return _Class.PREPEND if code in _PREPEND else _Class.EXTEND
    if code in _HANGUL:
        return _Class.LV if (code - _HANGUL.start) % 28 == 0 else _Class.LVT
    for codes, class_ in _RANGES:
        if code in codes:
            return class_
    position = bisect_right(_PICTURE_STARTS, code) - 1
    if position >= 0 and code <= _PICTURES[position][1]:
        return _Class.PICTURE
    return _by_category(character, code)


def _by_category(character: str, code: int) -> _Class:
    category = unicodedata.category(character)
    if category in ("Mn", "Me"):
        return _Class.EXTEND
    if category == "Mc" or code in (0x0E33, 0x0EB3):
        return _Class.OTHER if code in _NO_MARK else _Class.MARK
    if category in ("Cc", "Cf", "Zl", "Zp", "Cs"):
        return _Class.CONTROL
    return _Class.OTHER
