"""Findings about an aspect that a declaration states or leaves out: shared by the checks that look for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.check import Check
    from agentreach.findings import Finding, Severity
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import SettingView
    from agentreach.identity import Aspect


def stated(
    check: Check,
    graph: AgentGraph,
    aspect: Aspect,
    *,
    state: bool,
    say: Callable[[SettingView], str],
    rate: Callable[[SettingView], Severity],
    spares_bounded: bool = False,
    remediation: str = "",
) -> Iterator[Finding]:
    """One finding for each agent, tool or gateway whose `aspect` is known to be `state`.

    `spares_bounded`: silent where every entry concerned is bounded.
    """
    for view in graph.settings(aspect=aspect):
        if view.setting.state is not state or not view.entries:
            continue
        if spares_bounded and all_bounded(graph, view):
            continue
        yield check.finding(
            say(view),
            severity=rate(view),
            confidence=view.confidence,
            subject=view.subject,
            cause=aspect.value,
            evidence=[Evidence(view.setting.at, view.setting.note or aspect.value.replace("-", " "))],
            agents=view.agents,
            remediation=remediation,
        )


def all_bounded(graph: AgentGraph, view: SettingView) -> bool:
    """Whether every entry that the setting concerns is bounded."""
    entries = [graph.agent(key) for key in view.entries]
    return all(entry is not None and entry.bounded is True for entry in entries)
