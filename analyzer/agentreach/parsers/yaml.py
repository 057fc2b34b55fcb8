"""YAML and JSON text as documents of located values; nothing raises, nothing is constructed from a tag.

`parse` reads a whole source (or a part of it, see `split`) and answers one `Document` or `Broken`
per document. JSON is read as JSON, so that a comment or a trailing comma is named for what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from agentreach.late_regex import late_regex
from agentreach.model import Broken, Source, Span
from agentreach.parsers import json_text
from agentreach.parsers.yaml_build import Bounds, Builder, Document, Duplicate, Problem, Tag
from agentreach.parsers.yaml_lines import usual_document
from agentreach.parsers.yaml_scalars import Dialect

try:
    from yaml._yaml import CParser
except ImportError:  # pragma: no cover - an installation of PyYAML without libyaml
    CParser = None  # type: ignore[assignment, misc]

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Bounds", "Broken", "Dialect", "Document", "Duplicate", "Tag", "parse", "split"]

_BREAKS = frozenset("\r\n\x85\u2028\u2029")
_DIRECTIVE = late_regex(r"(?:\A|(?<=[\r\n\x85\u2028\u2029]))%")
_UNPRINTABLE = late_regex("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BRACKET = late_regex(r"\s*+[{\[]")
_JSON_OBJECT = late_regex(r"\s*+\{\s*+[\"/]")


def parse(
    source: Source,
    *,
    start: int = 0,
    end: int | None = None,
    dialect: Dialect = Dialect.KUBERNETES,
    tag: Tag | None = None,
    bounds: Bounds | None = None,
) -> tuple[Document | Broken, ...]:
    """Every document between two offsets of a source, in order; reading stops at the first broken one."""
    bounds = bounds or Bounds.of_scan()
    text = source.text[start:end] if start or end is not None else source.text
    if text.startswith("\ufeff"):
        text, start = text[1:], start + 1
    found = json_text.parse(source, start=start, end=end, bounds=bounds) if _BRACKET.match(text) else None
    if isinstance(found, Document) or (found is not None and source.path.endswith(".json")):
        return (found,)
    usual = usual_document(source, text, start, dialect, tag, bounds) if found is None else None
    if usual is not None:
        return (usual,)
    documents = tuple(_documents(source, text, Builder(source, start, dialect, tag, bounds), start))
    if found is not None and isinstance(documents[-1], Broken) and _JSON_OBJECT.match(text):
        return (found,)
    return documents


def split(source: Source) -> list[tuple[int, int]]:
    """Offsets of the parts of a stream that `parse` may be asked for one by one.

    A `---` at the start of a line ends a document wherever it stands, in block and quoted scalars
    too, so the cut is exact. A stream with directives (`%TAG`) is left whole. A part may still hold
    several documents (after `...`) or none.
    """
    text = source.text
    if "%" in text and _DIRECTIVE.search(text):
        return [(0, len(text))]
    cuts = list(_separators(text))
    if not cuts or cuts[0] > 0:
        cuts.insert(0, 0)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _separators(text: str) -> Iterator[int]:
    """The offset of every `---` that begins a line and stands alone or before a space."""
    at = text.find("---")
    while at >= 0:
        if (at == 0 or text[at - 1] in _BREAKS) and (at + 3 == len(text) or text[at + 3].isspace()):
            yield at
        at = text.find("---", at + 1)


def _documents(source: Source, text: str, builder: Builder, start: int) -> Iterator[Document | Broken]:
    try:
        yield from builder.documents(_events(text))
    except Problem as problem:
        yield Broken(problem.at, problem.message)
    except yaml.MarkedYAMLError as error:
        yield _broken(source, start, error)
    except (yaml.YAMLError, ValueError):
        yield _unreadable(source, text, start)


def _events(text: str) -> Iterator[yaml.events.Event]:
    if CParser is None:  # pragma: no cover - an installation of PyYAML without libyaml
        return yaml.parse(text, Loader=yaml.SafeLoader)
    return iter(CParser(text).get_event, None)


def _broken(source: Source, start: int, error: yaml.MarkedYAMLError) -> Broken:
    mark = error.problem_mark or error.context_mark
    offset = min(start + (mark.index if mark else 0), len(source.text))
    message = ", ".join(part for part in (error.context, error.problem) if part)
    if error.context_mark and mark and error.context_mark.line != mark.line:
        line, _ = source.position(start + error.context_mark.index)
        message += f" (it starts in line {line})"
    return Broken(Span(source, offset, offset), f"YAML syntax: {message}")


def _unreadable(source: Source, text: str, start: int) -> Broken:
    found = _UNPRINTABLE.search(text)
    offset = start + (found.start() if found else 0)
    what = f"the character U+{ord(found.group()):04X} is not allowed" if found else "unreadable text"
    return Broken(Span(source, offset, offset), f"YAML syntax: {what}")
