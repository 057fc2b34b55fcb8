"""`agentreach fleet` on the command line."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agentreach.cli.fleet import command
from agentreach.errors import MissingExtraError, UsageError
from agentreach.fleet import extra
from agentreach.fleet.views import VIEWS
from fleet.organization import AGENT, ORGANIZATION, commit, organization


def fleet(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, standalone_mode=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of an organization whose agent's repository was scanned, changed, and scanned again."""
    folder = tmp_path_factory.mktemp("fleet")
    organization(folder / "org", {**ORGANIZATION, "agents": "# no agent yet\n"})
    location = str(folder / "store")
    assert fleet("scan", str(folder / "org"), "--store", location, "--jobs", "1").exit_code == 0
    commit(folder / "org" / "agents", {"main.tf": AGENT})
    assert fleet("scan", str(folder / "org"), "--store", location, "--jobs", "1").exit_code == 0
    return location


def test_a_scan_says_what_it_did(tmp_path: Path) -> None:
    organization(tmp_path / "org")
    (tmp_path / "org" / "broken" / ".git").mkdir(parents=True)
    result = fleet("scan", str(tmp_path / "org"), "--store", str(tmp_path / "store"), "--jobs", "1")
    assert result.return_value == 2
    assert result.stdout.splitlines() == [
        "Repositories: 4 scanned, 1 failed. Agents, tools and hosts: 1.",
        "Groups that were read as one: 1, the largest of 3 repositories.",
    ]
    assert result.stderr.startswith("not analysed: broken: git rev-parse")


def test_a_query_as_json_is_an_array_of_objects(store: str) -> None:
    result = fleet("query", "select repository, name, owner from agents", "--store", store, "--format", "json")
    assert json.loads(result.stdout) == [{"repository": "agents", "name": "ops", "owner": "on-call"}]


def test_a_query_as_csv_executes_nothing_in_a_spreadsheet(store: str) -> None:
    result = fleet(
        "query", "select '=1+1' as formula, true as flag, null as nothing", "--store", store, "--format", "csv"
    )
    assert list(csv.reader(io.StringIO(result.stdout))) == [["formula", "flag", "nothing"], ["'=1+1", "true", ""]]


def test_a_query_as_a_table_is_aligned(store: str) -> None:
    result = fleet(
        "query", "select repository, commit is null as dirty from repositories order by all", "--store", store
    )
    assert result.stdout.splitlines()[:3] == ["repository  dirty", "----------  -----", "agents      false"]


@pytest.mark.parametrize(
    "question",
    ["select * from nothing", "select * from read_text('/etc/hostname')", "copy agents to 'x.csv'", "attach 'x.db'"],
)
def test_a_question_reaches_the_views_and_nothing_else(store: str, question: str) -> None:
    result = fleet("query", question, "--store", store)
    assert isinstance(result.exception, UsageError)
    assert "The views are agents(repository, commit, root" in str(result.exception)


def test_a_review_names_what_to_look_at_first_and_why(store: str) -> None:
    text = fleet("review", "--store", store).stdout
    assert "4 repositories read, 1 with agents: 1 agent." in text
    assert "ops (agents, main.tf:2): identity without approval" in text
    assert "acts as identities of deploy, roles" in text
    assert "ops (agents) reads aws_secretsmanager_secret.billing (deploy): allowed, without approval" in text
    assert "pipelines of agents may assume a role of deploy (repo:acme/agents)" in text


def test_a_report_in_json_has_what_changed_since_the_scan_before(store: str) -> None:
    found = json.loads(fleet("report", "--store", store, "--format", "json").stdout)
    assert found["new agents"] == [
        {"repository": "agents", "root": ".", "address": "aws_bedrockagent_agent.ops", "name": "ops"}
    ]
    assert found["gone agents"] == [  # a role without a user was a possible agent, until its agent was declared
        {"repository": "roles", "root": ".", "address": "aws_iam_role.ops", "name": "ops-agent"}
    ]
    assert "AR305" in {one["check_id"] for one in found["new findings"]}


def test_a_report_is_one_page_that_asks_nobody_for_anything(store: str, tmp_path: Path) -> None:
    fleet("report", "--store", store, "--output", str(tmp_path / "fleet.html"))
    page = (tmp_path / "fleet.html").read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page
    assert "What the code of 4 repositories lets their agents do" in page


def test_a_report_says_first_what_to_review_and_then_what_changed(store: str) -> None:
    page = fleet("report", "--store", store).stdout
    headings = re.findall(r'<h2 id="(\w+)"', page)
    assert headings == ["agents", "changes", "teams", "identities", "secrets", "pipelines", "gaps"]
    assert "<summary>1 new agent</summary>" in page
    assert '<span class="severity s4">critical</span> <strong>AR305</strong>' in page


def test_each_cell_names_its_column_for_narrow_screens(store: str) -> None:
    page = fleet("report", "--store", store).stdout
    for head, body in re.findall(r"<thead><tr>(.*?)</tr></thead>\s*<tbody>(.*?)</tbody>", page, re.DOTALL):
        names = re.findall(r'<th scope="col">(.*?)</th>', head)[1:]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
            assert re.findall(r'<td[^>]* data-as="(.*?)"', row) == names


def test_a_review_says_whose_images_and_modules_agents_use(tmp_path: Path) -> None:
    task = 'container_definitions = jsonencode([{ name = "bot", image = "ghcr.io/acme/bot:1" }])'
    running = f'{AGENT}\nresource "aws_ecs_task_definition" "t" {{\n  family = "bot"\n  {task}\n}}\n'
    organization(tmp_path / "org", {"agents": running, "bot": "# an image\n"})
    fleet("scan", str(tmp_path / "org"), "--store", str(tmp_path / "store"), "--jobs", "1")
    assert (
        "  agents runs an image of bot (source:acme/bot)\n"
        in fleet("review", "--store", str(tmp_path / "store")).stdout
    )
    assert '<td data-as="Published by">bot</td>' in fleet("report", "--store", str(tmp_path / "store")).stdout


def test_hostile_names_are_text(tmp_path: Path) -> None:
    hostile = AGENT.replace('"ops"\n', '"</td><script>alert(1)</script>\\u202e"\n')
    organization(tmp_path / "org", {"agents": hostile})
    fleet("scan", str(tmp_path / "org"), "--store", str(tmp_path / "store"), "--jobs", "1")
    page = fleet("report", "--store", str(tmp_path / "store")).stdout
    assert "<script" not in page
    assert "\u202e" not in page + fleet("review", "--store", str(tmp_path / "store")).stdout


def test_an_empty_store_says_what_to_run(tmp_path: Path) -> None:
    result = fleet("review", "--store", str(tmp_path))
    assert isinstance(result.exception, UsageError)
    assert "run: agentreach fleet scan PATH" in str(result.exception)


def test_without_the_extra_the_install_line_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(extra, "import_module", absent)
    with pytest.raises(MissingExtraError, match=r'fleet needs duckdb, .*: pip install "agentreach\[fleet\]"'):
        extra.library("duckdb")


def test_the_page_names_every_column_of_every_view() -> None:
    page = (Path(__file__).parents[2] / "docs" / "fleet.md").read_text(encoding="utf-8")
    for view, names in VIEWS.items():
        assert f"| `{view}` | {', '.join(f'`{name}`' for name in names)} |" in page


def test_a_store_on_a_file_system_that_nobody_knows_is_said() -> None:
    result = fleet("review", "--store", "nosuch://bucket/fleet")
    assert isinstance(result.exception, UsageError)
    assert "cannot use the store nosuch://bucket/fleet: Protocol not known: nosuch" in str(result.exception)
