"""Hostile input ends, with a message: instances that multiply, values that grow, files that are not ours."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

from agentreach.model import MapValue
from agentreach.parsers.terraform import TerraformOptions
from agentreach.parsers.terraform.project import Project
from agentreach.sources import Tree
from parsers.terraform.loading import attribute, parsed, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_million_elements_are_too_many_to_evaluate(tmp_path: Path) -> None:
    text = """
locals {
  r = range(1000)
}
resource "aws_x" "x" {
  for_each = toset([for p in setproduct(local.r, local.r) : "${p[0]}-${p[1]}"])
}
"""
    found = parsed(tmp_path, {"main.tf": text})
    assert [(str(one.key), one.certain) for one in found.resources] == [("aws_x.x[?]", False)]


def test_instances_that_multiply_through_modules_are_cut_off(tmp_path: Path) -> None:
    files = {f"{'m/' * depth}main.tf": 'module "m" {\n  source = "./m"\n  count  = 200\n}\n' for depth in range(3)} | {
        "m/m/m/main.tf": 'resource "aws_x" "x" {\n  count = 2\n}\n'
    }
    found = parsed(tmp_path, files, wanted=lambda type_: type_ == "aws_x")
    assert [(one.reason, one.by_design) for one in found.skipped] == [
        ("the root has more than 100000 instances", False)
    ] * len(found.skipped)
    assert found.skipped
    assert not found.resources[-1].certain


def test_a_template_that_includes_itself_ends(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "aws_x" "x" {\n  a = templatefile("t.tpl", {})\n}\n',
        "t.tpl": '${templatefile("t.tpl", {})}',
    }
    (found,) = parsed(tmp_path, files).resources
    assert attribute(found, "a") == "?templates nest too deeply"


def test_values_that_double_are_not_written_out(tmp_path: Path) -> None:
    rows = "".join(f"  a{n} = [local.a{n - 1}, local.a{n - 1}]\n" for n in range(1, 60))
    text = f'locals {{\n  a0 = "x"\n{rows}}}\nresource "aws_x" "x" {{\n  a = local.a59\n}}\n'
    (found,) = parsed(tmp_path, {"main.tf": text}).resources
    assert "the value has too many parts" in str(attribute(found, "a"))


def test_a_link_that_leaves_the_root_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("hunter2", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.txt").symlink_to(tmp_path / "secret" / "key.txt")
    found = parsed(
        inside, {"main.tf": 'resource "aws_x" "x" {\n  a = file("link.txt")\n  b = fileset(".", "*.txt")\n}\n'}
    )
    assert "hunter2" not in repr(found.resources)
    assert [one.reason for one in found.skipped] == ["outside the scanned project, so it is not read"]


def test_nothing_holds_on_to_a_reading_in_a_circle(tmp_path: Path) -> None:
    files = {
        "m/main.tf": 'locals {\n  a = upper("x")\n}\nresource "aws_iam_role" "r" {\n  name = local.a\n}\n',
        "r/main.tf": 'module "m" {\n  source = "../m"\n}\n',
        "u/terragrunt.hcl": 'terraform {\n  source = "../m"\n}\n',
    }
    project = Project(Tree([write(tmp_path, files)]), TerraformOptions(), lambda _: True)
    assert len(project.parsed().resources) == 2
    known = weakref.ref(project.directories)
    gc.disable()
    del project
    left = known()
    gc.enable()
    assert left is None


def test_instances_that_refer_to_all_of_themselves_are_a_circle(tmp_path: Path) -> None:
    text = 'resource "aws_x" "x" {\n  count = 40\n  a     = "${aws_x.x.*.a}"\n}\n'
    found = parsed(tmp_path, {"main.tf": text})
    assert len(found.resources) == 40
    assert [(one.message, one.at.location.line) for one in found.broken] == [
        ("aws_x.x[0] refers to itself: aws_x.x[0] → aws_x.x[0]", 1)
    ]


def test_resources_that_refer_to_each_other_as_a_whole_are_a_circle(tmp_path: Path) -> None:
    text = 'resource "aws_x" "x" {\n  a = [aws_x.y]\n}\nresource "aws_x" "y" {\n  a = [aws_x.x]\n}\n'
    found = parsed(tmp_path, {"main.tf": text})
    assert [one.message for one in found.broken] == ["aws_x.y refers to itself: aws_x.y → aws_x.x → aws_x.y"]


TOO_MANY_STEPS = "evaluating this root takes too many steps: what was not evaluated yet is unknown"


def test_dynamic_blocks_that_multiply_are_cut_off(tmp_path: Path) -> None:
    opened = "".join(f'dynamic "b{n}" {{\nfor_each = range(40)\ncontent {{\n' for n in range(8))
    closed = "}\n}\n" * 8
    found = parsed(tmp_path, {"main.tf": f'resource "aws_x" "x" {{\n{opened}a = 1\n{closed}}}\n'})
    assert [(one.reason, one.by_design) for one in found.skipped] == [(TOO_MANY_STEPS, False)]


def _twice(number: int) -> str:
    inner = f"data.aws_iam_policy_document.d{number + 1}.json"
    return f'data "aws_iam_policy_document" "d{number}" {{\n  source_policy_documents = [{inner}, {inner}]\n}}\n'


def test_policy_documents_that_double_are_cut_off(tmp_path: Path) -> None:
    last = 'data "aws_iam_policy_document" "d30" {\n  statement {\n    actions = ["*"]\n  }\n}\n'
    found = parsed(tmp_path, {"main.tf": "".join(map(_twice, range(30))) + last})
    reasons = {(one.reason, one.by_design) for one in found.skipped}
    assert ("a policy document of too many statements: more than 10000", False) in reasons


def test_large_values_that_many_resources_share_are_read_until_the_steps_are_spent(tmp_path: Path) -> None:
    text = """
locals {
  large = [for n in range(400) : range(400)]
}
resource "aws_x" "x" {
  count = 100
  tags  = { a = local.large, b = count.index }
}
"""
    found = parsed(tmp_path, {"main.tf": text})
    assert [(one.reason, one.by_design) for one in found.skipped] == [(TOO_MANY_STEPS, False)]
    assert isinstance(found.resources[0].attributes.entries["tags"], MapValue)
    assert "too many steps" in str(attribute(found.resources[-1], "tags"))
