"""Whom an `Api` or `HttpApi` event asks: its own authorizer, or the default one of its API.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-controlling-access-to-apis.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.model import MapValue, boolean, child, string
from agentreach.parsers.cloudformation.language_extensions import Entry
from agentreach.parsers.cloudformation.sam.globals import merged
from agentreach.parsers.cloudformation.sam.writing import properties_of

if TYPE_CHECKING:
    from agentreach.model import Value
    from agentreach.parsers.cloudformation.scope import Scope

NOBODY: Final = "NONE"
_KEY: Final = "API_KEY"
APIS: Final = {"Api": "RestApiId", "HttpApi": "ApiId"}
"""Kinds of events that are routes of an API, and what names an API that is not the implicit one."""


def authorizer(scope: Scope, kind: str, event: MapValue) -> Value | str | None:
    """The authorizer's name as written, `NONE`, or None where the template does not say."""
    own = event.entries.get("Auth")
    if (named := child(own, "Authorizer")) is not None:
        return named
    if boolean(child(own, "ApiKeyRequired")) is True:
        return _KEY
    api = _api(scope, kind, event)
    return None if api is None or _is_limited(api) else _default(child(api, "Auth"))


def _default(auth: Value | None) -> Value | str:
    if (named := child(auth, "DefaultAuthorizer")) is not None:
        return named
    return _KEY if boolean(child(auth, "ApiKeyRequired")) is True else NOBODY


def _api(scope: Scope, kind: str, event: MapValue) -> Value | None:
    """The properties of the event's API: what Globals say of the implicit one; None for one declared elsewhere."""
    given = event.entries.get(APIS[kind])
    if given is None:
        return scope.section("Globals").entries.get(kind) or MapValue({}, event.at)
    name = string(child(given, "Ref")) or ""
    declared = scope.section("Resources").entries.get(name)
    return None if declared is None else properties_of(merged(scope, Entry(name, declared, declared.at, {})))


def _is_limited(api: Value) -> bool:
    """Whether a definition, a policy or a private endpoint says who may call."""
    endpoint = child(api, "EndpointConfiguration")
    private = "PRIVATE" in {string(endpoint), string(child(endpoint, "Type"))}
    told = child(api, "DefinitionBody") or child(api, "DefinitionUri") or child(child(api, "Auth"), "ResourcePolicy")
    return private or told is not None
