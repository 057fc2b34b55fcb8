"""What edits do to the lines of a text, found from the edits: a comparison of long files would take minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.remedies.edits import edited, line_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.model import Source
    from agentreach.remedies.edits import Edit

CONTEXT = 3
_NO_END = "\\ No newline at end of file\n"


class Change(NamedTuple):
    """Lines from `first` (counted from 0) that become others; lines keep their ends."""

    first: int
    old: list[str]
    new: list[str]


def changes(text: str, edits: Iterable[Edit]) -> Iterator[Change]:
    """The changed lines, from the top; edits of the same lines are one change."""
    number, at = 0, 0
    for begin, stop, inside in _regions(text, edits):
        number, at = number + text.count("\n", at, begin), begin
        shifted = [edit._replace(start=edit.start - begin, end=edit.end - begin) for edit in inside]
        old, new = lines_of(text[begin:stop]), lines_of(edited(text[begin:stop], shifted))
        same = 0
        while same < min(len(old), len(new)) and old[same] == new[same]:
            same += 1
        while len(old) > same < len(new) and old[-1] == new[-1]:
            old.pop()
            new.pop()
        yield Change(number + same, old[same:], new[same:])


def _regions(text: str, edits: Iterable[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Whole lines around edits, and the edits in them."""
    begin = stop = 0
    inside: list[Edit] = []
    for edit in sorted(set(edits), key=lambda one: (one.start, one.end)):
        first, last = line_start(text, edit.start), _line_stop(text, edit)
        if inside and first >= stop:
            yield begin, stop, inside
            inside = []
        begin, stop = (begin, max(stop, last)) if inside else (first, last)
        inside = [*inside, edit]
    if inside:
        yield begin, stop, inside


def _line_stop(text: str, edit: Edit) -> int:
    if edit.start == edit.end == line_start(text, edit.start) and edit.text.endswith("\n"):
        return edit.start
    newline = text.find("\n", edit.end)
    return len(text) if newline < 0 else newline + 1


def as_diff(source: Source, edits: Iterable[Edit]) -> str:
    """A unified diff that `patch -p1` and `git apply` take."""
    lines = lines_of(source.text)
    shift, written = 0, [f"--- a/{source.path}\n+++ b/{source.path}\n"]
    for group in _hunks(changes(source.text, edits)):
        first = max(group[0].first - CONTEXT, 0)
        last = min(group[-1].first + len(group[-1].old) + CONTEXT, len(lines))
        body, at = list[str](), first
        for change in group:
            body += [f" {line}" for line in lines[at : change.first]]
            body += [f"-{line}" for line in change.old] + [f"+{line}" for line in change.new]
            at = change.first + len(change.old)
        body += [f" {line}" for line in lines[at:last]]
        grown = sum(len(change.new) - len(change.old) for change in group)
        count = last - first
        written.append(f"@@ -{_range(first, count)} +{_range(first + shift, count + grown)} @@\n")
        written += [line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in body]
        shift += grown
    return "".join(written)


def _hunks(found: Iterable[Change]) -> Iterator[Sequence[Change]]:
    """Changes whose contexts touch."""
    group: list[Change] = []
    for change in found:
        if group and change.first - (group[-1].first + len(group[-1].old)) > 2 * CONTEXT:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _range(first: int, count: int) -> str:
    """As diff writes it: an empty range names the line before it, a single line has no count."""
    start = first + 1 if count else first
    return str(start) if count == 1 else f"{start},{count}"


def lines_of(text: str) -> list[str]:
    """Lines with their ends; other line separators of Unicode end none."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
