"""AR206: a secret value handed over by environment variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence
from agentreach_checks.wording import owned, secret_called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph


WHOLE = "*"
"""Every entry of a secret becomes a variable (`envFrom`)."""


@check(
    id="AR206",
    name="secret-in-environment",
    title="Agent's environment holds a secret",
    severity=Severity.MEDIUM,
    remediation="Read the secret at run time under the workload's identity, or mount it as a file that can be rotated.",
)
def secret_in_environment(graph: AgentGraph) -> Iterator[Finding]:
    """Secrets given by reference in the environment: kept as long as the process, and by crash dumps."""
    for view in graph.secret_uses():
        use = view.use
        if use.via != "environment" or use.literal or not view.entries:
            continue
        yield secret_in_environment.finding(
            f"{owned(view.subject, view.agents)} receives {secret_called(view)} {_where(use.variable)}",
            severity=Severity.MEDIUM,
            confidence=view.confidence,
            subject=view.subject,
            cause=f"environment/{use.variable}",
            facet=use.variable,
            evidence=[Evidence(use.at, f"environment variable {use.variable}")],
            agents=view.agents,
        )


def _where(variable: str) -> str:
    return "in its environment" if variable == WHOLE else f"in environment variable {variable}"
