"""A template beside its packaged copy is read once: the source wins.

`aws cloudformation package` and `sam package` write a copy whose local paths became S3 locations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Value, child, string

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from agentreach.parsers.cloudformation.template import Template

_LOCATIONS = ("CodeUri", "Code", "TemplateURL", "Location", "DefinitionUri", "DefinitionS3Location", "ContentUri")


def copies(templates: Iterable[Template]) -> dict[Path, Template]:
    """Which templates are packaged copies, and of which one in the same directory."""
    alike: dict[tuple[Path, frozenset[tuple[str, str]]], list[Template]] = {}
    for template in templates:
        declared = _declared(template)
        if declared:
            alike.setdefault((template.absolute.parent, declared), []).append(template)
    found: dict[Path, Template] = {}
    for group in alike.values():
        if len(group) == 1:
            continue
        originals = [template for template in group if not _is_packaged(template)]
        if originals:
            found |= {one.absolute: originals[0] for one in group if _is_packaged(one)}
    return found


def _declared(template: Template) -> frozenset[tuple[str, str]]:
    entries = template.section("Resources").entries
    return frozenset((name, string(child(value, "Type")) or "") for name, value in entries.items())


def _is_packaged(template: Template) -> bool:
    resources = template.section("Resources").entries.values()
    return any(_in_s3(child(child(one, "Properties"), name)) for one in resources for name in _LOCATIONS)


def _in_s3(location: Value | None) -> bool:
    if isinstance(location, MapValue):
        return {"S3Bucket", "S3Key"} <= location.entries.keys() or {"Bucket", "Key"} <= location.entries.keys()
    return (string(location) or "").startswith(("s3://", "https://s3"))
