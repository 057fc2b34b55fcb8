"""ARK: agents, teams and queries (ark.mckinsey.com). There is no confirmation: no field declares one.

A query runs agents as its own `serviceAccount`. Source: github.com/mckinsey/agents-at-scale-ark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    AgentLink,
    Aspect,
    Credential,
    IdentityRelation,
    IdentityUse,
    Operation,
    Role,
    SecretUse,
    Setting,
    Tool,
)
from agentreach.lowering.kubernetes import containers
from agentreach.lowering.kubernetes.durations import lifetime
from agentreach.lowering.kubernetes.manifest import (
    Target,
    account,
    first,
    labels_of,
    link,
    namespace,
    object_name,
    spec,
)
from agentreach.lowering.kubernetes.selection import in_namespace, matches
from agentreach.lowering.kubernetes.tools import declared, is_mutating, server_facts
from agentreach.model import Key, Scalar, boolean, child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

GROUP = "ark.mckinsey.com"
_QUERY_DAYS = 720 * 3_600.0
_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def agent(resource: Resource, context: Context) -> Iterator[Fact]:
    """An Agent with its tools, and the accounts of the queries that run it."""
    yield declared(resource, "ark-agent", context)
    for tool in elements(child(spec(resource), "tools")):
        name = child(tool, "name")
        if name is not None:
            yield _tool(resource, tool, name, context)
    for query in in_namespace(context, f"{GROUP}/Query", resource.key.root, namespace(resource)):
        if _runs(query, resource):
            yield _as_query(resource, query)
    engine = descend(spec(resource), "executionEngine.name")
    if engine is not None:
        target = Target(GROUP, "ExecutionEngine", namespace(resource), engine)
        other = link(target, resource.key.root, context)
        yield AgentLink(agent=resource.key, other=other, relation="executed-by", at=engine.at)


def _tool(resource: Resource, tool: Value, name: Value, context: Context) -> Tool:
    declared_tool = containers.find(f"{GROUP}/Tool", name, namespace(resource), resource.key.root, context)
    kind = "Agent" if string(child(tool, "type")) == "agent" else "Tool"
    text = string(name) or "tool"
    return Tool(
        key=Key(resource.key.root, f"{resource.key.address}#{text}"),
        agent=resource.key,
        name=text,
        executor="agent" if kind == "Agent" else "mcp",
        at=tool.at,
        target=link(Target(GROUP, kind, namespace(resource), name), resource.key.root, context),
        confirmation=False,
        confirmable=False,
        operations=(Operation(text, _mutates(text, declared_tool), confirmation=False, at=name.at),),
        note="ARK cannot require a confirmation",
    )


def _mutates(name: str, tool: Resource | None) -> bool | None:
    """The tool's own hints and HTTP method, else the verb in its name."""
    if tool is None:
        return is_mutating(name)
    body = spec(tool)
    if boolean(descend(body, "annotations.readOnlyHint")):
        return False
    if boolean(descend(body, "annotations.destructiveHint")):
        return True
    if child(body, "http") is not None:
        return (string(descend(body, "http.method")) or "GET").upper() not in _READING_METHODS
    return is_mutating(string(descend(body, "mcp.toolName")) or name)


def _runs(query: Resource, agent_: Resource) -> bool:
    targets = elements(child(spec(query), "targets"))
    named = any(string(child(one, "type")) == "agent" and string(child(one, "name")) == agent_.name for one in targets)
    selector = child(spec(query), "selector")
    return named or (selector is not None and matches(selector, labels_of(agent_)))


def _as_query(resource: Resource, query: Resource) -> IdentityUse:
    name = child(spec(query), "serviceAccount")
    chosen = name is not None and bool(string(name))
    identity = name if chosen and name is not None else Scalar("default", query.at)
    return IdentityUse(
        subject=resource.key,
        identity=account(namespace(query), identity),
        relation=IdentityRelation.RUNS_AS,
        at=identity.at,
        note=f"{query.key.address} runs it",
        inherited_default=not chosen,
    )


def query(resource: Resource, _: Context) -> Iterator[Fact]:
    """A Query: how long its answers are kept, and how long it may run."""
    ttl, timeout = child(spec(resource), "ttl"), child(spec(resource), "timeout")
    yield Credential(
        key=resource.key,
        kind="memory",
        owner=resource.key,
        at=resource.at if ttl is None else ttl.at,
        ttl=lifetime(ttl, _QUERY_DAYS),
        defaulted=ttl is None,
        stored_in="cluster",
        thresholds="memory",
        note="answers of the query",
        attribute="ttl",
    )
    if timeout is not None:
        yield Setting(subject=resource.key, aspect=Aspect.BOUNDED_RUN, state=True, at=timeout.at)


def team(resource: Resource, context: Context) -> Iterator[Fact]:
    """A Team drives its members."""
    yield declared(resource, "ark-team", context)
    for member in elements(child(spec(resource), "members")):
        name = child(member, "name")
        if name is not None:
            kind = "Team" if string(child(member, "type")) == "team" else "Agent"
            other = link(Target(GROUP, kind, namespace(resource), name), resource.key.root, context)
            yield AgentLink(agent=resource.key, other=other, relation="collaborates", at=member.at)
    turns = child(spec(resource), "maxTurns")
    if turns is not None:
        yield Setting(subject=resource.key, aspect=Aspect.BOUNDED_RUN, state=True, at=turns.at)


def mcp_server(resource: Resource, context: Context) -> Iterator[Fact]:
    """An MCPServer elsewhere, or behind a Service of the cluster."""
    yield declared(resource, "mcp-server", context, Role.TOOL)
    yield from server_facts(resource, first(spec(resource), "address.value", "address"), context)
    yield from _headers(resource, spec(resource))


def tool(resource: Resource, context: Context) -> Iterator[Fact]:
    """A Tool: an HTTP call, or one operation of an MCP server."""
    yield declared(resource, "ark-tool", context, Role.TOOL)
    body = spec(resource)
    yield from server_facts(resource, descend(body, "http.url"), context)
    yield from _headers(resource, child(body, "http"))
    server = descend(body, "mcp.mcpServerRef.name")
    if server is not None:
        space = string(descend(body, "mcp.mcpServerRef.namespace")) or namespace(resource)
        other = link(Target(GROUP, "MCPServer", space, server), resource.key.root, context)
        yield AgentLink(agent=resource.key, other=other, relation="executed-by", at=server.at)


def _headers(resource: Resource, owner: Value | None) -> Iterator[Fact]:
    for header in elements(child(owner, "headers")):
        name = string(child(header, "name")) or "header"
        secret = descend(header, "value.valueFrom.secretKeyRef.name")
        literal = descend(header, "value.value")
        if secret is not None:
            yield SecretUse(
                subject=resource.key,
                secret=object_name(namespace(resource), secret),
                variable=name,
                at=header.at,
                via="header",
            )
        elif literal is not None:
            yield from containers.literal_use(resource.key, name, literal)


def model(resource: Resource, _: Context) -> Iterator[Fact]:
    """A Model: keys written into it."""
    for provider in ("openai", "azure", "anthropic", "bedrock"):
        for field in ("apiKey", "secretAccessKey", "sessionToken"):
            value = first(spec(resource), f"config.{provider}.{field}.value", f"config.{provider}.{field}")
            secret = descend(spec(resource), f"config.{provider}.{field}.valueFrom.secretKeyRef.name")
            if secret is None and value is not None and string(value):
                yield from containers.literal_use(resource.key, field, value)
