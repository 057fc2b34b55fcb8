from __future__ import annotations

import ast
import copy
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

import agentreach.late_regex as late_regex_module
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


def _made_before() -> dict[str, str]:
    made = late_regex_module._read()
    if not made and sys.version_info[:2] == (3, 11):
        pytest.fail("nothing was compiled before for the Python that releases are made for")
    return made


@pytest.mark.skipif(sys.version_info < (3, 11, 5), reason="patterns are spelled in another way there")
def test_what_was_compiled_before_is_what_the_compiler_yields() -> None:
    for key, known in _made_before().items():
        flags, _, text = key.partition(" ")
        given = ast.literal_eval(text)
        assert late_regex_module._restored(given, known) == re.compile(given, int(flags))


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="made for the Python that releases are made for")
def test_the_file_of_compiled_patterns_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "tools/compile_patterns.py", "--check"],
        cwd=Path(__file__).resolve().parent.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("content", ["", "another compiler\n", "\xff", None])
def test_without_a_file_for_this_python_patterns_are_compiled_as_ever(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "patterns.txt").write_text(content, encoding="latin-1")
    monkeypatch.setattr(late_regex_module, "place", lambda: str(tmp_path / "patterns.txt"))
    monkeypatch.setattr(late_regex_module, "_ready", None)
    assert late_regex_module.compiled("a(?P<b>b)").fullmatch("ab") is not None
