"""AgentCore's own tools: browsers and code interpreters run whatever the model writes; payments spend money.

A code interpreter in SANDBOX mode has no network, and still hands its execution role to the code it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Agent, Aspect, Credential, Evidence, Role, Setting, Tool
from agentreach.lowering.aws.agent_parts import declared, network, users
from agentreach.lowering.aws.pieces import label, tags_of, uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope


def browser(scope: Scope, context: Context) -> Iterator[Fact]:
    """A browser that a model drives; its sessions may be recorded."""
    yield from _code_tool(scope, context, "agentcore-browser", "drives a browser")
    enabled = scope.flag("RecordingConfig.Enabled")
    written = scope.has("RecordingConfig.Enabled")
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.AUDIT_LOG,
        state=enabled if written else False,
        at=scope.at("RecordingConfig.Enabled", "RecordingConfig"),
        note="" if enabled else "sessions are not recorded",
        defaulted=not written,
    )


def code_interpreter(scope: Scope, context: Context) -> Iterator[Fact]:
    """A sandbox for code that a model writes."""
    yield from _code_tool(scope, context, "agentcore-code-interpreter", "runs code")


def _code_tool(scope: Scope, context: Context, kind: str, does: str) -> Iterator[Fact]:
    yield from declared(scope, context, kind, "Name", role=Role.TOOL)
    yield from uses(scope, "ExecutionRoleArn", context)
    yield Setting(subject=scope.resource.key, aspect=Aspect.CODE_EXECUTION, state=True, at=scope.resource.at, note=does)
    yield from network(scope, context, "NetworkConfiguration", reaches_out=False)


def browser_profile(scope: Scope, context: Context) -> Iterator[Fact]:
    """Cookies of logged-in sessions, kept from one session to the next; nothing lets them expire."""
    key = scope.resource.key
    holders = users(scope, context)
    if not holders:
        yield Agent(
            key=key,
            name=label(scope, "Name"),
            platform="aws",
            kind="agentcore-browser-profile",
            at=scope.resource.at,
            role=Role.TOOL,
            because=(Evidence(scope.resource.at, "declares a browser profile"),),
            tags=tags_of(scope),
        )
    for holder in holders or (key,):
        yield Credential(
            key=key,
            kind="browser-session",
            owner=holder,
            at=scope.resource.at,
            never_expires=True,
            stored_in="browser profile",
            thresholds="memory",
            note="logged-in sessions kept without an expiry",
            attribute="expiry",
        )


def payment_manager(scope: Scope, context: Context) -> Iterator[Fact]:
    """Lets agents pay."""
    yield from declared(scope, context, "agentcore-payment-manager", "Name", role=Role.TOOL)
    yield from uses(scope, "RoleArn", context)
    yield _spends(scope)


def payment_connector(scope: Scope, context: Context) -> Iterator[Fact]:
    """A way to pay, offered by a payment manager."""
    key = scope.resource.key
    for value in scope.values("PaymentManagerId"):
        resource = context.lookup(value)
        yield Tool(
            key=key,
            agent=value if resource is None else resource.key,
            name=label(scope, "Name"),
            executor="payment",
            at=scope.resource.at,
            confirmation=False,
            confirmable=False,
            note=scope.text("ConnectorType") or "",
        )
    yield _spends(scope)


def _spends(scope: Scope) -> Setting:
    return Setting(
        subject=scope.resource.key,
        aspect=Aspect.SPENDS_MONEY,
        state=True,
        at=scope.resource.at,
        note="payments cannot be taken back",
    )


LOWERINGS = {
    "AWS::BedrockAgentCore::BrowserCustom": browser,
    "AWS::BedrockAgentCore::BrowserProfile": browser_profile,
    "AWS::BedrockAgentCore::CodeInterpreterCustom": code_interpreter,
    "AWS::BedrockAgentCore::PaymentManager": payment_manager,
    "AWS::BedrockAgentCore::PaymentConnector": payment_connector,
}
