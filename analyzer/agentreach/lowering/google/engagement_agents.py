"""Customer Engagement Suite: apps, their agents, toolsets, guardrails, and the channels they are deployed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, Aspect, Gate, Operation, Setting, Tool
from agentreach.lowering import openapi, workload_signs
from agentreach.lowering.google.names import here, identity, label, scope_of, service_agent
from agentreach.lowering.google.outbound import literal, reference
from agentreach.lowering.google.pieces import agent, linked
from agentreach.lowering.operations import mutating
from agentreach.model import MapValue, Unknown, string
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Span, Value

SERVICE_AGENT = "gcp-sa-ces"
_CLOUD_LOGS = "logging_settings.cloud_logging_settings.enable_cloud_logging"
_NO_HISTORY = "logging_settings.conversation_logging_settings.disable_conversation_logging"


def app(resource: Resource, context: Context) -> Iterator[Fact]:
    """An app: the frame of its agents, with the guardrails and logs that hold for all of them."""
    scope = scope_of(resource)
    yield agent(scope, "ces-app", "display_name", "app_id")
    yield from linked(scope, "root_agent", "collaborates", context)
    yield _guarded(scope, context)
    yield _recorded(scope)


def ces_agent(resource: Resource, context: Context) -> Iterator[Fact]:
    """An agent of an app: its tools, the agents it hands over to, and what is asked before a tool is called."""
    scope = scope_of(resource)
    yield agent(scope, "ces-agent", "display_name", "agent_id")
    for path in ("tools", "toolsets", "toolsets.toolset"):
        yield from linked(scope, path, "uses-tool", context)
    yield from linked(scope, "child_agents", "collaborates", context)
    yield from linked(scope, "remote_dialogflow_agent.agent", "collaborates", context)
    yield from _asked_before(scope)
    if scope.has("guardrails"):
        yield _guarded(scope, context)
    for value in scope.values("app"):
        declared = context.lookup(value)
        if declared is not None:
            yield AgentLink(agent=declared.key, other=here(scope, "name"), relation="collaborates", at=scope.at("app"))


def _asked_before(scope: Scope) -> Iterator[Gate]:
    """A callback before tools may stop a call; whether it does, its code decides."""
    for block in scope.each("before_tool_callbacks"):
        if block.flag("disabled") is not True:
            yield Gate(
                subject=scope.resource.key,
                kind="hook",
                at=scope.at("before_tool_callbacks"),
                fails_closed=None,
                note="a callback before each tool: its code decides",
            )
            return


def _guarded(scope: Scope, context: Context) -> Setting:
    """Whether a guardrail is named that is on; one that fails open protects as long as it works."""
    named = tuple(scope.values("guardrails"))
    declared = [scope_of(found) for value in named if (found := context.lookup(value)) is not None]
    off = [one for one in declared if one.flag("enabled") is False]
    fails_open = [one for one in declared if any(one.flag(path) for path in FAILS_OPEN)]
    if not named or (declared and len(off) == len(named)):
        note = f"guardrail {off[0].resource.key.address} is off" if off else ""
        return _guard(scope, state=False, at=scope.at("guardrails"), note=note, defaulted=not named)
    if declared and len(off) + len(fails_open) >= len(named):
        note = f"guardrail {fails_open[0].resource.key.address} lets everything through when it fails"
        return _guard(scope, state=None, at=scope.at("guardrails"), note=note)
    return _guard(scope, state=True, at=scope.at("guardrails"), note="")


def _guard(scope: Scope, *, state: bool | None, at: Span, note: str, defaulted: bool = False) -> Setting:
    return Setting(
        subject=scope.resource.key, aspect=Aspect.GUARDRAIL, state=state, at=at, note=note, defaulted=defaulted
    )


FAILS_OPEN = ("llm_policy.fail_open", "llm_prompt_security.fail_open", "llm_prompt_security.custom_policy.fail_open")


def _recorded(scope: Scope) -> Setting:
    logs, silenced = scope.flag(_CLOUD_LOGS), scope.flag(_NO_HISTORY)
    state = bool(logs) or silenced is False
    if scope.has(_CLOUD_LOGS) and logs is None:
        note: str = "known at deploy time"
        return Setting(
            subject=scope.resource.key, aspect=Aspect.AUDIT_LOG, state=None, at=scope.at(_CLOUD_LOGS), note=note
        )
    return Setting(
        subject=scope.resource.key,
        aspect=Aspect.AUDIT_LOG,
        state=state,
        at=scope.at(_NO_HISTORY if silenced else _CLOUD_LOGS, _CLOUD_LOGS, _NO_HISTORY),
        note="conversations are logged" if state else "neither cloud logging nor conversation logging is on",
        defaulted=logs is None and silenced is None,
    )


_AUTHENTICATION = "api_authentication"
_KINDS = (
    "mcp_toolset",
    "open_api_toolset",
    "open_api_tool",
    "python_function",
    "client_function",
    "google_search_tool",
)


def toolset(resource: Resource, context: Context) -> Iterator[Fact]:
    """Tools of an app: an MCP server, or the operations of an OpenAPI document, and what they authenticate with."""
    scope = scope_of(resource)
    kind = next((one for one in _KINDS if scope.has(one)), "")
    block = scope.within(kind) if kind else None
    yield from _tool(scope, block, kind, context)
    if block is None:
        return
    key = resource.key
    for path in ("bearer_token_config.token", "api_key_config.api_key"):
        yield from literal(block, f"{_AUTHENTICATION}.{path}", key)
    for path in ("api_key_config.api_key_secret_version", "oauth_config.client_secret_version"):
        yield from reference(block, f"{_AUTHENTICATION}.{path}", key)
    yield from _headers(block)


def _headers(block: Scope) -> Iterator[Fact]:
    headers = block.get("custom_headers")
    if isinstance(headers, MapValue):
        for name, value in headers.entries.items():
            found = workload_signs.Variable(name, value, value.at)
            yield from workload_signs.secret_in(
                block.resource.key, found, via="header", sensitive=name.lower() == "authorization"
            )


def _tool(scope: Scope, block: Scope | None, kind: str, context: Context) -> Iterator[Fact]:
    acts_as = next(iter(() if block is None else _acts_as(block, context)), None)
    target = None if block is None else block.get("server_address")
    api = None if block is None else block.get("open_api_schema")
    operations = () if api is None else tuple(_operations(api))
    declared = context.lookup(scope.get("app"))
    yield Tool(
        key=scope.resource.key,
        agent=declared.key if declared is not None else scope.resource.key,
        name=label(scope, "display_name", "toolset_id", "tool_id"),
        executor="mcp" if kind == "mcp_toolset" else "http" if kind.startswith("open_api") else kind or "function",
        at=scope.resource.at,
        target=target,
        acts_as=acts_as,
        confirmation=False,
        confirmable=False,
        operations=operations,
        note="CES cannot ask before a tool is called, except in the code of a callback",
    )


def _operations(api: Value) -> Iterator[Operation]:
    document = openapi.document(api)
    if not isinstance(document, Unknown):
        yield from (one._replace(confirmation=False) for one in openapi.operations(document, confirmable=False))


def _acts_as(block: Scope, context: Context) -> Iterator[Value]:
    path = f"{_AUTHENTICATION}.service_account_auth_config.service_account"
    yield from (identity(value, context) for value in block.values(path))
    agent_path = f"{_AUTHENTICATION}.service_agent_id_token_auth_config"
    if block.has(agent_path):
        yield service_agent(SERVICE_AGENT, block.at(agent_path))


def deployment(resource: Resource, context: Context) -> Iterator[Fact]:
    """A channel to an app; a web widget may be open to anyone."""
    scope = scope_of(resource)
    path = "channel_profile.web_widget_config.security_settings.enable_public_access"
    declared = context.lookup(scope.get("app"))
    if scope.has(path) and declared is not None:
        public = scope.flag(path)
        yield Setting(
            subject=declared.key,
            aspect=Aspect.ANONYMOUS_INBOUND,
            state=public,
            at=scope.at(path),
            note=f"web widget {'open to anyone' if public else 'for known callers'}",
        )


def root_agent(resource: Resource, context: Context) -> Iterator[Fact]:
    """Which agent answers first in an app."""
    scope = scope_of(resource)
    declared = context.lookup(scope.get("app_id"))
    if declared is not None:
        yield from linked(scope, "agent_id", "collaborates", context, agent=declared.key)


def tool(resource: Resource, context: Context) -> Iterator[Fact]:
    """One tool; a function says by its name what it does."""
    for fact in toolset(resource, context):
        if isinstance(fact, Tool) and not fact.operations:
            name = string(resource.attributes.entries.get("display_name")) or fact.name
            operation = Operation(name, mutating(name), confirmation=False, at=fact.at)
            yield replace(fact, operations=(operation,))
        else:
            yield fact
