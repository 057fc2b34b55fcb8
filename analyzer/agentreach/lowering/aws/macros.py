"""What a CloudFormation macro may add at deployment: policies to principals, anything to the resource that calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Hidden, Policy, PolicyRole
from agentreach.lowering.aws.dialect import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.model import Resource, Unknown

_PRINCIPALS = frozenset({"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"})


def rewritten(resource: Resource, macro: Unknown) -> Iterator[Fact]:
    """A principal may hold more than is written; so may whatever names the macro itself."""
    key = resource.key
    if canonical(resource.type) in _PRINCIPALS:
        yield Policy(key=key, role=PolicyRole.IDENTITY, statements=(), at=macro.at, subject=key, unknown=macro)
    elif resource.at.start <= macro.at.start < resource.at.end:
        yield Hidden(subject=key, attribute="Fn::Transform", reason=macro.reason, at=macro.at)
