"""Terragrunt units: the module they name, the inputs they give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
