"""azapi resources: Azure's own types, written as `type = "Microsoft.App/agents@2025-05-01-preview"` with a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Unmodelled
from agentreach.lowering.azure import foundry_bodies, operations_agents
from agentreach.lowering.azure.body import body_of
from agentreach.lowering.azure.names import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource


READINGS: dict[str, Callable[[Scope, Scope, Context], Iterator[Fact]]] = {
    "microsoft.app/agents": operations_agents.site_reliability_agent,
    "microsoft.app/sessionpools": operations_agents.session_pool,
    "microsoft.cognitiveservices/accounts": foundry_bodies.foundry_account,
    "microsoft.cognitiveservices/accounts/projects": foundry_bodies.foundry_project,
    "microsoft.cognitiveservices/accounts/projects/applications": foundry_bodies.application,
    "microsoft.cognitiveservices/accounts/projects/applications/agentdeployments": foundry_bodies.agent_deployment,
    "microsoft.cognitiveservices/accounts/projects/capabilityhosts": foundry_bodies.capability_host,
    "microsoft.cognitiveservices/accounts/capabilityhosts": foundry_bodies.capability_host,
    "microsoft.cognitiveservices/accounts/projects/connections": foundry_bodies.connection,
    "microsoft.cognitiveservices/accounts/connections": foundry_bodies.connection,
    "microsoft.cognitiveservices/accounts/raitoollabels": foundry_bodies.tool_label,
    "microsoft.cognitiveservices/accounts/managednetworks/outboundrules": foundry_bodies.outbound_rule,
}
"""Azure types in lower case: they are not case-sensitive."""


def resource(declared: Resource, context: Context) -> Iterator[Fact]:
    """Read by the Azure type, whatever its version."""
    scope = scope_of(declared)
    type_ = (scope.text("type") or "").partition("@")[0]
    reading = READINGS.get(type_.lower())
    if reading is not None:
        yield from reading(scope, body_of(scope), context)
    elif type_.startswith("Microsoft.") and _sounds_like_agents(type_):
        yield Unmodelled(key=declared.key, type=type_, at=declared.at)


_FAMILIES = (
    "microsoft.app/",
    "microsoft.cognitiveservices/",
    "microsoft.machinelearningservices/",
    "microsoft.botservice/",
)


def _sounds_like_agents(type_: str) -> bool:
    lowered = type_.lower()
    if lowered.startswith("microsoft.cognitiveservices/accounts/projects/"):
        return True
    return lowered.startswith(_FAMILIES) and any(word in lowered for word in ("agent", "mcp", "tool"))
