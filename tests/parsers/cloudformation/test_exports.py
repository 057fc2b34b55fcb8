"""Fn::ImportValue across the templates of a scan.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.cloudformation.stacks import properties, scanned

if TYPE_CHECKING:
    from pathlib import Path

EXPORTING = """\
Parameters: {Stage: {Type: String, Default: dev}}
Conditions: {Never: !Equals [a, b]}
Resources:
  Role: {Type: 'AWS::IAM::Role'}
Outputs:
  Literal: {Value: !GetAtt Role.Arn, Export: {Name: ops-role}}
  ByParameter: {Value: x, Export: {Name: !Sub 'name-${Stage}'}}
  ByStack: {Value: y, Export: {Name: !Sub '${AWS::StackName}-role'}}
  NotExported: {Value: z}
  Gone: {Value: g, Condition: Never, Export: {Name: gone}}
"""


def _imported(directory: Path, name: str, **more: str) -> object:
    text = "Parameters: {Stack: {Type: String}}\nResources:\n  A:\n    Type: T::T::T\n"
    text += f"    Properties:\n      V: {name}\n"
    return properties(scanned(directory, {"a.yaml": EXPORTING, "b.yaml": text, **more}), "A")["V"]


def test_a_literal_name_gives_the_other_templates_value(tmp_path: Path) -> None:
    assert _imported(tmp_path, "!ImportValue ops-role") == "<Role.Arn>"


def test_a_name_built_from_parameters_is_found(tmp_path: Path) -> None:
    assert _imported(tmp_path, "{'Fn::ImportValue': 'name-dev'}") == "x"


def test_a_name_with_a_stack_name_leaves_the_export_possible(tmp_path: Path) -> None:
    expected = ("one of", "y", "<?net-role is exported by no scanned template>")
    assert _imported(tmp_path, "!ImportValue net-role") == expected


def test_both_names_with_a_stack_name_leave_the_export_possible(tmp_path: Path) -> None:
    found = _imported(tmp_path, "{'Fn::ImportValue': !Sub '${Stack}-role'}")
    assert found == (
        "one of",
        "<Role.Arn>",
        "y",
        "<?a name only known at deployment is exported by no scanned template>",
    )


def test_nothing_exported_is_unknown(tmp_path: Path) -> None:
    assert _imported(tmp_path, "!ImportValue nobody") == "<?nobody is exported by no scanned template>"


def test_an_output_under_a_false_condition_is_not_exported(tmp_path: Path) -> None:
    assert _imported(tmp_path, "!ImportValue gone") == "<?gone is exported by no scanned template>"


def test_two_exports_of_one_name_are_both_possible(tmp_path: Path) -> None:
    other = "Resources: {R: {Type: 'AWS::S3::Bucket'}}\nOutputs: {O: {Value: other, Export: {Name: ops-role}}}\n"
    found = _imported(tmp_path, "!ImportValue ops-role", **{"c.yaml": other})
    assert found == ("one of", "<Role.Arn>", "other")


def test_a_nested_stack_exports_too(tmp_path: Path) -> None:
    outer = "Resources: {N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: inner/i.yaml}}}\n"
    inner = "Resources: {R: {Type: 'AWS::IAM::Role'}}\nOutputs: {O: {Value: !GetAtt R.Arn, Export: {Name: inner}}}\n"
    found = _imported(tmp_path, "!ImportValue inner", **{"outer.yaml": outer, "inner/i.yaml": inner})
    assert found == "<N/R.Arn>"


def test_an_export_that_imports_itself_is_unknown(tmp_path: Path) -> None:
    other = "Resources: {R: {Type: 'AWS::S3::Bucket'}}\nOutputs: {O: {Value: !ImportValue me, Export: {Name: me}}}\n"
    found = _imported(tmp_path, "!ImportValue me", **{"c.yaml": other})
    assert found == "<?output O depends on itself>"
