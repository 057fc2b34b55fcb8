"""What every AWS workload states: itself, the signs it gives, its images and its way out."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from agentreach.identity import Aspect, SecretUse, Setting, Workload
from agentreach.lowering import secrets, startup_scripts
from agentreach.lowering.arns import scope_of
from agentreach.lowering.aws import agent_signs
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import label, tags_of
from agentreach.model import Reference, Scalar, Unknown, string, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Resource, Value


def workload(scope: Scope, kind: str, *names: str) -> Iterator[Fact]:
    """The workload, and what its name and tags say."""
    key, name, tags = scope.resource.key, label(scope, *names), tags_of(scope)
    yield Workload(key=key, name=name, platform="aws", kind=kind, at=scope.resource.at, tags=tags)
    yield from agent_signs.of_name(key, name, scope.at(*names))
    yield from agent_signs.of_tags(key, tags, scope.at("Tags"))


def image(subject: Key, value: Value, context: Context) -> Iterator[Fact]:
    """What an image says, and whether it is named by digest or by a tag that cannot move."""
    yield from agent_signs.of_image(subject, value)
    yield Setting(
        subject=subject,
        aspect=Aspect.PINNED_ARTIFACT,
        state=_pinned(value, context),
        at=value.at,
        note=f"image {_shown(value)}",
    )


def _pinned(value: Value, context: Context) -> bool | None:
    parts = text_parts(value)
    known = "".join(part for part in parts if isinstance(part, str))
    if "@" in known:
        return True
    if not known and len(parts) == 1 and isinstance(parts[0], Unknown):
        return None
    return any(_immutable(resource) for resource in _repositories(value, context))


def _repositories(value: Value, context: Context) -> Iterator[Resource]:
    references = [part for part in text_parts(value) if isinstance(part, Reference)]
    if isinstance(value, Scalar) and value.reference is not None:
        references.append(value.reference)
    for reference in references:
        resource = context.resources.get(reference.key)
        if resource is not None and canonical(resource.type) == "AWS::ECR::Repository":
            yield resource


def _immutable(repository: Resource) -> bool:
    return scope_of(repository).text("ImageTagMutability") == "IMMUTABLE"


def _shown(value: Value) -> str:
    return "".join(part if isinstance(part, str) else "…" for part in text_parts(value)).partition("@")[0]


_RULES = frozenset({"aws_vpc_security_group_egress_rule", "aws_security_group_rule", "AWS::EC2::SecurityGroupEgress"})
_ANYWHERE = frozenset({"0.0.0.0/0", "::/0"})


def egress(subject: Key, scope: Scope, path: str, context: Context) -> Iterator[Fact]:
    """Whether a declared security group lets everything out."""
    for value in scope.values(path):
        group = context.lookup(value)
        if group is None or canonical(group.type) != "AWS::EC2::SecurityGroup":
            continue
        for rule in _open_rules(group, context):
            yield Setting(
                subject=subject,
                aspect=Aspect.UNRESTRICTED_EGRESS,
                state=True,
                at=rule.place,
                note=f"security group {group.key.address} lets everything out",
                defaulted=rule.prefix == "" and rule.resource is group,
            )
            break


def _open_rules(group: Resource, context: Context) -> Iterator[Scope]:
    scope = scope_of(group)
    rules = [*scope.each("SecurityGroupEgress"), *scope.each("egress")]
    separate = [
        scope_of(rule) for rule in context.mentions(group.key) if rule.type in _RULES and _is_of(rule, group, context)
    ]
    for rule in (*rules, *(one for one in separate if one.text("type") in (None, "egress"))):
        if _to_anywhere(rule):
            yield rule
    if not rules and not separate and group.type == "AWS::EC2::SecurityGroup":
        # EC2 adds a rule to anywhere unless the template writes one; Terraform removes it.
        yield scope


def _is_of(rule: Resource, group: Resource, context: Context) -> bool:
    """A rule may mention a group as its peer too."""
    scope = scope_of(rule)
    return context.lookup(scope.get("GroupId") or scope.get("security_group_id")) is group


def _to_anywhere(rule: Scope) -> bool:
    paths = ("CidrIp", "CidrIpv6", "cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
    return any(string(value) in _ANYWHERE for path in paths for value in rule.values(path))


def literals(subject: Key, scope: Scope, path: str, via: str) -> Iterator[Fact]:
    """Secrets with a known shape inside a longer text: what an instance runs when it starts, inline code."""
    for value in scope.values(path):
        for text in _texts(value):
            found = secrets.detect("", text)
            if found is not None:
                yield SecretUse(
                    subject=subject,
                    secret=Scalar(found.kind, value.at),
                    variable=scope.written(path),
                    at=scope.at(path),
                    via=via,
                    literal=True,
                    placeholder=found.placeholder,
                )


def started(subject: Key, scope: Scope, path: str) -> Iterator[Fact]:
    """What an instance runs when it starts: the secrets in it, and what says that a model acts there."""
    yield from literals(subject, scope, path, "user-data")
    for value in scope.values(path):
        for text in _texts(value):
            yield from startup_scripts.signs(subject, text, value.at)


def _texts(value: Value) -> Iterator[str]:
    """The known parts of a text, base64 decoded."""
    for part in text_parts(value):
        if isinstance(part, str):
            yield _decoded(part)


def _decoded(text: str) -> str:
    if " " in text or "\n" in text.strip():
        return text
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return text


SHARED_HOPS = 2
"""From this hop limit on the metadata service answers containers and pods too (EC2 user guide, IMDS)."""


def metadata_service(scope: Scope, path: str) -> Iterator[Fact]:
    """Whether what runs in containers on the instance gets at the instance's own identity."""
    hops = scope.number(f"{path}.HttpPutResponseHopLimit")
    if hops is not None:
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.HOST_ACCESS,
            state=hops >= SHARED_HOPS,
            at=scope.at(f"{path}.HttpPutResponseHopLimit"),
            note=f"metadata hop limit {hops:g}: containers reach the instance's identity",
        )
    if scope.text(f"{path}.HttpTokens") == "optional":
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.HOST_ACCESS,
            state=True,
            at=scope.at(f"{path}.HttpTokens"),
            note="metadata service version 1: it answers containers whatever the hop limit is",
        )
