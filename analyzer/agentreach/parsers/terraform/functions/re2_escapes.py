"""Classes of characters and escapes of RE2 patterns."""

from __future__ import annotations

from agentreach.parsers.terraform.functions.re2_tree import PatternError, UnsupportedPatternError

LAST_CHARACTER = 0x10FFFF


_DIGITS = ((0x30, 0x39),)


_SPACE = ((0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20))


_WORD = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))


PERL = {"d": _DIGITS, "s": _SPACE, "w": _WORD}


POSIX = {
    "alnum": ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)),
    "alpha": ((0x41, 0x5A), (0x61, 0x7A)),
    "ascii": ((0x00, 0x7F),),
    "blank": ((0x09, 0x09), (0x20, 0x20)),
    "cntrl": ((0x00, 0x1F), (0x7F, 0x7F)),
    "digit": _DIGITS,
    "graph": ((0x21, 0x7E),),
    "lower": ((0x61, 0x7A),),
    "print": ((0x20, 0x7E),),
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ((0x09, 0x0D), (0x20, 0x20)),
    "upper": ((0x41, 0x5A),),
    "word": _WORD,
    "xdigit": ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
}


_CONTROLS = {"a": 0x07, "f": 0x0C, "t": 0x09, "n": 0x0A, "r": 0x0D, "v": 0x0B}


_CATEGORIES = frozenset(
    ("C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs").split()  # noqa: SIM905 - forty names
)


def complement(ranges: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """All characters between the ranges, which are in order."""
    starts = [0, *(high + 1 for _, high in ranges)]
    ends = [*(low - 1 for low, _ in ranges), LAST_CHARACTER]
    return [(low, high) for low, high in zip(starts, ends, strict=True) if low <= high]


class EscapeReader:
    """Goes through a pattern; knows what follows a backslash."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0

    def peek(self, text: str) -> bool:
        """Whether a text comes next."""
        return self.pattern.startswith(text, self.position)

    def take(self, text: str) -> bool:
        """Whether a text comes next; it is consumed if so."""
        found = self.peek(text)
        self.position += len(text) if found else 0
        return found

    def next(self) -> str:
        """Consume one character."""
        if self.position >= len(self.pattern):
            raise PatternError("the pattern ends too early")
        self.position += 1
        return self.pattern[self.position - 1]

    def code(self, character: str) -> int:
        """The character that an escape stands for."""
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "x":
            return self.hexadecimal()
        if character in "01234567":
            return self.octal(character)
        if character.isascii() and not character.isalnum():
            return ord(character)
        raise PatternError(f"\\{character} does not exist in RE2")

    def octal(self, first: str) -> int:
        """A zero or up to three octal digits."""
        digits = first
        if first != "0" and not (self.position < len(self.pattern) and self.pattern[self.position] in "01234567"):
            raise PatternError("backreferences do not exist in RE2")
        while len(digits) < 3 and self.position < len(self.pattern) and self.pattern[self.position] in "01234567":  # noqa: PLR2004
            digits += self.next()
        return int(digits, 8)

    def hexadecimal(self) -> int:
        """Two hexadecimal digits, or any number of them in braces."""
        if self.take("{"):
            end = self.pattern.find("}", self.position)
            digits = self.pattern[self.position : end] if end >= 0 else ""
            self.position = end + 1
        else:
            digits = self.pattern[self.position : self.position + 2]
            digits = digits if len(digits) == 2 else ""  # noqa: PLR2004 - two digits
            self.position += 2
        if (
            not digits
            or any(digit not in "0123456789abcdefABCDEF" for digit in digits)
            or int(digits, 16) > LAST_CHARACTER
        ):
            raise PatternError("\\x must be followed by hexadecimal digits")
        return int(digits, 16)

    def category(self, *, positive: bool) -> tuple[str, bool]:
        """A Unicode category, bare or in braces, and whether characters of it are meant or all others."""
        if self.take("{"):
            end = self.pattern.find("}", self.position)
            name = self.pattern[self.position : end] if end >= 0 else ""
            self.position = end + 1
        else:
            name = self.next()
        if name.startswith("^"):
            name, positive = name[1:], not positive
        if name == "Any":
            return "", positive
        if name not in _CATEGORIES:
            raise UnsupportedPatternError("Unicode scripts are not supported in patterns")
        return name, positive
