from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph import build
from agentreach.identity import Step
from graph.declared import Stack, lines

if TYPE_CHECKING:
    from agentreach.graph.views import EscalationView

OPS = "aws_bedrockagent_agent.ops"


def agent(stack: Stack) -> None:
    stack.agent(OPS)
    stack.role("aws_iam_role.ops", trusts=(stack.service("bedrock.amazonaws.com"),))
    stack.runs_as(stack.key(OPS), stack.reference("aws_iam_role.ops"))


def fired(stack: Stack) -> dict[str, EscalationView]:
    return {one.path: one for one in build(stack.facts).escalations()}


def test_a_policy_on_its_own_role_yields_everything() -> None:
    stack = Stack()
    agent(stack)
    statement = stack.statement("iam:PutRolePolicy", resources=(stack.reference("aws_iam_role.ops"),))
    stack.inline(stack.key("aws_iam_role.ops"), statement)
    path = fired(stack)["aws-iam-put-role-policy"]
    assert (path.yields, path.certain, path.standing) == (Step.ADMIN, True, True)
    assert path.cause == "aws_iam_role.ops_policy:#0"
    assert path.evidence[0].at == statement.at


def passing(stack: Stack, *, service: str = "lambda.amazonaws.com", target: str = "aws_iam_role.strong") -> None:
    agent(stack)
    strong = stack.role("aws_iam_role.strong", trusts=(stack.service(service),))
    stack.inline(strong, stack.statement("secretsmanager:GetSecretValue"))
    stack.inline(
        stack.key("aws_iam_role.ops"),
        stack.statement("iam:PassRole", resources=(stack.reference(target),)),
        stack.statement("lambda:CreateFunction", "lambda:InvokeFunction", spot="#1"),
        address="pass",
    )


def test_passing_a_stronger_role_to_a_function_yields_that_role() -> None:
    stack = Stack()
    passing(stack)
    path = fired(stack)["aws-lambda-create-invoke"]
    assert (path.gains, path.yields, path.certain) == ((stack.key("aws_iam_role.strong"),), Step.SECRETS, True)
    assert stack.facts[3].at.location.line in lines(path.evidence)


def test_passing_a_role_that_trusts_another_service_yields_nothing() -> None:
    stack = Stack()
    passing(stack, service="ec2.amazonaws.com")
    assert "aws-lambda-create-invoke" not in fired(stack)


def test_what_a_gained_role_may_become_counts_too() -> None:
    stack = Stack()
    passing(stack)
    stack.role("aws_iam_role.admin", trusts=(stack.trusted(stack.reference("aws_iam_role.strong")),))
    admin = stack.statement("*")
    stack.inline(stack.key("aws_iam_role.admin"), admin)
    path = fired(stack)["aws-lambda-create-invoke"]
    assert (path.yields, path.certain) == (Step.ADMIN, True)


def test_a_need_behind_a_second_factor_makes_the_path_gated() -> None:
    stack = Stack()
    stack.agent(OPS)
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(stack.key(OPS), stack.reference("aws_iam_role.ops"))
    factor = (stack.condition("Bool", "aws:MultiFactorAuthPresent", "true"),)
    stack.inline(role, stack.statement("iam:PutRolePolicy", conditions=factor))
    path = fired(stack)["aws-iam-put-role-policy"]
    assert (path.standing, path.certain) == (False, False)


def test_an_administrator_has_nothing_to_gain() -> None:
    stack = Stack()
    agent(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("*"))
    assert fired(stack) == {}


def test_two_roles_that_can_rewrite_each_other_end() -> None:
    stack = Stack()
    agent(stack)
    for own, other in (("ops", "peer"), ("peer", "ops")):
        if own == "peer":
            stack.role("aws_iam_role.peer")
        stack.inline(
            stack.key(f"aws_iam_role.{own}"),
            stack.statement("iam:UpdateAssumeRolePolicy", resources=(stack.reference(f"aws_iam_role.{other}"),)),
            stack.statement("sts:AssumeRole", spot="#1", resources=(stack.reference(f"aws_iam_role.{other}"),)),
        )
    assert all(one.yields >= Step.OBSERVE for one in fired(stack).values())


def test_a_policy_of_the_provider_is_shown_where_it_is_attached_to_each_holder() -> None:
    stack = Stack()
    places = []
    for name in ("one", "two"):
        agent = stack.agent(f"aws_bedrockagent_agent.{name}")
        role = stack.role(f"aws_iam_role.{name}", trusts=(stack.service("bedrock.amazonaws.com"),))
        stack.runs_as(agent, stack.reference(role.address))
        stack.attach(role, stack.text("arn:aws:iam::aws:policy/IAMFullAccess"))
        places.append((role, stack.facts[-1].at))
    for view in build(stack.facts).escalations():
        assert view.evidence[0].at == dict(places)[view.identity]
