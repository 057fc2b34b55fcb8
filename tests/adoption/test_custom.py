"""An organisation's own checks, frameworks and mappings: in every report, and wrong ones named to the word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from agentreach.cli import group
from agentreach.controls import frameworks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*"
  }] })
}
"""
PYTHON = """\
from agentreach.check import check
from agentreach.findings import Control, Severity
from agentreach.identity import Evidence


@check(
    id="ORG001",
    name="agent-name-prefix",
    title="Agents carry the team prefix",
    severity=Severity.MEDIUM,
    controls=(Control("acme-2026", "AC-1", "primary", "derived"),),
)
def agent_name_prefix(graph):
    for view in graph.agents:
        if not view.name.startswith("team-"):
            yield agent_name_prefix.finding(
                f"{view.key} is called {view.name}",
                severity=Severity.MEDIUM,
                confidence=view.confidence,
                subject=view.key,
                cause="name",
                evidence=[Evidence(view.agent.at, "declared here")],
                agents=[view.key],
            )
"""
YAML = """\
checks:
  - id: ORG002
    name: unowned-secrets-reach
    title: An agent nobody owns reads secrets
    severity: high
    about: reach
    where:
      all:
        - {field: step, is: secrets}
        - {field: agent.owner, is: null}
    message: "{agent.address} has no owner and may do {actions} on {resources}"
    remediation: Tag the agent with its owner
    controls:
      - {framework: acme-2026, id: AC-7, relation: primary}
"""
FRAMEWORK = """\
frameworks:
  - id: acme-2026
    name: ACME access policy
    version: "3"
    entries:
      - {id: AC-1, title: Names tell the team}
      - {id: AC-7, title: Secrets have owners, assessable: direct}
      - {id: AC-9, title: People are trained, assessable: "no"}
mappings:
  - {check: AR303, framework: acme-2026, id: AC-7, relation: secondary}
"""


@pytest.fixture(autouse=True)
def _shipped_frameworks_only() -> Iterator[None]:
    before = dict(frameworks())
    yield
    frameworks().clear()
    frameworks().update(before)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"main.tf": STACK, "ours.py": PYTHON, "ours.yaml": YAML, "acme.yaml": FRAMEWORK}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


OWN = ("--checks", "ours.py", "--checks", "ours.yaml", "--framework-file", "acme.yaml")


@pytest.mark.usefixtures("project")
def test_both_kinds_of_check_find_their_lines() -> None:
    done = _run("scan", "main.tf", *OWN, "--format", "json", "--fail-on", "never")
    assert done.exit_code == 0, done.output
    found = {one["check"]: one for one in json.loads(done.output)["findings"]}
    assert found["ORG001"]["message"] == "aws_bedrockagent_agent.ops is called ops"
    assert found["ORG001"]["evidence"][0]["line"] == 1
    assert found["ORG002"]["evidence"][0]["line"] == 13
    assert found["ORG002"]["message"] == (
        "aws_bedrockagent_agent.ops has no owner and may do secretsmanager:GetSecretValue on *"
    )
    assert (found["ORG002"]["severity"], found["ORG002"]["subject"]) == ("high", "aws_iam_role.ops")
    assert {"framework": "acme-2026", "id": "AC-7", "relation": "secondary", "basis": "derived"} in found["AR303"][
        "controls"
    ]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", ["text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv"])
def test_own_checks_are_in_every_report_of_a_scan(name: str) -> None:
    done = _run("scan", "main.tf", *OWN, "--format", name, "--fail-on", "never")
    assert done.exit_code == 0, done.output
    assert {"ORG001", "ORG002"} <= {one for one in ("ORG001", "ORG002") if one in done.output}


@pytest.mark.usefixtures("project")
def test_own_frameworks_are_in_the_compliance_report() -> None:
    done = _run("report", "main.tf", *OWN, "--format", "json")
    assert done.exit_code == 0, done.output
    (acme,) = [one for one in json.loads(done.output)["frameworks"] if one["id"] == "acme-2026"]
    states = {one["id"]: (one["state"], one["checks"]) for one in acme["entries"]}
    assert states["AC-1"] == ("evidence-found", ["ORG001"])
    assert states["AC-7"] == ("evidence-found", ["ORG002", "AR303"])
    assert states["AC-9"] == ("not-assessed", [])


@pytest.mark.usefixtures("project")
def test_own_checks_can_be_selected_and_suppressed(project: Path) -> None:
    assert "ORG001" not in _run("scan", "main.tf", *OWN, "--select", "ORG002").output
    (project / "main.tf").write_text(f"# agentreach: ignore[ORG001] legacy name\n{STACK}", encoding="utf-8")
    done = _run("scan", "main.tf", *OWN, "--select", "ORG001", "--format", "json")
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.output)["findings"]
    assert found["suppressed"]["reason"] == "legacy name"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("about: reach", "about: reaches", "unknown 'reaches'; did you mean 'reach'"),
        ("field: step", "field: stp", "unknown field 'stp'; did you mean 'step'"),
        ("is: secrets", "equals: secrets", "unknown key 'equals'"),
        ("severity: high", "severity: hihg", "did you mean 'high'"),
        ("id: ORG002", "id: AR901", "and not AR"),
        ("{actions}", "{action}", "unknown field 'action'; did you mean 'actions'"),
        ("id: AC-7", "id: AC-8", "acme-2026 has no entry 'AC-8'; did you mean"),
        ("framework: acme-2026", "framework: acme", "unknown framework 'acme'"),
        ("    title: An agent nobody owns reads secrets\n", "", "'title' is missing"),
        ("{field: step, is: secrets}", "{field: step, above: secret}", "must be a step"),
        ("checks:", "checks: &a [*a]\nx:", "aliases"),
        ("checks:", "check:", "unknown key 'check'; did you mean 'checks'"),
    ],
)
def test_a_mistake_in_yaml_is_named_with_file_and_nearest_word(project: Path, old: str, new: str, said: str) -> None:
    assert old in YAML
    (project / "ours.yaml").write_text(YAML.replace(old, new), encoding="utf-8")
    done = _run("scan", "main.tf", *OWN)
    assert said in str(done.exception), done.output
    assert "ours.yaml" in str(done.exception)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n", "defines no check"),
        ("def f(:\n", "line 1: SyntaxError"),
        ("import nothing_of_this_name\n", "line 1: ModuleNotFoundError"),
        (PYTHON.replace("view.name.startswith", "view.nam.startswith"), "line 15: ORG001 failed: AttributeError"),
        (PYTHON.replace('"ORG001"', '"AR101"'), "and not AR"),
        (PYTHON.replace('"agent-name-prefix"', '"Agent Name"'), "lower-case words"),
    ],
)
def test_a_mistake_in_python_is_named_with_its_line(project: Path, text: str, said: str) -> None:
    (project / "ours.py").write_text(text, encoding="utf-8")
    done = _run("scan", "main.tf", *OWN)
    assert said in str(done.exception), done.output
    assert "ours.py" in str(done.exception)


@pytest.mark.usefixtures("project")
def test_the_same_check_twice_is_refused() -> None:
    done = _run("scan", "main.tf", *OWN, "--checks", "ours.yaml")
    assert "two checks are called 'ORG002'" in str(done.exception)


def test_python_named_by_a_discovered_configuration_never_runs(project: Path) -> None:
    (project / "agentreach.toml").write_text('checks = ["ours.py"]\n', encoding="utf-8")
    (project / "ours.py").write_text("import pathlib\npathlib.Path('ran').touch()\n", encoding="utf-8")
    done = _run("scan", "main.tf", "--format", "json", "--fail-on", "never")
    assert done.exit_code == 2
    assert json.loads(done.output)["configuration"]["refused"] == ["checks"]
    assert not (project / "ran").exists()
    _run("scan", "main.tf", "--config", "agentreach.toml")
    assert (project / "ran").exists()


def test_frameworks_may_be_named_by_a_discovered_configuration(project: Path) -> None:
    (project / "agentreach.toml").write_text('framework-file = ["acme.yaml"]\n', encoding="utf-8")
    done = _run("report", "main.tf", "--format", "json", "--framework", "acme-2026")
    assert done.exit_code == 0, done.output
    assert [one["id"] for one in json.loads(done.output)["frameworks"]] == ["acme-2026"]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("{field: role, is: agent}", 1),
        ("{field: role, is-not: agent}", 0),
        ("{field: owner, is: null}", 1),
        ("{field: name, like: 'o*'}", 1),
        ("{field: name, not-like: 'o*'}", 0),
        ("{field: name, in: [ops, other]}", 1),
        ("{field: name, not-in: [ops]}", 0),
        ("{field: reach.step, above: read-data}", 1),
        ("{field: reach.step, above: identity}", 0),
        ("{field: credentials.ttl_seconds, above: 60}", 1),
        ("{field: credentials.ttl_seconds, below: 60}", 0),
        ("{field: reach.standing, is: true}", 1),
        ("{field: reach.standing, is: 1}", 0),
        ("{not: {field: role, is: agent}}", 0),
        ("{any: [{field: role, is: tool}, {field: role, is: agent}]}", 1),
        ("{field: identities.address, is: aws_iam_role.ops}", 1),
    ],
)
def test_conditions_mean_what_they_say(project: Path, condition: str, count: int) -> None:
    (project / "ours.yaml").write_text(
        "checks:\n  - {id: ORG003, name: some-name, title: T, severity: low, about: agents, message: m,\n"
        f"     where: {condition}}}\n",
        encoding="utf-8",
    )
    done = _run("scan", "main.tf", "--checks", "ours.yaml", "--select", "ORG003", "--format", "json")
    assert len(json.loads(done.output)["findings"]) == count
