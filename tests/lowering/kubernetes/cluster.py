"""Facts of manifests written in a test."""

from __future__ import annotations

from textwrap import dedent
from typing import TypeVar

from agentreach.identity import Aspect, Fact, Setting
from agentreach.lowering import lower, wanted
from agentreach.model import Broken, Resource, Skipped, Source
from agentreach.parsers.kubernetes import manifests

F = TypeVar("F")


def resources(text: str, root: str = ".") -> tuple[Resource, ...]:
    found = []
    for one in manifests.read(Source("test.yaml", dedent(text).lstrip("\n")), wanted):
        assert not isinstance(one, Broken | Skipped), one
        resource = manifests.resource(one, root)
        if resource is not None and wanted(resource.type):
            found.append(resource)
    return tuple(found)


def facts(text: str) -> tuple[Fact, ...]:
    return lower(resources(text))


def of(kind: type[F], text: str) -> list[F]:
    return [fact for fact in facts(text) if isinstance(fact, kind)]


def settings(aspect: Aspect, text: str) -> list[tuple[str, bool | None, int]]:
    found = of(Setting, text)
    return [(address(one.subject), one.state, line(one)) for one in found if one.aspect is aspect]


def address(subject: object) -> str:
    return str(subject)


def line(fact: object) -> int:
    return int(fact.at.location.line)  # type: ignore[attr-defined]
