"""AR105: a trust or resource policy that admits whoever comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import PolicyRole
from agentreach_checks import rating
from agentreach_checks.wording import listed, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import TrustedView, TrustView


# Services that act for callers of any account unless a condition names the source ("confused deputy").
DEPUTIES = (
    "bedrock",
    "bedrock-agentcore",
    "qbusiness",
    "lexv2",
    "scheduler",
    "pipes",
    "aidevops",
    "sagemaker",
    "wisdom",
)


@check(
    id="AR105",
    name="unbounded-trust",
    title="Trust into an agent's identity is not bounded",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Add a condition on aws:SourceAccount and aws:SourceArn for a service, sts:ExternalId for another account.",
)
def unbounded_trust(graph: AgentGraph) -> Iterator[Finding]:
    """Any principal, a foreign account, or a deputy service, without a condition on where the call comes from."""
    for trust in graph.trusts():
        if trust.source_limited:
            continue
        admitted = [(one, reason) for one in trust.trusted if (reason := _unbounded(one, trust))]
        concerned = [graph.agent(entry) for entry in trust.entries]
        only_deputies = all(one.relation == "service" for one, _ in admitted)
        if not admitted or (only_deputies and concerned and all(a is not None and a.bounded for a in concerned)):
            continue
        highest = max((a.highest for a in concerned if a is not None and a.highest is not None), default=None)
        severity = Severity.MEDIUM if only_deputies else max(rating.base(highest).raised(), Severity.MEDIUM)
        yield unbounded_trust.finding(
            f"{trust.identity.address}, used by {who(trust.agents)}, trusts {listed(reason for _, reason in admitted)}",
            severity=severity,
            confidence=trust.confidence,
            subject=trust.identity,
            cause=trust.cause,
            evidence=trust.evidence,
            agents=trust.agents,
        )


def _unbounded(one: TrustedView, trust: TrustView) -> str | None:
    """Why this principal is not bounded, or None when it is fine."""
    match one.relation:
        case "anyone":
            return "any principal"
        case "foreign":
            return f"{one.name} of another account without an external id"
        case "outside" if trust.role is PolicyRole.TRUST and one.account is not None:
            return f"{one.name}, which the scanned code does not declare, without an external id"
        case "service" if one.name.partition(".")[0] in DEPUTIES:
            return f"{one.name} for any source account"
    return None
