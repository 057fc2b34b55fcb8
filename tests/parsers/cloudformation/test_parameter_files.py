"""Parameters from the command line and from the AWS CLI's files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agentreach.parsers.cloudformation import CloudFormationOptions
from parsers.cloudformation.stacks import properties, resource, scanned

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.model import Parsed

TEXT = """\
Parameters:
  Stage: {Type: String, Default: dev}
  Names: {Type: CommaDelimitedList}
Resources:
  A:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub 'data-${Stage}', Tags: !Ref Names}
"""


def _given(directory: Path, file: str, **parameters: str) -> Parsed:
    path = directory / "parameters.json"
    path.write_text(file, encoding="utf-8")
    options = CloudFormationOptions(parameters=parameters, parameter_files=(path,))
    return scanned(directory, {"template.yaml": TEXT}, options=options)


@pytest.mark.parametrize(
    "file",
    [
        json.dumps(
            [{"ParameterKey": "Stage", "ParameterValue": "prod"}, {"ParameterKey": "Names", "ParameterValue": "a,b"}]
        ),
        json.dumps(["Stage=prod", "Names=a,b"]),
        json.dumps({"Parameters": {"Stage": "prod", "Names": "a,b"}, "Tags": {"owner": "x"}}),
        json.dumps({"Stage": "prod", "Names": "a,b"}),
        "Stage: prod\nNames: a,b\n",
    ],
    ids=["create-stack", "deploy", "code-pipeline", "plain", "yaml"],
)
def test_each_form_of_file_gives_values(file: str, tmp_path: Path) -> None:
    assert properties(_given(tmp_path, file), "A") == {"BucketName": "data-prod", "Tags": ["a", "b"]}


def test_the_command_line_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    parsed = _given(tmp_path, '{"Stage": "prod", "Names": "a"}', Names="c")
    assert properties(parsed, "A") == {"BucketName": "data-prod", "Tags": ["c"]}


def test_a_value_is_placed_in_the_file_that_gave_it(tmp_path: Path) -> None:
    parsed = _given(tmp_path, '{\n "Names": "first"\n}')
    tags = resource(parsed, "A").attributes.entries["Tags"]
    assert (tags.at.source.path.endswith("parameters.json"), tags.at.location.line) == (True, 2)


def test_a_broken_file_is_broken(tmp_path: Path) -> None:
    (broken,) = _given(tmp_path, '{"Stage": ').broken
    assert broken.message == "JSON syntax: expected a value, the file ends"


def test_a_missing_file_is_skipped_and_not_by_design(tmp_path: Path) -> None:
    options = CloudFormationOptions(parameter_files=(tmp_path / "nowhere.json",))
    (skipped,) = scanned(tmp_path, {"template.yaml": TEXT}, options=options).skipped
    assert not skipped.by_design
    assert skipped.reason.startswith("parameter file cannot be read")
