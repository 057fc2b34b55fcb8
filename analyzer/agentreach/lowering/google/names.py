"""How Google Cloud names things: projects, full resource names, service accounts, members of bindings.

Names are texts with holes for what only the deployment knows; two resources without a project of their own share
the provider's, which is one unknown for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.lowering.context import reference_of
from agentreach.lowering.declaration import Scope
from agentreach.lowering.joined_text import joined, known, without_prefix
from agentreach.model import Reference, Scalar, Unknown, string, text_parts

if TYPE_CHECKING:
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Span, Value

PROVIDERS_PROJECT = "the provider's project"
DEFAULT_COMPUTE = "-compute@developer.gserviceaccount.com"
GKE_POOL = ".svc.id.goog"

_PROJECTS = frozenset({"google_project", "data.google_project", "data.google_client_config"})
_ACCOUNTS = frozenset({"google_service_account", "data.google_service_account"})
_CONTAINERS = {"google_folder": "folders/", "data.google_folder": "folders/", "data.google_organization": ""}


def scope_of(resource: Resource) -> Scope:
    """A declaration, read by the provider's own names."""
    return Scope(resource, resource.attributes)


def project(scope: Scope, context: Context) -> Value:
    """The project of a declaration, as its id; the provider's when none is written."""
    written = scope.get("project")
    return _providers(scope.resource, scope.place) if written is None else project_named(written, context, scope.place)


def _providers(resource: Resource, at: Span) -> Value:
    """The project of the provider that makes a resource, where its block says which."""
    said = string(resource.siblings.get("account"))
    return Unknown(PROVIDERS_PROJECT, at) if not said else Scalar(said, at)


def project_named(value: Value | None, context: Context, at: Span) -> Value:
    """The project that a value means: an id, `projects/id`, or a reference to a project."""
    resource = context.lookup(value)
    if resource is not None and resource.type in _PROJECTS:
        own = resource.attributes.entries.get("project_id") or resource.attributes.entries.get("project")
        if string(own) is not None or resource.type == "google_project":
            return own if own is not None and string(own) is not None else Reference(resource.key, "project_id", at)
        return _providers(resource, at)
    if value is None:
        return Unknown(PROVIDERS_PROJECT, at)
    return without_prefix(value, "projects/")


def container(value: Value | None, prefix: str, context: Context, at: Span) -> Value:
    """The full name of a folder or organisation: `folders/123`, however it is written."""
    resource = context.lookup(value)
    if resource is not None and resource.type in _CONTAINERS:
        return joined(at, prefix, Reference(resource.key, "name", at))
    if value is None:
        return joined(at, prefix, None)
    return joined(at, prefix, without_prefix(value, prefix))


def full_name(scope: Scope, context: Context, path: str, name: str) -> Value:
    """`projects/P/<path>/<name>`: what contains what can be read from it; locations are left out.

    Where the declaration names its parent by id (a key its ring), the parent's name comes first.
    """
    at = scope.at(name)
    own = scope.get(name)
    return joined(
        at, "projects/", project(scope, context), f"/{path}/", own if own is not None else scope.resource.name
    )


def email(scope: Scope, context: Context) -> Value:
    """The address of a declared service account."""
    account = scope.get("account_id")
    at = scope.at("account_id")
    written = string(account)
    if written is not None and "@" in written:
        return joined(at, written.rpartition("/")[2])
    return joined(at, account, "@", project(scope, context), ".iam.gserviceaccount.com")


def default_compute(at: Span) -> Value:
    """The service account that machines act as when nobody chooses one."""
    return joined(at, Unknown("the project's number", at), DEFAULT_COMPUTE)


def service_agent(service: str, at: Span) -> Value:
    """A service agent of the project: `service-NUMBER@gcp-sa-….iam.gserviceaccount.com`."""
    return joined(at, "service-", Unknown("the project's number", at), f"@{service}.iam.gserviceaccount.com")


def identity(value: Value, context: Context) -> Value:
    """The service account that an attribute names: a reference to a declared one, else its address."""
    resource = context.lookup(value)
    if resource is not None and resource.type == "google_service_account":
        return reference_of(value) or value
    if resource is not None and resource.type == "data.google_service_account":
        return email(scope_of(resource), context)
    if resource is not None and resource.type == "data.google_compute_default_service_account":
        return default_compute(value.at)
    bare = without_prefix(value, "serviceAccount:")
    if "/serviceAccounts/" in known(bare):
        return _after(bare, "/serviceAccounts/")
    if DEFAULT_COMPUTE in known(bare) and string(bare) is None:
        return default_compute(value.at)
    return identity(bare, context) if bare is not value and context.lookup(bare) is not None else bare


def member(value: Value, context: Context) -> Value:
    """Who a member of a binding is: a service account by its address, a Kubernetes one as `ns:name`, else as written.

    People, groups, domains and federated principals keep their prefix (`user:`, `group:`, `principalSet://`).
    """
    account = kubernetes_account(value)
    if account is not None:
        return account
    return identity(value, context)


def kubernetes_account(value: Value) -> Value | None:
    """`ns:name` of `serviceAccount:P.svc.id.goog[ns/name]` or `principal://…P.svc.id.goog/subject/ns/NS/sa/NAME`."""
    text = known(value)
    if GKE_POOL not in text:
        return None
    if f"{GKE_POOL}[" in text:
        inner = _after(value, f"{GKE_POOL}[")
        return _account(inner, "", "/", "]")
    if f"{GKE_POOL}/subject/ns/" in text:
        return _account(_after(value, f"{GKE_POOL}/subject/ns/"), "", "/sa/", "")
    return None


def _after(value: Value, mark: str) -> Value:
    """What a text has after a mark."""
    parts = text_parts(value)
    for index, part in enumerate(parts):
        if isinstance(part, str) and mark in part:
            return joined(value.at, part.partition(mark)[2], *parts[index + 1 :])
    return value


def _account(inner: Value, start: str, between: str, end: str) -> Value:
    pieces = [
        part.removeprefix(start).removesuffix(end).replace(between, ":") if isinstance(part, str) else part
        for part in text_parts(inner)
    ]
    return joined(inner.at, *pieces)


def label(scope: Scope, *paths: str) -> str:
    """The declared name of a resource, else the name in its address."""
    for path in paths:
        text = scope.text(path)
        if text:
            return text
    return scope.resource.name


def here(scope: Scope, attribute: str) -> Reference:
    """A reference to the declaration itself."""
    return Reference(scope.resource.key, attribute, scope.resource.at)


def text(value: str, at: Span) -> Scalar:
    """A known text at a place."""
    return Scalar(value, at)
