"""CDK output folders, packaged templates, Serverless Framework packages: each declaration read once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agentreach import scan
from agentreach.model import descend
from parsers.cloudformation.stacks import addresses, plain, properties, resource, scanned

if TYPE_CHECKING:
    from pathlib import Path

STACK = {
    "Resources": {
        "OpsRole123": {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": {"Fn::Sub": "${AWS::StackName}-${AWS::Region}-${AWS::AccountId}"}},
            "Metadata": {"aws:cdk:path": "App/Ops/Role/Resource"},
        }
    }
}
MANIFEST = {
    "version": "39.0.0",
    "artifacts": {
        "Ops": {
            "type": "aws:cloudformation:stack",
            "environment": "aws://123456789012/eu-west-1",
            "properties": {"templateFile": "Ops.template.json", "stackName": "ops-prod"},
        },
        "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
    },
}
NESTING = {
    "Resources": {
        "Inner": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": {"Fn::Sub": "https://s3.${AWS::Region}.${AWS::URLSuffix}/assets/x.json"}},
            "Metadata": {"aws:asset:path": "Inner.nested.template.json", "aws:cdk:path": "App/Inner"},
        }
    }
}


def test_the_manifest_decides_account_region_and_name(tmp_path: Path) -> None:
    files = {"cdk.out/manifest.json": json.dumps(MANIFEST), "cdk.out/Ops.template.json": json.dumps(STACK)}
    parsed = scanned(tmp_path, {"cdk.json": '{"app": "python app.py"}', **files})
    assert properties(parsed, "OpsRole123") == {"RoleName": "ops-prod-eu-west-1-123456789012"}
    assert parsed.skipped == ()


def test_an_agnostic_environment_stays_unknown(tmp_path: Path) -> None:
    text = json.dumps(MANIFEST).replace("123456789012/eu-west-1", "unknown-account/unknown-region")
    files = {"cdk.out/manifest.json": text, "cdk.out/Ops.template.json": json.dumps(STACK)}
    assert properties(scanned(tmp_path, files), "OpsRole123") == {"RoleName": "ops-prod-<AWS::Region>-<AWS::AccountId>"}


def test_the_construct_path_stands_beside_the_properties(tmp_path: Path) -> None:
    files = {"cdk.out/manifest.json": json.dumps(MANIFEST), "cdk.out/Ops.template.json": json.dumps(STACK)}
    found = resource(scanned(tmp_path, files), "OpsRole123")
    assert plain(found.siblings["Metadata"]) == {"aws:cdk:path": "App/Ops/Role/Resource"}
    assert descend(found.siblings["Metadata"], "nothing") is None


def test_a_nested_stack_is_found_by_its_asset(tmp_path: Path) -> None:
    files = {
        "cdk.out/manifest.json": json.dumps(MANIFEST),
        "cdk.out/Ops.template.json": json.dumps(NESTING),
        "cdk.out/Inner.nested.template.json": json.dumps(STACK),
    }
    parsed = scanned(tmp_path, files)
    assert addresses(parsed) == ["Inner", "Inner/OpsRole123"]
    assert properties(parsed, "Inner/OpsRole123") == {"RoleName": "<AWS::StackName>-eu-west-1-123456789012"}


def test_a_template_that_the_manifest_does_not_list_is_left_from_an_earlier_run(tmp_path: Path) -> None:
    files = {
        "cdk.out/manifest.json": json.dumps(MANIFEST),
        "cdk.out/Ops.template.json": json.dumps(STACK),
        "cdk.out/Old.template.json": json.dumps(STACK),
    }
    parsed = scanned(tmp_path, files)
    assert addresses(parsed) == ["OpsRole123"]
    assert [one.reason for one in parsed.skipped] == ["the manifest of this CDK output does not list it"]


def test_an_app_without_output_is_not_analysed(tmp_path: Path) -> None:
    parsed = scanned(tmp_path, {"cdk.json": '{"app": "npx ts-node app.ts"}'})
    assert [(one.reason, one.by_design) for one in parsed.skipped] == [
        ("a CDK app is not analysed without its output: run cdk synth", True)
    ]


def test_an_app_with_another_output_folder_is_found(tmp_path: Path) -> None:
    files = {
        "cdk.json": '{"app": "x", "output": "build/out"}',
        "build/out/manifest.json": json.dumps(MANIFEST),
        "build/out/Ops.template.json": json.dumps(STACK),
    }
    assert scanned(tmp_path, files).skipped == ()


def test_a_broken_manifest_is_broken_and_the_templates_are_read(tmp_path: Path) -> None:
    files = {
        "cdk.out/manifest.json": '{"artifacts": {"a": "aws:cloudformation:stack"},}',
        "cdk.out/Ops.template.json": json.dumps(STACK),
    }
    parsed = scanned(tmp_path, files)
    assert [broken.message for broken in parsed.broken] == ["JSON syntax: a comma before '}' is not allowed"]


def test_a_packaged_copy_is_read_once_and_the_source_wins(tmp_path: Path) -> None:
    source = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Code: ./src, Role: r}\n"
    copy = source.replace("./src", "{S3Bucket: b, S3Key: k}")
    parsed = scanned(tmp_path, {"template.yaml": source, "packaged.yaml": copy})
    assert [root.rsplit("/", 1)[-1] for root in parsed.roots] == ["template.yaml"]
    assert [one.reason.rsplit("/", 1)[-1] for one in parsed.skipped] == ["template.yaml"]


def test_two_packaged_templates_are_both_read(tmp_path: Path) -> None:
    text = (
        "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Code: {S3Bucket: b, S3Key: k}, Role: r}\n"
    )
    assert len(scanned(tmp_path, {"a.yaml": text, "b.yaml": text}).roots) == 2


def test_a_serverless_package_is_read_through_its_update_template(tmp_path: Path) -> None:
    bucket = {"ServerlessDeploymentBucket": {"Type": "AWS::S3::Bucket"}}
    full = {"Resources": {**bucket, "IamRoleLambdaExecution": {"Type": "AWS::IAM::Role"}}}
    create = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": bucket}
    files = {
        ".serverless/cloudformation-template-create-stack.json": json.dumps(create),
        ".serverless/cloudformation-template-update-stack.json": json.dumps(full),
        ".serverless/serverless-state.json": json.dumps({"service": {"provider": {"compiled": full}}}),
    }
    parsed = scanned(tmp_path, files)
    assert addresses(parsed) == ["ServerlessDeploymentBucket", "IamRoleLambdaExecution"]
    assert sorted(one.reason for one in parsed.skipped) == [
        "the first stage of a Serverless service; cloudformation-template-update-stack.json is read instead",
        "the state of a packaged Serverless service; its template is read instead",
    ]


@pytest.mark.parametrize("name", ["serverless.yml", "serverless.yaml", "serverless.json"])
def test_a_service_that_is_not_packaged_is_said_to_be_left_out_and_how_to_include_it(name: str, tmp_path: Path) -> None:
    parsed = scanned(tmp_path, {f"api/{name}": "{service: api, provider: {name: aws}}"})
    (skipped,) = parsed.skipped
    assert skipped.path.endswith(f"api/{name}")
    assert (skipped.reason, skipped.by_design) == (
        "a Serverless service is not analysed without its package: run serverless package",
        True,
    )


def test_a_packaged_service_is_read_and_nothing_is_said_of_its_source(tmp_path: Path) -> None:
    template = json.dumps({"Resources": {"R": {"Type": "AWS::IAM::Role"}}})
    files = {
        "serverless.yml": "service: api\n",
        ".serverless/cloudformation-template-update-stack.json": template,
    }
    parsed = scanned(tmp_path, files)
    assert (addresses(parsed), parsed.skipped) == (["R"], ())


ASSET = "a" * 64 + ".yaml"
WITH_ASSET = {
    "Resources": {
        "R": {"Type": "Test::With::Asset", "Properties": {"S3": {"S3BucketName": "assets", "S3ObjectKey": ASSET}}}
    }
}


def test_an_asset_of_the_output_is_read_where_its_key_is_the_hash(tmp_path: Path) -> None:
    files = {"cdk.out/S.template.json": json.dumps(WITH_ASSET), f"cdk.out/asset.{ASSET}": "paths: {/a: {}}\n"}
    parsed = scanned(tmp_path, files)
    location = descend(resource(parsed, "R").attributes, "S3")
    assert location is not None
    assert plain(location) == {
        "S3BucketName": "assets",
        "S3ObjectKey": ASSET,
        "Content": ("encoded", {"paths": {"/a": {}}}),
    }
    content = descend(location, "Content.paths")
    assert content is not None
    assert content.at.source.path.endswith(f"cdk.out/asset.{ASSET}")


@pytest.mark.parametrize("key", ["schemas/api.yaml", "../" + ASSET, "b" * 64 + ".yaml", "a" * 64 + ".zip"])
def test_what_is_no_asset_of_the_output_stays_in_s3(key: str, tmp_path: Path) -> None:
    text = json.dumps(WITH_ASSET).replace(ASSET, key)
    parsed = scanned(tmp_path, {"cdk.out/S.template.json": text, f"asset.{ASSET}": "paths: {}\n"})
    assert properties(parsed, "R") == {"S3": {"S3BucketName": "assets", "S3ObjectKey": key}}


def test_an_agents_schema_in_the_output_says_which_operations_ask(tmp_path: Path) -> None:
    group = {
        "ActionGroupName": "orders",
        "ActionGroupExecutor": {"Lambda": "arn:aws:lambda:eu-west-1:111122223333:function:f"},
        "ApiSchema": {"S3": {"S3BucketName": "assets", "S3ObjectKey": ASSET}},
    }
    agent = {"Type": "AWS::Bedrock::Agent", "Properties": {"AgentName": "ops", "ActionGroups": [group]}}
    schema = "paths:\n  /orders:\n    delete:\n      operationId: deleteOrder\n      x-requireConfirmation: ENABLED\n"
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "cdk.out" / "S.template.json").write_text(json.dumps({"Resources": {"A": agent}}), "utf-8")
    (tmp_path / "cdk.out" / f"asset.{ASSET}").write_text(schema, "utf-8")
    (tool,) = scan(tmp_path).graph.tools()
    (operation,) = tool.operations
    assert (tool.confirmation, operation.name, operation.at.location.line) == (True, "deleteOrder", 5)
