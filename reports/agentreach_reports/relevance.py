"""Which entries a finding is evidence for. What only limits an entry's effect is no evidence of the risk itself."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agentreach.controls import frameworks
from agentreach.findings import Relation

if TYPE_CHECKING:
    from agentreach.findings import Control, Finding
    from agentreach_reports.presentation import Presentation

CITED = ("owasp-asi-2026",)


def is_evidence(control: Control) -> bool:
    """False where the finding is about what would limit the effect of an entry that code cannot show."""
    return control.relation != Relation.COMPENSATING or (control.framework, control.id) not in _beyond()


@cache
def _beyond() -> frozenset[tuple[str, str]]:
    """The entries of which code shows only what limits their effect."""
    return frozenset(
        (framework.id, entry.id)
        for framework in frameworks().values()
        for entry in framework.entries
        if entry.assessable == "compensating_only"
    )


def told(control: Control) -> str:
    """How a finding relates to an entry, and on what basis."""
    if is_evidence(control):
        return f"{control.relation} evidence ({control.basis})"
    return f"about what limits its effect, not evidence of it ({control.relation}, {control.basis})"


def cited(finding: Finding, presentation: Presentation) -> str:
    """The entries of the wanted frameworks that a finding is evidence for, as they ask to be cited."""
    catalogue = frameworks()
    names = {
        (framework, entry.id): entry.cite_as
        for framework in presentation.frameworks or CITED
        if framework in catalogue
        for entry in catalogue[framework].entries
    }
    found = [names.get((one.framework, one.id)) for one in finding.controls if is_evidence(one)]
    return ", ".join(dict.fromkeys(filter(None, found)))
