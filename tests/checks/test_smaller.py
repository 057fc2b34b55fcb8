"""The smaller statement that a finding proposes: what it names, what it leaves to a person, and when there is none."""

from __future__ import annotations

import pytest

from agentreach.findings import Move, Remedy
from agentreach.identity import Condition, RbacStatement, RoleAssignment, Statement, Step, Trusted
from agentreach.model import Scalar, Unknown
from agentreach_checks.smaller import smaller
from built_views import at, key, made, reach

HERE = "<region>:<account>"
PLACES = {
    "dynamodb": f"arn:aws:dynamodb:{HERE}:table/<table>",
    "iam": "arn:aws:iam::<account>:role/<role>",
    "kms": f"arn:aws:kms:{HERE}:key/<key id>",
    "lambda": f"arn:aws:lambda:{HERE}:function:<function>",
    "logs": f"arn:aws:logs:{HERE}:log-group:<log group>:*",
    "s3": "arn:aws:s3:::<bucket>/<prefix>/*",
    "secretsmanager": f"arn:aws:secretsmanager:{HERE}:secret:<name>-??????",
    "sns": f"arn:aws:sns:{HERE}:<topic>",
    "sqs": f"arn:aws:sqs:{HERE}:<queue>",
    "ssm": f"arn:aws:ssm:{HERE}:parameter/<name>",
    "sts": "arn:aws:iam::<account>:role/<role>",
    "textract": f"arn:aws:textract:{HERE}:<resource>",
}
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
DECIDED = Remedy(
    move=Move.ADD_CONDITION, at=at(10), attribute="StringLike.aws:SourceIdentity", value="<approver>", safe=False
)


def _said(*words: str) -> tuple[Scalar, ...]:
    return tuple(Scalar(word, at(11)) for word in words)


def _statement(*actions: str, on: tuple[str, ...] = (TABLE,), **fields: object) -> Statement:
    given: dict[str, object] = {
        "effect": "Allow",
        "actions": _said(*actions),
        "resources": _said(*on),
        "at": at(10),
    }
    return made(Statement, given, fields)


def _rule(*verbs: str, resources: tuple[str, ...] = ("secrets",), **fields: object) -> RbacStatement:
    given: dict[str, object] = {"verbs": verbs, "resources": resources, "api_groups": ("",), "at": at(10)}
    return made(RbacStatement, given, fields)


def _of(statement: object, step: Step = Step.WRITE_DATA, **fields: object) -> list[Remedy]:
    return smaller(reach(step, statement=statement, **fields))


def _value(statement: object, **fields: object) -> object:
    (remedy,) = smaller(reach(Step.WRITE_DATA, statement=statement, **fields), decided=False)
    assert (remedy.move, remedy.at, remedy.attribute, remedy.safe) == (Move.REPLACE, at(10), "statement", False)
    return remedy.value


@pytest.mark.parametrize(("service", "place"), PLACES.items())
def test_the_resource_of_a_service_is_called_as_it_calls_it(service: str, place: str) -> None:
    wide = _value(_statement(f"{service}:GetThing", on=("*",)), wildcard_resource=True)
    assert wide == {"Effect": "Allow", "Action": [f"{service}:GetThing"], "Resource": [place]}


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("CreateAccessKey", "user/<user>"),
        ("UpdateLoginProfile", "user/<user>"),
        ("AttachUserPolicy", "user/<user>"),
        ("AddUserToGroup", "group/<group>"),
        ("AddRoleToInstanceProfile", "instance-profile/<profile>"),
        ("SetDefaultPolicyVersion", "policy/<policy>"),
        ("AttachRolePolicy", "role/<role>"),
        ("PassRole", "role/<role>"),
        ("*", "role/<role>"),
    ],
)
def test_an_action_of_iam_names_what_it_works_on(action: str, kind: str) -> None:
    wide = _value(_statement(f"iam:{action}", on=("*",)), wildcard_resource=True)
    assert wide["Resource"] == [f"arn:aws:iam::<account>:{kind}"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("actions", "named"),
    [
        (("dynamodb:*",), ["dynamodb:<action>"]),
        (("*",), ["<service>:<action>"]),
        (("dynamodb:*", "dynamodb:*", "dynamodb:Get*"), ["dynamodb:<action>", "dynamodb:Get*"]),
    ],
)
def test_a_wildcard_alone_leaves_a_place_for_names(actions: tuple[str, ...], named: list[str]) -> None:
    assert _value(_statement(*actions)) == {"Effect": "Allow", "Action": named, "Resource": [TABLE]}


def test_two_services_of_one_statement_have_a_place_each_and_one_has_it_once() -> None:
    statement = _statement("s3:GetObject", "sqs:SendMessage", "s3:PutObject", on=("*",))
    assert _value(statement, wildcard_resource=True) == {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "sqs:SendMessage", "s3:PutObject"],
        "Resource": [PLACES["s3"], PLACES["sqs"]],
    }


@pytest.mark.parametrize(
    "statement",
    [
        _statement("dynamodb:PutItem"),
        _statement("dynamodb:*", on=()),
        _statement("dynamodb:*", resources=(Unknown("r", at(11)),)),
        _statement("dynamodb:*", actions=()),
        _statement("dynamodb:*", actions=(Unknown("x", at(11)),)),
        _statement("dynamodb:*", on=(), not_resources=_said("arn:aws:s3:::x")),
        _statement("dynamodb:*", conditions=(Condition("StringEquals", "aws:x", _said("y"), at(12)),)),
        _statement("dynamodb:*", conditions_open=True),
        _statement("dynamodb:*", open=True),
        _statement("dynamodb:*", principals=(Trusted("AWS", Scalar("*", at(11))),)),
    ],
)
def test_where_nothing_is_smaller_somebody_decides_about_each_use(statement: Statement) -> None:
    assert _of(statement) == [DECIDED]
    assert smaller(reach(statement=statement), decided=False) == []


@pytest.mark.parametrize(
    ("statement", "step", "managed"),
    [
        (_statement("dynamodb:PutItem", effect="Deny"), Step.WRITE_DATA, ""),
        (_statement("dynamodb:PutItem"), Step.WRITE_DATA, "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        (_statement("dynamodb:*"), Step.WRITE_DATA, "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"),
        (_statement("dynamodb:GetItem"), Step.READ_DATA, ""),
        (None, Step.WRITE_DATA, ""),
    ],
)
def test_there_is_nothing_to_write_for_some(statement: Statement | None, step: Step, managed: str) -> None:
    assert _of(statement, step, managed=managed) == []


def test_a_role_is_given_for_a_task_from_the_first_step_that_changes_something() -> None:
    assignment = RoleAssignment(
        key=key("assignment.ops"),
        provider="azure",
        member=Scalar("m", at(9)),
        role=Scalar("Contributor", at(9)),
        scope=None,
        at=at(10),
    )
    assert _of(assignment) == [Remedy(move=Move.PER_TASK, at=at(10), attribute="assignment")]
    assert _of(assignment, step=Step.READ_DATA) == []
    assert smaller(reach(statement=assignment), decided=False) == []


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (_rule("get"), {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["<name>"]}),
        (
            _rule("*", "*"),
            {"apiGroups": [""], "resources": ["secrets"], "verbs": ["<verb>"], "resourceNames": ["<name>"]},
        ),
        (
            _rule("get", "list", resources=("*",), api_groups=("*",)),
            {"apiGroups": ["<group>"], "resources": ["<resource>"], "verbs": ["get", "list"]},
        ),
        (
            _rule("*", resource_names=("crm",)),
            {"apiGroups": [""], "resources": ["secrets"], "verbs": ["<verb>"], "resourceNames": ["crm"]},
        ),
        (
            _rule("create", "*", resource_names=("crm",)),
            {"apiGroups": [""], "resources": ["secrets"], "verbs": ["create", "<verb>"], "resourceNames": ["crm"]},
        ),
    ],
)
def test_a_rule_names_objects_where_its_verbs_let_it(rule: RbacStatement, value: dict[str, object]) -> None:
    assert _value(rule, provider="kubernetes") == value


@pytest.mark.parametrize("verb", ["create", "deletecollection", "list", "watch"])
def test_verbs_that_name_no_object_leave_the_rule_as_it_is(verb: str) -> None:
    assert _of(_rule(verb), provider="kubernetes") == []


def test_rules_about_addresses_or_named_objects_have_nothing_smaller() -> None:
    assert _of(_rule("get", resources=()), provider="kubernetes") == []
    assert _of(_rule("get", resource_names=("crm",)), provider="kubernetes") == []
