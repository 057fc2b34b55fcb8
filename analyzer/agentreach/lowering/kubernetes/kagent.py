"""kagent and kmcp: agents, their tools, the servers behind them (kagent.dev v1alpha1 to v1alpha3).

An Agent's pods run as `deployment.serviceAccountName`, else as the account that kagent creates with
the agent's name; its labels are `app: kagent` and `kagent: <name>`. A tool acts as the account of the
MCP server's own pods. `requireApproval` is the only confirmation there is: what it does not list runs.
Source: github.com/kagent-dev/kagent go/api, github.com/kagent-dev/kmcp api/v1alpha1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, Aspect, Credential, Gate, SecretUse, Setting
from agentreach.lowering.kubernetes import containers
from agentreach.lowering.kubernetes.manifest import (
    Target,
    entries,
    first,
    key_at,
    link,
    namespace,
    object_name,
    spec,
    strings,
)
from agentreach.lowering.kubernetes.pods import Pod, present
from agentreach.lowering.kubernetes.tools import declared, mcp_tool
from agentreach.lowering.kubernetes.workloads import pod_facts
from agentreach.model import Key, Scalar, Unknown, child, descend, elements, number, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

GROUP = "kagent.dev"
_DAY = 86_400.0
_MEMORY_DAYS = 15.0


def agent(resource: Resource, context: Context) -> Iterator[Fact]:
    """An Agent or SandboxAgent."""
    yield declared(resource, "kagent-agent", context)
    pod = _agent_pod(resource)
    yield from pod_facts(resource.key, pod, resource.at, context)
    yield from _tools(resource, context)
    yield from model_key(resource, context)
    yield from _memory(resource)
    yield from _skills(resource)
    if resource.type.endswith("/SandboxAgent"):
        yield from _sandboxed(resource)


def _agent_pod(resource: Resource) -> Pod:
    body = spec(resource)
    deployment = first(body, "declarative.deployment", "byo.deployment", "deployment")
    own = strings(child(deployment, "labels"))
    image = child(deployment, "image")
    main = (deployment,) if image is not None or child(deployment, "env") or child(deployment, "envFrom") else ()
    return Pod(
        at=resource.at if deployment is None else deployment.at,
        namespace=namespace(resource),
        labels={"app": "kagent", "kagent": resource.name, **own},
        annotations=entries(child(deployment, "annotations")),
        spec=deployment,
        account=present(child(deployment, "serviceAccountName")),
        containers=(*main, *elements(child(deployment, "extraContainers"))),
        volumes=elements(child(deployment, "volumes")),
        unnamed_account=resource.name,
    )


def _tools(resource: Resource, context: Context) -> Iterator[Fact]:
    body = spec(resource)
    for index, tool in enumerate(elements(first(body, "declarative.tools", "tools"))):
        server, other = first(tool, "mcpServer", "mcp"), child(tool, "agent")
        if server is not None:
            yield from _server_tool(resource, index, server, context)
        elif other is not None:
            yield from _agent_tool(resource, other, context)
        yield from headers(resource, tool)


def _server_tool(resource: Resource, index: int, server: Value, context: Context) -> Iterator[Fact]:
    reference = child(server, "server") or server
    name = first(reference, "name", "toolServer") or Scalar(f"tools[{index}]", server.at)
    target = link(_server_target(resource, reference, name), resource.key.root, context)
    names = elements(first(server, "toolNames", "tools"))
    approved = elements(child(server, "requireApproval"))
    tool = mcp_tool(resource, name, target, names, approved, at=server.at)
    yield tool
    if approved:
        yield Gate(
            subject=resource.key,
            kind="confirmation",
            at=key_at(server, "requireApproval", server.at),
            covers=tuple(text for one in approved if (text := string(one)) is not None),
            note="requireApproval pauses the run until a person decides",
        )
    if not names:
        yield Setting(
            subject=tool.key,
            aspect=Aspect.TOOL_FILTER,
            state=False,
            at=server.at,
            note=f"every tool of {string(name)} may be called: toolNames is not set",
        )


def _server_target(resource: Resource, reference: Value, name: Value) -> Target:
    """What a tool refers to: kind and group default as kagent's translator does; v1alpha1 writes namespace/name."""
    group, kind = string(child(reference, "apiGroup")) or GROUP, string(child(reference, "kind"))
    where, slash, bare = (string(name) or "").rpartition("/")
    if child(reference, "toolServer") is not None and kind is None:
        kind = "ToolServer"
    space = string(child(reference, "namespace")) or where or namespace(resource)
    core = kind in {"Service", "Deployment"}
    return Target("v1" if core else group, kind or "MCPServer", space, Scalar(bare, name.at) if slash else name)


def _agent_tool(resource: Resource, other: Value, context: Context) -> Iterator[Fact]:
    name = first(other, "name", "ref", "templateRef.name")
    if name is None:
        return
    where, _, bare = (string(name) or "").rpartition("/")
    kind = string(child(other, "kind")) or ("AgentTemplate" if child(other, "templateRef") else "Agent")
    space = string(child(other, "namespace")) or where or namespace(resource)
    target = Target(GROUP, kind, space, Scalar(bare, name.at) if where else name)
    yield AgentLink(
        agent=resource.key,
        other=link(target, resource.key.root, context),
        relation="collaborates",
        at=other.at,
    )


def headers(resource: Resource, owner: Value | None) -> Iterator[Fact]:
    """Headers that authenticate calls, from a Secret or written out."""
    for header in elements(child(owner, "headersFrom")):
        source, name = child(header, "valueFrom"), string(child(header, "name")) or "header"
        secret = first(source, "name", "valueRef")
        literal = child(header, "value")
        if secret is not None and string(child(source, "type")) == "Secret":
            yield SecretUse(
                subject=resource.key,
                secret=secret_name(resource, secret),
                variable=name,
                at=header.at,
                via="header",
            )
        elif literal is not None:
            yield from containers.literal_use(resource.key, name, literal)


def secret_name(resource: Resource, secret: Value) -> Value:
    """A Secret that v1alpha1 may name with its namespace."""
    return secret if "/" in (string(secret) or "") else object_name(namespace(resource), secret)


def model_key(resource: Resource, context: Context) -> Iterator[Fact]:
    """The key of the model's provider, which the agent's pods receive as a variable."""
    name = first(spec(resource), "declarative.modelConfig", "modelConfig.name", "modelConfig", "modelConfigRef")
    text = (string(name) or "default-model-config").rpartition("/")[2]
    model = containers.find(
        f"{GROUP}/ModelConfig", Scalar(text, resource.at), namespace(resource), resource.key.root, context
    )
    if model is None:
        return
    secret = first(spec(model), "apiKeySecret", "apiKeySecretRef")
    if secret is not None and string(secret):
        yield SecretUse(
            subject=resource.key,
            secret=secret_name(model, secret),
            variable=string(first(spec(model), "apiKeySecretKey")) or "API key",
            at=secret.at,
        )


def _memory(resource: Resource) -> Iterator[Fact]:
    memory = descend(spec(resource), "declarative.memory")
    if memory is None:
        return
    days = child(memory, "ttlDays")
    yield Credential(
        key=Key(resource.key.root, f"{resource.key.address}#memory"),
        kind="memory",
        owner=resource.key,
        at=memory.at if days is None else days.at,
        ttl=_days(days),
        defaulted=days is None,
        stored_in="kagent database",
        thresholds="memory",
        attribute="ttlDays",
    )


def _days(written: Value | None) -> float | Unknown:
    """Absent and zero both mean kagent's default of 15 days."""
    if written is None:
        return _MEMORY_DAYS * _DAY
    days = number(written)
    if days is None or days < 0:
        return Unknown("ttlDays is not a number of days", written.at)
    return (days or _MEMORY_DAYS) * _DAY


def _skills(resource: Resource) -> Iterator[Fact]:
    """Code that is loaded into the agent at start: pinned by commit or digest, or moving."""
    skills = child(spec(resource), "skills")
    for repository in elements(child(skills, "gitRefs")):
        reference = string(child(repository, "ref")) or "main"
        pinned = len(reference) in {40, 64} and all(letter in "0123456789abcdef" for letter in reference.lower())
        yield Setting(
            subject=resource.key,
            aspect=Aspect.PINNED_ARTIFACT,
            state=pinned,
            at=repository.at,
            note=f"skill from {string(child(repository, 'url'))} at {reference}",
        )
    for image in elements(child(skills, "refs")):
        yield containers.image_setting(resource.key, image)


def _sandboxed(resource: Resource) -> Iterator[Fact]:
    domains = descend(spec(resource), "sandbox.network.allowedDomains")
    names = [string(one) for one in elements(domains)]
    yield Setting(
        subject=resource.key,
        aspect=Aspect.UNRESTRICTED_EGRESS,
        state="*" in names,
        at=resource.at if domains is None else domains.at,
        note="sandbox network: " + (", ".join(name or "?" for name in names) or "no domain is allowed"),
        defaulted=domains is None,
    )


def template(resource: Resource, context: Context) -> Iterator[Fact]:
    """An AgentTemplate: behaviour without an identity of its own; the Harness that admits it gives one."""
    yield declared(resource, "kagent-template", context)
    yield from _tools(resource, context)
    yield from model_key(resource, context)
