"""Bindings of every Google resource: `google_*_iam_member`, `_binding` and `_policy`, all read alike.

A binding says who holds which role where. A policy replaces all others of its resource; what it holds is what is
said. Source: Terraform provider documentation, "IAM policy for …".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Hidden, RoleAssignment, Setting
from agentreach.late_regex import late_regex
from agentreach.lowering.declaration import Scope, fold
from agentreach.lowering.google.federation import ANYONE, trust
from agentreach.lowering.google.names import container, member, project, project_named, scope_of
from agentreach.lowering.google.systems import KINDS
from agentreach.lowering.joined_text import joined, known
from agentreach.lowering.policy_document import structure
from agentreach.model import (
    MapValue,
    Reference,
    Scalar,
    Text,
    Unknown,
    alternatives,
    child,
    elements,
    string,
    text_parts,
)
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Span, Value

FAMILY = late_regex(r"google_([a-z0-9_]+)_iam_(member|binding|policy)\Z")
IMPERSONATED = "service_account"

_COMMON = frozenset(
    {
        "role",
        "member",
        "members",
        "condition",
        "policydata",
        "etag",
        "project",
        "location",
        "region",
        "zone",
        "name",
        "iap",
        "effectivelabels",
        "id",
    }
)
"""Attributes that bindings of any resource have, or that only place it: none of them names it on its own."""

_INVOKERS = (
    "roles/run.invoker",
    "roles/cloudfunctions.invoker",
    "roles/iap.httpsResourceAccessor",
    "roles/aiplatform.user",
    "roles/run.admin",
    "roles/editor",
    "roles/owner",
)


class Binding(NamedTuple):
    """Members of one role, with the condition they hold it under."""

    role: Value
    members: tuple[Value, ...]
    condition: Value | None
    at: Span


def binding(resource: Resource, context: Context) -> Iterator[Fact]:
    """One assignment for each member of each role."""
    scope = scope_of(resource)
    stem = _stem(resource)
    where = scope_value(scope, stem, context)
    for one in bindings(scope, context):
        for value in one.members:
            for each in alternatives(value):
                yield from _assigned(resource, stem, where, one._replace(members=(each,)), context)


def _stem(resource: Resource) -> str:
    match = FAMILY.match(resource.type)
    return match[1] if match else ""


def bindings(scope: Scope, context: Context) -> Iterator[Binding]:
    """What a declaration binds; a document that cannot be read is one binding of an unknown role."""
    if scope.resource.type.endswith("_iam_policy"):
        yield from _documents(scope.get("policy_data"), context)
        return
    role = scope.get("role")
    if role is not None:
        members = (*elements(scope.get("members")), *elements(scope.get("member")))
        for one in alternatives(role):
            yield Binding(one, members, _expression(scope), scope.at("role"))


def _expression(scope: Scope) -> Value | None:
    block = scope.within("condition")
    if block is None:
        return None
    return block.get("expression") or Unknown("the condition is only known at deploy time", block.place)


def _documents(value: Value | None, context: Context) -> Iterator[Binding]:
    """`data.google_iam_policy`, or JSON in the form of the API."""
    for branch in alternatives(value) if value is not None else ():
        document = context.lookup(branch)
        if document is not None and document.type == "data.google_iam_policy":
            for block in scope_of(document).each("binding"):
                yield from _block(block)
        elif not isinstance(branch, Unknown | Reference):
            yield from _json(branch)


def _block(block: Scope) -> Iterator[Binding]:
    role = block.get("role")
    if role is not None:
        yield Binding(role, elements(block.get("members")), _expression(block), block.at("role"))


def _json(value: Value) -> Iterator[Binding]:
    document = structure(value)
    if isinstance(document, Unknown):
        return
    for one in elements(child(document, "bindings")):
        role = child(one, "role")
        if role is not None:
            condition = child(child(one, "condition"), "expression")
            yield Binding(role, elements(child(one, "members")), condition, role.at)


def _assigned(resource: Resource, stem: str, where: Value | None, one: Binding, context: Context) -> Iterator[Fact]:
    who = one.members[0]
    role = string(one.role) or ""
    yield RoleAssignment(
        key=resource.key,
        provider="google",
        member=member(who, context),
        role=one.role,
        scope=where,
        at=one.at,
        condition=one.condition,
        certain=resource.certain,
    )
    if string(who) in ANYONE and role in _INVOKERS:
        yield from _open(resource, stem, string(who) or "", one)
    if stem == IMPERSONATED:
        yield from trust(resource, role, who, one, context)
    if isinstance(one.role, Unknown | Text) and (held := context.lookup(who)) is not None:
        reason = one.role.reason if isinstance(one.role, Unknown) else "the role is only known at deploy time"
        yield Hidden(subject=held.key, attribute="role", reason=reason, at=one.at)


def _open(resource: Resource, stem: str, who: str, one: Binding) -> Iterator[Setting]:
    """Whoever is let in without an account may call what the binding is about."""
    subject = _named(scope_of(resource), stem)
    if subject is not None and one.condition is None and who == "allUsers":
        yield Setting(
            subject=subject,
            aspect=Aspect.ANONYMOUS_INBOUND,
            state=True,
            at=one.members[0].at,
            note=f"{who} may call it",
        )


def scope_value(scope: Scope, stem: str, context: Context) -> Value | None:
    """Where a binding holds: the full name of a project, folder, organisation or resource."""
    at = scope.place
    match stem:
        case "project":
            return joined(at, "projects/", project(scope, context))
        case "folder":
            return container(scope.get("folder"), "folders/", context, at)
        case "organization":
            return container(scope.get("org_id"), "organizations/", context, at)
        case _:
            return _resource(scope, stem, context)


def _resource(scope: Scope, stem: str, context: Context) -> Value | None:
    """The declared resource by reference; one that is only named, under its project."""
    value = _named(scope, stem)
    if value is None:
        return joined(scope.place, "projects/", project(scope, context), "/", stem)
    declared = context.lookup(value)
    if declared is not None and not declared.type.startswith("data."):
        return Reference(declared.key, "id", value.at)
    text = known(value)
    if text.startswith("projects/"):
        return _shortened(value, context)
    known_kind = KINDS.get(f"google_{stem}")
    collection = known_kind.path if known_kind is not None else "serviceAccounts" if stem == IMPERSONATED else stem
    return joined(value.at, "projects/", project(scope, context), f"/{collection}/", value)


_LOCATED = late_regex(r"/(?:locations|regions|zones|keyRings|instances/[^/]+)/[^/]+(?=/)")


def _shortened(value: Value, context: Context) -> Value:
    """A full name without the location in it, as names of declared things are."""
    text = string(value)
    if text is None:
        return value
    collection, _, rest = text.partition("/")
    owner, _, below = rest.partition("/")
    own = project_named(Scalar(owner, value.at), context, value.at)
    return joined(value.at, f"{collection}/", own, _LOCATED.sub("", f"/{below}"))


def _named(scope: Scope, stem: str) -> Value | None:
    """The attribute that names what the binding is about.

    `google_secret_manager_secret_iam_member` has `secret_id`, `google_storage_bucket_iam_member` `bucket`: the last
    word of the type tells, else whatever is not common to all bindings, else the plain name.
    """
    entries = scope.resource.attributes.entries
    last = fold(stem.rpartition("_")[2])
    own = [name for name in entries if fold(name) not in _COMMON]
    exact = [name for name in own if fold(name).removesuffix("id") in {last, fold(stem)}]
    near = [name for name in own if last in fold(name)]
    for name in (*exact, *near, "name", *own):
        value = entries.get(name)
        if value is not None and text_parts(value) and not isinstance(value, MapValue):
            return value
    return None
