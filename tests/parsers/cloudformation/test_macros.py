"""Macros and modules: what only AWS knows is said, and what they may change is unknown rather than clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.model import Unknown
from parsers.cloudformation.stacks import addresses, plain, properties, resource, scanned, template

if TYPE_CHECKING:
    from pathlib import Path

ROLE = "  A: {Type: 'AWS::IAM::Role', Properties: {Path: /x/}}\n"
AS_WRITTEN = "only runs at deployment; the template is read as written"


def test_a_macro_is_named_and_every_resource_may_be_rewritten(tmp_path: Path) -> None:
    parsed = template(tmp_path, "Transform: [Mine, AWS::LanguageExtensions]\nResources:\n" + ROLE)
    assert addresses(parsed) == ["A"]
    assert [(one.reason, one.line) for one in parsed.skipped] == [(f"macro Mine {AS_WRITTEN}", 1)]
    macro = resource(parsed, "A").siblings["Fn::Transform"]
    assert isinstance(macro, Unknown)
    assert (macro.reason, macro.at.location.line) == ("macro Mine may rewrite it at deployment", 1)


@pytest.mark.parametrize("name", ["AWS::CodeDeployBlueGreen", "AWS::SecretsManager-2024-09-16"])
def test_a_macro_of_aws_that_only_adds_resources_rewrites_nothing(name: str, tmp_path: Path) -> None:
    parsed = template(tmp_path, f"Transform: {name}\nResources:\n{ROLE}")
    assert [one.reason for one in parsed.skipped] == [f"macro {name} {AS_WRITTEN}"]
    assert resource(parsed, "A").siblings == {}


@pytest.mark.parametrize("name", ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"])
def test_what_is_run_here_is_no_macro(name: str, tmp_path: Path) -> None:
    parsed = template(tmp_path, f"Transform: {name}\nResources:\n{ROLE}")
    assert (parsed.skipped, resource(parsed, "A").siblings) == ((), {})


def test_a_macro_of_a_nested_stack_is_named_and_touches_that_stack_only(tmp_path: Path) -> None:
    parent = "Resources:\n  B: {Type: 'AWS::IAM::Role'}\n"
    parent += "  S: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: child.yaml}}\n"
    parsed = scanned(tmp_path, {"parent.yaml": parent, "child.yaml": f"Transform: Mine\nResources:\n{ROLE}"})
    assert [one.reason for one in parsed.skipped] == [f"macro Mine {AS_WRITTEN}"]
    assert "Fn::Transform" in resource(parsed, "S/A").siblings
    assert resource(parsed, "B").siblings == {}


@pytest.mark.parametrize(
    "body",
    ["    Properties: {Path: /x/, 'Fn::Transform': {Name: Mine}}\n", "    Fn::Transform: {Name: Mine}\n"],
    ids=["among the properties", "beside the properties"],
)
def test_a_resource_that_calls_a_macro_may_be_rewritten_and_no_other(body: str, tmp_path: Path) -> None:
    parsed = template(tmp_path, f"Resources:\n  B: {{Type: 'AWS::IAM::Role'}}\n  A:\n    Type: AWS::IAM::Role\n{body}")
    macro = resource(parsed, "A").siblings["Fn::Transform"]
    assert plain(macro) == "<?macro Mine only runs at deployment>"
    assert resource(parsed, "B").siblings == {}


def test_a_local_include_among_the_properties_leaves_nothing_open(tmp_path: Path) -> None:
    text = "Resources:\n  A:\n    Type: AWS::IAM::Role\n    Properties:\n      Fn::Transform:\n"
    text += "        {Name: 'AWS::Include', Parameters: {Location: part.yaml}}\n      Path: /x/\n"
    parsed = scanned(tmp_path, {"t.yaml": text, "part.yaml": "RoleName: ops\n"})
    assert properties(parsed, "A") == {"RoleName": "ops", "Path": "/x/"}
    assert resource(parsed, "A").siblings == {}


def test_a_module_of_the_registry_is_named(tmp_path: Path) -> None:
    text = "Resources:\n  M: {Type: 'Org::S3::Bucket::MODULE'}\n"
    parsed = scanned(tmp_path, {"t.yaml": text}, wanted=lambda _type: False)
    assert [(one.reason, one.line) for one in parsed.skipped] == [
        ("module Org::S3::Bucket::MODULE comes from the registry; what it declares is unknown", 2)
    ]


@pytest.mark.parametrize("reference", ["!GetAtt M.Role.Arn", "!GetAtt MRole.Arn", "!Ref MRole"])
def test_what_a_module_declares_is_unknown_under_both_of_its_names(reference: str, tmp_path: Path) -> None:
    text = "Resources:\n  M: {Type: 'Org::Agents::Support::MODULE'}\n"
    text += f"  A: {{Type: 'AWS::IAM::Role', Properties: {{Path: {reference}}}}}\n"
    parsed = template(tmp_path, text)
    assert properties(parsed, "A") == {"Path": "<?module Org::Agents::Support::MODULE of the registry declares it>"}
