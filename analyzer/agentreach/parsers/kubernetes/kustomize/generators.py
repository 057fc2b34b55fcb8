"""ConfigMaps and Secrets that a kustomization generates from literals, files and env files.

The hash that kustomize appends to their names changes with every value; names stay without it here,
and references to them match.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.model import MapValue, Scalar, Skipped, Span, boolean, child, elements, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.kubernetes.kustomize.editing import with_entry
from agentreach.parsers.kubernetes.kustomize.objects import Object
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from agentreach.model import Source, Value


_LINE = 70


class _Pair(NamedTuple):
    key: str
    value: str
    at: Span


def generate(kind: str, entry: Value, options: Value | None, open_file: Callable[[str, Value], Source]) -> Object:
    """The object of one entry of configMapGenerator or secretGenerator."""
    pairs = {pair.key: pair for pair in _pairs(entry, open_file)}
    name = child(entry, "name") or Scalar("", entry.at)
    if not string(name):
        raise BuildProblem(f"a generated {kind} needs a name", entry.at)
    value = _base(kind, entry, name)
    local = child(entry, "options")
    for field in ("labels", "annotations"):
        value = _with_metadata(value, field, child(options, field), child(local, field))
    data: dict[str, Value] = {key: _scalar(kind, pair) for key, pair in sorted(pairs.items())}
    if data or kind == "Secret":
        value = with_entry(value, "data", MapValue(data, entry.at, {key: pairs[key].at for key in data}))
    if kind == "Secret":
        value = with_entry(value, "type", child(entry, "type") or Scalar("Opaque", entry.at))
    if boolean(child(local, "immutable")) or boolean(child(options, "immutable")):
        value = with_entry(value, "immutable", Scalar(value=True, at=entry.at))
    return Object(value, behavior=string(child(entry, "behavior")) or "create")


def _base(kind: str, entry: Value, name: Value) -> MapValue:
    metadata: dict[str, Value] = {"name": name}
    namespace = child(entry, "namespace")
    if namespace is not None and string(namespace):
        metadata["namespace"] = namespace
    return MapValue(
        {
            "apiVersion": Scalar("v1", entry.at),
            "kind": Scalar(kind, entry.at),
            "metadata": MapValue(metadata, entry.at),
        },
        entry.at,
    )


def _with_metadata(value: MapValue, field: str, *added: Value | None) -> MapValue:
    metadata = value.entries["metadata"]
    assert isinstance(metadata, MapValue)
    for one in added:
        if isinstance(one, MapValue) and one.entries:
            old = metadata.entries.get(field)
            before = old.entries if isinstance(old, MapValue) else {}
            texts = {name: Scalar(string(text) or "", text.at) for name, text in one.entries.items()}
            metadata = with_entry(metadata, field, MapValue({**before, **texts}, one.at))
    return with_entry(value, "metadata", metadata)


def _scalar(kind: str, pair: _Pair) -> Scalar:
    return Scalar(_encoded(pair.value) if kind == "Secret" else pair.value, pair.at)


def _encoded(text: str) -> str:
    """base64 as kustomize writes it: long values over lines."""
    found = base64.b64encode(text.encode()).decode()
    lines = [found[at : at + _LINE] for at in range(0, len(found), _LINE)]
    return found if len(found) < _LINE else "".join(f"{line}\n" for line in lines)


def _pairs(entry: Value, open_file: Callable[[str, Value], Source]) -> Iterator[_Pair]:
    for path in (*elements(child(entry, "envs")), *elements(child(entry, "env"))):
        yield from _of_env_file(open_file(string(path) or "", path))
    for literal in elements(child(entry, "literals")):
        key, equals, text = (string(literal) or "").partition("=")
        if not key or not equals:
            raise BuildProblem("a literal must be written as key=value", literal.at)
        yield _Pair(key, _unquoted(text), literal.at)
    for path in elements(child(entry, "files")):
        key, equals, name = (string(path) or "").partition("=")
        yield _of_file(key if equals else Path(key).name, name if equals else key, path, open_file)


def _of_file(key: str, name: str, path: Value, open_file: Callable[[str, Value], Source]) -> _Pair:
    """The text of a file. A binary one is there, and nothing asks what it holds."""
    try:
        source = open_file(name, path)
    except BuildProblem as problem:
        if "binary" in problem.message:
            return _Pair(key, "", path.at)
        raise
    return _Pair(key, source.text, Span(source, 0, len(source.text)))


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


def _of_env_file(source: Source) -> Iterator[_Pair]:
    start = 0
    for line in source.text.splitlines(keepends=True):
        text = line.removeprefix("\ufeff").strip("\r\n").lstrip()
        if text and not text.startswith("#"):
            key, _, value = text.partition("=")
            yield _Pair(key, value, Span(source, start, start + len(line.rstrip())))
        start += len(line)


def absorb(objects: list[Object], made: Object, at: Value) -> None:
    """Add a generated object, or merge it into or put it in place of one that is there."""
    found = [one for one in objects if any(id_.equals(made.id) for id_ in one.ids())]
    if made.behavior not in {"merge", "replace"}:
        if found:
            raise BuildProblem(f"{made.kind} {made.name} exists already: behavior must be merge or replace", at.at)
        objects.append(made)
        return
    if len(found) != 1:
        raise BuildProblem(f"there is no single {made.kind} {made.name} to {made.behavior}", at.at)
    old = found[0]
    old.value = _combined(old.value, made.value, merging=made.behavior == "merge")


def _combined(old: MapValue, new: MapValue, *, merging: bool) -> MapValue:
    result = with_entry(new, "metadata", _metadata(old.entries["metadata"], new.entries["metadata"]))
    if not merging:
        return result
    before = dict(_entries(old.entries.get("data")))
    for name, value in _entries(old.entries.get("stringData")).items():
        before[name] = Scalar(_encoded(string(value) or ""), value.at)
    data = {**before, **_entries(new.entries.get("data"))}
    if data:
        result = with_entry(result, "data", MapValue(data, new.at))
    binary = {**_entries(old.entries.get("binaryData")), **_entries(new.entries.get("binaryData"))}
    return with_entry(result, "binaryData", MapValue(binary, new.at)) if binary else result


def _metadata(old: Value, new: Value) -> Value:
    if not isinstance(old, MapValue):
        return new
    result = old
    for field in ("labels", "annotations"):
        merged = {**_entries(old.entries.get(field)), **_entries(child(new, field))}
        if merged:
            result = with_entry(result, field, MapValue(merged, new.at))
    return result


def _entries(value: Value | None) -> dict[str, Value]:
    return value.entries if isinstance(value, MapValue) else {}


def refused(found: Source | Skipped, at: Value) -> Source:
    """The source, or the reason why a file that an overlay needs cannot be read."""
    if isinstance(found, Skipped):
        # A missing file is only by design where nobody relies on it: here the overlay does.
        by_design = found.by_design and not found.reason.startswith("cannot be read")
        raise BuildProblem(f"{found.path}: {found.reason}", at.at, by_design=by_design)
    return found


def options_of(kustomization: Value) -> Value | None:
    """`generatorOptions`."""
    return child(kustomization, "generatorOptions")


def entries_of(kustomization: Value) -> Sequence[tuple[str, Value]]:
    """Every generated object's kind and entry, in the order in which kustomize makes them."""
    kinds = (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator"))
    return [(kind, entry) for kind, field in kinds for entry in elements(child(kustomization, field))]
