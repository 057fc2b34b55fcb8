"""Fn::ForEach over sections and AWS::Include of local files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parsers.cloudformation.stacks import addresses, plain, properties, resource, scanned, template

if TYPE_CHECKING:
    from pathlib import Path

LOOP = """\
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'a,b'}, Open: {Type: CommaDelimitedList}}
Conditions:
  Fn::ForEach::Cs: [N, !Ref Names, {'Is${N}': !Equals [!Ref N, a]}]
Resources:
  Fn::ForEach::Roles:
    - Name
    - COLLECTION
    - Role${Name}:
        Type: AWS::IAM::Role
        Condition: !Sub 'Is${Name}'
        Properties:
          RoleName: !Sub '${Name}-role'
          Path: /${Name}/
          Tags: [{Key: other, Value: !GetAtt 'Role${Name}.Arn'}]
Outputs:
  Fn::ForEach::Os: [N, !Ref Names, {'Arn${N}': {Value: !GetAtt ['Role${N}', Arn], Export: {Name: !Sub 'arn-${N}'}}}]
"""


def test_a_loop_makes_one_resource_each(tmp_path: Path) -> None:
    text = LOOP.replace("COLLECTION", "[x, y]").replace("        Condition: !Sub 'Is${Name}'\n", "")
    parsed = template(tmp_path, text)
    assert addresses(parsed) == ["Rolex", "Roley"]
    assert properties(parsed, "Roley") == {
        "RoleName": "y-role",
        "Path": "/y/",
        "Tags": [{"Key": "other", "Value": "<Roley.Arn>"}],
    }
    assert resource(parsed, "Roley").at.location.line == 9


def test_conditions_and_names_in_a_loop_follow_its_variable(tmp_path: Path) -> None:
    parsed = template(tmp_path, LOOP.replace("COLLECTION", "!Ref Names"))
    assert addresses(parsed) == ["Rolea"]


def test_outputs_of_a_loop_are_exported(tmp_path: Path) -> None:
    other = "Resources: {A: {Type: 'T::T::T', Properties: {V: !ImportValue arn-a}}}\n"
    parsed = scanned(tmp_path, {"a.yaml": LOOP.replace("COLLECTION", "!Ref Names"), "b.yaml": other})
    assert properties(parsed, "A") == {"V": "<Rolea.Arn>"}


def test_an_open_collection_makes_one_uncertain_resource(tmp_path: Path) -> None:
    text = LOOP.replace("COLLECTION", "!Ref Open").replace("        Condition: !Sub 'Is${Name}'\n", "")
    parsed = template(tmp_path, text)
    assert addresses(parsed) == ["Role[?]"]
    assert not resource(parsed, "Role[?]").certain


@pytest.mark.parametrize("body", ["[X]", "[X, [a], b]", "text"])
def test_a_malformed_loop_is_named(body: str, tmp_path: Path) -> None:
    parsed = template(tmp_path, f"Resources:\n  A: {{Type: 'AWS::S3::Bucket'}}\n  Fn::ForEach::L: {body}\n")
    assert addresses(parsed) == ["A"]
    assert [one.reason for one in parsed.skipped] == ["Fn::ForEach expects a name, a collection and a map"]


INCLUDED = "Type: AWS::IAM::Role\nProperties: {Path: /included/}\n"


def test_a_local_include_beside_keys_adds_them(tmp_path: Path) -> None:
    text = """\
Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/more.yaml}}
  Own:
    Type: AWS::IAM::Role
    Properties:
      Path: /own/
      Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: parts/properties.yaml}}
"""
    files = {
        "t.yaml": text,
        "parts/more.yaml": "More:\n  Type: AWS::IAM::Role\n  Properties: {Path: !Sub '/${AWS::Region}/'}\n",
        "parts/properties.yaml": "RoleName: included\n",
    }
    parsed = scanned(tmp_path, files)
    assert addresses(parsed) == ["More", "Own"]
    assert properties(parsed, "Own") == {"Path": "/own/", "RoleName": "included"}
    more = resource(parsed, "More")
    assert more.at.source.path.endswith("parts/more.yaml")
    assert properties(parsed, "More") == {"Path": "/<AWS::Region>/"}


def test_a_local_include_alone_is_the_value(tmp_path: Path) -> None:
    text = "Resources:\n  A:\n    Type: T::T::T\n    Properties:\n      V: {'Fn::Transform': {Name: 'AWS::Include', "
    text += "Parameters: {Location: ./api.json}}}\n"
    parsed = scanned(tmp_path, {"t.yaml": text, "api.json": '{"paths": {"/x": {"Ref": "A"}}}'})
    assert properties(parsed, "A") == {"V": {"paths": {"/x": "<A.Ref>"}}}


def test_an_include_at_the_top_adds_sections(tmp_path: Path) -> None:
    text = "Transform: {Name: 'AWS::Include', Parameters: {Location: more.yaml}}\n"
    text += "Resources: {A: {Type: 'AWS::S3::Bucket'}}\n"
    more = "Resources: {B: {Type: 'AWS::IAM::Role'}}\nMappings: {M: {a: {b: 1}}}\n"
    parsed = scanned(tmp_path, {"t.yaml": text, "more.yaml": more})
    assert sorted(addresses(parsed)) == ["A", "B"]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("s3://bucket/x.yaml", "AWS::Include of s3://bucket/x.yaml is not local"),
        ("nowhere.yaml", "nowhere.yaml: cannot be read: no such file or directory"),
    ],
)
def test_an_include_that_is_not_here_leaves_the_map_open(location: str, reason: str, tmp_path: Path) -> None:
    text = "Resources:\n  A:\n    Type: T::T::T\n    Properties:\n      V: 1\n      Fn::Transform:\n"
    text += f"        {{Name: 'AWS::Include', Parameters: {{Location: '{location}'}}}}\n"
    parsed = template(tmp_path, text)
    assert plain(resource(parsed, "A").attributes) == {"V": 1, "…": "…"}
    assert [one.reason for one in parsed.skipped] == [reason]


def test_a_broken_include_is_broken_once(tmp_path: Path) -> None:
    text = "Resources:\n  A:\n    Type: T::T::T\n    Properties:\n      Fn::Transform:\n"
    text += "        {Name: 'AWS::Include', Parameters: {Location: bad.yaml}}\n"
    parsed = scanned(tmp_path, {"t.yaml": text + text.replace("Resources:\n  A", "  B"), "bad.yaml": "a: [1\n"})
    assert [broken.at.source.path.rsplit("/", 1)[-1] for broken in parsed.broken] == ["bad.yaml"]


def test_an_include_of_itself_ends(tmp_path: Path) -> None:
    text = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n"
    text += "  Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: part.yaml}}\n"
    part = "Fn::Transform: {Name: 'AWS::Include', Parameters: {Location: part.yaml}}\nA: {Type: 'AWS::S3::Bucket'}\n"
    assert addresses(scanned(tmp_path, {"t.yaml": text, "part.yaml": part})) == ["A"]
