"""How module calls and providers may be written, and what happens when they cannot be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.parsers.terraform import TerraformOptions
from parsers.terraform.loading import attribute, parsed, plain, resources

if TYPE_CHECKING:
    from pathlib import Path

ROLE = 'variable "name" {\n  default = "ops"\n}\nresource "aws_iam_role" "r" {\n  name = var.name\n}\n'


def test_a_source_made_of_constants_is_evaluated(tmp_path: Path) -> None:
    files = {
        "main.tf": 'locals {\n  d = "m"\n}\nmodule "m" {\n  source = "./${local.d}"\n}\n',
        "m/main.tf": ROLE,
    }
    assert "module.m.aws_iam_role.r" in resources(tmp_path, files)


def test_a_source_that_is_not_known_is_skipped_and_named(tmp_path: Path) -> None:
    text = 'variable "s" {}\nmodule "m" {\n  source = var.s\n}\nresource "aws_x" "x" {\n  a = module.m.o\n}\n'
    found = parsed(tmp_path, {"main.tf": text})
    assert [(one.reason, one.by_design) for one in found.skipped] == [
        ("module 'm': its source is not written as a literal", True)
    ]
    assert attribute(found.resources[0], "a") == "?its source is not written as a literal"


def test_a_source_in_a_comment_or_an_argument_is_not_the_source(tmp_path: Path) -> None:
    text = (
        'module "m" {\n  # source = "./old"\n  source = "./m" # here\n  options = {\n    source = "./other"\n  }\n}\n'
    )
    found = parsed(tmp_path, {"main.tf": text, "m/main.tf": ROLE, "other/main.tf": ROLE})
    assert [str(one.key) for one in found.resources] == ["module.m.aws_iam_role.r", "aws_iam_role.r"]


def test_the_source_may_come_from_an_override_file(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n}\n',
        "override.tf": 'module "m" {\n  source = "./n"\n}\n',
        "m/main.tf": 'resource "aws_iam_role" "m" {}\n',
        "n/main.tf": 'resource "aws_iam_role" "n" {}\n',
    }
    found = parsed(tmp_path, files)
    assert {str(one.key) for one in found.resources} == {"module.m.aws_iam_role.n", "aws_iam_role.m"}


@pytest.mark.parametrize("listing", ["", "[]", "{", '{"Modules": [1, {"Key": "m"}]}', '{"Modules": 3}'])
def test_a_damaged_list_of_downloaded_modules_is_like_none(tmp_path: Path, listing: str) -> None:
    files = {"main.tf": 'module "m" {\n  source = "acme/m/aws"\n}\n', ".terraform/modules/modules.json": listing}
    (skipped,) = parsed(tmp_path, files).skipped
    assert "acme/m/aws is not downloaded" in skipped.reason


def test_a_directory_without_terraform_files_is_named(tmp_path: Path) -> None:
    files = {"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/README.md": ""}
    assert [one.reason for one in parsed(tmp_path, files).skipped] == ["module 'm': ./m holds no Terraform files"]
    missing = {"main.tf": 'module "m" {\n  source = "./gone"\n}\n'}
    (skipped,) = parsed(tmp_path, missing).skipped
    assert skipped.reason == "module 'm': ./gone: cannot be listed: no such file or directory"


@pytest.mark.parametrize(
    "known",
    ["git::https://x.io/iam.git//role?ref=v1", "git::https://x.io/iam.git//role", "git::https://x.io/iam.git"],
)
def test_a_checkout_is_found_by_every_spelling_of_its_source(tmp_path: Path, known: str) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "git::https://x.io/iam.git//role?ref=v1"\n}\n',
        "checkout/role/main.tf": ROLE,
    }
    checkout = tmp_path / "checkout" / ("" if known.endswith(".git") else "role")
    options = TerraformOptions(module_sources={known: checkout})
    assert "module.m.aws_iam_role.r" in resources(tmp_path, files, options)


def test_modules_of_downloaded_modules_are_found_by_their_path(tmp_path: Path) -> None:
    modules = (
        '{"Modules": [{"Key": "a", "Dir": ".terraform/modules/a"}, {"Key": "a.b", "Dir": ".terraform/modules/b"}]}'
    )
    files = {
        "main.tf": 'module "a" {\n  source   = "acme/a/aws"\n  for_each = { "x.y" = 1 }\n}\n',
        ".terraform/modules/modules.json": modules,
        ".terraform/modules/a/main.tf": 'module "b" {\n  source = "acme/b/aws"\n}\n',
        ".terraform/modules/b/main.tf": ROLE,
    }
    found = resources(tmp_path, files)
    assert list(found) == ['module.a["x.y"].module.b.aws_iam_role.r']


def test_a_whole_module_is_an_object_of_its_outputs(tmp_path: Path) -> None:
    files = {
        "main.tf": """
module "one" {
  source = "./m"
}
module "many" {
  source = "./m"
  count  = 2
}
resource "aws_x" "x" {
  one   = jsonencode(module.one)
  many  = module.many[*].b
  last  = module.many[1]
  index = module.many[length(module.many) - 1].a
}
""",
        "m/main.tf": 'output "a" {\n  value = 1\n}\noutput "b" {\n  value = "x"\n}\n',
    }
    found = resources(tmp_path, files)["aws_x.x"]
    assert plain(found.attributes) == {
        "one": {"a": 1, "b": "x"},
        "many": ["x", "x"],
        "last": {"a": 1, "b": "x"},
        "index": 1,
    }


@pytest.mark.parametrize(
    "reference",
    [
        "var.gone",
        "local.gone",
        "module.gone.x",
        "aws_y.gone.id",
        "data.aws_y.gone.id",
        "module.m.gone",
        "each.key",
        "path.x",
    ],
)
def test_a_name_that_means_nothing_is_an_error_that_try_catches(tmp_path: Path, reference: str) -> None:
    main = f'module "m" {{\n  source = "./m"\n}}\nresource "aws_x" "x" {{\n  a = try({reference}, "fallback")\n}}\n'
    files = {"main.tf": main, "m/main.tf": "locals {}\n"}
    assert attribute(resources(tmp_path, files)["aws_x.x"], "a") == "fallback"


@pytest.mark.parametrize("reference", ["path.cwd", "self.id", "terraform.applying", "ephemeral.aws_y.e.token"])
def test_what_only_a_run_knows_is_unknown(tmp_path: Path, reference: str) -> None:
    text = f'ephemeral "aws_y" "e" {{}}\nresource "aws_x" "x" {{\n  a = try({reference}, "fallback")\n}}\n'
    shown = str(attribute(resources(tmp_path, {"main.tf": text})["aws_x.x"], "a"))
    assert shown.startswith(("?", "@", "(?"))


def test_a_provider_is_handed_down_by_alias_and_through_strings(tmp_path: Path) -> None:
    files = {
        "main.tf": """
provider "aws" {
  alias  = "a"
  region = "eu-west-1"
}
module "m" {
  source    = "./m"
  providers = { aws.inner = aws.a }
}
module "n" {
  source = "./m"
}
""",
        "m/main.tf.json": """{
  "data": {"aws_region": {"r": {"provider": "aws.inner"}}},
  "resource": {"aws_x": {"x": {"region": "${data.aws_region.r.name}"}}}
}""",
    }
    found = resources(tmp_path, files)
    assert attribute(found["module.m.aws_x.x"], "region") == "eu-west-1"
    assert attribute(found["module.n.aws_x.x"], "region") == "?the region is only known at deploy time"


def test_a_module_called_from_many_roots_is_parsed_once(tmp_path: Path) -> None:
    files = {f"r{n}/main.tf": 'module "m" {\n  source = "../m"\n}\n' for n in range(3)} | {"m/main.tf": ROLE}
    found = parsed(tmp_path, files)
    spans = {one.at.source for one in found.resources}
    assert (len(found.resources), len(spans), found.files) == (3, 1, 4)


EACH_REGION = """
locals {
  regions = { eu = "eu-west-1", us = "us-east-1" }
}
provider "aws" {
  region              = "ap-south-1"
  allowed_account_ids = ["111111111111"]
}
provider "aws" {
  alias               = "by"
  for_each            = local.regions
  region              = each.value
  allowed_account_ids = [each.key == "eu" ? "222222222222" : "333333333333"]
  default_tags {
    tags = { Region = each.key }
  }
}
"""


def test_an_instance_of_a_provider_is_chosen_by_its_key(tmp_path: Path) -> None:
    files = {
        "main.tf": EACH_REGION
        + """
resource "aws_x" "x" {
  for_each = local.regions
  provider = aws.by[each.key]
  region   = data.aws_region.r[each.key].name
}
data "aws_region" "r" {
  for_each = local.regions
  provider = aws.by[each.key]
}
module "m" {
  source    = "./m"
  for_each  = local.regions
  providers = { aws = aws.by[each.key] }
}
""",
        "m/main.tf": 'data "aws_region" "r" {}\nresource "aws_x" "x" {\n  region = data.aws_region.r.name\n}\n',
    }
    found = resources(tmp_path, files)
    for address in ('aws_x.x["eu"]', 'module.m["eu"].aws_x.x'):
        resource = found[address]
        assert attribute(resource, "region") == "eu-west-1"
        assert attribute(resource, "tags_all") == {"Region": "eu"}
        assert plain(resource.siblings["account"]) == "222222222222"
    assert attribute(found['module.m["us"].aws_x.x'], "region") == "us-east-1"
    assert plain(found['aws_x.x["us"]'].siblings["provider"]) == 'aws.by["us"]'


def test_an_instance_of_a_provider_that_is_not_known_is_none_of_the_others(tmp_path: Path) -> None:
    text = EACH_REGION + 'variable "v" {}\nresource "aws_x" "x" {\n  provider = aws.by[var.v]\n}\n'
    resource = resources(tmp_path, {"main.tf": text})["aws_x.x"]
    assert "account" not in resource.siblings
    assert attribute(resource, "tags_all") == {"Region": "?which instance of the provider it is is not known"}


def test_the_working_directory_leaves_the_rest_of_a_name_known(tmp_path: Path) -> None:
    text = 'resource "aws_x" "x" {\n  a = "ex-${basename(path.cwd)}"\n}\n'
    found = resources(tmp_path, {"main.tf": text})
    assert attribute(found["aws_x.x"], "a") == "ex-<?the working directory of the deployment is not known>"


def test_what_logs_in_to_fetch_a_module_is_not_repeated(tmp_path: Path) -> None:
    source = "git::https://robot:hunter2hunter2@git.example.com/acme/m.git"
    (skipped,) = parsed(tmp_path, {"main.tf": f'module "m" {{\n  source = "{source}"\n}}\n'}).skipped
    assert "git::https://…@git.example.com/acme/m.git is not downloaded" in skipped.reason
