from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agentreach.findings import Finding, Severity
from agentreach.graph import build
from agentreach.graph.needs import Need, need
from agentreach.identity import (
    Confidence,
    Credential,
    Evidence,
    Hidden,
    IdentityRelation,
    Operation,
    RbacStatement,
    Step,
    Tool,
)
from agentreach.review import AccessReview, review_of
from agentreach.review_proposals import Judged, proposals
from built_views import at, entry, identity, key, reach, tool
from graph.declared import Stack

if TYPE_CHECKING:
    from agentreach.model import Key

OPS = "aws_bedrockagent_agent.ops"


def stack_of_two() -> Stack:
    stack = Stack()
    for name, action in (("ops", "secretsmanager:GetSecretValue"), ("reader", "s3:GetObject")):
        agent = stack.agent(f"aws_bedrockagent_agent.{name}")
        role = stack.role(f"aws_iam_role.{name}")
        stack.runs_as(agent, stack.reference(f"aws_iam_role.{name}"))
        stack.inline(role, stack.statement(action, "bedrock:InvokeModel"))
    return stack


def reviewed(stack: Stack, *findings: Finding) -> AccessReview:
    return review_of(build(stack.facts), findings)


def finding(stack: Stack, agent: Key, severity: Severity, check: str = "AR303") -> Finding:
    return Finding(
        check_id=check,
        name="x",
        title="x",
        severity=severity,
        confidence=Confidence.HIGH,
        subject=stack.key("aws_iam_role.ops"),
        cause="c",
        message="it reads secrets",
        evidence=(Evidence(stack.line(), "here"),),
        agents=(agent,),
    )


def test_every_question_is_answered_in_a_sentence() -> None:
    stack = stack_of_two()
    role = stack.key("aws_iam_role.ops")
    stack.facts.append(Credential(key=role, kind="role-session", owner=role, at=stack.line(), ttl=3600.0))
    first = reviewed(stack).agents[0]
    assert first.identities.answer == "It acts as ops (runs-as)."
    assert first.credentials.answer == "It can keep 1 credential, which lasts 1 hour (role session)."
    assert first.reach.answer == "Without approval it reaches the step secrets on any secretsmanager resource."


def test_an_agent_that_holds_nothing_is_said_to() -> None:
    stack = Stack()
    stack.agent(OPS)
    (only,) = reviewed(stack).agents
    assert only.identities.answer == "No identity is declared for it in the scanned code."
    assert only.credentials.answer == "No credential that it could keep is declared in the scanned code."
    assert only.reach.answer == "Nothing declared lets it reach a system without approval."


def test_an_identity_that_is_only_known_at_deploy_time_is_not_called_undeclared() -> None:
    stack = stack_of_two()
    bare = stack.agent("aws_bedrockagentcore_agent_runtime.bare")
    for agent in (stack.key(OPS), bare):
        stack.facts.append(Hidden(subject=agent, attribute="runs-as", reason="role is imported", at=stack.line()))
    answers = {one.view.key.address: one.identities.answer for one in reviewed(stack).agents}
    assert answers[OPS] == "It acts as ops (runs-as); not known from the code: runs-as (role is imported)."
    assert answers[bare.address] == "What it acts as is not known from the code: runs-as (role is imported)."


def test_findings_are_counted_under_their_question() -> None:
    stack = stack_of_two()
    agent = stack.key(OPS)
    found = (
        finding(stack, agent, Severity.HIGH),
        finding(stack, agent, Severity.MEDIUM, "AR401"),
        finding(stack, agent, Severity.LOW, "AR202"),
    )
    first = reviewed(stack, *found).agents[0]
    assert (first.reach.worst, len(first.reach.findings)) == (Severity.HIGH, 2)
    assert (first.credentials.worst, first.identities.worst) == (Severity.LOW, None)


def test_the_worst_finding_decides_what_to_review_first() -> None:
    stack = stack_of_two()
    assert [one.key.address for one in reviewed(stack).review_first] == [OPS, "aws_bedrockagent_agent.reader"]
    reader = stack.key("aws_bedrockagent_agent.reader")
    ranked = reviewed(stack, finding(stack, reader, Severity.CRITICAL)).review_first
    assert ranked[0] == (reader, "critical: it reads secrets (1 open finding)")


def test_the_privilege_map_has_a_row_for_every_action() -> None:
    stack = stack_of_two()
    first = reviewed(stack).agents[0]
    assert [(row.action, row.step, row.needed, row.standing) for row in first.privilege_map] == [
        ("secretsmanager:GetSecretValue", Step.SECRETS, False, True),
        ("bedrock:InvokeModel", Step.READ_DATA, True, True),
    ]


def test_a_smaller_statement_is_proposed_for_what_is_not_needed() -> None:
    stack = stack_of_two()
    (proposal,) = reviewed(stack).agents[0].proposals
    assert proposal.statement == '{"Effect": "Allow", "Action": ["bedrock:InvokeModel"], "Resource": ["*"]}'
    assert proposal.dropped == ("secretsmanager:GetSecretValue",)


def test_what_the_statement_says_beside_its_actions_stays() -> None:
    stack = stack_of_two()
    role = stack.role("aws_iam_role.third")
    stack.runs_as(stack.agent("aws_bedrockagent_agent.third"), stack.reference("aws_iam_role.third"))
    here = (stack.condition("StringEquals", "aws:RequestedRegion", "eu-west-1"),)
    models = "arn:aws:bedrock:*::foundation-model/*"
    stack.inline(
        role,
        stack.statement("bedrock:InvokeModel", "bedrock:CreateAgent", resources=(models,), spot="M", conditions=here),
    )
    (proposal,) = next(one for one in reviewed(stack).agents if one.view.key.address.endswith("third")).proposals
    assert json.loads(proposal.statement) == {
        "Sid": "M",
        "Effect": "Allow",
        "Action": ["bedrock:InvokeModel"],
        "Resource": [models],
        "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1"]}},
    }


def test_nothing_is_taken_from_an_identity_that_others_live_on() -> None:
    stack = stack_of_two()
    stack.runs_as(stack.agent("aws_bedrockagent_agent.other"), stack.reference("aws_iam_role.ops"))
    assert [one.proposals for one in reviewed(stack).agents if one.view.key.address == OPS] == [()]


def test_a_tools_operations_say_what_its_identity_needs() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.tool")
    table = "arn:aws:dynamodb:eu-west-1:111111111111:table/customers"
    stack.inline(
        role, stack.statement("dynamodb:GetItem", "dynamodb:DeleteItem", "logs:PutLogEvents", resources=(table,))
    )
    stack.facts.append(
        Tool(
            key=stack.key("tool"),
            agent=agent,
            name="tool",
            executor="lambda",
            at=stack.line(),
            acts_as=stack.reference("aws_iam_role.tool"),
            operations=(Operation("get_customer", mutating=False, confirmation=None, at=stack.line()),),
        )
    )
    (only,) = reviewed(stack).agents
    assert {row.action: row.needed for row in only.privilege_map} == {
        "dynamodb:GetItem": True,
        "dynamodb:DeleteItem": False,
        "logs:PutLogEvents": True,
    }


def test_code_that_is_not_read_leaves_the_need_unknown() -> None:
    stack = Stack()
    agent = stack.agent("aws_bedrockagentcore_agent_runtime.r", kind="agentcore-runtime")
    role = stack.role("aws_iam_role.r")
    stack.runs_as(agent, stack.reference("aws_iam_role.r"))
    stack.inline(role, stack.statement("s3:PutObject"))
    (only,) = reviewed(stack).agents
    assert [row.needed for row in only.privilege_map] == [None]
    assert only.proposals == ()


def test_a_rule_of_a_cluster_loses_the_verbs_that_no_tool_asks_for() -> None:
    at = Stack().line()
    rule = RbacStatement(verbs=("get", "list", "delete"), api_groups=("apps",), resources=("deployments",), at=at)
    account = key("ServiceAccount/desk/tools")
    reaches = [
        reach(step, identity=account, statement=rule, names=names, actions=names, provider="kubernetes")
        for step, names in (
            (Step.OBSERVE, ("get deployments", "list deployments")),
            (Step.WRITE_DATA, ("delete deployments",)),
        )
    ]
    view = entry(identities=(identity("ServiceAccount/desk/tools", relation=IdentityRelation.TOOL_ACTS_AS),))
    judged = [
        Judged(name, Need(answer=name != "delete deployments", because="x"), one)
        for one in reaches
        for name in one.names
    ]
    (proposal,) = proposals(judged, view)
    assert json.loads(proposal.statement) == {
        "apiGroups": ["apps"],
        "resources": ["deployments"],
        "verbs": ["get", "list"],
    }
    assert proposal.dropped == ("delete deployments",)
    assert not proposal.has_holes


@pytest.mark.parametrize(
    ("name", "action", "needed_"),
    [
        ("k8s_get_pods", "get pods", True),
        ("k8s_get_pods", "delete pods", False),
        ("cancel_order", "dynamodb:DeleteItem", None),
        ("get_order", "dynamodb:DeleteItem", False),
        ("reset_access", "iam:UpdateLoginProfile", None),
        ("reset_access", "secretsmanager:GetSecretValue", None),
        ("create_pod", "patch pods", None),
        ("restart_pod", "patch pods", True),
        ("publish_report", "dynamodb:DeleteItem", False),
        ("fleet", "dynamodb:DeleteItem", None),
    ],
)
def test_the_verb_of_an_operation_is_its_first_word_or_the_one_behind_where(
    name: str,
    action: str,
    needed_: bool | None,  # noqa: FBT001 - three values
) -> None:
    acting = identity("role.tool", relation=IdentityRelation.TOOL_ACTS_AS)
    operations = (Operation(name, mutating=None, confirmation=None, at=at()),)
    view = entry(identities=(acting,), tools=(tool(acts_as=(acting,), operations=operations),))
    given = reach(identity=key("role.tool"), resources=("pods",), actions=(action,))
    assert need(action, given, view, acting).answer is needed_


def test_what_a_tool_assumes_is_judged_by_the_tool_and_left_to_its_other_users() -> None:
    assumed = identity("role.deploy", relation=IdentityRelation.ASSUMES, tools=(key("tool.release"),))
    release = tool("release", operations=(Operation("get_release", mutating=False, confirmation=None, at=at()),))
    view = entry(identities=(assumed,), tools=(release,))
    given = reach(identity=key("role.deploy"), actions=("ecs:DeleteService",), names=("ecs:DeleteService",))
    judged = Judged("ecs:DeleteService", need("ecs:DeleteService", given, view, assumed), given)
    assert (judged.need.answer, judged.need.because) == (False, "not called for by get_release")
    assert list(proposals([judged], view)) == []


def test_what_belongs_to_the_node_is_not_said_to_be_needed() -> None:
    node = identity("role.node", relation=IdentityRelation.NODE_FALLBACK)
    given = reach(identity=key("role.node"), actions=("ecr:BatchGetImage",), names=("ecr:BatchGetImage",))
    said = need("ecr:BatchGetImage", given, entry(identities=(node,)), node)
    assert (said.answer, said.because) == (
        None,
        "it is there for the node, and whether the agent relies on it is not in the code",
    )


def test_a_step_that_only_a_gate_guards_is_said_apart_and_is_no_reason_to_look_first() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    for name, gate, action in (("asks", True, "dynamodb:DeleteItem"), ("free", False, "s3:PutObject")):
        role = stack.role(f"aws_iam_role.{name}")
        stack.inline(role, stack.statement(action, resources=(f"arn:aws:x:::{name}",)))
        operation = Operation(f"delete_{name}", mutating=True, confirmation=gate, at=stack.line())
        stack.facts.append(
            Tool(
                key=stack.key(name),
                agent=agent,
                name=name,
                executor="lambda",
                at=stack.line(),
                acts_as=stack.reference(f"aws_iam_role.{name}"),
                operations=(operation,),
            )
        )
    (only,) = reviewed(stack).agents
    assert only.why == "holds write-data on arn:aws:x:::free without a gate"


def test_the_credentials_are_counted_by_how_long_they_last() -> None:
    stack = stack_of_two()
    role = stack.key("aws_iam_role.ops")
    for number, (kind, fields) in enumerate(
        [("secret", {"never_expires": True}), ("api-key", {}), ("memory", {"ttl": 86_400.0}), ("oauth", {"ttl": 60.0})]
    ):
        held = Credential(key=stack.key(f"c{number}"), kind=kind, owner=role, at=stack.line(), **fields)  # type: ignore[arg-type]
        stack.facts.append(held)
    assert reviewed(stack).agents[0].credentials.answer == (
        "It can keep 4 credentials: 1 never expires (secret), 1 has a lifetime not known from the code (API key), "
        "2 last up to 1 day (OAuth clients and memories)."
    )
