"""What is asked, who asks, which policies speak, and what they decide."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from agentreach.model import Reference, Unknown
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agentreach.access.verdict import Verdict
    from agentreach.identity import Statement

Part = str | Unknown | Reference
Parts = tuple[Part, ...]
"""A string with holes, as `model.text_parts` gives it."""


class PrincipalKind(StrEnum):
    """Who asks. A ROLE is any session of it; a ROLE_SESSION has a session name in its ARN."""

    ROLE = "role"
    ROLE_SESSION = "role-session"
    USER = "user"
    ROOT = "root"
    SERVICE = "service"
    FEDERATED = "federated"
    ANONYMOUS = "anonymous"


class Alternatives(NamedTuple):
    """A condition key of which several value lists are possible; an empty list means the key is absent."""

    choices: tuple[tuple[Parts, ...], ...]


ContextValue = tuple[Parts, ...] | Alternatives
"""The values of a condition key; an empty tuple means certainly absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalFacts:
    """What the code says about who asks.

    `arn` is the role, user, provider ARN or service name, with holes; empty when nothing is known.
    `aliases` are other texts of the same principal. `session_arn` is set when a role session is asked about by name.
    `account` is None when the code does not say.
    `tags` are declared on the principal; further session tags may exist unless `tags_complete`.
    `service_role` means that only services assume it: no MFA, no source identity.
    """

    arn: Parts = ()
    aliases: tuple[Parts, ...] = ()
    kind: PrincipalKind = PrincipalKind.ROLE
    account: str | None = None
    session_arn: Parts = ()
    tags: Mapping[str, Parts] = field(default_factory=dict)
    tags_complete: bool = False
    service_role: bool = False
    service_linked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question: may this principal do `action` on `resource`.

    `aliases` are other texts of the same resource (its name in an ARN, a reference to its ARN).
    `context` maps condition keys, in any letter case, to values. A key that is missing is unknown, or absent
    when `context_complete`. `now` is seconds since 1970, the earliest moment the question is about.
    """

    action: str
    resource: Parts
    aliases: tuple[Parts, ...] = ()
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    context_complete: bool = False
    principal: PrincipalFacts = field(default_factory=PrincipalFacts)
    resource_account: str | None = None
    now: float | None = None


class ResourcePolicyKind(StrEnum):
    """Trust and key policies carry no implicit trust in their own account; other resource policies add to it."""

    RESOURCE = "resource"
    TRUST = "trust"
    KEY = "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """The policy layers that are declared. None, or no levels, means the layer is absent.

    `service_control` and `resource_control` hold one tuple of statements per level (each must allow).
    A layer whose content is unknown holds `aws.unknown_statement(...)`.
    """

    identity: tuple[Statement, ...] = ()
    boundary: tuple[Statement, ...] | None = None
    session: tuple[Statement, ...] | None = None
    service_control: tuple[tuple[Statement, ...], ...] = ()
    resource_control: tuple[tuple[Statement, ...], ...] = ()
    resource_policy: tuple[Statement, ...] | None = None
    resource_policy_kind: ResourcePolicyKind = ResourcePolicyKind.RESOURCE


class Because(NamedTuple):
    """A statement that decides, and how: "Allow" or "Deny"."""

    statement: Statement
    effect: str


class Decision(NamedTuple):
    """The answer. `explicit`: a Deny certainly matches. `assumed`: layers taken as absent (PolicyRole values)."""

    verdict: Verdict
    explicit: bool
    because: tuple[Because, ...]
    assumed: tuple[str, ...]


def values(given: Mapping[str, str | Sequence[str]]) -> dict[str, ContextValue]:
    """Condition keys as people write them ({"aws:RequestedRegion": "eu-west-1"}) as context values."""
    return {key: _value(value) for key, value in given.items()}


def _value(value: str | Sequence[str]) -> ContextValue:
    if isinstance(value, str):
        return ((value,),)
    return tuple((one,) for one in value)


__all__ = [
    "Alternatives",
    "Because",
    "ContextValue",
    "Decision",
    "Layers",
    "Part",
    "Parts",
    "PrincipalFacts",
    "PrincipalKind",
    "Request",
    "ResourcePolicyKind",
    "values",
]
