"""Patterns mean the same on the Pythons whose possessive groups are wrong."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.parsers.terraform import structure, tokens
from agentreach.parsers.terraform.possessive import IS_SOUND, atomic

MATCHERS = {
    "LOOSE": tokens.LOOSE,
    "STRICT": tokens.STRICT,
    "QUOTED_TEXT": tokens.QUOTED_TEXT,
    "LINE_TEXT": tokens.LINE_TEXT,
    "SKIP": structure._SKIP,
    "SKIP_LINE": structure._SKIP_LINE,
    "HEREDOC": structure._HEREDOC,
}
PATTERNS = {name: matcher.__self__.pattern for name, matcher in MATCHERS.items()}  # type: ignore[attr-defined]


def test_a_possessive_group_becomes_an_atomic_one_and_nothing_else_changes() -> None:
    assert atomic("(?:a|b)*+c") == "(?>(?:a|b)*)c"
    assert atomic("(?:a(?:b)?+)++") == "(?>(?:a(?>(?:b)?))+)"
    assert atomic(r"[^)*+]++\)*+(a)*(?:b)+") == r"[^)*+]++\)*+(a)*(?:b)+"


@pytest.mark.skipif(not IS_SOUND, reason="the possessive form is wrong on this Python; it is the one replaced")
@pytest.mark.parametrize("name", PATTERNS)
@given(st.text(alphabet='ab1.{}()[]"\\$%#/*<-=\n\r :,', max_size=40))
def test_both_forms_match_alike(name: str, text: str) -> None:
    pattern = PATTERNS[name]
    possessive, replaced = re.compile(pattern).match(text), re.compile(atomic(pattern)).match(text)
    assert (possessive and (possessive.span(), possessive.groups())) == (
        replaced and (replaced.span(), replaced.groups())
    )


def test_what_fails_on_an_early_3_11_is_read() -> None:
    text = '{ StringEquals = { "aws:SourceAccount" = "1" } }\n    }]\n  })\n}\n'
    match = structure._SKIP(text, 1)
    assert match is not None
    assert text[match.end()] == "}"
    assert text[1 : match.end()].count("}") == 1
