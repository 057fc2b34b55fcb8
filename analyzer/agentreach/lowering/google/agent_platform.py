"""The agent platform around agents: registry, gateway, identity providers, model guardrails.

What a registry lists lives elsewhere: agents in it are hosted somewhere, MCP servers are tools. A gateway decides
what passes between an agent and the rest. An authentication provider keeps what an agent authenticates with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, Aspect, Credential, Gate, Hidden, Role, Setting
from agentreach.lowering.google.names import scope_of
from agentreach.lowering.google.outbound import literal
from agentreach.lowering.google.pieces import agent
from agentreach.model import Key, Unknown, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource

_SPECS = (
    ("mcp_server_spec", "mcp-server", Role.TOOL),
    ("endpoint_spec", "registered-endpoint", Role.TOOL),
    ("agent_spec", "registered-agent", Role.HOST),
)


def registered(resource: Resource, _context: Context) -> Iterator[Fact]:
    """An entry of the registry: an agent that runs elsewhere, an MCP server, or an endpoint."""
    scope = scope_of(resource)
    kind, role = next(((kind, role) for path, kind, role in _SPECS if scope.has(path)), ("registered-agent", Role.HOST))
    yield agent(scope, kind, "display_name", "service_id", role=role)
    if role is Role.HOST:
        yield Hidden(
            subject=resource.key,
            attribute="agent",
            reason="what runs behind the registry is not in the code",
            at=resource.at,
        )
    for interface in scope.each("interfaces"):
        url = interface.text("url") or ""
        if url.startswith("http://"):
            yield Setting(
                subject=resource.key,
                aspect=Aspect.PLAINTEXT_INBOUND,
                state=True,
                at=interface.at("url"),
                note="called by plain HTTP",
            )


def bound(resource: Resource, context: Context) -> Iterator[Fact]:
    """An agent may call another entry of the registry, and with which authentication."""
    scope = scope_of(resource)
    source, target = scope.get("source.identifier"), scope.get("target.identifier")
    if source is None or target is None or isinstance(source, Unknown) or isinstance(target, Unknown):
        return
    declared = context.lookup(source)
    own = source if declared is None else declared.key
    yield AgentLink(agent=own, other=target, relation="uses-tool", at=scope.at("target"))
    for value in scope.values("auth_provider_binding.auth_provider"):
        yield AgentLink(
            agent=own, other=value, relation="uses-credential-provider", at=scope.at("auth_provider_binding")
        )


def gateway(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A gateway; one without registries lets an agent at everything that answers."""
    scope = scope_of(resource)
    yield agent(scope, "agent-gateway", "name", role=Role.TOOL)
    path = "google_managed.governed_access_path"
    outbound = (scope.text(path) or "AGENT_TO_ANYWHERE") == "AGENT_TO_ANYWHERE"
    if outbound:
        filtered = scope.has("registries")
        yield Setting(
            subject=resource.key,
            aspect=Aspect.TOOL_FILTER,
            state=filtered,
            at=scope.at("registries", path),
            note="" if filtered else "no registry limits where agents may go",
            defaulted=not filtered,
        )
    egress = "network_config.egress.network_attachment"
    if scope.has(egress):
        yield Setting(
            subject=resource.key,
            aspect=Aspect.UNRESTRICTED_EGRESS,
            state=False,
            at=scope.at(egress),
            note="through a network attachment",
        )


_KINDS = (
    ("three_legged_oauth.client_secret", "oauth", "tokens of the users who consented"),
    ("two_legged_oauth.client_secret", "client-secret", "tokens of the application itself"),
    ("api_key.api_key", "api-key", ""),
)


def auth_provider(resource: Resource, context: Context) -> Iterator[Fact]:
    """What agents authenticate with at another system: kept by the platform, handed out per call."""
    scope = scope_of(resource)
    owners = tuple(_workloads(scope, context)) or (resource.key,)
    for path, kind, note in _KINDS:
        full = f"auth_provider_type_params.{path}"
        if not scope.has(full):
            continue
        for number, owner in enumerate(owners):
            yield Credential(
                key=resource.key if number == 0 else Key(resource.key.root, f"{resource.key.address}#{number}"),
                kind=kind,
                owner=owner,
                at=scope.at(full),
                never_expires=kind == "api-key",
                rotated=False if kind == "api-key" else None,
                renewable_without_human=True if kind == "oauth" else None,
                stored_in="agent identity",
                thresholds="static-secret",
                note=note,
                attribute=full,
            )
        yield from literal(scope, full)
    yield from _scopes(scope)


def _workloads(scope: Scope, context: Context) -> Iterator[Key]:
    for value in scope.values("workload_ids"):
        declared = context.lookup(value)
        if declared is not None:
            yield declared.key


def _scopes(scope: Scope) -> Iterator[Setting]:
    """Scopes that are allowed by name bound what a token may be asked for."""
    listed = [string(value) for value in scope.values("allowed_scopes")]
    if listed:
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.TOOL_FILTER,
            state="*" not in listed,
            at=scope.at("allowed_scopes"),
            note=f"scopes {', '.join(one or '…' for one in listed)}",
        )


def governance(resource: Resource, context: Context) -> Iterator[Fact]:
    """A policy engine for the project's agents: there or not is all that can be said."""
    scope = scope_of(resource)
    for engine in context.of_type("google_vertex_ai_reasoning_engine"):
        if engine.key.root == resource.key.root:
            yield Gate(
                subject=engine.key,
                kind="policy-engine",
                at=scope.place,
                fails_closed=None,
                note="a semantic governance engine is declared; its policies are not in the code",
            )
