"""AR303: the agent can read secret values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks import rating
from agentreach_checks.wording import through, what, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach
    from agentreach.model import Key


STORES = frozenset({"secretsmanager", "ssm", "kms", "v1", "", "secretmanager", "keyvault", "vault", "*"})


@check(
    id="AR303",
    name="secret-store-reach",
    title="Agent can read secrets",
    severity=Severity.CRITICAL,
    silences=("AR301", "AR405"),
    remediation="Name the secrets that the agent's tools use, or let the tool's backend read them.",
)
def secret_store_reach(graph: AgentGraph) -> Iterator[Finding]:
    """Reads of secret values, unless they are just those that the agent's own declarations name."""
    for reach in graph.reach(step=Step.SECRETS):
        if reach.service not in STORES or _named_by_itself(graph, reach):
            continue
        yield secret_store_reach.finding(
            f"{who(reach.agents)} may read secret values {through(reach)}: {what(reach)}",
            severity=rating.of_reach(reach),
            confidence=reach.confidence,
            subject=reach.identity,
            cause=reach.cause,
            facet=f"{reach.step.label}/{reach.service}",
            evidence=reach.evidence,
            agents=reach.agents,
        )


def _named_by_itself(graph: AgentGraph, reach: Reach) -> bool:
    """Whether every secret reached is one that the agents' own workloads and tools are given."""
    given = {use.secret for entry in reach.entries for use in graph.secret_uses(entry)}
    held = {view.credential.key for entry in reach.entries for view in graph.credentials(entry)}
    own: set[Key | None] = {*given, *held}
    return not reach.wildcard_resource and bool(reach.systems) and all(s.key in own for s in reach.systems)
