"""Service and resource control policies: which levels limit the identities of an account.

Every level must allow. An attached policy limits what it is attached to: an account when the number is known,
else (a unit, the root, an account only known at deploy time) everyone. Each unattached one is a level of its own,
for everyone. A level that only denies stands beside `FullAWSAccess`, which AWS attaches everywhere by itself.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.access.aws import unknown_statement
from agentreach.graph.resolve import root_of
from agentreach.graph.spelling import pattern, spell
from agentreach.identity import Attachment, Policy, PolicyRole, Statement
from agentreach.model import Key, Scalar
from agentreach.named_tuples import NamedTuple
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory

_CONTROL = (PolicyRole.SERVICE_CONTROL, PolicyRole.RESOURCE_CONTROL)
_ACCOUNT_LENGTH = 12


class Level(NamedTuple):
    """One level. `account` None: it limits every account."""

    account: str | None
    statements: tuple[Statement, ...]


class Organization:
    """Levels by kind of control policy."""

    __slots__ = ("_levels",)

    def __init__(self, index: FactIndex, directory: Directory) -> None:
        self._levels = {role: _levels(role, index, directory) for role in _CONTROL}

    def levels(self, role: PolicyRole, account: str | None) -> tuple[tuple[Statement, ...], ...]:
        """The levels that limit an identity or resource of an account; None: the account is not known."""
        fitting = (one for one in self._levels[role] if one.account in {None, account} or account is None)
        return tuple(level.statements for level in fitting)


def _levels(role: PolicyRole, index: FactIndex, directory: Directory) -> tuple[Level, ...]:
    policies = {policy.key: policy for policy in index.of(Policy) if policy.role is role}
    targets: defaultdict[str, list[tuple[Policy, bool]]] = defaultdict(list)
    attached: set[Key] = set()
    for attachment in index.of(Attachment):
        if attachment.role is not role:
            continue
        match = directory.resolve(attachment.policy, root_of(attachment.policy), (Policy,))
        for key in match.keys:
            if key in policies:
                attached.add(key)
                certain = match.certain and attachment.certain
                targets[_target(attachment)].append((policies[key], certain))
    levels = [_level(target, several) for target, several in sorted(targets.items())]
    return (*levels, *(_level("", [(policy, True)]) for key, policy in policies.items() if key not in attached))


def _target(attachment: Attachment) -> str:
    target = attachment.principal
    return target.address if isinstance(target, Key) else pattern(target) or spell(target)


def _level(target: str, policies: Iterable[tuple[Policy, bool]]) -> Level:
    statements: list[Statement] = []
    for policy, certain in policies:
        statements += (one if certain else replace(one, certain=False) for one in policy.statements)
        if policy.unknown:
            statements.append(unknown_statement(policy.unknown))
    if statements and all(one.effect == "Deny" for one in statements):
        statements.append(_everything(statements[0]))
    account = target if target.isdigit() and len(target) == _ACCOUNT_LENGTH else None
    return Level(account, tuple(statements))


def _everything(beside: Statement) -> Statement:
    anything = Scalar("*", beside.at)
    return Statement(effect="Allow", actions=(anything,), resources=(anything,), at=beside.at, spot="FullAWSAccess")
