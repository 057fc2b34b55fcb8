"""AR003: a suppression without a reason, past its date, or matching nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import Stage, check
from agentreach.findings import Severity
from agentreach.identity import Confidence, Evidence
from agentreach.suppressions import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.suppressions import Applied


@check(
    id="AR003",
    name="bad-suppression",
    title="A suppression is out of order",
    severity=Severity.LOW,
    stage=Stage.SUPPRESSIONS,
    remediation="Write `# agentreach: ignore[ID] reason, until YYYY-MM-DD`, renew the date, or remove the comment.",
)
def bad_suppression(applied: Applied) -> Iterator[Finding]:
    """One finding for each suppression that does not do what it says."""
    for problem in applied.problems:
        names = ", ".join(problem.directive.checks)
        yield bad_suppression.finding(
            f"The suppression of {names} {problem.message}",
            severity=Severity.LOW,
            confidence=Confidence.HIGH,
            subject=subject_of(problem.directive),
            cause=f"{names} {problem.message}",
            evidence=[Evidence(problem.directive.at, problem.message)],
        )
