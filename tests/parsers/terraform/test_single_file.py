from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.model import string
from agentreach.parsers.terraform import TerraformOptions, load
from agentreach.sources import Tree

if TYPE_CHECKING:
    from pathlib import Path

ROLE = 'resource "aws_iam_role" "ops" {\n  name = "ops-${var.stage}"\n}\n'


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.tf").write_text(ROLE, encoding="utf-8")
    (tmp_path / "variables.tf").write_text('variable "stage" {\n  default = "dev"\n}\n', encoding="utf-8")
    (tmp_path / "terraform.tfvars").write_text('stage = "prod"\n', encoding="utf-8")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(path: Path, exclude: tuple[str, ...] = ()) -> list[str | None]:
    found = load(Tree([path], exclude=exclude), TerraformOptions(), lambda _type: True)
    return [string(resource.attributes.entries.get("name")) for resource in found.resources]


def test_a_file_alone_is_read_with_the_rest_of_its_module(module: Path) -> None:
    assert names(module / "main.tf") == ["ops-prod"]


def test_what_is_excluded_stays_out_of_the_module(module: Path) -> None:
    assert names(module / "main.tf", exclude=("terraform.tfvars",)) == ["ops-dev"]
    assert names(module / "main.tf", exclude=("*.tfvars",)) == names(module, exclude=("*.tfvars",))
