"""The fleet report as one self-contained page without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_reports.fleet_text import circumstances
from agentreach_reports.pages import page
from agentreach_reports.wording import some

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHOWN: Final = 200
"""Rows of a table; more are counted, and a query has them all."""


def render(overview: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The page."""
    return page(
        "fleet.html.j2",
        "fleet.css",
        found=overview,
        rung={step.label: step.value for step in Step},
        severities={one.value: one.label for one in Severity},
        gravity={one.label: one.value for one in Severity},
        circumstances=circumstances,
        some=some,
        shown=SHOWN,
        compared="new agents" in overview,
    )
