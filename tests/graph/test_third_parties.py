from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach import scan
from agentreach.graph import build
from agentreach.identity import Agent, Confidence, System
from graph.declared import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.graph.views import ThirdPartyView
    from agentreach.model import Key

OPS = "aws_bedrockagent_agent.ops"
TOOL = "aws_lambda_function.tool"


def tooled(stack: Stack) -> Key:
    """An agent with a tool that runs as a role of its own."""
    agent = stack.agent(OPS)
    stack.workload(TOOL, kind="lambda-function")
    stack.facts.append(
        System(
            key=stack.key(TOOL),
            service="lambda",
            kind="function",
            names=(stack.text("arn:aws:lambda:eu-west-1:111111111111:function:tool"),),
            at=stack.line(),
        )
    )
    stack.role("aws_iam_role.tool", trusts=(stack.service("lambda.amazonaws.com"),))
    stack.runs_as(stack.key(TOOL), stack.reference("aws_iam_role.tool"))
    stack.tool("group", agent, target=stack.reference(TOOL))
    return agent


def stranger(
    stack: Stack, resource: str = "*", *, kind: str = "ecs-task", action: str = "lambda:UpdateFunctionCode"
) -> None:
    other = stack.workload("aws_ecs_task_definition.other", kind=kind)
    role = stack.role("aws_iam_role.other", trusts=(stack.service("ecs-tasks.amazonaws.com"),))
    stack.runs_as(other, stack.reference("aws_iam_role.other"))
    stack.inline(role, stack.statement(action, resources=(resource,)))


def found(stack: Stack) -> list[ThirdPartyView]:
    return list(build(stack.facts).third_parties())


def test_a_workload_that_may_replace_a_tools_code_is_a_third_party() -> None:
    stack = Stack()
    agent = tooled(stack)
    stranger(stack)
    (view,) = found(stack)
    assert (view.principal.address, view.target.address, view.agents) == ("aws_iam_role.other", TOOL, (agent,))
    assert view.how == f"may replace the code of {TOOL}"
    assert (view.certain, view.confidence) == (True, Confidence.HIGH)


def test_a_pipeline_that_names_the_tool_deploys_it() -> None:
    stack = Stack()
    tooled(stack)
    stranger(stack, "arn:aws:lambda:eu-west-1:111111111111:function:tool", kind="codebuild-project")
    assert found(stack) == []


def test_a_pipeline_that_may_replace_any_code_is_one() -> None:
    stack = Stack()
    tooled(stack)
    stranger(stack, kind="codebuild-project")
    assert len(found(stack)) == 1


def test_a_caller_that_names_the_agent_is_meant() -> None:
    stack = Stack()
    tooled(stack)
    stranger(stack, "arn:aws:bedrock:eu-west-1:111111111111:agent/ops", action="bedrock:InvokeAgent")
    assert found(stack) == []


def test_the_tools_own_role_is_no_third_party() -> None:
    stack = Stack()
    tooled(stack)
    stack.inline(stack.key("aws_iam_role.tool"), stack.statement("lambda:UpdateFunctionCode"))
    assert found(stack) == []


def test_another_account_in_a_trust_is_a_third_party() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    trusted = stack.trusted("arn:aws:iam::999999999999:root")
    stack.role("aws_iam_role.ops", account="111111111111", trusts=(trusted,))
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    (view,) = found(stack)
    assert (view.principal.address, view.declared, view.foreign) == ("999999999999", False, True)
    assert view.how == "may become aws_iam_role.ops"


def test_a_role_that_nothing_uses_is_left_alone() -> None:
    stack = Stack()
    tooled(stack)
    role = stack.role("aws_iam_role.people")
    stack.inline(role, stack.statement("lambda:UpdateFunctionCode"))
    assert found(stack) == []
    assert not any(isinstance(fact, Agent) and fact.key == role for fact in stack.facts)


def test_a_statement_of_the_provider_is_shown_where_it_is_attached() -> None:
    stack = Stack()
    tooled(stack)
    other = stack.workload("aws_ecs_task_definition.other", kind="ecs-task")
    role = stack.role("aws_iam_role.other", trusts=(stack.service("ecs-tasks.amazonaws.com"),))
    stack.runs_as(other, stack.reference("aws_iam_role.other"))
    stack.attach(role, stack.text("arn:aws:iam::aws:policy/AdministratorAccess"))
    for view in found(stack):
        assert view.evidence[0].note == "AdministratorAccess allows *"
        assert all(one.at.source is stack.source for one in view.evidence)


def test_a_wildcard_over_several_tools_is_one_view_that_names_them() -> None:
    stack = Stack()
    agent = tooled(stack)
    stack.workload("aws_lambda_function.two", kind="lambda-function")
    stack.tool("second", agent, target=stack.reference("aws_lambda_function.two"))
    stranger(stack)
    (view,) = found(stack)
    assert view.how == f"may replace the code of {TOOL}, aws_lambda_function.two"
    assert [key.address for key in view.targets] == [TOOL, "aws_lambda_function.two"]


def test_administrators_among_agents_are_as_many_views_as_statements_and_ways() -> None:
    stack = Stack()
    for number in range(30):
        agent = stack.agent(f"aws_bedrockagent_agent.a{number:02}")
        role = stack.role(f"aws_iam_role.r{number:02}", trusts=(stack.service("bedrock.amazonaws.com"),))
        stack.inline(role, stack.statement("*"))
        stack.runs_as(agent, stack.reference(role.address))
    views = found(stack)
    assert len(views) == 60
    assert {len(view.targets) for view in views} == {29}
    assert views[0].how.endswith("aws_bedrockagent_agent.a03 and 26 more")


GOOGLE = """
provider "google" {
  project = "acme-desk"
}
resource "google_vertex_ai_reasoning_engine" "desk" {
  display_name = "desk"
}
resource "google_service_account" "quiet" {
  account_id = "quiet"
}
resource "google_service_account" "deployer" {
  account_id = "deployer"
}
resource "google_service_account_iam_member" "pipeline" {
  service_account_id = google_service_account.deployer.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*"
}
resource "google_project_iam_member" "m" {
  for_each = toset([
    "serviceAccount:${google_service_account.quiet.email}",
    "serviceAccount:${google_service_account.deployer.email}",
    "serviceAccount:near@acme-desk.iam.gserviceaccount.com",
    "serviceAccount:far@acme-data.iam.gserviceaccount.com",
    "serviceAccount:service-1@gcp-sa-aiplatform.iam.gserviceaccount.com",
    "user:jane@example.com",
  ])
  project = "acme-desk"
  role    = "roles/aiplatform.admin"
  member  = each.value
}
"""


def test_a_pipelines_account_and_one_of_another_project_reach_into_an_agent_of_google(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(GOOGLE, encoding="utf-8")
    graph = scan(tmp_path).graph
    assert [agent.account for agent in graph.agents] == ["acme-desk"]
    assert {(one.principal_name, one.how, one.foreign) for one in graph.third_parties()} == {
        ("deployer", "may rewrite google_vertex_ai_reasoning_engine.desk", None),
        ("far@acme-data.iam.gserviceaccount.com", "may rewrite google_vertex_ai_reasoning_engine.desk", True),
    }
