"""Our SAM against AWS's own translator: what both make of a template is resolved and compared.

aws-sam-translator is a test-only second opinion: `pip install aws-sam-translator`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from agentreach.parsers.cloudformation.sam import tables
from parsers.cloudformation.stacks import Plain, plain, scanned

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.model import Parsed

transform = pytest.importorskip("samtranslator.translator.transform", reason="aws-sam-translator is not installed")

Template = dict[str, Any]
Translate = Callable[[Template], Template]


class _ManagedPolicies:
    """The translator knows AWS's managed policies itself; there are none of the account."""

    def load(self) -> dict[str, str]:
        return {}


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> Translate:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    def translate(template: Template) -> Template:
        copy = json.loads(json.dumps(template))
        result: Template = transform.transform(copy, {}, _ManagedPolicies())
        return result

    return translate


def _identities(parsed: Parsed) -> str:
    """Type and properties of everything that grants or trusts, by logical id, as text that diffs well."""
    types = {"AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"}
    found = {
        one.key.address: {"type": one.type, "properties": _normal(plain(one.attributes))}
        for one in parsed.resources
        if one.type in types
    }
    return json.dumps(found, indent=1, sort_keys=True)


def _normal(value: Plain) -> Plain:
    """Without tags and policy versions; the translator writes its partition, and lists where one string would do."""
    if isinstance(value, dict):
        kept = {name: _normal(entry) for name, entry in value.items() if name not in {"Tags", "Version"}}
        for name in ("ManagedPolicyArns", "Policies"):
            listed = kept.get(name)
            if isinstance(listed, list):
                kept[name] = sorted(listed, key=lambda one: json.dumps(one, sort_keys=True))
        return {name: entry for name, entry in kept.items() if entry != []}
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if isinstance(value, tuple):
        # The translator may negate a condition, which only turns the order round.
        return tuple(sorted(map(_normal, value), key=str))
    return value.replace("<AWS::Partition>", "aws") if isinstance(value, str) else value


def _both(template: Template, translated: Translate, directory: Path) -> tuple[str, str]:
    ours = scanned(directory / "ours", {"template.json": json.dumps(template)})
    theirs = scanned(directory / "theirs", {"template.json": json.dumps(translated(template))})
    assert not ours.broken
    return _identities(ours), _identities(theirs)


def _function(**properties: object) -> Template:
    function = {"Handler": "a.b", "Runtime": "python3.12", "CodeUri": "s3://bucket/key", **properties}
    return _template({"Tool": {"Type": "AWS::Serverless::Function", "Properties": function}})


def _template(resources: Template, **sections: object) -> Template:
    return {"Transform": "AWS::Serverless-2016-10-31", **sections, "Resources": resources}


def _parameters(template: str) -> set[str]:
    text = json.dumps(tables.policy_templates()[template])
    names = {piece.partition("}")[0] for piece in text.split("${")[1:]}
    return {name for name in names if not name.startswith("AWS::")}


@pytest.mark.parametrize("template", sorted(tables.policy_templates()))
def test_policy_template_grants_what_the_translator_grants(
    template: str, translated: Translate, tmp_path: Path
) -> None:
    given = {name: f"value-of-{name}" for name in _parameters(template)}
    ours, theirs = _both(_function(Policies=[{template: given}]), translated, tmp_path)
    assert ours == theirs


@pytest.mark.parametrize("template", ["DynamoDBCrudPolicy", "S3ReadPolicy", "SQSPollerPolicy", "LambdaInvokePolicy"])
def test_policy_template_with_a_reference_grants_what_the_translator_grants(
    template: str, translated: Translate, tmp_path: Path
) -> None:
    (name,) = _parameters(template)
    ours, theirs = _both(_function(Policies=[{template: {name: {"Ref": "Tool"}}}]), translated, tmp_path)
    assert ours == theirs


def test_every_policy_template_of_the_translator_is_known() -> None:
    data = files("samtranslator.policy_templates_data") / "policy_templates.json"
    assert set(json.loads(data.read_text())["Templates"]) == set(tables.policy_templates())


CASES = {
    "managed policies by name and ARN": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Policies:
      - AmazonS3ReadOnlyAccess
      - AWSLambdaRole
      - arn:aws:iam::123456789012:policy/own
      - AWSLambdaBasicExecutionRole
""",
    "one managed policy as text": """
Tool: {Type: 'AWS::Serverless::Function', Properties: {Policies: AdministratorAccess}}
""",
    "one statement document": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Policies: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}
""",
    "a mixed list": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Policies:
      - AWSXRayDaemonWriteAccess
      - Statement: [{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}]
      - SQSSendMessagePolicy: {QueueName: {'Fn::GetAtt': [Jobs, QueueName]}}
      - {Ref: Own}
Own: {Type: 'AWS::IAM::ManagedPolicy', Properties: {PolicyDocument: {Statement: []}}}
Jobs: {Type: 'AWS::SQS::Queue'}
""",
    "a conditional managed policy": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Policies: [{'Fn::If': [Prod, AmazonS3ReadOnlyAccess, AdministratorAccess]}]
""",
    "a conditional statement or nothing": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Policies:
      - 'Fn::If': [Prod, {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}, {Ref: 'AWS::NoValue'}]
""",
    "a conditional policy template": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Policies:
      - 'Fn::If': [Prod, {S3ReadPolicy: {BucketName: a}}, {S3CrudPolicy: {BucketName: b}}]
""",
    "path, boundary and trust": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    RolePath: /ops/
    PermissionsBoundary: arn:aws:iam::123456789012:policy/edge
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement: [{Effect: Allow, Principal: {Service: [bedrock.amazonaws.com]}, Action: ['sts:AssumeRole']}]
""",
    "tracing and a network": """
Tool:
  Type: AWS::Serverless::Function
  Properties: {Tracing: Active, VpcConfig: {SubnetIds: [s-1], SecurityGroupIds: [g-1]}}
""",
    "tracing disabled": """
Tool: {Type: 'AWS::Serverless::Function', Properties: {Tracing: Disabled}}
""",
    "a dead letter queue": """
Tool:
  Type: AWS::Serverless::Function
  Properties: {DeadLetterQueue: {Type: SQS, TargetArn: {'Fn::GetAtt': [Jobs, Arn]}}}
Jobs: {Type: 'AWS::SQS::Queue'}
""",
    "a durable function": """
Tool: {Type: 'AWS::Serverless::Function', Properties: {DurableConfig: {ExecutionTimeout: 60}}}
""",
    "its own role": """
Tool: {Type: 'AWS::Serverless::Function', Properties: {Role: {'Fn::GetAtt': [Own, Arn]}}}
Own: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {Statement: []}}}
""",
    "its own role in one branch": """
Tool:
  Type: AWS::Serverless::Function
  Properties: {Role: {'Fn::If': [Prod, 'arn:aws:iam::123456789012:role/own', {Ref: 'AWS::NoValue'}]}}
""",
    "its own role in the other branch": """
Tool:
  Type: AWS::Serverless::Function
  Properties: {Role: {'Fn::If': [Prod, {Ref: 'AWS::NoValue'}, 'arn:aws:iam::123456789012:role/own']}}
""",
    "a condition": """
Tool: {Type: 'AWS::Serverless::Function', Condition: Prod, Properties: {}}
""",
    "polled queues, streams and brokers": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      A: {Type: SQS, Properties: {Queue: {'Fn::GetAtt': [Jobs, Arn]}}}
      B: {Type: SQS, Properties: {Queue: 'arn:aws:sqs:us-east-1:123456789012:other'}}
      C: {Type: Kinesis, Properties: {Stream: 'arn:aws:kinesis:::stream/s', StartingPosition: LATEST}}
      D: {Type: DynamoDB, Properties: {Stream: 'arn:aws:dynamodb:::table/t/stream/s', StartingPosition: LATEST}}
      E: {Type: MSK, Properties: {Stream: 'arn:aws:kafka:::cluster/c', StartingPosition: LATEST, Topics: [t]}}
      F:
        Type: MQ
        Properties:
          Broker: arn:aws:mq:::broker:b
          Queues: [q]
          SecretsManagerKmsKeyId: k-1
          SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: 'arn:aws:secretsmanager:::secret:s'}]
      G:
        Type: DocumentDB
        Properties:
          Cluster: arn:aws:rds:::cluster:c
          DatabaseName: d
          StartingPosition: LATEST
          SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: 'arn:aws:secretsmanager:::secret:d'}]
      H:
        Type: SelfManagedKafka
        Properties:
          KafkaBootstrapServers: ['broker:9092']
          Topics: [t]
          SourceAccessConfigurations:
            - {Type: SASL_SCRAM_512_AUTH, URI: 'arn:aws:secretsmanager:::secret:k'}
            - {Type: VPC_SUBNET, URI: 'subnet:s-1'}
            - {Type: VPC_SECURITY_GROUP, URI: 'security_group:g-1'}
Jobs: {Type: 'AWS::SQS::Queue'}
""",
    "a failure destination": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      A:
        Type: Kinesis
        Properties:
          Stream: arn:aws:kinesis:us-east-1:123456789012:stream/s
          StartingPosition: LATEST
          DestinationConfig: {OnFailure: {Type: SQS, Destination: 'arn:aws:sqs:us-east-1:123456789012:failed'}}
""",
    "asynchronous destinations": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    EventInvokeConfig:
      DestinationConfig:
        OnSuccess: {Type: SQS, Destination: 'arn:aws:sqs:us-east-1:123456789012:done'}
        OnFailure: {Type: EventBridge, Destination: 'arn:aws:events:us-east-1:123456789012:event-bus/bus'}
""",
    "asynchronous destinations that SAM makes": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    EventInvokeConfig: {DestinationConfig: {OnSuccess: {Type: SNS}, OnFailure: {Type: SQS}}}
""",
    "scheduled by EventBridge Scheduler": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      Hourly:
        Type: ScheduleV2
        Properties: {ScheduleExpression: rate(1 hour), PermissionsBoundary: 'arn:aws:iam::123456789012:policy/edge'}
""",
    "a state machine": """
Flow:
  Type: AWS::Serverless::StateMachine
  Properties:
    Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
    Policies:
      - LambdaInvokePolicy: {FunctionName: f}
      - AWSLambdaRole
      - Statement: [{Effect: Allow, Action: 'sns:*', Resource: '*'}]
    Tracing: {Enabled: true}
    PermissionsBoundary: arn:aws:iam::123456789012:policy/edge
    RolePath: /flows/
""",
    "a state machine with its role": """
Flow:
  Type: AWS::Serverless::StateMachine
  Properties:
    DefinitionUri: s3://bucket/key
    Role: arn:aws:iam::123456789012:role/own
""",
    "a state machine's events": """
Flow:
  Type: AWS::Serverless::StateMachine
  Properties:
    DefinitionUri: s3://bucket/key
    PermissionsBoundary: arn:aws:iam::123456789012:policy/edge
    Events:
      Hourly: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
      Later: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 hour)}}
      Changed: {Type: EventBridgeRule, Properties: {Pattern: {source: [aws.s3]}}}
""",
    "a connector from a function to a table": """
Tool: {Type: 'AWS::Serverless::Function', Properties: {}}
Data: {Type: 'AWS::DynamoDB::Table'}
Link:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Tool}, Destination: {Id: Data}, Permissions: [Read, Write]}
""",
    "a connector to several": """
Tool: {Type: 'AWS::Serverless::Function', Properties: {}}
Data: {Type: 'AWS::DynamoDB::Table'}
More: {Type: 'AWS::DynamoDB::Table'}
Link:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Tool}, Destination: [{Id: Data}, {Id: More}], Permissions: [Write]}
""",
    "an embedded connector": """
Tool:
  Type: AWS::Serverless::Function
  Properties: {}
  Connectors:
    Files: {Properties: {Destination: {Id: Bucket}, Permissions: [Read]}}
Bucket: {Type: 'AWS::S3::Bucket'}
""",
    "connectors that make resource policies": """
Topic: {Type: 'AWS::SNS::Topic'}
Jobs: {Type: 'AWS::SQS::Queue'}
Rule: {Type: 'AWS::Events::Rule', Properties: {ScheduleExpression: rate(1 hour)}}
Link:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Topic}, Destination: {Id: Jobs}, Permissions: [Write]}
Tell:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Rule}, Destination: {Id: Topic}, Permissions: [Write]}
""",
    "a connector between state machines": """
Flow: {Type: 'AWS::Serverless::StateMachine', Properties: {DefinitionUri: 's3://b/k'}}
Next: {Type: 'AWS::Serverless::StateMachine', Properties: {DefinitionUri: 's3://b/k'}}
Link:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Flow}, Destination: {Id: Next}, Permissions: [Read, Write]}
""",
    "a connector by ARN": """
Tool: {Type: 'AWS::Serverless::Function', Properties: {}}
Link:
  Type: AWS::Serverless::Connector
  Properties:
    Source: {Id: Tool}
    Destination: {Type: 'AWS::DynamoDB::Table', Arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t'}
    Permissions: [Write]
""",
    "connectors that let a function be invoked": """
Tool: {Type: 'AWS::Serverless::Function', Properties: {}}
Topic: {Type: 'AWS::SNS::Topic'}
Jobs: {Type: 'AWS::SQS::Queue'}
Flow: {Type: 'AWS::Serverless::StateMachine', Properties: {DefinitionUri: 's3://b/k'}}
A:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Topic}, Destination: {Id: Tool}, Permissions: [Write]}
B:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Jobs}, Destination: {Id: Tool}, Permissions: [Read, Write]}
C:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Flow}, Destination: {Id: Tool}, Permissions: [Write]}
""",
    "a connector from a rule by its target's role": """
Rule:
  Type: AWS::Events::Rule
  Properties: {Targets: [{Arn: {Ref: Flow}, Id: a, RoleArn: {'Fn::GetAtt': [Own, Arn]}}]}
Own: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {Statement: []}}}
Flow: {Type: 'AWS::Serverless::StateMachine', Properties: {DefinitionUri: 's3://b/k'}}
Link:
  Type: AWS::Serverless::Connector
  Properties: {Source: {Id: Rule}, Destination: {Id: Flow}, Permissions: [Write]}
""",
    "a schema registry": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      A:
        Type: MSK
        Properties:
          Stream: arn:aws:kafka:::cluster/c
          StartingPosition: LATEST
          Topics: [t]
          SchemaRegistryConfig:
            AccessConfigs: [{Type: BASIC_AUTH, URI: 'arn:aws:secretsmanager:::secret:r'}]
            EventRecordFormat: JSON
            SchemaRegistryURI: arn:aws:glue:us-east-1:123456789012:registry/main
            SchemaValidationConfigs: [{Attribute: KEY}]
""",
    "a schedule with its queue": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      A:
        Type: ScheduleV2
        Properties:
          ScheduleExpression: rate(1 hour)
          DeadLetterConfig: {Arn: 'arn:aws:sqs:us-east-1:123456789012:dead'}
      B:
        Type: ScheduleV2
        Properties: {ScheduleExpression: rate(1 hour), RoleArn: 'arn:aws:iam::123456789012:role/own'}
      C:
        Type: ScheduleV2
        Properties: {ScheduleExpression: rate(1 hour), DeadLetterConfig: {Type: SQS, QueueLogicalId: Dead}}
""",
    "asynchronous destinations of other kinds": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    EventInvokeConfig:
      DestinationConfig:
        OnSuccess: {Type: S3Bucket, Destination: 'arn:aws:s3:::done'}
        OnFailure: {Type: Lambda, Destination: 'arn:aws:lambda:us-east-1:123456789012:function:f'}
""",
    "events of a state machine with their own role": """
Flow:
  Type: AWS::Serverless::StateMachine
  Properties:
    DefinitionUri: s3://bucket/key
    Events:
      A: {Type: Schedule, Properties: {Schedule: rate(1 hour), RoleArn: 'arn:aws:iam::123456789012:role/own'}}
      B: {Type: Api, Properties: {Path: /, Method: post}}
""",
    "a role or nothing either way": """
Tool:
  Type: AWS::Serverless::Function
  Properties: {Role: {'Fn::If': [Prod, {Ref: 'AWS::NoValue'}, {Ref: 'AWS::NoValue'}]}}
""",
    "either of two roles": """
Tool:
  Type: AWS::Serverless::Function
  Properties: {Role: {'Fn::If': [Prod, 'arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/b']}}
""",
    "a topic through a queue": """
Topic: {Type: 'AWS::SNS::Topic'}
Jobs: {Type: 'AWS::SQS::Queue'}
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      A: {Type: SNS, Properties: {Topic: {Ref: Topic}, SqsSubscription: true}}
      B:
        Type: SNS
        Properties:
          Topic: {Ref: Topic}
          SqsSubscription: {QueueArn: {'Fn::GetAtt': [Jobs, Arn]}, QueueUrl: {Ref: Jobs}, QueuePolicyLogicalId: Named}
""",
    "a rule with a dead letter queue": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      A: {Type: Schedule, Properties: {Schedule: rate(1 hour), DeadLetterConfig: {Type: SQS}}}
      B: {Type: Schedule, Properties: {Schedule: rate(1 hour), DeadLetterConfig: {Arn: 'arn:aws:sqs:::dead'}}}
""",
    "traffic shifted by CodeDeploy": """
Tool:
  Type: AWS::Serverless::Function
  Condition: Prod
  Properties: {AutoPublishAlias: live, DeploymentPreference: {Type: Canary10Percent5Minutes}}
Other:
  Type: AWS::Serverless::Function
  Properties: {AutoPublishAlias: live, DeploymentPreference: {Enabled: false, Type: Linear10PercentEvery1Minute}}
""",
    "a destination in one branch": """
Tool:
  Type: AWS::Serverless::Function
  Properties:
    EventInvokeConfig:
      DestinationConfig:
        OnSuccess: {Type: SQS, Destination: {'Fn::If': [Prod, 'arn:aws:sqs:::done', {Ref: 'AWS::NoValue'}]}}
        OnFailure: {Type: SNS, Destination: {'Fn::If': [Prod, {Ref: 'AWS::NoValue'}, 'arn:aws:sns:::failed']}}
""",
    "a GraphQL API": """
Data: {Type: 'AWS::DynamoDB::Table'}
Tool: {Type: 'AWS::Serverless::Function', Properties: {}}
Api:
  Type: AWS::Serverless::GraphQLApi
  Properties:
    SchemaInline: 'type Query { a: String }'
    Auth: {Type: AWS_IAM}
    DataSources:
      DynamoDb:
        Rows: {TableName: {Ref: Data}, TableArn: {'Fn::GetAtt': [Data, Arn]}}
        Other: {TableName: other, Permissions: [Read]}
        Own: {TableName: own, ServiceRoleArn: 'arn:aws:iam::123456789012:role/own'}
      Lambda:
        Code: {FunctionArn: {'Fn::GetAtt': [Tool, Arn]}}
Quiet:
  Type: AWS::Serverless::GraphQLApi
  Properties: {SchemaInline: 'type Query { a: String }', Auth: {Type: AWS_IAM}, Logging: false}
""",
    "an aliased state machine": """
Flow:
  Type: AWS::Serverless::StateMachine
  Properties:
    DefinitionUri: s3://bucket/key
    AutoPublishAlias: live
    UseAliasAsEventTarget: true
    Events:
      Hourly: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}
      Later: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 hour)}}
""",
    "a managed policy from Parameter Store": """
Tool: {Type: 'AWS::Serverless::Function', Properties: {Policies: ['{{resolve:ssm:/policy:1}}']}}
""",
    "connectors in a template without serverless types": """
Rule:
  Type: AWS::Events::Rule
  Connectors:
    Tell: {Properties: {Destination: {Type: 'AWS::SNS::Topic', Arn: {Ref: Topic}}, Permissions: [Write]}}
  Properties: {ScheduleExpression: rate(1 hour)}
Topic:
  Type: AWS::SNS::Topic
  Connectors:
    Queue:
      Properties:
        Destination: {Type: 'AWS::SQS::Queue', Arn: 'arn:aws:sqs:::q', QueueUrl: 'sqs.us.amazonaws.com/1/q'}
        Permissions: [Write]
""",
    "a capacity provider": """
Fleet: {Type: 'AWS::Serverless::CapacityProvider', Properties: {VpcConfig: {SubnetIds: [s-1], SecurityGroupIds: [g-1]}}}
""",
}


@pytest.mark.parametrize("case", CASES)
def test_roles_and_policies_are_those_of_the_translator(case: str, translated: Translate, tmp_path: Path) -> None:
    resources = yaml.safe_load(CASES[case])
    for declared in resources.values():
        if declared["Type"] == "AWS::Serverless::Function":
            code = {"Handler": "a.b", "Runtime": "python3.12", "CodeUri": "s3://bucket/key"}
            declared["Properties"] = {**code, **declared["Properties"]}
    sections = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    }
    ours, theirs = _both(_template(resources, **sections), translated, tmp_path)
    assert ours == theirs


def test_globals_merge_as_in_the_translator(translated: Translate, tmp_path: Path) -> None:
    merged = {
        "Function": {
            "Timeout": 30,
            "Tracing": "Active",
            "PermissionsBoundary": "arn:aws:iam::123456789012:policy/edge",
            "VpcConfig": {"SubnetIds": ["s-1"], "SecurityGroupIds": ["g-1"]},
            "Environment": {"Variables": {"A": "1", "B": "2"}},
            "Layers": ["l-1"],
        }
    }
    template = _function(Timeout=5, Environment={"Variables": {"B": "3"}}, Layers=["l-2"])
    template["Globals"] = merged
    ours, theirs = _both(template, translated, tmp_path)
    assert ours == theirs
    mine = scanned(tmp_path / "ours", {})
    function = next(one for one in mine.resources if one.type == "AWS::Lambda::Function")
    attributes = {name: plain(value) for name, value in function.attributes.entries.items()}
    expected = translated(template)["Resources"]["Tool"]["Properties"]
    for name in ("Timeout", "Environment", "Layers", "VpcConfig", "Handler", "Code", "TracingConfig"):
        assert attributes[name] == expected[name], name


def test_ids_are_those_of_the_translator(translated: Translate, tmp_path: Path) -> None:
    template = _function(
        FunctionUrlConfig={"AuthType": "NONE"},
        AutoPublishAlias="live",
        Events={
            "Get": {"Type": "Api", "Properties": {"Path": "/", "Method": "get"}},
            "Http": {"Type": "HttpApi", "Properties": {"Path": "/", "Method": "get"}},
            "Tick": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 hour)"}},
            "Told": {"Type": "SNS", "Properties": {"Topic": "arn:aws:sns:us-east-1:123456789012:t"}},
            "Later": {"Type": "ScheduleV2", "Properties": {"ScheduleExpression": "rate(1 hour)"}},
            "Poll": {"Type": "SQS", "Properties": {"Queue": "arn:aws:sqs:us-east-1:123456789012:q"}},
        },
    )
    ours = {one.key.address: one.type for one in scanned(tmp_path, {"t.json": json.dumps(template)}).resources}
    theirs = {name: one["Type"] for name, one in translated(template)["Resources"].items()}
    kinds = ("AWS::Lambda::Version", "AWS::ApiGateway")
    assert ours == {name: type_ for name, type_ in theirs.items() if not type_.startswith(kinds)}
