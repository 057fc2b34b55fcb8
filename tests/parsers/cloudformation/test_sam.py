"""SAM: where generated resources are placed, what they carry, what references to them mean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agentreach.model import Encoded, ListValue, MapValue, descend
from parsers.cloudformation.stacks import addresses, plain, properties, resource, scanned, template

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 30
    Environment: {Variables: {STAGE: dev}}
Resources:
  Tool:
    Type: AWS::Serverless::Function
    Metadata: {agentreach: {ignore: [AR302]}}
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.12
      Timeout: 60
      Tracing: Active
      Environment: {Variables: {TABLE: !Ref Data}}
      Policies:
        - AWSLambdaRole
        - DynamoDBReadPolicy:
            TableName: !Ref Data
        - Statement:
            - Effect: Allow
              Action: secretsmanager:GetSecretValue
              Resource: "*"
      Events:
        Queue:
          Type: SQS
          Properties: {Queue: !GetAtt Jobs.Arn}
        Later:
          Type: ScheduleV2
          Properties: {ScheduleExpression: rate(1 hour)}
      FunctionUrlConfig:
        AuthType: NONE
  Data: {Type: AWS::Serverless::SimpleTable, Properties: {TableName: customers, PrimaryKey: {Name: id, Type: String}}}
  Jobs: {Type: AWS::SQS::Queue}
"""


def statements(parsed: object, address: str) -> list[MapValue]:
    found = resource(parsed, address).attributes.entries["Policies"]  # type: ignore[arg-type]
    assert isinstance(found, ListValue)
    every: list[MapValue] = []
    for policy in found.items:
        listed = descend(policy, "PolicyDocument.Statement")
        assert isinstance(listed, ListValue)
        every += [one for one in listed.items if isinstance(one, MapValue)]
    return every


def test_a_function_becomes_what_is_deployed_with_the_ids_sam_gives(tmp_path: Path) -> None:
    parsed = template(tmp_path, TEMPLATE)
    assert {one.key.address: one.type for one in parsed.resources} == {
        "Tool": "AWS::Lambda::Function",
        "ToolRole": "AWS::IAM::Role",
        "ToolUrl": "AWS::Lambda::Url",
        "ToolUrlPublicPermissions": "AWS::Lambda::Permission",
        "ToolURLInvokeAllowPublicAccess": "AWS::Lambda::Permission",
        "ToolQueue": "AWS::Lambda::EventSourceMapping",
        "ToolLater": "AWS::Scheduler::Schedule",
        "ToolLaterRole": "AWS::IAM::Role",
        "Data": "AWS::DynamoDB::Table",
        "Jobs": "AWS::SQS::Queue",
    }


def test_what_is_generated_is_at_the_line_that_causes_it(tmp_path: Path) -> None:
    parsed = template(tmp_path, TEMPLATE)
    assert {one.key.address: one.at.location.line for one in parsed.resources} == {
        "Tool": 7,
        "ToolRole": 7,
        "ToolUrl": 32,
        "ToolUrlPublicPermissions": 32,
        "ToolURLInvokeAllowPublicAccess": 32,
        "ToolQueue": 26,
        "ToolLater": 29,
        "ToolLaterRole": 29,
        "Data": 34,
        "Jobs": 35,
    }


def test_each_policy_is_at_its_own_line(tmp_path: Path) -> None:
    parsed = template(tmp_path, TEMPLATE)
    assert [one.at.location.line for one in statements(parsed, "ToolRole")] == [19, 22]
    managed = resource(parsed, "ToolRole").attributes.entries["ManagedPolicyArns"]
    assert isinstance(managed, ListValue)
    assert [(str(plain(one)).rsplit("/", 1)[-1], one.at.location.line) for one in managed.items] == [
        ("AWSLambdaBasicExecutionRole", 7),
        ("AWSXrayWriteOnlyAccess", 15),
        ("AWSLambdaRole", 18),
        ("AWSLambdaSQSQueueExecutionRole", 26),
    ]


def test_globals_are_merged_and_keep_their_place(tmp_path: Path) -> None:
    tool = resource(template(tmp_path, TEMPLATE), "Tool")
    assert plain(tool.attributes.entries["Timeout"]) == 60
    assert plain(tool.attributes.entries["Environment"]) == {"Variables": {"STAGE": "dev", "TABLE": "customers"}}
    stage = descend(tool.attributes, "Environment.Variables.STAGE")
    assert stage is not None
    assert stage.at.location.line == 5
    assert plain(tool.siblings["Metadata"]) == {"agentreach": {"ignore": ["AR302"]}}


def test_globals_can_be_ignored(tmp_path: Path) -> None:
    text = TEMPLATE.replace("    Metadata:", "    IgnoreGlobals: [Environment]\n    Metadata:")
    tool = properties(template(tmp_path, text), "Tool")
    assert tool["Environment"] == {"Variables": {"TABLE": "customers"}}
    everything = TEMPLATE.replace("    Metadata:", "    IgnoreGlobals: '*'\n    Metadata:").replace(
        "      Timeout: 60\n", ""
    )
    assert "Timeout" not in properties(template(tmp_path, everything), "Tool")


def test_a_named_table_is_known_where_it_is_referred_to(tmp_path: Path) -> None:
    (read, _own) = statements(template(tmp_path, TEMPLATE), "ToolRole")
    found = plain(read.entries["Resource"])
    assert isinstance(found, list)
    assert found[0] == "arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/customers"


def test_wanted_follows_the_generated_type(tmp_path: Path) -> None:
    parsed = scanned(tmp_path, {"t.yaml": TEMPLATE}, wanted="AWS::IAM::Role".__eq__)
    assert addresses(parsed) == ["ToolRole", "ToolLaterRole"]


def test_a_policy_template_without_its_parameter_is_a_hole_not_another_resource(tmp_path: Path) -> None:
    text = TEMPLATE.replace("            TableName: !Ref Data\n", "            Wrong: x\n").replace("Jobs", "TableName")
    (read, _own) = statements(template(tmp_path, text), "ToolRole")
    found = plain(read.entries["Resource"])
    assert isinstance(found, list)
    assert str(found[0]).endswith(":table/<?the policy template's parameter TableName is not given>")


def test_a_policy_template_nobody_knows_is_unknown(tmp_path: Path) -> None:
    text = TEMPLATE.replace("DynamoDBReadPolicy", "InventedPolicy")
    policies = properties(template(tmp_path, text), "ToolRole")["Policies"]
    assert isinstance(policies, list)
    assert policies[0] == {
        "PolicyName": "ToolRolePolicy1",
        "PolicyDocument": "<?InventedPolicy is not a policy template of SAM>",
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!GetAtt ToolRole.Arn", "<ToolRole.Arn>"),
        ("!Ref ToolRole", "<ToolRole.Ref>"),
        ("!Sub '${Tool.Arn}'", "<Tool.Arn>"),
        ("!Ref Tool.Version", "<Tool.Version>"),
        ("!Ref Tool.Alias", "<ToolAliaslive.Ref>"),
        ("!Ref ServerlessRestApi", "<ServerlessRestApi.Ref>"),
        ("!Sub '${ServerlessHttpApi}.x'", "<ServerlessHttpApi.Ref>.x"),
        ("!GetAtt ToolNothing.Arn", "<?ToolNothing is not declared in the template>"),
    ],
)
def test_names_that_sam_makes_can_be_referred_to(expression: str, expected: str, tmp_path: Path) -> None:
    text = TEMPLATE.replace("      Tracing: Active\n", "      Tracing: Active\n      AutoPublishAlias: live\n")
    text += f"  User:\n    Type: T::T::T\n    Properties:\n      V: {expression}\n"
    assert properties(template(tmp_path, text), "User") == {"V": expected}


def test_a_declared_resource_keeps_the_id_that_sam_would_give(tmp_path: Path) -> None:
    text = TEMPLATE + "  ToolRole: {Type: 'AWS::IAM::Role', Properties: {RoleName: mine}}\n"
    assert properties(template(tmp_path, text), "ToolRole") == {"RoleName": "mine"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CodeUri: src/", "src/"),
        ("CodeUri: s3://bucket/a/key.zip", {"S3Bucket": "bucket", "S3Key": "a/key.zip"}),
        ("CodeUri: {Bucket: b, Key: k, Version: v}", {"S3Bucket": "b", "S3Key": "k", "S3ObjectVersion": "v"}),
        ("InlineCode: pass", {"ZipFile": "pass"}),
        ("ImageUri: 'repo:tag'", {"ImageUri": "repo:tag"}),
    ],
)
def test_code_is_written_as_lambda_writes_it(code: str, expected: object, tmp_path: Path) -> None:
    text = TEMPLATE.replace("CodeUri: src/", code)
    assert properties(template(tmp_path, text), "Tool")["Code"] == expected


def test_a_state_machines_definition_stays_a_structure(tmp_path: Path) -> None:
    text = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Call
        States: {Call: {Type: Task, Resource: !GetAtt Tool.Arn, End: true}}
  Tool: {Type: AWS::Lambda::Function}
"""
    definition = resource(template(tmp_path, text), "Flow").attributes.entries["DefinitionString"]
    assert isinstance(definition, Encoded)
    task = descend(definition, "States.Call.Resource")
    assert task is not None
    assert (plain(task), task.at.location.line) == ("<Tool.Arn>", 8)


def test_a_local_definition_is_read(tmp_path: Path) -> None:
    text = (
        "Resources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n    Properties: {DefinitionUri: flow.asl.json}\n"
    )
    files = {"t.yaml": text, "flow.asl.json": '{"StartAt": "A",\n "States": {"A": {"Type": "Pass"}}}'}
    definition = resource(scanned(tmp_path, files), "Flow").attributes.entries["DefinitionString"]
    found = descend(definition, "States.A.Type")
    assert found is not None
    assert (plain(found), found.at.location.line) == ("Pass", 2)
    assert found.at.source.path.endswith("flow.asl.json")


def test_a_definition_that_is_not_here_is_unknown(tmp_path: Path) -> None:
    text = (
        "Resources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n    Properties: {DefinitionUri: flow.asl.json}\n"
    )
    parsed = scanned(tmp_path, {"t.yaml": text})
    assert (
        properties(parsed, "Flow")["DefinitionString"] == "<?flow.asl.json: cannot be read: no such file or directory>"
    )
    assert len(parsed.skipped) == 1


def test_a_connector_that_sam_does_not_know_is_named(tmp_path: Path) -> None:
    text = """\
Resources:
  A: {Type: AWS::S3::Bucket}
  B: {Type: AWS::SQS::Queue}
  C: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: A}, Destination: {Id: B}, Permissions: [Write]}}
"""
    parsed = template(tmp_path, text)
    assert addresses(parsed) == ["A", "B"]
    assert [(one.reason, one.line) for one in parsed.skipped] == [
        ("connector from AWS::S3::Bucket to AWS::SQS::Queue", 4)
    ]


def test_types_whose_transform_grants_nothing_stay(tmp_path: Path) -> None:
    text = "Resources:\n  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}\n"
    assert [one.type for one in template(tmp_path, text).resources] == ["AWS::Serverless::LayerVersion"]


def test_a_function_in_a_loop_brings_a_role_each(tmp_path: Path) -> None:
    text = """\
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Fn::ForEach::Tools:
    - Name
    - [A, B]
    - Tool${Name}:
        Type: AWS::Serverless::Function
        Properties: {Handler: x, Policies: [{S3ReadPolicy: {BucketName: !Sub 'data-${Name}'}}]}
"""
    parsed = template(tmp_path, text)
    assert addresses(parsed) == ["ToolA", "ToolARole", "ToolB", "ToolBRole"]
    (read,) = statements(parsed, "ToolBRole")
    found = plain(read.entries["Resource"])
    assert found == ["arn:<AWS::Partition>:s3:::data-B", "arn:<AWS::Partition>:s3:::data-B/*"]


def test_a_condition_of_the_function_is_the_roles_too(tmp_path: Path) -> None:
    text = TEMPLATE.replace("    Metadata:", "    Condition: Open\n    Metadata:")
    text += "Conditions: {Open: !Equals [!Ref 'AWS::Region', x]}\n"
    parsed = template(tmp_path, text)
    assert not resource(parsed, "ToolRole").certain
    assert plain(resource(parsed, "ToolRole").siblings["Condition"]) == "Open"


def test_a_choice_between_lists_of_policies_is_one_between_their_elements(tmp_path: Path) -> None:
    text = """\
Conditions: {Open: !Equals [!Ref 'AWS::Region', x]}
Resources:
  Tool:
    Type: AWS::Serverless::Function
    Properties:
      Policies: !If [Open, [AdministratorAccess, {S3ReadPolicy: {BucketName: b}}], [AWSLambdaRole]]
"""
    found = properties(template(tmp_path, text), "ToolRole")
    arn = "arn:<AWS::Partition>:iam::aws:policy/"
    managed = found["ManagedPolicyArns"]
    assert isinstance(managed, list)
    assert managed[1:] == [("one of", f"{arn}AdministratorAccess", f"{arn}service-role/AWSLambdaRole")]
    assert isinstance(found["Policies"], list)
    (either,) = found["Policies"]
    assert isinstance(either, tuple)
    assert either[2] is None


def test_a_web_function_has_a_role_unless_it_names_one(tmp_path: Path) -> None:
    text = "Resources:\n  A: {Type: 'AWS::Serverless::WebFunction', Properties: {}}\n"
    text += "  B: {Type: 'AWS::Serverless::WebFunction', Properties: {Role: r}}\n"
    assert addresses(template(tmp_path, text)) == ["A", "ARole", "B"]


def test_a_queue_that_sam_makes_is_a_resource(tmp_path: Path) -> None:
    text = TEMPLATE.replace(
        "      FunctionUrlConfig:",
        "      EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}\n      FunctionUrlConfig:",
    )
    parsed = template(tmp_path, text)
    assert resource(parsed, "ToolEventInvokeConfigOnFailureQueue").type == "AWS::SQS::Queue"


@pytest.mark.parametrize(
    ("api", "expected"),
    [("", "Prod"), ("RestApiId: !Ref Api, ", "v1"), ("RestApiId: !Ref Open, ", "Stage")],
)
def test_the_permission_of_an_api_is_named_after_its_stage(api: str, expected: str, tmp_path: Path) -> None:
    text = f"""\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {{Type: AWS::Serverless::Api, Properties: {{StageName: v1}}}}
  Open: {{Type: AWS::Serverless::Api, Properties: {{StageName: !Ref 'AWS::StackName'}}}}
  Tool:
    Type: AWS::Serverless::Function
    Properties: {{Events: {{Get: {{Type: Api, Properties: {{{api}Path: /, Method: get}}}}}}}}
"""
    assert f"ToolGetPermission{expected}" in addresses(template(tmp_path, text))


API = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::%s
    Properties:
      StageName: v1
      %s
"""
PATHS = "paths:\n  /orders:\n    delete: {operationId: deleteOrder}\n"


@pytest.mark.parametrize(
    ("kind", "type_"), [("Api", "AWS::ApiGateway::RestApi"), ("HttpApi", "AWS::ApiGatewayV2::Api")]
)
def test_an_api_has_the_definition_that_is_inline_or_local(kind: str, type_: str, tmp_path: Path) -> None:
    body = {"paths": {"/orders": {"delete": {"operationId": "deleteOrder"}}}}
    include = "DefinitionBody: {'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: api.yaml}}}"
    for number, given in enumerate((f"DefinitionBody: {json.dumps(body)}", "DefinitionUri: api.yaml", include)):
        parsed = scanned(tmp_path / str(number), {"t.yaml": API % (kind, given), "api.yaml": PATHS})
        assert (resource(parsed, "Api").type, properties(parsed, "Api")) == (type_, {"Body": body})
        assert parsed.skipped == ()


def test_a_definition_in_s3_stays_there(tmp_path: Path) -> None:
    found = properties(template(tmp_path, API % ("Api", "DefinitionUri: 's3://code/api.yaml'")), "Api")
    assert found == {"BodyS3Location": "s3://code/api.yaml"}


def test_who_may_call_an_api_is_its_policy(tmp_path: Path) -> None:
    statement = "{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}"
    given = f"Auth: {{ResourcePolicy: {{CustomStatements: [{statement}]}}}}"
    found = resource(template(tmp_path, API % ("Api", given)), "Api")
    principal = descend(found.attributes, "Policy.Statement.Principal")
    assert principal is not None
    assert plain(principal) == "*"
    assert found.attributes.keys["Policy"].location.line == 7
