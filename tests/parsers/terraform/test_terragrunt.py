"""Terragrunt units: the module they name, the inputs they give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Key, Reference
from parsers.terraform.loading import attribute, parsed

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MODULE = """
variable "name" {}

variable "stage" {
  default = "dev"
}

resource "aws_iam_role" "r" {
  name = "${var.name}-${var.stage}"
}
"""


def test_a_unit_is_a_root_that_gives_its_module_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "modules/role/main.tf": MODULE,
        "live/prod/terragrunt.hcl": """
locals {
  stage = "prod"
}
terraform {
  source = "../../modules//role"
}
inputs = {
  name  = "ops"
  stage = local.stage
}
""",
    }
    found = parsed(tmp_path, files)
    assert found.roots == ("live/prod",)
    (role,) = found.resources
    assert (role.key.root, attribute(role, "name")) == ("live/prod", "ops-prod")


def test_inputs_that_only_terragrunt_knows_are_unknown(tmp_path: Path) -> None:
    files = {
        "m/main.tf": MODULE,
        "u/terragrunt.hcl": 'dependency "x" {\n  config_path = "../x"\n}\nterraform {\n  source = "../m"\n}\n'
        "inputs = {\n  name = dependency.x.outputs.name\n}\n",
    }
    (role,) = parsed(tmp_path, files).resources
    assert attribute(role, "name") == "<?'dependency' is only known while Terragrunt runs>-dev"


def test_a_unit_without_a_source_uses_its_own_directory(tmp_path: Path) -> None:
    (role,) = parsed(tmp_path, {"main.tf": MODULE, "terragrunt.hcl": 'inputs = {\n  name = "ops"\n}\n'}).resources
    assert attribute(role, "name") == "ops-dev"


def test_values_files_win_over_inputs(tmp_path: Path) -> None:
    files = {"main.tf": MODULE, "terragrunt.hcl": 'inputs = {\n  name = "ops"\n}\n', "a.auto.tfvars": 'name = "own"\n'}
    (role,) = parsed(tmp_path, files).resources
    assert attribute(role, "name") == "own-dev"


def test_a_unit_of_a_remote_module_is_skipped_by_design_and_named(tmp_path: Path) -> None:
    found = parsed(tmp_path, {"terragrunt.hcl": 'terraform {\n  source = "git::https://x.io/m.git//role?ref=v1"\n}\n'})
    assert found.resources == ()
    (skipped,) = found.skipped
    assert skipped.reason.startswith("terraform source: git::https://x.io/m.git//role?ref=v1 is not downloaded")
    assert skipped.by_design


def test_files_of_the_unit_replace_those_of_the_module_with_their_name(tmp_path: Path) -> None:
    files = {
        "m/main.tf": 'resource "aws_iam_role" "r" {\n  name = "module"\n}\n',
        "m/more.tf": 'resource "aws_iam_role" "more" {\n  name = local.name\n}\n',
        "u/main.tf": 'locals {\n  name = "unit"\n}\nresource "aws_iam_role" "r" {\n  name = local.name\n}\n',
        "u/terragrunt.hcl": 'terraform {\n  source = "../m"\n}\n',
    }
    found = parsed(tmp_path, files).resources
    assert {one.key.address: attribute(one, "name") for one in found} == {
        "aws_iam_role.r": "unit",
        "aws_iam_role.more": "unit",
    }
    assert len(found) == 2


def test_values_files_of_the_unit_count_for_its_module(tmp_path: Path) -> None:
    files = {
        "m/main.tf": MODULE,
        "m/terraform.tfvars": 'name = "module"\nstage = "test"\n',
        "u/x.auto.tfvars": 'name = "unit"\n',
        "u/terragrunt.hcl": 'terraform {\n  source = "../m"\n}\n',
    }
    (role,) = parsed(tmp_path, files).resources
    assert attribute(role, "name") == "unit-test"


INCLUDING = """
include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}
terraform {
  source = "${get_parent_terragrunt_dir()}/../modules//role"
}
locals {
  stage = read_terragrunt_config(find_in_parent_folders("stage.hcl"))
}
inputs = {
  name = "${include.root.locals.team}-${path_relative_to_include()}"
}
"""


def test_a_unit_gets_the_inputs_and_names_of_what_it_includes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "modules/role/main.tf": MODULE,
        "live/root.hcl": 'locals {\n  team = "ops"\n}\ninputs = {\n  name  = "overridden"\n  stage = "live"\n}\n',
        "live/prod/stage.hcl": 'locals {\n  stage = "prod"\n}\n',
        "live/prod/role/terragrunt.hcl": INCLUDING,
        "live/prod/other/terragrunt.hcl": INCLUDING.replace(
            "inputs = {", "inputs = {\n  stage = local.stage.locals.stage"
        ),
    }
    found = parsed(tmp_path, files)
    assert found.roots == ("live/prod/other", "live/prod/role")
    assert [attribute(role, "name") for role in found.resources] == ["ops-prod/other-prod", "ops-prod/role-live"]
    assert {"live/root.hcl", "live/prod/stage.hcl"} <= {source.path for source in found.sources}


def test_an_included_file_may_name_the_module_and_is_no_unit_itself(tmp_path: Path) -> None:
    files = {
        "modules/role/main.tf": MODULE,
        "live/terragrunt.hcl": 'terraform {\n  source = "${get_parent_terragrunt_dir()}/../modules//role"\n}\n',
        "live/a/terragrunt.hcl": "include {\n  path = find_in_parent_folders()\n}\ninputs = {\n  name = get_terragrunt_dir()\n}\n",
    }
    found = parsed(tmp_path, files)
    assert [(one.key.root.rpartition("/")[2], attribute(one, "name")) for one in found.resources] == [("a", ".-dev")]


def test_inputs_are_merged_deeply_where_the_unit_says_so(tmp_path: Path) -> None:
    module = 'variable "tags" {}\nresource "aws_iam_role" "r" {\n  tags = var.tags\n}\n'
    unit = 'include "p" {\n  path = "../p.hcl"\n  merge_strategy = "STRATEGY"\n}\n'
    unit += 'terraform {\n  source = "../m"\n}\ninputs = {\n  tags = { b = 2 }\n}\n'
    files = {"m/main.tf": module, "p.hcl": "inputs = {\n  tags = { a = 1, b = 1 }\n}\n"}
    tags = {}
    for strategy in ("deep", "shallow", "no_merge"):
        text = unit.replace("STRATEGY", strategy)
        (role,) = parsed(tmp_path / strategy, {**files, "u/terragrunt.hcl": text}).resources
        tags[strategy] = attribute(role, "tags")
    assert tags == {"deep": {"a": 1, "b": 2}, "shallow": {"b": 2}, "no_merge": {"b": 2}}


DEPENDENT = """
dependency "role" {
  config_path = "../role"
}
terraform {
  source = "../../modules/policy"
}
inputs = {
  role = dependency.role.outputs.arn
  name = dependency.role.outputs.name
}
"""


def test_outputs_of_another_unit_are_those_of_its_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outputs = 'output "arn" {\n  value = aws_iam_role.r.arn\n}\noutput "name" {\n  value = aws_iam_role.r.name\n}\n'
    policy = 'variable "role" {}\nvariable "name" {}\nresource "aws_iam_role_policy" "p" {\n  role = var.role\n  name = var.name\n}\n'
    files = {
        "modules/role/main.tf": MODULE + outputs,
        "modules/policy/main.tf": policy,
        "live/role/terragrunt.hcl": 'terraform {\n  source = "../../modules/role"\n}\ninputs = {\n  name = "ops"\n}\n',
        "live/policy/terragrunt.hcl": DEPENDENT,
    }
    found = {one.key.address: one for one in parsed(tmp_path, files).resources}
    value = found["aws_iam_role_policy.p"].attributes.entries["role"]
    assert isinstance(value, Reference)
    assert (value.key, value.attribute) == (Key("live/role", "aws_iam_role.r"), "arn")
    assert found["aws_iam_role.r"].key == value.key
    assert attribute(found["aws_iam_role_policy.p"], "name") == "ops-dev"


def test_units_that_depend_on_each_other_are_unknown_and_end(tmp_path: Path) -> None:
    module = 'variable "x" {}\nresource "aws_iam_role" "r" {\n  name = var.x\n}\noutput "x" {\n  value = var.x\n}\n'
    unit = 'dependency "d" {{\n  config_path = "../{0}"\n}}\nterraform {{\n  source = "../m"\n}}\ninputs = {{\n  x = dependency.d.outputs.x\n}}\n'
    files = {"m/main.tf": module, "a/terragrunt.hcl": unit.format("b"), "b/terragrunt.hcl": unit.format("a")}
    names = [attribute(one, "name") for one in parsed(tmp_path, files).resources]
    assert names == ["?units depend on each other in a circle, or in too long a chain"] * 2


def test_a_public_module_of_a_unit_stands_where_the_unit_is_written(tmp_path: Path) -> None:
    source = "tfr:///terraform-aws-modules/iam/aws//modules/iam-assumable-role?version=5.0.0"
    text = f'terraform {{\n  source = "{source}"\n}}\ninputs = {{\n  role_name = "ops"\n}}\n'
    found = parsed(tmp_path, {"terragrunt.hcl": text})
    role = next(one for one in found.resources if one.type == "aws_iam_role")
    assert attribute(role, "name") == "ops"
    assert role.at.source is found.sources[0]


def test_files_outside_of_the_project_are_not_included(tmp_path: Path) -> None:
    unit = 'include "p" {\n  path = "../../p.hcl"\n}\nterraform {\n  source = "./m"\n}\n'
    (tmp_path / "p.hcl").write_text('inputs = {\n  name = "secret"\n}\n', encoding="utf-8")
    files = {"a/terragrunt.hcl": unit, "a/m/main.tf": MODULE}
    found = parsed(tmp_path / "project", files)
    (role,) = found.resources
    assert attribute(role, "name") == "<?variable 'name' has no value>-dev"
    assert [(one.line, one.reason) for one in found.skipped] == [(1, "include: the file cannot be read")]


def test_what_two_units_need_in_vain_is_said_once(tmp_path: Path) -> None:
    policy = 'variable "role" {}\nvariable "name" {}\nresource "aws_iam_role_policy" "p" {\n  role = var.role\n}\n'
    files = {
        "modules/policy/main.tf": policy,
        "live/role/terragrunt.hcl": 'terraform {\n  source = "git::https://x.io/role.git"\n}\n',
        "live/policy/terragrunt.hcl": DEPENDENT,
    }
    found = parsed(tmp_path, files)
    (skipped,) = found.skipped
    assert skipped.reason.startswith("terraform source: git::https://x.io/role.git is not downloaded")
    (resource,) = found.resources
    assert attribute(resource, "role") == "?the module of the unit is not read"
