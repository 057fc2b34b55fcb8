"""Which objects a patch or replacement speaks of."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import MapValue, child, string
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.model import Value
    from agentreach.parsers.kubernetes.kustomize.objects import Id, Object

_SIMPLE = late_regex(r"[A-Za-z0-9_./:-]*(?:\.\*)?")
_ALTERNATIVES = late_regex(r"\(?(?:\?:)?([A-Za-z0-9_./:-]+(?:\|[A-Za-z0-9_./:-]+)*)\)?")
_TERM = late_regex(
    r"\s*(?P<not>!)?(?P<key>[A-Za-z0-9_./-]+)\s*"
    r"(?:(?P<op>==|!=|=)\s*(?P<value>[A-Za-z0-9_.-]*)|(?P<in>in|notin)\s*\((?P<values>[^()]*)\))?\s*(?:,|$)"
)


def select(objects: Iterable[Object], target: Value) -> Iterator[Object]:
    """The objects that a target selector fits; its names are patterns for the whole name, as in kustomize."""
    for one in objects:
        if _fits(one, target):
            yield one


def _fits(one: Object, target: Value) -> bool:
    now, first = one.id, one.original
    return (
        _either("namespace", target, first.place, now.place)
        and _either("name", target, first.name, now.name)
        and _either("group", target, now.group)
        and _either("version", target, now.version)
        and _either("kind", target, now.kind)
        and _by_entries(one, target, "labelSelector", "labels")
        and _by_entries(one, target, "annotationSelector", "annotations")
    )


def _either(part: str, target: Value, *texts: str) -> bool:
    wanted = child(target, part)
    pattern = string(wanted)
    return not pattern or wanted is None or any(_matches(pattern, text, wanted) for text in texts)


def _matches(pattern: str, text: str, at: Value) -> bool:
    """Patterns are regular expressions; only plain names, `x.*` and alternatives are tried, for safety."""
    if _SIMPLE.fullmatch(pattern):
        if pattern.endswith(".*"):
            return text.startswith(pattern[:-2])
        return _dotted(pattern, text)
    several = _ALTERNATIVES.fullmatch(pattern)
    if several is not None:
        return any(_dotted(option, text) for option in several.group(1).split("|"))
    compiled = _compiled(pattern)
    if compiled is None:
        raise BuildProblem(f"the pattern {pattern!r} is not tried: it may take very long", at.at, by_design=True)
    return compiled.fullmatch(text[:253]) is not None


def _dotted(pattern: str, text: str) -> bool:
    """A plain name; its dots stand for any character, as in a regular expression."""
    return len(pattern) == len(text) and all(a in {b, "."} for a, b in zip(pattern, text, strict=True))


_NESTED_REPEAT = late_regex(r"[*+}]\s*\)\s*[*+{?]|[*+]\s*[*+]")
_LONGEST_PATTERN = 200


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    if len(pattern) > _LONGEST_PATTERN or _NESTED_REPEAT.search(pattern) or pattern.count("*") + pattern.count("+") > 3:  # noqa: PLR2004 - cubic in 253 characters is still quick
        return None
    try:
        return re.compile(pattern)
    except (re.error, OverflowError):
        return None


def _by_entries(one: Object, target: Value, part: str, field: str) -> bool:
    expression = string(child(target, part))
    if not expression:
        return True
    entries = child(one.value.entries.get("metadata"), field)
    own = {key: string(value) or "" for key, value in entries.entries.items()} if isinstance(entries, MapValue) else {}
    return fits_expression(expression, own)


def fits_expression(expression: str, own: dict[str, str]) -> bool:
    """A selector as kubectl writes it: `app=x,tier!=y,env in (a,b),!beta`."""
    position = 0
    while position < len(expression):
        term = _TERM.match(expression, position)
        if term is None:
            return False
        if not _term(term, own):
            return False
        position = term.end()
    return True


def _term(term: re.Match[str], own: dict[str, str]) -> bool:
    key, operator, group = term["key"], term["op"], term["in"]
    if operator is not None:
        equal = own.get(key) == term["value"]
        return not equal if operator == "!=" else equal
    if group is not None:
        among = own.get(key) in {value.strip() for value in term["values"].split(",")}
        return not among if group == "notin" else among
    return (key not in own) if term["not"] else key in own


def one_by_id(objects: Iterable[Object], wanted: Id, at: Value) -> Object:
    """The one object that is, or was, what a patch names."""
    found = [one for one in objects if any(id_.equals(wanted) for id_ in one.ids())]
    if len(found) == 1:
        return found[0]
    many = "several objects are" if found else "no object is"
    place = f" in namespace {wanted.namespace}" if wanted.namespace else ""
    raise BuildProblem(f"{many} the {wanted.kind} {wanted.name}{place} that a patch names", at.at)
