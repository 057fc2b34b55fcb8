"""The statement that would do, as far as the code tells; what only a person knows stands in angle brackets.

One that names everything already is small enough: what it lacks is somebody who decides when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.findings import Move, Remedy
from agentreach.identity import RbacStatement, RoleAssignment, Statement, Step
from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.views import Reach

_HERE = "<region>:<account>"
_PLACES = {
    "dynamodb": f"arn:aws:dynamodb:{_HERE}:table/<table>",
    "kms": f"arn:aws:kms:{_HERE}:key/<key id>",
    "lambda": f"arn:aws:lambda:{_HERE}:function:<function>",
    "logs": f"arn:aws:logs:{_HERE}:log-group:<log group>:*",
    "s3": "arn:aws:s3:::<bucket>/<prefix>/*",
    "secretsmanager": f"arn:aws:secretsmanager:{_HERE}:secret:<name>-??????",
    "sns": f"arn:aws:sns:{_HERE}:<topic>",
    "sqs": f"arn:aws:sqs:{_HERE}:<queue>",
    "ssm": f"arn:aws:ssm:{_HERE}:parameter/<name>",
    "sts": "arn:aws:iam::<account>:role/<role>",
}
"""How the resources of common services are named (service authorization reference)."""

_IAM = (
    (("InstanceProfile",), "instance-profile/<profile>"),
    (("Group",), "group/<group>"),
    (("User", "AccessKey", "LoginProfile", "SSHPublicKey", "ServiceSpecificCredential"), "user/<user>"),
    (("CreatePolicy", "DeletePolicy", "PolicyVersion"), "policy/<policy>"),
)
"""Which of IAM's resources an action works on, by its name; on roles where no other is named (likewise)."""

_PER_REQUEST = "StringLike.aws:SourceIdentity"
"""Set by who starts the session, never changed in it (IAM: "Monitor and control actions taken with assumed roles")."""

_UNNAMEABLE = frozenset({"create", "deletecollection", "list", "watch"})
"""Verbs that a rule with resourceNames does not allow, or only where the caller says so."""


def smaller(reach: Reach, *, decided: bool = True) -> list[Remedy]:
    """The statement of a reach with names where it has wildcards.

    None where it has none, or says more than that: then, if `decided`, who decides about each use.
    """
    statement = reach.statement
    value: dict[str, object] = {}
    if isinstance(statement, Statement) and not reach.managed:
        value = _policy(statement, wide=reach.wildcard_resource)
    elif isinstance(statement, RbacStatement):
        value = _rule(statement)
    if statement is None or not value:
        return _decided(reach) if decided else []
    return [Remedy(move=Move.REPLACE, at=statement.at, attribute="statement", value=value)]


def _decided(reach: Reach) -> list[Remedy]:
    """A condition that no session meets which nobody gave the identity of whoever approved it; a role that ends."""
    statement = reach.statement
    if reach.step < Step.WRITE_DATA:
        return []
    if isinstance(statement, RoleAssignment):
        return [Remedy(move=Move.PER_TASK, at=statement.at, attribute="assignment")]
    if not isinstance(statement, Statement) or statement.effect != "Allow" or reach.managed:
        return []
    return [Remedy(move=Move.ADD_CONDITION, at=statement.at, attribute=_PER_REQUEST, value="<approver>")]


def _policy(statement: Statement, *, wide: bool) -> dict[str, object]:
    actions = [string(one) for one in statement.actions]
    resources = [string(one) for one in statement.resources]
    says_more = statement.conditions or statement.principals or statement.open or statement.conditions_open
    if statement.effect != "Allow" or says_more or not actions or not resources or None in actions:
        return {}
    named = list(dict.fromkeys(map(_action, filter(None, actions))))
    if wide:
        return {"Effect": "Allow", "Action": named, "Resource": list(dict.fromkeys(map(_place, named)))}
    if named == actions or None in resources:
        return {}
    return {"Effect": "Allow", "Action": named, "Resource": resources}


def _place(action: str) -> str:
    """How the resources that an action works on are named."""
    service, _, name = action.partition(":")
    if service == "iam":
        kind = next((kind for words, kind in _IAM if any(word in name for word in words)), "role/<role>")
        return f"arn:aws:iam::<account>:{kind}"
    return _PLACES.get(service, f"arn:aws:{service}:{_HERE}:<resource>")


def _action(pattern: str) -> str:
    """The pattern, or where its service is followed by a wildcard alone, a place for names."""
    service, _, name = pattern.partition(":")
    if pattern == "*":
        return "<service>:<action>"
    return f"{service}:<action>" if name == "*" else pattern


def _rule(statement: RbacStatement) -> dict[str, object]:
    if not statement.resources:
        return {}
    value: dict[str, object] = {
        "apiGroups": list(_named(statement.api_groups, "<group>")),
        "resources": list(_named(statement.resources, "<resource>")),
        "verbs": list(_named(statement.verbs, "<verb>")),
    }
    if not statement.resource_names and not _UNNAMEABLE & set(statement.verbs):
        value["resourceNames"] = ["<name>"]
    elif statement.resource_names:
        value["resourceNames"] = list(statement.resource_names)
    return value if "<" in str(value) else {}


def _named(patterns: tuple[str, ...], placeholder: str) -> Iterator[str]:
    yield from dict.fromkeys(placeholder if "*" in one else one for one in patterns)
