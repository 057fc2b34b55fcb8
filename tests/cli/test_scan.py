"""What a user sees: exit codes, streams, and what happens to input that is not as it should be."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scan_samples import ADMIN, AGENT, NARROW, POLICY, run, scanned, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_bounded_agent_yields_nothing_and_exits_0(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + NARROW)
    code, result = scanned(tmp_path)
    assert (code, result["findings"]) == (0, [])
    assert [(one["address"], one["bounded"]) for one in result["agents"]] == [("aws_bedrockagent_agent.ops", True)]


def test_findings_exit_1_and_fail_on_moves_the_bar(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + ADMIN)
    code, result = scanned(tmp_path)
    assert code == 1
    assert result["findings"][0]["check"] == "AR101"
    assert scanned(tmp_path, "--fail-on", "never")[0] == 0
    assert scanned(tmp_path, "--select", "AR402")[0] == 1
    assert scanned(tmp_path, "--select", "AR402", "--fail-on", "high")[0] == 0


def test_no_agent_says_what_was_looked_at(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n')
    done = run(tmp_path, "scan")
    assert done.returncode == 0
    assert "0 agents in 1 file" in done.stdout


def test_broken_syntax_is_a_finding_with_its_place_and_the_rest_is_analysed(tmp_path: Path) -> None:
    write(tmp_path, "broken.tf", 'resource "aws_iam_role" "x" {\n  name = "x\n}\n')
    write(tmp_path, "main.tf", AGENT + ADMIN)
    code, result = scanned(tmp_path)
    assert code == 2
    checks = {finding["check"]: finding for finding in result["findings"]}
    assert checks["AR001"]["evidence"][0]["path"] == "broken.tf"
    assert checks["AR001"]["evidence"][0]["line"] == 2
    assert "AR101" in checks


def test_a_path_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    done = run(tmp_path, "scan", "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--select", "AR9"), "no check has the id, prefix or name 'AR9'"),
        (("--format", "xml"), "unknown format 'xml'"),
        (("--var", "x"), "--var 'x' has no '='"),
        (("--format", "json", "--format", "sarif"), "two formats would both go to stdout"),
    ],
)
def test_a_mistake_on_the_command_line_is_explained(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(tmp_path, "scan", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_formats_go_to_their_files_and_one_to_stdout(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + ADMIN)
    done = run(tmp_path, "scan", "--format", "text", "--format", "sarif=out.sarif", "--format", "json=out.json")
    assert "AR101" in done.stdout
    assert json.loads((tmp_path / "out.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((tmp_path / "out.json").read_text())["schema"] == "agentreach.scan/1"
    assert not list(tmp_path.glob(".*.partial"))


def test_a_baseline_hides_what_it_knows_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + ADMIN)
    run(tmp_path, "scan", "--write-baseline", "known.json")
    code, result = scanned(tmp_path, "--baseline", "known.json")
    assert (code, result["findings"]) == (0, [])
    assert result["summary"]["known"] > 0
    write(tmp_path, "more.tf", (POLICY % ("secretsmanager:GetSecretValue", "*")).replace('"ops" {', '"more" {', 1))
    _, result = scanned(tmp_path, "--baseline", "known.json")
    assert "AR303" in [finding["check"] for finding in result["findings"]]


def test_a_discovered_configuration_may_not_name_python_checks(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + NARROW)
    write(tmp_path, "agentreach.toml", 'checks = ["evil.py"]\nignore = ["AR5"]\n')
    code, result = scanned(tmp_path)
    assert code == 2
    assert result["configuration"] == {
        "file": "agentreach.toml",
        "weakened": ["ignore AR5"],
        "weakened_by_change": [],
        "refused": ["checks"],
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.tf", b""),
        ("empty.yaml", b""),
        ("notes.yaml", b"title: notes\nitems: [1, 2]\n"),
        ("broken-notes.yaml", b"title: [notes\n"),
        ("chart/templates/x.yaml", b"{{- if .Values.on }}\nkind: Pod\n{{ end }}\n"),
        ("binary.yaml", bytes(range(256)) * 20),
        ("data.json", b'{"a": [1, 2'),
    ],
)
def test_what_is_not_infrastructure_code_leaves_the_exit_code_alone(tmp_path: Path, name: str, content: bytes) -> None:
    write(tmp_path, name, content)
    write(tmp_path, "main.tf", AGENT + NARROW)
    code, result = scanned(tmp_path)
    assert (code, result["findings"]) == (0, [])
    assert result["summary"]["agents"] == 1


def test_terraform_that_is_not_utf_8_is_reported_and_exits_2(tmp_path: Path) -> None:
    write(tmp_path, "latin.tf", 'variable "größe" {}\n'.encode("latin-1"))
    write(tmp_path, "main.tf", AGENT + NARROW)
    code, result = scanned(tmp_path)
    assert code == 2
    assert any(skip["path"] == "latin.tf" for skip in result["skipped"]) or any(
        finding["check"] == "AR001" for finding in result["findings"]
    )


def test_a_file_over_the_limit_is_skipped_with_its_reason_and_exits_2(tmp_path: Path) -> None:
    write(tmp_path, "huge.tf", b"# " + b"x" * (50 * 1024 * 1024) + b"\n")
    write(tmp_path, "main.tf", AGENT + ADMIN)
    code, result = scanned(tmp_path)
    assert code == 2
    (skip,) = [skip for skip in result["skipped"] if skip["path"] == "huge.tf"]
    assert "MiB" in skip["reason"]
    assert result["findings"][0]["check"] == "AR101"


def test_links_that_loop_or_leave_the_tree_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "repository", tmp_path / "outside"
    write(inside, "main.tf", AGENT + NARROW)
    write(outside, "secret.tf", ADMIN)
    (inside / "loop").symlink_to(inside, target_is_directory=True)
    (inside / "away").symlink_to(outside, target_is_directory=True)
    code, result = scanned(inside)
    assert (code, result["findings"]) == (0, [])
    assert result["summary"]["files"] == 1


def test_standard_input_is_a_source(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agentreach", "scan", "-", "--format", "json"],
        cwd=tmp_path,
        input=AGENT + ADMIN,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["findings"][0]["check"] == "AR101"


def test_two_runs_print_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + ADMIN)
    write(tmp_path, "other/main.tf", (AGENT + ADMIN).replace('"ops"', '"billing"').replace(".ops", ".billing"))
    outputs = {
        run(tmp_path, "scan", "--format", "json", PYTHONHASHSEED=seed, SOURCE_DATE_EPOCH="1790000000").stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("command", ["scan", "review", "agents", "report", "checks", "access", "explain", "init"])
def test_help_of_every_command_works(tmp_path: Path, command: str) -> None:
    done = run(tmp_path, command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: agentreach")


def test_init_writes_configuration_and_hook_that_the_tool_accepts(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    write(tmp_path, "main.tf", AGENT + NARROW)
    done = run(tmp_path, "init")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / ".pre-commit-config.yaml").read_text().startswith("repos:\n")
    assert (tmp_path / ".github/workflows/agentreach.yml").is_file()
    code, result = scanned(tmp_path)
    assert (code, result["configuration"]["file"]) == (0, "agentreach.toml")
    assert run(tmp_path, "init").returncode == 2


def test_a_configured_baseline_can_be_written_for_the_first_time(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + ADMIN)
    write(tmp_path, "agentreach.toml", 'baseline = "known.json"\n')
    assert run(tmp_path, "scan", "--write-baseline", "known.json").returncode == 1
    assert scanned(tmp_path)[0] == 0


def test_a_suppressed_statement_does_not_hide_another_of_the_same_finding(tmp_path: Path) -> None:
    noted = POLICY % ("sqs:SendMessage", "*")
    noted = noted.replace(
        "    Statement = [{", "    Statement = [{ # agentreach: ignore[AR301] own queue account, until 2099-01-31"
    )
    write(tmp_path, "main.tf", AGENT + noted)
    write(tmp_path, "more.tf", (POLICY % ("sns:Publish", "*")).replace('"ops" {', '"more" {', 1))
    _, result = scanned(tmp_path, "--select", "AR301")
    found = [(one["suppressed"] is not None, one["evidence"][0]["path"]) for one in result["findings"]]
    assert sorted(found) == [(False, "more.tf"), (True, "main.tf")]


def test_configured_thresholds_say_which_lifetime_is_long(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT.replace('name = "ops"', 'name = "ops"\n  max_session_duration = 7200') + NARROW)
    _, before = scanned(tmp_path, "--select", "AR202")
    write(tmp_path, "agentreach.toml", '[thresholds]\nrole-session = "10h"\n')
    _, loose = scanned(tmp_path, "--select", "AR202")
    write(tmp_path, "agentreach.toml", '[thresholds]\nrole-session = "2h"\n')
    _, strict = scanned(tmp_path, "--select", "AR202")
    assert "30 minutes or less (configured in agentreach.toml)" in strict["findings"][0]["message"]
    assert [len(one["findings"]) for one in (before, loose, strict)] == [1, 0, 1]
    write(tmp_path, "agentreach.toml", '[thresholds]\nrole-sesion = "2h"\n')
    done = run(tmp_path, "scan")
    assert done.returncode == 2
    assert "did you mean 'thresholds.role-session'?" in done.stderr
