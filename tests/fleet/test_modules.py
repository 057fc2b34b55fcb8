"""Modules that another repository of the fleet declares are read with the arguments of whoever calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agentreach.fleet.module_sources import GitSource, declared, git_source, mentioned, place, unread
from agentreach.fleet.query import ask
from agentreach.fleet.repositories import repositories
from agentreach.fleet.run import Settings, scan_fleet
from agentreach.fleet.store import Store
from agentreach.model import Skipped
from fleet.organization import AGENT, checkout, commit, git

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """
variable "name" {
  type = string
}
variable "secret" {
  type = string
}
resource "aws_iam_role" "this" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = var.secret }] })
}
output "arn" {
  value = aws_iam_role.this.arn
}
"""
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/billing-*"
CALLER = AGENT.replace('"arn:aws:iam::111122223333:role/ops-agent"', "module.role.arn")


def calling(source: str) -> str:
    return f'{CALLER}\nmodule "role" {{\n  source = "{source}"\n  name   = "ops-agent"\n  secret = "{SECRET}"\n}}\n'


def scanned(folder: Path) -> dict[str, int]:
    return scan_fleet(repositories([folder / "org"]), str(folder / "store"), Settings(jobs=1)).states


def answer(folder: Path, question: str) -> list[tuple[Any, ...]]:
    return ask(Store(str(folder / "store")), question).rows


REACHED = "select step, action, resource, acts_as, verdict, path from reach where agent like '%bedrockagent%'"
AT_HEAD = "git::https://git.example.com/acme/modules.git//role"


def organization(folder: Path, source: str) -> None:
    checkout(folder / "org" / "modules", {"role/main.tf": MODULE})
    checkout(folder / "org" / "agents", {"main.tf": calling(source)})


@pytest.mark.parametrize(
    "source",
    [AT_HEAD, "git::ssh://git@git.example.com/acme/modules//role", "git::git@git.example.com:acme/modules.git//role"],
)
def test_a_module_of_another_repository_is_read_where_it_is_called(tmp_path: Path, source: str) -> None:
    organization(tmp_path, source)
    assert scanned(tmp_path) == {"scanned": 2}
    short = git(tmp_path / "org" / "modules", "rev-parse", "HEAD")[:12]
    assert answer(tmp_path, REACHED) == [
        (
            *("secrets", "secretsmanager:GetSecretValue", SECRET, "module.role.aws_iam_role.this", "allowed"),
            f".terraform/modules/modules@{short}/role/main.tf",
        )
    ]
    assert answer(tmp_path, "select repository, other, sense, candidates from links") == [
        ("modules", "agents", "module", 1)
    ]
    assert answer(tmp_path, "select * from skipped") == []
    assert answer(tmp_path, "select repository, address from agents") == [("agents", "aws_bedrockagent_agent.ops")]


def test_an_unchanged_module_is_not_read_again_and_a_changed_one_is(tmp_path: Path) -> None:
    organization(tmp_path, AT_HEAD)
    scanned(tmp_path)
    assert scanned(tmp_path) == {"unchanged": 2}
    commit(tmp_path / "org" / "modules", {"role/main.tf": MODULE.replace("Get", "Put")})
    assert scanned(tmp_path) == {"scanned": 2}
    assert answer(tmp_path, "select action from reach") == [("secretsmanager:PutSecretValue",)]


def test_a_module_is_read_at_the_revision_that_its_source_names(tmp_path: Path) -> None:
    organization(tmp_path, f"{AT_HEAD}?ref=v1")
    git(tmp_path / "org" / "modules", "tag", "v1")
    commit(tmp_path / "org" / "modules", {"role/main.tf": MODULE.replace("Get", "Put")})
    scanned(tmp_path)
    assert answer(tmp_path, "select action from reach") == [("secretsmanager:GetSecretValue",)]


def test_a_revision_that_is_not_there_is_not_guessed(tmp_path: Path) -> None:
    organization(tmp_path, f"{AT_HEAD}?ref=v9")
    assert scanned(tmp_path) == {"scanned": 2}
    assert answer(tmp_path, REACHED) == []
    ((path, reason),) = answer(tmp_path, "select path, reason from skipped")
    assert path == "main.tf"
    assert reason.startswith(f"module 'role': {AT_HEAD}?ref=v9 is not downloaded")
    assert answer(tmp_path, "select repository, other, sense from links") == [("modules", "agents", "module")]


def test_modules_that_modules_call_are_read_too(tmp_path: Path) -> None:
    outer = calling("git::https://git.example.com/acme/outer.git").partition('module "role"')[2]
    passing = 'variable "name" {}\nvariable "secret" {}\n'
    inner = f'module "inner" {{\n  source = "{AT_HEAD}"\n  name = var.name\n  secret = var.secret\n}}\n'
    checkout(tmp_path / "org" / "modules", {"role/main.tf": MODULE})
    checkout(
        tmp_path / "org" / "outer", {"main.tf": passing + inner + 'output "arn" {\n  value = module.inner.arn\n}\n'}
    )
    checkout(tmp_path / "org" / "agents", {"main.tf": f'{CALLER}\nmodule "role"{outer}'})
    scanned(tmp_path)
    assert answer(tmp_path, "select acts_as from reach where agent like '%bedrockagent%'") == [
        ("module.role.module.inner.aws_iam_role.this",)
    ]
    assert scanned(tmp_path) == {"unchanged": 3}


def test_two_checkouts_of_one_place_leave_a_module_open_with_both(tmp_path: Path) -> None:
    organization(tmp_path, AT_HEAD)
    remote = "https://git.example.com/acme/modules.git"
    checkout(tmp_path / "org" / "fork", {"role/main.tf": MODULE}, remote=remote)
    scanned(tmp_path)
    assert answer(tmp_path, REACHED) == []
    assert answer(tmp_path, "select repository, other, candidates from links order by all") == [
        ("fork", "agents", 2),
        ("modules", "agents", 2),
    ]


def test_a_registry_names_a_repository_by_custom_only(tmp_path: Path) -> None:
    checkout(tmp_path / "org" / "terraform-aws-role", {"main.tf": MODULE})
    checkout(tmp_path / "org" / "agents", {"main.tf": calling("app.terraform.io/acme/role/aws")})
    scanned(tmp_path)
    assert answer(tmp_path, REACHED) == []
    assert answer(tmp_path, "select repository, other, name from links") == [
        ("terraform-aws-role", "agents", "module:*/terraform-aws-role")
    ]


def test_a_module_may_not_lead_out_of_its_repository(tmp_path: Path) -> None:
    organization(tmp_path, "git::https://git.example.com/acme/modules.git//../../../../../../etc")
    assert scanned(tmp_path) == {"scanned": 2}
    assert answer(tmp_path, REACHED) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("git::https://git.example.com/a/b/c.git//x/y?ref=v1", GitSource("git.example.com/a/b/c", "v1", "x/y")),
        ("git::ssh://git@git.example.com:2222/a/b?ref=main&depth=1", GitSource("git.example.com/a/b", "main", "")),
        ("github.com/acme/mods//role", GitSource("github.com/acme/mods", "", "role")),
        ("git::https://u:p@git.example.com/a/b.git", GitSource("git.example.com/a/b", "", "")),
        ("git::https://git.example.com/a/b?ref=--upload-pack=id", None),
        ("https://example.com/module.zip", None),
        ("acme/role/aws", None),
    ],
)
def test_what_a_source_means(source: str, found: GitSource | None) -> None:
    assert git_source(source) == found


def test_names_by_which_modules_are_found() -> None:
    assert set(mentioned("git::https://git.example.com/Acme/Mods.git")) == {
        "module:git.example.com/acme/mods",
        "module:?/mods",
    }
    assert mentioned("acme/role/aws") == ("module:github.com/acme/terraform-aws-role",)
    assert mentioned("./local") == ()
    assert set(declared("github.com/Acme/Mods", "m")) == {"module:github.com/acme/mods", "module:*/mods"}
    assert set(declared("", "team/mods")) == {"module:?/mods", "module:*/mods"}
    assert place("git@git.example.com:a/b.git") == place("https://git.example.com/a/b") == "git.example.com/a/b"


def test_sources_of_modules_that_were_not_found_are_read_from_what_was_skipped() -> None:
    said = "module 'x': git::https://git.example.com/a.git is not downloaded; run terraform init, or map it under [modules]"
    assert list(unread([Skipped("main.tf", said), Skipped("main.tf", "something else")])) == [
        "git::https://git.example.com/a.git"
    ]


def test_a_password_in_a_source_is_not_kept(tmp_path: Path) -> None:
    checkout(tmp_path / "org" / "agents", {"main.tf": calling("git::https://u:hunter2hunter2@git.example.com/a/b.git")})
    scanned(tmp_path)
    result = Store(str(tmp_path / "store")).result("agents", ["body", "kind"]).to_pylist()
    assert any("://…@git.example.com" in row["body"] for row in result)
    assert not any("hunter2" in row["body"] for row in result)
