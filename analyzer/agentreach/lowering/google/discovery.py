"""Vertex AI Search and Agentspace (Discovery Engine): assistants, chat engines, and connectors that act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Operation, Role, Setting, Tool
from agentreach.lowering.google.names import label, scope_of
from agentreach.lowering.google.outbound import literal
from agentreach.lowering.google.pieces import agent, linked
from agentreach.lowering.operations import mutating
from agentreach.model import string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource

_ARMOR = "customer_policy.model_armor_config"
_WEB = "web_grounding_type"
_NO_WEB = frozenset(
    {"WEB_GROUNDING_TYPE_DISABLED", "WEB_GROUNDING_TYPE_UNSPECIFIED", "WEB_GROUNDING_TYPE_ENTERPRISE_WEB_SEARCH"}
)


def assistant(resource: Resource, context: Context) -> Iterator[Fact]:
    """An assistant over an engine's data stores."""
    scope = scope_of(resource)
    yield agent(scope, "discovery-engine-assistant", "display_name", "assistant_id")
    yield from linked(scope, "engine_id", "uses-knowledge-base", context)
    for path in ("user_prompt_template", "response_template"):
        yield from linked(scope, f"{_ARMOR}.{path}", "uses-guardrail", context)
    yield Setting(
        subject=resource.key,
        aspect=Aspect.GUARDRAIL,
        state=scope.has(_ARMOR),
        at=scope.at(_ARMOR),
        note=_armor_mode(scope),
        defaulted=not scope.has(_ARMOR),
    )
    if scope.has(_WEB):
        value = scope.text(_WEB)
        yield Setting(
            subject=resource.key,
            aspect=Aspect.UNRESTRICTED_EGRESS,
            state=None if value is None else value not in _NO_WEB,
            at=scope.at(_WEB),
            note=f"web grounding {value or 'known at deploy time'}",
        )


def _armor_mode(scope: Scope) -> str:
    mode = scope.text(f"{_ARMOR}.failure_mode")
    return "lets everything through when Model Armor fails" if mode == "FAIL_OPEN" else ""


def chat_engine(resource: Resource, context: Context) -> Iterator[Fact]:
    """A chat engine: a Dialogflow agent over data stores."""
    scope = scope_of(resource)
    yield agent(scope, "discovery-engine-chat-engine", "display_name", "engine_id")
    yield from linked(scope, "data_store_ids", "uses-knowledge-base", context)
    yield from linked(scope, "chat_engine_config.dialogflow_agent_to_link", "collaborates", context)


def connector(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A connector to another system; with an action configuration assistants may change things there."""
    scope = scope_of(resource)
    yield agent(scope, "discovery-engine-connector", "collection_display_name", "collection_id", role=Role.TOOL)
    for path in ("params.client_secret", "params.password", "action_config.action_params.client_secret"):
        yield from literal(scope, path)
    if scope.has("action_config"):
        yield Tool(
            key=resource.key,
            agent=resource.key,
            name=label(scope, "collection_display_name", "data_source"),
            executor="connector",
            at=scope.at("action_config"),
            confirmation=None,
            operations=tuple(_actions(scope)),
        )


def _actions(scope: Scope) -> Iterator[Operation]:
    for value in scope.values("bap_config.enabled_actions"):
        name = string(value)
        if name:
            yield Operation(name, mutating(name), None, value.at)


def armor_template(_resource: Resource, _context: Context) -> Iterator[Fact]:
    """A guardrail is stated by what uses it."""
    return iter(())
