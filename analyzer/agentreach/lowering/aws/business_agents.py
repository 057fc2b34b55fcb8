"""Agents for employees and customers: Q Business, QuickSight, Connect (Wisdom), Lex, agent registries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    AgentLink,
    Aspect,
    Credential,
    Gate,
    Hidden,
    Operation,
    Policy,
    PolicyRole,
    Role,
    SecretUse,
    Setting,
    Statement,
    Tool,
    Trusted,
)
from agentreach.lowering import openapi
from agentreach.lowering.aws.agent_parts import declared
from agentreach.lowering.aws.pieces import label, placed, seconds_at, uses
from agentreach.lowering.aws.systems import literal
from agentreach.lowering.durations import Unit
from agentreach.lowering.operations import mutating
from agentreach.model import Key, Unknown, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Value


def q_application(scope: Scope, context: Context) -> Iterator[Fact]:
    """A Q Business application; with identity type ANONYMOUS anyone may ask it."""
    yield from declared(scope, context, "qbusiness-application", "DisplayName", service="qbusiness")
    yield from uses(scope, "RoleArn", context)
    if scope.has("IdentityType"):
        kind = scope.text("IdentityType")
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.ANONYMOUS_INBOUND,
            state=None if kind is None else kind == "ANONYMOUS",
            at=scope.at("IdentityType"),
            note=f"identity type {kind or 'known at deploy time'}",
        )


_PLUGIN_SECRETS = (
    "AuthConfiguration.OAuth2ClientCredentialConfiguration.SecretArn",
    "AuthConfiguration.BasicAuthConfiguration.SecretArn",
)


def q_plugin(scope: Scope, context: Context) -> Iterator[Fact]:
    """An action that a Q Business application may take in another system."""
    if scope.text("State") == "DISABLED":
        return
    key = scope.resource.key
    api = _api(scope)
    for value in scope.values("ApplicationId"):
        yield Tool(
            key=key,
            agent=_declared(value, context),
            name=label(scope, "DisplayName"),
            executor=(scope.text("Type") or "http").lower(),
            at=scope.resource.at,
            target=scope.get("ServerUrl"),
            confirmable=False,
            operations=() if api is None or isinstance(api, Unknown) else _operations(api),
            note="without authentication" if scope.has("AuthConfiguration.NoAuthConfiguration") else "",
        )
    for path in _PLUGIN_SECRETS:
        for value in scope.values(path):
            yield SecretUse(
                subject=key, secret=value, variable="credentials of the plugin", at=scope.at(path), via="reference"
            )
        yield from uses(scope, f"{path.rpartition('.')[0]}.RoleArn", context)
    if isinstance(api, Unknown):
        yield Hidden(subject=key, attribute="schema", reason=api.reason, at=api.at)


def _api(scope: Scope) -> Value | Unknown | None:
    payload = scope.get("CustomPluginConfiguration.ApiSchema.Payload")
    return None if payload is None else openapi.document(payload)


def _operations(api: Value) -> tuple[Operation, ...]:
    """Whether Q asks before it calls one is not part of the schema."""
    return tuple(one._replace(confirmation=None) for one in openapi.operations(api, confirmable=False))


def _declared(value: Value, context: Context) -> Key | Value:
    resource = context.lookup(value)
    return value if resource is None else resource.key


def q_accessor(scope: Scope, context: Context) -> Iterator[Fact]:
    """A vendor that may read what an application knows."""
    for value in scope.values("ApplicationId"):
        statement = Statement(
            effect="Allow",
            actions=tuple(action for block in scope.each("ActionConfigurations") for action in block.values("Action")),
            principals=tuple(Trusted("AWS", one) for one in scope.values("Principal")),
            at=scope.at("Principal"),
        )
        yield Policy(
            key=scope.resource.key,
            role=PolicyRole.RESOURCE,
            statements=(statement,),
            at=scope.resource.at,
            subject=_declared(value, context),
        )


_CONNECTOR = "AuthenticationConfig.AuthenticationMetadata"


def action_connector(scope: Scope, context: Context) -> Iterator[Fact]:
    """What QuickSight's agents may do in another system, and with whose key."""
    key = scope.resource.key
    yield from declared(scope, context, "quicksight-action-connector", "Name", role=Role.TOOL, service="quicksight")
    yield from uses(scope, f"{_CONNECTOR}.IamConnectionMetadata.RoleArn", context)
    yield Tool(
        key=key,
        agent=key,
        name=label(scope, "Name"),
        executor=(scope.text("Type") or "http").lower(),
        at=scope.resource.at,
        confirmation=False,
        confirmable=False,
        operations=tuple(
            Operation(name, mutating(name), confirmation=False, at=value.at)
            for value in scope.values("EnabledActions")
            if (name := string(value))
        ),
    )
    for path in (
        f"{_CONNECTOR}.ApiKeyConnectionMetadata.ApiKey",
        f"{_CONNECTOR}.BasicAuthConnectionMetadata.Password",
    ):
        if scope.has(path):
            yield Credential(
                key=key,
                kind="api-key",
                owner=key,
                at=scope.at(path),
                never_expires=True,
                rotated=False,
                stored_in="QuickSight",
                thresholds="static-secret",
                attribute=scope.written(path),
            )
        yield from literal(scope, path)


_ORCHESTRATION = "Configuration.OrchestrationAIAgentConfiguration"
_EXECUTORS = {"MODEL_CONTEXT_PROTOCOL": "mcp", "RETURN_TO_CONTROL": "return-control", "CONSTANT": "constant"}


def connect_agent(scope: Scope, context: Context) -> Iterator[Fact]:
    """An AI agent of Amazon Connect: each of its tools says whether the user must confirm."""
    key = scope.resource.key
    yield from declared(scope, context, "connect-ai-agent", "Name", service="wisdom")
    if not scope.has(_ORCHESTRATION):
        return
    for index, tool in enumerate(scope.each(f"{_ORCHESTRATION}.ToolConfigurations")):
        name = tool.text("ToolName") or f"#{index}"
        path = "UserInteractionConfiguration.IsUserConfirmationRequired"
        answer = tool.flag(path) if tool.has(path) else False
        executor = _EXECUTORS.get(tool.text("ToolType") or "", "function")
        yield Tool(
            key=Key(key.root, f"{key.address}.{name}"),
            agent=key,
            name=name,
            executor=executor,
            at=tool.at("ToolName") if tool.has("ToolName") else tool.place,
            confirmation=None if executor == "return-control" else answer,
            operations=(Operation(name, mutating(name), answer, tool.at(path, "ToolName")),),
        )
    guardrail = f"{_ORCHESTRATION}.OrchestrationAIGuardrailId"
    yield Setting(
        subject=key,
        aspect=Aspect.GUARDRAIL,
        state=scope.has(guardrail),
        at=scope.at(guardrail),
        defaulted=not scope.has(guardrail),
    )


def lex_bot(scope: Scope, context: Context) -> Iterator[Fact]:
    """A Lex bot, and the Bedrock agents its intents hand over to."""
    key = scope.resource.key
    yield from declared(scope, context, "lex-bot", "Name", service="lex")
    yield from uses(scope, "RoleArn", context)
    lifetime = seconds_at(scope, "IdleSessionTTLInSeconds", Unit.SECONDS)
    if lifetime.ttl is not None:
        yield Credential(
            key=key,
            kind="session",
            owner=key,
            at=scope.at("IdleSessionTTLInSeconds"),
            ttl=lifetime.ttl,
            thresholds="idle-session",
            attribute=scope.written("IdleSessionTTLInSeconds"),
        )
    path = "BedrockAgentIntentConfiguration.BedrockAgentConfiguration.BedrockAgentId"
    for locale in scope.each("BotLocales"):
        for intent in locale.each("Intents"):
            for value in intent.values(path):
                yield AgentLink(agent=key, other=value, relation="collaborates", at=intent.at(path))


def lex_alias(scope: Scope, context: Context) -> Iterator[Fact]:
    """The function behind a bot, and whether conversations are logged."""
    path = "BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn"
    for bot in scope.values("BotId"):
        agent = _declared(bot, context)
        for index, locale in enumerate(scope.each("BotAliasLocaleSettings")):
            for value in locale.values(path):
                yield Tool(
                    key=Key(scope.resource.key.root, f"{scope.resource.key.address}.hook-{index}"),
                    agent=agent,
                    name="code hook",
                    executor="lambda",
                    at=locale.at(path),
                    target=placed(value, locale.at(path)),
                    confirmation=False,
                    confirmable=False,
                )
        enabled = [block.flag("Enabled") for block in scope.each("ConversationLogSettings.TextLogSettings")]
        yield Setting(
            subject=agent,
            aspect=Aspect.AUDIT_LOG,
            state=True in enabled,
            at=scope.at("ConversationLogSettings"),
            note="" if True in enabled else "conversations are not logged",
            defaulted=not enabled,
        )


def registry(scope: Scope, context: Context) -> Iterator[Fact]:
    """A registry of agents and tools; one that approves everything by itself approves nothing."""
    yield from declared(scope, context, "agent-registry", "Name", role=Role.HOST)
    rules = [string(value) for value in scope.values("ApprovalConfiguration.AutoApprovalRules")]
    if rules:
        yield Gate(
            subject=scope.resource.key,
            kind="approval",
            at=scope.at("ApprovalConfiguration.AutoApprovalRules"),
            fails_closed="APPROVE_ALL" not in rules,
            note="approves every record by itself" if "APPROVE_ALL" in rules else "",
        )


def nothing(_scope: Scope, _context: Context) -> Iterator[Fact]:
    """Stated where it is used."""
    return iter(())


LOWERINGS = {
    "AWS::QBusiness::Application": q_application,
    "AWS::QBusiness::Plugin": q_plugin,
    "AWS::QBusiness::DataAccessor": q_accessor,
    "AWS::QuickSight::ActionConnector": action_connector,
    "AWS::Wisdom::AIAgent": connect_agent,
    "AWS::Wisdom::AIGuardrail": nothing,
    "AWS::Lex::Bot": lex_bot,
    "AWS::Lex::BotAlias": lex_alias,
    "AWS::AgentRegistry::Registry": registry,
    "AWS::AgentRegistry::RegistryRecord": nothing,
}
