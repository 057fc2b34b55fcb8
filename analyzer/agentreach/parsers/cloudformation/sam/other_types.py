"""The smaller SAM types that become another type or bring a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue
from agentreach.parsers.cloudformation.sam import policies, roles
from agentreach.parsers.cloudformation.sam.writing import Plain, generated, properties_of, replaced, tag_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope


def table(_scope: Scope, entry: Entry) -> Iterator[Entry]:
    """`AWS::Serverless::SimpleTable` is a DynamoDB table.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
    """
    properties = properties_of(entry)
    entries = {name: value for name, value in properties.entries.items() if name != "PrimaryKey"}
    if (tags := tag_list(properties.entries.get("Tags"))) is not None:
        entries["Tags"] = tags
    yield replaced(entry, "AWS::DynamoDB::Table", MapValue(entries, properties.at, properties.keys))


def web_function(_scope: Scope, entry: Entry) -> Iterator[Entry]:
    """`AWS::Serverless::WebFunction` runs as `<LogicalId>Role` unless it names a role."""
    yield entry
    if "Role" not in properties_of(entry).entries:
        basic = policies.managed_policy("AWSLambdaBasicExecutionRole", entry.at)
        yield roles.execution_role(entry, "lambda.amazonaws.com", policies.Policies([basic], []))


def capacity_provider(_scope: Scope, entry: Entry) -> Iterator[Entry]:
    """`AWS::Serverless::CapacityProvider` is operated by `<LogicalId>OperatorRole` unless it names a role."""
    yield entry
    if "OperatorRole" not in properties_of(entry).entries:
        role: Plain = {
            "AssumeRolePolicyDocument": roles.trust("lambda.amazonaws.com"),
            "ManagedPolicyArns": [policies.managed_policy("AWSLambdaManagedEC2ResourceOperator", entry.at)],
        }
        yield generated(entry, f"{entry.name}OperatorRole", roles.TYPE, role)
