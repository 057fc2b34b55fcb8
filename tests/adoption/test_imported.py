"""Findings of other tools: mapped onto the agents they concern, marked, and harmless whatever they say."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from agentreach import scan
from agentreach.cli import group
from agentreach.errors import MissingExtraError, UsageError
from agentreach.findings import Severity
from agentreach.integrations import checkov_run, imported
from agentreach.integrations.imported.checks import SAME_PATTERN
from agentreach.integrations.imported.reading import parse
from agentreach_checks import ALL

STACK = """\
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  agent_resource_role_arn = aws_iam_role.ops.arn
}

resource "aws_iam_role" "ops" {
  name               = "ops"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "ops" {
  role   = aws_iam_role.ops.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "s3:GetObject", Resource = "*"
  }] })
}

resource "aws_s3_bucket" "elsewhere" {
  bucket = "elsewhere"
}
"""
ROLE_LINES = [6, 9]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.tf").write_text(STACK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _checkov(*found: dict[str, Any]) -> dict[str, Any]:
    return {
        "check_type": "terraform",
        "results": {"passed_checks": [{"check_id": "CKV_X"}], "failed_checks": list(found)},
    }


def _row(**changed: object) -> dict[str, Any]:
    row: dict[str, Any] = {
        "check_id": "CKV_AWS_61",
        "check_name": "Ensure something",
        "file_path": "/main.tf",
        "file_line_range": ROLE_LINES,
        "resource": "aws_iam_role.ops",
        "severity": None,
    }
    return row | changed


def _attached(content: object) -> list[Any]:
    done = imported.attach(scan("."), parse(content, "report"), "report")
    return [one for one in done.findings if one.origin != "agentreach"]


@pytest.mark.usefixtures("project")
def test_a_finding_on_an_identity_is_mapped_onto_the_agent_and_marked() -> None:
    (found,) = _attached(_checkov(_row(severity="HIGH")))
    assert (found.origin, found.check_id, found.severity) == ("checkov", "CKV_AWS_61", Severity.HIGH)
    assert [key.address for key in found.agents] == ["aws_bedrockagent_agent.ops"]
    assert found.subject.address == "aws_iam_role.ops"
    assert found.evidence[0].at.location[:2] == ("main.tf", 6)
    assert {(one.framework, one.basis) for one in found.controls} >= {("owasp-asi-2026", "derived")}


@pytest.mark.usefixtures("project")
def test_what_concerns_no_agent_is_counted_and_left_out() -> None:
    found = parse(_checkov(_row(resource="aws_s3_bucket.elsewhere", file_line_range=[18, 20])), "checkov.json")
    done = imported.attach(scan("."), found, "checkov.json")
    assert all(one.origin == "agentreach" for one in done.findings)
    assert done.notes[-1] == "checkov.json: 1 findings read, 0 concern agents"


@pytest.mark.usefixtures("project")
def test_a_policy_that_gives_an_agent_reach_concerns_it() -> None:
    (found,) = _attached(_checkov(_row(check_id="CKV_AWS_355", resource="aws_iam_role_policy.ops")))
    assert found.subject.address == "aws_iam_role_policy.ops"
    assert found.message.endswith("aws_iam_role_policy.ops")


@pytest.mark.usefixtures("project")
def test_lines_decide_where_a_report_names_no_resource() -> None:
    (found,) = _attached(
        {
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "Trivy",
                            "rules": [
                                {
                                    "id": "AVD-AWS-0057",
                                    "shortDescription": {"text": "No wildcards"},
                                    "properties": {"security-severity": "9.1"},
                                    "helpUri": "https://example.com/rule",
                                }
                            ],
                        }
                    },
                    "results": [
                        {
                            "ruleId": "AVD-AWS-0057",
                            "ruleIndex": 0,
                            "level": "error",
                            "message": {"text": "Policy uses a wildcard."},
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": {"uri": "main.tf", "uriBaseId": "ROOTPATH"},
                                        "region": {"startLine": 14, "endLine": 14},
                                    }
                                }
                            ],
                        },
                        {"ruleId": "AVD-AWS-0001", "suppressions": [{"kind": "inSource"}]},
                    ],
                }
            ],
        }
    )
    assert (found.origin, found.check_id, found.severity) == ("trivy", "AVD-AWS-0057", Severity.CRITICAL)
    assert found.message.startswith("trivy: Policy uses a wildcard; ")
    assert found.evidence[0].at.location.line == 14
    assert found.remediation == "See https://example.com/rule"


def test_one_finding_about_a_block_is_one_finding_however_many_instances_it_has(project: Path) -> None:
    stack = STACK.replace('resource "aws_iam_role" "ops" {', 'resource "aws_iam_role" "ops" {\n  count = 2')
    agents = stack.replace("aws_iam_role.ops.arn", "aws_iam_role.ops[0].arn").replace("ops.id", "ops[0].id")
    second = (
        'resource "aws_bedrockagent_agent" "other" {\n  agent_name = "other"\n'
        "  agent_resource_role_arn = aws_iam_role.ops[1].arn\n}\n"
    )
    (project / "main.tf").write_text(agents + second, encoding="utf-8")
    (found,) = _attached(_checkov(_row()))
    assert found.subject.address == "aws_iam_role.ops[0]"
    assert {key.address for key in found.agents} == {"aws_bedrockagent_agent.ops", "aws_bedrockagent_agent.other"}
    (exact,) = _attached(_checkov(_row(resource="aws_iam_role.ops[1]")))
    assert [key.address for key in exact.agents] == ["aws_bedrockagent_agent.other"]


@pytest.mark.usefixtures("project")
def test_trivys_own_json_is_read_too() -> None:
    (found,) = _attached(
        {
            "SchemaVersion": 2,
            "Results": [
                {
                    "Target": "main.tf",
                    "Misconfigurations": [
                        {
                            "AVDID": "AVD-AWS-0342",
                            "Title": "Pass role",
                            "Severity": "LOW",
                            "Status": "FAIL",
                            "CauseMetadata": {"Resource": "aws_iam_role.ops", "StartLine": 6, "EndLine": 9},
                        },
                        {"AVDID": "AVD-AWS-0001", "Status": "PASS"},
                    ],
                }
            ],
        }
    )
    assert (found.subject.address, found.severity) == ("aws_iam_role.ops", Severity.LOW)


@pytest.mark.usefixtures("project")
def test_our_own_checks_seen_through_another_tool_are_not_imported_again() -> None:
    assert _attached(_checkov(_row(check_id="AR302"))) == []


@pytest.mark.usefixtures("project")
def test_a_path_of_another_machine_is_recognised_by_its_end() -> None:
    row = _row(file_abs_path="/github/workspace/main.tf", resource="")
    (found,) = _attached(_checkov(row))
    assert found.evidence[0].at.location.path == "main.tf"


@pytest.mark.usefixtures("project")
def test_the_same_report_twice_is_the_same_findings_once() -> None:
    found = parse(_checkov(_row()), "a")
    once = imported.attach(scan("."), found, "a")
    twice = imported.attach(once, found, "b")
    assert [one.fingerprint for one in twice.findings] == [one.fingerprint for one in once.findings]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "row",
    [
        _row(check_name='<script>alert(1)</script>\x1b[2J\u202e"', check_id="CKV_AWS_61"),
        _row(check_id="../../etc/passwd\n::error::x"),
        _row(file_path="../../../../etc/passwd", file_abs_path="/etc/passwd", resource=""),
        _row(file_line_range=[-1, 10**30], resource=""),
        _row(file_line_range="x", check_name=["no", "text"], severity={"a": 1}),
        _row(guideline="javascript:alert(1)"),
    ],
)
def test_hostile_content_is_harmless_in_every_format(row: dict[str, Any], project: Path) -> None:
    (project / "report.json").write_text(json.dumps(_checkov(row)), encoding="utf-8")
    for name in ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv"):
        done = CliRunner().invoke(group, ["scan", "--import", "report.json", "--format", name, "--fail-on", "never"])
        assert done.exit_code == 0, (name, done.output, done.exception)
        assert "\x1b" not in done.output
        assert "\n::error::x" not in done.output
        assert "javascript:" not in done.output
        assert "root:x:0" not in done.output
    done = CliRunner().invoke(group, ["report", "--import", "report.json", "--format", "html"])
    assert "<script>alert(1)" not in done.output


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["runs", "results", "tool", "driver", "rules", "ruleIndex", "locations", "failed_checks", "Results",
             "Misconfigurations", "check_type", "message", "properties", "file_line_range", "physicalLocation"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(content=JSON)
def test_whatever_a_report_holds_it_is_read_or_refused(content: object) -> None:
    try:
        found = parse(content, "report")
    except UsageError:
        return
    assert all(one.severity in Severity for one in found)


@pytest.mark.parametrize("text", ["", "[" * 100_000, "{}", "[1]", '{"a": 1}', "\x00"])
def test_what_is_no_report_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"other\.json"):
        imported.read(path)


@pytest.mark.usefixtures("project")
def test_imported_findings_are_evidence_in_the_compliance_report(project: Path) -> None:
    (project / "checkov.json").write_text(json.dumps(_checkov(_row(check_id="CKV_AWS_274"))), encoding="utf-8")
    done = CliRunner().invoke(group, ["report", "--import", "checkov.json", "--format", "json"])
    assert done.exit_code == 0, done.output
    entries = {
        (framework["id"], entry["id"]): entry
        for framework in json.loads(done.stdout)["frameworks"]
        for entry in framework["entries"]
    }
    assert "CKV_AWS_274" in entries["owasp-asi-2026", "ASI03"]["checks"]
    assert entries["owasp-asi-2026", "ASI03"]["state"] == "evidence-found"


@pytest.mark.usefixtures("project")
def test_json_names_the_origin_of_every_finding(project: Path) -> None:
    (project / "checkov.json").write_text(json.dumps([_checkov(_row())]), encoding="utf-8")
    done = CliRunner().invoke(group, ["scan", "--import", "checkov.json", "--format", "json", "--fail-on", "never"])
    origins = {one["check"]: one["origin"] for one in json.loads(done.stdout)["findings"]}
    assert origins["CKV_AWS_61"] == "checkov"
    assert {origin for check, origin in origins.items() if check.startswith("AR")} == {"agentreach"}


def test_the_table_of_same_patterns_names_checks_that_exist() -> None:
    assert set(SAME_PATTERN.values()) <= {check.id for check in ALL}


def _program(folder: Path, body: str) -> None:
    folder.mkdir()
    path = folder / "checkov"
    path.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.usefixtures("project")
def test_with_checkov_runs_it_apart_offline_and_imports_its_report(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path_factory.mktemp("bin") / "bin"
    seen = away.parent / "seen.json"
    report = json.dumps(_checkov(_row()))
    _program(
        away,
        "import json, os, sys\n"
        f"open({str(seen)!r}, 'w').write(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]))\n"
        f"print({report!r})",
    )
    monkeypatch.setenv("PATH", str(away))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("BC_API_KEY", "x")
    done = CliRunner().invoke(group, ["scan", "--with", "checkov", "--format", "json", "--fail-on", "never"])
    assert done.exit_code == 0, done.output
    assert "CKV_AWS_61" in {one["check"] for one in json.loads(done.stdout)["findings"]}
    arguments, environment, folder = json.loads(seen.read_text(encoding="utf-8"))
    assert f"--directory={project.resolve()}" in arguments
    assert "--skip-download" in arguments
    assert not {"AWS_SECRET_ACCESS_KEY", "BC_API_KEY", "PYTHONPATH"} & environment.keys()
    assert Path(folder) != project


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import time; time.sleep(30)", "did not end within"),
        ("print('no json')", "gave no report"),
        ("raise SystemExit('broken')", "broken"),
    ],
)
def test_a_checkov_that_fails_is_said_so(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    away = tmp_path_factory.mktemp("bin") / "bin"
    _program(away, body)
    monkeypatch.setenv("PATH", str(away))
    with pytest.raises(UsageError, match=said):
        checkov_run.run([Path()], seconds=1 if "sleep" in body else 20)


def test_a_checkov_of_the_scanned_tree_is_never_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(project / "bin", "open('ran', 'w')")
    monkeypatch.setenv("PATH", "bin:.")
    with pytest.raises(MissingExtraError, match="agentreach\\[checkov\\]"):
        checkov_run.run([Path()])
