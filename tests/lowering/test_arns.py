from __future__ import annotations

import pytest

from agentreach.lowering.arns import arn_of, outside, resolve, resolved
from agentreach.lowering.aws.arn_table import NAMING
from agentreach.lowering.context import Context
from agentreach.model import (
    Format,
    Key,
    Kind,
    ListValue,
    MapValue,
    OneOf,
    Reference,
    Resource,
    Scalar,
    Source,
    Span,
    Text,
    Unknown,
    Value,
)

AT = Span(Source("a", ""), 0, 0)


def declared(type_: str, label: str = "x", /, **attributes: str) -> Resource:
    body: dict[str, Value] = {key: Scalar(text, AT) for key, text in attributes.items()}
    return Resource(
        format=Format.TERRAFORM if type_.startswith(("aws", "data")) else Format.CLOUDFORMATION,
        type=type_,
        key=Key(".", f"{type_}.{label}"),
        name=label,
        attributes=MapValue(body, AT),
        at=AT,
    )


def shown(parts: tuple[str | Unknown | Reference, ...]) -> str:
    return "".join(
        part if isinstance(part, str) else f"<{part.kind.value if isinstance(part, Unknown) else part.attribute}>"
        for part in parts
    )


def spelled(resource: Resource, attribute: str) -> str:
    return shown(resolve(Reference(resource.key, attribute, AT), Context([resource])))


@pytest.mark.parametrize(
    ("resource", "attribute", "expected"),
    [
        (declared("aws_s3_bucket", bucket="b"), "arn", "arn:<partition>:s3:::b"),
        (declared("aws_s3_bucket", bucket="b"), "id", "b"),
        (declared("aws_s3_bucket"), "arn", "arn:<partition>:s3:::<name>"),
        (declared("aws_s3_bucket", bucket_prefix="logs-"), "arn", "arn:<partition>:s3:::logs-<name>"),
        (declared("AWS::S3::Bucket", BucketName="b"), "Ref", "b"),
        (declared("AWS::S3::Bucket", BucketName="b"), "Arn", "arn:<partition>:s3:::b"),
        (declared("aws_iam_role", name="r"), "arn", "arn:<partition>:iam::<account>:role/r"),
        (declared("AWS::IAM::Role", RoleName="r", Path="/a/"), "Arn", "arn:<partition>:iam::<account>:role/a/r"),
        (declared("AWS::IAM::ManagedPolicy", ManagedPolicyName="p"), "Ref", "arn:<partition>:iam::<account>:policy/p"),
        (declared("aws_sns_topic"), "id", "arn:<partition>:sns:<region>:<account>:<name>"),
        (declared("AWS::SNS::Topic", TopicName="t"), "Ref", "arn:<partition>:sns:<region>:<account>:t"),
        (declared("AWS::SQS::Queue", QueueName="q"), "Ref", "<Ref>"),
        (declared("AWS::SQS::Queue", QueueName="q"), "Arn", "arn:<partition>:sqs:<region>:<account>:q"),
        (declared("AWS::SSM::Parameter", Name="/a/b"), "Arn", "arn:<partition>:ssm:<region>:<account>:parameter/a/b"),
        (
            declared("AWS::SecretsManager::Secret", Name="s"),
            "Ref",
            "arn:<partition>:secretsmanager:<region>:<account>:secret:s-<id>",
        ),
        (
            declared("aws_lambda_function", function_name="f"),
            "qualified_arn",
            "arn:<partition>:lambda:<region>:<account>:function:f:<any>",
        ),
        (declared("aws_lambda_function", function_name="f"), "invoke_arn", "<invoke_arn>"),
        (
            declared("AWS::Logs::LogGroup", LogGroupName="/a"),
            "Arn",
            "arn:<partition>:logs:<region>:<account>:log-group:/a",
        ),
        (declared("data.aws_iam_role", name="r"), "arn", "arn:<partition>:iam::<account>:role/r"),
        (declared("aws_route53_zone"), "arn", "<arn>"),
    ],
)
def test_references_become_arns_and_names(resource: Resource, attribute: str, expected: str) -> None:
    assert spelled(resource, attribute) == expected


def test_a_name_with_a_hole_keeps_it() -> None:
    bucket = declared("aws_s3_bucket")
    hole = Unknown("variable 'stage' has no value", AT)
    bucket.attributes.entries["bucket"] = Text(("logs-", hole), AT)
    parts = resolve(Reference(bucket.key, "arn", AT), Context([bucket]))
    assert parts[-1] is hole
    assert shown(parts) == "arn:<partition>:s3:::logs-<any>"


def test_holes_say_which_part_of_the_arn_they_are() -> None:
    queue = declared("aws_sqs_queue", name="q")
    parts = resolve(Reference(queue.key, "arn", AT), Context([queue]))
    assert [part.kind for part in parts if isinstance(part, Unknown)] == [Kind.PARTITION, Kind.REGION, Kind.ACCOUNT]


def test_a_text_around_a_reference_is_joined() -> None:
    bucket = declared("aws_s3_bucket", bucket="b")
    value = resolved(Text((Reference(bucket.key, "arn", AT), "/*"), AT), Context([bucket]))
    assert isinstance(value, Text)
    assert shown(value.parts) == "arn:<partition>:s3:::b/*"


def test_lists_and_alternatives_are_spelled_out_one_by_one() -> None:
    bucket = declared("aws_s3_bucket", bucket="b")
    reference = Reference(bucket.key, "id", AT)
    context = Context([bucket])
    listed = resolved(ListValue((reference, Scalar("c", AT)), AT), context)
    assert isinstance(listed, ListValue)
    assert [item.value for item in listed.items if isinstance(item, Scalar)] == ["b", "c"]
    either = resolved(OneOf((reference, Scalar("c", AT)), AT), context)
    assert isinstance(either, OneOf)


def test_names_that_refer_to_each_other_in_a_circle_end() -> None:
    one, two = declared("aws_s3_bucket", "one"), declared("aws_s3_bucket", "two")
    one.attributes.entries["bucket"] = Text(("a-", Reference(two.key, "id", AT)), AT)
    two.attributes.entries["bucket"] = Text(("b-", Reference(one.key, "id", AT)), AT)
    parts = resolve(Reference(one.key, "arn", AT), Context([one, two]))
    assert len(shown(parts)) < 200


def test_only_data_sources_are_spelled_out_as_outside() -> None:
    role = declared("aws_iam_role")
    data = declared("data.aws_iam_policy", arn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    context = Context([role, data])
    kept = Reference(role.key, "arn", AT)
    assert outside(kept, context) is kept
    found = outside(Reference(data.key, "arn", AT), context)
    assert isinstance(found, Scalar)
    assert found.value == "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.mark.parametrize("type_", sorted(NAMING))
def test_every_arn_has_six_parts(type_: str) -> None:
    resource = declared(type_)
    value = arn_of(resource, Context([resource]))
    assert isinstance(value, Text)
    assert shown(value.parts).count(":") >= 5
    assert shown(value.parts).startswith("arn:<partition>:")
