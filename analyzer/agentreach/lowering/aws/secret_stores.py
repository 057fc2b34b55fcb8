"""Secrets Manager and Parameter Store: what is kept there, whether it is rotated, and values in the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential
from agentreach.lowering import durations, secrets
from agentreach.lowering.arns import scope_of
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import system
from agentreach.lowering.durations import Unit
from agentreach.lowering.policy_document import structure
from agentreach.model import Key, MapValue, Unknown, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Span, Value

_ROTATION = "AWS::SecretsManager::RotationSchedule"


class Rotation(NamedTuple):
    """Whether something rotates a secret, how often, and where that is written."""

    rotated: bool
    every: float | Unknown | None
    at: Span


def secret(scope: Scope, context: Context) -> Iterator[Fact]:
    """A secret with the rotation that refers to it; one without never changes by itself."""
    found = rotation(scope.resource, context)
    yield system(scope, context, "secretsmanager", "secret")
    yield Credential(
        key=scope.resource.key,
        kind="secret",
        owner=scope.resource.key,
        at=found.at if found else scope.resource.at,
        ttl=found.every if found else None,
        never_expires=found is None,
        rotated=found is not None,
        stored_in="Secrets Manager",
        thresholds="static-secret",
    )
    yield from _values(scope, "SecretString")


def rotation(resource: Resource, context: Context) -> Rotation | None:
    """The rotation that refers to a declared secret."""
    for schedule in context.mentions(resource.key):
        if canonical(schedule.type) != _ROTATION:
            continue
        scope = scope_of(schedule)
        if context.lookup(scope.get("SecretId")) is resource and scope.flag("rotation_enabled") is not False:
            return Rotation(rotated=True, every=_interval(scope), at=schedule.at)
    return None


def _interval(scope: Scope) -> float | Unknown | None:
    """`AutomaticallyAfterDays`, or a rate in the schedule expression; a cron expression says no interval."""
    days = durations.seconds(scope.get("RotationRules.AutomaticallyAfterDays"), Unit.DAYS)
    expression = scope.text("RotationRules.ScheduleExpression") or ""
    if days is not None or not expression.startswith("rate("):
        return days
    amount, _, unit = expression.removeprefix("rate(").rstrip(")").partition(" ")
    scale = {"hour": durations.HOUR, "day": durations.DAY, "minute": durations.MINUTE}.get(unit.rstrip("s"))
    return float(amount) * scale if scale and amount.isdigit() else None


def secret_version(scope: Scope, _context: Context) -> Iterator[Fact]:
    """The value that Terraform puts into a secret: it lies in the state, and perhaps in the code."""
    yield from _values(scope, "secret_string")
    yield from _values(scope, "secret_string_wo")


def _values(scope: Scope, path: str) -> Iterator[Fact]:
    """Literals in a secret's value, whole or by key of a JSON text."""
    value = scope.get(path)
    document = None if value is None else structure(value)
    if isinstance(document, MapValue) and document.entries:
        for name, entry in document.entries.items():
            yield from _literal(scope, name, entry)
    elif value is not None:
        yield from _literal(scope, path, value)


def _literal(scope: Scope, name: str, value: Value) -> Iterator[Fact]:
    text = string(value)
    found = None if text is None else secrets.detect("secret", text)
    if found is not None:
        yield Credential(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}#{name}"),
            kind="secret",
            owner=scope.get("SecretId") or scope.resource.key,
            at=value.at,
            never_expires=True,
            rotated=False,
            stored_in="state",
            thresholds="static-secret",
            literal=True,
            placeholder=found.placeholder,
            note=found.kind,
            attribute=name,
        )


def parameter(scope: Scope, context: Context) -> Iterator[Fact]:
    """A parameter; nothing can rotate one. A String that holds a key is a key in plain text."""
    secure = scope.text("Type") == "SecureString"
    yield system(scope, context, "ssm", "secret" if secure else "parameter")
    if secure:
        yield Credential(
            key=scope.resource.key,
            kind="secret",
            owner=scope.resource.key,
            at=scope.at("Type"),
            never_expires=True,
            rotated=False,
            stored_in="Parameter Store",
            thresholds="static-secret",
        )
    for path in ("Value", "insecure_value"):
        if secure or secrets.is_secret_name(scope.text("Name") or "") or _has_shape(scope, path):
            yield from _literal_parameter(scope, path)


def _has_shape(scope: Scope, path: str) -> bool:
    return secrets.detect("", scope.text(path) or "") is not None


def _literal_parameter(scope: Scope, path: str) -> Iterator[Fact]:
    value = scope.get(path)
    if value is not None and not isinstance(value, Unknown):
        yield from _literal(scope, scope.written(path), value)


def _nothing(_scope: Scope, _context: Context) -> Iterator[Fact]:
    """A rotation is read with its secret."""
    return iter(())


LOWERINGS = {
    "AWS::SecretsManager::Secret": secret,
    "AWS::SecretsManager::RotationSchedule": _nothing,
    "AWS::SSM::Parameter": parameter,
    "aws_secretsmanager_secret_version": secret_version,
}
