"""CDK's construct paths in evidence: people know `Support/Role`, not the logical id that CDK made of it.

https://docs.aws.amazon.com/cdk/v2/guide/constructs.html. The path travels with each resource, in its metadata.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.model import child, string
from agentreach.named_tuples import NamedTuple
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.findings import Finding
    from agentreach.identity import Evidence
    from agentreach.model import Resource, Span

_PATH = "aws:cdk:path"
_INNERMOST = ("/Resource", "/Default")


class _Construct(NamedTuple):
    start: int
    end: int
    path: str


Constructs = dict[str, list[_Construct]]
"""The constructs of a file, by its path."""


def named(findings: tuple[Finding, ...], constructs: Constructs) -> tuple[Finding, ...]:
    """The findings, with the construct of each resource named where it first occurs in the evidence."""
    if not constructs:
        return findings
    return tuple(replace(one, evidence=tuple(_with_paths(one.evidence, constructs))) for one in findings)


def by_source(resources: Iterable[Resource]) -> Constructs:
    """Where the constructs of these resources stand."""
    found: defaultdict[str, list[_Construct]] = defaultdict(list)
    for resource in resources:
        path = string(child(resource.siblings.get("Metadata"), _PATH)) if resource.siblings else None
        if path:
            at = resource.at
            found[at.source.path].append(_Construct(at.start, at.end, _trimmed(path)))
    return {source: sorted(several) for source, several in found.items()}


def _trimmed(path: str) -> str:
    """Without the name of the resource inside a construct of CDK's own library."""
    return next((path.removesuffix(end) for end in _INNERMOST if path.endswith(end)), path)


def _with_paths(evidence: Sequence[Evidence], constructs: Constructs) -> Iterator[Evidence]:
    said: set[str] = set()
    for one in evidence:
        path = _path_at(one.at, constructs.get(one.at.source.path, []))
        if path is None or path in said:
            yield one
            continue
        said.add(path)
        yield one._replace(note=f"{one.note} (construct {path})")


def _path_at(at: Span, constructs: Sequence[_Construct]) -> str | None:
    """The construct whose resource holds a place; resources of one template do not overlap."""
    number = bisect_right(constructs, at.start, key=lambda one: one.start) - 1
    return constructs[number].path if number >= 0 and at.start < constructs[number].end else None
