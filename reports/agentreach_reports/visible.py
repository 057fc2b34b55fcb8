"""Scanned text made safe to show: control characters are spelled out, keys of known shapes hidden."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach_reports.masking import masked

if TYPE_CHECKING:
    import re

LONGEST = 400
# Control characters, and format characters that hide or reorder text (Unicode TR 36), line breaks included.
HIDDEN = late_regex(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str, longest: int = LONGEST) -> str:
    """The text with hidden characters spelled out as escapes, cut in the middle when it is too long."""
    shown = masked(text)
    if not shown.isprintable():  # what is hidden is not printable, and this is much faster to ask
        shown = HIDDEN.sub(_spelled, shown)
    if len(shown) <= longest:
        return shown
    half = longest // 2 - 1
    return f"{shown[:half]}…{shown[-half:]}"


def spelled(line: str) -> str:
    """A line of code with hidden characters spelled out, tabs aside."""
    return "\t".join(HIDDEN.sub(_spelled, part) for part in line.split("\t"))


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - one byte


def columns(text: str) -> int:
    """How many terminal columns a text takes: wide characters take two, combining ones none."""
    return len(text) if text.isascii() else sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
