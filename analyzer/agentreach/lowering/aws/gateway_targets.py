"""Targets of an AgentCore gateway: each is a tool, and says with whose credential the gateway calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    AgentLink,
    Aspect,
    Hidden,
    Operation,
    SecretUse,
    Setting,
    Tool,
)
from agentreach.lowering import openapi
from agentreach.lowering.arns import outside, scope_of
from agentreach.lowering.aws.pieces import executor
from agentreach.lowering.aws.user_grants import user_grant
from agentreach.lowering.operations import mutating
from agentreach.model import Key, MapValue, Unknown, child, string, text_parts
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Value


class Kind(NamedTuple):
    """How a target is called. `path`: what it calls; `own`: the called thing acts with an identity of its own."""

    executor: str
    path: str
    own: bool = True


_MCP = "TargetConfiguration.Mcp"
_HTTP = "TargetConfiguration.Http"
_KINDS = (
    Kind("lambda", f"{_MCP}.Lambda.LambdaArn"),
    Kind("mcp", f"{_MCP}.McpServer.Endpoint"),
    Kind("http", f"{_MCP}.OpenApiSchema", own=False),
    Kind("smithy", f"{_MCP}.SmithyModel", own=False),
    Kind("api-gateway", f"{_MCP}.ApiGateway.RestApiId"),
    Kind("connector", f"{_MCP}.Connector.Source.ConnectorId"),
    Kind("http", f"{_HTTP}.Passthrough.Endpoint"),
    Kind("agent", f"{_HTTP}.AgentcoreRuntime.Arn"),
    Kind("model", "TargetConfiguration.Inference.Provider.Endpoint"),
)
_PASSED_ON = {
    "CALLER_IAM_CREDENTIALS": "the caller's own credentials are used",
    "JWT_PASSTHROUGH": "the caller's token is passed on",
}
_PROVIDERS = (
    ("CredentialProvider.OauthCredentialProvider", "OAuth credential"),
    ("CredentialProvider.ApiKeyCredentialProvider", "API key"),
    ("oauth", "OAuth credential"),
    ("api_key", "API key"),
)


def target(scope: Scope, context: Context) -> Iterator[Fact]:
    """A target as a tool of its gateway. No target can ask for a confirmation."""
    key = scope.resource.key
    kind = next((one for one in _KINDS if scope.has(one.path)), Kind("mcp", _MCP))
    called = executor(scope, kind.path, context) if kind.own else None
    operations = tuple(_operations(scope, context))
    elsewhere = _elsewhere(scope)
    for gateway in (*scope.values("GatewayIdentifier"), *scope.values("GatewayId")):
        yield Tool(
            key=key,
            agent=_agent(gateway, context),
            name=scope.text("Name") or scope.resource.name,
            executor=kind.executor,
            at=scope.resource.at,
            target=called,
            acts_as=_acts_as(scope, kind, gateway, context),
            confirmation=None if elsewhere is not None else False,
            confirmable=False,
            operations=operations,
            note=_note(scope),
        )
    if elsewhere is not None:
        yield Hidden(subject=key, attribute="schema", reason=elsewhere.reason, at=elsewhere.at)
    yield from _credentials(scope)
    yield from _filter(scope, kind, called)


def _agent(gateway: Value, context: Context) -> Key | Value:
    resource = context.lookup(gateway)
    return outside(gateway, context) if resource is None or resource.type.startswith("data.") else resource.key


def _note(scope: Scope) -> str:
    kinds = [block.text("CredentialProviderType") or "" for block in scope.each("CredentialProviderConfigurations")]
    return "; ".join(_PASSED_ON[kind] for kind in kinds if kind in _PASSED_ON)


def _acts_as(scope: Scope, kind: Kind, gateway: Value, context: Context) -> Value | None:
    """A schema without a server of its own is called with the gateway's role."""
    if kind.own and kind.executor != "api-gateway":
        return None
    by_role = any(
        block.text("CredentialProviderType") == "GATEWAY_IAM_ROLE" or "gateway_iam_role" in block.body.entries
        for block in scope.each("CredentialProviderConfigurations")
    )
    declared = context.lookup(gateway)
    role = None if declared is None else scope_of(declared).get("RoleArn")
    return outside(role, context) if by_role and role is not None else None


def _operations(scope: Scope, context: Context) -> Iterator[Operation]:
    for tool in scope.each(f"{_MCP}.Lambda.ToolSchema.InlinePayload"):
        name = tool.text("Name")
        if name is not None:
            yield Operation(name, mutating(name), confirmation=False, at=tool.at("Name"))
    api = _api(scope)
    if api is not None and not isinstance(api, Unknown):
        yield from openapi.operations(api, confirmable=False)
    yield from _offered(scope, context)


def _offered(scope: Scope, context: Context) -> Iterator[Operation]:
    """What an API Gateway target offers: of the operations that the API's own definition declares, those that pass."""
    gateway = f"{_MCP}.ApiGateway"
    api = context.lookup(scope.get(f"{gateway}.RestApiId"))
    body = None if api is None else scope_of(api).get("Body")
    definition = None if body is None else openapi.document(body)
    filters = tuple(scope.each(f"{gateway}.ApiGatewayToolConfiguration.ToolFilters"))
    if definition is None or isinstance(definition, Unknown) or not isinstance(child(definition, "paths"), MapValue):
        yield from _filtered_methods(filters)
        return
    for path, method, operation in openapi.located(definition, confirmable=False):
        if any(_passes(one, path, method) for one in filters):
            yield operation


def _passes(filter_: Scope, path: str, method: str) -> bool:
    """Whether a filter's path (which may end in `*`) and methods let an operation through; what is unknown may."""
    wanted, methods = filter_.text("FilterPath"), [string(one) for one in filter_.values("Methods")]
    by_path = wanted is None or path == wanted or (wanted.endswith("*") and path.startswith(wanted[:-1]))
    return by_path and (not methods or None in methods or method.upper() in methods)


def _api(scope: Scope) -> Value | Unknown | None:
    for path in ("InlinePayload.Payload", "InlinePayload"):
        value = scope.get(f"{_MCP}.OpenApiSchema.{path}")
        if value is not None:
            return openapi.document(value)
    return None


def _filtered_methods(filters: Iterable[Scope]) -> Iterator[Operation]:
    """The methods that the filters name, where the API is defined elsewhere."""
    for block in filters:
        path = block.text("FilterPath") or "*"
        for method in block.values("Methods"):
            name = string(method)
            if name is not None:
                yield Operation(f"{name} {path}", mutating(path, name), confirmation=False, at=method.at)


def _elsewhere(scope: Scope) -> Unknown | None:
    """Why the schema is not in the code: it lies in S3, or is only known at deploy time."""
    for path in (f"{_MCP}.Lambda.ToolSchema.S3", f"{_MCP}.OpenApiSchema.S3", f"{_MCP}.SmithyModel.S3"):
        if scope.has(path):
            return Unknown("the schema lies in S3", scope.at(path))
    api = _api(scope)
    return api if isinstance(api, Unknown) else None


def _credentials(scope: Scope) -> Iterator[Fact]:
    """What the gateway authenticates with at the target."""
    key = scope.resource.key
    for block in scope.each("CredentialProviderConfigurations"):
        for path, what in _PROVIDERS:
            provider = block.get(f"{path}.ProviderArn")
            if provider is None:
                continue
            place = block.at(f"{path}.ProviderArn")
            yield SecretUse(subject=key, secret=provider, variable=what, at=place, via="credential-provider")
            yield AgentLink(agent=key, other=provider, relation="uses-credential-provider", at=place)
            yield from user_grant(key, block, f"{path}.GrantType", scope.text("Name") or key.address)


def _filter(scope: Scope, kind: Kind, called: Value | None) -> Iterator[Fact]:
    """A server of someone else's offers what it likes; a target has no filter for its tools."""
    if kind.executor == "mcp" and called is not None and _is_foreign(called):
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.TOOL_FILTER,
            state=False,
            at=scope.at(kind.path),
            note="an MCP server outside this code, without a filter on its tools",
        )
    if scope.has(f"{_MCP}.ApiGateway"):
        base = f"{_MCP}.ApiGateway.ApiGatewayToolConfiguration.ToolFilters"
        filters = [string(value) for block in scope.each(base) for value in block.values("FilterPath")]
        yield Setting(
            subject=scope.resource.key,
            aspect=Aspect.TOOL_FILTER,
            state=bool(filters) and "/*" not in filters,
            at=scope.at(base, f"{_MCP}.ApiGateway"),
            note="" if filters else "every method of the API is offered",
        )


def _is_foreign(endpoint: Value) -> bool:
    """Whether the endpoint's host is known and none of AWS's own, which serve what the account declares."""
    first = next(iter(text_parts(endpoint)), None)
    if not isinstance(first, str) or not first.startswith(("https://", "http://")):
        return False
    host, slash, _ = first.partition("://")[2].partition("/")
    complete = bool(slash) or len(text_parts(endpoint)) == 1
    return complete and not host.partition(":")[0].endswith((".amazonaws.com", ".amazonaws.com.cn", ".on.aws"))
