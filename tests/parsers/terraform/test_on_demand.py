"""Blocks of types that matter only where something refers to them are read only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.lowering import on_demand
from agentreach.model import Source
from agentreach.parsers.terraform import TerraformOptions
from agentreach.parsers.terraform.hcl import skim
from agentreach.parsers.terraform.skim import may_hold
from parsers.terraform.loading import parsed, plain, resources

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = TerraformOptions(on_demand=on_demand)
REPEATED = """
resource "aws_security_group" "open" {
  name = "open"
  dynamic "egress" {
    for_each = ["0.0.0.0/0"]
    content {
      cidr_blocks = [egress.value]
    }
  }
}
resource "aws_security_group" "twice" {
  count = 2
  name  = "twice"
}
"""
FUNCTION = 'resource "aws_lambda_function" "f" {\n  groups = [%s]\n}\n'


def names(directory: Path, files: dict[str, str]) -> dict[str, object]:
    found = resources(directory, files, OPTIONS)
    return {
        address: plain(one.attributes.entries.get("name"))
        for address, one in found.items()
        if one.type == "aws_security_group"
    }


def test_what_nothing_refers_to_is_counted_and_not_read(tmp_path: Path) -> None:
    assert names(tmp_path, {"main.tf": REPEATED}) == {
        "aws_security_group.open": None,
        "aws_security_group.twice[0]": None,
        "aws_security_group.twice[1]": None,
    }


def test_what_something_refers_to_is_read_with_all_it_holds(tmp_path: Path) -> None:
    found = resources(tmp_path, {"main.tf": FUNCTION % "aws_security_group.open.id" + REPEATED}, OPTIONS)
    assert plain(found["aws_security_group.open"].attributes) == {
        "name": "open",
        "egress": [{"cidr_blocks": ["0.0.0.0/0"]}],
    }
    assert plain(found["aws_security_group.twice[0]"].attributes) == {}


def test_a_reference_from_a_group_that_is_read_reads_the_next_one(tmp_path: Path) -> None:
    text = FUNCTION % "aws_security_group.a.id" + "".join(
        f'resource "aws_security_group" "{one}" {{\n  name = "{one}"\n  peer = aws_security_group.{peer}.id\n}}\n'
        for one, peer in (("c", "c2"), ("b", "c"), ("a", "b"), ("c2", "c2x"), ("d", "a"))
    )
    assert names(tmp_path, {"main.tf": text}) == {
        "aws_security_group.c": "c",
        "aws_security_group.b": "b",
        "aws_security_group.a": "a",
        "aws_security_group.c2": "c2",
        "aws_security_group.d": None,
    }


def test_a_reference_through_a_module_counts(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n}\n' + FUNCTION % "module.m.id",
        "m/main.tf": 'resource "aws_security_group" "g" {\n  name = "g"\n}\n'
        'output "id" {\n  value = aws_security_group.g.id\n}\n',
    }
    assert names(tmp_path, files) == {"module.m.aws_security_group.g": "g"}


def test_the_order_is_that_of_the_files(tmp_path: Path) -> None:
    text = REPEATED + FUNCTION % "aws_security_group.twice[0].id"
    found = parsed(tmp_path, {"main.tf": text}, OPTIONS)
    assert [one.key.address for one in found.resources] == [
        "aws_security_group.open",
        "aws_security_group.twice[0]",
        "aws_security_group.twice[1]",
        "aws_lambda_function.f",
    ]


@pytest.mark.parametrize(
    ("body", "held"),
    [
        ("", False),
        ("name = 1", False),
        ("\n  count = 2\n", True),
        ("\n  name = <<E\ncount = 2\nE\n", False),
        ('\n  /* { */ tags = { count = "}" } # count\n', False),
        ("\n  inner {\n    count = 1\n  }\n  count = 1\n", True),
        ("\n  = 3\n", True),
        ('\n  counted = 1\n  dynamic "x" {\n    for_each = []\n  }\n', False),
    ],
)
def test_a_name_is_found_at_the_top_of_a_body_only(body: str, held: bool) -> None:  # noqa: FBT001 - expected
    block = skim(Source("a.tf", f'resource "a" "b" {{{body}}}\n')).blocks[0]
    assert may_hold(block, frozenset({"count"})) is held


def test_json_may_hold_anything(tmp_path: Path) -> None:
    text = '{"resource": {"aws_security_group": {"g": {"count": 2, "name": "g"}}}}'
    assert list(names(tmp_path, {"main.tf.json": text})) == ["aws_security_group.g[0]", "aws_security_group.g[1]"]
