"""Cloud Run, Cloud Functions, machines, notebooks, node pools and schedules: what runs, as whom, with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Credential, IdentityRelation, IdentityUse, SecretUse, Setting
from agentreach.lowering import durations, secrets, startup_scripts, workload_signs
from agentreach.lowering.durations import Unit
from agentreach.lowering.fetched_packages import fetched
from agentreach.lowering.google.names import default_compute, identity, project, scope_of
from agentreach.lowering.google.pieces import runs_as, workload
from agentreach.lowering.google.systems import KINDS, of
from agentreach.lowering.joined_text import joined
from agentreach.model import Key, Reference, Scalar, string, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Span

EVERYTHING = frozenset({"cloud-platform", "https://www.googleapis.com/auth/cloud-platform"})


def run_service(resource: Resource, context: Context) -> Iterator[Fact]:
    """A Cloud Run service or job of the second API."""
    yield from workload_signs.weighed(_run_service(resource, context))


def _run_service(resource: Resource, context: Context) -> Iterator[Fact]:
    scope = scope_of(resource)
    template = scope.within("template")
    inner = None if template is None else (template.within("template") or template)
    yield from workload(scope, "cloud-run-job" if resource.type.endswith("_job") else "cloud-run-service", "name")
    yield of(resource, context)
    yield from runs_as(inner or scope, "service_account", context, subject=resource.key)
    if inner is not None:
        yield from containers(resource.key, inner, "containers", "value_source.secret_key_ref.secret")
        yield from _egress(resource.key, inner, "vpc_access.egress")
    yield from _ingress(scope, "ingress", "INGRESS_TRAFFIC_ALL")
    yield from _callers(scope)


def run_service_first(resource: Resource, context: Context) -> Iterator[Fact]:
    """A Cloud Run service of the first API."""
    yield from workload_signs.weighed(_run_service_first(resource, context))


def _run_service_first(resource: Resource, context: Context) -> Iterator[Fact]:
    scope = scope_of(resource)
    yield from workload(scope, "cloud-run-service", "name")
    yield of(resource, context)
    inner = scope.within("template.spec")
    yield from runs_as(inner or scope, "service_account_name", context, subject=resource.key)
    if inner is not None:
        yield from containers(resource.key, inner, "containers", "value_from.secret_key_ref.name")


def containers(subject: Key, scope: Scope, path: str, reference: str) -> Iterator[Fact]:
    """Images and variables of containers; `reference` leads from a variable to the secret it is given."""
    for container in scope.each(path):
        for value in container.values("image"):
            yield from workload_signs.image(subject, value)
        yield from fetched(subject, container.get("command"), container.get("args"))
        yield from environment(subject, container, "env", reference)


def environment(subject: Key, scope: Scope, path: str, reference: str) -> Iterator[Fact]:
    """Variables written as blocks: by value, or by reference to a secret."""
    yield from workload_signs.variables(subject, workload_signs.of_blocks(scope, path))
    for block in scope.each(path):
        name = block.text("name") or "a variable"
        for value in block.values(reference):
            yield from workload_signs.sign_of(subject, name, block.at(reference))
            yield SecretUse(subject=subject, secret=value, variable=name, at=block.at(reference))


def _ingress(scope: Scope, path: str, everyone: str) -> Iterator[Setting]:
    """Whether requests from the internet arrive; who may make them is another question."""
    written = scope.get(path)
    if written is not None:
        value = string(written)
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.PUBLIC_NETWORK,
            state=None if value is None else value == everyone,
            at=scope.at(path),
            note=f"ingress {value or 'known at deploy time'}",
        )


def _callers(scope: Scope) -> Iterator[Setting]:
    """Without the invoker check anyone who reaches the service may call it."""
    if scope.has("invoker_iam_disabled"):
        disabled = scope.flag("invoker_iam_disabled")
        open_ = disabled and not scope.flag("iap_enabled")
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.ANONYMOUS_INBOUND,
            state=open_,
            at=scope.at("invoker_iam_disabled"),
            note="the invoker check is disabled" if open_ else "IAM decides who may call it",
        )
    elif scope.flag("iap_enabled"):
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.ANONYMOUS_INBOUND,
            state=False,
            at=scope.at("iap_enabled"),
            note="Identity-Aware Proxy",
        )


def _egress(subject: Key, scope: Scope, path: str) -> Iterator[Setting]:
    """Traffic that does not go through the network of the project goes anywhere."""
    if scope.has(path):
        value = scope.text(path)
        yield Setting(
            subject=subject,
            aspect=Aspect.UNRESTRICTED_EGRESS,
            state=None if value is None else value != "ALL_TRAFFIC",
            at=scope.at(path),
            note=f"egress {value or 'known at deploy time'}",
        )


def function(resource: Resource, context: Context) -> Iterator[Fact]:
    """A function of the second generation."""
    scope = scope_of(resource)
    yield from workload(scope, "cloud-function", "name")
    yield of(resource, context)
    inner = scope.within("service_config") or scope
    yield from runs_as(inner, "service_account_email", context, subject=resource.key)
    yield from _function_environment(resource.key, inner)
    yield from _ingress_of(resource.key, inner)


def function_first(resource: Resource, context: Context) -> Iterator[Fact]:
    """A function of the first generation: by default it acts as the account of App Engine, an editor."""
    scope = scope_of(resource)
    yield from workload(scope, "cloud-function", "name")
    yield of(resource, context)
    default = joined(scope.place, project(scope, context), "@appspot.gserviceaccount.com")
    yield from runs_as(scope, "service_account_email", context, default=default)
    yield from _function_environment(resource.key, scope)
    yield from _ingress_of(resource.key, scope)


def _function_environment(subject: Key, scope: Scope) -> Iterator[Fact]:
    yield from workload_signs.variables(subject, workload_signs.of_map(scope, "environment_variables"))
    for path in ("secret_environment_variables", "secret_volumes"):
        for block in scope.each(path):
            name = block.text("key") or block.text("mount_path") or "a variable"
            via = "environment" if path.endswith("variables") else "file"
            yield from workload_signs.sign_of(subject, name, block.at("key"))
            for value in block.values("secret"):
                yield SecretUse(subject=subject, secret=value, variable=name, at=block.at("secret"), via=via)


def _ingress_of(subject: Key, scope: Scope) -> Iterator[Setting]:
    value = scope.text("ingress_settings")
    if scope.has("ingress_settings"):
        yield Setting(
            subject=subject,
            aspect=Aspect.PUBLIC_NETWORK,
            state=None if value is None else value == "ALLOW_ALL",
            at=scope.at("ingress_settings"),
            note=f"ingress {value or 'known at deploy time'}",
        )


def instance(resource: Resource, context: Context) -> Iterator[Fact]:
    """A machine acts as the account in its block; without the block it has none."""
    scope = scope_of(resource)
    yield from workload(scope, "compute-instance", "name", "name_prefix")
    if resource.type in KINDS:
        yield of(resource, context)
    for block in scope.each("service_account"):
        yield from _scoped(block, "email", "scopes", context)
    for path in ("metadata_startup_script", "metadata.startup-script", "metadata.user-data"):
        for value in scope.values(path):
            for part in text_parts(value):
                if isinstance(part, str):
                    yield from startup_scripts.signs(resource.key, part, value.at)
                    yield from _literal(scope, path, part, value.at)


def _scoped(block: Scope, path: str, scopes: str, context: Context) -> Iterator[IdentityUse]:
    """The account, as far as the OAuth scopes let it: what they leave out it cannot do, whatever its roles say."""
    written = tuple(string(value) for value in block.values(scopes))
    narrow = bool(written) and None not in written and not EVERYTHING.intersection(one for one in written if one)
    note = f"only with the scopes {', '.join(one or '…' for one in written)}" if narrow else ""
    chosen = tuple(block.values(path))
    for value in chosen or (default_compute(block.place),):
        yield IdentityUse(
            subject=block.resource.key,
            identity=identity(value, context),
            relation=IdentityRelation.RUNS_AS,
            at=block.at(path),
            note=note if chosen else note or "no service account is named: the default one of the project",
            inherited_default=not chosen,
            certain=not narrow,
        )


def _literal(scope: Scope, path: str, text: str, at: Span) -> Iterator[SecretUse]:
    """A secret with a known shape in what a machine runs when it starts."""
    found = secrets.detect("", text)
    if found is not None:
        yield SecretUse(
            subject=scope.resource.key,
            secret=Scalar(found.kind, at),
            variable=path.rpartition(".")[2],
            at=scope.at(path),
            via="user-data",
            literal=True,
            placeholder=found.placeholder,
        )


def workbench(resource: Resource, context: Context) -> Iterator[Fact]:
    """A notebook machine runs whatever is typed into it."""
    scope = scope_of(resource)
    yield from workload(scope, "workbench-instance", "name")
    yield from runs_as(scope.within("gce_setup") or scope, "service_accounts.email", context, subject=resource.key)
    hidden = scope.flag("gce_setup.disable_public_ip")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.PUBLIC_NETWORK,
        state=hidden is not True,
        at=scope.at("gce_setup.disable_public_ip"),
        note="no public address" if hidden else "a public address",
        defaulted=hidden is None,
    )


def colab_template(resource: Resource, _context: Context) -> Iterator[Fact]:
    """Notebooks of Colab: they act as the person who runs them."""
    scope = scope_of(resource)
    yield from workload(scope, "colab-runtime-template", "display_name", "name")
    internet = scope.flag("network_spec.enable_internet_access")
    yield Setting(
        subject=resource.key,
        aspect=Aspect.PUBLIC_NETWORK,
        state=internet is not False,
        at=scope.at("network_spec.enable_internet_access"),
        note="internet access" if internet is not False else "no internet access",
        defaulted=internet is None,
    )
    path = "idle_shutdown_config.idle_timeout"
    lifetime = durations.seconds(scope.get(path), Unit.SECONDS)
    if lifetime is not None:
        yield Credential(
            key=Key(resource.key.root, f"{resource.key.address}#idle_timeout"),
            kind="session",
            owner=resource.key,
            at=scope.at(path),
            ttl=lifetime,
            thresholds="idle-session",
            attribute=path,
        )


def scheduled(resource: Resource, context: Context) -> Iterator[Fact]:
    """A schedule calls something without a person, as an account of its own."""
    scope = scope_of(resource)
    yield from workload(scope, "scheduler-job", "name")
    for path in ("http_target.oidc_token.service_account_email", "http_target.oauth_token.service_account_email"):
        if scope.has(path):
            yield from runs_as(scope, path, context)
    target = scope.get("http_target.uri")
    for part in text_parts(target):
        called = context.lookup(part) if isinstance(part, Reference) else None
        if called is not None:
            yield Setting(
                subject=called.key,
                aspect=Aspect.UNATTENDED,
                state=True,
                at=scope.at("schedule", "http_target.uri"),
                note=f"called on the schedule {scope.text('schedule') or 'known at deploy time'}",
            )


def triggered_build(resource: Resource, context: Context) -> Iterator[Fact]:
    """A build acts as its account; by default as that of the project's builds."""
    scope = scope_of(resource)
    yield from workload(scope, "cloud-build-trigger", "name")
    yield of(resource, context)
    if scope.has("service_account"):
        yield from runs_as(scope, "service_account", context)
    yield from workload_signs.variables(resource.key, workload_signs.of_map(scope, "substitutions"))


def workflow(resource: Resource, context: Context) -> Iterator[Fact]:
    """A workflow acts as its account."""
    scope = scope_of(resource)
    yield from workload(scope, "workflow", "name")
    yield of(resource, context)
    yield from runs_as(scope, "service_account", context)
    yield from workload_signs.variables(resource.key, workload_signs.of_map(scope, "user_env_vars"))
