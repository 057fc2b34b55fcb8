"""ToolHive: MCP servers, proxies and the gateway in front of them (toolhive.stacklok.dev).

Without `serviceAccount` the operator creates `<name>-sa` for the server's pods. No OIDC configuration
means that whoever reaches the port may call every tool.
Source: github.com/stacklok/toolhive cmd/thv-operator/api.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Credential, Gate, IdentityRelation, IdentityUse, Role, SecretUse, Setting
from agentreach.lowering.kubernetes import containers
from agentreach.lowering.kubernetes.durations import lifetime
from agentreach.lowering.kubernetes.manifest import entries, first, key_at, namespace, object_name, spec
from agentreach.lowering.kubernetes.pods import Pod, containers_of, present
from agentreach.lowering.kubernetes.tools import declared, server_facts
from agentreach.lowering.kubernetes.workloads import pod_facts
from agentreach.lowering.written_lifetimes import within
from agentreach.model import Key, boolean, child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

GROUP = "toolhive.stacklok.dev"
_AUTHENTICATION = ("oidcConfigRef", "oidcConfig", "authServerRef")
_TOKENS = (
    ("accessTokenLifespan", "oauth", "access-token", 3_600.0),
    ("refreshTokenLifespan", "refresh-token", "refresh-token", 604_800.0),
)


def mcp_server(resource: Resource, context: Context) -> Iterator[Fact]:
    """An MCPServer: pods of its own behind a proxy."""
    yield declared(resource, "mcp-server", context, Role.TOOL)
    body = spec(resource)
    pod_spec = descend(body, "podTemplateSpec.spec")
    pod = Pod(
        at=resource.at,
        namespace=namespace(resource),
        labels={"app": "mcpserver", "app.kubernetes.io/name": "mcpserver", "app.kubernetes.io/instance": resource.name},
        annotations=entries(descend(body, "podTemplateSpec.metadata.annotations")),
        spec=pod_spec,
        account=present(first(body, "serviceAccount", "podTemplateSpec.spec.serviceAccountName")),
        automount=child(pod_spec, "automountServiceAccountToken"),
        containers=(*((body,) if body is not None else ()), *containers_of(pod_spec)),
        volumes=elements(child(pod_spec, "volumes")),
        unnamed_account=f"{resource.name}-sa",
    )
    yield from pod_facts(resource.key, pod, resource.at, context)
    yield from _secrets(resource)
    yield from _host_paths(resource)
    yield from _network(resource)
    yield from _inbound(resource)
    yield from _controls(resource)
    yield from _outbound(resource, context)


def _secrets(resource: Resource) -> Iterator[Fact]:
    for secret in elements(child(spec(resource), "secrets")):
        name = child(secret, "name")
        if name is not None:
            variable = string(child(secret, "targetEnvName")) or string(child(secret, "key")) or ""
            yield SecretUse(
                subject=resource.key,
                secret=object_name(namespace(resource), name),
                variable=variable,
                at=secret.at,
            )


def _host_paths(resource: Resource) -> Iterator[Fact]:
    for volume in elements(child(spec(resource), "volumes")):
        path = child(volume, "hostPath")
        if path is not None and string(path):
            note = f"hostPath {string(path)}: reads files of the node"
            yield Setting(subject=resource.key, aspect=Aspect.HOST_ACCESS, state=True, at=path.at, note=note)


def _network(resource: Resource) -> Iterator[Fact]:
    """The profile `none` is said to cut the network; it is a NetworkPolicy's work to do so in a cluster."""
    profile = descend(spec(resource), "permissionProfile.name")
    if string(profile) == "network" and profile is not None:
        yield Setting(
            subject=resource.key,
            aspect=Aspect.PUBLIC_NETWORK,
            state=True,
            at=profile.at,
            note="permission profile network: any host may be reached",
        )


def _inbound(resource: Resource) -> Iterator[Fact]:
    body = spec(resource)
    configured = next((value for name in _AUTHENTICATION if (value := child(body, name)) is not None), None)
    yield Setting(
        subject=resource.key,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=configured is None,
        at=resource.at if configured is None else configured.at,
        note="no OIDC configuration: callers are not authenticated" if configured is None else "OIDC is required",
        defaulted=configured is None,
    )


def _controls(resource: Resource) -> Iterator[Fact]:
    body = spec(resource)
    for name in ("authzConfig", "authzConfigRef"):
        policy = child(body, name)
        if policy is not None:
            yield Gate(
                subject=resource.key,
                kind="policy-engine",
                at=key_at(body, name, policy.at),
                note="Cedar policies decide on every call",
            )
    for name, aspect in (("toolConfigRef", Aspect.TOOL_FILTER), ("tools", Aspect.TOOL_FILTER)):
        chosen = child(body, name)
        if chosen is not None and (elements(chosen) or string(child(chosen, "name"))):
            yield Setting(subject=resource.key, aspect=aspect, state=True, at=key_at(body, name, chosen.at))
    hook = descend(body, "webhookConfigRef.name")
    if hook is not None:
        note = "a webhook is asked on every call; what it answers is not in the code"
        yield Gate(subject=resource.key, kind="interceptor", at=hook.at, fails_closed=None, note=note)
    audit, telemetry = descend(body, "audit.enabled"), descend(body, "telemetryConfigRef.name")
    if audit is not None:
        yield Setting(subject=resource.key, aspect=Aspect.AUDIT_LOG, state=boolean(audit), at=audit.at)
    elif telemetry is not None:
        note = f"calls are traced as {string(telemetry)} says"
        yield Setting(subject=resource.key, aspect=Aspect.AUDIT_LOG, state=True, at=telemetry.at, note=note)


def _outbound(resource: Resource, context: Context) -> Iterator[Fact]:
    """Roles that an external authentication configuration lets the server assume for its callers."""
    name = descend(spec(resource), "externalAuthConfigRef.name")
    configuration = containers.find(
        f"{GROUP}/MCPExternalAuthConfig", name, namespace(resource), resource.key.root, context
    )
    if configuration is None:
        return
    sts = descend(spec(configuration), "awsSts")
    roles = [role for one in elements(child(sts, "roleMappings")) if (role := child(one, "roleArn")) is not None]
    fallback = child(sts, "fallbackRoleArn")
    for role in (*roles, *((fallback,) if fallback is not None else ())):
        yield IdentityUse(
            subject=resource.key,
            identity=role,
            relation=IdentityRelation.ASSUMES,
            at=role.at,
            note="AWS role that the proxy assumes for its callers",
        )
    for path in ("bearerToken.tokenSecretRef.name", "headerInjection.valueSecretRef.name"):
        secret = descend(spec(configuration), path)
        if secret is not None:
            yield SecretUse(
                subject=resource.key,
                secret=object_name(namespace(configuration), secret),
                variable=path.partition(".")[0],
                at=secret.at,
                via="header",
            )


def remote_proxy(resource: Resource, context: Context) -> Iterator[Fact]:
    """An MCPRemoteProxy: a server elsewhere, called with the proxy's identity."""
    yield declared(resource, "mcp-server", context, Role.TOOL)
    body = spec(resource)
    pod = Pod(
        at=resource.at,
        namespace=namespace(resource),
        labels={"app.kubernetes.io/instance": resource.name},
        account=present(child(body, "serviceAccount")),
        unnamed_account=f"{resource.name}-remote-proxy-runner",
    )
    yield from pod_facts(resource.key, pod, resource.at, context)
    yield from server_facts(resource, child(body, "remoteUrl"), context)
    yield from _inbound(resource)
    yield from _controls(resource)
    yield from _outbound(resource, context)
    for header in elements(descend(body, "headerForward.addHeadersFromSecret")):
        secret = first(header, "valueSecretRef.name", "secretRef.name", "name")
        if secret is not None:
            yield SecretUse(
                subject=resource.key,
                secret=object_name(namespace(resource), secret),
                variable=string(child(header, "headerName")) or "header",
                at=header.at,
                via="header",
            )


def virtual_server(resource: Resource, context: Context) -> Iterator[Fact]:
    """A VirtualMCPServer: one address for many servers."""
    yield declared(resource, "mcp-gateway", context, Role.TOOL)
    body = spec(resource)
    pod = Pod(
        at=resource.at,
        namespace=namespace(resource),
        labels={"app.kubernetes.io/instance": resource.name},
        account=present(child(body, "serviceAccount")),
        unnamed_account=f"{resource.name}-vmcp",
    )
    yield from pod_facts(resource.key, pod, resource.at, context)
    kind = descend(body, "incomingAuth.type")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=kind is None or string(kind) == "anonymous",
        at=resource.at if kind is None else kind.at,
        note=f"incoming authentication: {string(kind) or 'none declared'}",
        defaulted=kind is None,
    )
    if descend(body, "incomingAuth.authzConfig") is not None:
        at = key_at(child(body, "incomingAuth"), "authzConfig", resource.at)
        yield Gate(subject=resource.key, kind="policy-engine", at=at, note="Cedar policies decide on every call")
    yield from _elicitations(resource)
    yield from token_lifespans(resource, descend(body, "authServerConfig.tokenLifespans"))


def _elicitations(resource: Resource) -> Iterator[Fact]:
    """A composite tool that asks its user before it calls a tool is confirmed as a whole."""
    for tool in elements(descend(spec(resource), "config.compositeTools")):
        kinds = [string(child(step, "type")) or "tool" for step in elements(child(tool, "steps"))]
        name = string(child(tool, "name"))
        if name is not None and "elicitation" in kinds:
            before = "tool" not in kinds[: kinds.index("elicitation")]
            yield Gate(
                subject=resource.key,
                kind="confirmation",
                at=tool.at,
                covers=(name,),
                fails_closed=True if before else None,
                note="an elicitation step asks the user" + ("" if before else " after a tool was called"),
            )


def token_lifespans(resource: Resource, lifespans: Value | None) -> Iterator[Fact]:
    """Access and refresh tokens of the embedded authorisation server, where one is configured."""
    if lifespans is None:
        return
    access, refresh = (_lifespan(resource, lifespans, *one) for one in _TOKENS)
    yield within(access, refresh)
    yield refresh


def _lifespan(
    resource: Resource, lifespans: Value, attribute: str, kind: str, thresholds: str, default: float
) -> Credential:
    written = child(lifespans, attribute)
    return Credential(
        key=Key(resource.key.root, f"{resource.key.address}#{attribute}"),
        kind=kind,
        owner=resource.key,
        at=lifespans.at if written is None else written.at,
        ttl=lifetime(written, default),
        defaulted=written is None,
        renewable_without_human=kind == "refresh-token",
        thresholds=thresholds,
        attribute=attribute,
    )


def external_auth(resource: Resource, _: Context) -> Iterator[Fact]:
    """An MCPExternalAuthConfig: how servers that refer to it authenticate to what they call."""
    yield from token_lifespans(resource, descend(spec(resource), "embeddedAuthServer.tokenLifespans"))
