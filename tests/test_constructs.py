"""Evidence from CDK output names the construct, which people know, beside the logical id, which CDK made up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agentreach import scan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def notes(directory: Path, role: Mapping[str, object], check: str) -> list[str]:
    properties = {"AssumeRolePolicyDocument": TRUST, "Policies": [{"PolicyName": "p", "PolicyDocument": EVERYTHING}]}
    agent = {
        "Type": "AWS::Bedrock::Agent",
        "Properties": {"AgentName": "ops", "AgentResourceRoleArn": {"Fn::GetAtt": ["Role1F2A", "Arn"]}},
        "Metadata": {"aws:cdk:path": "Desk/Agent/Resource"},
    }
    resources = {"Agent3B4C": agent, "Role1F2A": {"Type": "AWS::IAM::Role", "Properties": properties, **role}}
    (directory / "t.template.json").write_text(json.dumps({"Resources": resources}, indent=1), "utf-8")
    (finding,) = [one for one in scan(directory).findings if one.check_id == check]
    return [one.note for one in finding.evidence]


def test_each_construct_is_named_once(tmp_path: Path) -> None:
    role = {"Metadata": {"aws:cdk:path": "Desk/Support/Role"}}
    assert notes(tmp_path, role, "AR101") == [
        "allows * on * (construct Desk/Support/Role)",
        "identity Role1F2A",
        "runs as Role1F2A (construct Desk/Agent)",
        "bedrock-agent ops",
    ]


def test_a_resource_without_a_path_is_named_as_always(tmp_path: Path) -> None:
    assert notes(tmp_path, {}, "AR101")[:2] == ["allows * on *", "identity Role1F2A"]
