"""Variables: where their values come from, and what their types make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.parsers.terraform import TerraformOptions
from parsers.terraform.loading import attribute, line, parsed, resources, write

if TYPE_CHECKING:
    from pathlib import Path

ROLE = 'resource "aws_iam_role" "r" {\n  name = var.name\n}\n'


def name(directory: Path, files: dict[str, str], options: TerraformOptions | None = None) -> object:
    return attribute(resources(directory, files, options)["aws_iam_role.r"], "name")


def test_values_files_win_over_defaults_in_terraforms_order(tmp_path: Path) -> None:
    files = {"main.tf": 'variable "name" {\n  default = "default"\n}\n' + ROLE}
    assert name(tmp_path, files) == "default"
    for file, text in (
        ("terraform.tfvars", 'name = "tfvars"\n'),
        ("terraform.tfvars.json", '{"name": "tfvars.json"}'),
        ("a.auto.tfvars", 'name = "a"\n'),
        ("b.auto.tfvars.json", '{"name": "b"}'),
    ):
        files[file] = text
        assert str(name(tmp_path, files)) in text
    files["other.tfvars"] = 'name = "other"\n'
    assert name(tmp_path, files) == "b"


def test_files_and_values_of_the_command_line_win_over_all(tmp_path: Path) -> None:
    files = {
        "main.tf": 'variable "name" {\n  type = string\n}\n' + ROLE,
        "a.auto.tfvars": 'name = "a"\n',
        "prod.tfvars": 'name = "prod"\n',
    }
    write(tmp_path, files)
    given = TerraformOptions(var_files=(tmp_path / "prod.tfvars",))
    assert name(tmp_path, files, given) == "prod"
    given = TerraformOptions(var_files=(tmp_path / "prod.tfvars",), variables={"name": "cli"})
    assert name(tmp_path, files, given) == "cli"


def test_a_missing_values_file_is_said(tmp_path: Path) -> None:
    found = parsed(tmp_path, {"main.tf": ROLE}, TerraformOptions(var_files=(tmp_path / "no.tfvars",)))
    assert [(one.reason, one.by_design) for one in found.skipped] == [
        ("cannot be read: no such file or directory", False)
    ]


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("string", "[1]", "[1]"),
        ("number", "5", 5),
        ("list(string)", '["x", "y"]', "x-y"),
        ("map(string)", '{a = "x"}', "x"),
    ],
)
def test_text_of_the_command_line_is_an_expression_only_for_structures(
    tmp_path: Path, type_: str, text: str, value: object
) -> None:
    use = {"list(string)": 'join("-", var.name)', "map(string)": "var.name.a"}.get(type_, '"${var.name}"')
    main = f'variable "name" {{\n  type = {type_}\n}}\nresource "aws_iam_role" "r" {{\n  name = {use}\n}}\n'
    assert name(tmp_path, {"main.tf": main}, TerraformOptions(variables={"name": text})) == value


def test_a_variable_without_a_value_is_unknown_and_says_so(tmp_path: Path) -> None:
    assert name(tmp_path, {"main.tf": 'variable "name" {}\n' + ROLE}) == "?variable 'name' has no value"


def test_a_value_that_does_not_fit_its_type_is_unknown(tmp_path: Path) -> None:
    files = {"main.tf": 'variable "name" {\n  type = list(string)\n  default = "x"\n}\n' + ROLE}
    assert str(name(tmp_path, files)).startswith("?the value of variable 'name': ")


def test_null_takes_the_default_only_where_null_is_not_allowed(tmp_path: Path) -> None:
    main = """
module "m" {
  source   = "./m"
  kept     = null
  replaced = null
}
"""
    inner = """
variable "kept" {
  default = "default"
}
variable "replaced" {
  default  = "default"
  nullable = false
}
resource "aws_iam_role" "r" {
  name = "${var.kept == null ? "null" : var.kept}-${var.replaced}"
}
"""
    found = resources(tmp_path, {"main.tf": main, "m/main.tf": inner})
    assert attribute(found["module.m.aws_iam_role.r"], "name") == "null-default"


def test_optional_attributes_take_their_defaults_at_every_depth(tmp_path: Path) -> None:
    main = """
variable "teams" {
  type = map(object({
    name  = string
    level = optional(number, 3)
    deep  = optional(object({ on = optional(bool, true), list = optional(list(string), ["x"]) }), {})
  }))
  default = { a = { name = "ops", dropped = 1 } }
}
resource "aws_iam_role" "r" {
  name = jsonencode(var.teams)
}
"""
    assert name(tmp_path, {"main.tf": main}) == {"a": {"deep": {"list": ["x"], "on": True}, "level": 3, "name": "ops"}}


def test_an_unknown_object_still_has_its_attributes(tmp_path: Path) -> None:
    main = """
variable "team" {
  type = object({ name = string, level = optional(number, 3) })
}
resource "aws_iam_role" "r" {
  name = "${join(",", keys(var.team))}/${var.team.name}"
}
"""
    assert name(tmp_path, {"main.tf": main}) == "level,name/<?variable 'team' has no value>"


def test_a_value_stands_where_it_is_written(tmp_path: Path) -> None:
    files = {"main.tf": 'variable "name" {}\n' + ROLE, "terraform.tfvars": '\n\nname = "here"\n'}
    value = resources(tmp_path, files)["aws_iam_role.r"].attributes.entries["name"]
    assert value.at.source.path.endswith("terraform.tfvars")
    assert line(value) == 3


def test_the_default_of_json_syntax_is_no_template(tmp_path: Path) -> None:
    files = {"main.tf.json": '{"variable": {"name": {"type": "string", "default": "a${b}"}}}', "r.tf": ROLE}
    assert name(tmp_path, files) == "a${b}"


def test_a_type_in_json_syntax_is_an_expression(tmp_path: Path) -> None:
    files = {
        "main.tf.json": '{"variable": {"name": {"type": "list(string)", "default": [1, true]}}}',
        "r.tf": 'resource "aws_iam_role" "r" {\n  name = join("-", var.name)\n}\n',
    }
    assert name(tmp_path, files) == "1-true"


def test_the_workspace_is_default_unless_named(tmp_path: Path) -> None:
    files = {"main.tf": 'resource "aws_iam_role" "r" {\n  name = terraform.workspace\n}\n'}
    assert name(tmp_path, files) == "default"
    assert name(tmp_path, files, TerraformOptions(workspace="prod")) == "prod"


def test_locals_that_need_each_other_are_broken_and_unknown(tmp_path: Path) -> None:
    text = 'locals {\n  a = local.b\n  b = "${local.a}x"\n}\nresource "aws_iam_role" "r" {\n  name = local.a\n}\n'
    found = parsed(tmp_path, {"main.tf": text})
    assert [one.message for one in found.broken] == ["local.a refers to itself: local.a → local.b → local.a"]
    assert "refers to itself" in str(attribute(found.resources[0], "name"))


def test_locals_come_in_any_order(tmp_path: Path) -> None:
    chain = "".join(f"  l{n} = local.l{n + 1}\n" for n in range(150))
    text = f'locals {{\n{chain}  l150 = "end"\n}}\nresource "aws_iam_role" "r" {{\n  name = local.l0\n}}\n'
    assert name(tmp_path, {"main.tf": text}) == "end"


def test_a_chain_without_end_in_sight_is_cut_off(tmp_path: Path) -> None:
    chain = "".join(f"  l{n} = local.l{n + 1}\n" for n in range(5000))
    text = f'locals {{\n{chain}  l5000 = "end"\n}}\nresource "aws_iam_role" "r" {{\n  name = local.l0\n}}\n'
    assert "depends on more than 200 other values" in str(name(tmp_path, {"main.tf": text}))
