"""Findings about how long a credential lives: shared by the checks that compare a lifetime with its threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach import thresholds
from agentreach_checks import rating
from agentreach_checks.wording import duration, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.check import Check
    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import CredentialView


def too_long(check: Check, graph: AgentGraph, classes: frozenset[str]) -> Iterator[Finding]:
    """One finding for each credential of these threshold classes that lives longer than its note."""
    for view in graph.credentials():
        if view.credential.thresholds in classes:
            yield from _compared(check, graph, view)


def _compared(check: Check, graph: AgentGraph, view: CredentialView) -> Iterator[Finding]:
    credential = view.credential
    level = thresholds.level(credential, graph.options.lifetimes)
    lifetime = thresholds.seconds_of(credential)
    if level is None or lifetime is None:
        return
    row = graph.options.lifetimes[credential.thresholds]
    default = " by default" if credential.defaulted else ""
    yield check.finding(
        f"{who(view.agents, view.holder.address)} may keep {credential.kind} {credential.key.address}{default} for "
        f"{duration(lifetime)}, longer than {duration(row.note)} ({row.source})",
        severity=rating.of_credential(view, level),
        confidence=view.confidence,
        subject=credential.key,
        cause=credential.attribute or credential.kind,
        evidence=view.evidence,
        agents=view.agents,
    )
