"""Roles and bindings of rbac.authorization.k8s.io, as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Hidden, RbacBinding, RbacRole, RbacStatement, RbacSubject
from agentreach.lowering.kubernetes.manifest import labels_of, namespace, strings
from agentreach.model import ListValue, child, descend, elements, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Value


def role(resource: Resource, _: Context) -> Iterator[Fact]:
    """A Role or ClusterRole. The rules of an aggregated one are kept; the API overwrites them with the union."""
    rules = resource.attributes.entries.get("rules")
    yield RbacRole(
        key=resource.key,
        name=resource.name,
        namespace=None if resource.type.endswith("/ClusterRole") else namespace(resource),
        statements=tuple(_statement(rule, index) for index, rule in enumerate(elements(rules))),
        at=resource.at,
        labels=labels_of(resource),
        selectors=_selectors(resource),
    )
    if rules is not None and not isinstance(rules, ListValue):
        yield Hidden(subject=resource.key, attribute="rules", reason="rules are not a list", at=rules.at)


def _statement(rule: Value, index: int) -> RbacStatement:
    return RbacStatement(
        verbs=_texts(rule, "verbs"),
        api_groups=_texts(rule, "apiGroups"),
        resources=_texts(rule, "resources"),
        resource_names=_texts(rule, "resourceNames"),
        non_resource_urls=_texts(rule, "nonResourceURLs"),
        at=rule.at,
        spot=f"#{index}",
    )


def _texts(rule: Value, name: str) -> tuple[str, ...]:
    return tuple(text for one in elements(child(rule, name)) if (text := string(one)) is not None)


def _selectors(resource: Resource) -> tuple[dict[str, str], ...] | None:
    rule = resource.attributes.entries.get("aggregationRule")
    if rule is None or resource.type.endswith("/Role"):
        return None
    return tuple(strings(child(one, "matchLabels")) for one in elements(child(rule, "clusterRoleSelectors")))


def binding(resource: Resource, _: Context) -> Iterator[Fact]:
    """A RoleBinding or ClusterRoleBinding; a subject's missing namespace stays missing."""
    reference = resource.attributes.entries.get("roleRef")
    own = None if resource.type.endswith("/ClusterRoleBinding") else namespace(resource)
    name = string(child(reference, "name"))
    if reference is None or name is None:
        return
    yield RbacBinding(
        key=resource.key,
        namespace=own,
        role_kind=string(child(reference, "kind")) or "ClusterRole",
        role_name=name,
        subjects=tuple(_subjects(resource)),
        at=resource.at,
        role_at=reference.at,
    )


def _subjects(resource: Resource) -> Iterator[RbacSubject]:
    for subject in elements(resource.attributes.entries.get("subjects")):
        name = string(child(subject, "name"))
        if name is not None:
            namespace_ = string(descend(subject, "namespace")) or None
            yield RbacSubject(string(child(subject, "kind")) or "", name, namespace_, subject.at)
