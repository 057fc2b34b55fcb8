"""By which names a workload's image and the registry that holds it meet."""

from __future__ import annotations

import pytest

from agentreach.fleet.images import published, published_by, run
from agentreach.identity import System
from agentreach.model import Key, Scalar, Source, Span, Text, Unknown

AT = Span(Source("main.tf", " "), 0, 1)
OPEN = Unknown("not known", AT)


def registry(service: str, kind: str, *parts: str | Unknown) -> set[str]:
    name = Text(parts, AT) if len(parts) > 1 else Scalar(str(parts[0]), AT)
    return set(published(System(key=Key(".", "r"), service=service, kind=kind, names=(name,), at=AT)))


@pytest.mark.parametrize(
    ("image", "names"),
    [
        (
            "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agents/Bot:1",
            {"ecr:111122223333/agents/bot", "ecr:?/agents/bot"},
        ),
        ("….dkr.ecr.….amazonaws.com/agents/bot:latest", {"ecr:*/agents/bot"}),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/…", set()),
        ("europe-west1-docker.pkg.dev/acme-prod/agents/bot@sha256:0", {"gar:acme-prod/agents", "gar:?/agents"}),
        ("europe-west1-docker.pkg.dev//agents/bot:1", {"gar:*/agents"}),
        ("acmeagents.azurecr.io/team/bot:1", {"acr:acmeagents"}),
        ("ghcr.io/acme/bot/server:1", {"source:acme/bot"}),
        ("ghcr.io/…/bot:1", set()),
        ("registry.gitlab.com/acme/platform/bot", {"source:acme/platform", "source:platform/bot"}),
        ("docker.io/library/python:3.12", set()),
        ("python", set()),
        ("", set()),
    ],
)
def test_names_of_an_image(image: str, names: set[str]) -> None:
    assert set(run(image)) == names


def test_names_that_a_declared_registry_publishes() -> None:
    arn = ("arn:aws:ecr:eu-west-1:111122223333:repository/agents/bot",)
    assert registry("ecr", "repository", *arn) == {"ecr:111122223333/agents/bot", "ecr:*/agents/bot"}
    parts = ("arn:aws:ecr:", OPEN, ":", OPEN, ":repository/agents/bot")
    assert registry("ecr", "repository", *parts) == {"ecr:?/agents/bot", "ecr:*/agents/bot"}
    assert registry("ecr", "repository", "arn:aws:ecr:::repository/", OPEN) == set()
    google = registry("artifactregistry", "repository", "projects/acme-prod/repositories/agents")
    assert google == {"gar:acme-prod/agents", "gar:*/agents"}
    azure = ("/subscriptions/", OPEN, "/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/acmeagents")
    assert registry("containerregistry", "registry", *azure) == {"acr:acmeagents"}
    assert registry("s3", "bucket", "arn:aws:s3:::agents") == set()
    assert published_by("Acme/Bot") == "source:acme/bot"
