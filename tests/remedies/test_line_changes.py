"""The diff is the one that any comparison would find, and applying it gives the edited text."""

from __future__ import annotations

import shutil
import subprocess
from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentreach.model import Source
from agentreach.remedies import Edit, as_diff, edited
from agentreach.remedies.line_changes import changes, lines_of

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = st.lists(st.sampled_from(["a", "b = 1", "  c", "", "d\r"]), max_size=25).map("\n".join)


@st.composite
def edited_sources(draw: st.DrawFn) -> tuple[Source, list[Edit]]:
    source = Source("f.tf", draw(TEXTS))
    places = sorted(draw(st.sets(st.integers(0, len(source.text)), max_size=8)))
    texts = st.sampled_from(["x", "y\n", "\nz", "  w\n  v\n", ""])
    pairs = list(zip(places[::2], places[1::2], strict=False))
    return source, [Edit(source, start, draw(st.sampled_from([start, end])), draw(texts), "n") for start, end in pairs]


@settings(max_examples=300, deadline=None)
@given(edited_sources())
def test_changed_lines_put_in_place_are_the_edited_text(case: tuple[Source, list[Edit]]) -> None:
    source, edits = case
    lines = lines_of(source.text)
    for change in reversed(list(changes(source.text, edits))):
        assert lines[change.first : change.first + len(change.old)] == change.old
        lines[change.first : change.first + len(change.old)] = change.new
    assert "".join(lines) == edited(source.text, edits)


def test_a_diff_reads_as_the_standard_one() -> None:
    text = "".join(f"line {number}\n" for number in range(40))
    source = Source("main.tf", text)
    at = [text.index(f"line {number}\n") for number in (0, 5, 20, 39)]
    edits = [
        Edit(source, at[0], at[0], "first\n", "a"),
        Edit(source, at[1] + 5, at[1] + 6, "five", "b"),
        Edit(source, at[2], at[2] + 8, "", "c"),
        Edit(source, len(text), len(text), "last", "d"),
    ]
    after = edited(text, edits)
    standard = "".join(unified_diff(lines_of(text), lines_of(after), "a/main.tf", "b/main.tf"))
    assert as_diff(source, edits) == standard + "\n\\ No newline at end of file\n"


@pytest.mark.skipif(shutil.which("git") is None, reason="git applies the diff")
@pytest.mark.parametrize("text", ["a\nb\nc", "a\nb\nc\n", "a\r\nb\r\nc\r\n", "", "c"])
@pytest.mark.parametrize("added", ["\nnew", "new\n", "new"])
def test_git_applies_it(tmp_path: Path, text: str, added: str) -> None:
    source = Source("f.txt", text)
    for at in {0, len(text), max(text.find("b"), 0)}:
        edits = [Edit(source, at, at, added, "n")]
        (tmp_path / "f.txt").write_bytes(text.encode())
        diff = as_diff(source, edits).encode()
        subprocess.run(
            ["git", "apply", "--unidiff-zero", "--whitespace=nowarn", "-"], cwd=tmp_path, input=diff, check=True
        )
        assert (tmp_path / "f.txt").read_bytes().decode() == edited(text, edits)
