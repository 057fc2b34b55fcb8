"""The account that a template or module is deployed to, where a literal ARN in it gives it away.

A service takes a role only from its own account (iam:PassRole never crosses one), and a role its managed policies and
its boundary likewise. Two answers are none.
Source: IAM user guide, "Granting a user permissions to pass a role to an AWS service".
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final

from agentreach.lowering.declaration import fold
from agentreach.model import Format, elements, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.lowering.context import Context
    from agentreach.model import Resource

_PASSED: Final = frozenset(
    map(
        fold,
        (
            "AgentResourceRoleArn",
            "ExecutionRoleArn",
            "IamServiceRoleArn",
            "JobRoleArn",
            "ManagedPolicyArns",
            "NodeRole",
            "PermissionsBoundary",
            "Role",
            "RoleArn",
            "ServiceRole",
            "ServiceRoleArn",
            "TaskRoleArn",
        ),
    )
)
"""Properties that hold an ARN of the own account."""

_ACCOUNT_PART: Final = 4


class Place(NamedTuple):
    """What is deployed with one set of credentials: a template, or a module's resources of one provider."""

    root: str
    modules: tuple[str, ...]
    provider: str


def place_of(resource: Resource) -> Place:
    """Where a declaration is deployed."""
    modules = tuple(call.name for call in resource.module_path)
    return Place(resource.key.root, modules, string(resource.siblings.get("provider")) or "")


def told_accounts(context: Context) -> Mapping[Place, str]:
    """The account of each place whose roles and policies agree on one."""
    said: defaultdict[Place, set[str]] = defaultdict(set)
    for resource in context.resources.values():
        if resource.format is not Format.KUBERNETES and not resource.type.startswith("data."):
            for account in _said(resource):
                said[place_of(resource)].add(account)
    return {place: next(iter(found)) for place, found in said.items() if len(found) == 1}


@cache
def _is_passed(name: str) -> bool:
    return fold(name) in _PASSED


def _said(resource: Resource) -> Iterator[str]:
    for name, value in resource.attributes.entries.items():
        if _is_passed(name):
            for one in elements(value):
                parts = (string(one) or "").split(":")
                if parts[0] == "arn" and len(parts) > _ACCOUNT_PART and parts[_ACCOUNT_PART].isdigit():
                    yield parts[_ACCOUNT_PART]
