"""Accounts, bindings and roles that lie in different roots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.graph import build
from agentreach.identity import Fact, RbacBinding, RbacRole, Step
from graph.declared import Stack

if TYPE_CHECKING:
    from agentreach.graph import AgentGraph


def workload(root: str, *, declared: bool = True) -> list[Fact]:
    stack = Stack(root=root, path=f"{root}/agent.yaml")
    stack.agent("Deployment/agents/ops")
    if declared:
        stack.account("agents", "ops")
    stack.runs_as(stack.key("Deployment/agents/ops"), "agents:ops")
    return stack.facts


def rights(root: str, *kinds: type, account: str = "ops", namespace: str | None = None) -> list[Fact]:
    stack = Stack(root=root, path=f"{root}/rbac.yaml")
    stack.rbac("tidy", ("agents", account), verbs=("delete",), resources=("pods",), namespace=namespace)
    return [fact for fact in stack.facts if isinstance(fact, kinds or object)]


def reached(*facts: list[Fact]) -> list[tuple[str, Step, str]]:
    graph = built(*facts)
    return [(one.agents[0].root, one.step, one.evidence[0].at.source.path) for one in graph.reach()]


def built(*facts: list[Fact]) -> AgentGraph:
    return build([fact for some in facts for fact in some])


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("namespace", [None, "agents"])
def test_a_binding_elsewhere_reaches_the_account_that_one_root_has(*, declared: bool, namespace: str | None) -> None:
    found = reached(workload("app", declared=declared), rights("rbac", namespace=namespace))
    assert found == [("app", Step.WRITE_DATA, "rbac/rbac.yaml")]


def test_a_role_may_lie_in_a_third_root() -> None:
    found = reached(workload("app"), rights("bindings", RbacBinding), rights("roles", RbacRole))
    assert found == [("app", Step.WRITE_DATA, "roles/rbac.yaml")]
    assert built(workload("app"), rights("bindings", RbacBinding), rights("roles", RbacRole)).unknowns == ()


def test_a_role_that_two_other_roots_declare_is_neither_and_stays_unknown() -> None:
    facts = (workload("app"), rights("bindings", RbacBinding), rights("dev", RbacRole), rights("prod", RbacRole))
    assert reached(*facts) == []
    assert [one.reason for one in built(*facts).unknowns] == ["ClusterRole tidy is not declared in the scanned code"]


def test_two_roots_with_the_account_are_two_clusters() -> None:
    assert reached(workload("dev"), workload("prod"), rights("rbac")) == []
    assert reached(workload("dev"), workload("prod"), rights("prod")) == [("prod", Step.WRITE_DATA, "prod/rbac.yaml")]


def test_a_binding_of_another_name_or_namespace_reaches_nobody() -> None:
    assert reached(workload("app"), rights("rbac", account="other")) == []


def test_questions_about_the_account_are_answered_from_all_its_bindings() -> None:
    graph = built(workload("app"), rights("rbac"))
    (key,) = graph.find_identity("agents:ops")
    query = {"verb": "delete", "api_group": "", "resource": "pods", "namespace": "agents"}
    assert graph.questions is not None
    assert (key.root, graph.questions.rbac(key, query).verdict.name) == ("app", "ALLOWED")
