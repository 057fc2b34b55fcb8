"""A template as written: its sections, raw, and where local references lead from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Broken, MapValue, Skipped, Source, Span, Value, elements, string
from agentreach.parsers import yaml
from agentreach.parsers.cloudformation.tags import long_form
from agentreach.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

SAM = "AWS::Serverless-2016-10-31"
_RUN_BY_US = {"AWS::LanguageExtensions", "AWS::Include", SAM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template file. `root` is its top-level map, with short forms already long."""

    source: Source
    absolute: Path
    root: MapValue

    def section(self, name: str) -> MapValue:
        """A section's raw map; empty where the template has none."""
        found = self.root.entries.get(name)
        if isinstance(found, MapValue):
            return found
        return MapValue({}, self.root.keys.get(name, Span(self.source, 0, 0)))

    @property
    def transforms(self) -> tuple[tuple[str, Value], ...]:
        """The names in `Transform`, each with its value: a name, or a map with Name and Parameters."""
        return tuple((_transform_name(value), value) for value in elements(self.root.entries.get("Transform")))

    @property
    def is_sam(self) -> bool:
        """Whether SAM's transform runs on it."""
        return any(name == SAM for name, _ in self.transforms)

    @property
    def macros(self) -> tuple[tuple[str, Value], ...]:
        """Transforms that only run in AWS."""
        return tuple((name, value) for name, value in self.transforms if name not in _RUN_BY_US)


def _transform_name(value: Value) -> str:
    return string(value.entries.get("Name") if isinstance(value, MapValue) else value) or "unknown"


def read(source: Source, absolute: Path) -> tuple[Template | Broken | Skipped, tuple[Skipped, ...]]:
    """The template of a source, and what a reader of it should know: ignored values of duplicate keys."""
    documents = yaml.parse(source, dialect=yaml.Dialect.CLOUDFORMATION, tag=long_form)
    if not documents:
        return Skipped(source.path, "holds no CloudFormation template"), ()
    first = documents[0]
    if isinstance(first, Broken):
        return first, ()
    notes = tuple(map(_duplicate, first.duplicates))
    if not isinstance(first.value, MapValue) or not _is_template(first.value):
        return Skipped(source.path, "holds no CloudFormation template"), ()
    if len(documents) > 1:
        notes += (Skipped(source.path, "only the first document of a template is read", by_design=False),)
    return Template(source=source, absolute=absolute, root=first.value), notes


def _is_template(root: MapValue) -> bool:
    return "AWSTemplateFormatVersion" in root.entries or isinstance(root.entries.get("Resources"), MapValue)


def _duplicate(duplicate: yaml.Duplicate) -> Skipped:
    again, _ = duplicate.at.source.position(duplicate.at.start)
    line, _ = duplicate.first.source.position(duplicate.first.start)
    reason = f"key {duplicate.key!r} is written again in line {again}; the value here is ignored"
    return Skipped(duplicate.at.source.path, reason, by_design=False, line=line)
