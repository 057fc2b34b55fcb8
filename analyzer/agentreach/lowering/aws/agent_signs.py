"""What says that a model acts here: names, images and variables of a workload, pipelines of coding agents.

Actions and service principals are read by the graph, from the policies of the identity a workload runs as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Signal
from agentreach.lowering import signals
from agentreach.model import text_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.identity import Policy
    from agentreach.model import Key, Span, Value

CI_ISSUERS = (
    "token.actions.githubusercontent.com",
    "gitlab.com",
    "api.bitbucket.org",
    "agent.buildkite.com",
    "oidc.circleci.com",
    "app.terraform.io",
    "vstoken.dev.azure.com",
)
"""Issuers whose tokens prove a pipeline run."""

CODING_AGENTS = ("claude", "codex", "gemini-cli", "gemini_cli", "copilot", "aider", "openhands", "cursor", "devin")
"""Names of coding agents in the name, description or tags of a role."""


def ci_issuer(policy: Policy) -> tuple[str, Span] | None:
    """The CI system whose pipelines may assume a role, and where the trust says so."""
    for name, at in trusted(policy, "Federated"):
        issuer = next((one for one in CI_ISSUERS if one in name), None)
        if issuer is not None:
            return issuer, at
    return None


def coding_agent(texts: Iterable[str]) -> str | None:
    """The coding agent that a name, description or tag speaks of."""
    words = " ".join(texts).lower()
    return next((name for name in CODING_AGENTS if name in words), None)


def trusted(policy: Policy, kind: str) -> Iterator[tuple[str, Span]]:
    """Known texts of one kind of principal in the Allow statements of a trust policy."""
    for statement in policy.statements:
        if statement.effect != "Allow":
            continue
        for one in statement.principals:
            if one.kind == kind:
                yield spelling(one.value), one.value.at


def spelling(value: Value) -> str:
    """A value's known text; the known parts of a text with holes."""
    return "".join(part for part in text_parts(value) if isinstance(part, str))


def of_environment(subject: Key, name: str, at: Span) -> Iterator[Signal]:
    """A sign that an environment variable gives."""
    sign = signals.of_variable(name)
    if sign is not None:
        yield Signal(subject=subject, kind="environment", strength=sign.strength, detail=sign.detail, at=at)


def of_image(subject: Key, image: Value) -> Iterator[Signal]:
    """A sign that a container image gives."""
    sign = signals.of_image(spelling(image))
    if sign is not None:
        yield Signal(subject=subject, kind="image", strength=sign.strength, detail=sign.detail, at=image.at)


def of_name(subject: Key, name: str, at: Span) -> Iterator[Signal]:
    """A sign that a declared name gives."""
    sign = signals.of_name(name)
    if sign is not None:
        yield Signal(subject=subject, kind="name", strength=sign.strength, detail=sign.detail, at=at)


def of_tags(subject: Key, tags: dict[str, str], at: Span) -> Iterator[Signal]:
    """A sign for each tag that says so."""
    for name, value in tags.items():
        sign = signals.of_label(name, value)
        if sign is not None:
            yield Signal(subject=subject, kind="label", strength=sign.strength, detail=sign.detail, at=at)
