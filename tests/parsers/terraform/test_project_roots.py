"""Which directories are roots, what is read for them, and what is said about what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform import TerraformOptions, load
from agentreach.sources import Tree
from parsers.terraform.loading import attribute, line, parsed, plain, resources, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ROLE = 'variable "name" {}\nresource "aws_iam_role" "r" {\n  name = var.name\n}\n'


def test_a_directory_that_is_called_is_no_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "prod/main.tf": 'module "role" {\n  source = "../modules/role"\n  name = "ops"\n}\n',
        "modules/role/main.tf": ROLE,
        "other/main.tf": 'resource "aws_iam_role" "x" {}\n',
    }
    found = parsed(tmp_path, files)
    assert found.roots == ("other", "prod")
    assert [(one.key.root, one.key.address) for one in found.resources] == [
        ("other", "aws_iam_role.x"),
        ("prod", "module.role.aws_iam_role.r"),
    ]


def test_a_module_outside_the_path_but_inside_the_work_tree_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    write(
        tmp_path,
        {
            "envs/prod/main.tf": 'module "role" {\n  source = "../../modules/role"\n  name = "ops"\n}\n',
            "modules/role/main.tf": ROLE,
        },
    )
    found = load(Tree([tmp_path / "envs" / "prod"]), TerraformOptions(), lambda _: True)
    assert found.roots == ("envs/prod",)
    (role,) = found.resources
    assert role.at.location.path == "modules/role/main.tf"
    assert attribute(role, "name") == "ops"


def test_a_module_outside_the_confinement_root_is_skipped_with_a_reason(tmp_path: Path) -> None:
    write(tmp_path, {"inside/main.tf": 'module "m" {\n  source = "../outside"\n}\n', "outside/main.tf": ROLE})
    found = load(Tree([tmp_path / "inside"]), TerraformOptions(), lambda _: True)
    assert found.resources == ()
    (skipped,) = found.skipped
    assert "../outside: outside the scanned project" in skipped.reason
    assert (skipped.line, skipped.by_design) == (1, True)


def test_a_remote_module_is_skipped_by_design_and_named(tmp_path: Path) -> None:
    text = 'module "vpc" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "5.0.0"\n}\n'
    text += 'resource "aws_iam_role" "r" {\n  name = module.vpc.name\n}\n'
    found = parsed(tmp_path, {"main.tf": text})
    (skipped,) = found.skipped
    assert skipped.reason.startswith("module 'vpc': terraform-aws-modules/vpc/aws is not downloaded")
    assert (skipped.by_design, skipped.line) == (True, 1)
    assert attribute(found.resources[0], "name") == (
        "?terraform-aws-modules/vpc/aws is not downloaded; run terraform init, or map it under [modules]"
    )


def test_a_downloaded_module_is_read_where_terraform_put_it(tmp_path: Path) -> None:
    modules = '{"Modules": [{"Key": "", "Dir": "."}, {"Key": "role", "Dir": ".terraform/modules/role/inner"}]}'
    files = {
        "main.tf": 'module "role" {\n  source = "acme/role/aws"\n  name = "ops"\n}\n',
        ".terraform/modules/modules.json": modules,
        ".terraform/modules/role/inner/main.tf": ROLE,
    }
    assert attribute(resources(tmp_path, files)["module.role.aws_iam_role.r"], "name") == "ops"


def test_a_checkout_stands_for_a_source_whatever_its_version(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "role" {\n  source = "git::https://git.acme.io/iam.git//role?ref=v3"\n  name = "ops"\n}\n',
        "checkout/role/main.tf": ROLE,
    }
    options = TerraformOptions(module_sources={"git::https://git.acme.io/iam.git": tmp_path / "checkout"})
    assert attribute(resources(tmp_path, files, options)["module.role.aws_iam_role.r"], "name") == "ops"


def test_what_the_user_names_may_lie_outside_the_project(tmp_path: Path) -> None:
    main = 'variable "name" {}\nmodule "role" {\n  source = "acme/role/aws"\n  name = var.name\n}\n'
    write(tmp_path, {"checkout/main.tf": ROLE, "prod.tfvars": 'name = "ops"\n'})
    options = TerraformOptions(
        module_sources={"acme/role/aws": tmp_path / "checkout"}, var_files=(tmp_path / "prod.tfvars",)
    )
    assert attribute(
        resources(tmp_path / "project", {"main.tf": main}, options)["module.role.aws_iam_role.r"], "name"
    ) == ("ops")


def test_a_checkout_that_the_user_names_leads_no_further(tmp_path: Path) -> None:
    files = {"checkout/main.tf": 'resource "aws_iam_role" "r" {\n  name = file("../secret")\n}\n', "secret": "s"}
    write(tmp_path, files)
    options = TerraformOptions(module_sources={"acme/role/aws": tmp_path / "checkout"})
    main = 'module "role" {\n  source = "acme/role/aws"\n}\n'
    found = parsed(tmp_path / "project", {"main.tf": main}, options)
    assert [one.reason for one in found.skipped] == ["outside the scanned project, so it is not read"]


def test_modules_that_call_each_other_are_broken_and_end(tmp_path: Path) -> None:
    call = 'module "{0}" {{\n  source = "../{0}"\n}}\nresource "aws_iam_role" "r" {{}}\n'
    found = parsed(tmp_path, {"a/main.tf": call.format("b"), "b/main.tf": call.format("a")})
    (broken,) = found.broken
    assert broken.message.startswith("module cycle: ")
    assert [one.key.address for one in found.resources] == ["aws_iam_role.r", "module.b.aws_iam_role.r"]


def test_modules_nested_too_deeply_are_cut_off_with_a_message(tmp_path: Path) -> None:
    files = {f"m{n}/main.tf": f'module "m" {{\n  source = "../m{n + 1}"\n}}\n' for n in range(40)}
    files["m40/main.tf"] = 'resource "aws_iam_role" "r" {}\n'
    found = parsed(tmp_path, files)
    (skipped,) = found.skipped
    assert skipped.reason == "module 'm': modules are nested more than 32 deep"
    assert not skipped.by_design


def test_a_syntax_error_in_a_body_that_nothing_needs_stays_unseen(tmp_path: Path) -> None:
    text = 'resource "aws_vpc" "v" {\n  cidr = = 1\n}\nresource "aws_iam_role" "r" {}\n'
    found = parsed(tmp_path, {"main.tf": text}, wanted=lambda type_: type_ == "aws_iam_role")
    assert found.broken == ()
    strict = parsed(tmp_path, {}, TerraformOptions(every_body=True), wanted=lambda type_: type_ == "aws_iam_role")
    assert [one.at.location.line for one in strict.broken] == [2]


def test_a_structural_error_is_found_even_where_nothing_is_wanted(tmp_path: Path) -> None:
    found = parsed(tmp_path, {"main.tf": 'resource "aws_vpc" "v" {\n  cidr = [1\n}\n'}, wanted=lambda _: False)
    assert [one.at.location.line for one in found.broken] == [3]


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    files = {
        "a.tf": 'resource "aws_iam_role" "a" {\n  name = "a"\n',
        "b.tf": 'resource "aws_iam_role" "b" {\n  name = try(aws_iam_role.a.name, "fallback")\n}\n',
    }
    found = parsed(tmp_path, files)
    assert len(found.broken) == 1
    (role,) = found.resources
    assert attribute(role, "name") != "fallback"


def test_a_root_without_a_wanted_type_parses_no_body(tmp_path: Path) -> None:
    text = 'module "m" {\n  source = "./m"\n  x = = 1\n}\nlocals {\n  a = = 1\n}\n'
    found = parsed(tmp_path, {"main.tf": text, "m/main.tf": 'resource "aws_vpc" "v" {}\n'}, wanted=lambda _: False)
    assert (found.resources, found.broken) == ((), ())


def test_override_files_come_last_and_replace(tmp_path: Path) -> None:
    files = {
        "a_override.tf": 'resource "aws_iam_role" "r" {\n  name = "over"\n  inline_policy {\n    name = "z"\n  }\n}\n',
        "main.tf": (
            'resource "aws_iam_role" "r" {\n  name = "first"\n  path = "/p/"\n'
            '  inline_policy {\n    name = "x"\n  }\n  inline_policy {\n    name = "y"\n  }\n}\n'
        ),
    }
    role = resources(tmp_path, files)["aws_iam_role.r"]
    assert plain(role.attributes) == {"name": "over", "path": "/p/", "inline_policy": [{"name": "z"}]}
    assert line(role.attributes.entries["name"]) == 2


def test_opentofu_files_take_the_place_of_their_namesakes(tmp_path: Path) -> None:
    files = {"main.tf": 'resource "aws_iam_role" "old" {}\n', "main.tofu": 'resource "aws_iam_role" "new" {}\n'}
    assert list(resources(tmp_path, files)) == ["aws_iam_role.new"]


def test_moved_removed_import_and_check_blocks_change_nothing(tmp_path: Path) -> None:
    text = """
moved {
  from = aws_iam_role.old
  to   = aws_iam_role.r
}
removed {
  from = aws_iam_role.gone
}
import {
  to = aws_iam_role.r
  id = "ops"
}
check "c" {
  assert {
    condition     = false
    error_message = "never"
  }
}
resource "aws_iam_role" "r" {}
"""
    assert list(resources(tmp_path, {"main.tf": text})) == ["aws_iam_role.r"]


def test_a_resource_that_is_declared_twice_hides_nothing(tmp_path: Path) -> None:
    files = {
        "a.tf": 'resource "aws_iam_role" "r" {\n  name = "first"\n}\n',
        "b.tf": 'resource "aws_iam_role" "r" {\n  name = "second"\n}\n',
        "c.tf": 'resource "aws_x" "x" {\n  a = aws_iam_role.r.name\n}\n',
    }
    found = parsed(tmp_path, files).resources
    assert [attribute(one, "name") for one in found if one.type == "aws_iam_role"] == ["first", "second"]
    assert [attribute(one, "a") for one in found if one.type == "aws_x"] == ["first"]
