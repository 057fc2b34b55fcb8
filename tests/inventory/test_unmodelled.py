"""An agent-related type that nobody described is shown and counted: silence would be mistaken for clean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from agentreach.cli import group

DECLARED = {
    "main.tf": 'resource "aws_bedrockagentcore_teleporter" "x" {\n  name = "x"\n}\n',
    "template.yaml": 'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  T:\n    Type: AWS::BedrockAgentCore::Teleporter\n',
    "swarm.yaml": "apiVersion: kagent.dev/v1alpha2\nkind: AgentSwarm\nmetadata: {name: a, namespace: ops}\n",
}
PLACES = [
    ("swarm.yaml", 1, "kagent.dev/AgentSwarm"),
    ("main.tf", 1, "aws_bedrockagentcore_teleporter"),
    ("template.yaml", 3, "AWS::BedrockAgentCore::Teleporter"),
]
SENTENCE = (
    "3 agent-related resources, unmodelled"
    " (AWS::BedrockAgentCore::Teleporter, aws_bedrockagentcore_teleporter, kagent.dev/AgentSwarm)"
)


@pytest.fixture(autouse=True)
def _stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in DECLARED.items():
        Path(name).write_text(text, encoding="utf-8")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("command", ["scan", "review", "agents"])
def test_every_text_report_names_the_types(command: str) -> None:
    assert SENTENCE in run(command)


@pytest.mark.parametrize("command", ["scan", "review", "agents"])
def test_json_lists_each_with_its_place(command: str) -> None:
    document = json.loads(run(command, "--format", "json"))
    found = [(one["path"], one["line"], one["type"]) for one in document["unmodelled"]]
    assert sorted(found) == sorted(PLACES)
    assert document["summary"]["unmodelled"] == len(PLACES)


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("AWS::Bedrock::AgentSwarm", True),
        ("AWS::QBusiness::Assistant", True),
        ("AWS::QBusiness::Index", False),
        ("AWS::Bedrock::Guardrail", False),
        ("AWS::Wisdom::AIAgentVersion", False),
    ],
)
def test_a_new_type_of_a_family_of_agents_is_said_and_what_it_answers_from_is_not(type_: str, *, said: bool) -> None:
    text = f'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  New:\n    Type: {type_}\n'
    Path("template.yaml").write_text(text, encoding="utf-8")
    document = json.loads(run("agents", "--format", "json"))
    assert (type_ in [one["type"] for one in document["unmodelled"]]) is said


def test_a_new_part_of_a_foundry_project_is_said() -> None:
    azure = 'resource "azapi_resource" "x" {\n  type = "Microsoft.CognitiveServices/accounts/projects/swarms@2027-01-01"\n}\n'
    Path("main.tf").write_text(azure, encoding="utf-8")
    document = json.loads(run("agents", "--format", "json"))
    assert "Microsoft.CognitiveServices/accounts/projects/swarms" in [one["type"] for one in document["unmodelled"]]


def test_verbose_text_lists_each_with_its_place() -> None:
    text = run("scan", "--verbose")
    assert all(f"agent-related, unmodelled: {path}:{line}: {type_}" in text for path, line, type_ in PLACES)
