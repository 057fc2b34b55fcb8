"""Dialogflow CX: agents, their tools and webhooks, and how long conversations are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Credential, Setting, Tool
from agentreach.lowering import durations, openapi
from agentreach.lowering.durations import DAY, Unit
from agentreach.lowering.google.names import identity, label, scope_of, service_agent
from agentreach.lowering.google.outbound import literal, reference
from agentreach.lowering.google.pieces import agent, linked
from agentreach.model import Key, Reference, Unknown, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact, Operation
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

SERVICE_AGENT = "gcp-sa-dialogflow"
_INTERACTIONS = "advanced_settings.logging_settings.enable_interaction_logging"
_STACKDRIVER = "advanced_settings.logging_settings.enable_stackdriver_logging"
_LITERALS = (
    "api_key_config.api_key",
    "bearer_token_config.token",
    "oauth_config.client_secret",
    "username",
    "password",
)
_REFERENCES = (
    "api_key_config.secret_version_for_api_key",
    "bearer_token_config.secret_version_for_token",
    "oauth_config.secret_version_for_client_secret",
)


def cx_agent(resource: Resource, context: Context) -> Iterator[Fact]:
    """An agent, and whether what is said to it is logged."""
    scope = scope_of(resource)
    yield agent(scope, "dialogflow-cx-agent", "display_name")
    yield from linked(scope, "gen_app_builder_settings.engine", "collaborates", context)
    yield _recorded(scope)


def _recorded(scope: Scope) -> Setting:
    """Either log is a record; a switch only known at deploy time leaves it open."""
    written = [path for path in (_INTERACTIONS, _STACKDRIVER) if scope.has(path)]
    said = [scope.flag(path) for path in written]
    state = True if True in said else None if None in said else False
    return Setting(
        subject=scope.resource.key,
        aspect=Aspect.AUDIT_LOG,
        state=state,
        at=scope.at(*written),
        note="interactions are logged" if state else "interactions are not logged",
        defaulted=not written,
    )


def tool(resource: Resource, context: Context) -> Iterator[Fact]:
    """A tool of an agent: an OpenAPI document, a connector, a function; nothing can ask before it is called."""
    scope = scope_of(resource)
    base = "open_api_spec.authentication"
    for owner in scope.values("parent"):
        declared = context.lookup(owner)
        yield Tool(
            key=resource.key,
            agent=owner if declared is None else declared.key,
            name=label(scope, "display_name"),
            executor=_executor(scope),
            at=resource.at,
            acts_as=next(iter(_acts_as(scope, base, context)), None),
            confirmation=False,
            confirmable=False,
            operations=_operations(scope),
            note="Dialogflow cannot ask before a tool is called",
        )
    for path in _LITERALS:
        yield from literal(scope, f"{base}.{path}")
    for path in _REFERENCES:
        yield from reference(scope, f"{base}.{path}")


def _executor(scope: Scope) -> str:
    if scope.has("open_api_spec"):
        return "http"
    if scope.has("function_spec"):
        return "return-control"
    return "connector" if scope.has("connector_spec") else "data-store"


def _operations(scope: Scope) -> tuple[Operation, ...]:
    text = scope.get("open_api_spec.text_schema")
    document = None if text is None else openapi.document(text)
    if document is None or isinstance(document, Unknown):
        return ()
    return tuple(one._replace(confirmation=False) for one in openapi.operations(document, confirmable=False))


def _acts_as(scope: Scope, base: str, context: Context) -> Iterator[Value]:
    """A service account, or the service agent of the project."""
    for value in scope.values(f"{base}.service_account_auth_config.service_account"):
        yield identity(value, context)
    path = f"{base}.service_agent_auth_config.service_agent_auth"
    if scope.has(path):
        yield service_agent(SERVICE_AGENT, scope.at(path))


_SERVICES = ("generic_web_service", "service_directory.generic_web_service")


def webhook(resource: Resource, context: Context) -> Iterator[Fact]:
    """What an agent calls while it talks, and with whose rights."""
    scope = scope_of(resource)
    if scope.flag("disabled"):
        return
    base = next((one for one in _SERVICES if scope.has(one)), _SERVICES[0])
    for owner in scope.values("parent"):
        declared = context.lookup(owner)
        yield Tool(
            key=resource.key,
            agent=owner if declared is None else declared.key,
            name=label(scope, "display_name"),
            executor="http",
            at=resource.at,
            target=_called(scope.get(f"{base}.uri"), context),
            acts_as=next(iter(_webhook_identity(scope, base, context)), None),
            confirmation=False,
            confirmable=False,
            note="Dialogflow cannot ask before a webhook is called",
        )
    for path in ("oauth_config.client_secret", "password"):
        yield from literal(scope, f"{base}.{path}")
    for path in ("secret_version_for_username_password", "oauth_config.secret_version_for_client_secret"):
        yield from reference(scope, f"{base}.{path}")
    for block in scope.each(f"{base}.secret_versions_for_request_headers"):
        yield from reference(block, "secret_version", resource.key)


def _webhook_identity(scope: Scope, base: str, context: Context) -> Iterator[Value]:
    for value in scope.values(f"{base}.service_account_auth_config.service_account"):
        yield identity(value, context)
    path = f"{base}.service_agent_auth"
    if (scope.text(path) or "NONE") not in {"NONE", "SERVICE_AGENT_AUTH_UNSPECIFIED"}:
        yield service_agent(SERVICE_AGENT, scope.at(path))


def _called(uri: Value | None, context: Context) -> Value | None:
    """The declared service or function behind an address."""
    for part in text_parts(uri):
        if isinstance(part, Reference) and part.key in context.resources:
            return part
    return uri


def security_settings(resource: Resource, context: Context) -> Iterator[Fact]:
    """How long the conversations of the agents that name these settings are kept: a year unless written."""
    scope = scope_of(resource)
    if scope.text("retention_strategy") == "REMOVE_AFTER_CONVERSATION":
        return
    written = durations.seconds(scope.get("retention_window_days"), Unit.DAYS)
    users = [one.key for one in context.mentions(resource.key) if one.type == "google_dialogflow_cx_agent"]
    for number, owner in enumerate(users or [resource.key]):
        suffix = "retention" if number == 0 else f"retention-{number}"
        yield Credential(
            key=Key(resource.key.root, f"{resource.key.address}#{suffix}"),
            kind="memory",
            owner=owner,
            at=scope.at("retention_window_days"),
            ttl=365 * DAY if written in (None, 0.0) else written,
            defaulted=written is None,
            stored_in="Dialogflow",
            thresholds="memory",
            attribute="retention_window_days",
        )
