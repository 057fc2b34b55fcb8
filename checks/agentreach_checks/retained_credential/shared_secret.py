"""AR210: one secret that several agents or workloads read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.check import check
from agentreach.findings import Severity
from agentreach.identity import Evidence, SecretUse
from agentreach.model import Key, Reference, Scalar, string
from agentreach_checks.statements import in_order
from agentreach_checks.wording import listed, secret_called

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import SecretUseView


PARTS_OF_ARN = 7


@check(
    id="AR210",
    name="shared-secret",
    title="One secret serves several agents or workloads",
    severity=Severity.MEDIUM,
    remediation="Give each reader a secret of its own, so that one can be revoked alone.",
)
def shared_secret(graph: AgentGraph) -> Iterator[Finding]:
    """Secrets that an agent receives and another agent or workload receives too; the tools of one agent are one."""
    readers = _readers_by_name(graph)
    uses: dict[Key, list[SecretUseView]] = {}
    for view in graph.secret_uses():
        secret = view.secret or _named(view.use)
        if secret is not None and not view.use.literal:
            uses.setdefault(secret, []).append(view)
    for secret, views in sorted(uses.items()):
        yield from _shared(graph, secret, views, {*views[0].readers, *readers.get(secret, ())})


def _shared(graph: AgentGraph, secret: Key, views: list[SecretUseView], readers: set[Key]) -> Iterator[Finding]:
    agents = in_order(graph, (agent for view in views for agent in view.agents))
    others = sorted(readers - {view.subject for view in views})
    if not agents or len(agents) + len(others) == 1:
        return
    received = listed(key.address for key in (*agents, *others))
    yield shared_secret.finding(
        f"{secret_called(views[0])} is received by {received}: it cannot be revoked for one alone",
        severity=Severity.MEDIUM,
        confidence=min(view.confidence for view in views),
        subject=secret,
        cause="readers",
        evidence=[Evidence(view.use.at, f"received by {view.subject.address}") for view in views],
        agents=agents,
    )


def _readers_by_name(graph: AgentGraph) -> Mapping[Key, list[Key]]:
    """Everything that receives a secret, declared or not, under the name that the code gives it."""
    found: dict[Key, list[Key]] = {}
    for facts in graph.facts.values():
        for fact in facts:
            name = _named(fact) if isinstance(fact, SecretUse) and not fact.literal else None
            if name is not None and isinstance(fact, SecretUse):
                found.setdefault(name, []).append(fact.subject)
    return found


def _named(use: SecretUse) -> Key | None:
    """The secret as the code names it: what is declared elsewhere has a name, too."""
    value = use.secret
    if isinstance(value, Scalar) and value.reference is not None:
        return value.reference.key
    if isinstance(value, Reference):
        return value.key
    name = string(value)
    return Key(use.subject.root, _without_part(name)) if name else None


def _without_part(name: str) -> str:
    """An ARN of Secrets Manager without the part of the value that a task wants: `arn:…:secret:crm:token::`."""
    parts = name.split(":")
    return ":".join(parts[:PARTS_OF_ARN]) if name.startswith("arn:") and "secretsmanager" in parts[:3] else name
