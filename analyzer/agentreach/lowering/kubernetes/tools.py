"""Tools of agents in the cluster, and what stands behind the address of an MCP server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agentreach.identity import Agent, AgentLink, Aspect, Evidence, Operation, Role, Setting, Tool
from agentreach.lowering.context import once_per_scan
from agentreach.lowering.kubernetes import pod_kinds
from agentreach.lowering.kubernetes.manifest import first, namespace, spec, strings, tags
from agentreach.lowering.kubernetes.selection import in_namespace, namespace_labels
from agentreach.lowering.operations import mutating
from agentreach.model import Key, Reference, child, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Resource, Span, Value

_CLUSTER_VERBS = frozenset({"annotate", "cordon", "expose", "label", "patch", "taint", "uncordon", "untaint"})
"""Verbs of kubectl that change something and are no verbs of services in general."""

SERVER_ADDRESSES = {
    "kagent.dev/RemoteMCPServer": ("url",),
    "kagent.dev/ToolServer": ("config.streamableHttp.url", "config.sse.url"),
    "ark.mckinsey.com/MCPServer": ("address.value", "address"),
    "toolhive.stacklok.dev/MCPRemoteProxy": ("remoteUrl",),
}
"""Kinds that declare a server by its address, and where that stands in their spec."""


def declared(resource: Resource, kind: str, context: Context, role: Role = Role.AGENT) -> Agent:
    """The inventory entry of a resource whose type itself declares it."""
    return Agent(
        key=resource.key,
        name=resource.name,
        platform="kubernetes",
        kind=kind,
        at=resource.at,
        role=role,
        because=(Evidence(resource.at, f"declares a {kind.replace('-', ' ')}"),),
        tags=tags(resource, namespace_labels(namespace(resource), resource.key.root, context)),
    )


def is_mutating(name: str) -> bool | None:
    """What the verb in a tool's name says; None when it has none. `k8s_delete_resource` changes things."""
    said = mutating(name)
    tokens = name.lower().replace("-", "_").split("_")
    return True if said is None and _CLUSTER_VERBS.intersection(tokens) else said


def mcp_tool(
    resource: Resource,
    name: Value,
    target: Value,
    names: tuple[Value, ...],
    approved: tuple[Value, ...],
    *,
    at: Span,
    confirmable: bool = True,
) -> Tool:
    """An agent's tools from one MCP server: what it may call, and which calls a person must allow."""
    needs = {string(one) for one in approved}
    everything = "*" in needs
    operations = tuple(
        Operation(text, is_mutating(text), everything or text in needs, one.at)
        for one in names
        if (text := string(one)) is not None
    )
    return Tool(
        key=Key(resource.key.root, f"{resource.key.address}#{string(name) or 'tools'}"),
        agent=resource.key,
        name=string(name) or "MCP server",
        executor="mcp",
        at=at,
        target=target,
        confirmation=_confirmation(operations, confirmable=confirmable),
        confirmable=confirmable,
        operations=operations,
        note="acts as the service account of the MCP server's pods",
    )


def _confirmation(operations: tuple[Operation, ...], *, confirmable: bool) -> bool | None:
    """True when every operation that may change something is confirmed; without a list none is."""
    if not confirmable or not operations:
        return False
    changing = [one for one in operations if one.mutating is not False] or operations
    return all(one.confirmation for one in changing)


def server_facts(resource: Resource, url: Value | None, context: Context) -> Iterator[Fact]:
    """What answers for a server, and with whose identity: the pods behind its address, where they are declared."""
    text = string(url)
    if url is None or text is None:
        return
    if text.startswith("http://") and not _inside(text):
        yield Setting(
            subject=resource.key,
            aspect=Aspect.PLAINTEXT_INBOUND,
            state=True,
            at=url.at,
            note="calls leave the cluster without encryption",
        )
    around = namespace(resource), resource.key.root, context
    pods_behind = (owner.key for owner, _ in behind(text, *around))
    for owner in dict.fromkeys((*pods_behind, *_proxied(text, *around))):
        yield AgentLink(agent=resource.key, other=Reference(owner, "", url.at), relation="executed-by", at=url.at)


def _proxied(url: str, default_namespace: str, root: str, context: Context) -> Iterator[Key]:
    """The ToolHive server behind the proxy that its operator creates: the Service `mcp-<name>-proxy`."""
    found = place(url, default_namespace)
    name = found.name.removeprefix("mcp-").removesuffix("-proxy") if found else ""
    if found is not None and found.name == f"mcp-{name}-proxy":
        for server in in_namespace(context, "toolhive.stacklok.dev/MCPServer", root, found.namespace):
            if server.name == name:
                yield server.key


def is_behind_a_server(key: Key, context: Context) -> bool:
    """Whether a workload answers for a declared MCP server, which is then the inventory's entry for both."""
    return key in _behind_servers(context)


@once_per_scan
def _behind_servers(context: Context) -> frozenset[Key]:
    found: set[Key] = set()
    for type_, paths in SERVER_ADDRESSES.items():
        for server in context.of_type(type_):
            text = string(first(spec(server), *paths))
            if text is not None:
                found.update(owner.key for owner, _ in behind(text, namespace(server), server.key.root, context))
    return frozenset(found)


class Place(NamedTuple):
    """A service inside the cluster."""

    name: str
    namespace: str


def place(url: str, default_namespace: str) -> Place | None:
    """The service a URL names: `http://tools.ops:8084/mcp`, `…svc.cluster.local`; None for other hosts."""
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        return None
    labels = host.split(".")
    if len(labels) > 2 and labels[2] == "svc":  # noqa: PLR2004 - name.namespace.svc
        return Place(labels[0], labels[1])
    if len(labels) == 2:  # noqa: PLR2004 - name.namespace, or a public domain: the caller looks whether it is declared
        return Place(labels[0], labels[1])
    return Place(labels[0], default_namespace) if len(labels) == 1 and labels[0] else None


def _inside(url: str) -> bool:
    found = place(url, "")
    host = (urlsplit(url).hostname or "") if found else ""
    return found is not None and (found.namespace == "" or ".svc" in host or host.count(".") == 1)


def behind(url: str, default_namespace: str, root: str, context: Context) -> Iterator[tuple[Resource, Pod]]:
    """The workloads whose pods a declared Service of that address selects."""
    found = place(url, default_namespace)
    if found is None:
        return
    for service in in_namespace(context, "v1/Service", root, found.namespace):
        if service.name == found.name:
            yield from selected(service, found.namespace, root, context)


def selected(service: Resource, namespace_: str, root: str, context: Context) -> Iterator[tuple[Resource, Pod]]:
    """The workloads whose pods a Service selects. One without a selector selects none."""
    selector = strings(child(spec(service), "selector"))
    if not selector:
        return
    for type_ in pod_kinds.READERS:
        for resource in in_namespace(context, type_, root, namespace_):
            for pod in pod_kinds.read(resource, context):
                if selector.items() <= pod.labels.items():
                    yield resource, pod
