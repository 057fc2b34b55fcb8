"""No report depends on the cache: what is remembered is what a scan would say now."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hostile.planted import SECRETS, project, telling

if TYPE_CHECKING:
    from pathlib import Path

ROLE = """
resource "aws_iam_role" "agent" {
  name               = "agent"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "agent" {
  role   = aws_iam_role.agent.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  agent_resource_role_arn = aws_iam_role.agent.arn
}
"""


def _scan(folder: Path, *flags: str, environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    """The code and the streams of a scan with a cache beside the folder."""
    given = {"PATH": "/usr/bin:/bin", "AGENTREACH_CACHE_DIR": str(folder.parent / "cache"), **(environment or {})}
    done = subprocess.run(
        [sys.executable, "-m", "agentreach", "scan", *flags],
        cwd=folder,
        env=given,
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


def _entries(folder: Path) -> list[Path]:
    cache = folder.parent / "cache"
    return sorted(cache.iterdir()) if cache.exists() else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    code = tmp_path / "code"
    code.mkdir()
    (code / "main.tf").write_text(ROLE)
    return code


@pytest.mark.parametrize("name", ["text", "json", "junit", "github", "gitlab", "markdown", "csv"])
def test_a_warm_run_says_what_a_cold_one_said(folder: Path, name: str) -> None:
    cold, warm = _scan(folder, "--format", name), _scan(folder, "--format", name)
    assert cold == warm == _scan(folder, "--format", name, "--no-cache")
    assert cold[0] == 1
    assert len(_entries(folder)) == 1


def test_a_warm_run_imports_no_parser_and_no_check(folder: Path) -> None:
    _scan(folder)
    probe = (
        "import sys\nsys.argv[1:] = ['scan']\nfrom agentreach.cli import _answer\n"
        "try:\n    _answer(['scan'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith(('agentreach.parsers', 'agentreach.graph', 'agentreach_checks'))])"
    )
    environment = {"PATH": "/usr/bin:/bin", "AGENTREACH_CACHE_DIR": str(folder.parent / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=folder, env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_changed_file_changes_the_answer(folder: Path) -> None:
    before = _scan(folder)
    (folder / "main.tf").write_text(ROLE.replace("s3:GetObject", "iam:*"))
    after = _scan(folder)
    assert after == _scan(folder, "--no-cache")
    assert after != before


def test_flags_configuration_width_and_colour_have_answers_of_their_own(folder: Path) -> None:
    plain = _scan(folder)
    assert _scan(folder, "--fail-on", "never")[0] == 0
    assert _scan(folder, "--color", "always")[1] != plain[1]
    assert _scan(folder, environment={"COLUMNS": "60"})[1] != plain[1]
    (folder / "agentreach.toml").write_text('ignore = ["AR"]\n')
    assert _scan(folder)[0] == 0
    (folder / "agentreach.toml").unlink()
    assert _scan(folder) == plain


def test_a_report_in_a_file_is_written_again(folder: Path) -> None:
    _scan(folder, "--format", "json=out.json", "--exclude", "out.json")
    first = (folder / "out.json").read_bytes()
    (folder / "out.json").write_text("{}")
    _scan(folder, "--format", "json=out.json", "--exclude", "out.json")
    assert (folder / "out.json").read_bytes() == first


def test_a_damaged_entry_is_scanned_anew(folder: Path) -> None:
    cold = _scan(folder)
    (entry,) = _entries(folder)
    entry.write_bytes(entry.read_bytes()[:-9] + b"harmless!")
    assert _scan(folder) == cold


@pytest.mark.parametrize("mode", [0o500, 0o777])
def test_a_cache_that_cannot_be_used_changes_nothing(folder: Path, mode: int) -> None:
    (folder.parent / "cache").mkdir(mode=0o700)
    (folder.parent / "cache").chmod(mode)
    cold, warm = _scan(folder), _scan(folder)
    assert cold == warm
    assert cold[0] == 1
    (folder.parent / "cache").chmod(0o700)


@pytest.mark.parametrize(
    "flags",
    [("--no-cache",), ("--verbose",), ("--format", "sarif"), ("--format", "html"), ("-",)],
)
def test_what_depends_on_more_than_files_is_not_remembered(folder: Path, flags: tuple[str, ...]) -> None:
    _scan(folder, *flags)
    assert _entries(folder) == []


def test_a_cache_inside_the_scanned_tree_is_not_used(folder: Path) -> None:
    _scan(folder, environment={"AGENTREACH_CACHE_DIR": str(folder / ".cache")})
    assert list((folder / ".cache").iterdir()) == []


@pytest.mark.parametrize("kind", SECRETS)
def test_a_planted_secret_is_not_in_the_cache(tmp_path: Path, kind: str) -> None:
    from agentreach.cache import Store  # noqa: PLC0415 - only here

    project(tmp_path / "p", SECRETS[kind])
    _scan(tmp_path / "p", "--show-suppressed", "--min-confidence", "low", "--helm", "off")
    (entry,) = _entries(tmp_path / "p")
    content = (Store(entry.parent).get(entry.name) or b"").decode()
    assert "AR101" in content
    assert [part for part in telling(kind) if part in content] == []
