"""AR202: a session or token that lives longer than a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks.lifetimes import too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


CLASSES = frozenset({"role-session", "access-token", "refresh-token", "vault-token", "app-secret", "elevated"})


@check(
    id="AR202",
    name="long-session",
    title="Agent's session or token lives long",
    severity=Severity.HIGH,
    remediation="Shorten the lifetime to that of a task: one hour for role sessions and access tokens.",
)
def long_session(graph: AgentGraph) -> Iterator[Finding]:
    """Role sessions, projected tokens, access and refresh tokens above their thresholds."""
    yield from too_long(long_session, graph, CLASSES)
