"""Gateways in front of MCP servers: Envoy AI Gateway, agentgateway, Kuadrant.

Sources: github.com/envoyproxy/ai-gateway api/v1alpha1, agentgateway.dev, github.com/Kuadrant/mcp-gateway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    AgentLink,
    Aspect,
    Credential,
    Gate,
    IdentityRelation,
    IdentityUse,
    Role,
    SecretUse,
    Setting,
)
from agentreach.lowering.kubernetes import containers
from agentreach.lowering.kubernetes.durations import lifetime
from agentreach.lowering.kubernetes.manifest import first, key_at, namespace, object_name, spec
from agentreach.lowering.kubernetes.tools import declared, selected
from agentreach.model import Key, Reference, child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value

_AUTHENTICATORS = ("oauth", "apiKeyAuth", "extAuth")
_FILTERS = ("include", "includeRegex", "exclude", "excludeRegex")
_JWT_SECONDS = 300.0


def mcp_route(resource: Resource, context: Context) -> Iterator[Fact]:
    """An MCPRoute: who may call, which tools of which backends, and with which key."""
    yield declared(resource, "mcp-gateway", context, Role.TOOL)
    policy = child(spec(resource), "securityPolicy")
    method = next((name for name in _AUTHENTICATORS if child(policy, name) is not None), None)
    yield Setting(
        subject=resource.key,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=method is None,
        at=resource.at if method is None or policy is None else key_at(policy, method, policy.at),
        note="no securityPolicy authenticates callers" if method is None else f"callers are authenticated by {method}",
        defaulted=method is None,
    )
    rules = child(policy, "authorization")
    if rules is not None:
        yield _authorization(resource, rules)
    for backend in elements(child(spec(resource), "backendRefs")):
        yield from _backend(resource, backend, context)


def _authorization(resource: Resource, rules: Value) -> Gate:
    action = string(child(rules, "defaultAction")) or "Deny"
    return Gate(
        subject=resource.key,
        kind="policy-engine",
        at=rules.at,
        fails_closed=action == "Deny",
        note=f"authorization decides on every call, otherwise {action.lower()}",
    )


def _backend(resource: Resource, backend: Value, context: Context) -> Iterator[Fact]:
    name = child(backend, "name")
    if name is None:
        return
    chosen = child(backend, "toolSelector")
    filtered = any(elements(child(chosen, field)) for field in _FILTERS)
    yield Setting(
        subject=resource.key,
        aspect=Aspect.TOOL_FILTER,
        state=filtered,
        at=backend.at if chosen is None else chosen.at,
        note=f"tools of {string(name)}" + ("" if filtered else ": all of them"),
    )
    yield from _to_service(resource, name, string(child(backend, "namespace")), context)
    key = descend(backend, "securityPolicy.apiKey")
    inline, secret = child(key, "inline"), descend(key, "secretRef.name")
    if inline is not None:
        yield from containers.literal_use(resource.key, "api_key", inline)
    if secret is not None and key is not None:
        yield SecretUse(
            subject=resource.key,
            secret=object_name(namespace(resource), secret),
            variable=string(child(key, "header")) or "Authorization",
            at=secret.at,
            via="header",
        )


def _to_service(resource: Resource, name: Value, space: str | None, context: Context) -> Iterator[Fact]:
    """The workloads behind a Service that a route names."""
    where = space or namespace(resource)
    service = containers.find("v1/Service", name, where, resource.key.root, context)
    if service is None:
        return
    for owner in dict.fromkeys(one.key for one, _ in selected(service, where, resource.key.root, context)):
        yield AgentLink(agent=resource.key, other=Reference(owner, "", name.at), relation="executed-by", at=name.at)


def backend_policy(resource: Resource, _: Context) -> Iterator[Fact]:
    """A BackendSecurityPolicy: the key or role with which a gateway calls a model or tool."""
    body = spec(resource)
    role = descend(body, "awsCredentials.oidcExchangeToken.awsRoleArn")
    if role is not None:
        yield IdentityUse(
            subject=resource.key,
            identity=role,
            relation=IdentityRelation.FEDERATED,
            at=role.at,
            note="role that the gateway assumes for its backends",
        )
    for path in _BACKEND_SECRETS:
        secret = descend(body, f"{path}.name")
        if secret is not None:
            yield Credential(
                key=Key(resource.key.root, f"{resource.key.address}#{path}"),
                kind="api-key" if path.startswith("apiKey") else "access-key",
                owner=resource.key,
                at=secret.at,
                stored_in=f"Secret {namespace(resource)}/{string(secret)}",
                thresholds="static-secret",
                attribute=path,
            )


_BACKEND_SECRETS = (
    "apiKey.secretRef",
    "awsCredentials.credentialsFile.secretRef",
    "azureCredentials.clientSecretRef",
    "gcpCredentials.credentialsFile.secretRef",
    "anthropicAPIKey.secretRef",
)


def agentgateway_policy(resource: Resource, _: Context) -> Iterator[Fact]:
    """An AgentgatewayPolicy: outbound credentials, guards on prompts, decisions on calls."""
    body = spec(resource)
    authentication = descend(body, "backend.auth")
    key = child(authentication, "key")
    if key is not None:
        yield from containers.literal_use(resource.key, "api_key", key)
    role = first(authentication, "aws.assumeRole.roleArn", "aws.assumeRole")
    if role is not None and string(role):
        yield IdentityUse(
            subject=resource.key,
            identity=role,
            relation=IdentityRelation.ASSUMES,
            at=role.at,
            note="role that the gateway assumes",
        )
    signing = child(authentication, "jwtSign")
    if signing is not None:
        ttl = child(signing, "ttl")
        yield Credential(
            key=Key(resource.key.root, f"{resource.key.address}#jwt"),
            kind="oauth",
            owner=resource.key,
            at=signing.at if ttl is None else ttl.at,
            ttl=lifetime(ttl, _JWT_SECONDS),
            defaulted=ttl is None,
            rotated=True,
            renewable_without_human=True,
            thresholds="access-token",
            attribute="ttl",
        )
    yield from _guards(resource, body)


def _guards(resource: Resource, body: Value | None) -> Iterator[Fact]:
    guard = descend(body, "backend.ai.promptGuard")
    if guard is not None:
        yield Setting(subject=resource.key, aspect=Aspect.GUARDRAIL, state=True, at=guard.at)
    decision = first(body, "backend.mcp.authorization", "traffic.authorization")
    target = next(iter(elements(child(body, "targetRefs"))), None)
    name = child(target, "name")
    if decision is not None and name is not None:
        yield Gate(
            subject=name,
            kind="policy-engine",
            at=decision.at,
            fails_closed=(string(child(decision, "action")) or "Allow") in {"Allow", "Deny"},
            note="authorization rules decide on every call",
        )


def server_registration(resource: Resource, context: Context) -> Iterator[Fact]:
    """A Kuadrant MCPServerRegistration: a server behind a route, called with a stored credential."""
    yield declared(resource, "mcp-server", context, Role.TOOL)
    secret = descend(spec(resource), "credentialRef.name")
    if secret is not None:
        yield SecretUse(
            subject=resource.key,
            secret=object_name(namespace(resource), secret),
            variable=string(descend(spec(resource), "credentialRef.key")) or "token",
            at=secret.at,
            via="header",
        )
    route = descend(spec(resource), "targetRef.name")
    kind = "gateway.networking.k8s.io/HTTPRoute"
    found = containers.find(kind, route, namespace(resource), resource.key.root, context)
    for rule in elements(child(spec(found), "rules")) if found is not None else ():
        for backend in elements(child(rule, "backendRefs")):
            name = child(backend, "name")
            if name is not None:
                yield from _to_service(resource, name, string(child(backend, "namespace")), context)


def virtual_server(resource: Resource, context: Context) -> Iterator[Fact]:
    """A Kuadrant MCPVirtualServer: the tools that a client sees."""
    yield declared(resource, "mcp-gateway", context, Role.TOOL)
    tools = child(spec(resource), "tools")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.TOOL_FILTER,
        state=bool(elements(tools)),
        at=resource.at if tools is None else tools.at,
        defaulted=tools is None,
    )
