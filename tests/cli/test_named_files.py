"""A Terraform file named by itself: its module decides what is known, the file what is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scan_samples import ADMIN, AGENT, NARROW, run, scanned, write

if TYPE_CHECKING:
    from pathlib import Path

OTHER = (AGENT + ADMIN).replace('"ops"', '"other"').replace(".ops.", ".other.")
LEFT_OUT = "only other files of the same module: scan the directory to see them"


@pytest.fixture
def module(tmp_path: Path) -> Path:
    write(tmp_path, "agent.tf", AGENT)
    write(tmp_path, "policy.tf", ADMIN)
    write(tmp_path, "other.tf", OTHER)
    return tmp_path


def evidence(result: dict[str, object]) -> set[str]:
    findings = result["findings"]
    assert isinstance(findings, list)
    return {f"{one['check']} {one['subject']}" for one in findings}


def test_only_what_touches_the_named_file_is_reported(module: Path) -> None:
    _, whole = scanned(module)
    code, named = scanned(module, "other.tf")
    assert code == 1
    assert evidence(named) == {one for one in evidence(whole) if "other" in one}
    assert evidence(named) < evidence(whole)
    (said,) = named["skipped"]
    assert (said["path"], said["by_design"]) == ("other.tf", True)
    assert said["reason"].endswith(LEFT_OUT)


def test_what_a_named_file_has_a_part_in_is_reported_with_its_lines_elsewhere(module: Path) -> None:
    _, result = scanned(module, "policy.tf")
    (found,) = (one for one in result["findings"] if one["check"] == "AR101")
    assert {one["path"] for one in found["evidence"]} == {"policy.tf", "agent.tf"}
    assert {"AR101 aws_iam_role_policy.ops", "AR101 aws_iam_role.ops"} & evidence(result)
    assert not any("other" in one for one in evidence(result))


def test_a_named_file_without_findings_of_its_own_says_how_many_the_module_has(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + NARROW)
    write(tmp_path, "other.tf", OTHER)
    code, result = scanned(tmp_path, "main.tf")
    assert (code, result["findings"]) == (0, [])
    assert "other files of the same module" in run(tmp_path, "scan", "main.tf", "--verbose").stdout


def test_every_file_named_is_the_directory_named(module: Path) -> None:
    _, whole = scanned(module)
    _, named = scanned(module, "agent.tf", "policy.tf", "other.tf")
    _, both = scanned(module, "other.tf", ".")
    assert named["findings"] == whole["findings"] == both["findings"]
    assert named["skipped"] == both["skipped"] == []


def test_a_broken_file_beside_the_named_one_is_reported(module: Path) -> None:
    write(module, "broken.tf", 'resource "aws_iam_role" "x" {\n  name = "x\n}\n')
    code, result = scanned(module, "other.tf")
    assert code == 2
    assert "AR001" in {one["check"] for one in result["findings"]}


def test_a_file_that_is_its_whole_module_is_reported_in_full(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + ADMIN)
    _, result = scanned(tmp_path, "main.tf")
    assert result["skipped"] == []
    assert "AR101" in {one["check"] for one in result["findings"]}
