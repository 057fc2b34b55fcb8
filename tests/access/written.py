"""Statements, layers and RBAC objects, built from the documents people write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from agentreach.access.aws import evaluate
from agentreach.access.request import Layers, PrincipalFacts, Request, values
from agentreach.identity import Condition, RbacBinding, RbacRole, RbacStatement, RbacSubject, Statement, Trusted
from agentreach.model import Key, Kind, OneOf, Reference, Scalar, Source, Span, Text, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.access.request import ContextValue, Decision, Parts
    from agentreach.model import Value

Json = Any
"""A document, or a part of one, as people write it; values may stand in it."""

AT = Span(Source("policy.json", ""), 0, 0)
ACCOUNT = "111111111111"
OTHER = "222222222222"


def unknown(reason: str = "variable has no value", kind: Kind = Kind.ANY) -> Unknown:
    return Unknown(reason, AT, kind)


def reference(address: str, attribute: str = "arn") -> Reference:
    return Reference(Key(".", address), attribute, AT)


def text(*parts: str | Unknown | Reference) -> Text:
    return Text(parts, AT)


def one_of(*alternatives: str) -> OneOf:
    return OneOf(tuple(Scalar(one, AT) for one in alternatives), AT)


def written(value: Json) -> tuple[Value, ...]:
    """JSON as values; values stay as they are."""
    if value is None:
        return ()
    listed = value if isinstance(value, list) else [value]
    return tuple(Scalar(one, AT) if isinstance(one, str | int | float | bool) else one for one in listed)


def conditions(block: dict[str, dict[str, Any]]) -> Iterator[Condition]:
    for operator, keys in block.items():
        for key, listed in keys.items():
            yield Condition(operator, key, written(listed), AT)


def principals(element: Json) -> tuple[Trusted, ...]:
    if element is None:
        return ()
    if element == "*":
        return (Trusted("*", Scalar("*", AT)),)
    return tuple(Trusted(kind, value) for kind, listed in element.items() for value in written(listed))


def statement(row: dict[str, Any], version: str = "2012-10-17", index: int = 0) -> Statement:
    return Statement(
        effect=row["Effect"],
        actions=written(row.get("Action")),
        not_actions=written(row.get("NotAction")),
        resources=written(row.get("Resource")),
        not_resources=written(row.get("NotResource")),
        principals=principals(row.get("Principal")),
        not_principals=principals(row.get("NotPrincipal")),
        conditions=tuple(conditions(row.get("Condition", {}))),
        at=AT,
        spot=row.get("Sid", f"#{index}"),
        certain=row.get("certain", True),
        open=row.get("open", False),
        conditions_open=row.get("conditions_open", False),
        version=version,
    )


def document(body: dict[str, Any]) -> tuple[Statement, ...]:
    listed = body["Statement"]
    rows = listed if isinstance(listed, list) else [listed]
    return tuple(statement(row, body.get("Version", "2008-10-17"), at) for at, row in enumerate(rows))


def statements(*rows: dict[str, Any], version: str = "2012-10-17") -> tuple[Statement, ...]:
    return tuple(statement(row, version, at) for at, row in enumerate(rows))


def allow(action: Json = "*", resource: Json = "*", **more: Json) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Json = "*", resource: Json = "*", **more: Json) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def role(name: str = "agent", account: str | None = ACCOUNT, **more: Json) -> PrincipalFacts:
    arn: Parts = (f"arn:aws:iam::{account or ACCOUNT}:role/{name}",)
    return PrincipalFacts(arn=arn, account=account, **more)


def ask(
    action: str,
    resource: str | Sequence[str | Unknown | Reference],
    layers: Layers,
    *,
    context: dict[str, Any] | None = None,
    raw_context: dict[str, ContextValue] | None = None,
    complete: bool = False,
    principal: PrincipalFacts | None = None,
    **more: Json,
) -> Decision:
    request = Request(
        action=action,
        resource=(resource,) if isinstance(resource, str) else tuple(resource),
        context={**values(context or {}), **(raw_context or {})},
        context_complete=complete,
        principal=principal or PrincipalFacts(),
        **more,
    )
    return evaluate(request, layers)


def identity(*rows: dict[str, Any], version: str = "2012-10-17") -> Layers:
    return Layers(identity=statements(*rows, version=version))


def rbac_objects(manifests: str) -> tuple[list[RbacRole], list[RbacBinding]]:
    roles: list[RbacRole] = []
    bindings: list[RbacBinding] = []
    for body in filter(None, yaml.safe_load_all(manifests)):
        if body["kind"] in {"Role", "ClusterRole"}:
            roles.append(_rbac_role(body))
        elif body["kind"] in {"RoleBinding", "ClusterRoleBinding"}:
            bindings.append(_rbac_binding(body))
    return roles, bindings


def _key(body: dict[str, Any]) -> Key:
    namespace = body["metadata"].get("namespace")
    return Key(".", "/".join(part for part in (body["kind"], namespace, body["metadata"]["name"]) if part))


def _rbac_role(body: dict[str, Any]) -> RbacRole:
    aggregation = body.get("aggregationRule")
    selectors = None
    if aggregation is not None:
        selectors = tuple(one.get("matchLabels", {}) for one in aggregation["clusterRoleSelectors"])
    return RbacRole(
        key=_key(body),
        name=body["metadata"]["name"],
        namespace=body["metadata"].get("namespace"),
        statements=tuple(rbac_rule(rule) for rule in body.get("rules") or ()),
        at=AT,
        labels=body["metadata"].get("labels", {}),
        selectors=selectors,
    )


def rbac_rule(rule: dict[str, Any]) -> RbacStatement:
    return RbacStatement(
        verbs=tuple(rule["verbs"]),
        api_groups=tuple(rule.get("apiGroups", ())),
        resources=tuple(rule.get("resources", ())),
        resource_names=tuple(rule.get("resourceNames", ())),
        non_resource_urls=tuple(rule.get("nonResourceURLs", ())),
        at=AT,
    )


def _rbac_binding(body: dict[str, Any]) -> RbacBinding:
    subjects = tuple(
        RbacSubject(one["kind"], one["name"], one.get("namespace"), AT) for one in body.get("subjects", ())
    )
    return RbacBinding(
        key=_key(body),
        namespace=body["metadata"].get("namespace"),
        role_kind=body["roleRef"]["kind"],
        role_name=body["roleRef"]["name"],
        subjects=subjects,
        at=AT,
        role_at=AT,
    )
