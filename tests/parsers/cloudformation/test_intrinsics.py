"""Each intrinsic function, case by case: `intrinsics.yaml` holds them under the AWS page they follow."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from parsers.cloudformation.stacks import Plain, properties, template

DOCUMENTATION = "https://docs.aws.amazon.com/AWSCloudFormation/latest/"
TABLE = Path(__file__).with_name("intrinsics.yaml")
REMOVED = "removed"
SIGNS = ("one of", "encoded")

PREAMBLE = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::LanguageExtensions
Parameters:
  Stage: {Type: String, Default: dev}
  Empty: {Type: String, Default: ''}
  Open: {Type: String}
  Choice: {Type: String, AllowedValues: [dev, prod]}
  Only: {Type: String, AllowedValues: [one]}
  Many: {Type: String, AllowedValues: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r]}
  Count: {Type: Number, Default: 3}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Ports: {Type: List<Number>, Default: '80,443'}
  OpenNames: {Type: CommaDelimitedList}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /images/latest}
  Vpc: {Type: 'AWS::EC2::VPC::Id'}
  Flag: {Type: String, Default: 'true'}
Mappings:
  Regions:
    us-east-1: {image: ami-1, zones: [a, b]}
    eu-west-1: {image: ami-2, zones: [c]}
  Stages:
    dev: {size: 1}
    prod: {size: 2, extra: x}
Conditions:
  Always: !Equals [a, a]
  Never: !Equals [a, b]
  IsProd: !Equals [!Ref Choice, prod]
  IsNotProd: !Not [!Condition IsProd]
  IsDev: !Equals [!Ref Stage, dev]
  HasOpen: !Not [!Equals [!Ref Open, '']]
  Itself: !Not [!Condition Itself]
  IsOpenA: !Equals [a, !Ref Open]
  Both: !And [!Condition IsProd, !Condition IsOpenA]
  Either: !Or [!Condition IsProd, !Condition IsOpenA]
Resources:
  Named: {Type: 'AWS::IAM::Role', Properties: {RoleName: ops-role}}
  Unnamed: {Type: 'AWS::IAM::Role'}
  Partly: {Type: 'AWS::IAM::Role', Properties: {RoleName: !Sub '${AWS::StackName}-role'}}
  ByParameter: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub 'data-${Stage}'}}
  Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: jobs}}
  Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: news}}
  Circular: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${Circular}-x'}}
  Custom: {Type: 'Custom::Thing'}
  Probe:
    Type: Test::Probe::Value
    Properties:
      Value: """


class Case(NamedTuple):
    """One expression, what it comes to, and the page that says so."""

    name: str
    page: str
    expression: str
    expected: Plain


def read(value: Plain) -> Plain:
    """A value of the table: a map of one sign is the tuple that `plain` makes of such a value."""
    if isinstance(value, list):
        return list(map(read, value))
    if not isinstance(value, dict):
        return value
    sign, inner = next(iter(value.items()), ("", None))
    if sign in SIGNS and isinstance(inner, list):
        return (sign, *map(read, inner))
    return {name: read(entry) for name, entry in value.items()}


CASES = tuple(
    Case(name, DOCUMENTATION + page, expression, read(expected))
    for page, rows in yaml.safe_load(TABLE.read_text("utf-8")).items()
    for name, expression, expected in rows
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_function_gives_what_its_page_says(case: Case, tmp_path: Path) -> None:
    found = properties(template(tmp_path, f"{PREAMBLE}{case.expression}\n"), "Probe")
    assert found.get("Value", REMOVED) == case.expected


def test_at_least_150_cases_each_name_a_page_and_are_distinct() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)
    assert {case.page.removeprefix(DOCUMENTATION).partition("/")[0] for case in CASES} == {
        "TemplateReference",
        "UserGuide",
    }
