"""AR303: the agent can read secret values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks.own_secrets import are_its_own
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import through, what, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach


STORES = frozenset(
    {"secretsmanager", "ssm", "kms", "bedrock-agentcore", "v1", "", "secretmanager", "keyvault", "vault", "*"}
)

TOKENS = ("Token", "TokenForUserId", "TokenForJWT", "ApiKey")
"""How actions end that hand out tokens or keys: AgentCore's token vault."""


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
    for reach in by_statement(graph, graph.reach(step=Step.SECRETS)):
        if reach.service not in STORES or are_its_own(graph, reach):
            continue
        message = f"{who(reach.agents)} may {_obtain(reach)} {through(reach)}: {what(reach)}"
        yield claim(secret_store_reach, reach, message, in_part=True)


def _obtain(reach: Reach) -> str:
    """Whether values are read, or tokens made that stand for somebody."""
    tokens = reach.provider == "aws" and all(name.endswith(TOKENS) for name in reach.names)
    return "obtain tokens and keys" if tokens and reach.names else "read secret values"
