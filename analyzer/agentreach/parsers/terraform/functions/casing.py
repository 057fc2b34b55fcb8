"""Upper, lower and title case character by character, as Go maps them: no character becomes two."""

from __future__ import annotations

from agentreach.parsers.terraform.text import SPACE


def upper_case(text: str) -> str:
    """Every letter in upper case; one whose upper case is two letters stays."""
    return text.upper() if text.isascii() else "".join(map(_upper, text))


def lower_case(text: str) -> str:
    """Every letter in lower case."""
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def title_case(text: str) -> str:
    """Letters after anything that is no letter, digit or underscore in title case; the others stay."""
    result = []
    previous = " "
    for character in text:
        result.append(_title(character) if _separates(previous) else character)
        previous = character
    return "".join(result)


def _separates(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return not (character.isalpha() or character.isdecimal()) and character in SPACE


def _upper(character: str) -> str:
    upper = character.upper()
    return upper if len(upper) == 1 else _title(character)


def _title(character: str) -> str:
    title = character.title()
    return title if len(title) == 1 else character


def _lower(character: str) -> str:
    return character.lower()[0]
