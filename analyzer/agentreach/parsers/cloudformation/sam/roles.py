"""The roles SAM generates: `<LogicalId>Role`, placed at the resource that causes it.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.cloudformation.sam.policies import unique
from agentreach.parsers.cloudformation.sam.writing import Plain, generated, properties_of, tag_list, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.model import MapValue, Span, Value
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.sam.policies import Policies

TYPE = "AWS::IAM::Role"


def trust(service: str) -> Plain:
    """The trust policy SAM writes for a service."""
    statement: Plain = {"Effect": "Allow", "Principal": {"Service": [service]}, "Action": ["sts:AssumeRole"]}
    return {"Version": "2012-10-17", "Statement": [statement]}


def policy(name: str, *statements: Plain) -> Plain:
    """An inline policy of a role."""
    return {"PolicyName": name, "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}


def allow(actions: str | Sequence[str], resources: Plain) -> Plain:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def execution_role(cause: Entry, service: str, policies: Policies) -> Entry:
    """The role a function or state machine runs as, with what the resource says about it."""
    properties = properties_of(cause)
    role: dict[str, Plain] = {
        "AssumeRolePolicyDocument": properties.entries.get("AssumeRolePolicyDocument")
        or written(trust(service), cause.at),
        "ManagedPolicyArns": unique(policies.managed) or None,
        "Policies": policies.inline or None,
        "Path": properties.entries.get("RolePath"),
        "PermissionsBoundary": properties.entries.get("PermissionsBoundary"),
        "Tags": tag_list(properties.entries.get("Tags")),
    }
    return _with_key_spans(generated(cause, f"{cause.name}Role", TYPE, role), properties)


def _with_key_spans(role: Entry, properties: MapValue) -> Entry:
    """What the resource itself says keeps its own place."""
    made = properties_of(role)
    for name, written_as in (("Path", "RolePath"), ("Policies", "Policies"), ("Tags", "Tags"), *_SAME):
        if name in made.keys and written_as in properties.keys:
            made.keys[name] = properties.keys[written_as]
    return role


_SAME = tuple((name, name) for name in ("AssumeRolePolicyDocument", "PermissionsBoundary"))


def event_role(
    cause: Entry, name: str, service: str, inline: Sequence[Plain], *, at: Span, boundary: Value | None
) -> Entry:
    """The role that an event source assumes to start what it triggers."""
    role: dict[str, Plain] = {
        "AssumeRolePolicyDocument": trust(service),
        "Policies": inline,
        "PermissionsBoundary": boundary,
    }
    return generated(cause, name, TYPE, role, at)
