"""`AWS::Serverless::GraphQLApi`: the roles of its log and of its data sources.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-graphqlapi.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import MapValue, Span, Value, boolean, child
from agentreach.parsers.cloudformation.sam import connectors, policies, roles
from agentreach.parsers.cloudformation.sam.writing import Plain, generated, get_att, key_span, properties_of, ref, sub

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

_SERVICE = "appsync.amazonaws.com"
_TABLE = "arn:${AWS::Partition}:dynamodb:${Region}:${AWS::AccountId}:table/${Table}"


def resources(_scope: Scope, api: Entry) -> Iterator[Entry]:
    """The API as it is, its log's role, and its data sources with their roles and connectors."""
    yield api
    properties = properties_of(api)
    logging = properties.entries.get("Logging")
    if boolean(logging) is not False and child(logging, "CloudWatchLogsRoleArn") is None:
        at = key_span(properties, "Logging") if "Logging" in properties.entries else api.at
        log: dict[str, Plain] = {
            "AssumeRolePolicyDocument": roles.trust(_SERVICE),
            "ManagedPolicyArns": [policies.managed_policy("AWSAppSyncPushToCloudWatchLogs", at)],
        }
        yield generated(api, f"{api.name}CloudWatchRole", roles.TYPE, log, at)
    sources = properties.entries.get("DataSources")
    for kind in ("DynamoDb", "Lambda"):
        declared = child(sources, kind)
        for name, source in declared.entries.items() if isinstance(declared, MapValue) else ():
            at = declared.keys.get(name, source.at) if isinstance(declared, MapValue) else source.at
            yield from _source(api, name, kind, source, at)


def _source(api: Entry, name: str, kind: str, source: Value, at: Span) -> Iterator[Entry]:
    made = f"{api.name}{name}{'DynamoDB' if kind == 'DynamoDb' else kind}DataSource"
    given = child(source, "ServiceRoleArn")
    role: Plain = given or get_att(f"{made}Role")
    yield generated(api, made, "AWS::AppSync::DataSource", {"Name": name, "ServiceRoleArn": role}, at)
    if given is not None:
        return
    yield generated(api, f"{made}Role", roles.TYPE, {"AssumeRolePolicyDocument": roles.trust(_SERVICE)}, at)
    reached, permissions = _reached(source, kind)
    connector: dict[str, Plain] = {
        "Source": {"Type": "AWS::AppSync::DataSource", "Arn": ref(made), "RoleName": ref(f"{made}Role")},
        "Destination": reached,
        "Permissions": permissions,
    }
    suffix = "ToTableConnector" if kind == "DynamoDb" else "ToLambdaConnector"
    yield generated(api, made + suffix, connectors.TYPE, connector, at)


def _reached(source: Value, kind: str) -> tuple[Plain, Plain]:
    """The connector's destination and permissions."""
    if kind == "Lambda":
        return {"Type": "AWS::Lambda::Function", "Arn": child(source, "FunctionArn")}, ["Write"]
    region: Plain = child(source, "Region") or ref("AWS::Region")
    by_name = sub(_TABLE, {"Region": region, "Table": child(source, "TableName")})
    destination: Plain = {"Type": "AWS::DynamoDB::Table", "Arn": child(source, "TableArn") or by_name}
    return destination, child(source, "Permissions") or ["Read", "Write"]
