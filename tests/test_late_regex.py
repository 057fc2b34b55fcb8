from __future__ import annotations

import copy
import pickle
import re

import pytest

from agentreach.late_regex import late_regex


def test_a_pattern_answers_as_a_compiled_one() -> None:
    ours, theirs = late_regex(r"(?P<word>\w+) (\d+)", re.IGNORECASE), re.compile(r"(?P<word>\w+) (\d+)", re.IGNORECASE)
    for text in ("abc 12", "x 1 y 2", "", "12 abc"):
        assert ours.findall(text) == theirs.findall(text)
        assert ours.sub("-", text) == theirs.sub("-", text)
        assert (ours.match(text) is None) == (theirs.match(text) is None)
    assert ours.pattern == theirs.pattern
    assert ours.groupindex == theirs.groupindex
    assert late_regex(rb"a+").fullmatch(b"aaa") is not None


def test_a_pattern_is_compiled_when_it_is_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def compiling(text: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(text)
        return original(text, flags)

    original = re.compile
    monkeypatch.setattr(re, "compile", compiling)
    pattern = late_regex("first use")
    assert compiled == []
    assert pattern.search("at first use") is not None
    assert pattern.search("nothing") is None
    assert compiled == ["first use"]


def test_a_wrong_pattern_is_an_error_where_it_is_used() -> None:
    with pytest.raises(re.error):
        late_regex("(").match("")


def test_a_pattern_survives_being_copied_and_pickled() -> None:
    pattern = late_regex("a(b)")
    assert pattern.match("ab") is not None
    for other in (copy.deepcopy(pattern), pickle.loads(pickle.dumps(pattern))):
        assert other.sub(r"<\1>", "ab") == "<b>"
