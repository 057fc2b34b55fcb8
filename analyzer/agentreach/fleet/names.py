"""What a fact declares under which names, and which names of other things it mentions.

Names only decide which repositories are joined: too many cost time, and what one thing may do with another is decided
by the graph. A name is the last part of an ARN or the plain text; `prefix*` stands for every name that begins so.

A mention says which way it leads. An identity or a system is mentioned by who uses it; a trust mentions who may come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from agentreach.fleet import images
from agentreach.graph.resolve import references
from agentreach.graph.spelling import HOLE, arn, pattern
from agentreach.identity import (
    Agent,
    AgentLink,
    Aspect,
    Attachment,
    Credential,
    Gate,
    IdentityUse,
    Membership,
    Policy,
    PolicyRole,
    Principal,
    RbacBinding,
    RbacRole,
    RoleAssignment,
    RoleDefinition,
    SecretUse,
    Setting,
    System,
    Tool,
    Workload,
)
from agentreach.model import Encoded, Key, ListValue, OneOf, string

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.identity import Condition, Fact, Statement
    from agentreach.model import Value

IDENTITY: Final = "identity"
SYSTEM: Final = "system"
TRUST: Final = "trust"
PIPELINE: Final = "pipeline"
"""A trust in the pipelines of a repository, which are no declared identity."""

IMAGE: Final = "image"
"""What a workload runs, which its publisher decides."""

_SHORTEST: Final = 3
_SHORTEST_PREFIX: Final = 4
_ACCOUNT_LENGTH: Final = 12
_BECOMING: Final = ("sts:assumerole", "iam:passrole", "lambda:invoke", "*", "sts:*", "iam:*", "lambda:*")


class Mention(NamedTuple):
    """A name, and how it is meant: one of the senses above."""

    name: str
    sense: str


def declared(fact: Fact) -> frozenset[str]:
    """The names under which others may mention what a fact declares."""
    match fact:
        case Agent(name=name) | Workload(name=name) | Tool(name=name):
            return frozenset(_names(name))
        case System(names=names):
            return frozenset(_of_values(names)) | frozenset(images.published(fact))
        case Principal(names=names) | RoleDefinition(names=names):
            return frozenset(_of_values(names))
        case Policy(names=names, role=PolicyRole.IDENTITY):
            return frozenset(_of_values(names))
        case RbacRole(name=name, namespace=namespace):
            return frozenset({f"role:{namespace or ''}/{name}"})
        case _:
            return frozenset()


def mentioned(fact: Fact) -> frozenset[Mention]:
    """The names of things that a fact points at without a reference."""
    match fact:
        case IdentityUse(identity=identity):
            return _mentions((identity,), IDENTITY)
        case Attachment(principal=principal, policy=policy):
            return _mentions((policy,), IDENTITY) | _mentions((principal,), TRUST)
        case Membership(member=member, group=group):
            return _mentions((group,), IDENTITY) | _mentions((member,), TRUST)
        case Tool(target=target, acts_as=acts_as, agent=agent):
            return _mentions((target, acts_as), IDENTITY) | _mentions((agent,), TRUST)
        case AgentLink(agent=agent, other=other):
            return _mentions((other,), IDENTITY) | _mentions((agent,), TRUST)
        case Gate(subject=subject):
            return _mentions((subject,), TRUST)
        case Credential(owner=owner):
            return _mentions((owner,), TRUST)
        case SecretUse(secret=secret, literal=False):
            return _mentions((secret,), SYSTEM)
        case RoleAssignment(member=member, scope=scope):
            return _mentions((member,), TRUST) | _mentions((scope,), SYSTEM)
        case RbacBinding():
            return frozenset(_of_binding(fact))
        case Policy():
            return frozenset(_of_policy(fact))
        case Setting(aspect=Aspect.PINNED_ARTIFACT, note=note) if note.startswith(images.NOTE):
            return frozenset(Mention(name, IMAGE) for name in images.run(note.removeprefix(images.NOTE)))
        case _:
            return frozenset()


def _mentions(values: Iterable[Key | Value | None], sense: str) -> frozenset[Mention]:
    outside = (value for value in values if not isinstance(value, Key | None) and not any(references(value)))
    return frozenset(Mention(name, sense) for name in _of_values(outside))


def _of_binding(binding: RbacBinding) -> Iterator[Mention]:
    namespace = binding.namespace if binding.role_kind == "Role" else ""
    yield Mention(f"role:{namespace or ''}/{binding.role_name}", IDENTITY)
    for subject in binding.subjects:
        if subject.kind == "ServiceAccount":
            yield Mention(f"{subject.namespace or binding.namespace or ''}:{subject.name}", TRUST)


def _of_policy(policy: Policy) -> Iterator[Mention]:
    if policy.subject is not None and not isinstance(policy.subject, Key):
        yield from _mentions((policy.subject,), TRUST)
    for statement in policy.statements:
        yield from _of_statement(statement)


def _of_statement(statement: Statement) -> Iterator[Mention]:
    becomes = any((string(action) or "").lower().startswith(_BECOMING) for action in statement.actions)
    yield from _mentions(statement.resources, IDENTITY if becomes else SYSTEM)
    yield from _mentions((one.value for one in statement.principals if one.kind == "AWS"), TRUST)
    for condition in statement.conditions:
        yield from _subjects(condition)


def _subjects(condition: Condition) -> Iterator[Mention]:
    """Whom a web identity's subject names: `repo:org/name:…`, `project_path:…`, `system:serviceaccount:ns:name`."""
    if not condition.key.lower().endswith(":sub"):
        return
    for value in condition.values:
        kind, _, rest = (pattern(value) or "").replace(HOLE, "*").partition(":")
        if kind in {"repo", "project_path"}:
            yield from (Mention(name, PIPELINE) for name in _usable(f"repo:{rest.partition(':')[0]}"))
        elif rest.startswith("serviceaccount:"):
            yield from (Mention(name, TRUST) for name in _usable(rest.partition(":")[2]))


def _of_values(values: Iterable[Value]) -> Iterator[str]:
    for value in values:
        if isinstance(value, OneOf | ListValue):
            yield from _of_values(value.alternatives if isinstance(value, OneOf) else value.items)
        elif isinstance(value, Encoded):
            yield from _of_values((value.value,))
        else:
            yield from _names(pattern(value) or "")


def _names(text: str) -> Iterator[str]:
    """The names in a text: of an ARN its resource with and without its type, and the account that it names whole."""
    parts = arn(text)
    if parts is None:
        is_account = len(text) == _ACCOUNT_LENGTH and text.isdigit()
        yield from _usable(f"account:{text}" if is_account else text)
    elif parts.resource == "root":
        yield from [f"account:{parts.account}"] if parts.account.isdigit() else []
    else:
        yield from _usable(parts.name)
        for between in ("/", ":"):
            yield from _usable(parts.resource.partition(between)[2])
            yield from _usable(parts.resource.partition(between)[0] if parts.service == "s3" else "")


def _usable(text: str) -> Iterator[str]:
    """The text, or what it certainly begins with; nothing when that is too short to mean anything."""
    known = min(text.partition(hole)[0] for hole in (HOLE, "*", "?"))
    if known == text:
        if len(text) >= _SHORTEST:
            yield text
    elif len(known) >= _SHORTEST_PREFIX:
        yield f"{known}*"
        yield from [known.rstrip("-")] if known.endswith("-") else []
