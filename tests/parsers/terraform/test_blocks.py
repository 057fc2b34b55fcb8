"""Nested and dynamic blocks, and what references within a resource mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Kind, ListValue, Text, Unknown, child, elements
from parsers.terraform.loading import attribute, line, parsed, plain, resources

if TYPE_CHECKING:
    from pathlib import Path


def body(directory: Path, text: str, before: str = "") -> object:
    found = resources(directory, {"main.tf": f'resource "aws_x" "x" {{\n{text}\n}}\n{before}'})
    return plain(found["aws_x.x"].attributes)


def test_a_nested_block_is_always_a_list(tmp_path: Path) -> None:
    found = resources(tmp_path, {"main.tf": 'resource "aws_x" "x" {\n  one {\n    a = 1\n  }\n}\n'})
    value = found["aws_x.x"].attributes.entries["one"]
    assert isinstance(value, ListValue)
    assert plain(value) == [{"a": 1}]
    assert line(elements(value)[0]) == 2


def test_meta_arguments_are_no_attributes(tmp_path: Path) -> None:
    text = """
  count      = 1
  provider   = aws.us
  depends_on = [aws_y.y]
  lifecycle {
    ignore_changes = [a]
  }
  provisioner "local-exec" {
    command = "x"
  }
  a = 1"""
    found = resources(tmp_path, {"main.tf": f'resource "aws_x" "x" {{\n{text}\n}}\nresource "aws_y" "y" {{}}\n'})
    assert plain(found["aws_x.x[0]"].attributes) == {"a": 1}


def test_an_argument_that_is_null_is_not_set(tmp_path: Path) -> None:
    assert body(tmp_path, "  a = null\n  b = true ? null : 1\n  c = 1") == {"c": 1}


def test_dynamic_blocks_go_through_lists_maps_and_sets(tmp_path: Path) -> None:
    text = """
  dynamic "rule" {
    for_each = ["x", "y"]
    content {
      key   = rule.key
      value = rule.value
    }
  }
  dynamic "entry" {
    for_each = { b = 1, a = 2 }
    iterator = it
    content {
      key   = it.key
      value = it.value
    }
  }
  dynamic "member" {
    for_each = toset(["q", "p"])
    content {
      key   = member.key
      value = member.value
    }
  }"""
    assert body(tmp_path, text) == {
        "rule": [{"key": 0, "value": "x"}, {"key": 1, "value": "y"}],
        "entry": [{"key": "a", "value": 2}, {"key": "b", "value": 1}],
        "member": [{"key": "p", "value": "p"}, {"key": "q", "value": "q"}],
    }


def test_dynamic_blocks_nest_and_see_the_outer_iterator(tmp_path: Path) -> None:
    text = """
  dynamic "outer" {
    for_each = { a = ["x", "y"] }
    content {
      dynamic "inner" {
        for_each = outer.value
        content {
          name = "${outer.key}-${inner.value}"
        }
      }
    }
  }"""
    assert body(tmp_path, text) == {"outer": [{"inner": [{"name": "a-x"}, {"name": "a-y"}]}]}


def test_a_dynamic_block_over_something_unknown_leaves_the_list_open(tmp_path: Path) -> None:
    text = """
variable "rules" {
  type = list(number)
}
resource "aws_x" "x" {
  rule {
    n = 0
  }
  dynamic "rule" {
    for_each = var.rules
    content {
      n = rule.value
    }
  }
}
"""
    found = resources(tmp_path, {"main.tf": text})
    shown = str(attribute(found["aws_x.x"], "rule"))
    assert "{'n': 0}" in shown
    assert "…" in shown


def test_a_dynamic_block_of_too_many_is_cut_off(tmp_path: Path) -> None:
    text = 'resource "aws_x" "x" {\n  dynamic "r" {\n    for_each = range(20000)\n    content {}\n  }\n}\n'
    found = parsed(
        tmp_path, {"main.tf": text.replace("range(20000)", "[for a in range(200) : range(100)]...".rstrip("."))}
    )
    assert found.skipped == ()
    many = "locals {\n  n = [for a in range(1000) : 1]\n}\n" + text.replace(
        "range(20000)",
        "concat(local.n, local.n, local.n, local.n, local.n, local.n, local.n, local.n, local.n, local.n, local.n)",
    )
    found = parsed(tmp_path, {"main.tf": many})
    assert [one.reason for one in found.skipped] == ["a dynamic block makes more than 10000 blocks"]


def test_what_a_provider_computes_is_a_reference(tmp_path: Path) -> None:
    before = 'resource "aws_iam_role" "r" {\n  name_prefix = "x"\n}\n'
    assert body(
        tmp_path, "  a = aws_iam_role.r.arn\n  b = aws_iam_role.r.name\n  c = resource.aws_iam_role.r.id", before
    ) == {
        "a": "@aws_iam_role.r.arn",
        "b": "@aws_iam_role.r.name",
        "c": "@aws_iam_role.r.id",
    }


def test_a_declared_value_remembers_the_nearest_resource(tmp_path: Path) -> None:
    text = """
resource "aws_s3_bucket" "b" {
  bucket = "data"
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
}
resource "aws_x" "x" {
  bucket = aws_s3_bucket_policy.p.bucket
  arn    = "${aws_s3_bucket.b.arn}/*"
}
"""
    found = resources(tmp_path, {"main.tf": text})
    bucket = found["aws_s3_bucket_policy.p"].attributes.entries["bucket"]
    assert (plain(bucket), plain(bucket.reference)) == ("data", "@aws_s3_bucket.b.id")  # type: ignore[union-attr]
    again = found["aws_x.x"].attributes.entries["bucket"]
    assert plain(again.reference) == "@aws_s3_bucket_policy.p.bucket"  # type: ignore[union-attr]
    assert line(bucket) == 3
    assert attribute(found["aws_x.x"], "arn") == "<@aws_s3_bucket.b.arn>/*"


def test_account_partition_and_region_are_typed_unknowns(tmp_path: Path) -> None:
    text = """
data "aws_caller_identity" "me" {}
data "aws_partition" "p" {}
data "aws_region" "r" {}
locals {
  account = data.aws_caller_identity.me.account_id
}
resource "aws_x" "x" {
  arn = "arn:${data.aws_partition.p.partition}:sqs:${data.aws_region.r.name}:${local.account}:q"
}
"""
    value = resources(tmp_path, {"main.tf": text})["aws_x.x"].attributes.entries["arn"]
    assert isinstance(value, Text)
    assert [part.kind if isinstance(part, Unknown) else part for part in value.parts] == [
        "arn:", Kind.PARTITION, ":sqs:", Kind.REGION, ":", Kind.ACCOUNT, ":q",
    ]  # fmt: skip


def test_the_region_of_the_provider_is_known_where_it_is_written(tmp_path: Path) -> None:
    text = """
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
data "aws_region" "r" {}
data "aws_region" "us" {
  provider = aws.us
}
resource "aws_x" "x" {
  a = data.aws_region.r.name
  b = data.aws_region.us.region
}
"""
    found = resources(tmp_path, {"main.tf": text})["aws_x.x"]
    assert (attribute(found, "a"), attribute(found, "b")) == ("eu-west-1", "us-east-1")


def test_a_data_source_that_looks_something_up_is_a_resource_of_its_own(tmp_path: Path) -> None:
    text = """
data "aws_iam_role" "shared" {
  name = "shared-role"
}
resource "aws_x" "x" {
  role = data.aws_iam_role.shared.arn
  name = data.aws_iam_role.shared.id
}
"""
    found = resources(tmp_path, {"main.tf": text})
    assert found["data.aws_iam_role.shared"].type == "data.aws_iam_role"
    assert attribute(found["aws_x.x"], "role") == "@data.aws_iam_role.shared.arn"
    name = found["aws_x.x"].attributes.entries["name"]
    assert (plain(name), plain(name.reference)) == ("shared-role", "@data.aws_iam_role.shared.id")  # type: ignore[union-attr]


def test_a_file_outside_the_confinement_root_is_not_read(tmp_path: Path) -> None:
    found = parsed(tmp_path, {"main.tf": 'resource "aws_x" "x" {\n  a = file("/etc/passwd")\n}\n'})
    assert "root:" not in str(attribute(found.resources[0], "a"))
    assert str(attribute(found.resources[0], "a")).startswith("?")
    assert [one.reason for one in found.skipped] == ["outside the scanned project, so it is not read"]


def test_a_resource_of_json_syntax_has_the_same_attributes(tmp_path: Path) -> None:
    files = {"main.tf.json": '{"resource": {"aws_x": {"x": [{"count": 1, "a": "${1 + 1}", "block": [{"b": true}]}]}}}'}
    found = resources(tmp_path, files)["aws_x.x[0]"]
    assert plain(found.attributes) == {"a": 2, "block": [{"b": True}]}
    assert child(found.attributes, "a") is not None


def test_the_account_is_known_where_the_provider_may_run_in_one_only(tmp_path: Path) -> None:
    text = """
provider "aws" {
  allowed_account_ids = ["111122223333"]
}
data "aws_caller_identity" "me" {}
resource "aws_x" "x" {
  a = data.aws_caller_identity.me.account_id
}
"""
    assert attribute(resources(tmp_path, {"main.tf": text})["aws_x.x"], "a") == "111122223333"


def test_data_sources_that_only_compute_are_computed(tmp_path: Path) -> None:
    text = """
data "template_file" "t" {
  template = file("t.tpl")
  vars = {
    name = "ops"
  }
}
data "local_file" "f" {
  filename = "${path.module}/t.tpl"
}
data "aws_arn" "a" {
  arn = "arn:aws:iam::111122223333:role/x:y"
}
data "null_data_source" "n" {
  inputs = { a = "b" }
}
resource "aws_x" "x" {
  a = data.template_file.t.rendered
  b = data.local_file.f.content
  c = "${data.aws_arn.a.account}/${data.aws_arn.a.resource}"
  d = data.null_data_source.n.outputs["a"]
}
"""
    found = resources(tmp_path, {"main.tf": text, "t.tpl": "Hi ${name}"})["aws_x.x"]
    assert [attribute(found, name) for name in "abcd"] == ["Hi ops", "Hi ${name}", "111122223333/role/x:y", "b"]


def test_opentofu_may_disable_a_resource(tmp_path: Path) -> None:
    text = """
variable "on" {
  type = bool
}
resource "aws_x" "off" {
  lifecycle {
    enabled = false
  }
}
resource "aws_x" "perhaps" {
  lifecycle {
    enabled = var.on
  }
}
resource "aws_x" "x" {
  a = try(aws_x.off.id, "off")
}
"""
    found = parsed(tmp_path, {"main.tf": text}).resources
    assert [(one.key.address, one.certain) for one in found] == [("aws_x.perhaps", False), ("aws_x.x", True)]
    assert attribute(found[1], "a") == "off"


def test_default_labels_of_a_google_provider_are_merged(tmp_path: Path) -> None:
    text = """
provider "google" {
  default_labels = { owner = "ops" }
}
resource "google_storage_bucket" "b" {
  labels = { stage = "x" }
}
"""
    bucket = resources(tmp_path, {"main.tf": text})["google_storage_bucket.b"]
    assert attribute(bucket, "effective_labels") == {"owner": "ops", "stage": "x"}


def test_attributes_of_resources_are_read_however_they_are_reached(tmp_path: Path) -> None:
    text = """
variable "key" {
  type = string
}
resource "aws_iam_role" "r" {
  for_each = { a = "x", b = "y" }
  name     = each.value
  path     = null
  tags     = { Owner = "ops" }
  inline_policy {
    name = "inline-${each.key}"
  }
}
resource "aws_x" "x" {
  whole   = aws_iam_role.r["a"]
  chosen  = aws_iam_role.r[var.key].name
  tag     = aws_iam_role.r["a"].tags["Owner"]
  path    = aws_iam_role.r["a"].path
  block   = aws_iam_role.r["a"].inline_policy[0].name
  blocks  = aws_iam_role.r["b"].inline_policy
  last    = aws_iam_role.r["b"].inline_policy[1].name
  missing = try(aws_iam_role.r["c"].name, "none")
  short   = try(aws_iam_role, "none")
}
"""
    found = resources(tmp_path, {"main.tf": text})["aws_x.x"]
    whole = attribute(found, "whole")
    assert isinstance(whole, dict)
    assert {name: whole[name] for name in ("arn", "id", "name")} == {
        "arn": '@aws_iam_role.r["a"].arn',
        "id": "x",
        "name": "x",
    }
    assert attribute(found, "chosen") == "(x | y)"
    assert attribute(found, "tag") == "ops"
    assert attribute(found, "path") == '@aws_iam_role.r["a"].path'
    assert attribute(found, "block") == "inline-a"
    assert attribute(found, "blocks") == [{"name": "inline-b"}]
    assert str(attribute(found, "last")).startswith("?")
    assert (attribute(found, "missing"), attribute(found, "short")) == ("none", "none")


def test_data_sources_say_nothing_about_attributes_they_do_not_compute(tmp_path: Path) -> None:
    text = """
variable "arn" {}
data "aws_caller_identity" "me" {}
data "aws_partition" "p" {}
data "aws_arn" "a" {
  arn = var.arn
}
data "template_file" "t" {
  template = "$${missing}"
}
data "local_file" "f" {
  filename = "gone.txt"
}
resource "terraform_data" "t" {
  input = "x"
}
resource "aws_x" "x" {
  a = data.aws_caller_identity.me.user_id
  b = data.aws_partition.p.dns_suffix
  c = data.aws_arn.a.account
  d = data.template_file.t.rendered
  e = data.local_file.f.content
  f = terraform_data.t.output
  g = terraform_data.t.input
  h = terraform_data.t.triggers_replace == null
}
"""
    found = resources(tmp_path, {"main.tf": text})["aws_x.x"]
    assert [attribute(found, name) for name in "abfgh"] == [
        "@data.aws_caller_identity.me.user_id",
        "@data.aws_partition.p.dns_suffix",
        "@terraform_data.t.output",
        "x",
        True,
    ]
    assert attribute(found, "c") == "@data.aws_arn.a.account"
    assert all(str(attribute(found, name)).startswith(("@", "?")) for name in "de")


def test_blocks_nested_too_deeply_are_unknown(tmp_path: Path) -> None:
    text = 'resource "aws_x" "x" {\n' + "b {\n" * 80 + "}\n" * 80 + "}\n"
    assert "blocks are nested too deeply" in str(attribute(resources(tmp_path, {"main.tf": text})["aws_x.x"], "b"))


def test_an_iterator_may_be_named_by_a_string(tmp_path: Path) -> None:
    text = '  dynamic "r" {\n    for_each = ["x"]\n    iterator = "it"\n    content {\n      v = it.value\n    }\n  }'
    assert body(tmp_path, text) == {"r": [{"v": "x"}]}
