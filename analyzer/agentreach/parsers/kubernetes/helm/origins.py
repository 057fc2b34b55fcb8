"""From a line that helm rendered back to the line of the template that made it.

helm names the template of every document (`# Source: chart/templates/x.yaml`) and nothing finer. Lines
are matched in order: the same text, else the same text around what the template fills in, else the same
key. A line without a match, such as one that `toYaml` wrote, stands where the action before it stands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import ListValue, MapValue, Scalar, Skipped, Span
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.model import Source, Value
    from agentreach.parsers.kubernetes.reading import Reading

_SOURCE = late_regex(r"^# Source: [^/\n]+/(\S+)", re.MULTILINE)
_ACTION = late_regex(r"\{\{[^{}]*(?:\}[^{}]+)*\}\}")
_CONTROL = late_regex(r"\{\{-? *(?:if|else|end|with|range|define|block|/\*|\$[A-Za-z0-9_]* *:?=)")
_KEY = late_regex(r"^(?:- )*([A-Za-z0-9_./\"'-]+):(?:\s|$)")


class _Line(NamedTuple):
    """A template's line: its place, its text, and the texts around its actions."""

    start: int
    end: int
    text: str
    pieces: tuple[str, ...]

    @property
    def is_action(self) -> bool:
        return len(self.pieces) > 1 and not any(piece.strip() for piece in self.pieces)

    def made(self, rendered: str) -> bool:
        """Whether the line can have become this text: what it says itself occurs in it, in order."""
        if len(self.pieces) == 1 or not any(piece.strip(" -:\"'") for piece in self.pieces):
            return False
        first, last = self.pieces[0].lstrip(), self.pieces[-1].rstrip()
        if not rendered.startswith(first) or not rendered.endswith(last):
            return False
        position = len(first)
        for piece in self.pieces[1:-1]:
            found = rendered.find(piece, position)
            if found < 0:
                return False
            position = found + len(piece)
        return position <= len(rendered) - len(last)


class _Template:
    """A template's lines, found by their text and by their key."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines: list[_Line] = []
        self.by_text: defaultdict[str, list[int]] = defaultdict(list)
        self.by_key: defaultdict[str, list[int]] = defaultdict(list)
        self.filled: list[int] = []
        start = 0
        for number, raw in enumerate(source.text.split("\n")):
            text = raw.strip()
            line = _Line(start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip()), text, _pieces(raw))
            self.lines.append(line)
            self.by_text[text].append(number)
            if len(line.pieces) > 1:
                self.filled.append(number)
            key = _KEY.match(line.pieces[0].strip() + ("" if len(line.pieces) == 1 else " "))
            if key is not None:
                self.by_key[key[1]].append(number)
            start += len(raw) + 1

    def match(self, rendered: str, after: int) -> int | None:
        """The line that became this text: the nearest one after the last match, else one before it."""
        text = rendered.strip()
        if not text:
            return None
        exact = _nearest(self.by_text.get(text, ()), after)
        if exact is not None:
            return exact
        filled = _nearest([number for number in self.filled if self.lines[number].made(text)], after)
        if filled is not None:
            return filled
        key = _KEY.match(text)
        return None if key is None else _nearest(self.by_key.get(key[1], ()), after)

    def following_action(self, number: int) -> int:
        """The action right behind a line, which wrote what no line accounts for; else the line itself."""
        for candidate in range(number + 1, min(number + 6, len(self.lines))):
            line = self.lines[candidate]
            if line.is_action and _CONTROL.match(line.text) is None:
                return candidate
            if line.text and not line.is_action:
                break
        return number


def _pieces(raw: str) -> tuple[str, ...]:
    return tuple(_ACTION.split(raw))


def _nearest(numbers: list[int] | tuple[int, ...], after: int) -> int | None:
    ahead = next((number for number in numbers if number > after), None)
    return ahead if ahead is not None else (numbers[0] if numbers else None)


class Origins:
    """Finds places in the templates of one chart."""

    def __init__(self, reading: Reading, chart: Path) -> None:
        self._reading = reading
        self._chart = chart
        self._templates: dict[str, _Template | None] = {}

    def located(self, output: Source, start: int, end: int, value: MapValue) -> MapValue:
        """A rendered manifest with every value at its place in the template."""
        name = _SOURCE.search(output.text, start, end)
        template = self._template(name[1]) if name else None
        template = template or self._template("Chart.yaml")
        if template is None:
            return value
        moved = _Mover(output, start, end, template).move(value)
        assert isinstance(moved, MapValue)
        return moved

    def _template(self, relative: str) -> _Template | None:
        if relative not in self._templates:
            source = self._reading.open(self._chart / relative)
            self._templates[relative] = None if isinstance(source, Skipped) else _Template(source)
        return self._templates[relative]


class _Mover:
    """Places of one document, by the number of the rendered line."""

    def __init__(self, output: Source, start: int, end: int, template: _Template) -> None:
        self._output = output
        self._template = template
        self._first, _ = output.position(start)
        self._numbers: list[int] = []
        last = 0
        for text in output.text[start:end].split("\n"):
            found = None if text.startswith("#") else template.match(text, last - (not self._numbers))
            if found is not None:
                last = found
                self._numbers.append(found)
            else:
                self._numbers.append(template.following_action(last))

    def move(self, value: Value) -> Value:
        """The value and everything in it, at the template's places."""
        at = self._place(value.at)
        if isinstance(value, MapValue):
            entries = {name: self.move(item) for name, item in value.entries.items()}
            return MapValue(entries, at, {name: self._place(key) for name, key in value.keys.items()}, value.open)
        if isinstance(value, ListValue):
            return ListValue(tuple(self.move(item) for item in value.items), at, value.open)
        return Scalar(value.value, at) if isinstance(value, Scalar) else value

    def _place(self, span: Span) -> Span:
        first = self._line(span.start)
        last = max(self._line(max(span.start, span.end - 1)), first, key=lambda line: line.end)
        return Span(self._template.source, min(first.start, first.end), max(last.end, first.end))

    def _line(self, offset: int) -> _Line:
        number, _ = self._output.position(offset)
        index = min(max(number - self._first, 0), len(self._numbers) - 1)
        return self._template.lines[self._numbers[index]]
