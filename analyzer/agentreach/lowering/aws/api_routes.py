"""Who may call a function through API Gateway: what each route, method or quick-created API asks of its callers.

A route without an authorizer answers anyone; what its function asks by itself is not in the code.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, PolicyRole, Setting
from agentreach.lowering import openapi
from agentreach.lowering.arns import scope_of
from agentreach.lowering.aws import resource_policies
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import executed, policy, system
from agentreach.lowering.callers import asked, unasked
from agentreach.lowering.context import once_per_scan, reference_of, references
from agentreach.model import Key, MapValue, Unknown, child, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

_FUNCTION = "AWS::Lambda::Function"
_INTEGRATION = "x-amazon-apigateway-integration"
_IAM = "x-amazon-apigateway-auth"


def route(scope: Scope, context: Context) -> Iterator[Fact]:
    """A route of an HTTP or WebSocket API, by what its integration calls."""
    if (scope.text("RouteKey") or "") in {"$disconnect", "$default"} and _is_websocket(scope, context):
        return  # a connection is authorized once, when it is made
    for integration in _mentioned(scope.get("Target"), "AWS::ApiGatewayV2::Integration", context):
        for function in _functions(scope_of(integration).get("IntegrationUri"), context):
            yield _asks(function, scope, "AuthorizationType", f"route {scope.text('RouteKey') or ''}".rstrip())


def http_api(scope: Scope, context: Context) -> Iterator[Fact]:
    """An HTTP API: its definition, and the route that quick creation makes for a target, which asks nobody."""
    yield system(scope, context, "execute-api", "api")
    for function in _functions(scope.get("Target"), context):
        yield unasked(function, scope.at("Target"), "the API's default route has no authorizer")
    yield from _defined(scope, context)


def rest_api(scope: Scope, context: Context) -> Iterator[Fact]:
    """A REST API, its policy, and its definition."""
    yield system(scope, context, "execute-api", "api")
    if scope.has("Policy"):
        yield policy(scope, "Policy", context, role=PolicyRole.RESOURCE, subject=scope.resource.key)
    if not _is_guarded(scope.resource, context):
        yield from _defined(scope, context)


def method(scope: Scope, context: Context) -> Iterator[Fact]:
    """A method of a REST API; Terraform declares what it calls apart from it."""
    api = context.lookup(scope.get("RestApiId"))
    if api is not None and _is_guarded(api, context):
        return
    uri = scope.get("Integration.Uri") or _integrations(context).get(_place(scope))
    for function in _functions(uri, context):
        if scope.flag("ApiKeyRequired") is not True:
            yield _asks(function, scope, "AuthorizationType", f"method {scope.text('HttpMethod') or ''}".rstrip())


def permission(scope: Scope, context: Context) -> Iterator[Fact]:
    """A function's permission to be invoked. SAM's, for an event that is a route, says whom the route asks."""
    yield from resource_policies.permission(scope, context)
    if scope.has("AuthorizationType"):
        for function in _functions(scope.get("FunctionName"), context):
            yield _asks(function, scope, "AuthorizationType", "route of the API")


def _is_guarded(api: Resource, context: Context) -> bool:
    """Whether only a VPC reaches a REST API, or its policy says who may call."""
    scope = scope_of(api)
    private = "PRIVATE" in {string(one) for one in scope.values("EndpointConfiguration.Types")}
    apart = any(one.type == "aws_api_gateway_rest_api_policy" for one in context.mentions(api.key))
    return private or scope.has("Policy") or apart


_Place = tuple[str, object, str]


@once_per_scan
def _integrations(context: Context) -> dict[_Place, Value]:
    """What Terraform's integrations call, by the root, resource and method they are of."""
    found: dict[_Place, Value] = {}
    for resource in context.of_type("aws_api_gateway_integration"):
        scope = scope_of(resource)
        if (uri := scope.get("Uri")) is not None:
            found[_place(scope)] = uri
    return found


def _place(scope: Scope) -> _Place:
    value = scope.get("ResourceId")
    reference = reference_of(value)
    of = string(value) if reference is None else (reference.key, reference.attribute)
    return scope.resource.key.root, of, scope.text("HttpMethod") or ""


def _defined(scope: Scope, context: Context) -> Iterator[Fact]:
    """What each operation of an OpenAPI definition calls, and whom it asks."""
    body = scope.get("Body")
    api = None if body is None else openapi.document(body)
    if not isinstance(api, MapValue):
        return
    everywhere = bool(elements(child(api, "security")))
    for path, item in _entries(child(api, "paths")):
        for verb, operation in _entries(item):
            security = child(operation, "security")
            secured = everywhere if security is None else bool(elements(security))
            for function in _functions(child(child(operation, _INTEGRATION), "uri"), context):
                if not secured and child(operation, _IAM) is None:
                    yield unasked(function, operation.at, f"{verb} {path} has no security")


def _entries(value: Value | None) -> Iterator[tuple[str, Value]]:
    if isinstance(value, MapValue):
        yield from value.entries.items()


def _is_websocket(scope: Scope, context: Context) -> bool:
    api = context.lookup(scope.get("ApiId"))
    return api is not None and scope_of(api).text("ProtocolType") == "WEBSOCKET"


def _asks(function: Key, scope: Scope, path: str, what: str) -> Setting:
    """Whether a route asks its callers who they are: NONE is the default."""
    kind = scope.text(path)
    if scope.has(path) and kind is None:
        return Setting(subject=function, aspect=Aspect.ANONYMOUS_INBOUND, state=None, at=scope.at(path), note=what)
    if kind in {None, "NONE"}:
        return unasked(function, scope.at(path), f"{what} has no authorizer")
    return asked(function, scope.at(path), f"{what} asks for {kind}")


def _functions(value: Value | None, context: Context) -> Iterator[Key]:
    """The functions that a value names, as `invoke_arn`, an alias, or within the path that API Gateway calls."""
    for reference in references(value) if value is not None and not isinstance(value, Unknown) else ():
        resource = context.lookup(executed(reference, context))
        if resource is not None and canonical(resource.type) == _FUNCTION:
            yield resource.key


def _mentioned(value: Value | None, type_: str, context: Context) -> Iterator[Resource]:
    for reference in references(value) if value is not None else ():
        resource = context.resources.get(reference.key)
        if resource is not None and canonical(resource.type) == type_:
            yield resource


LOWERINGS = {
    "AWS::ApiGatewayV2::Route": route,
    "AWS::ApiGatewayV2::Api": http_api,
    "AWS::ApiGateway::RestApi": rest_api,
    "AWS::ApiGateway::Method": method,
    "AWS::Lambda::Permission": permission,
}
