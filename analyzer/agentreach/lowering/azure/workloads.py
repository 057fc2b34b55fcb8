"""Container apps and groups, functions and sites, machines, workflows, clusters: what runs, as whom, with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, IdentityRelation, IdentityUse, SecretUse, Setting
from agentreach.lowering import secrets, startup_scripts, workload_signs
from agentreach.lowering.azure.names import KINDS, principal, scope_of
from agentreach.lowering.azure.pieces import identities, system, workload
from agentreach.lowering.fetched_packages import fetched
from agentreach.lowering.workload_signs import Variable
from agentreach.model import Scalar, string, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Resource, Value

_VAULT_REFERENCE = "@Microsoft.KeyVault("


def container_app(resource: Resource, context: Context) -> Iterator[Fact]:
    """A container app or job; its secrets are blocks that variables name."""
    yield from workload_signs.weighed(_container_app(resource, context))


def _container_app(resource: Resource, context: Context) -> Iterator[Fact]:
    scope = scope_of(resource)
    yield from workload(scope, "container-app")
    yield system(scope, context)
    yield from identities(scope, context)
    held = {block.text("name") or "": block for block in scope.each("secret")}
    for kind in ("container", "init_container"):
        for container in scope.each(f"template.{kind}"):
            yield from _container(resource.key, container, held)
    external = "ingress.external_enabled"
    if scope.has(external):
        public = scope.flag(external)
        yield Setting(
            subject=resource.key,
            aspect=Aspect.PUBLIC_NETWORK,
            state=public,
            at=scope.at(external),
            note="ingress from the internet" if public else "ingress from the environment only",
        )
        if public:
            yield _authenticated(scope, context)
    yield from _plaintext(scope)


_AUTHENTICATION = "Microsoft.App/containerApps/authConfigs"


def _authenticated(scope: Scope, context: Context) -> Setting:
    """Container apps ask nobody who calls, unless authentication is declared or a certificate is asked for."""
    declared = [
        one
        for one in context.mentions(scope.resource.key)
        if (string(one.attributes.entries.get("type")) or "").startswith(_AUTHENTICATION)
    ]
    certificate = scope.text("ingress.client_certificate_mode") == "require"
    listed = scope.has("ingress.ip_security_restriction")
    guarded = bool(declared) or certificate or listed
    return Setting(
        subject=scope.resource.key,
        aspect=Aspect.ANONYMOUS_INBOUND,
        state=not guarded,
        at=scope.at("ingress.external_enabled"),
        note="callers are authenticated or listed" if guarded else "public ingress without a declared authenticator",
    )


def _plaintext(scope: Scope) -> Iterator[Setting]:
    path = "ingress.allow_insecure_connections"
    if scope.flag(path):
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.PLAINTEXT_INBOUND,
            state=True,
            at=scope.at(path),
            note="plain HTTP is allowed",
        )


def _container(subject: Key, container: Scope, held: dict[str, Scope]) -> Iterator[Fact]:
    for value in container.values("image"):
        yield from workload_signs.image(subject, value)
    yield from fetched(subject, container.get("command"), container.get("args"))
    yield from workload_signs.variables(subject, workload_signs.of_blocks(container, "env"))
    for block in container.each("env"):
        name, secret = block.text("name") or "a variable", block.text("secret_name")
        if block.has("secret_name"):
            yield from workload_signs.sign_of(subject, name, block.at("secret_name"))
            yield from _secret(subject, name, block, held.get(secret or ""))


def _secret(subject: Key, name: str, block: Scope, secret: Scope | None) -> Iterator[Fact]:
    """The secret behind a variable: in a vault, or a value of the app's own."""
    if secret is None:
        value = block.get("secret_name")
        if value is not None:
            yield SecretUse(subject=subject, secret=value, variable=name, at=block.at("secret_name"))
        return
    for value in secret.values("key_vault_secret_id"):
        yield SecretUse(subject=subject, secret=value, variable=name, at=block.at("secret_name"))
    for value in secret.values("value"):
        found = Variable(name, value, secret.at("value"))
        yield from workload_signs.secret_in(subject, found, sensitive=True)


def site(resource: Resource, context: Context) -> Iterator[Fact]:
    """A function app, web app or standard logic app."""
    yield from workload_signs.weighed(_site(resource, context))


def _site(resource: Resource, context: Context) -> Iterator[Fact]:
    scope = scope_of(resource)
    yield from workload(scope, "function-app" if "function" in resource.type else "web-app")
    yield system(scope, context)
    yield from identities(scope, context)
    yield from _settings(resource.key, scope)
    for path in ("site_config.application_stack.docker_image_name", "site_config.application_stack.docker.image_name"):
        for value in scope.values(path):
            yield from workload_signs.image(resource.key, value)
    yield from _callers(scope)


def _settings(subject: Key, scope: Scope) -> Iterator[Fact]:
    """App settings become environment variables; a reference to a vault is resolved when the app starts."""
    found = list(workload_signs.of_map(scope, "app_settings"))
    plain = [one for one in found if not _of_vault(one.value)]
    yield from workload_signs.variables(subject, plain)
    for one in found:
        if _of_vault(one.value):
            yield from workload_signs.sign_of(subject, one.name, one.at)
            yield SecretUse(subject=subject, secret=one.value, variable=one.name, at=one.at)
    for block in scope.each("connection_string"):
        for value in block.values("value"):
            found_one = Variable(block.text("name") or "connection string", value, block.at("value"))
            yield from workload_signs.secret_in(subject, found_one, sensitive=True)


def _of_vault(value: Value) -> bool:
    parts = text_parts(value)
    return bool(parts) and isinstance(parts[0], str) and parts[0].startswith(_VAULT_REFERENCE)


def _callers(scope: Scope) -> Iterator[Setting]:
    """Who may call it: the platform's authentication, addresses that are let in, or nothing declared."""
    required = "auth_settings_v2.require_authentication"
    public = "public_network_access_enabled"
    if scope.has(required):
        answer = scope.flag(required)
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.ANONYMOUS_INBOUND,
            state=None if answer is None else not answer and not _restricted(scope),
            at=scope.at(required),
            note="authentication is required" if answer else "authentication is not required",
        )
    if scope.has(public) or scope.has("site_config.ip_restriction"):
        open_ = scope.flag(public) if scope.has(public) else True
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.PUBLIC_NETWORK,
            state=None if open_ is None else open_ and not _restricted(scope),
            at=scope.at(public, "site_config.ip_restriction"),
            note="reached by listed addresses" if _restricted(scope) else f"public network access {open_}".lower(),
        )


def _restricted(scope: Scope) -> bool:
    """Whether addresses are listed and everything else is refused."""
    base = "site_config"
    listed = any(True for _ in scope.each(f"{base}.ip_restriction"))
    return listed and scope.text(f"{base}.ip_restriction_default_action") == "Deny"


def container_group(resource: Resource, context: Context) -> Iterator[Fact]:
    """Containers that run together, without an orchestrator."""
    yield from workload_signs.weighed(_container_group(resource, context))


def _container_group(resource: Resource, context: Context) -> Iterator[Fact]:
    scope = scope_of(resource)
    yield from workload(scope, "container-group")
    yield system(scope, context)
    yield from identities(scope, context)
    for container in scope.each("container"):
        for value in container.values("image"):
            yield from workload_signs.image(resource.key, value)
        yield from workload_signs.variables(resource.key, workload_signs.of_map(container, "environment_variables"))
        for one in workload_signs.of_map(container, "secure_environment_variables"):
            yield from workload_signs.sign_of(resource.key, one.name, one.at)
            yield from workload_signs.secret_in(resource.key, one, sensitive=True)
    kind = scope.text("ip_address_type")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.PUBLIC_NETWORK,
        state=kind in (None, "Public") if kind or not scope.has("ip_address_type") else None,
        at=scope.at("ip_address_type"),
        note=f"address {kind or 'Public by default'}",
        defaulted=kind is None,
    )


def machine(resource: Resource, context: Context) -> Iterator[Fact]:
    """A virtual machine: everything on it may act as its identities."""
    scope = scope_of(resource)
    yield from workload(scope, "virtual-machine")
    if resource.type in KINDS:
        yield system(scope, context)
    yield from identities(scope, context)
    for path in ("custom_data", "user_data"):
        for value in scope.values(path):
            for part in text_parts(value):
                if isinstance(part, str):
                    yield from startup_scripts.signs(resource.key, part, value.at)
                found = secrets.detect("", part) if isinstance(part, str) else None
                if found is not None:
                    yield SecretUse(
                        subject=resource.key,
                        secret=Scalar(found.kind, value.at),
                        variable=path,
                        at=scope.at(path),
                        via="user-data",
                        literal=True,
                        placeholder=found.placeholder,
                    )


def workflow(resource: Resource, context: Context) -> Iterator[Fact]:
    """A logic app: it acts as its identity, and whoever knows its address may start it unless addresses are listed."""
    scope = scope_of(resource)
    yield from workload(scope, "logic-app")
    yield system(scope, context)
    yield from identities(scope, context)
    for path in ("workflow_parameters", "parameters"):
        for one in workload_signs.of_map(scope, path):
            yield from workload_signs.secret_in(resource.key, one, via="parameter")
    callers = "access_control.trigger.allowed_caller_ip_address_range"
    if scope.has(callers):
        listed = [string(value) for value in scope.values(callers)]
        anyone = any(one in {"0.0.0.0/0", "0.0.0.0-255.255.255.255"} for one in listed)
        yield Setting(
            subject=resource.key,
            aspect=Aspect.PUBLIC_NETWORK,
            state=anyone,
            at=scope.at(callers),
            note="started from anywhere" if anyone else "started from listed addresses",
        )


def cluster(resource: Resource, context: Context) -> Iterator[Fact]:
    """A Kubernetes cluster: its own identity, and that of its nodes, which pods without one of their own may reach."""
    scope = scope_of(resource)
    yield from workload(scope, "aks-cluster")
    yield system(scope, context)
    yield from identities(scope, context)
    path = "kubelet_identity.user_assigned_identity_id"
    for value in scope.values(path):
        yield IdentityUse(
            subject=resource.key,
            identity=principal(value, context),
            relation=IdentityRelation.RUNS_AS,
            at=scope.at(path),
            note="identity of the nodes",
        )
    federates = scope.flag("oidc_issuer_enabled"), scope.flag("workload_identity_enabled")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.HOST_ACCESS,
        state=False in federates or None in federates,
        at=scope.at("workload_identity_enabled", "oidc_issuer_enabled"),
        note="pods act as themselves"
        if federates == (True, True)
        else "pods have no identity of their own but the nodes'",
        defaulted=not scope.has("workload_identity_enabled"),
    )


def automation(resource: Resource, context: Context) -> Iterator[Fact]:
    """An automation account runs its runbooks as its identity."""
    scope = scope_of(resource)
    yield from workload(scope, "automation-account")
    yield system(scope, context)
    yield from identities(scope, context)
