"""Scanned text inside Markdown: no markup, no links, no line breaks of its own."""

from __future__ import annotations

from agentreach.late_regex import late_regex
from agentreach_reports.visible import visible

SPECIAL = late_regex(r"([\\`*_{}\[\]<>()#+!|~&@])")
TICKS = late_regex(r"`+")


def plain(text: str, longest: int = 1000) -> str:
    """The text with everything that Markdown, HTML or a mention could read escaped."""
    return SPECIAL.sub(r"\\\1", visible(text, longest)).replace("://", ":\\//").replace("\\@", "@\u2060")


def code(text: str, longest: int = 300) -> str:
    """The text as inline code, whatever ticks it holds; a pipe is spelled so that a table cell stays whole."""
    shown = visible(text, longest).replace("|", "\\|")
    longest_run = max((len(run) for run in TICKS.findall(shown)), default=0)
    fence = "`" * (longest_run + 1)
    pad = " " if longest_run else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def fenced(text: str, language: str) -> list[str]:
    """The text as a block of code, whatever ticks it holds."""
    longest_run = max((len(run) for run in TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest_run + 1)
    return [f"{fence}{language}", *text.split("\n"), fence]
