"""What a template declares: addresses, lines, conditions, what stands beside the properties."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from agentreach.model import Kind, ListValue, MapValue, Scalar, Text, Unknown, child, descend
from agentreach.parsers.cloudformation.dynamic_references import dynamic_reference
from parsers.cloudformation.stacks import addresses, plain, properties, resource, scanned, template

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.model import Parsed, Value

ROLE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage:
    Type: String
    AllowedValues: [dev, prod]
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Never: !Equals [a, b]
Resources:
  Ops:
    Type: AWS::IAM::Role
    Metadata:
      aws:cdk:path: App/Ops/Resource
    DeletionPolicy: Retain
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {Service: bedrock.amazonaws.com}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: all
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: "s3:*"
                Resource: !Sub "arn:${AWS::Partition}:s3:::data-${Stage}/*"
  Extra:
    Type: AWS::IAM::Role
    Condition: IsProd
    Properties:
      Path: !If [IsProd, /prod/, /dev/]
  Gone:
    Type: AWS::IAM::Role
    Condition: Never
"""


def test_a_resource_is_at_its_logical_id_and_ends_with_its_last_value(tmp_path: Path) -> None:
    ops = resource(template(tmp_path, ROLE), "Ops")
    assert (ops.at.location.line, ops.at.location.column) == (10, 3)
    assert ops.at.location.end_line == 29
    assert ops.at.text.startswith("Ops:")
    assert ops.at.text.endswith('/*"')


def test_a_statement_has_its_own_line_and_keys_have_theirs(tmp_path: Path) -> None:
    ops = resource(template(tmp_path, ROLE), "Ops")
    statement = descend(ops.attributes, "Policies.PolicyDocument.Statement")
    assert isinstance(statement, ListValue)
    (only,) = statement.items
    assert isinstance(only, MapValue)
    assert only.at.location.line == 27
    assert {name: span.location.line for name, span in only.keys.items()} == {
        "Effect": 27,
        "Action": 28,
        "Resource": 29,
    }


def test_a_hole_is_at_its_place_in_the_text(tmp_path: Path) -> None:
    ops = resource(template(tmp_path, ROLE), "Ops")
    text = descend(ops.attributes, "Policies.PolicyDocument.Statement.Resource")
    assert plain(text) == (  # type: ignore[arg-type]
        "one of",
        "arn:<AWS::Partition>:s3:::data-dev/*",
        "arn:<AWS::Partition>:s3:::data-prod/*",
    )
    first = text.alternatives[0]  # type: ignore[union-attr]
    assert isinstance(first, Text)
    hole = first.parts[1]
    assert isinstance(hole, Unknown)
    assert (hole.kind, hole.at.text, hole.at.location.line) == (Kind.PARTITION, "${AWS::Partition}", 29)


def test_a_version_stays_the_text_it_is(tmp_path: Path) -> None:
    ops = resource(template(tmp_path, ROLE), "Ops")
    assert plain_at(ops.attributes, "AssumeRolePolicyDocument.Version") == "2012-10-17"


def plain_at(value: Value, path: str) -> object:
    found = descend(value, path)
    assert found is not None
    return plain(found)


def test_what_stands_beside_the_properties_is_kept(tmp_path: Path) -> None:
    ops = resource(template(tmp_path, ROLE), "Ops")
    assert {name: plain(value) for name, value in ops.siblings.items()} == {
        "Metadata": {"aws:cdk:path": "App/Ops/Resource"},
        "DeletionPolicy": "Retain",
    }


def test_an_open_condition_leaves_the_resource_uncertain_and_holds_inside_it(tmp_path: Path) -> None:
    extra = resource(template(tmp_path, ROLE), "Extra")
    assert not extra.certain
    assert plain_at(extra.attributes, "Path") == "/prod/"


def test_a_false_condition_leaves_the_resource_out(tmp_path: Path) -> None:
    assert addresses(template(tmp_path, ROLE)) == ["Ops", "Extra"]


@pytest.mark.parametrize(("stage", "expected"), [("prod", ["Ops", "Extra"]), ("dev", ["Ops"])])
def test_a_given_parameter_decides_the_condition(stage: str, expected: list[str], tmp_path: Path) -> None:
    parsed = template(tmp_path, ROLE, Stage=stage)
    assert addresses(parsed) == expected
    assert all(one.certain for one in parsed.resources)


def test_the_key_is_the_template_and_the_logical_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    parsed = scanned(tmp_path, {"stacks/ops.yaml": ROLE})
    assert [tuple(one.key) for one in parsed.resources][1:] == [
        ("stacks/ops.yaml", "Ops"),
        ("stacks/ops.yaml", "Extra"),
    ]
    assert parsed.roots == ("stacks/ops.yaml",)
    assert parsed.files == 1


def test_only_wanted_types_are_given(tmp_path: Path) -> None:
    text = "Resources:\n  A: {Type: 'AWS::S3::Bucket'}\n  B: {Type: 'AWS::IAM::Role'}\n"
    parsed = scanned(tmp_path, {"t.yaml": text}, wanted="AWS::IAM::Role".__eq__)
    assert [one.key.address for one in parsed.resources] == ["B"]


def test_a_default_of_a_secret_parameter_is_never_kept(tmp_path: Path) -> None:
    text = "Parameters:\n  Pw: {Type: String, NoEcho: true, Default: hunter2}\nResources:\n"
    text += "  A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Ref Pw}}\n"
    parsed = template(tmp_path, text)
    assert "hunter2" not in repr([one.attributes for one in parsed.resources])
    declared = next(one for one in parsed.resources if one.type == "AWS::CloudFormation::Parameter")
    default = declared.attributes.entries["Default"]
    assert isinstance(default, Unknown)
    assert default.at.text == "hunter2"


def test_a_secret_given_on_the_command_line_is_never_kept(tmp_path: Path) -> None:
    text = "Parameters:\n  Pw: {Type: String, NoEcho: true}\nResources:\n"
    text += "  A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Ref Pw}}\n"
    assert properties(template(tmp_path, text, Pw="s3cr3t"), "A") == {"BucketName": "<?parameter Pw is NoEcho>"}


def test_properties_that_are_not_a_map_are_open(tmp_path: Path) -> None:
    text = "Resources:\n  A: {Type: 'AWS::S3::Bucket', Properties: {'Fn::Transform': {Name: Mine}}}\n"
    assert resource(template(tmp_path, text), "A").attributes.open


@pytest.mark.parametrize(
    ("text", "service", "name"),
    [
        ("'{{resolve:secretsmanager:db/password:SecretString:pw:AWSCURRENT}}'", "secretsmanager", "db/password"),
        (
            "'{{resolve:secretsmanager:arn:aws:secretsmanager:::secret:db-AbCdEf:SecretString:pw}}'",
            "secretsmanager",
            "arn:aws:secretsmanager:::secret:db-AbCdEf",
        ),
        ("'{{resolve:ssm:/app/key:3}}'", "ssm", "/app/key"),
        ("'{{resolve:ssm-secure:key}}'", "ssm-secure", "key"),
        ("!Sub 'x {{resolve:ssm:/a}}'", "ssm", "/a"),
        ("!Sub '{{resolve:secretsmanager:${S}:SecretString:pw}}'", "secretsmanager", ""),
    ],
)
def test_a_dynamic_reference_is_recognised(text: str, service: str, name: str, tmp_path: Path) -> None:
    body = "Resources:\n  S: {Type: 'AWS::SecretsManager::Secret'}\n  A:\n    Type: T::T::T\n    Properties:\n"
    body += f"      V: {text}\n"
    found = dynamic_reference(resource(template(tmp_path, body), "A").attributes.entries["V"])
    assert found is not None
    assert (found.service, found.name) == (service, name)


def test_a_plain_text_is_no_dynamic_reference(tmp_path: Path) -> None:
    text = "Resources:\n  A: {Type: 'T::T::T', Properties: {V: 'x {{ y }}'}}\n"
    assert dynamic_reference(resource(template(tmp_path, text), "A").attributes.entries["V"]) is None


def _same(left: Parsed, right: Parsed) -> None:
    assert addresses(left) == addresses(right)
    for one, other in zip(left.resources, right.resources, strict=True):
        assert plain(one.attributes) == plain(other.attributes)
        assert {name: plain(value) for name, value in one.siblings.items()} == {
            name: plain(value) for name, value in other.siblings.items()
        }


def test_yaml_and_json_give_equal_attributes(tmp_path: Path) -> None:
    """The JSON is what `aws cloudformation get-template` would give for the YAML: long forms, same order."""
    in_json = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Stage": {"Type": "String", "AllowedValues": ["dev", "prod"]}},
        "Conditions": {
            "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "Never": {"Fn::Equals": ["a", "b"]},
        },
        "Resources": {
            "Ops": {
                "Type": "AWS::IAM::Role",
                "Metadata": {"aws:cdk:path": "App/Ops/Resource"},
                "DeletionPolicy": "Retain",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"Service": "bedrock.amazonaws.com"},
                                "Action": "sts:AssumeRole",
                            }
                        ],
                    },
                    "Policies": [
                        {
                            "PolicyName": "all",
                            "PolicyDocument": {
                                "Version": "2012-10-17",
                                "Statement": [
                                    {
                                        "Effect": "Allow",
                                        "Action": "s3:*",
                                        "Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::data-${Stage}/*"},
                                    }
                                ],
                            },
                        }
                    ],
                },
            },
            "Extra": {
                "Type": "AWS::IAM::Role",
                "Condition": "IsProd",
                "Properties": {"Path": {"Fn::If": ["IsProd", "/prod/", "/dev/"]}},
            },
            "Gone": {"Type": "AWS::IAM::Role", "Condition": "Never"},
        },
    }
    for indent in (None, 2):
        as_json = scanned(tmp_path / f"json{indent}", {"t.json": json.dumps(in_json, indent=indent)})
        _same(template(tmp_path / "yaml", ROLE), as_json)


def test_a_json_hole_is_at_its_place(tmp_path: Path) -> None:
    text = '{"Resources": {"A": {"Type": "T::T::T",\n "Properties": {"V": {"Fn::Sub": "x-${AWS::Region}"}}}}}'
    value = resource(scanned(tmp_path, {"t.json": text}), "A").attributes.entries["V"]
    assert isinstance(value, Text)
    hole = value.parts[1]
    assert isinstance(hole, Unknown)
    assert (hole.at.text, hole.at.location.line) == ("${AWS::Region}", 2)


def test_anchors_and_merge_keys_are_expanded(tmp_path: Path) -> None:
    text = """\
Shared: &shared {Path: /shared/, Description: x}
Resources:
  A: {Type: 'AWS::IAM::Role', Properties: {<<: *shared, Description: own}}
  B: {Type: 'AWS::IAM::Role', Properties: *shared}
"""
    parsed = template(tmp_path, text)
    assert properties(parsed, "A") == {"Description": "own", "Path": "/shared/"}
    assert properties(parsed, "B") == {"Path": "/shared/", "Description": "x"}
    path = resource(parsed, "A").attributes.entries["Path"]
    assert path.at.location.line == 1


def test_a_null_property_stays_null(tmp_path: Path) -> None:
    text = "Resources:\n  A:\n    Type: AWS::IAM::Role\n    Properties:\n      Path:\n"
    assert isinstance(child(resource(template(tmp_path, text), "A").attributes, "Path"), Scalar)


def test_a_file_without_resources_is_no_template(tmp_path: Path) -> None:
    parsed = scanned(tmp_path, {"t.yaml": "AWSTemplateFormatVersion: 2010-09-09\nResources: []\n"})
    assert parsed.resources == ()
    assert parsed.broken == ()


def test_reading_templates_imports_no_other_tool(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("Resources:\n  F: {Type: 'AWS::Serverless::Function'}\n", encoding="utf-8")
    script = (
        "import sys; from agentreach.sources import Tree; from agentreach.parsers.cloudformation import *; "
        f"load(Tree([{str(tmp_path)!r}]), CloudFormationOptions(), bool); "
        "print(sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'cfnlint', 'samtranslator', 'botocore', 'boto3', 'networkx', 'numpy', 'jinja2', 'hcl2', 'checkov'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
