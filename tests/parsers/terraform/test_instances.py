"""`count` and `for_each`: which instances there are, what their keys look like, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.model import Source, Span
from agentreach.parsers.terraform import TerraformOptions
from agentreach.parsers.terraform.instances import printed_key
from agentreach.parsers.terraform.values import Number, String
from parsers.terraform.loading import attribute, parsed, resources

if TYPE_CHECKING:
    from pathlib import Path

AT = Span(Source("x", ""), 0, 0)


def addresses(directory: Path, text: str) -> dict[str, bool]:
    found = parsed(directory, {"main.tf": text})
    return {one.key.address: one.certain for one in found.resources}


@pytest.mark.parametrize(
    ("key", "printed"),
    [
        ("a", '["a"]'),
        ("a.b/c", '["a.b/c"]'),
        ('say "x"', '["say \\"x\\""]'),
        ("back\\slash", '["back\\\\slash"]'),
        ("two\nlines", '["two\\nlines"]'),
        ("${x}", '["$${x}"]'),
        ("%{x}", '["%%{x}"]'),
        ("é", '["é"]'),
        ("\x07", '["\\u0007"]'),
    ],
)
def test_keys_are_printed_as_terraform_prints_them(key: str, printed: str) -> None:
    assert printed_key(String(key, AT)) == printed


def test_a_count_key_is_a_number() -> None:
    assert printed_key(Number(12, AT)) == "[12]"


def test_count_makes_numbered_instances(tmp_path: Path) -> None:
    text = 'resource "aws_iam_role" "r" {\n  count = 2\n  name  = "r-${count.index}"\n}\n'
    found = resources(tmp_path, {"main.tf": text})
    assert {address: attribute(one, "name") for address, one in found.items()} == {
        "aws_iam_role.r[0]": "r-0",
        "aws_iam_role.r[1]": "r-1",
    }


@pytest.mark.parametrize("count", ["0", "false ? 1 : 0", '"0"', "var.none"])
def test_a_count_of_zero_leaves_nothing(tmp_path: Path, count: str) -> None:
    text = f'variable "none" {{\n  default = 0\n}}\nresource "aws_iam_role" "r" {{\n  count = {count}\n}}\n'
    assert addresses(tmp_path, text) == {}


def test_an_undecided_count_keeps_its_instances_uncertain(tmp_path: Path) -> None:
    text = 'variable "on" {\n  type = bool\n}\nresource "aws_iam_role" "r" {\n  count = var.on ? 1 : 0\n}\n'
    assert addresses(tmp_path, text) == {"aws_iam_role.r[0]": False}


def test_what_every_count_has_is_certain(tmp_path: Path) -> None:
    text = 'variable "on" {\n  type = bool\n}\nresource "aws_iam_role" "r" {\n  count = var.on ? 2 : 1\n}\n'
    assert addresses(tmp_path, text) == {"aws_iam_role.r[0]": True, "aws_iam_role.r[1]": False}


def test_an_unknown_count_is_one_instance_with_an_unknown_key(tmp_path: Path) -> None:
    text = 'variable "n" {}\nresource "aws_iam_role" "r" {\n  count = var.n\n  name = "r-${count.index}"\n}\n'
    (role,) = parsed(tmp_path, {"main.tf": text}).resources
    assert (role.key.address, role.certain) == ("aws_iam_role.r[?]", False)
    assert attribute(role, "name") == "r-<?count is not known>"


@pytest.mark.parametrize(
    "each",
    ["{ a = 1, b = 2 }", 'toset(["b", "a", "b"])', '{ for k in ["a", "b"] : k => k }', 'tomap({ a = "x", b = "y" })'],
)
def test_for_each_makes_instances_by_key(tmp_path: Path, each: str) -> None:
    text = f'resource "aws_iam_role" "r" {{\n  for_each = {each}\n  name = "r-${{each.key}}"\n}}\n'
    found = resources(tmp_path, {"main.tf": text})
    assert {address: attribute(one, "name") for address, one in found.items()} == {
        'aws_iam_role.r["a"]': "r-a",
        'aws_iam_role.r["b"]': "r-b",
    }


def test_for_each_over_something_unknown_is_one_instance(tmp_path: Path) -> None:
    text = 'variable "m" {}\nresource "aws_iam_role" "r" {\n  for_each = var.m\n  name = each.value\n}\n'
    (role,) = parsed(tmp_path, {"main.tf": text}).resources
    assert (role.key.address, role.certain) == ("aws_iam_role.r[?]", False)
    assert str(attribute(role, "name")).startswith("?")


def test_known_keys_of_a_partly_known_map_stay_known(tmp_path: Path) -> None:
    text = """
variable "more" {
  type = map(string)
}
resource "aws_iam_role" "r" {
  for_each = merge(var.more, { a = "x" })
  name     = each.value
}
"""
    assert addresses(tmp_path, text) == {'aws_iam_role.r["a"]': True, "aws_iam_role.r[?]": False}


def test_too_many_instances_are_cut_off_with_a_message(tmp_path: Path) -> None:
    found = parsed(tmp_path, {"main.tf": 'resource "aws_iam_role" "r" {\n  count = 1000000\n}\n'})
    assert [one.key.address for one in found.resources] == ["aws_iam_role.r[?]"]
    (skipped,) = found.skipped
    assert skipped.reason == "count makes more than 10000 instances"
    assert (skipped.line, skipped.by_design) == (2, False)


def test_the_limit_of_instances_is_an_option(tmp_path: Path) -> None:
    text = 'resource "aws_iam_role" "r" {\n  for_each = toset([for n in range(20) : tostring(n)])\n}\n'
    found = parsed(tmp_path, {"main.tf": text}, TerraformOptions(instances=10))
    assert found.skipped[0].reason == "for_each makes more than 10 instances"


def test_a_reference_means_the_instance_that_its_key_names(tmp_path: Path) -> None:
    text = """
resource "aws_iam_role" "r" {
  for_each = { a = 1, b = 2 }
}
resource "aws_iam_role_policy" "p" {
  for_each = aws_iam_role.r
  role     = each.value.id
}
resource "aws_iam_role_policy" "q" {
  count = 2
  role  = aws_iam_role.r[["a", "b"][count.index]].arn
}
"""
    found = resources(tmp_path, {"main.tf": text})
    assert attribute(found['aws_iam_role_policy.p["a"]'], "role") == '@aws_iam_role.r["a"].id'
    assert attribute(found["aws_iam_role_policy.q[1]"], "role") == '@aws_iam_role.r["b"].arn'


def test_try_reckons_with_an_instance_that_may_not_exist(tmp_path: Path) -> None:
    text = """
variable "on" {
  type = bool
}
resource "aws_iam_role" "r" {
  count = var.on ? 1 : 0
  name  = "ops"
}
module "m" {
  source = "./m"
  count  = var.on ? 1 : 0
}
resource "aws_x" "x" {
  tried  = try(aws_iam_role.r[0].arn, "none")
  name   = try(aws_iam_role.r[0].name, "none")
  output = try(module.m[0].o, "none")
  arn    = aws_iam_role.r[0].arn
}
"""
    files = {"main.tf": text, "m/main.tf": 'output "o" {\n  value = "out"\n}\n'}
    found = resources(tmp_path, files)["aws_x.x"]
    assert attribute(found, "tried") == "(@aws_iam_role.r[0].arn | none)"
    assert attribute(found, "name") == "(ops | none)"
    assert attribute(found, "output") == "(out | none)"
    assert attribute(found, "arn") == "@aws_iam_role.r[0].arn"


def test_what_a_provider_computes_is_found_through_splats_and_iteration(tmp_path: Path) -> None:
    text = """
resource "aws_lambda_function" "f" {
  for_each = toset(["a"])
}
resource "aws_x" "x" {
  splat = values(aws_lambda_function.f)[*].invoke_arn
  each  = [for key, one in aws_lambda_function.f : one.identity[0].principal_id]
}
resource "aws_x" "y" {
  for_each = aws_lambda_function.f
  arn      = each.value.qualified_arn
}
"""
    found = resources(tmp_path, {"main.tf": text})
    assert attribute(found["aws_x.x"], "splat") == ['@aws_lambda_function.f["a"].invoke_arn']
    assert attribute(found["aws_x.x"], "each") == ['@aws_lambda_function.f["a"].identity.0.principal_id']
    assert attribute(found['aws_x.y["a"]'], "arn") == '@aws_lambda_function.f["a"].qualified_arn'
