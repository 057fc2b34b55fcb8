"""From a flat sequence of text, expressions and directive marks to a Template."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.syntax import ForDirective, IfDirective, Template
from agentreach.parsers.terraform.text import Run, Text, moves

if TYPE_CHECKING:
    from agentreach.parsers.terraform.cursor import Cursor
    from agentreach.parsers.terraform.syntax import Expression

    Item: TypeAlias = "Text | Expression | Mark"


class Mark(NamedTuple):
    """One `%{ … }`: its word, where it stands, and what an `if` or `for` holds."""

    word: str
    start: int
    end: int
    expression: Expression | None = None
    key: str | None = None
    value: str = ""


def template(cursor: Cursor, items: list[Item], start: int, end: int) -> Template:
    """The tree of a template's pieces; raises SyntaxProblem for directives that do not pair up."""
    if len(items) == 1 and isinstance(items[0], Text):
        return _plain(items[0].runs, start, end)
    tree = _Tree(cursor, items)
    result, mark = tree.until((), start, end)
    if mark is not None:
        raise cursor.problem(f"%{{ {mark.word} }} without its beginning", mark.start, mark.end)
    return Template(result.parts, start, end, result.offsets, result.moves)


def _plain(runs: list[Run], start: int, end: int) -> Template:
    moved = moves(runs)
    value = runs[0].value if len(runs) == 1 else "".join(run.value for run in runs)
    return Template((value,), start, end, (runs[0].offset,), {0: moved} if moved else {})


class _Tree:
    """Consumes the items one by one; directives nest."""

    def __init__(self, cursor: Cursor, items: list[Item]) -> None:
        self._cursor = cursor
        self._items = items
        self._at = 0

    def until(self, words: tuple[str, ...], start: int, end: int) -> tuple[Template, Mark | None]:
        """A template up to the first mark that is one of `words` or closes nothing here, and that mark."""
        parts = _Parts()
        while self._at < len(self._items):
            item = self._items[self._at]
            self._at += 1
            if isinstance(item, Text):
                parts.add_text(item.runs)
            elif not isinstance(item, Mark):
                parts.add(item, item.start)
            elif item.word == "if":
                parts.add(self._if(item, end), item.start)
            elif item.word == "for":
                parts.add(self._for(item, end), item.start)
            else:
                return parts.template(start, item.start), item
        if words:
            message = f"%{{ {words[0].removeprefix('end')} }} without its %{{ {words[0]} }}"
            raise self._cursor.problem(message, start, start)
        return parts.template(start, end), None

    def _if(self, opening: Mark, end: int) -> IfDirective:
        self._cursor.deeper()
        then, mark = self.until(("endif", "else"), opening.end, end)
        otherwise = None
        if mark is not None and mark.word == "else":
            otherwise, mark = self.until(("endif",), mark.end, end)
        mark = self._closed(mark, "endif")
        self._cursor.depth -= 1
        assert opening.expression is not None
        return IfDirective(opening.expression, then, otherwise, opening.start, mark.end)

    def _for(self, opening: Mark, end: int) -> ForDirective:
        self._cursor.deeper()
        body, mark = self.until(("endfor",), opening.end, end)
        mark = self._closed(mark, "endfor")
        self._cursor.depth -= 1
        assert opening.expression is not None
        return ForDirective(opening.key, opening.value, opening.expression, body, opening.start, mark.end)

    def _closed(self, mark: Mark | None, word: str) -> Mark:
        assert mark is not None
        if mark.word != word:
            raise self._cursor.problem(f"expected %{{ {word} }}, found %{{ {mark.word} }}", mark.start, mark.end)
        return mark


class _Parts:
    """Parts of one template; text that stands together becomes one part."""

    def __init__(self) -> None:
        self._parts: list[object] = []
        self._offsets: list[int] = []
        self._runs: list[Run] = []
        self._moves: dict[int, tuple[tuple[int, int], ...]] = {}

    def add_text(self, runs: list[Run]) -> None:
        self._runs += runs

    def add(self, part: object, offset: int) -> None:
        self._flush()
        self._parts.append(part)
        self._offsets.append(offset)

    def _flush(self) -> None:
        if not self._runs:
            return
        moved = moves(self._runs)
        if moved:
            self._moves[len(self._parts)] = moved
        first = next((run for run in self._runs if run.value), self._runs[0])
        self._parts.append("".join(run.value for run in self._runs))
        self._offsets.append(first.offset)
        self._runs = []

    def template(self, start: int, end: int) -> Template:
        self._flush()
        if not self._parts:
            return Template(("",), start, end, (start,))
        return Template(tuple(self._parts), start, end, tuple(self._offsets), self._moves)  # type: ignore[arg-type]
