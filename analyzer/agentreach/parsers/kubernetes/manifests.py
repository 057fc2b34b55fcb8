"""Text to manifests: documents of a stream, lists unpacked, templates told from broken YAML.

A stream is split at `---` first, and a document whose `kind:` line cannot matter is never parsed:
that is what makes a directory of thousands of manifests cheap.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Broken, Format, Key, ListValue, MapValue, Resource, Scalar, Skipped, child, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers import yaml
from agentreach.parsers.kubernetes.addresses import address, type_of
from agentreach.parsers.kubernetes.soundness import is_sound
from agentreach.parsers.kubernetes.templated import has_holes, is_template, with_holes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.model import Source, Span, Value

DEFAULT_NAMESPACE = "default"
_KIND = late_regex(r"kind:[ \t]*[\"']?([A-Za-z0-9]+)[\"']?[ \t\r]*(?:#.*)?$", re.MULTILINE)
_API_VERSION = late_regex(r"apiVersion:[ \t]*[\"']?([A-Za-z0-9./-]+)[\"']?[ \t\r]*(?:#.*)?$", re.MULTILINE)
_SPEC = late_regex(r"^spec:", re.MULTILINE)
_CONTENT = late_regex(r"^[ \t]*[^#\s-]", re.MULTILINE)


class Manifest(NamedTuple):
    """One object as declared. `type` is "group/Kind"."""

    type: str
    value: MapValue


def read(source: Source, wanted: Callable[[str], bool]) -> Iterator[Manifest | Broken | Skipped]:
    """Every object of a source whose kind may matter, and what could not be read."""
    found = as_written(source, wanted)
    if not has_holes(source.text):
        yield from found
        return
    for one in found:
        yield filled_later(one) if isinstance(one, Manifest) else one


def filled_later(one: Manifest) -> Manifest:
    """The object with a hole for everything that is filled in before it is applied."""
    value = with_holes(one.value)
    return one._replace(value=value) if isinstance(value, MapValue) else one


def as_written(
    source: Source, wanted: Callable[[str], bool], *, shortened: Callable[[str], bool] | None = None
) -> Iterator[Manifest | Broken | Skipped]:
    """The same with `{{ }}` and `${NAME}` as the text they are: what transforms objects fills nothing in.

    Of a kind that is `shortened` only what stands before its spec is read: resource definitions are long.
    """
    for start, end in _parts(source):
        text = source.text[start:end]
        if not _may_matter(text, wanted):
            yield from _mistakes(source, start, end, text)
            continue
        if shortened is not None and (type_ := _only_type(text)) is not None and shortened(type_):
            body = _SPEC.search(text)
            end = start + body.start() if body else end  # noqa: PLW2901 - the part to read
        for document in yaml.parse(source, start=start, end=end):
            if isinstance(document, Broken):
                yield unreadable(source, text, document)
            else:
                yield from unpack(document.value)


def _parts(source: Source) -> list[tuple[int, int]]:
    if source.text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        return [(0, len(source.text))]
    return yaml.split(source)


def _may_matter(text: str, wanted: Callable[[str], bool]) -> bool:
    type_ = _only_type(text)
    return _CONTENT.search(text) is not None if type_ is None else wanted(type_)


def _only_type(text: str) -> str | None:
    """The type of the one object of a part, where its first lines say it plainly; None for lists and the rest."""
    kinds, versions = list(_said(text, "kind:", _KIND)), list(_said(text, "apiVersion:", _API_VERSION))
    if len(kinds) == 1 and len(versions) == 1 and not kinds[0].endswith("List"):
        return type_of(versions[0], kinds[0])
    return None


def _said(text: str, key: str, line: re.Pattern[str]) -> Iterator[str]:
    """What a key says wherever it begins a line."""
    at = text.find(key)
    while at >= 0:
        found = line.match(text, at) if at == 0 or text[at - 1] == "\n" else None
        if found is not None:
            yield found[1]
        at = text.find(key, at + len(key))


def _mistakes(source: Source, start: int, end: int, text: str) -> Iterator[Broken | Skipped]:
    """What is wrong with a part that nobody needs: libyaml alone reads it, two hundred times as fast."""
    if is_sound(text):
        return
    for document in yaml.parse(source, start=start, end=end):
        if isinstance(document, Broken):
            yield unreadable(source, text, document)


def unreadable(source: Source, text: str, broken: Broken) -> Broken | Skipped:
    """Broken YAML, or a template that was never meant to be YAML."""
    if not is_template(text):
        return broken
    line, _ = source.position(broken.at.start)
    reason = "a template, not a manifest: it holds {{ }} that something else fills in"
    return Skipped(source.path, reason, by_design=True, line=line)


def unpack(value: Value, api_version: str = "", kind: str = "") -> Iterator[Manifest]:
    """The object itself, or each one of a List. Entries of a typed list may leave out their own type."""
    if not isinstance(value, MapValue):
        return
    own_version = string(child(value, "apiVersion")) or api_version
    own_kind = string(child(value, "kind")) or kind
    items = child(value, "items")
    if own_kind.endswith("List") and isinstance(items, ListValue):
        typed = own_kind.removesuffix("List")
        for item in items.items:
            yield from unpack(item, own_version if typed else "", typed)
    elif own_version and own_kind:
        yield Manifest(type_of(own_version, own_kind), value)


def resource(manifest: Manifest, root: str, at: Span | None = None) -> Resource | None:
    """The resource of a manifest under a root; None for configuration that names no object."""
    name = object_name(manifest.value)
    if name is None:
        return None
    group, _, kind = manifest.type.partition("/")
    namespace = string(_metadata(manifest.value, "namespace")) or DEFAULT_NAMESPACE
    return Resource(
        format=Format.KUBERNETES,
        type=manifest.type,
        key=Key(root, address(group, kind, namespace, name)),
        name=name,
        attributes=manifest.value,
        at=at or manifest.value.at,
    )


def object_name(value: MapValue) -> str | None:
    """metadata.name, else metadata.generateName with a final `*`; a templated name keeps its known parts."""
    name = _metadata(value, "name")
    if name is not None and not (isinstance(name, Scalar) and name.value is None):
        return _spelled(name)
    prefix = _metadata(value, "generateName")
    return None if prefix is None else f"{_spelled(prefix)}*"


def _spelled(name: Value) -> str:
    parts = getattr(name, "parts", None)
    if parts is None:
        return string(name) or "?"
    return "".join(part if isinstance(part, str) else "*" for part in parts)


def _metadata(value: MapValue, name: str) -> Value | None:
    return child(value.entries.get("metadata"), name)
