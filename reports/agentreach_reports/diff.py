"""A diff as it may be shown: around a change stand other people's lines, and secrets among them stay hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach_reports.masking import HIDDEN, Literals, hidden_in, masked
from agentreach_reports.visible import spelled

if TYPE_CHECKING:
    from agentreach.graph import AgentGraph


def shown(diff: str, graph: AgentGraph) -> str:
    """The diff with secrets hidden and control characters spelled out; the same text where it holds neither."""
    lines = (_line(line) for line in masked(diff).split("\n"))
    return Literals(graph).scrubbed("\n".join(lines))


def _line(line: str) -> str:
    """One line; its end may be a carriage return."""
    ending = "\r" if line.endswith("\r") else ""
    text = line.removesuffix("\r")
    parts, at = [], 0
    for begin, end in sorted(hidden_in(text[1:])):
        if begin + 1 >= at and end > begin:
            parts += [text[at : begin + 1], HIDDEN]
            at = end + 1
    return spelled("".join([*parts, text[at:]])) + ending
