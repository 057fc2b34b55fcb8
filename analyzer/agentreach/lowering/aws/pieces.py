"""Facts that many AWS types state in the same way: principals, policies, attachments, identities in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Attachment, IdentityRelation, IdentityUse, Policy, PolicyRole, Principal, System
from agentreach.lowering import durations, tags
from agentreach.lowering.arns import arn_of, name_of, outside, resolved, scope_of
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.policy_document import read
from agentreach.model import ListValue, OneOf, Reference, Scalar, Text, Unknown, alternatives, string
from agentreach.named_tuples import NamedTuple
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Condition, Statement
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Resource, Span, Value


def names_of(resource: Resource, context: Context) -> tuple[Value, ...]:
    """What a declared thing may be called: its ARN, and its name where one is declared."""
    found = (arn_of(resource, context), name_of(resource, context))
    return tuple(name for name in found if name is not None)


def label(scope: Scope, *paths: str) -> str:
    """The declared name of a resource as far as it is known, else the name in its address."""
    for path in paths:
        value = scope.get(path)
        for one in alternatives(value) if value is not None else ():
            text = string(one)
            if text:
                return text
    return scope.resource.name


def principal(scope: Scope, context: Context, kind: str, *, human: bool = False) -> Principal:
    """The declared principal itself."""
    return Principal(
        key=scope.resource.key,
        kind=kind,
        provider="aws",
        at=scope.resource.at,
        names=names_of(scope.resource, context),
        human=human,
        tags=tags_of(scope),
    )


def system(scope: Scope, context: Context, service: str, kind: str) -> System:
    """A declared thing that can be reached."""
    return System(
        key=scope.resource.key,
        service=service,
        kind=kind,
        names=names_of(scope.resource, context),
        at=scope.resource.at,
        tags=tags_of(scope),
    )


def tags_of(scope: Scope) -> dict[str, str]:
    """The declaration's tags, those inherited from the provider or the stack included."""
    return tags.read(scope.get("TagsAll"), scope.get("Tags"))


def uses(
    scope: Scope,
    path: str,
    context: Context,
    *,
    subject: Key | None = None,
    relation: IdentityRelation = IdentityRelation.RUNS_AS,
    note: str = "",
) -> Iterator[IdentityUse]:
    """The identities that an attribute names, one for each it may be."""
    for value in scope.values(path):
        yield IdentityUse(
            subject=subject or scope.resource.key,
            identity=outside(value, context),
            relation=relation,
            at=scope.at(path),
            note=note,
        )


def attached(
    scope: Scope,
    path: str,
    context: Context,
    principal: Key | Value,
    role: PolicyRole = PolicyRole.IDENTITY,
) -> Iterator[Attachment]:
    """The managed policies that an attribute attaches."""
    value = scope.get(path)
    lone = not isinstance(value, ListValue)
    for one, decided in _elements(value):
        yield Attachment(
            principal=principal,
            policy=outside(one, context),
            at=scope.at(path) if lone else one.at,
            role=role,
            certain=scope.resource.certain and decided,
        )


def _elements(value: Value | None, *, decided: bool = True) -> Iterator[tuple[Value, bool]]:
    """Each element of a list that may be there, and whether it surely is."""
    match value:
        case None | Scalar(value=None):
            return
        case ListValue(items=items):
            for item in items:
                yield from _elements(item, decided=decided)
            if value.open and not any(isinstance(item, Unknown) for item in items):
                yield Unknown("there may be more of them than the code says", value.at), False
        case OneOf(alternatives=several):
            for one in several:
                yield from _elements(one, decided=False)
        case _:
            yield value, decided


def policy(
    scope: Scope,
    path: str,
    context: Context,
    *,
    role: PolicyRole = PolicyRole.IDENTITY,
    subject: Key | Value | None = None,
    names: tuple[Value, ...] = (),
) -> Policy:
    """The document an attribute holds, with the ARNs of declared things spelled out."""
    document = read(
        scope.get(path),
        key=scope.resource.key,
        role=role,
        at=scope.at(path),
        subject=subject,
        names=names,
        certain=scope.resource.certain,
    )
    return spelled(document, context)


def spelled(document: Policy, context: Context) -> Policy:
    """The document with references to declared things in its resources and conditions as ARN texts."""
    return replace(document, statements=tuple(_statement(one, context) for one in document.statements))


def _statement(statement: Statement, context: Context) -> Statement:
    return replace(
        statement,
        resources=_all(statement.resources, context),
        not_resources=_all(statement.not_resources, context),
        conditions=tuple(_condition(one, context) for one in statement.conditions),
        principals=tuple(one._replace(value=outside(one.value, context)) for one in statement.principals),
    )


def _condition(condition: Condition, context: Context) -> Condition:
    return condition._replace(values=_all(condition.values, context))


def _all(values: tuple[Value, ...], context: Context) -> tuple[Value, ...]:
    return tuple(resolved(value, context) for value in values)


def subject_of(scope: Scope, value: Value, context: Context, kind: str) -> Key | Value:
    """The declared principal of a kind ("AWS::IAM::Role") that a value means: by reference, or by name in its root.

    A plain name says nothing about the kind of principal, and a role and a user may share one: so it is looked
    up here, where the kind is known. What is not found stays as written.
    """
    resource = context.lookup(value)
    if resource is not None and canonical(resource.type) == kind:
        return outside(value, context) if resource.type.startswith("data.") else resource.key
    name = string(value)
    if name is None:
        return outside(value, context)
    named = context.once(("named", kind), lambda: _named(context, kind))
    near = named.get((scope.resource.key.root, name), [])
    return near[0] if len(near) == 1 else value


def _named(context: Context, kind: str) -> dict[tuple[str, str], list[Key]]:
    """Declared principals of a kind by root and name."""
    found: dict[tuple[str, str], list[Key]] = {}
    types = [type_ for type_ in context.types if not type_.startswith("data.") and canonical(type_) == kind]
    for resource in context.of_type(*types):
        name = string(name_of(resource, context))
        if name is not None:
            found.setdefault((resource.key.root, name), []).append(resource.key)
    return found


_QUALIFIERS = {"AWS::Lambda::Alias": "FunctionName", "AWS::Lambda::Version": "FunctionName"}


def executor(scope: Scope, path: str, context: Context) -> Value | None:
    """What an attribute names as what executes a tool, at the attribute; the function of a version or alias."""
    value = scope.get(path)
    named = None if value is None else executed(value, context)
    return None if named is None else placed(named, scope.at(path))


def placed(value: Value, at: Span) -> Value:
    """The value at the attribute that holds it, when it was written elsewhere (an output of a module, a local)."""
    within = value.at.source is at.source and at.start <= value.at.start and value.at.end <= at.end
    return value if within or not isinstance(value, Reference | Scalar | Text) else replace(value, at=at)


def executed(value: Value, context: Context) -> Value:
    """What a value names, or the function of the version or alias that it names."""
    resource = context.lookup(value)
    path = None if resource is None else _QUALIFIERS.get(canonical(resource.type))
    found = None if resource is None or path is None else scope_of(resource).get(path)
    return found or outside(value, context)


def here(scope: Scope, attribute: str, at: Span) -> Reference:
    """A reference to the declaration itself, for facts that point at what declares them."""
    return Reference(scope.resource.key, attribute, at)


def seconds_at(scope: Scope, path: str, unit: durations.Unit, default: float | None = None) -> Lifetime:
    """The lifetime an attribute writes, else the service's default."""
    written = durations.seconds(scope.get(path), unit)
    return Lifetime(default, defaulted=True) if written is None else Lifetime(written, defaulted=False)


class Lifetime(NamedTuple):
    """Seconds, and whether nobody wrote them."""

    ttl: float | Unknown | None
    defaulted: bool
