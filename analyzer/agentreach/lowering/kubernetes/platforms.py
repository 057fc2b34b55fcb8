"""Smaller agent platforms by custom resource: KAOS, Inference Gateway, k8sgpt, Llama Stack.

What they share is read by one table: where the pods' account, containers and environment stand, and
which fields name servers and other agents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, Aspect, Gate, Hidden, IdentityRelation, IdentityUse, Role, SecretUse, Setting
from agentreach.lowering.kubernetes.manifest import Target, entries, first, key_at, link, namespace, object_name, spec
from agentreach.lowering.kubernetes.pods import Pod, containers_of, present
from agentreach.lowering.kubernetes.tools import declared, mcp_tool
from agentreach.lowering.kubernetes.workloads import pod_facts
from agentreach.model import MapValue, Scalar, boolean, child, descend, elements, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource

KAOS = "kaos.tools"
INFERENCE_GATEWAY = "core.inference-gateway.com"


class Platform(NamedTuple):
    """How a kind describes its pods. `containers` are paths of container-like mappings."""

    kind: str
    role: Role = Role.AGENT
    account: tuple[str, ...] = ("podSpec.serviceAccountName", "serviceAccountName", "serviceAccount")
    pod: tuple[str, ...] = ("podSpec", "podTemplate.spec", "template.spec")
    containers: tuple[str, ...] = ("container",)


PLATFORMS = {
    f"{KAOS}/Agent": Platform("kaos-agent"),
    f"{KAOS}/MCPServer": Platform("mcp-server", Role.TOOL),
    f"{INFERENCE_GATEWAY}/Agent": Platform("inference-gateway-agent", containers=("",)),
    f"{INFERENCE_GATEWAY}/Orchestrator": Platform("inference-gateway-orchestrator", containers=("",)),
    f"{INFERENCE_GATEWAY}/MCP": Platform("mcp-server", Role.TOOL, containers=("",)),
    f"{INFERENCE_GATEWAY}/Gateway": Platform("llm-gateway", Role.TOOL, containers=("",)),
    "llamastack.io/LlamaStackDistribution": Platform(
        "llama-stack",
        Role.HOST,
        account=("server.podOverrides.serviceAccountName",),
        pod=("server.podOverrides",),
        containers=("server.containerSpec",),
    ),
}


def platform(resource: Resource, context: Context) -> Iterator[Fact]:
    """A kind of the table: its entry, its pods, and what it uses."""
    known = PLATFORMS[resource.type]
    yield declared(resource, known.kind, context, known.role)
    yield from pod_facts(resource.key, _pod(resource, known), resource.at, context)
    yield from _servers(resource, context)
    yield from _agents(resource, context)
    yield from _channels(resource)


def _pod(resource: Resource, known: Platform) -> Pod:
    body = spec(resource)
    pod_spec = first(body, *known.pod)
    found = [body if not path else descend(body, path) for path in known.containers]
    return Pod(
        at=resource.at,
        namespace=namespace(resource),
        labels={"app.kubernetes.io/instance": resource.name},
        annotations=entries(descend(resource.attributes, "metadata.annotations")),
        spec=pod_spec,
        account=present(first(body, *known.account)),
        automount=child(pod_spec, "automountServiceAccountToken"),
        containers=(*(one for one in found if isinstance(one, MapValue)), *containers_of(pod_spec)),
        volumes=elements(child(pod_spec, "volumes")),
    )


def _servers(resource: Resource, context: Context) -> Iterator[Fact]:
    """KAOS names its servers; nothing there can require a confirmation."""
    group = resource.type.partition("/")[0]
    for item in elements(child(spec(resource), "mcpServers")):
        name = child(item, "name") or item
        if string(name) is not None:
            target = link(Target(group, "MCPServer", namespace(resource), name), resource.key.root, context)
            yield mcp_tool(resource, name, target, (), (), at=name.at, confirmable=False)
    for item in elements(first(spec(resource), "tools.enabled", "tools")):
        name = child(item, "name") or item
        if string(name) is not None and group == INFERENCE_GATEWAY:
            yield mcp_tool(resource, name, name, (name,), (), at=name.at, confirmable=False)


def _agents(resource: Resource, context: Context) -> Iterator[Fact]:
    group = resource.type.partition("/")[0]
    for item in elements(first(spec(resource), "agentNetwork.access", "a2a.agents")):
        name = child(item, "name") or item
        if string(name) is not None:
            other = link(Target(group, "Agent", namespace(resource), name), resource.key.root, context)
            yield AgentLink(agent=resource.key, other=other, relation="collaborates", at=name.at)


def _channels(resource: Resource) -> Iterator[Fact]:
    """The orchestrator's tools wait for a person in the channel when it says so."""
    written = descend(spec(resource), "channels.requireApproval")
    if written is not None and boolean(written):
        yield Gate(
            subject=resource.key,
            kind="approval",
            at=key_at(child(spec(resource), "channels"), "requireApproval", written.at),
            note="a person approves in the channel",
        )


def k8sgpt(resource: Resource, context: Context) -> Iterator[Fact]:
    """A K8sGPT: it explains, and with autoRemediation it changes the cluster by itself."""
    yield declared(resource, "k8sgpt", context)
    body = spec(resource)
    role = descend(body, "extraOptions.serviceAccountIRSA")
    if role is not None and string(role):
        yield IdentityUse(
            subject=resource.key,
            identity=role,
            relation=IdentityRelation.FEDERATED,
            at=role.at,
            note="IAM role of the account that the operator creates",
        )
    else:
        reason = "the operator chooses the service account of its pods"
        yield Hidden(subject=resource.key, attribute="serviceAccount", reason=reason, at=resource.at)
    secret = descend(body, "ai.secret.name")
    if secret is not None:
        variable = string(descend(body, "ai.secret.key")) or "API key"
        name = object_name(namespace(resource), secret)
        yield SecretUse(subject=resource.key, secret=name, variable=variable, at=secret.at)
    remediation = descend(body, "ai.autoRemediation.enabled")
    if remediation is not None and boolean(remediation):
        yield Setting(
            subject=resource.key,
            aspect=Aspect.UNATTENDED,
            state=True,
            at=remediation.at,
            note="autoRemediation changes the cluster without asking",
        )
        yield mcp_tool(
            resource,
            Scalar("autoRemediation", remediation.at),
            Scalar("cluster", remediation.at),
            (Scalar("apply_remediation", remediation.at),),
            (),
            at=remediation.at,
            confirmable=False,
        )
