"""Container images by the name of what publishes them, which the publishing repository declares too.

    ecr:ACCOUNT/NAME     an ECR repository           gar:PROJECT/REPOSITORY   one of Artifact Registry
    acr:REGISTRY         a registry of Azure         source:OWNER/NAME        a repository of GitHub or GitLab

On ghcr.io and registry.gitlab.com an image lies below the name of a repository, which is custom or rule there and
declared nowhere. `*` and `?` stand for an account or project that an image, or a declaration, leaves open.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from agentreach.graph.spelling import HOLE, arn, pattern
from agentreach.lowering.signals import repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import System

NOTE: Final = "image "
"""How the note of a setting begins that names the image a workload runs."""

_OPEN: Final = "…"
_ANY, _UNSAID = "*", "?"


def published(system: System) -> Iterator[str]:
    """The names of images that a declared registry holds."""
    first = pattern(system.names[0]) or "" if system.names else ""
    match system.service, system.kind:
        case "ecr", "repository":
            parts = arn(first)
            if parts is not None:
                yield from _declared("ecr", parts.account, parts.resource.partition("/")[2])
        case "artifactregistry", "repository":
            project, between, name = first.removeprefix("projects/").partition("/repositories/")
            yield from _declared("gar", project, name) if between else ()
        case "containerregistry", "registry":
            yield from _declared("acr", "", first.rpartition("/registries/")[2])
        case _:
            pass


def _declared(kind: str, scope: str, name: str) -> Iterator[str]:
    if name and HOLE not in name:
        scopes = (scope if scope and HOLE not in scope else _UNSAID, _ANY)
        yield from (_spelt(kind, one, name) for one in scopes)


def _spelt(kind: str, scope: str, name: str) -> str:
    return f"{kind}:{name.lower()}" if kind == "acr" else f"{kind}:{scope.lower()}/{name.lower()}"


def published_by(slug: str) -> str:
    """The name of images that a repository of GitHub or GitLab publishes under its own."""
    return f"source:{slug.lower()}"


def run(image: str) -> Iterator[str]:
    """The names by which a workload's image may be declared; none where its registry or its name is open."""
    host, _, path = repository(image).partition("/")
    label, _, domain = host.partition(".")
    segments = path.split("/")
    if ".dkr.ecr" in host:
        yield from _mentioned("ecr", label, path)
    elif host.endswith("-docker.pkg.dev"):
        yield from _mentioned("gar", segments[0], "/".join(segments[1:2]))
    elif domain == "azurecr.io":
        yield from _mentioned("acr", "", label)
    elif host in {"ghcr.io", "registry.gitlab.com"}:
        owned = [pair for pair in pairwise(segments) if all(pair) and _OPEN not in "".join(pair)]
        yield from (f"source:{'/'.join(pair)}" for pair in (owned[:1] if host == "ghcr.io" else owned))


def _mentioned(kind: str, scope: str, name: str) -> Iterator[str]:
    if name and _OPEN not in name:
        scopes = (scope, _UNSAID) if scope and _OPEN not in scope else (_ANY,)
        yield from (_spelt(kind, one, name) for one in scopes)
