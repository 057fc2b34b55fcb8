"""Secrets and roles of containers wherever a service lets them be written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agentreach.identity import IdentityUse, SecretUse
from agentreach.model import string
from lowering.loading import from_template, from_terraform, line, only

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact

SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:"
ROLE = "arn:aws:iam::111122223333:role/"


def secrets(facts: tuple[Fact, ...]) -> list[tuple[str, str, int]]:
    found = [(one.variable, string(one.secret) or "", line(one.at)) for one in only(facts, SecretUse)]
    return [(variable, secret.removeprefix(SECRET), at) for variable, secret, at in found]


def roles(facts: tuple[Fact, ...]) -> list[str]:
    return [(string(one.identity) or "").removeprefix(ROLE) for one in only(facts, IdentityUse)]


HOLDING = {"Image": "a", "Secrets": [{"Name": "TOKEN", "ValueFrom": f"{SECRET}t"}]}
TASKS = {"TaskProperties": [{"TaskRoleArn": f"{ROLE}task", "Containers": [HOLDING]}]}
JOB = HOLDING | {"JobRoleArn": f"{ROLE}job"}


@pytest.mark.parametrize(
    ("properties", "role"),
    [
        ({"ContainerProperties": JOB}, "job"),
        ({"EcsProperties": TASKS}, "task"),
        ({"NodeProperties": {"NodeRangeProperties": [{"Container": {"Image": "a"}}, {"Container": JOB}]}}, "job"),
        ({"NodeProperties": {"NodeRangeProperties": [{"EcsProperties": TASKS}]}}, "task"),
    ],
)
def test_a_batch_job_holds_what_its_containers_hold(properties: object, role: str, tmp_path: Path) -> None:
    text = f"Resources:\n  Job:\n    Type: AWS::Batch::JobDefinition\n    Properties: {json.dumps(properties)}\n"
    facts = from_template(tmp_path, text)
    assert (secrets(facts), roles(facts)) == ([("TOKEN", "t", 4)], [role])


def test_a_secret_of_a_log_driver_is_held_by_the_task(tmp_path: Path) -> None:
    text = "Resources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n"
    text += f"        - LogConfiguration: {{SecretOptions: [{{Name: splunk-token, ValueFrom: '{SECRET}s'}}]}}\n"
    assert secrets(from_template(tmp_path, text)) == [("splunk-token", "s", 6)]


def test_a_service_from_source_code_has_secrets_too(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "t").mkdir()
    text = "Resources:\n  A:\n    Type: AWS::AppRunner::Service\n    Properties:\n      SourceConfiguration:\n"
    text += "        CodeRepository:\n          CodeConfiguration:\n            CodeConfigurationValues:\n"
    text += f"              RuntimeEnvironmentSecrets: [{{Name: KEY, Value: '{SECRET}k'}}]\n"
    assert secrets(from_template(tmp_path / "c", text)) == [("KEY", "k", 9)]
    blocks = ("source_configuration", "code_repository", "code_configuration", "code_configuration_values")
    text = 'resource "aws_apprunner_service" "a" {\n' + "".join(f"{name} {{\n" for name in blocks)
    text += f'runtime_environment_secrets = {{ KEY = "{SECRET}k" }}\n' + "}\n" * 5
    assert secrets(from_terraform(tmp_path / "t", text)) == [("KEY", "k", 6)]
