"""Lines of code around a place, secrets masked, safe to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach_reports.masking import HIDDEN, Literals, hidden_in, of_value
from agentreach_reports.visible import columns, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.model import Source, Span
    from agentreach_reports.masking import Interval

WIDEST = 140
# How far around a place a line is looked at: enough to see the name that a value is assigned to.
WINDOW = 1000
SECRET_CHECKS = frozenset({"AR207", "AR201"})


class Line(NamedTuple):
    """One line of an excerpt; the marked columns (from 0, end exclusive) are what the evidence points at."""

    number: int
    text: str
    start: int
    end: int

    @property
    def is_marked(self) -> bool:
        """Whether the evidence points at part of this line."""
        return self.end > self.start


class Excerpts:
    """Excerpts of one scan's sources."""

    __slots__ = ("_literals",)

    def __init__(self, graph: AgentGraph) -> None:
        self._literals = Literals(graph)

    def of(self, at: Span, *, most: int = 1, around: int = 0, masked: bool = False) -> tuple[Line, ...]:
        """The first `most` lines of a span and `around` lines before and after; `masked` hides all that it marks."""
        text = at.source.text
        begin = text.rfind("\n", 0, at.start) + 1
        number = at.source.position(at.start)[0]
        for _ in range(around):
            if begin:
                begin, number = text.rfind("\n", 0, begin - 1) + 1, number - 1
        masked = masked and not _is_block(at)
        last = at.source.position(max(at.start, at.end - 1))[0]
        stop = min(last, at.source.position(at.start)[0] + most - 1) + around
        return tuple(self._lines(at, begin, number, stop, masked=masked))

    def _lines(self, at: Span, begin: int, number: int, stop: int, *, masked: bool) -> Iterator[Line]:
        text = at.source.text
        while number <= stop and begin <= len(text):
            end = text.find("\n", begin)
            end = len(text) if end < 0 else end
            if begin < len(text) or number == at.source.position(at.start)[0]:
                yield self._line(at, begin, end, number, masked=masked)
            begin, number = end + 1, number + 1

    def _line(self, at: Span, begin: int, end: int, number: int, *, masked: bool) -> Line:
        start, stop = max(at.start, begin), min(max(at.end, at.start + 1), end)
        if start > stop:
            start = stop = end
        if start == begin:
            start += len(at.source.text[begin:stop]) - len(at.source.text[begin:stop].lstrip(" \t"))
        hidden = sorted(self._hidden(at.source, begin, end, min(start, end)))
        if masked and start < stop:
            value = max(start, of_value(at)[0])
            hidden = [*(one for one in hidden if one[0] < value), (value, end)]
        head = _tail(_shown(at.source.text, _near(begin, start - WINDOW), start, hidden))
        body = _shown(at.source.text, start, min(stop, start + WINDOW), hidden)[:WIDEST]
        rest = _shown(at.source.text, stop, min(end, stop + WINDOW), hidden)[: max(WIDEST - len(body), 0)]
        left = columns(head)
        return Line(number, f"{head}{body}{rest}".rstrip(), left, left + columns(body))

    def _hidden(self, source: Source, begin: int, end: int, focus: int) -> Iterator[Interval]:
        """What to hide near `focus`, as offsets into the source."""
        low, high = _near(begin, focus - 2 * WINDOW), min(end, focus + 2 * WINDOW)
        above = source.text[max(low - WINDOW, 0) : low]
        yield from ((low + a, low + b) for a, b in hidden_in(source.text[low:high], above))
        yield from self._literals.within(source.path, begin, end)


def _is_block(at: Span) -> bool:
    """Whether a place is a whole declaration, of which the first line opens it and holds no value."""
    first, newline, _ = at.text.partition("\n")
    return bool(newline) and first.rstrip().endswith(("{", ":"))


def written_code(line: str) -> str:
    """A line of code that a remedy writes, with secrets hidden."""
    return _shown(line, 0, len(line), sorted(hidden_in(line)))


def _near(begin: int, wanted: int) -> int:
    return max(begin, wanted)


def _tail(text: str) -> str:
    return text if len(text) <= WIDEST else f"…{text[-WIDEST // 2 :]}"


def _shown(text: str, begin: int, end: int, hidden: list[Interval]) -> str:
    """The characters of a range with hidden intervals masked, tabs as two spaces."""
    parts, at = [], begin
    for low, high in hidden:
        if low < end and high > at and low < high:
            parts += [text[at : max(low, at)], HIDDEN]
            at = min(high, end)
    return visible("".join([*parts, text[at:end]]).rstrip("\r").replace("\t", "  "), WINDOW)


def is_masked(finding: Finding) -> bool:
    """Whether the code that a finding points at holds a secret value."""
    return finding.check_id in SECRET_CHECKS
