"""Terragrunt units: the module they name, the inputs they give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.model import Key, Reference
from parsers.terraform.loading import attribute, line, parsed

if TYPE_CHECKING:
    from pathlib import Path


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
        "live/a/terragrunt.hcl": "include {\n  path = find_in_parent_folders()\n}\ninputs = {\n  name = basename(get_terragrunt_dir())\n}\n",
    }
    found = parsed(tmp_path, files)
    assert [(one.key.root.rpartition("/")[2], attribute(one, "name")) for one in found.resources] == [("a", "a-dev")]


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


ROLE = 'variable "name" {\n  default = "none"\n}\nresource "aws_iam_role" "r" {\n  name = var.name\n}\n'


def name_of(directory: Path, unit: str, more: dict[str, str] | None = None) -> object:
    """The name of the role of a unit two folders deep, whose module lies beside the folders."""
    text = 'terraform {\n  source = "../../m"\n}\n' + unit
    found = parsed(directory, {"m/main.tf": ROLE, "live/unit/terragrunt.hcl": text, **(more or {})})
    (role,) = (one for one in found.resources if one.key.address == "aws_iam_role.r")
    return attribute(role, "name")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("basename(get_terragrunt_dir())", "unit"),
        ("basename(dirname(get_terragrunt_dir()))", "live"),
        ("basename(get_original_terragrunt_dir())", "unit"),
        ('basename(dirname(find_in_parent_folders("stage.yaml")))', "live"),
        ('yamldecode(file(find_in_parent_folders("stage.yaml"))).stage', "prod"),
        ('yamldecode(file("${get_repo_root()}/live/stage.yaml")).stage', "prod"),
        ('yamldecode(file("../stage.yaml")).stage', "prod"),
        ("get_path_from_repo_root()", "live/unit"),
        ("get_path_to_repo_root()", "../.."),
        ('find_in_parent_folders("none.hcl", "fallback")', "fallback"),
        ('read_terragrunt_config("none.hcl", { locals = { a = "fallback" } }).locals.a', "fallback"),
        ('read_terragrunt_config(find_in_parent_folders("r.hcl")).locals.a', "live-unit"),
        ('get_env("STAGE", "dev")', "dev"),
        ('get_env("STAGE")', "?an environment variable without a default"),
        ("get_aws_account_id()", "?the account"),
        ('run_cmd("id")', "?run_cmd() is not a function that is evaluated here"),
        ("feature.f.value", "on"),
        ("feature.g.value", "?'feature' is only known while Terragrunt runs"),
        ('find_in_parent_folders(["a"]...)', "?find_in_parent_folders() is not a function that is evaluated here"),
    ],
)
def test_functions_of_terragrunt(tmp_path: Path, expression: str, expected: object) -> None:
    more = {
        "live/stage.yaml": "stage: prod\n",
        "live/r.hcl": 'locals {\n  b = basename(get_terragrunt_dir())\n  a = "${local.b}-${basename(get_original_terragrunt_dir())}"\n}\n',
    }
    unit = f'feature "f" {{\n  default = "on"\n}}\ninputs = {{\n  name = {expression}\n}}\n'
    assert name_of(tmp_path, unit, more) == expected


def test_a_file_that_is_only_looked_for_need_not_be_terragrunt(tmp_path: Path) -> None:
    unit = 'inputs = {\n  name = basename(find_in_parent_folders("a.yaml"))\n}\n'
    files = {"m/main.tf": ROLE, "u/terragrunt.hcl": 'terraform {\n  source = "../m"\n}\n' + unit, "a.yaml": "a: [\n"}
    found = parsed(tmp_path, files)
    assert found.broken == ()
    assert attribute(found.resources[0], "name") == "a.yaml"


def test_values_files_that_a_unit_passes_win_over_its_inputs(tmp_path: Path) -> None:
    unit = """
terraform {
  extra_arguments "x" {
    required_var_files = ["${get_terragrunt_dir()}/../a.tfvars"]
    optional_var_files = [find_in_parent_folders("none.tfvars", "none.tfvars")]
  }
}
inputs = {
  name = "input"
}
"""
    assert name_of(tmp_path, unit, {"live/a.tfvars": 'name = "file"\n'}) == "file"


def test_values_files_that_are_not_known_are_named(tmp_path: Path) -> None:
    unit = 'terraform {\n  source = "../m"\n  extra_arguments "x" {\n    optional_var_files = ["${get_env("X")}.tfvars"]\n  }\n}\n'
    found = parsed(tmp_path, {"m/main.tf": ROLE, "u/terragrunt.hcl": unit})
    assert [(one.line, one.reason) for one in found.skipped] == [(3, "optional_var_files: not all files are known")]


MOCKED = """
dependency "d" {
  config_path  = "../gone"
  SKIP
  mock_outputs = {
    name = "mock"
  }
}
inputs = {
  name = dependency.d.outputs.name
}
"""


def test_mock_outputs_are_not_taken_for_the_real_ones(tmp_path: Path) -> None:
    reason = "?the dependency's module is not read, and mock outputs only stand in for it"
    assert name_of(tmp_path, MOCKED.replace("SKIP", "")) == reason


def test_mock_outputs_are_the_outputs_where_the_unit_reads_no_others(tmp_path: Path) -> None:
    assert name_of(tmp_path, MOCKED.replace("SKIP", "skip_outputs = true")) == "mock"


GENERATING = """
locals {
  stage = "prod"
}
generate "role" {
  path      = "generated.tf"
  if_exists = "IF_EXISTS"
  contents  = <<EOT
resource "aws_iam_role" "r" {
  name = "generated-${local.stage}"
}
EOT
}
"""


def test_a_generated_file_is_part_of_the_unit_on_its_own_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = parsed(tmp_path, {"u/terragrunt.hcl": GENERATING})
    (role,) = found.resources
    assert (role.key.root, attribute(role, "name")) == ("u", "generated-prod")
    assert (role.at.location.path, role.at.location.line) == ("u/terragrunt.hcl", 9)
    assert line(role.attributes.entries["name"]) == 10


def test_a_generated_file_takes_the_place_of_the_modules_unless_it_gives_way(tmp_path: Path) -> None:
    names = {}
    for exists in ("overwrite", "overwrite_terragrunt", "skip"):
        text = 'terraform {\n  source = "../m"\n}\n' + GENERATING.replace("IF_EXISTS", exists)
        found = parsed(tmp_path / exists, {"m/generated.tf": ROLE, "u/terragrunt.hcl": text})
        names[exists] = [attribute(one, "name") for one in found.resources]
    assert names == {
        "overwrite": ["generated-prod"],
        "overwrite_terragrunt": ["generated-prod"],
        "skip": ["none"],
    }


def test_what_an_included_file_generates_counts_unless_the_unit_generates_it_itself(tmp_path: Path) -> None:
    files = {
        "root.hcl": GENERATING,
        "a/terragrunt.hcl": 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n',
        "b/terragrunt.hcl": 'include "root" {\n  path = "../root.hcl"\n}\n'
        'generate "role" {\n  path = "own.tf"\n  if_exists = "skip"\n  contents = "resource \\"aws_iam_role\\" \\"own\\" {}"\n}\n',
        "c/terragrunt.hcl": 'include "root" {\n  path = "../root.hcl"\n  merge_strategy = "no_merge"\n}\n',
        "d/terragrunt.hcl": 'generate = read_terragrunt_config("../root.hcl").generate\n',
        "e/terragrunt.hcl": GENERATING.replace("  path  ", "  disable = true\n  path  "),
    }
    found = [(one.key.root.rpartition("/")[2], one.key.address) for one in parsed(tmp_path, files).resources]
    assert found == [("a", "aws_iam_role.r"), ("b", "aws_iam_role.own"), ("d", "aws_iam_role.r")]


def test_contents_that_are_not_known_are_named(tmp_path: Path) -> None:
    text = GENERATING.replace('"prod"', 'get_env("STAGE")')
    found = parsed(tmp_path, {"u/terragrunt.hcl": text})
    assert found.resources == ()
    reasons = [(one.line, one.reason) for one in found.skipped]
    assert reasons == [(5, "generate 'role': the file's name or contents are not known")]


def test_an_error_in_a_generated_file_is_one_of_the_file_that_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = parsed(tmp_path, {"u/terragrunt.hcl": GENERATING.replace("\n}\nEOT", "\nEOT")})
    (broken,) = found.broken
    assert (broken.at.source.path, broken.at.location.line) == ("u/terragrunt.hcl", 9)


def test_what_is_generated_elsewhere_or_is_no_code_declares_nothing(tmp_path: Path) -> None:
    for name in ("../m/x.tf", "notes.txt", ".tflint.hcl"):
        text = GENERATING.replace("generated.tf", name)
        assert parsed(tmp_path / name.replace("/", "-"), {"u/terragrunt.hcl": text}).resources == ()


def test_an_include_path_that_needs_another_unit_is_not_known(tmp_path: Path) -> None:
    unit = 'dependency "d" {\n  config_path = "."\n}\ninclude {\n  path = dependency.d.outputs.x\n}\n'
    found = parsed(tmp_path, {"u/terragrunt.hcl": unit})
    assert [(one.line, one.reason) for one in found.skipped] == [(4, "include: its path is not known")]


def test_local_values_and_files_that_multiply_are_read_once(tmp_path: Path) -> None:
    doubling = "".join(f"  l{n} = [local.l{n + 1}[0], local.l{n + 1}[0]]\n" for n in range(60))
    reading = "".join(f'  r{n} = read_terragrunt_config("many.hcl", {{}})\n' for n in range(60))
    files = {
        "m/main.tf": ROLE,
        "u/many.hcl": f'locals {{\n{reading}  found = local.r59\n  name = local.l0[1]\n{doubling}  l60 = ["end"]\n}}\n',
        "u/terragrunt.hcl": 'terraform {\n  source = "../m"\n}\ninputs = {\n  name = read_terragrunt_config("many.hcl").locals.name\n}\n',
    }
    assert attribute(parsed(tmp_path, files).resources[0], "name") == "end"


def test_a_stack_is_named_and_what_was_generated_from_it_is_read(tmp_path: Path) -> None:
    unit = 'terraform {\n  source = "../../../m"\n}\ninputs = {\n  name = "made"\n}\n'
    files = {"m/main.tf": ROLE, "live/terragrunt.stack.hcl": "", "live/.terragrunt-stack/u/terragrunt.hcl": unit}
    found = parsed(tmp_path, files)
    assert [attribute(one, "name") for one in found.resources] == ["made"]
    assert [one.reason for one in found.skipped] == ["a stack is not analysed before terragrunt stack generate has run"]


def test_a_template_of_a_unit_is_skipped_by_design(tmp_path: Path) -> None:
    text = "inputs = {\n{{ range .variables }}\n  # {{ .Description }}\n  {{ .Name }} = {{ .Default }}\n{{ end }}\n}\n"
    found = parsed(tmp_path, {".boilerplate/terragrunt.hcl": text})
    assert found.broken == ()
    (skipped,) = found.skipped
    assert (skipped.by_design, skipped.reason) == (True, "a template that boilerplate fills in, not Terragrunt yet")
