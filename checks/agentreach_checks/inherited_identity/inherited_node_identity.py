"""AR107: an identity nobody chose: node role, default service account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Move, Remedy, Severity
from agentreach.identity import Aspect, Evidence, IdentityRelation
from agentreach_checks import rating
from agentreach_checks.identities import by_identity
from agentreach_checks.wording import owned, verb, who

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import IdentityView, SettingView


BESIDE_THE_NODE = ("hostIPC", "shareProcessNamespace")
"""Ways to other containers, not to the node and its identity."""

THROUGH_HOPS = ("metadata hop limit", "the metadata service of the nodes answers pods")
"""What is written at a hop limit that lets containers reach the identity of their machine."""

FILES_ONLY = ": reads files of the node"


@check(
    id="AR107",
    name="inherited-node-identity",
    title="Agent inherits an identity that nobody chose for it",
    severity=Severity.CRITICAL,
    remediation="Name an identity of its own for the agent, and keep it from the node's (hop limit 1, no host access).",
)
def inherited_node_identity(graph: AgentGraph) -> Iterator[Finding]:
    """Node roles within reach, default service accounts, default compute identities, ways out to the node."""
    reported: set[tuple[str, int]] = set()
    for held in by_identity(graph, _is_inherited):
        reported.update((one.at.source.path, one.at.start) for one in held.evidence)
        fallback = held.view.relation is IdentityRelation.NODE_FALLBACK
        runs = verb(held.agents, "runs", "run")
        how = "can fall back to" if fallback else f"{runs} by default as"
        them = verb(held.agents, "it", "them")
        yield inherited_node_identity.finding(
            f"{who(held.agents)} {how} {held.view.name}: nobody chose this identity for {them}",
            severity=_severity(graph, held.view),
            confidence=held.view.confidence,
            subject=held.view.key,
            cause=held.view.relation.value,
            evidence=held.evidence,
            agents=held.agents,
            remedies=_one_hop(held.evidence),
        )
    for view in graph.settings(aspect=Aspect.HOST_ACCESS):
        at = view.setting.at
        if _leads_to_the_node(view) and (at.source.path, at.start) not in reported:
            yield _host(view)


def _severity(graph: AgentGraph, view: IdentityView) -> Severity:
    """A default identity of a cloud may do more than the code says; an account of a cluster has what is bound to it."""
    agent = graph.agent(view.agent)
    elsewhere = not view.declared and agent is not None and agent.agent.platform != "kubernetes"
    return max(rating.base(view.highest), Severity.MEDIUM if elsewhere else Severity.LOW)


def _is_inherited(view: IdentityView) -> bool:
    return view.relation is IdentityRelation.NODE_FALLBACK or view.inherited_default


def _leads_to_the_node(view: SettingView) -> bool:
    note = view.setting.note
    return view.setting.state is True and not note.startswith(BESIDE_THE_NODE) and not note.endswith(FILES_ONLY)


def _host(view: SettingView) -> Finding:
    """Whoever is on the node has its identity, and the tokens of everything else that runs there."""
    return inherited_node_identity.finding(
        f"{owned(view.subject, view.agents)} can act as the node or instance it runs on ({view.setting.note})",
        severity=Severity.HIGH,
        confidence=view.confidence,
        subject=view.subject,
        cause=f"host/{view.setting.note.partition(':')[0]}",
        evidence=[Evidence(view.setting.at, view.setting.note)],
        agents=view.agents,
        remedies=_one_hop([Evidence(view.setting.at, view.setting.note)]),
    )


def _one_hop(evidence: Iterable[Evidence]) -> list[Remedy]:
    """From one hop on only the machine itself gets an answer."""
    return [
        Remedy(move=Move.SET, at=one.at, attribute="HttpPutResponseHopLimit", value=1, safe=True)
        for one in evidence
        if one.note.startswith(THROUGH_HOPS)
    ]
