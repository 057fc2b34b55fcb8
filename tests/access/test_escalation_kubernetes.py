from __future__ import annotations

from typing import Any

import pytest

from access.written import AT, Json, rbac_rule
from agentreach.access.escalation_kubernetes import KubernetesEntry, KubernetesPath, Verb, entries, paths
from agentreach.access.rbac import Bound
from agentreach.access.rbac_scope import is_of_the_cluster
from agentreach.identity import RbacBinding, RbacRole, Step
from agentreach.model import Key

CATALOGUE = {entry.id: entry for entry in entries()}


def bound(rule: dict[str, Any], namespace: str | None = None) -> Bound:
    statement = rbac_rule(rule)
    role = RbacRole(key=Key(".", "Role/x"), name="x", namespace=namespace, statements=(statement,), at=AT)
    binding = RbacBinding(
        key=Key(".", "Binding/x"), namespace=namespace, role_kind="Role", role_name="x", subjects=(), at=AT, role_at=AT
    )
    return Bound(statement, role, binding, namespace)


def rule(verb: Verb, **more: Json) -> dict[str, Any]:
    return {"verbs": [verb.verb], "apiGroups": [verb.group], "resources": [verb.resource], **more}


def fired(rules: list[Bound], entry: KubernetesEntry) -> list[KubernetesPath]:
    return [path for path in paths(rules) if path.entry is entry]


@pytest.mark.parametrize("identifier", sorted(CATALOGUE))
def test_a_path_fires_cluster_wide_on_exactly_its_needs(identifier: str) -> None:
    entry = CATALOGUE[identifier]
    rules = [bound(rule(need[0])) for need in entry.needs]
    (path,) = fired(rules, entry)
    assert (path.namespace, path.step, path.because, path.names) == (None, entry.cluster, tuple(rules), ())
    assert path.target == entry.outside[0]
    assert entry.references


@pytest.mark.parametrize("identifier", sorted(CATALOGUE))
def test_a_path_is_silent_without_any_one_of_its_needs(identifier: str) -> None:
    entry = CATALOGUE[identifier]
    rules = [bound(rule(need[0])) for need in entry.needs]
    for missing, need in enumerate(entry.needs):
        left = rules[:missing] + rules[missing + 1 :]
        stands_in = any(other[0] in need for other in entry.needs if other is not need)
        assert stands_in or fired(left, entry) == []


def _in_kube_system(need: tuple[Verb, ...]) -> Bound:
    """The need met in a namespace, or cluster-wide where only that meets it."""
    within = [one for one in need if not is_of_the_cluster(one.group, one.resource)]
    return bound(rule(within[0]), "kube-system") if within else bound(rule(need[0]))


@pytest.mark.parametrize("identifier", sorted(CATALOGUE))
def test_a_path_in_a_namespace_yields_what_the_namespace_holds(identifier: str) -> None:
    entry = CATALOGUE[identifier]
    if entry.scope == "cluster":
        assert fired([bound(rule(need[0]), "kube-system") for need in entry.needs], entry) == []
    else:
        (path,) = fired([_in_kube_system(need) for need in entry.needs], entry)
        assert (path.namespace, path.step) == ("kube-system", entry.namespaced)


def test_every_escalator_of_the_specification_is_there() -> None:
    named = {(verb.verb, verb.resource) for entry in CATALOGUE.values() for need in entry.needs for verb in need}
    assert named >= {
        ("escalate", "clusterroles"),
        ("bind", "roles"),
        ("impersonate", "users"),
        ("impersonate", "groups"),
        ("impersonate", "serviceaccounts"),
        ("impersonate", "userextras"),
        ("create", "pods"),
        ("create", "deployments"),
        ("create", "daemonsets"),
        ("create", "statefulsets"),
        ("create", "replicasets"),
        ("create", "replicationcontrollers"),
        ("create", "jobs"),
        ("create", "cronjobs"),
        ("create", "pods/exec"),
        ("create", "pods/attach"),
        ("patch", "pods/ephemeralcontainers"),
        ("create", "serviceaccounts/token"),
        ("get", "secrets"),
        ("list", "secrets"),
        ("watch", "secrets"),
        ("get", "nodes/proxy"),
        ("create", "certificatesigningrequests"),
        ("update", "certificatesigningrequests/approval"),
        ("approve", "signers"),
        ("create", "mutatingwebhookconfigurations"),
        ("create", "persistentvolumes"),
        ("update", "configmaps"),
    }


def test_resources_of_the_cluster_are_not_reached_from_a_namespace() -> None:
    volume = CATALOGUE["k8s-persistent-volume"]
    everything = bound({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}, "agents")
    assert fired([everything], volume) == []
    assert fired([everything, bound(rule(volume.needs[0][0]))], volume)[0].namespace == "agents"


def test_every_right_in_a_namespace_is_less_than_the_cluster() -> None:
    everything = bound({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}, "agents")
    assert max(path.step for path in paths([everything])) is Step.IDENTITY
    applications = bound({"verbs": ["create"], "apiGroups": ["argoproj.io"], "resources": ["applications"]}, "argocd")
    assert [path.step for path in paths([applications])] == [Step.ADMIN]


def test_needs_met_in_different_namespaces_do_not_add_up() -> None:
    entry = CATALOGUE["k8s-create-token-secret"]
    create, read = (need[0] for need in entry.needs)
    assert fired([bound(rule(create), "a"), bound(rule(read), "b")], entry) == []
    (path,) = fired([bound(rule(create), "a"), bound(rule(read))], entry)
    assert (path.namespace, path.target) == ("a", "any service account of namespace a")


def test_names_limit_what_is_reached_and_never_reach_create() -> None:
    named = {"resourceNames": ["db"]}
    (path,) = fired([bound(rule(Verb("get", "", "secrets"), **named))], CATALOGUE["k8s-read-secrets"])
    assert path.names == ("db",)
    assert list(paths([bound(rule(Verb("create", "", "pods"), **named))])) == []
    (exec_path,) = fired([bound(rule(Verb("create", "", "pods/exec"), **named))], CATALOGUE["k8s-pods-exec"])
    assert exec_path.names == ("db",)
    both = [bound(rule(Verb("get", "", "secrets"), **named)), bound(rule(Verb("list", "", "secrets")))]
    assert fired(both, CATALOGUE["k8s-read-secrets"])[0].names == ()


def test_aws_auth_is_reached_only_in_its_namespace_and_by_its_name() -> None:
    entry = CATALOGUE["k8s-aws-auth"]
    update = Verb("update", "", "configmaps")
    assert fired([bound(rule(update), "agents")], entry) == []
    assert fired([bound(rule(update, resourceNames=["settings"]), "kube-system")], entry) == []
    assert fired([bound(rule(update, resourceNames=["aws-auth"]), "kube-system")], entry)[0].step is Step.ADMIN


def test_wildcards_cover_what_they_stand_for() -> None:
    everything = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}
    assert {path.entry.id for path in paths([bound(everything, "agents")])} >= {"k8s-create-pods", "k8s-read-secrets"}
    exec_anywhere = {"verbs": ["create"], "apiGroups": [""], "resources": ["*/exec"]}
    assert [path.entry.id for path in paths([bound(exec_anywhere)])] == ["k8s-pods-exec"]


def test_a_cluster_administrator_has_nothing_to_gain() -> None:
    assert list(paths([bound({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]})])) == []


def test_read_only_rules_fire_nothing() -> None:
    read = {
        "verbs": ["get", "list", "watch"],
        "apiGroups": ["", "apps"],
        "resources": ["pods", "deployments", "pods/log"],
    }
    assert list(paths([bound(read)])) == []
