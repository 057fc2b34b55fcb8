"""GitHub: secrets of pipelines, deploy keys, and environments whose reviewers have to agree before a job runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential, Gate, System, Unmodelled
from agentreach.lowering.context import reference_of
from agentreach.lowering.declaration import Scope
from agentreach.lowering.saas.pipelines import REPOSITORY, name_of, pipeline, private_half, received
from agentreach.model import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource

PLATFORM = "github"
_VALUES = ("plaintext_value", "value", "plaintext_value_wo")


def secret(resource: Resource, context: Context) -> Iterator[Fact]:
    """A secret of a repository or of one of its environments: it has no end, and every run that may use it gets it."""
    scope = Scope(resource, resource.attributes)
    name = name_of(scope.get("repository"), context, "name")
    environment = name_of(scope.get("environment"), context, "environment") if scope.has("environment") else ""
    key = pipeline(resource.key.root, REPOSITORY, name, environment)
    path = next((one for one in _VALUES if scope.has(one)), "encrypted_value")
    called = scope.text("secret_name") or resource.name
    value = scope.get(path) if path != "encrypted_value" else None
    yield from received(scope, key, PLATFORM, called, value, path)
    yield Credential(
        key=resource.key,
        kind="secret",
        owner=key,
        at=scope.at(path, "secret_name"),
        never_expires=True,
        rotated=None if value is not None and reference_of(value) is not None else False,
        stored_in="GitHub Actions",
        thresholds="static-secret",
        note=f"given to pipelines as {called}",
        attribute=path,
    )


def deploy_key(resource: Resource, context: Context) -> Iterator[Fact]:
    """A key for one repository, which has no end; one that is not read-only may push."""
    scope = Scope(resource, resource.attributes)
    writes = scope.flag("read_only") is False
    declared = private_half(scope, context) or context.lookup(scope.get("repository"))
    yield Credential(
        key=resource.key,
        kind="deploy-key",
        owner=resource.key if declared is None else declared.key,
        at=scope.at("read_only", "key"),
        never_expires=True,
        rotated=False,
        renewable_without_human=False,
        stored_in="",
        thresholds="static-secret",
        note="may push" if writes else "may read",
        attribute="read_only",
    )


def environment(resource: Resource, context: Context) -> Iterator[Fact]:
    """Reviewers of an environment have to agree before a job with its identity and secrets starts.

    A waiting time alone asks nobody. By default administrators may pass by, which is said and does not undo the gate.
    """
    scope = Scope(resource, resource.attributes)
    if not any(_people(block) for block in scope.each("reviewers")):
        return
    name = name_of(scope.get("repository"), context, "name")
    key = pipeline(resource.key.root, REPOSITORY, name, scope.text("environment") or "…")
    yield Gate(
        subject=Scalar(key.address, resource.at),
        kind="approval",
        at=scope.at("reviewers"),
        fails_closed=True,
        note="; ".join(_how(scope)),
    )


def _people(block: Scope) -> int:
    return sum(1 for path in ("users", "teams") for _ in block.values(path))


def _how(scope: Scope) -> Iterator[str]:
    yield "reviewers have to agree"
    if scope.flag("prevent_self_review") is not True:
        yield "whoever starts the job may be one of them"
    if scope.flag("can_admins_bypass") is not False:
        yield "administrators may pass by"


def repository(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A repository."""
    scope = Scope(resource, resource.attributes)
    own = scope.get("name")
    yield System(
        key=resource.key,
        service=PLATFORM,
        kind="repository",
        names=() if own is None else (own,),
        at=resource.at,
        provider=PLATFORM,
    )


def unmodelled(resource: Resource, _context: Context) -> Iterator[Fact]:
    """Agent-related by its family, and not described: said, not guessed at."""
    yield Unmodelled(key=resource.key, type=resource.type, at=resource.at)
