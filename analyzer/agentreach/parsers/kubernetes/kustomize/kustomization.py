"""A kustomization file: its fields as written, old spellings understood."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Broken, ListValue, MapValue, Scalar, Source, Span, Value, child, elements, string
from agentreach.named_tuples import NamedTuple
from agentreach.parsers import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_API = "kustomize.config.k8s.io/"
_REMOTE = late_regex(
    r"^(?:[a-z][a-z0-9+.-]*::|https?://|ssh://|git@|git::|oci://|[A-Za-z0-9.-]+\.[a-z]{2,}[:/].*(?://|\?ref=|\.git))",
    re.IGNORECASE,
)
_HOSTS = ("github.com/", "gitlab.com/", "bitbucket.org/", "github.com:", "gitlab.com:")


class Kustomization(NamedTuple):
    """One file: where it lies, and what it says."""

    directory: Path
    source: Source
    value: MapValue

    @property
    def is_component(self) -> bool:
        """A component changes the kustomization that uses it and is nothing alone."""
        return string(child(self.value, "kind")) == "Component"

    def get(self, name: str) -> Value | None:
        """A field, None when it is absent or empty."""
        return self.value.entries.get(name)

    def list(self, name: str) -> tuple[Value, ...]:
        """The entries of a field."""
        return elements(self.value.entries.get(name))

    @property
    def resources(self) -> tuple[Value, ...]:
        """`resources`, and `bases` of old."""
        return (*self.list("resources"), *self.list("bases"))


def parse(directory: Path, source: Source) -> Kustomization | Broken | None:
    """The kustomization; None when the file is something else that bears its name (Flux has such a kind)."""
    for document in yaml.parse(source):
        if isinstance(document, Broken):
            return document
        if isinstance(document.value, MapValue):
            api_version = string(child(document.value, "apiVersion"))
            if api_version is None or api_version.startswith(_API):
                return Kustomization(directory, source, document.value)
            return None
    return None


def is_remote(path: str) -> bool:
    """Whether a resource is fetched from somewhere: a URL, a git reference, a host's short form."""
    return bool(_REMOTE.match(path)) or path.startswith(_HOSTS)


def shown(path: str) -> str:
    """A remote path as it may be repeated: without a password or token, wherever it may carry one."""
    scheme, mark, rest = path.rpartition("://")
    host, slash, more = rest.partition("/")
    opened = mark and not host.startswith("git@")
    plain = f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{more}" if opened else path
    base, question, query = plain.partition("?")
    kept = [one for one in query.split("&") if one.partition("=")[0] in {"ref", "version", "submodules", "timeout"}]
    return f"{base}{question}{'&'.join(kept)}" if kept else base


def is_inline(text: str) -> bool:
    """Whether an entry is YAML itself rather than the path of a file."""
    return "\n" in text or text.lstrip().startswith(("{", "[")) or ": " in text


def documents(source: Source) -> Iterator[Value | Broken]:
    """Every document that holds something."""
    for document in yaml.parse(source):
        if isinstance(document, Broken):
            yield document
        elif not (isinstance(document.value, Scalar) and document.value.value is None):
            yield document.value


def inline_documents(scalar: Value) -> Iterator[Value | Broken]:
    """The YAML inside a scalar, located in the file that holds it.

    A literal block is read where it stands. Quoted and folded text is read apart, and everything in it
    stands where the scalar does.
    """
    text = string(scalar) or ""
    at = scalar.at
    written = at.source.text[at.start : at.end]
    if written.startswith("|"):
        yield from _literal_block(at.source, at.start + written.index("\n") + 1 if "\n" in written else at.end, at.end)
        return
    for value in documents(Source(at.source.path, text)):
        yield Broken(at, value.message) if isinstance(value, Broken) else moved(value, at)


_SEPARATOR = late_regex(r"^[ \t]*---[ \t\r]*$", re.MULTILINE)


def _literal_block(source: Source, start: int, end: int) -> Iterator[Value | Broken]:
    cuts = [match.span() for match in _SEPARATOR.finditer(source.text, start, end)]
    begins = [start, *(stop for _, stop in cuts)]
    ends = [*(begin for begin, _ in cuts), end]
    for begin, stop in zip(begins, ends, strict=True):
        for document in yaml.parse(source, start=begin, end=stop):
            if isinstance(document, Broken):
                yield document
            elif not (isinstance(document.value, Scalar) and document.value.value is None):
                yield document.value


def moved(value: Value, at: Span) -> Value:
    """The same structure with everything at one place."""
    if isinstance(value, MapValue):
        entries = {name: moved(item, at) for name, item in value.entries.items()}
        return MapValue(entries, at, dict.fromkeys(entries, at), value.open)
    if isinstance(value, Scalar):
        return Scalar(value.value, at)
    return ListValue(tuple(moved(item, at) for item in elements(value)), at)


def joined(one: Kustomization, path: str) -> Path:
    """A path that a kustomization names, from its own directory."""
    return Path(os.path.normpath(one.directory / path))
