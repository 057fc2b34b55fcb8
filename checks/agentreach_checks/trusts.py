"""What a trust leaves open and gives away: shared by the checks that look at who may become an identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.graph import AgentGraph
    from agentreach.graph.views import TrustView
    from agentreach.identity import Condition, Step

NOTHING_SAID = "*:/-_"


def gained(graph: AgentGraph, trust: TrustView) -> Step | None:
    """The highest step that whoever is admitted may take: as the identity, or through what acts for the agent."""
    entries = [entry for key in trust.entries if (entry := graph.agent(key))]
    steps = [view.highest for entry in entries for view in entry.identities if view.key == trust.identity]
    steps += [tool.highest for tool in graph.tools() if tool.target == trust.identity]
    steps += [entry.highest for entry in entries if entry.key == trust.identity]
    return max((step for step in steps if step is not None), default=None)


def demanded(trust: TrustView, keys: Iterable[str]) -> list[Condition]:
    """Conditions on keys with these endings that a request must meet, and not just any request does."""
    endings = tuple(keys)
    return [
        one
        for one in trust.statement.conditions
        if one.key.lower().endswith(endings) and _is_positive(one.operator) and not says_nothing(one)
    ]


def says_nothing(condition: Condition) -> bool:
    """Whether some value of the condition is met by anyone. A value known at deploy time says something."""
    return any(is_any(string(value)) for value in condition.values)


def is_any(text: str | None) -> bool:
    """Whether a pattern names no one in particular: `*`, `**`, `arn:aws:*:*:*:*`."""
    return text is not None and "*" in text and not text.removeprefix("arn:aws").strip(NOTHING_SAID)


def _is_positive(operator: str) -> bool:
    plain = operator.lower().rpartition(":")[2]
    return "not" not in plain and plain != "null"
