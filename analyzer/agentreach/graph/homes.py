"""The account that a root's identities live in, where its policies give it away.

A trust that names its own account as the source of service calls says which that is; so does a role whose ARN is
written in full. Two answers are none. What Google or Azure calls by a full name lives in the project or subscription
that the name begins with.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.graph.spelling import literal, pattern
from agentreach.identity import Policy, PolicyRole, Principal, System
from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory
    from agentreach.model import Key

_SAYING: Final = frozenset({"aws:sourceaccount"})
_ACCOUNT_LENGTH: Final = 12
_BEGINNINGS: Final = {"google": "projects/", "azure": "/subscriptions/"}


class Homes:
    """Accounts of things: their own where it is written, else that of their root."""

    __slots__ = ("_accounts", "_projects", "_roots")

    def __init__(self, index: FactIndex, directory: Directory) -> None:
        self._accounts = directory.accounts
        self._projects: dict[Key, str | None] = {}
        said: defaultdict[str, set[str]] = defaultdict(set)
        for principal in index.of(Principal):
            if principal.provider in _BEGINNINGS:
                self._projects[principal.key] = _project(principal, _BEGINNINGS[principal.provider])
            if principal.key in self._accounts:
                said[principal.key.root].add(self._accounts[principal.key])
        for system in index.of(System):
            if system.provider in _BEGINNINGS:
                self._projects.setdefault(system.key, _project(system, _BEGINNINGS[system.provider]))
        for policy in index.of(Policy):
            if policy.role in {PolicyRole.TRUST, PolicyRole.RESOURCE}:
                said[policy.key.root].update(_sources(policy))
        self._roots = {root: next(iter(found)) for root, found in said.items() if len(found) == 1}

    def of(self, key: Key) -> str | None:
        """The account something lives in; None when nothing says so."""
        if key in self._projects:
            return self._projects[key]
        return self._accounts.get(key) or self._roots.get(key.root)


def _project(thing: Principal | System, beginning: str) -> str | None:
    """The project of `projects/PROJECT/serviceAccounts/…`, a subscription likewise, when it is written out."""
    for name in thing.names:
        text = pattern(name) or ""
        project = text[len(beginning) :].partition("/")[0] if text.startswith(beginning) else ""
        if project and literal(project):
            return project
    return None


def _sources(policy: Policy) -> Iterator[str]:
    for statement in policy.statements:
        for condition in statement.conditions:
            if condition.key.lower() in _SAYING:
                texts = (string(value) or "" for value in condition.values)
                yield from (text for text in texts if text.isdigit() and len(text) == _ACCOUNT_LENGTH)
