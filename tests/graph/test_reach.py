"""What statements give agents: by service and step, with limits applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph import AgentGraph, build
from agentreach.identity import Attachment, Confidence, IdentityUse, Policy, PolicyRole, Step
from agentreach.model import Scalar, Text
from graph.declared import Stack

if TYPE_CHECKING:
    from agentreach.graph.views import Reach


def ops(stack: Stack) -> None:
    """An agent that runs as the role `ops`, which only services may assume."""
    agent = stack.agent("aws_bedrockagent_agent.ops")
    stack.role("aws_iam_role.ops", trusts=(stack.service("bedrock.amazonaws.com"),))
    stack.runs_as(agent, stack.reference("aws_iam_role.ops"))


def only(graph: AgentGraph, step: Step) -> Reach:
    (reach,) = graph.reach(step=step)
    return reach


def test_a_statement_is_divided_by_service_and_step() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(
        stack.key("aws_iam_role.ops"),
        stack.statement("s3:GetObject", "s3:PutObject", "secretsmanager:GetSecretValue"),
    )
    graph = build(stack.facts)
    assert [(one.step.label, one.service, one.actions) for one in graph.reach()] == [
        ("secrets", "secretsmanager", ("secretsmanager:GetSecretValue",)),
        ("write-data", "s3", ("s3:PutObject",)),
        ("read-data", "s3", ("s3:GetObject",)),
    ]


def test_evidence_starts_at_the_statement_and_ends_at_the_agent() -> None:
    stack = Stack()
    ops(stack)
    statement = stack.statement("s3:GetObject")
    policy = stack.managed("aws_iam_policy.read", statement)
    attached = stack.reference(policy.address)
    stack.attach(stack.key("aws_iam_role.ops"), attached)
    reach = only(build(stack.facts), Step.READ_DATA)
    agent, role = stack.facts[0], stack.facts[1]
    use = next(fact for fact in stack.facts if isinstance(fact, IdentityUse))
    expected = [statement.at, stack.facts[-1].at, role.at, use.at, agent.at]
    assert [one.at for one in reach.evidence] == expected


def test_a_wildcard_names_the_declared_systems_of_its_root() -> None:
    stack, other = Stack(), Stack("other", "other.tf")
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("secretsmanager:GetSecretValue"))
    near = stack.system("aws_secretsmanager_secret.db", "secretsmanager", "secret", stack.text("db"))
    other.system("aws_secretsmanager_secret.far", "secretsmanager", "secret", other.text("far"))
    stack.system("aws_s3_bucket.b", "s3", "bucket", stack.text("arn:aws:s3:::b"))
    reach = only(build([*stack.facts, *other.facts]), Step.SECRETS)
    assert [system.key for system in reach.systems] == [near]
    assert reach.wildcard_resource


def test_a_named_resource_reaches_the_system_behind_it_in_any_root() -> None:
    stack, other = Stack(), Stack("other", "other.tf")
    ops(stack)
    stack.inline(
        stack.key("aws_iam_role.ops"), stack.statement("s3:GetObject", resources=("arn:aws:s3:::reports/published/*",))
    )
    bucket = other.system("aws_s3_bucket.reports", "s3", "bucket", other.text("arn:aws:s3:::reports"))
    other.system("aws_s3_bucket.more", "s3", "bucket", other.text("arn:aws:s3:::reports-2"))
    reach = only(build([*stack.facts, *other.facts]), Step.READ_DATA)
    assert [system.key for system in reach.systems] == [bucket]
    assert not reach.wildcard_resource


def test_production_is_told_by_the_name_of_what_is_reached() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(
        stack.key("aws_iam_role.ops"),
        stack.statement("s3:PutObject", resources=("arn:aws:s3:::orders-prod/*",)),
        stack.statement("dynamodb:PutItem", resources=("arn:aws:dynamodb:eu-west-1:111111111111:table/products",)),
    )
    found = {one.service: one.production for one in build(stack.facts).reach(step=Step.WRITE_DATA)}
    assert found == {"s3": True, "dynamodb": False}


def test_everything_is_admin_and_every_step_below_in_one_row_each() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("*"))
    graph = build(stack.facts)
    assert [(one.step, one.service) for one in graph.reach()][:2] == [(Step.ADMIN, "*"), (Step.IDENTITY, "*")]
    assert {one.step for one in graph.reach()} == set(Step)
    assert all(one.wildcard_action and one.wildcard_resource for one in graph.reach())


def test_everything_on_one_service_is_that_service_only() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("*", resources=("arn:aws:s3:::b/*",)))
    assert {one.service for one in build(stack.facts).reach()} == {"s3"}


def test_a_managed_policy_has_its_evidence_where_it_is_attached() -> None:
    stack = Stack()
    ops(stack)
    stack.attach(stack.key("aws_iam_role.ops"), stack.text("arn:aws:iam::aws:policy/AdministratorAccess"))
    reach = only(build(stack.facts), Step.ADMIN)
    attachment = stack.facts[-1]
    assert isinstance(attachment, Attachment)
    assert reach.evidence[0].at == attachment.at
    assert reach.managed == "arn:aws:iam::aws:policy/AdministratorAccess"


def test_a_deny_on_everything_takes_the_action_away() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(
        stack.key("aws_iam_role.ops"),
        stack.statement("s3:GetObject", "s3:PutObject"),
        stack.statement("s3:PutObject", effect="Deny", spot="#1"),
    )
    assert [one.names for one in build(stack.facts).reach()] == [("s3:GetObject",)]


def test_a_deny_in_another_policy_counts_too() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:GetObject"))
    stack.attach(stack.key("aws_iam_role.ops"), stack.reference("aws_iam_policy.guard"))
    stack.managed("aws_iam_policy.guard", stack.statement("s3:*", effect="Deny"))
    assert list(build(stack.facts).reach()) == []


def test_a_deny_on_a_part_leaves_the_rest_certain_and_drops_the_system() -> None:
    stack = Stack()
    ops(stack)
    stack.system("aws_s3_bucket.a", "s3", "bucket", stack.text("arn:aws:s3:::a"))
    kept = stack.system("aws_s3_bucket.b", "s3", "bucket", stack.text("arn:aws:s3:::b"))
    stack.inline(
        stack.key("aws_iam_role.ops"),
        stack.statement("s3:DeleteBucket"),
        stack.statement("s3:*", effect="Deny", spot="#1", resources=("arn:aws:s3:::a", "arn:aws:s3:::a/*")),
    )
    reach = next(iter(build(stack.facts).reach(minimum=Step.WRITE_DATA)))
    assert ([one.key for one in reach.systems], reach.certain) == ([kept], True)


def test_a_deny_under_a_condition_makes_it_possible() -> None:
    stack = Stack()
    ops(stack)
    only_there = (stack.condition("StringNotEquals", "aws:RequestedRegion", "eu-west-1"),)
    stack.inline(
        stack.key("aws_iam_role.ops"),
        stack.statement("s3:GetObject"),
        stack.statement("*", effect="Deny", spot="#1", conditions=only_there),
    )
    reach = only(build(stack.facts), Step.READ_DATA)
    assert (reach.verdict, reach.confidence) == ("possible", Confidence.MEDIUM)


def test_a_deny_without_second_factor_is_certain_for_a_service_role() -> None:
    stack = Stack()
    ops(stack)
    unless = (stack.condition("BoolIfExists", "aws:MultiFactorAuthPresent", "false"),)
    stack.inline(
        stack.key("aws_iam_role.ops"),
        stack.statement("s3:GetObject"),
        stack.statement("s3:*", effect="Deny", spot="#1", conditions=unless),
    )
    assert list(build(stack.facts).reach()) == []


def test_a_boundary_takes_steps_away_and_leaves_the_rest_standing() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:*", "iam:*"))
    stack.managed("aws_iam_policy.boundary", stack.statement("s3:Get*", "s3:List*"))
    stack.attach(stack.key("aws_iam_role.ops"), stack.reference("aws_iam_policy.boundary"), role=PolicyRole.BOUNDARY)
    graph = build(stack.facts)
    assert {(one.step, one.service, one.standing) for one in graph.reach()} == {
        (Step.READ_DATA, "s3", True),
        (Step.OBSERVE, "s3", True),
    }
    (identity,) = graph.identities(stack.key("aws_bedrockagent_agent.ops"))
    assert identity.boundary is True


def test_an_unknown_boundary_makes_everything_possible() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:GetObject"))
    stack.attach(stack.key("aws_iam_role.ops"), stack.unknown(), role=PolicyRole.BOUNDARY)
    graph = build(stack.facts)
    assert only(graph, Step.READ_DATA).verdict == "possible"
    assert graph.identities(stack.key("aws_bedrockagent_agent.ops"))[0].boundary is None


def control(stack: Stack, *statements: str, effect: str = "Allow") -> None:
    statement = stack.statement(*statements, effect=effect)
    key = stack.key(f"aws_organizations_policy.p{len(stack.facts)}")
    stack.facts.append(Policy(key=key, role=PolicyRole.SERVICE_CONTROL, statements=(statement,), at=stack.line()))


def test_an_unattached_control_policy_limits_everyone() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:GetObject", "sqs:SendMessage"))
    control(stack, "s3:*")
    assert [one.service for one in build(stack.facts).reach()] == ["s3"]


def test_a_control_policy_that_only_denies_stands_beside_full_access() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:GetObject", "sqs:SendMessage"))
    control(stack, "sqs:*", effect="Deny")
    assert [one.service for one in build(stack.facts).reach()] == ["s3"]


def test_a_partly_known_action_makes_its_service_possible() -> None:
    stack = Stack()
    ops(stack)
    action = Text(("secretsmanager:", stack.unknown()), stack.line())
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement(action))
    reach = next(iter(build(stack.facts).reach(step=Step.SECRETS)))
    assert (reach.service, reach.verdict) == ("secretsmanager", "possible")


def test_an_action_that_the_catalogue_does_not_know_is_reached_all_the_same() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("newservice:GetSecretThing"))
    reach = next(iter(build(stack.facts).reach()))
    assert (reach.service, reach.names, reach.step) == ("newservice", ("newservice:GetSecretThing",), Step.SECRETS)


def test_a_statement_that_may_be_absent_is_possible() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:GetObject", certain=False))
    assert only(build(stack.facts), Step.READ_DATA).verdict == "possible"


def test_a_statement_that_can_never_apply_gives_nothing() -> None:
    stack = Stack()
    ops(stack)
    factor = (stack.condition("Bool", "aws:MultiFactorAuthPresent", "true"),)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:GetObject", conditions=factor))
    assert list(build(stack.facts).reach()) == []


def test_very_many_services_at_one_step_are_one_row() -> None:
    stack = Stack()
    ops(stack)
    stack.attach(stack.key("aws_iam_role.ops"), stack.text("arn:aws:iam::aws:policy/ReadOnlyAccess"))
    observing = list(build(stack.facts).reach(step=Step.OBSERVE))
    assert {one.service for one in observing} == {"*"}
    assert any("ec2:DescribeInstances" in one.names for one in observing)


def test_several_agents_of_one_identity_are_named_in_review_order() -> None:
    stack = Stack()
    first, second = stack.agent("aws_bedrockagent_agent.b"), stack.agent("aws_bedrockagent_agent.a")
    stack.role("aws_iam_role.ops")
    stack.role("aws_iam_role.more")
    for agent in (first, second):
        stack.runs_as(agent, stack.reference("aws_iam_role.ops"))
    stack.runs_as(first, stack.reference("aws_iam_role.more"))
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:GetObject"))
    stack.inline(stack.key("aws_iam_role.more"), stack.statement("iam:PutRolePolicy"))
    graph = build(stack.facts)
    assert [view.key for view in graph.agents] == [first, second]
    assert only(graph, Step.READ_DATA).agents == (first, second)


def test_the_cause_names_policy_and_statement_and_no_line() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:GetObject", spot="Read"), address="p")
    assert only(build(stack.facts), Step.READ_DATA).cause == "p:Read"


def test_nested_policies_of_one_role_have_causes_of_their_own() -> None:
    stack = Stack()
    ops(stack)
    role = stack.key("aws_iam_role.ops")
    for name, action in (("one", "s3:GetObject"), ("two", "s3:PutObject")):
        stack.facts.append(
            Policy(
                key=role,
                role=PolicyRole.IDENTITY,
                statements=(stack.statement(action),),
                at=stack.line(),
                subject=role,
                names=(Scalar(name, stack.line()),),
            )
        )
    assert {one.cause for one in build(stack.facts).reach()} == {
        "aws_iam_role.ops/one:#0",
        "aws_iam_role.ops/two:#0",
    }


def test_a_wildcard_gives_no_unknown_action_that_only_others_write() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("s3:*"))
    other = stack.role("aws_iam_role.other")
    stack.inline(other, stack.statement("s3:ExportSecretOfTomorrow"))
    assert not any("s3:ExportSecretOfTomorrow" in one.names for one in build(stack.facts).reach())


def test_a_deny_by_wildcard_takes_an_unknown_action_wherever_it_is_written() -> None:
    stack = Stack()
    ops(stack)
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("sqs:*", effect="Deny"), address="a_deny")
    stack.inline(stack.key("aws_iam_role.ops"), stack.statement("sqs:SendTomorrow"), address="b_allow")
    assert list(build(stack.facts).reach()) == []
