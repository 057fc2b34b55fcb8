"""Nested stacks, StackSets with their template, SAM applications."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from parsers.cloudformation.stacks import addresses, plain, properties, resource, scanned

if TYPE_CHECKING:
    from pathlib import Path

PARENT = """\
Parameters:
  Stage: {Type: String, Default: prod}
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: nested/child.yaml
      Parameters:
        Name: !Sub 'ops-${Stage}'
        Names: !Join [',', [a, b]]
        Role: !GetAtt Role.Arn
  Role: {Type: 'AWS::IAM::Role'}
  User:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !GetAtt Child.Outputs.Name
      Role: !GetAtt Child.Outputs.RoleArn
      X: !GetAtt Child.Outputs.No
"""
CHILD = """\
Parameters:
  Name: {Type: String}
  Names: {Type: CommaDelimitedList}
  Role: {Type: String}
Resources:
  Inner:
    Type: AWS::IAM::Role
    Properties: {RoleName: !Ref Name, Tags: !Ref Names, Path: !Ref Role}
Outputs:
  Name: {Value: !Ref Name}
  RoleArn: {Value: !GetAtt Inner.Arn}
"""


def test_a_nested_stack_is_addressed_through_its_parent_and_is_no_root(tmp_path: Path) -> None:
    parsed = scanned(tmp_path, {"parent.yaml": PARENT, "nested/child.yaml": CHILD})
    assert addresses(parsed) == ["Child", "Child/Inner", "Role", "User"]
    assert [root.rsplit("/", 1)[-1] for root in parsed.roots] == ["parent.yaml"]
    inner = resource(parsed, "Child/Inner")
    assert inner.key.root == parsed.roots[0]
    assert inner.name == "Inner"
    assert inner.at.source.path.endswith("nested/child.yaml")
    assert [(call.name, call.at.location.line) for call in inner.module_path] == [("Child", 4)]


def test_parameters_go_down(tmp_path: Path) -> None:
    parsed = scanned(tmp_path, {"parent.yaml": PARENT, "nested/child.yaml": CHILD})
    assert properties(parsed, "Child/Inner") == {"RoleName": "ops-prod", "Tags": ["a", "b"], "Path": "<Role.Arn>"}


def test_outputs_come_up(tmp_path: Path) -> None:
    parsed = scanned(tmp_path, {"parent.yaml": PARENT, "nested/child.yaml": CHILD})
    user = properties(parsed, "User")
    assert (user["FunctionName"], user["Role"]) == ("ops-prod", "<Child/Inner.Arn>")
    assert str(user["X"]).endswith("has no output No>")


def test_a_remote_template_is_skipped_and_its_outputs_stay_references(tmp_path: Path) -> None:
    text = PARENT.replace("nested/child.yaml", "https://s3.amazonaws.com/bucket/child.yaml")
    parsed = scanned(tmp_path, {"parent.yaml": text})
    assert properties(parsed, "User")["Role"] == "<Child.Outputs.RoleArn>"
    assert [(one.reason, one.line, one.by_design) for one in parsed.skipped] == [
        ("the template of Child is not local", 4, True)
    ]


def test_a_missing_template_is_skipped(tmp_path: Path) -> None:
    (skipped,) = scanned(tmp_path, {"parent.yaml": PARENT}).skipped
    assert skipped.reason == "cannot be read: no such file or directory"
    assert skipped.path.endswith("nested/child.yaml")


def test_a_template_outside_the_confinement_root_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text(CHILD, encoding="utf-8")
    parsed = scanned(tmp_path / "inside", {"parent.yaml": PARENT.replace("nested/child.yaml", "../child.yaml")})
    assert addresses(parsed) == ["Child", "Role", "User"]
    assert len(parsed.skipped) == 1


def test_a_stack_that_nests_itself_ends_with_a_message(tmp_path: Path) -> None:
    text = "Resources:\n  Again: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: loop.yaml}}\n"
    parsed = scanned(tmp_path, {"loop.yaml": text})
    assert len(parsed.resources) == 33
    assert any("stacks nest deeper than 32" in one.reason for one in parsed.skipped)


def test_stacks_that_nest_each_other_keep_a_root(tmp_path: Path) -> None:
    text = "Resources:\n  Next: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: NAME}}\n"
    parsed = scanned(tmp_path, {"a.yaml": text.replace("NAME", "b.yaml"), "b.yaml": text.replace("NAME", "a.yaml")})
    assert [root.rsplit("/", 1)[-1] for root in parsed.roots] == ["a.yaml"]


def test_an_exploding_tree_of_stacks_is_bounded(tmp_path: Path) -> None:
    files = {}
    for level in range(20):
        entry = f"{{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: s{level + 1}.yaml}}}}"
        files[f"s{level}.yaml"] = f"Resources:\n  A: {entry}\n  B: {entry}\n"
    files["s20.yaml"] = "Resources:\n  R: {Type: 'AWS::IAM::Role'}\n"
    parsed = scanned(tmp_path, files, wanted="AWS::IAM::Role".__eq__)
    assert len(parsed.resources) < 10_000
    assert any("more than 10,000" in one.reason for one in parsed.skipped)


def test_an_open_condition_on_the_stack_leaves_what_is_in_it_uncertain(tmp_path: Path) -> None:
    text = PARENT.replace(
        "    Type: AWS::CloudFormation::Stack", "    Condition: C\n    Type: AWS::CloudFormation::Stack"
    )
    text += "Conditions: {C: !Equals [!Ref 'AWS::Region', x]}\n"
    parsed = scanned(tmp_path, {"parent.yaml": text, "nested/child.yaml": CHILD})
    assert not resource(parsed, "Child/Inner").certain
    assert resource(parsed, "Role").certain


def test_an_output_that_depends_on_itself_is_unknown(tmp_path: Path) -> None:
    parent = """\
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {P: !GetAtt Child.Outputs.O}}
"""
    child = "Parameters: {P: {Type: String}}\nResources:\n  R: {Type: 'AWS::IAM::Role', Properties: {Path: !Ref P}}\n"
    child += "Outputs: {O: {Value: !Ref P}}\n"
    parsed = scanned(tmp_path, {"parent.yaml": parent, "child.yaml": child})
    assert properties(parsed, "Child/R") == {"Path": "<Child.Outputs.O>"}


def test_a_stack_set_with_a_block_of_yaml_has_lines_of_the_file(tmp_path: Path) -> None:
    text = """\
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      Parameters: [{ParameterKey: Name, ParameterValue: ops}]
      TemplateBody: |
        Parameters: {Name: {Type: String}}
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties: {RoleName: !Ref Name}
"""
    parsed = scanned(tmp_path, {"t.yaml": text})
    role = resource(parsed, "Set/Role")
    assert role.at.location.line == 9
    assert plain(role.attributes) == {"RoleName": "ops"}


def test_a_stack_set_with_a_json_text_is_placed_at_the_text(tmp_path: Path) -> None:
    inner = json.dumps({"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"Path": "/x/"}}}})
    outer = {"Resources": {"Set": {"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateBody": inner}}}}
    parsed = scanned(tmp_path, {"t.json": json.dumps(outer, indent=1)})
    role = resource(parsed, "Set/Role")
    assert plain(role.attributes) == {"Path": "/x/"}
    assert role.at.location.line == 6


def test_a_stack_set_with_a_local_template_is_read(tmp_path: Path) -> None:
    text = "Resources:\n  Set: {Type: 'AWS::CloudFormation::StackSet', Properties: {TemplateURL: child.yaml}}\n"
    parsed = scanned(tmp_path, {"t.yaml": text, "child.yaml": CHILD})
    assert addresses(parsed) == ["Set", "Set/Inner"]


def test_a_sam_application_with_a_local_location_is_read(tmp_path: Path) -> None:
    text = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
    text += "  App: {Type: 'AWS::Serverless::Application', Properties: {Location: child.yaml, Parameters: {Name: n}}}\n"
    parsed = scanned(tmp_path, {"t.yaml": text, "child.yaml": CHILD})
    assert properties(parsed, "App/Inner")["RoleName"] == "n"


def test_a_sam_application_from_the_repository_is_skipped(tmp_path: Path) -> None:
    text = "Resources:\n  App:\n    Type: AWS::Serverless::Application\n    Properties:\n"
    text += "      Location: {ApplicationId: 'arn:aws:serverlessrepo:::a', SemanticVersion: 1.0.0}\n"
    (skipped,) = scanned(tmp_path, {"t.yaml": text}).skipped
    assert skipped.reason == "the template of App is not local"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("!Sub 'x${AWS::Region}'", "the template of Set cannot be read"),
        ("!Join [':', [!Ref 'AWS::Region', b]]", "the template of Set is only known at deployment"),
        ("'[1'", "the template of Set cannot be read"),
        ("'- 1'", "the template of Set cannot be read"),
    ],
)
def test_a_stack_set_whose_template_cannot_be_read_is_skipped(body: str, reason: str, tmp_path: Path) -> None:
    text = f"Resources:\n  Set: {{Type: 'AWS::CloudFormation::StackSet', Properties: {{TemplateBody: {body}}}}}\n"
    assert [one.reason for one in scanned(tmp_path, {"t.yaml": text}).skipped] == [reason]


def test_a_quoted_template_is_placed_at_the_text_in_every_value(tmp_path: Path) -> None:
    inner = '{\\"Resources\\": {\\"R\\": {\\"Type\\": \\"AWS::IAM::Role\\", \\"Properties\\": {\\"T\\": [1]}}}}'
    text = (
        f'Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      TemplateBody: "{inner}"\n'
    )
    role = resource(scanned(tmp_path, {"t.yaml": text}), "Set/R")
    assert (plain(role.attributes), role.attributes.entries["T"].at.location.line) == ({"T": [1]}, 5)


def test_a_stack_set_that_the_outer_stack_fills_in_is_read_where_it_stands(tmp_path: Path) -> None:
    text = """\
Parameters: {Bucket: {Type: String, Default: notes}}
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      TemplateBody: !Sub |
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              RoleName: !Sub "ops-${!AWS::Region}-${AWS::AccountId}"
              Path: /${Bucket}/
              Description: ${Later}
              Count: 3
"""
    role = resource(scanned(tmp_path, {"t.yaml": text}), "Set/Role")
    assert role.at.location.line == 8
    assert plain(role.attributes) == {
        "RoleName": "ops-<AWS::Region>-<AWS::AccountId>",
        "Path": "/notes/",
        "Description": "<?Later is not declared in the template>",
        "Count": 3,
    }


def test_variables_of_a_filled_in_stack_set_are_those_of_the_outer_stack(tmp_path: Path) -> None:
    inner = json.dumps({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"Path": "/${P}/"}}}})
    body = {"Fn::Sub": [inner, {"P": {"Ref": "AWS::StackName"}}]}
    outer = {"Resources": {"Set": {"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateBody": body}}}}
    parsed = scanned(tmp_path, {"t.json": json.dumps(outer)})
    assert properties(parsed, "Set/R") == {"Path": "/<AWS::StackName>/"}


def test_a_stack_set_with_a_structure_as_its_text_is_read(tmp_path: Path) -> None:
    text = """\
Transform: AWS::LanguageExtensions
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      TemplateBody:
        Fn::ToJsonString:
          Resources:
            Role: {Type: 'AWS::IAM::Role', Properties: {Path: /x/}}
"""
    role = resource(scanned(tmp_path, {"t.yaml": text}), "Set/Role")
    assert (plain(role.attributes), role.at.location.line) == ({"Path": "/x/"}, 9)
