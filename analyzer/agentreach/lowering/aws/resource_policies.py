"""Policies that stand on a resource: who may use it, from this account or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Condition, Policy, PolicyRole, Statement, Trusted
from agentreach.lowering.arns import outside, resolved
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import policy, system
from agentreach.lowering.key_rotation import rotation
from agentreach.model import Scalar, Unknown
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Key, Span, Value


class Owner(NamedTuple):
    """A resource that carries its own policy: IAM service, what it is, where its document stands."""

    service: str
    kind: str
    document: str


OWNERS = {
    "AWS::S3::Bucket": Owner("s3", "bucket", "Policy"),
    "AWS::KMS::Key": Owner("kms", "key", "KeyPolicy"),
    "AWS::SQS::Queue": Owner("sqs", "queue", "policy"),
    "AWS::SNS::Topic": Owner("sns", "topic", "policy"),
    "AWS::ECR::Repository": Owner("ecr", "repository", "RepositoryPolicyText"),
    "AWS::DynamoDB::Table": Owner("dynamodb", "table", "ResourcePolicy.PolicyDocument"),
    "AWS::Events::EventBus": Owner("events", "event-bus", "Policy"),
    "AWS::OpenSearchService::Domain": Owner("es", "search-domain", "AccessPolicies"),
    "AWS::EFS::FileSystem": Owner("elasticfilesystem", "file-system", "FileSystemPolicy"),
}
"""Types that can be reached and may hold their resource policy themselves."""

SEPARATE = {
    "AWS::S3::BucketPolicy": ("PolicyDocument", ("Bucket",)),
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy", ("SecretId",)),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", ("Queues",)),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", ("Topics",)),
    "AWS::BedrockAgentCore::ResourcePolicy": ("Policy", ("ResourceArn",)),
    "AWS::Events::EventBusPolicy": ("Statement", ("EventBusName",)),
    "aws_s3_bucket_policy": ("policy", ("bucket",)),
    "aws_kms_key_policy": ("policy", ("key_id",)),
    "aws_secretsmanager_secret_policy": ("policy", ("secret_arn",)),
    "aws_sqs_queue_policy": ("policy", ("queue_url",)),
    "aws_sns_topic_policy": ("policy", ("arn",)),
    "aws_ecr_repository_policy": ("policy", ("repository",)),
    "aws_dynamodb_resource_policy": ("policy", ("resource_arn",)),
    "aws_cloudwatch_event_bus_policy": ("policy", ("event_bus_name",)),
    "aws_opensearch_domain_policy": ("access_policies", ("domain_name",)),
    "aws_efs_file_system_policy": ("policy", ("file_system_id",)),
    "aws_api_gateway_rest_api_policy": ("policy", ("rest_api_id",)),
}
"""Types that are nothing but a policy: where the document stands, and what it is about."""


def owner(scope: Scope, context: Context) -> Iterator[Fact]:
    """Something that can be reached, and its policy when the declaration holds one."""
    row = OWNERS[canonical(scope.resource.type)]
    yield system(scope, context, row.service, row.kind)
    if scope.has(row.document):
        yield policy(scope, row.document, context, role=PolicyRole.RESOURCE, subject=scope.resource.key)


def encryption_key(scope: Scope, context: Context) -> Iterator[Fact]:
    """A key, and whether its material is replaced; of one whose material KMS cannot replace there is nothing to say."""
    yield from owner(scope, context)
    symmetric = not scope.has("KeySpec") or scope.text("KeySpec") == "SYMMETRIC_DEFAULT"
    if symmetric and (scope.text("Origin") or "AWS_KMS") == "AWS_KMS":
        yield rotation(scope, "EnableKeyRotation", rotates=scope.flag("EnableKeyRotation"))


def _separate(document: str, subjects: tuple[str, ...]) -> Callable[[Scope, Context], Iterator[Fact]]:
    def lowering(scope: Scope, context: Context) -> Iterator[Fact]:
        for path in subjects:
            for value in scope.values(path):
                subject = _subject(value, context)
                yield policy(scope, document, context, role=PolicyRole.RESOURCE, subject=subject)

    return lowering


def _subject(value: Value, context: Context) -> Key | Value:
    resource = context.lookup(value)
    return value if resource is None or resource.type.startswith("data.") else resource.key


_SOURCES = (
    ("SourceArn", "ArnLike", "aws:SourceArn"),
    ("SourceAccount", "StringEquals", "aws:SourceAccount"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
    ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
)


def permission(scope: Scope, context: Context) -> Iterator[Fact]:
    """A statement of a function's policy, written as a resource of its own (Lambda API, AddPermission)."""
    for function in scope.values("FunctionName"):
        statement = Statement(
            effect="Allow",
            actions=tuple(scope.values("Action")),
            resources=(resolved(function, context),),
            principals=tuple(_trusted(value, context) for value in scope.values("Principal")),
            conditions=tuple(_conditions(scope, context)),
            at=scope.resource.at,
            spot=scope.text("statement_id") or "#0",
            certain=scope.resource.certain,
        )
        yield Policy(
            key=scope.resource.key,
            role=PolicyRole.RESOURCE,
            statements=(statement,),
            at=scope.resource.at,
            subject=_subject(function, context),
        )


def _trusted(value: Value, context: Context) -> Trusted:
    text = value.value if isinstance(value, Scalar) else None
    if text == "*":
        return Trusted("*", value)
    kind = "Service" if isinstance(text, str) and text.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "AWS"
    return Trusted("Service" if isinstance(value, Unknown) else kind, outside(value, context))


def _conditions(scope: Scope, context: Context) -> Iterator[Condition]:
    for path, operator, key in _SOURCES:
        values = tuple(resolved(value, context) for value in scope.values(path))
        if values:
            at: Span = scope.at(path)
            yield Condition(operator, key, values, at)


LOWERINGS = {
    **dict.fromkeys(OWNERS, owner),
    "AWS::KMS::Key": encryption_key,
    **{type_: _separate(document, subjects) for type_, (document, subjects) in SEPARATE.items()},
}
