"""ARNs of declared things, as text with typed holes.

`aws_s3_bucket.logs.arn` becomes `arn:{partition}:s3:::logs`: what the code gives is text, what it does not is
an `Unknown` that says which part of the ARN it is, and a generated name is a `Reference` to the resource itself, so
that two mentions of one bucket stay the same bucket.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.lowering.aws.accounts import place_of, told_accounts
from agentreach.lowering.aws.arn_table import NAMING
from agentreach.lowering.aws.dialect import canonical, names
from agentreach.lowering.context import reference_of
from agentreach.lowering.declaration import Scope, fold
from agentreach.model import (
    Encoded,
    Kind,
    ListValue,
    MapValue,
    OneOf,
    Reference,
    Scalar,
    Text,
    Unknown,
    string,
    text_parts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.lowering.aws.arn_table import Naming
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Span, Value

Part = str | Unknown | Reference

_FIELD = late_regex(r"\{([a-z?]+)\}")
_KINDS = {"partition": Kind.PARTITION, "region": Kind.REGION, "account": Kind.ACCOUNT}
_DEPTH = 8


def arn_of(resource: Resource, context: Context) -> Value | None:
    """Return the ARN of a declared resource; None for types whose ARN the code cannot tell."""
    naming = NAMING.get(canonical(resource.type))
    if naming is None:
        return None
    return _value(tuple(_arn(resource, naming, context, _DEPTH)), resource.at)


def name_of(resource: Resource, context: Context) -> Value | None:
    """Return the declared name of a resource; None when the service generates it."""
    naming = NAMING.get(canonical(resource.type))
    declared = scope_of(resource).get(naming.name if naming else "Name")
    return None if declared is None else resolved(declared, context)


def resolve(value: Value | None, context: Context) -> tuple[Part, ...]:
    """Return a string-like value as parts in which ARNs and names of declared things are spelled out."""
    return tuple(_joined(_parts(value, context, _DEPTH)))


def resolved(value: Value, context: Context) -> Value:
    """Return the value with every reference to an ARN or name spelled out; lists and alternatives one by one."""
    match value:
        case Reference() | Text():
            return _value(resolve(value, context), value.at, reference_of(value))
        case ListValue(items=items):
            return ListValue(tuple(resolved(item, context) for item in items), value.at, open=value.open)
        case OneOf(alternatives=several):
            return OneOf(tuple(resolved(one, context) for one in several), value.at, value.reason)
        case _:
            return value


def scope_of(resource: Resource) -> Scope:
    """Read a resource by CloudFormation's names."""
    return Scope(resource, resource.attributes, names(resource.type))


def account_of(resource: Resource, context: Context) -> str | None:
    """Return the account a declaration lives in; None where its provider or template does not give it away."""
    said = string(resource.siblings.get("account"))
    if said:
        return said
    told = context.once("accounts", lambda: told_accounts(context))
    return told.get(place_of(resource)) if told else None


def outside(value: Value, context: Context) -> Value:
    """Spell out what a data source names: it stands for something declared elsewhere, perhaps in another root."""
    if isinstance(value, OneOf):
        return OneOf(tuple(outside(one, context) for one in value.alternatives), value.at, value.reason)
    resource = context.lookup(value)
    if resource is None or not resource.type.startswith("data.") or isinstance(value, Encoded | MapValue):
        return value
    return resolved(value, context)


def _value(parts: tuple[Part, ...], at: Span, reference: Reference | None = None) -> Value:
    if len(parts) == 1:
        only = parts[0]
        return Scalar(only, at, reference) if isinstance(only, str) else only
    return Text(parts, at)


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Join neighbouring texts."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        text = ""
        yield part
    if text:
        yield text


def _parts(value: Value | None, context: Context, depth: int) -> Iterator[Part]:
    for part in text_parts(value):
        if isinstance(part, Reference) and depth:
            yield from _reference(part, context, depth - 1)
        else:
            yield part


def _reference(reference: Reference, context: Context, depth: int) -> Iterator[Part]:
    resource = context.resources.get(reference.key)
    naming = None if resource is None else NAMING.get(canonical(resource.type))
    if resource is None or naming is None:
        yield reference
        return
    meaning = _meaning(reference.attribute, naming, resource)
    if meaning == "arn":
        yield from _arn(resource, naming, context, depth)
    elif meaning == "name":
        yield from _name(resource, naming, context, depth)
    elif meaning == "qualified":
        yield from (*_arn(resource, naming, context, depth), ":", Unknown("the version is not known", reference.at))
    else:
        yield reference


def _meaning(attribute: str, naming: Naming, resource: Resource) -> str:
    """Say what an attribute holds: "arn", "name", "qualified" (an ARN with a version) or ""."""
    if attribute == "Ref":
        return naming.ref
    if attribute == "id":
        return naming.id
    folded = fold(attribute)
    if folded in {"qualifiedarn", "invokearn", "agentaliasarn.version"}:
        return "qualified" if folded == "qualifiedarn" else ""
    if folded.endswith("arn") and "." not in attribute and not attribute.lower().endswith(("role_arn", "rolearn")):
        return "arn"
    named = {fold(naming.name), fold(names(resource.type).get(naming.name, naming.name))}
    return "name" if folded in named else ""


def _arn(resource: Resource, naming: Naming, context: Context, depth: int) -> Iterator[Part]:
    declared = scope_of(resource).get("Arn")
    if resource.type.startswith("data.") and declared is not None:
        yield from _parts(declared, context, depth)
        return
    for before, field in _pieces(naming.arn):
        yield before
        parts = _field(field, resource, naming, context, depth) if field else ()
        yield from _trimmed(tuple(parts)) if before.endswith("/") else parts


@cache
def _pieces(arn: str) -> tuple[tuple[str, str], ...]:
    """The texts of an ARN's pattern, each with the field behind it; the last with none."""
    pieces = _FIELD.split(arn)
    return tuple(zip(pieces[::2], (*pieces[1::2], ""), strict=True))


def _field(field: str, resource: Resource, naming: Naming, context: Context, depth: int) -> Iterator[Part]:
    if field == "name":
        yield from _name(resource, naming, context, depth)
    elif field == "path":
        yield from _path(resource, context, depth)
    elif field == "?":
        yield Reference(resource.key, "id", resource.at)
    elif field == "account" and (known := account_of(resource, context)) is not None:
        yield known
    else:
        yield Unknown(f"the {field} is not known", resource.at, _KINDS[field])


def _name(resource: Resource, naming: Naming, context: Context, depth: int) -> Iterator[Part]:
    scope = scope_of(resource)
    declared = scope.get(naming.name)
    if declared is not None and depth:
        yield from _parts(declared, context, depth - 1)
        return
    prefix = scope.get("name_prefix") or scope.get("bucket_prefix")
    if prefix is not None and depth:
        yield from _parts(prefix, context, depth - 1)
    yield Reference(resource.key, "name", resource.at)


def _trimmed(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Drop what a name may begin with and an ARN never repeats after a slash: a parameter's own, a URL's scheme."""
    for index, part in enumerate(parts):
        yield part if index or not isinstance(part, str) else part.removeprefix("https://").removeprefix("/")


def _path(resource: Resource, context: Context, depth: int) -> Iterator[Part]:
    declared = scope_of(resource).get("Path")
    if declared is None or not depth:
        yield "/"
    else:
        yield from _parts(declared, context, depth - 1)
