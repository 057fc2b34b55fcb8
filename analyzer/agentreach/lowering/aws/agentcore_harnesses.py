"""AgentCore harnesses: an agent declared whole, with its tools, its hooks and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import AgentLink, Aspect, Gate, SecretUse, Setting, Tool
from agentreach.lowering import secrets
from agentreach.lowering.aws import environment
from agentreach.lowering.aws.agent_parts import (
    authorizer,
    bounded_run,
    declared,
    lifetimes,
    linked,
    network,
    retention,
)
from agentreach.lowering.aws.audit import audit
from agentreach.lowering.aws.pieces import here, placed, uses
from agentreach.lowering.aws.user_grants import user_grant
from agentreach.model import Key, Scalar, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Value

_COMMIT = 40
_PLACE = "Environment.AgentCoreRuntimeEnvironment"
_MODEL_KEYS = tuple(
    f"Model.{vendor}ModelConfig.ApiKeyArn" for vendor in ("OpenAi", "Gemini", "LiteLlm", "Anthropic", "Bedrock")
)
_EXECUTORS = {
    "remote_mcp": "mcp",
    "agentcore_gateway": "gateway",
    "agentcore_browser": "browser",
    "agentcore_code_interpreter": "code-interpreter",
    "inline_function": "return-control",
}
"""Tool types; an inline function is handed back to the caller."""

_RUNS_CODE = {"browser": "drives a browser", "code-interpreter": "runs code"}
_TARGETS = (
    ("RemoteMcp.Url", "mcp"),
    ("AgentCoreGateway.GatewayArn", "gateway"),
    ("AgentCoreBrowser.BrowserArn", "browser"),
    ("AgentCoreCodeInterpreter.CodeInterpreterArn", "code-interpreter"),
)


def harness(scope: Scope, context: Context) -> Iterator[Fact]:
    """The agent and everything it declares."""
    key = scope.resource.key
    yield from declared(scope, context, "agentcore-harness", "HarnessName", "Name")
    yield from uses(scope, "ExecutionRoleArn", context)
    yield from environment.facts(key, environment.of_map(scope, "EnvironmentVariables"), scope, context)
    yield from authorizer(scope)
    yield from network(scope, context, f"{_PLACE}.NetworkConfiguration", reaches_out=True)
    yield from lifetimes(scope, f"{_PLACE}.LifecycleConfiguration")
    if scope.has("Memory.ManagedMemoryConfiguration"):
        yield from retention(scope, "Memory.ManagedMemoryConfiguration.EventExpiryDuration", key)
    yield from linked(scope, "Memory.AgentCoreMemoryConfiguration.Arn", "uses-memory")
    yield bounded_run(scope, "MaxIterations", "TimeoutSeconds", "MaxTokens")
    yield from audit(scope, context, model_invocations=False)
    yield from _allowed(scope)
    yield from _hooks(scope)
    yield from _tools(scope)
    yield from _skills(scope)
    for path in _MODEL_KEYS:
        yield from linked(scope, path, "uses-credential-provider")


_OAUTH = "Config.AgentCoreGateway.OutboundAuth.Oauth"


def _allowed(scope: Scope) -> Iterator[Fact]:
    """`["*"]` allows every tool that any of its servers will ever offer."""
    allowed = [string(value) for value in scope.values("AllowedTools")]
    if not scope.has("AllowedTools"):
        return
    state = False if "*" in allowed else (None if None in allowed or not allowed else True)
    yield Setting(
        subject=scope.resource.key,
        aspect=Aspect.TOOL_FILTER,
        state=state,
        at=scope.at("AllowedTools"),
        note="every tool is allowed" if state is False else "",
    )


def _hooks(scope: Scope) -> Iterator[Fact]:
    """Code that is asked before each tool call and answers as itself. What lets calls pass when it fails is no gate."""
    for hook in scope.each("Hooks"):
        for block in hook.each("BeforeToolCall"):
            mode = block.text("Target.Lambda.FailureMode")
            yield Gate(
                subject=scope.resource.key,
                kind="hook",
                at=block.at("Target.Lambda.FailureMode", "Target"),
                fails_closed={"deny": True, "allow": False}.get((mode or "").lower()),
                note=f"hook before each tool call, on failure: {mode or 'not stated'}",
            )


def _tools(scope: Scope) -> Iterator[Fact]:
    for index, tool in enumerate(scope.each("Tools")):
        name = tool.text("Name") or f"#{index}"
        yield from _tool(scope.resource.key, tool, name)
        yield from _headers(tool)
        yield from linked(tool, f"{_OAUTH}.ProviderArn", "uses-credential-provider")
        own = Key(scope.resource.key.root, f"{scope.resource.key.address}.{name}")
        yield from user_grant(own, tool, f"{_OAUTH}.GrantType", name)


def _tool(key: Key, tool: Scope, name: str) -> Iterator[Fact]:
    executor, target = _target(tool)
    own = Key(key.root, f"{key.address}.{name}")
    place = tool.at("Name") if tool.has("Name") else tool.place
    yield Tool(
        key=own,
        agent=key,
        name=name,
        executor=executor,
        at=place,
        target=target,
        confirmation=None if executor == "return-control" else False,
        confirmable=False,
        note="whether anyone approves depends on the caller" if executor == "return-control" else "",
    )
    if executor in _RUNS_CODE:
        yield Setting(subject=own, aspect=Aspect.CODE_EXECUTION, state=True, at=place, note=_RUNS_CODE[executor])


def _target(tool: Scope) -> tuple[str, Value | None]:
    """What runs the tool, by its configuration, else by its type (AWS's own browser has no ARN)."""
    for path, executor in _TARGETS:
        value = tool.get(f"Config.{path}")
        if value is not None:
            return executor, placed(value, tool.at(f"Config.{path}"))
    kind = (tool.text("Type") or "function").lower()
    return _EXECUTORS.get(kind, kind.replace("_", "-")), None


def _headers(tool: Scope) -> Iterator[Fact]:
    """Headers sent to a remote server: a token written here is a token in the code."""
    for variable in environment.of_map(tool, "Config.RemoteMcp.Headers"):
        text = string(variable.value)
        found = None if text is None else secrets.detect("header_token", text.removeprefix("Bearer "))
        if found is not None:
            yield SecretUse(
                subject=tool.resource.key,
                secret=Scalar(found.kind, variable.value.at),
                variable=variable.name,
                at=variable.at,
                via="header",
                literal=True,
                placeholder=found.placeholder,
            )


def _skills(scope: Scope) -> Iterator[Fact]:
    """Skills fetched from a repository change with it, unless a commit is named."""
    for skill in scope.each("Skills"):
        if skill.has("Git.Url"):
            yield Setting(
                subject=scope.resource.key,
                aspect=Aspect.PINNED_ARTIFACT,
                state=_names_a_commit(skill),
                at=skill.at("Git.Url"),
                note=f"skill from {skill.text('Git.Url') or 'a repository'}",
            )
        yield from linked(skill, "Git.Auth.CredentialArn", "uses-credential-provider")


def _names_a_commit(skill: Scope) -> bool:
    named = (skill.text(path) or "" for path in ("Git.Commit", "Git.CommitId", "Git.Ref"))
    return any(len(text) >= _COMMIT and set(text.lower()) <= set("0123456789abcdef") for text in named)


def endpoint(scope: Scope, context: Context) -> Iterator[Fact]:
    """An endpoint: another name for a harness."""
    for value in (*scope.values("HarnessId"), *scope.values("HarnessArn")):
        resource = context.lookup(value)
        agent = value if resource is None else resource.key
        place = scope.resource.at
        yield AgentLink(agent=agent, other=here(scope, "arn", place), relation="alias", at=place)


LOWERINGS = {
    "AWS::BedrockAgentCore::Harness": harness,
    "AWS::BedrockAgentCore::HarnessEndpoint": endpoint,
}
