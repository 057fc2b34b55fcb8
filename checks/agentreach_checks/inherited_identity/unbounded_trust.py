"""AR105: a trust or resource policy that admits whoever comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Move, Remedy, Severity
from agentreach.identity import Aspect, PolicyRole
from agentreach_checks import rating
from agentreach_checks.trusts import gained, says_nothing
from agentreach_checks.wording import listed, owned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import TrustedView, TrustView


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
"""Services that act for callers of any account unless a condition names the source ("confused deputy")."""

NAMING_THE_SOURCE = frozenset({"bedrock", "bedrock-agentcore", "qbusiness", "lexv2", "scheduler", "pipes", "aidevops"})
"""Deputies whose guides say that they send `aws:SourceAccount`: a condition on it keeps none of their own calls out."""


@check(
    id="AR105",
    name="unbounded-trust",
    title="Trust into an agent's identity is not bounded",
    severity=Severity.CRITICAL,
    formats=("terraform", "cloudformation"),
    remediation="Add a condition on aws:SourceAccount and aws:SourceArn for a service, sts:ExternalId for an account.",
)
def unbounded_trust(graph: AgentGraph) -> Iterator[Finding]:
    """Any principal, a foreign account, or a deputy service, without a condition on where the call comes from."""
    for trust in graph.trusts():
        if _is_limited(trust) or _is_an_open_endpoint(graph, trust):
            continue
        admitted = [(one, why) for one in trust.trusted if (why := _unbounded(one, trust))]
        only_deputies = all(one.relation == "service" for one, _ in admitted)
        entries = [entry for key in trust.entries if (entry := graph.agent(key))]
        if not admitted or (only_deputies and entries and all(entry.bounded for entry in entries)):
            continue
        yield unbounded_trust.finding(
            f"{owned(trust.identity, trust.agents)} trusts {listed(why for _, why in admitted)}",
            severity=_severity(graph, trust, admitted),
            confidence=trust.confidence,
            subject=trust.identity,
            cause=trust.cause,
            evidence=trust.evidence,
            agents=trust.agents,
            remedies=_from_here(trust),
        )


def _from_here(trust: TrustView) -> list[Remedy]:
    """The source account as a condition, where nobody but such services is trusted by the statement."""
    services = {one.name.partition(".")[0] for one in trust.trusted}
    if any(one.relation != "service" for one in trust.trusted) or not services <= set(DEPUTIES):
        return []
    owner = trust.evidence[1].at if len(trust.evidence) > 1 else None
    return [
        Remedy(
            move=Move.ADD_CONDITION,
            at=trust.statement.at,
            attribute="StringEquals.aws:SourceAccount",
            owner=owner,
            safe=services <= NAMING_THE_SOURCE,
        )
    ]


def _is_limited(trust: TrustView) -> bool:
    """A source that any caller meets is no limit; a condition that the code does not show may be one."""
    met_by_anyone = bool(trust.statement.conditions) and all(map(says_nothing, trust.statement.conditions))
    return (trust.source_limited and not met_by_anyone) or trust.statement.conditions_open


def _is_an_open_endpoint(graph: AgentGraph, trust: TrustView) -> bool:
    """A permission that stands where an open endpoint is declared is part of it: AR404 tells that."""
    at = trust.statement.at
    endpoints = graph.settings(trust.identity, Aspect.ANONYMOUS_INBOUND)
    return any(
        one.setting.state is True and (one.setting.at.source.path, one.setting.at.start) == (at.source.path, at.start)
        for one in endpoints
    )


def _severity(graph: AgentGraph, trust: TrustView, admitted: list[tuple[TrustedView, str]]) -> Severity:
    """A deputy needs a caller that fools it; anyone is more than one account."""
    relations = {one.relation for one, _ in admitted}
    if relations == {"service"}:
        return Severity.MEDIUM
    severity = rating.of_step(gained(graph, trust), raised="anyone" in relations)
    return max(severity, Severity.MEDIUM)


def _unbounded(one: TrustedView, trust: TrustView) -> str | None:
    """Why this principal is not bounded, or None when it is fine."""
    name = one.said
    match one.relation:
        case "anyone":
            return "any principal"
        case "foreign" if one.kind == "Project":
            return None  # an account named in full, which is all that Google can ask for: who it is, AR111 tells
        case "outside" if one.kind == "Tenant":
            return f"a principal of {name}, which nothing else in the scanned code names"
        case "foreign":
            return f"{name} of another account without an external id"
        case "outside" if trust.role is PolicyRole.TRUST and one.account is not None:
            return f"{name}, which is not declared in the scanned code, without an external id"
        case "service" if one.name.partition(".")[0] in DEPUTIES:
            return f"{name} for any source account"
    return None
