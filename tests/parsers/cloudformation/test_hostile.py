"""Templates that are meant to exhaust or confuse: a message each, bounded work, never an exception."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agentreach.model import MapValue, Scalar, Unknown, is_known
from parsers.cloudformation.stacks import addresses, properties, resource, scanned, template
from parsers.cloudformation.test_intrinsics import CASES

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.model import Parsed


def probe(directory: Path, value: str, *sections: str) -> object:
    text = "Resources:\n  A:\n    Type: T::T::T\n    Properties:\n      V: " + value + "\n" + "".join(sections)
    return properties(template(directory, text), "A").get("V")


def reasons(parsed: Parsed) -> list[str]:
    return [one.reason for one in parsed.skipped]


def test_a_loop_that_explodes_is_cut_with_a_message(tmp_path: Path) -> None:
    many = ", ".join(map(str, range(1000)))
    loop = "{'R${X}x${Y}x${Z}': {Type: 'AWS::S3::Bucket'}}"
    for name in "ZYX":
        loop = f"{{'Fn::ForEach::L{name}': [{name}, [{many}], {loop}]}}"
    parsed = template(
        tmp_path, f"Transform: AWS::LanguageExtensions\nResources: {loop}\nOutputs: {{O: {{Value: a}}}}\n"
    )
    assert len(parsed.resources) <= 10_000
    assert "Fn::ForEach makes more than 10,000 instances; the rest is not read" in reasons(parsed)


def test_loops_in_the_properties_of_a_loop_are_cut_too(tmp_path: Path) -> None:
    many = ", ".join(map(str, range(2000)))
    inner = f"{{'Fn::ForEach::P': [Y, [{many}], {{'K${{Y}}': 'v'}}]}}"
    text = f"Resources:\n  Fn::ForEach::L:\n    - X\n    - [{many}]\n    - 'R${{X}}':\n        Type: AWS::S3::Bucket\n"
    text += f"        Properties: {inner}\n"
    parsed = template(tmp_path, text)
    assert sum(len(one.attributes.entries) for one in parsed.resources) <= 100_000
    assert "Fn::ForEach makes more than 10,000 instances; the rest is not read" in reasons(parsed)


def test_ten_thousand_instances_are_read(tmp_path: Path) -> None:
    many = ", ".join(map(str, range(10_000)))
    text = f"Resources:\n  Fn::ForEach::L:\n    - X\n    - [{many}]\n    - 'R${{X}}': {{Type: 'AWS::S3::Bucket'}}\n"
    assert len(template(tmp_path, text).resources) == 10_000


def test_text_that_doubles_with_every_level_is_bounded(tmp_path: Path) -> None:
    value = "xxxxxxxxxx"
    for _ in range(60):
        value = '{"Fn::Sub": ["${A}${A}", {"A": ' + value + "}]}"
    found = str(probe(tmp_path, value))
    assert found.startswith("<?the text is longer than the limit for strings>")
    assert len(found) < 10_000_000


def test_choices_that_multiply_are_bounded(tmp_path: Path) -> None:
    parameters = "Parameters:\n  P: {Type: String, AllowedValues: [a, b, c, d]}\n"
    found = probe(tmp_path, "!Sub '" + "${P}" * 40 + "'", parameters)
    assert found == "<?parameter P has no value>" * 40


def test_a_long_chain_of_names_ends(tmp_path: Path) -> None:
    lines = [f"  R{n}: {{Type: 'AWS::S3::Bucket', Properties: {{BucketName: !Ref R{n + 1}}}}}" for n in range(3000)]
    last = "  R3000: {Type: 'AWS::S3::Bucket', Properties: {BucketName: end}}"
    parsed = template(tmp_path, "Resources:\n" + "\n".join([*lines, last]) + "\n")
    assert properties(parsed, "R2999") == {"BucketName": "end"}
    assert "R0" in addresses(parsed)


def test_a_long_chain_of_conditions_ends(tmp_path: Path) -> None:
    lines = [f"  C{n}: !Not [!Condition C{n + 1}]" for n in range(3000)]
    text = "Conditions:\n" + "\n".join([*lines, "  C3000: !Equals [a, a]"]) + "\n"
    text += (
        "Resources:\n  A: {Type: 'AWS::S3::Bucket', Condition: C0}\n  B: {Type: 'AWS::S3::Bucket', Condition: C2990}\n"
    )
    parsed = template(tmp_path, text)
    assert not resource(parsed, "A").certain
    assert resource(parsed, "B").certain


def test_conditions_that_share_others_are_decided_once_each(tmp_path: Path) -> None:
    lines = [f"  C{n}: !And [!Condition C{n + 1}, !Condition C{n + 1}]" for n in range(60)]
    text = "Conditions:\n" + "\n".join([*lines, "  C60: !Equals [!Ref 'AWS::Region', a]"]) + "\n"
    text += "Resources:\n  A: {Type: 'AWS::S3::Bucket', Condition: C0, Properties: {BucketName: !If [C1, x, y]}}\n"
    assert not resource(template(tmp_path, text), "A").certain


def test_intrinsics_nested_two_hundred_deep_are_read(tmp_path: Path) -> None:
    value = "x"
    for _ in range(60):
        value = '{"Fn::Join": ["", [' + value + ", y]]}"
    found = probe(tmp_path, value)
    assert str(found).startswith(("x", "<?"))
    value = "x"
    for _ in range(190):
        value = '{"a": ' + value + "}"
    assert isinstance(probe(tmp_path, value), dict)


def test_a_template_nested_too_deep_is_broken(tmp_path: Path) -> None:
    text = json.dumps({"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {}}}})
    text = text.replace("{}", "[" * 500 + "]" * 500)
    (broken,) = scanned(tmp_path, {"t.json": text}).broken
    assert broken.message == "nested deeper than 200 levels"


def test_an_alias_bomb_is_broken(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    text = "AWSTemplateFormatVersion: '2010-09-09'\n" + "\n".join(lines)
    (broken,) = scanned(tmp_path, {"t.yaml": text}).broken
    assert broken.message == "aliases stand for more than 1,000,000 nodes"


def test_a_recursive_anchor_is_broken(tmp_path: Path) -> None:
    text = "Resources:\n  A: &a\n    Type: AWS::S3::Bucket\n    Properties: {Tags: *a}\n"
    (broken,) = scanned(tmp_path, {"t.yaml": text}).broken
    assert (broken.message, broken.at.location.line) == ("alias *a refers to the value that contains it", 4)


def test_a_resource_written_twice_is_named(tmp_path: Path) -> None:
    text = "Resources:\n  A: {Type: 'AWS::S3::Bucket'}\n  A: {Type: 'AWS::IAM::Role'}\n"
    parsed = template(tmp_path, text)
    assert [one.type for one in parsed.resources] == ["AWS::IAM::Role"]
    assert [(one.reason, one.line, one.by_design) for one in parsed.skipped] == [
        ("key 'A' is written again in line 3; the value here is ignored", 2, False)
    ]


def test_json_with_comments_is_broken_with_its_place(tmp_path: Path) -> None:
    text = '{\n  // the roles\n  "Resources": {"A": {"Type": "AWS::IAM::Role"}}\n}\n'
    (broken,) = scanned(tmp_path, {"t.json": text}).broken
    assert (broken.message, broken.at.location.line) == ("JSON syntax: comments are not allowed in JSON", 2)


def test_a_tag_that_asks_for_a_python_object_makes_none(tmp_path: Path) -> None:
    marker = tmp_path / "made"
    found = probe(tmp_path, f"!!python/object/apply:os.system ['touch {marker}']")
    assert found == [f"touch {marker}"]
    assert not marker.exists()


def test_a_key_that_is_a_list_is_broken(tmp_path: Path) -> None:
    text = "Resources:\n  A: {Type: 'AWS::S3::Bucket'}\n  ? [x, y]\n  : 1\n"
    (broken,) = scanned(tmp_path, {"t.yaml": text}).broken
    assert broken.message == "expected a plain string as key, found a list or a mapping"


def test_a_template_of_five_megabytes_and_six_thousand_resources_is_analysed(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"] * 20, "Resource": {"Fn::Sub": "arn:aws:s3:::${B}/*"}}
    body = {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    resources = {f"P{n}": {"Type": "AWS::IAM::ManagedPolicy", "Properties": body} for n in range(6000)}
    text = json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket"}, **resources}}, indent=2)
    assert len(text) > 5_000_000
    parsed = scanned(tmp_path, {"t.json": text})
    assert len(parsed.resources) == 6001
    assert parsed.skipped == ()


@pytest.mark.parametrize(
    "resources",
    [
        "A: 1, B: [], C: null, D: {Type: 5}, E: {Type: [a]}, F: {}, G: {Type: 'AWS::S3::Bucket', Properties: 1}",
        "A: {Type: 'AWS::S3::Bucket', Condition: [1]}",
        "A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ''}}",
        "A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: .}}",
        "A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: \"x\\0y\"}}",
        "A: {Type: 'AWS::CloudFormation::StackSet', Properties: {TemplateBody: '['}}",
        "A: {Type: 'AWS::Serverless::Function'}, B: {Type: 'AWS::Serverless::Function', Properties: []}",
        "A: {FUNCTION: {Policies: [1, [], {}, {X: {}}, null], Events: [1]}}",
        "A: {FUNCTION: {Events: {E: 1, F: {}, G: {Type: SQS}, H: {Type: MQ}}}}",
        "A: {FUNCTION: {Policies: {'Fn::If': [1]}, Role: {'Fn::If': []}}}",
        "A: {FUNCTION: {}, Connectors: {C: 1, D: {Properties: {Destination: {Id: A}}}}}",
        "A: {Type: 'AWS::Serverless::StateMachine', Properties: {Events: {E: {Type: Api}}, DefinitionUri: []}}",
        "A: {Type: 'AWS::Serverless::Connector', Properties: {Source: 1, Destination: [2, {}]}}",
        "'': {Type: 'AWS::S3::Bucket'}, 'a/b': {Type: 'AWS::S3::Bucket'}",
    ],
)
def test_nonsense_in_a_resource_is_survived(resources: str, tmp_path: Path) -> None:
    text = resources.replace("FUNCTION", "Type: 'AWS::Serverless::Function', Properties")
    _survived(template(tmp_path, f"AWSTemplateFormatVersion: x\nResources: {{{text}}}\n"))


@pytest.mark.parametrize(
    "sections",
    [
        "Parameters: [1]\nMappings: 5\nConditions: x\nOutputs: [a]\nGlobals: x",
        "Parameters: {P: 1, Q: {Type: [], Default: {}}}",
        "Transform: [1, {}, [], {Name: [x]}]",
        "Globals: {Function: {Tags: [1]}}",
        "Conditions: {C: [], D: {'Fn::Equals': 1}, E: {'Fn::And': [{Condition: []}]}}",
    ],
)
def test_nonsense_in_a_section_is_survived(sections: str, tmp_path: Path) -> None:
    text = "\nResources:\n  A: {Type: 'a::b::c', Properties: {V: !Ref P, W: !Ref Q, X: !If [C, !If [D, 1, 2], 3]}}\n"
    text += "  B: {Type: 'AWS::Serverless::Function', Condition: E, Properties: {Tags: {a: b}}}\n"
    _survived(template(tmp_path, sections + text))


def _survived(parsed: Parsed) -> None:
    assert parsed.files == 1
    assert all(is_known(one.attributes) in {True, False} for one in parsed.resources)


ARGUMENTS = st.recursive(
    st.sampled_from([case.expression for case in CASES])
    | st.sampled_from(["a", "1", "''", "[]", "{}", "null", "Always", "IsProd", "Named", "Stage", "'${X}'", "!Ref X"]),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: "[" + ", ".join(items) + "]")
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(
            lambda entries: "{" + ", ".join(f"{name}: {value}" for name, value in entries.items()) + "}"
        )
    ),
    max_leaves=6,
)
NAMES = (
    "Ref Fn::And Fn::Base64 Fn::Cidr Fn::Equals Fn::FindInMap Fn::ForEach::L Fn::GetAZs Fn::GetAtt Fn::GetStackOutput "
    "Fn::If Fn::ImportValue Fn::Join Fn::Length Fn::Not Fn::Or Fn::Select Fn::Split Fn::Sub Fn::ToJsonString "
    "Fn::Transform"
)
FUNCTIONS = st.sampled_from(NAMES.split())


@given(function=FUNCTIONS, argument=ARGUMENTS)
@example(function="Fn::If", argument="[IsProd, !If [IsProd, a, !Ref 'AWS::NoValue'], {a: 1}]")
@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_function_of_anything_gives_a_value_with_a_place(
    function: str, argument: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("t")
    text = "Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\n"
    text += "Resources:\n  A: {Type: 'AWS::S3::Bucket'}\n  B:\n    Type: T::T::T\n"
    text += f"    Properties: {{V: {{'{function}': {argument}}}}}\n"
    for one in template(directory, text).resources:
        assert 0 <= one.at.start <= one.at.end <= len(text)
        _places(one.attributes, len(text))


def _places(value: MapValue, end: int) -> None:
    for entry in value.entries.values():
        assert 0 <= entry.at.start <= entry.at.end <= end
        if isinstance(entry, MapValue):
            _places(entry, end)


@given(text=st.text(alphabet="${}!&.: AwsRegionStage"))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_substituted(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("t")
    body = {"Resources": {"A": {"Type": "T::T::T", "Properties": {"V": {"Fn::Sub": text}}}}}
    value = resource(scanned(directory, {"t.json": json.dumps(body)}), "A").attributes.entries["V"]
    if "${" not in text:
        assert isinstance(value, Scalar)
        assert value.value == text
    if isinstance(value, Unknown):
        assert value.at.text.startswith("${")
