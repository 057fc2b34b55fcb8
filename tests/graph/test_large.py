"""Very many roles: what is found as a set, what is bounded, and what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph import build, sentence_book
from agentreach.identity import Attachment, Policy, PolicyRole, Step
from graph.declared import Stack

if TYPE_CHECKING:
    import pytest

    from agentreach.graph import AgentGraph
    from agentreach.model import Key

OPS = "aws_bedrockagent_agent.ops"
MANY = 100


def crowd(stack: Stack, *, count: int = MANY) -> Key:
    """An agent, and many roles of which one is strong and one is named."""
    agent = stack.agent(OPS)
    stack.role("aws_iam_role.ops", trusts=(stack.service("bedrock.amazonaws.com"),))
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    for number in range(count):
        role = stack.role(f"aws_iam_role.r{number:03}", trusts=(stack.service("lambda.amazonaws.com"),))
        stack.inline(role, stack.statement("*" if number == 77 else "s3:GetObject"))
    return agent


def gains(stack: Stack) -> dict[str, set[str]]:
    found = build(stack.facts).escalations()
    return {one.path: {key.address for key in one.gains} for one in found}


def test_a_wildcard_over_many_roles_names_the_strongest() -> None:
    stack = Stack()
    crowd(stack)
    stack.inline(
        stack.key("aws_iam_role.ops"), stack.statement("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")
    )
    assert "aws_iam_role.r077" in gains(stack)["aws-lambda-create-invoke"]


def test_a_role_that_is_named_is_found_among_many_weak_as_it_is() -> None:
    stack = Stack()
    crowd(stack)
    stack.inline(
        stack.key("aws_iam_role.ops"),
        stack.statement("iam:PassRole", resources=("arn:aws:iam::111111111111:role/r050",)),
        stack.statement("lambda:CreateFunction", "lambda:InvokeFunction", spot="#1"),
    )
    assert gains(stack)["aws-lambda-create-invoke"] == {"aws_iam_role.r050"}


def test_a_prefix_assumes_the_roles_that_begin_with_it() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    for name in ("team-a", "team-b", "tea", "other"):
        stack.role(f"aws_iam_role.{name}", trusts=(stack.trusted(stack.arn("iam", "root")),))
    stack.inline(role, stack.statement("sts:AssumeRole", resources=("arn:aws:iam::*:role/team-*",)))
    assert [view.name for view in build(stack.facts).identities(agent)] == ["ops", "team-a", "team-b"]


def test_the_paths_of_every_identity_are_searched_however_many_there_are() -> None:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    stack.inline(role, stack.statement("sts:AssumeRole"))
    roles = [
        stack.role(f"aws_iam_role.r{number:03}", trusts=(stack.trusted(stack.arn("iam", "root")),))
        for number in range(300)
    ]
    stack.inline(roles[-1], stack.statement("iam:PutRolePolicy"))
    graph = build(stack.facts)
    assert len(graph.identities(agent)) == 301
    assert [one.path for one in graph.escalations() if one.identity == roles[-1]] == ["aws-iam-put-role-policy"]
    assert graph.skipped == ()


def limited(stack: Stack, *targets: str, account: str | None = None) -> list[Step]:
    """Steps of an agent of `account` under a control policy that allows reading, attached to targets."""
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops", account=account)
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    stack.inline(role, stack.statement("s3:GetObject", "s3:PutObject"))
    policy = stack.key("aws_organizations_policy.read")
    stack.facts.append(
        Policy(
            key=policy,
            role=PolicyRole.SERVICE_CONTROL,
            statements=(stack.statement("s3:Get*"),),
            at=stack.line(),
        )
    )
    for target in targets:
        stack.facts.append(
            Attachment(
                principal=stack.text(target),
                policy=stack.reference(policy.address, "id"),
                at=stack.line(),
                role=PolicyRole.SERVICE_CONTROL,
            )
        )
    return sorted(one.step for one in build(stack.facts).reach())


def test_a_control_policy_limits_the_account_it_is_attached_to() -> None:
    assert limited(Stack(), "111111111111", account="111111111111") == [Step.READ_DATA]
    assert limited(Stack(), "222222222222", account="111111111111") == [Step.READ_DATA, Step.WRITE_DATA]


def test_a_control_policy_on_a_unit_or_for_an_unknown_account_limits_everyone() -> None:
    assert limited(Stack(), "ou-1", account="111111111111") == [Step.READ_DATA]
    assert limited(Stack(), "111111111111") == [Step.READ_DATA]


def test_a_deny_on_many_resources_is_not_compared_with_each_of_many_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_book, "MOST_COMPARISONS", 2 * MANY)
    buckets = tuple(f"arn:aws:s3:::b{number:03}/*" for number in range(MANY))
    denied = (*(f"arn:aws:s3:::c{number:03}/*" for number in range(MANY)), buckets[7])
    graph = denying(allowed=buckets, denied=denied)
    assert [(one.actions, one.verdict, len(one.resources)) for one in graph.reach(minimum=Step.WRITE_DATA)] == [
        (("s3:PutObject",), "allowed", MANY - 1)
    ]
    assert graph.unknowns == ()


def test_what_too_many_resources_hide_is_possible_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_book, "MOST_COMPARISONS", 10)
    buckets = tuple(f"arn:aws:s3:::*b{number:03}/*" for number in range(MANY))
    denied = tuple(f"arn:aws:s3:::*c{number:03}/*" for number in range(MANY))
    graph = denying(allowed=buckets, denied=denied)
    assert {one.verdict for one in graph.reach(minimum=Step.WRITE_DATA)} == {"possible"}
    assert ["pairs of resources" in one.reason for one in graph.unknowns] == [True]


def denying(*, allowed: tuple[str, ...], denied: tuple[str, ...]) -> AgentGraph:
    stack = Stack()
    agent = stack.agent(OPS)
    role = stack.role("aws_iam_role.ops")
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    stack.inline(
        role,
        stack.statement("s3:PutObject", resources=allowed),
        stack.statement("s3:PutObject", resources=denied, effect="Deny", spot="#1"),
    )
    return build(stack.facts)
