"""Things that can be reached and hold no policy of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Credential
from agentreach.lowering import secrets
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import system
from agentreach.model import Key, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope

KINDS = {
    "AWS::DynamoDB::GlobalTable": ("dynamodb", "table"),
    "AWS::KMS::Alias": ("kms", "key-alias"),
    "AWS::RDS::DBInstance": ("rds", "database"),
    "AWS::RDS::DBCluster": ("rds", "database"),
    "AWS::DocDB::DBCluster": ("rds", "database"),
    "AWS::Redshift::Cluster": ("redshift", "database"),
    "AWS::ElastiCache::ReplicationGroup": ("elasticache", "cache"),
    "AWS::Kinesis::Stream": ("kinesis", "stream"),
    "AWS::KinesisFirehose::DeliveryStream": ("firehose", "stream"),
    "AWS::CloudTrail::Trail": ("cloudtrail", "trail"),
    "AWS::ECS::Cluster": ("ecs", "cluster"),
    "AWS::EKS::Cluster": ("eks", "cluster"),
    "AWS::OpenSearchServerless::Collection": ("aoss", "search-collection"),
    "AWS::Glue::Database": ("glue", "catalog"),
    "AWS::CodeCommit::Repository": ("codecommit", "source-repository"),
    "AWS::Cognito::UserPool": ("cognito-idp", "user-pool"),
    "AWS::SageMaker::Endpoint": ("sagemaker", "endpoint"),
}
"""IAM service prefix and what it is."""

_PASSWORDS = ("MasterUserPassword",)


def reachable(scope: Scope, context: Context) -> Iterator[Fact]:
    """The thing itself, and a password written into its declaration."""
    service, kind = KINDS[canonical(scope.resource.type)]
    yield system(scope, context, service, kind)
    for path in _PASSWORDS:
        yield from literal(scope, path)


def literal(scope: Scope, path: str) -> Iterator[Fact]:
    """A credential whose value stands in the declaration; the value itself goes nowhere."""
    text = string(scope.get(path))
    written = scope.written(path)
    found = None if text is None else secrets.detect(written.rpartition(".")[2], text)
    if found is not None:
        yield Credential(
            key=Key(scope.resource.key.root, f"{scope.resource.key.address}#{written}"),
            kind="secret",
            owner=scope.resource.key,
            at=scope.at(path),
            never_expires=True,
            rotated=False,
            stored_in="file",
            thresholds="static-secret",
            literal=True,
            placeholder=found.placeholder,
            note=found.kind,
            attribute=written,
        )


LOWERINGS = dict.fromkeys(KINDS, reachable)
