"""The account that a root's identities live in, where its policies give it away.

A trust that names its own account as the source of service calls says which that is; so does a role whose ARN is
written in full. Two answers are none. A service account of Google lives in the project that its full name names.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from agentreach.graph.spelling import literal, pattern
from agentreach.identity import Policy, PolicyRole, Principal
from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory
    from agentreach.model import Key

_SAYING: Final = frozenset({"aws:sourceaccount"})
_ACCOUNT_LENGTH: Final = 12
_GOOGLE: Final = "google"


class Homes:
    """Accounts of things: their own where it is written, else that of their root."""

    __slots__ = ("_accounts", "_projects", "_roots")

    def __init__(self, index: FactIndex, directory: Directory) -> None:
        self._accounts = directory.accounts
        self._projects: dict[Key, str] = {}
        said: defaultdict[str, set[str]] = defaultdict(set)
        for principal in index.of(Principal):
            if principal.provider == _GOOGLE and (project := _project(principal)):
                self._projects[principal.key] = project
            if principal.key in self._accounts:
                said[principal.key.root].add(self._accounts[principal.key])
        for policy in index.of(Policy):
            if policy.role in {PolicyRole.TRUST, PolicyRole.RESOURCE}:
                said[policy.key.root].update(_sources(policy))
        self._roots = {root: next(iter(found)) for root, found in said.items() if len(found) == 1}

    def of(self, key: Key) -> str | None:
        """The account something lives in; None when nothing says so."""
        return self._accounts.get(key) or self._projects.get(key) or self._roots.get(key.root)


def _project(principal: Principal) -> str | None:
    """The project of `projects/PROJECT/serviceAccounts/…`, when it is written out."""
    for name in principal.names:
        kind, _, rest = (pattern(name) or "").partition("/")
        project = rest.partition("/")[0]
        if kind == "projects" and project and literal(project):
            return project
    return None


def _sources(policy: Policy) -> Iterator[str]:
    for statement in policy.statements:
        for condition in statement.conditions:
            if condition.key.lower() in _SAYING:
                texts = (string(value) or "" for value in condition.values)
                yield from (text for text in texts if text.isdigit() and len(text) == _ACCOUNT_LENGTH)
