"""The catalogue of known paths from some rights to more rights: one entry a path, as data.

An entry needs actions, each on something: the target, the principal itself, a policy of the target, or anything.
It fires on targets, not on action names alone: `escalation_match` asks a `PrincipalView` for them.
The data files hold one entry a line; `references` are where the path is described.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Final, Protocol

from agentreach.identity import Confidence, Step
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from agentreach.access.request import Parts
    from agentreach.access.verdict import Verdict
    from agentreach.identity import Statement
    from agentreach.model import Key

_DATA: Final = FilePath(__file__).parent / "data"

Context = tuple[tuple[str, str], ...]
"""What is known of a request: condition keys and their values."""

STEP_OF_YIELD: Final = {
    "any-rights": Step.ADMIN,
    "target": Step.ADMIN,
    "cluster-admin": Step.ADMIN,
    "older-rights": Step.IDENTITY,
    "secret": Step.SECRETS,
    "resource-rights": Step.IDENTITY,
}
"""The step of what an entry yields, when the target that would tell is not declared."""


class Action(NamedTuple):
    """An action and what it must be allowed on: "target", "self", "policy" (of the target) or "any"."""

    name: str
    on: str


class Entry(NamedTuple):
    """One path. Every element of `needs` is met by any one of its actions.

    `target` is the kind of thing attacked: "role", "user", "group", "policy", "secret", or a workload kind.
    `where` is its precondition: "held" (attached to the principal, or a group it is in), "trusts-me", "federated",
    "service" (trusts one of `services`), "runs" (a workload, whose role is gained), "resource", "any" (no gain needed),
    or of the principal: "bounded", "denied", "limited" (by an SCP). `self_kind` is what the principal must be.
    `yields`: "any-rights", "older-rights", "target" (its rights), "cluster-admin", "secret", "resource-rights".
    """

    id: str
    title: str
    category: str
    needs: tuple[tuple[Action, ...], ...]
    yields: str
    references: tuple[str, ...]
    target: str = ""
    where: str = ""
    services: tuple[str, ...] = ()
    self_kind: str = ""
    context: Context = ()
    provider: str = "aws"

    def actions(self) -> frozenset[str]:
        """Every action any need names."""
        return frozenset(action.name for need in self.needs for action in need)

    def on(self, what: str) -> tuple[tuple[Action, ...], ...]:
        """The needs that may be met on something of that sort."""
        return tuple(need for need in self.needs if any(action.on == what for action in need))


class Target(NamedTuple):
    """A declared thing that may be attacked. `texts` are the ARNs it may be written as, the best known first."""

    key: Key
    kind: str
    texts: tuple[Parts, ...]


class Judged(NamedTuple):
    """A verdict, and the statements that give it."""

    verdict: Verdict
    because: tuple[Statement, ...]


class Scope(NamedTuple):
    """What one Allow statement lets an action act on: a resource pattern, and how surely.

    `text` is the pattern with unknown parts as `?`; `open` when it can match things outside the code.
    """

    parts: Parts
    text: str
    open: bool
    verdict: Verdict
    statement: Statement


class Gain(NamedTuple):
    """Whether controlling a target gives more than the principal already has, and the highest step it gives."""

    verdict: Verdict
    step: Step


class PrincipalView(Protocol):
    """What the matcher asks about one principal. `policy_reach.PolicyReach` answers the first four."""

    @property
    def actions(self) -> int:
        """Every action it may do on something, as a bitset of `access.actions`."""

    @property
    def is_admin(self) -> bool:
        """Nothing is left to gain."""

    def may(self, action: str, target: Target, context: Context) -> Judged:
        """Whether it may do the action on a declared thing."""

    def scopes(self, action: str, context: Context) -> Sequence[Scope]:
        """What each of its statements lets the action act on."""

    @property
    def me(self) -> Target:
        """The principal itself, as a target; its kind is "role" or "user"."""

    @property
    def traits(self) -> frozenset[str]:
        """Of "bounded" (has a permissions boundary), "denied" (a Deny of its own), "limited" (an SCP)."""

    def declared(self, kind: str) -> Sequence[Target]:
        """Everything declared of a kind, itself included."""

    def holds(self, target: Target) -> bool:
        """A policy attached to it or to its groups, or a group it is in."""

    def policies_of(self, target: Target) -> Sequence[Target]:
        """The customer managed policies attached to a role or user."""

    def role_of(self, workload: Target) -> Target | None:
        """The role a workload runs as; None when it has none or it is not declared."""

    def trusts_service(self, role: Target, service: str) -> Verdict:
        """Whether a role lets a service assume it."""

    def trusts_me(self, role: Target) -> Verdict:
        """Whether a role lets the principal assume it."""

    def trusts_federation(self, role: Target) -> Verdict:
        """Whether a role lets a SAML or OIDC provider assume it."""

    def gains(self, target: Target) -> Gain:
        """What controlling a role, user, group, policy, secret, key or bucket would add."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """An entry that fires for a principal.

    `targets` are declared things gained, `verdict` allowed when one of them is for sure. `outside` says what else
    it may reach that is not declared, empty when nothing: "any role of the account that trusts lambda.amazonaws.com".
    """

    entry: Entry
    verdict: Verdict
    confidence: Confidence
    step: Step
    because: tuple[Statement, ...]
    targets: tuple[Target, ...] = ()
    outside: str = ""
    wildcard: bool = False


@cache
def entries(provider: str) -> tuple[Entry, ...]:
    """The catalogue of one provider: "aws", "kubernetes", "google" or "azure"."""
    rows = json.loads((_DATA / f"escalation_{provider}.json").read_text(encoding="utf-8"))
    return tuple(_entry(row, provider) for row in rows)


def _entry(row: dict[str, Any], provider: str) -> Entry:
    return Entry(
        id=row["id"],
        title=row["title"],
        category=row["category"],
        needs=tuple(tuple(map(_action, need)) for need in row["needs"]),
        yields=row["yields"],
        references=tuple(row["references"]),
        target=row.get("target", ""),
        where=row.get("where", ""),
        services=tuple(row.get("services", ())),
        self_kind=row.get("self", ""),
        context=tuple(row.get("context", {}).items()),
        provider=provider,
    )


def _action(text: str) -> Action:
    name, _, on = text.partition("@")
    return Action(name, on or "any")
