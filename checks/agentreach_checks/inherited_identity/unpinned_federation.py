"""AR106: federation that admits any subject or audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.model import string
from agentreach_checks import rating
from agentreach_checks.wording import listed, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import TrustView


PINNED = (":sub", ":aud", ":repository", ":amr", ":azp")


@check(
    id="AR106",
    name="unpinned-federation",
    title="Federated trust into an agent's identity does not pin subject and audience",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Compare :sub with the exact workload and :aud with the expected audience, by StringEquals.",
)
def unpinned_federation(graph: AgentGraph) -> Iterator[Finding]:
    """Web identity trusts without a condition on the subject, or with one that every subject meets."""
    for trust in graph.trusts():
        providers = [one.name for one in trust.trusted if one.relation == "federated" or one.kind == "Federated"]
        missing = _missing(trust)
        if not providers or not missing:
            continue
        highest = max(
            (a.highest for e in trust.entries if (a := graph.agent(e)) and a.highest is not None), default=None
        )
        yield unpinned_federation.finding(
            f"{trust.identity.address}, used by {who(trust.agents)}, admits {listed(missing)} of {listed(providers)}",
            severity=max(rating.base(highest), Severity.MEDIUM),
            confidence=trust.confidence,
            subject=trust.identity,
            cause=trust.cause,
            evidence=trust.evidence,
            agents=trust.agents,
        )


def _missing(trust: TrustView) -> list[str]:
    """What the conditions leave open: "any subject", "any audience"."""
    pinned = {
        suffix
        for condition in trust.statement.conditions
        for suffix in PINNED
        if condition.key.endswith(suffix) and not all(_is_any(string(value)) for value in condition.values)
    }
    subject = [] if pinned & {":sub", ":repository", ":amr"} else ["any subject"]
    return subject + ([] if pinned & {":aud", ":azp"} or not subject else ["any audience"])


def _is_any(text: str | None) -> bool:
    """Whether a subject pattern names no one in particular: `*`, `repo:*`, `system:serviceaccount:*:*`."""
    return (
        text is not None
        and "*" in text
        and not text.replace("*", "").strip(":/").replace("system:serviceaccount", "").replace("repo", "").strip(":/")
    )
