"""MCP servers of kagent and kmcp: the pods, addresses and accounts behind an agent's tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, IdentityRelation, IdentityUse, Role, SecretUse, Setting
from agentreach.lowering.kubernetes import containers
from agentreach.lowering.kubernetes.accounts import EKS_ROLE
from agentreach.lowering.kubernetes.kagent import headers
from agentreach.lowering.kubernetes.manifest import entries, first, key_at, namespace, object_name, spec, strings
from agentreach.lowering.kubernetes.pods import Pod, present
from agentreach.lowering.kubernetes.tools import SERVER_ADDRESSES, declared, server_facts
from agentreach.lowering.kubernetes.workloads import pod_facts
from agentreach.model import child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value


def mcp_server(resource: Resource, context: Context) -> Iterator[Fact]:
    """A kmcp MCPServer: pods of its own, as its own account unless it names one."""
    yield declared(resource, "mcp-server", context, Role.TOOL)
    deployment = child(spec(resource), "deployment")
    pod = Pod(
        at=resource.at if deployment is None else deployment.at,
        namespace=namespace(resource),
        labels={
            "app.kubernetes.io/name": resource.name,
            "app.kubernetes.io/instance": resource.name,
            "app.kubernetes.io/managed-by": "kmcp",
            **strings(child(deployment, "labels")),
        },
        annotations=entries(child(deployment, "annotations")),
        spec=deployment,
        account=present(child(deployment, "serviceAccountName")),
        containers=(*((deployment,) if deployment is not None else ()), *elements(child(deployment, "sidecars"))),
        volumes=elements(child(deployment, "volumes")),
        unnamed_account=resource.name,
    )
    yield from pod_facts(resource.key, pod, resource.at, context)
    yield from _created_account(resource, deployment)
    for variable, value in entries(child(deployment, "env")).items():
        yield from containers.literal_use(resource.key, variable, value)
    for secret in elements(child(deployment, "secretRefs")):
        name = child(secret, "name")
        if name is not None:
            mounted = object_name(namespace(resource), name)
            yield SecretUse(subject=resource.key, secret=mounted, variable=string(name) or "", at=name.at, via="file")


def _created_account(resource: Resource, deployment: Value | None) -> Iterator[Fact]:
    """Annotations for the account that the controller creates: an IRSA role may stand there."""
    role = entries(descend(deployment, "serviceAccount.annotations")).get(EKS_ROLE)
    if role is not None:
        yield IdentityUse(
            subject=resource.key,
            identity=role,
            relation=IdentityRelation.FEDERATED,
            at=role.at,
            note="IAM role for the service account that kmcp creates",
        )


def remote_mcp_server(resource: Resource, context: Context) -> Iterator[Fact]:
    """A RemoteMCPServer or ToolServer: the tools of whatever answers at its address."""
    yield declared(resource, "mcp-server", context, Role.TOOL)
    body = spec(resource)
    url = first(body, *SERVER_ADDRESSES[resource.type])
    yield from server_facts(resource, url, context)
    for owner in (body, descend(body, "config.streamableHttp"), descend(body, "config.sse")):
        yield from headers(resource, owner)
    standard = descend(body, "config.stdio.env")
    for name, value in entries(standard).items():
        yield from containers.literal_use(resource.key, name, value)
    allowed = string(descend(body, "allowedNamespaces.from"))
    if allowed == "All":
        yield Setting(
            subject=resource.key,
            aspect=Aspect.ANONYMOUS_INBOUND,
            state=None,
            at=key_at(body, "allowedNamespaces", resource.at),
            note="agents of every namespace may use these tools",
        )
