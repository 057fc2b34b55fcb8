from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.access.verdict import Verdict
from agentreach.errors import AmbiguousIdentityError, UsageError
from agentreach.graph import AgentGraph, build
from agentreach.identity import Policy, PolicyRole, RbacBinding, RbacRole, RbacStatement, RbacSubject, Statement
from agentreach.model import Key
from graph.declared import Stack

if TYPE_CHECKING:
    from agentreach.graph.questions import Questions


def questions(graph: AgentGraph) -> Questions:
    assert graph.questions is not None
    return graph.questions


def aws() -> tuple[Stack, Questions]:
    stack = Stack()
    role = stack.role("aws_iam_role.ops", account="111111111111")
    stack.inline(
        role,
        stack.statement("s3:GetObject", resources=("arn:aws:s3:::a/*",)),
        stack.statement("s3:GetObject", resources=("arn:aws:s3:::a/secret/*",), effect="Deny", spot="#1"),
    )
    return stack, questions(build(stack.facts))


@pytest.mark.parametrize(
    "text", ["aws_iam_role.ops", ".::aws_iam_role.ops", "arn:aws:iam::111111111111:role/ops", "ops", "iam_role.op"]
)
def test_an_identity_is_found_by_any_name(text: str) -> None:
    _, asked = aws()
    assert asked.identity(text) == Key(".", "aws_iam_role.ops")


def test_exact_names_come_before_partial_ones() -> None:
    stack = Stack()
    exact = stack.role("aws_iam_role.ops")
    stack.role("aws_iam_role.ops-more")
    assert questions(build(stack.facts)).find("ops") == (exact,)


def test_an_ambiguous_name_lists_the_candidates() -> None:
    one, two = Stack("a", "a.tf"), Stack("b", "b.tf")
    one.role("aws_iam_role.ops")
    two.role("aws_iam_role.ops")
    asked = questions(build([*one.facts, *two.facts]))
    with pytest.raises(AmbiguousIdentityError, match=r"a::aws_iam_role\.ops, b::aws_iam_role\.ops"):
        asked.identity("ops")


def test_a_name_that_nothing_has_is_a_usage_error() -> None:
    _, asked = aws()
    with pytest.raises(UsageError, match="no identity 'nobody'"):
        asked.identity("nobody")


def test_an_agent_stands_for_what_it_runs_as() -> None:
    stack, _ = aws()
    agent = stack.agent("aws_bedrockagent_agent.x")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    assert questions(build(stack.facts)).identity(agent.address) == Key(".", "aws_iam_role.ops")


def test_a_verdict_names_the_lines_that_decide_it() -> None:
    _, asked = aws()
    key = asked.identity("ops")
    allowed = asked.aws(key, "s3:GetObject", "arn:aws:s3:::a/b")
    assert (allowed.verdict, [one.effect for one in allowed.because]) == (Verdict.ALLOWED, ["Allow"])
    denied = asked.aws(key, "s3:GetObject", "arn:aws:s3:::a/secret/b")
    assert (denied.verdict, denied.explicit) == (Verdict.DENIED, True)
    assert asked.aws(key, "s3:PutObject", "arn:aws:s3:::a/b").verdict is Verdict.DENIED


def test_a_context_key_decides_and_its_absence_leaves_it_open() -> None:
    stack = Stack()
    role = stack.role("aws_iam_role.ops")
    stack.inline(
        role, stack.statement("s3:GetObject", conditions=(stack.condition("StringEquals", "aws:SourceVpc", "vpc-1"),))
    )
    asked = questions(build(stack.facts))
    arn = "arn:aws:s3:::a/b"
    assert asked.aws(role, "s3:GetObject", arn).verdict is Verdict.POSSIBLE
    assert asked.aws(role, "s3:GetObject", arn, {"aws:SourceVpc": "vpc-1"}).verdict is Verdict.ALLOWED
    assert asked.aws(role, "s3:GetObject", arn, complete=True).verdict is Verdict.DENIED


def test_the_policy_of_a_declared_resource_is_asked_too() -> None:
    stack = Stack()
    role = stack.role("aws_iam_role.ops", account="111111111111")
    bucket = stack.system("aws_s3_bucket.a", "s3", "bucket", stack.text("arn:aws:s3:::a"))
    statement = Statement(
        effect="Allow",
        actions=(stack.text("s3:GetObject"),),
        resources=(stack.text("arn:aws:s3:::a/*"),),
        principals=(stack.trusted("arn:aws:iam::111111111111:role/ops"),),
        at=stack.line(),
    )
    stack.facts.append(
        Policy(
            key=stack.key("aws_s3_bucket_policy.a"),
            role=PolicyRole.RESOURCE,
            statements=(statement,),
            at=statement.at,
            subject=bucket,
        )
    )
    answer = questions(build(stack.facts)).aws(role, "s3:GetObject", "arn:aws:s3:::a/b")
    assert (answer.verdict, [one.at for one in answer.because]) == (Verdict.ALLOWED, [statement.at])


def bound() -> Questions:
    stack = Stack(path="rbac.yaml")
    at = stack.line()
    rule = RbacStatement(verbs=("get",), api_groups=("",), resources=("secrets",), at=stack.line())
    stack.facts.append(
        RbacRole(key=stack.key("Role/a/r"), name="r", namespace="a", statements=(rule,), at=stack.line())
    )
    stack.facts.append(
        RbacBinding(
            key=stack.key("RoleBinding/a/r"),
            namespace="a",
            role_kind="Role",
            role_name="r",
            subjects=(RbacSubject("ServiceAccount", "ops", "a", at),),
            at=at,
            role_at=at,
        )
    )
    return questions(build(stack.facts))


def test_an_account_that_is_only_the_subject_of_a_binding_is_answered() -> None:
    asked = bound()
    key = asked.identity("a:ops")
    answer = asked.rbac(key, {"verb": "get", "resource": "secrets", "namespace": "a"})
    assert (answer.verdict, [one.at.location.line for one in answer.because]) == (Verdict.ALLOWED, [2])
    assert asked.rbac(key, {"verb": "get", "resource": "secrets", "namespace": "b"}).verdict is Verdict.DENIED
    assert asked.rbac(key, {"verb": "list", "resource": "secrets", "namespace": "a", "name": None}).verdict is (
        Verdict.DENIED
    )


def test_a_role_has_no_rbac() -> None:
    _, asked = aws()
    with pytest.raises(UsageError, match="not a service account"):
        asked.rbac(asked.identity("ops"), {"verb": "get"})
