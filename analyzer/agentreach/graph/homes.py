"""The account that a root's identities live in, where its policies give it away.

A trust that names its own account as the source of service calls says which that is; so does a role whose ARN is
written in full. Two answers are none.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.identity import Policy, PolicyRole, Principal
from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory
    from agentreach.model import Key

_SAYING: Final = frozenset({"aws:sourceaccount"})
_ACCOUNT_LENGTH: Final = 12


class Homes:
    """Accounts of things: their own where it is written, else that of their root."""

    __slots__ = ("_accounts", "_roots")

    def __init__(self, index: FactIndex, directory: Directory) -> None:
        self._accounts = directory.accounts
        said: defaultdict[str, set[str]] = defaultdict(set)
        for principal in index.of(Principal):
            if principal.key in self._accounts:
                said[principal.key.root].add(self._accounts[principal.key])
        for policy in index.of(Policy):
            if policy.role in {PolicyRole.TRUST, PolicyRole.RESOURCE}:
                said[policy.key.root].update(_sources(policy))
        self._roots = {root: next(iter(found)) for root, found in said.items() if len(found) == 1}

    def of(self, key: Key) -> str | None:
        """The account something lives in; None when nothing says so."""
        return self._accounts.get(key) or self._roots.get(key.root)


def _sources(policy: Policy) -> Iterator[str]:
    for statement in policy.statements:
        for condition in statement.conditions:
            if condition.key.lower() in _SAYING:
                texts = (string(value) or "" for value in condition.values)
                yield from (text for text in texts if text.isdigit() and len(text) == _ACCOUNT_LENGTH)
