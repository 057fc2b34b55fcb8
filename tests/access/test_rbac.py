from __future__ import annotations

import pytest

from access.written import Json, rbac_objects, rbac_rule
from agentreach.access.rbac import (
    MASTERS,
    Cluster,
    Query,
    Subject,
    allowed,
    service_account,
    step_of,
    step_of_statement,
)
from agentreach.access.verdict import Verdict
from agentreach.identity import Step

BINDING = """
kind: {kind}
metadata: {{name: b{namespace}}}
roleRef: {{kind: {role_kind}, name: {role}}}
subjects: [{{kind: ServiceAccount, name: bot{subject}}}]
"""


def binding(
    role: str, role_kind: str = "ClusterRole", namespace: str = "", subject: str = ", namespace: agents"
) -> str:
    kind = "RoleBinding" if namespace else "ClusterRoleBinding"
    place = f", namespace: {namespace}" if namespace else ""
    return BINDING.format(kind=kind, namespace=place, role_kind=role_kind, role=role, subject=subject)


def ask(manifests: str, verb: str, resource: str = "", **more: Json) -> Verdict:
    subject = more.pop("subject", service_account("agents", "bot"))
    return allowed(Query(subject=subject, verb=verb, resource=resource, **more), *rbac_objects(manifests)).verdict


READER = (
    "kind: ClusterRole\nmetadata: {name: r}\nrules: [{verbs: [get], apiGroups: [''], resources: [secrets, nodes]}]\n---"
)


def test_a_role_binding_to_a_cluster_role_stays_in_its_namespace() -> None:
    manifests = READER + binding("r", namespace="prod")
    assert ask(manifests, "get", "secrets", namespace="prod") is Verdict.ALLOWED
    assert ask(manifests, "get", "secrets", namespace="agents") is Verdict.DENIED
    assert ask(manifests, "get", "secrets") is Verdict.DENIED
    assert ask(manifests, "get", "nodes") is Verdict.DENIED
    assert ask(READER + binding("r"), "get", "nodes") is Verdict.ALLOWED


def test_a_service_account_without_namespace_takes_the_role_bindings() -> None:
    manifests = READER + binding("r", namespace="agents", subject="")
    assert ask(manifests, "get", "secrets", namespace="agents") is Verdict.ALLOWED
    assert ask(READER + binding("r", subject=""), "get", "secrets", namespace="agents") is Verdict.DENIED


def test_a_missing_role_grants_nothing_and_says_so() -> None:
    cluster = Cluster(*rbac_objects(binding("gone")))
    decision = cluster.allowed(Query(subject=service_account("agents", "bot"), verb="get", resource="pods"))
    assert decision.verdict is Verdict.DENIED
    assert [one.role_name for one in decision.missing] == ["gone"]
    local = binding("r", role_kind="Role")
    assert ask(READER + local, "get", "secrets") is Verdict.DENIED  # a ClusterRoleBinding cannot refer to a Role


@pytest.mark.parametrize(
    ("role", "verb", "group", "resource", "expected"),
    [
        ("cluster-admin", "delete", "apps", "deployments", Verdict.ALLOWED),
        ("cluster-admin", "impersonate", "", "users", Verdict.ALLOWED),
        ("admin", "create", "rbac.authorization.k8s.io", "rolebindings", Verdict.ALLOWED),
        ("edit", "get", "", "secrets", Verdict.ALLOWED),
        ("edit", "create", "rbac.authorization.k8s.io", "roles", Verdict.DENIED),
        ("view", "get", "", "pods", Verdict.ALLOWED),
        ("view", "get", "", "secrets", Verdict.DENIED),
    ],
)
def test_roles_that_every_cluster_has(role: str, verb: str, group: str, resource: str, expected: Verdict) -> None:
    manifests = binding(role, namespace="agents")
    assert ask(manifests, verb, resource, api_group=group, namespace="agents") is expected


def test_a_labelled_role_adds_to_the_default_roles() -> None:
    custom = """
kind: ClusterRole
metadata: {name: kagent-view, labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}}
rules: [{verbs: [get], apiGroups: [kagent.dev], resources: [agents]}]
---"""
    for role in ("view", "edit", "admin"):
        asked = {"api_group": "kagent.dev", "namespace": "agents"}
        assert ask(custom + binding(role, namespace="agents"), "get", "agents", **asked) is Verdict.ALLOWED


def test_a_declared_role_replaces_the_default_one() -> None:
    mine = "kind: ClusterRole\nmetadata: {name: view}\nrules: []\n---"
    assert ask(mine + binding("view", namespace="agents"), "get", "pods", namespace="agents") is Verdict.DENIED


def test_aggregation_reaches_a_fixpoint_through_cycles() -> None:
    manifests = """
kind: ClusterRole
metadata: {name: top, labels: {agg: a}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {agg: b}}]}
rules: [{verbs: [delete], apiGroups: [''], resources: [pods]}]
---
kind: ClusterRole
metadata: {name: middle, labels: {agg: b}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {agg: a}}, {matchLabels: {leaf: "1"}}]}
---
kind: ClusterRole
metadata: {name: leaf, labels: {leaf: "1"}}
rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]
---"""
    assert ask(manifests + binding("top"), "get", "pods") is Verdict.ALLOWED
    assert ask(manifests + binding("top"), "delete", "pods") is Verdict.DENIED  # its own rules are overwritten


def test_groups_that_every_service_account_is_in_and_masters() -> None:
    for group in ("system:serviceaccounts", "system:serviceaccounts:agents", "system:authenticated"):
        grouped = READER + binding("r").replace(
            "ServiceAccount, name: bot, namespace: agents", f"Group, name: '{group}'"
        )
        assert ask(grouped, "get", "secrets", namespace="x") is Verdict.ALLOWED
    masters = Subject("ana", frozenset({MASTERS}))
    assert ask(READER, "anything", "everything", subject=masters) is Verdict.ALLOWED


def test_every_rule_comes_with_the_binding_that_gives_it_cluster_wide_first() -> None:
    manifests = READER + binding("r", namespace="agents") + "---" + binding("view")
    rules = list(Cluster(*rbac_objects(manifests)).rules_of(service_account("agents", "bot")))
    assert {rule.namespace for rule in rules[:-1]} == {None}
    assert (rules[-1].role.name, rules[-1].namespace) == ("r", "agents")


@pytest.mark.parametrize(
    ("verb", "group", "resource", "step"),
    [
        ("*", "*", "*", Step.ADMIN),
        ("get", "", "pods", Step.OBSERVE),
        ("get", "", "configmaps", Step.READ_DATA),
        ("watch", "", "secrets", Step.SECRETS),
        ("update", "", "configmaps", Step.WRITE_DATA),
        ("create", "", "pods/exec", Step.EXECUTE),
        ("get", "", "nodes/proxy", Step.EXECUTE),
        ("create", "apps", "deployments", Step.DEPLOY),
        ("patch", "kagent.dev", "agents", Step.DEPLOY),
        ("create", "", "serviceaccounts/token", Step.IDENTITY),
        ("escalate", "rbac.authorization.k8s.io", "clusterroles", Step.IDENTITY),
        ("impersonate", "", "users", Step.IDENTITY),
        ("get", "*", "*", Step.SECRETS),
        ("create", "", "*/exec", Step.EXECUTE),
        ("create", "authorization.k8s.io", "subjectaccessreviews", Step.OBSERVE),
        ("create", "", "events", Step.OBSERVE),
        ("update", "new.example.com", "things", Step.WRITE_DATA),
        ("get", "new.example.com", "things", Step.OBSERVE),
        ("*", "apps", "*", Step.DEPLOY),
    ],
)
def test_the_privilege_step_of_a_verb_on_a_resource(verb: str, group: str, resource: str, step: Step) -> None:
    assert step_of(verb, group, resource) is step


def test_the_step_of_a_rule_ignores_what_its_names_cannot_reach() -> None:
    rule = {"verbs": ["create", "get"], "apiGroups": [""], "resources": ["pods"], "resourceNames": ["a"]}
    assert step_of_statement(rbac_rule(rule)) is Step.OBSERVE
    assert step_of_statement(rbac_rule({**rule, "resourceNames": []})) is Step.DEPLOY
    assert step_of_statement(rbac_rule({**rule, "resources": ["pods/exec"]})) is Step.EXECUTE
    urls = {"verbs": ["get"], "nonResourceURLs": ["/metrics"]}
    assert step_of_statement(rbac_rule(urls)) is Step.OBSERVE
    assert step_of_statement(rbac_rule({**urls, "verbs": ["post"]})) is Step.WRITE_DATA
