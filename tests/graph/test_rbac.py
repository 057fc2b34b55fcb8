from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph import build
from agentreach.identity import RbacBinding, RbacSubject, Step
from graph.declared import Stack

if TYPE_CHECKING:
    from agentreach.graph.views import Reach


def cluster() -> Stack:
    stack = Stack(path="agent.yaml")
    stack.agent("Deployment/agents/ops")
    stack.account("agents", "ops")
    stack.runs_as(stack.key("Deployment/agents/ops"), "agents:ops")
    return stack


def reach(stack: Stack) -> list[Reach]:
    return list(build(stack.facts).reach())


def test_a_rule_in_one_namespace_reaches_that_namespace() -> None:
    stack = cluster()
    stack.rbac("edit", ("agents", "ops"), verbs=("get", "delete"), resources=("pods",), namespace="agents")
    found = {(one.step, one.names, one.resources, one.wildcard_resource, one.namespace) for one in reach(stack)}
    assert found == {
        (Step.OBSERVE, ("get pods",), ("pods in agents",), False, "agents"),
        (Step.WRITE_DATA, ("delete pods",), ("pods in agents",), False, "agents"),
    }


def test_a_production_namespace_makes_it_production() -> None:
    stack = cluster()
    stack.rbac(
        "edit", ("agents", "ops"), verbs=("patch",), resources=("deployments",), groups=("apps",), namespace="prod"
    )
    assert [(one.step, one.production) for one in reach(stack)] == [(Step.DEPLOY, True)]


def test_everything_in_the_cluster_is_admin() -> None:
    stack = cluster()
    stack.rbac("all", ("agents", "ops"), verbs=("*",), resources=("*",), groups=("*",))
    (one,) = reach(stack)
    assert (one.step, one.service, one.wildcard_action, one.wildcard_resource) == (Step.ADMIN, "*", True, True)


def test_pairs_of_group_and_resource_that_no_cluster_has_are_left_out() -> None:
    stack = cluster()
    stack.rbac("edit", ("agents", "ops"), verbs=("delete",), resources=("pods", "deployments"), groups=("", "apps"))
    found = {(one.service, one.names) for one in reach(stack)}
    assert found == {("v1", ("delete pods",)), ("apps", ("delete deployments",))}


def test_names_limit_what_a_rule_reaches() -> None:
    stack = cluster()
    wanted = stack.system("Secret/agents/api", "v1/Secret", "secret", stack.text("agents/api"))
    stack.system("Secret/agents/db", "v1/Secret", "secret", stack.text("agents/db"))
    stack.rbac("one", ("agents", "ops"), verbs=("get",), resources=("secrets",), namespace="agents", names=("api",))
    (one,) = reach(stack)
    assert ([system.key for system in one.systems], one.resources) == ([wanted], ("secrets/api in agents",))


def test_a_binding_to_a_role_that_is_not_declared_grants_nothing_and_is_unknown() -> None:
    stack = cluster()
    at = stack.line()
    stack.facts.append(
        RbacBinding(
            key=stack.key("ClusterRoleBinding/x"),
            namespace=None,
            role_kind="ClusterRole",
            role_name="elsewhere",
            subjects=(RbacSubject("ServiceAccount", "ops", "agents", at),),
            at=at,
            role_at=at,
        )
    )
    graph = build(stack.facts)
    assert list(graph.reach()) == []
    assert [one.reason for one in graph.unknowns] == ["ClusterRole elsewhere is not declared in the scanned code"]


def test_evidence_is_the_rule_then_the_binding_then_the_account() -> None:
    stack = cluster()
    stack.rbac("read", ("agents", "ops"), verbs=("get",), resources=("configmaps",))
    (one,) = reach(stack)
    assert [evidence.note for evidence in one.evidence] == [
        "ClusterRole read allows get",
        "binds ClusterRole read in all namespaces",
        "identity ServiceAccount/agents/ops",
        "runs as agents:ops",
        "bedrock-agent Deployment/agents/ops",
    ]


def test_the_accounts_of_a_namespace_lead_as_far_as_the_strongest_of_them() -> None:
    stack = cluster()
    strongest = stack.account("agents", "admin")
    stack.rbac("run", ("agents", "ops"), verbs=("create",), resources=("pods",), namespace="agents")
    stack.rbac("all", ("agents", "admin"), verbs=("*",), resources=("*",), groups=("*",))
    found = [one for one in build(stack.facts).escalations() if one.path == "k8s-create-pods"]
    assert [(one.yields, one.gains, one.certain) for one in found] == [(Step.ADMIN, (strongest,), True)]


def test_everything_in_one_namespace_is_its_administration_and_less_than_admin() -> None:
    stack = cluster()
    stack.rbac("all", ("agents", "ops"), verbs=("*",), resources=("*",), groups=("*",), namespace="agents")
    (one,) = reach(stack)
    assert (one.step, one.namespace, one.wildcard_action) == (Step.IDENTITY, "agents", True)
    (entry,) = build(stack.facts).agents
    assert entry.highest is Step.IDENTITY


def test_a_role_binding_reaches_nothing_of_the_cluster_itself() -> None:
    stack = cluster()
    stack.rbac(
        "nodes", ("agents", "ops"), verbs=("get",), resources=("nodes", "nodes/proxy", "pods"), namespace="agents"
    )
    assert [(one.step, one.names) for one in reach(stack)] == [(Step.OBSERVE, ("get pods",))]


def test_who_reads_secrets_by_a_wildcard_is_shown_secrets() -> None:
    stack = cluster()
    wanted = stack.system("Secret/agents/api", "v1/Secret", "secret", stack.text("agents/api"))
    stack.system("ConfigMap/agents/settings", "v1/ConfigMap", "configuration", stack.text("agents/settings"))
    stack.rbac("read", ("agents", "ops"), verbs=("get",), resources=("*",))
    (one,) = [found for found in reach(stack) if found.step is Step.SECRETS]
    assert [system.key for system in one.systems] == [wanted]
