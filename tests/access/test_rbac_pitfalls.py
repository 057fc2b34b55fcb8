"""One test for each sentence of what Kubernetes RBAC means, where tools go wrong: on manifests, as written."""

from __future__ import annotations

from textwrap import dedent

import pytest

from access.written import rbac_objects
from agentreach.access.rbac import Cluster, Query, RbacDecision, service_account
from agentreach.access.verdict import Verdict

BOT = service_account("agents", "bot")
ALLOWED, DENIED = Verdict.ALLOWED, Verdict.DENIED


def cluster(rules: str, *, namespace: str = "", kind: str = "ClusterRole") -> Cluster:
    """The account agents:bot, bound to a role with these rules: in a namespace, or everywhere."""
    place = f", namespace: {namespace}" if namespace else ""
    return Cluster(
        *rbac_objects(
            dedent(f"""
            kind: {kind}
            metadata: {{name: r{place if kind == "Role" else ""}}}
            rules: {rules}
            ---
            kind: {"RoleBinding" if namespace else "ClusterRoleBinding"}
            metadata: {{name: b{place}}}
            roleRef: {{kind: {kind}, name: r}}
            subjects: [{{kind: ServiceAccount, name: bot, namespace: agents}}]
            """)
        )
    )


def rule(verbs: str, resources: str, groups: str = "['']", more: str = "") -> str:
    return f"[{{verbs: {verbs}, resources: {resources}, apiGroups: {groups}{more}}}]"


def decision(found: Cluster, verb: str, resource: str, **more: str | None) -> RbacDecision:
    group, _, name = resource.rpartition(".")
    kind, _, sub = name.partition("/")
    asked = Query(subject=BOT, verb=verb, api_group=group, resource=kind, subresource=sub or None, **more)
    return found.allowed(asked)


def may(found: Cluster, verb: str, resource: str, **more: str | None) -> bool:
    return decision(found, verb, resource, **more).verdict is ALLOWED


def test_rules_add_and_nothing_takes_away() -> None:
    both = cluster(
        "[{verbs: [get], resources: [pods], apiGroups: ['']}, {verbs: [], resources: [pods], apiGroups: ['']}]"
    )
    assert may(both, "get", "pods")
    assert not may(both, "list", "pods")


@pytest.mark.parametrize("verbs", ["['ge*']", "['*t']", "[GET]", "['']"])
def test_a_verb_is_exact_or_the_star_alone(verbs: str) -> None:
    assert not may(cluster(rule(verbs, "[pods]")), "get", "pods")
    assert may(cluster(rule("['*']", "[pods]")), "get", "pods")


@pytest.mark.parametrize("groups", ["['apps*']", "[Apps]", "['']", "['*.apps']"])
def test_a_group_is_exact_or_the_star_alone(groups: str) -> None:
    assert not may(cluster(rule("[get]", "[deployments]", groups)), "get", "apps.deployments")
    assert may(cluster(rule("[get]", "[deployments]", "['*']")), "get", "apps.deployments")


@pytest.mark.parametrize(
    ("resources", "asked", "expected"),
    [
        ("[pods]", "pods", True),
        ("[pods]", "pods/exec", False),
        ("['pods/exec']", "pods/exec", True),
        ("['pods/exec']", "pods", False),
        ("['*']", "pods/exec", True),
        ("['*/exec']", "pods/exec", True),
        ("['*/exec']", "pods", False),
        ("['*/exec']", "pods/attach", False),
        ("['pods/*']", "pods/exec", False),
        ("['po*']", "pods", False),
        ("[Pods]", "pods", False),
        ("[pod]", "pods", False),
    ],
)
def test_a_resource_is_exact_the_star_or_the_star_with_a_subresource(
    resources: str, asked: str, *, expected: bool
) -> None:
    assert may(cluster(rule("[create]", resources)), "create", asked) is expected


@pytest.mark.parametrize("verb", ["create", "deletecollection", "list", "watch"])
def test_names_never_allow_what_carries_no_name(verb: str) -> None:
    named = cluster(rule("['*']", "[secrets]", more=", resourceNames: [one]"))
    assert not may(named, verb, "secrets", namespace="agents")


@pytest.mark.parametrize("verb", ["get", "list", "watch", "delete"])
def test_names_allow_requests_for_that_name_only(verb: str) -> None:
    named = cluster(rule("['*']", "[secrets]", more=", resourceNames: [one]"))
    assert may(named, verb, "secrets", namespace="agents", name="one")
    assert not may(named, verb, "secrets", namespace="agents", name="other")


@pytest.mark.parametrize(
    ("pattern", "url", "expected"),
    [
        ("/metrics", "/metrics", True),
        ("/metrics", "/metrics/x", False),
        ("/api/*", "/api/v1", True),
        ("/ap*", "/api", True),
        ("*", "/anything", True),
        ("/*/x", "/a/x", False),
        ("*/x", "/a/x", False),
    ],
)
def test_a_url_is_exact_or_ends_in_the_star(pattern: str, url: str, *, expected: bool) -> None:
    rules = f"[{{verbs: [get], nonResourceURLs: ['{pattern}']}}]"
    asked = Query(subject=BOT, verb="get", non_resource_url=url)
    assert (cluster(rules).allowed(asked).verdict is ALLOWED) is expected
    assert cluster(rules, namespace="agents").allowed(asked).verdict is DENIED


def test_a_cluster_role_in_a_role_binding_stays_in_the_namespace() -> None:
    bound = cluster(rule("[get]", "[secrets, nodes]"), namespace="agents")
    assert may(bound, "get", "secrets", namespace="agents")
    assert not may(bound, "get", "secrets", namespace="other")
    assert not may(bound, "get", "secrets")
    assert not may(bound, "get", "nodes")


def test_a_role_is_found_in_its_own_namespace_only() -> None:
    assert may(cluster(rule("[get]", "[pods]"), namespace="agents", kind="Role"), "get", "pods", namespace="agents")
    apart = Cluster(
        *rbac_objects(
            dedent("""
            kind: Role
            metadata: {name: r, namespace: other}
            rules: [{verbs: [get], resources: [pods], apiGroups: ['']}]
            ---
            kind: RoleBinding
            metadata: {name: b, namespace: agents}
            roleRef: {kind: Role, name: r}
            subjects: [{kind: ServiceAccount, name: bot}]
            """)
        )
    )
    found = decision(apart, "get", "pods", namespace="agents")
    assert (found.verdict, [one.role_name for one in found.missing]) == (DENIED, ["r"])


def test_a_subject_without_namespace_lives_where_its_role_binding_lives_and_nowhere_in_a_cluster() -> None:
    def bound(kind: str, place: str = "") -> Cluster:
        text = f"""
            kind: ClusterRole
            metadata: {{name: r}}
            rules: {rule("[get]", "[pods]")}
            ---
            kind: {kind}
            metadata: {{name: b{place}}}
            roleRef: {{kind: ClusterRole, name: r}}
            subjects: [{{kind: ServiceAccount, name: bot}}]
            """
        return Cluster(*rbac_objects(dedent(text)))

    assert may(bound("RoleBinding", ", namespace: agents"), "get", "pods", namespace="agents")
    assert not may(bound("ClusterRoleBinding"), "get", "pods", namespace="agents")


def test_a_service_account_of_another_namespace_is_another_account() -> None:
    found = cluster(rule("[get]", "[pods]"))
    asked = Query(subject=service_account("other", "bot"), verb="get", resource="pods")
    assert found.allowed(asked).verdict is DENIED
