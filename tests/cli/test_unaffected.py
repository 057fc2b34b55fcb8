"""A report is said again after edits to what it does not rest on, and only then."""

from __future__ import annotations

import shutil
from contextlib import chdir
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentreach import engine
from agentreach.cache import Store
from agentreach.cli.unaffected import says_the_same, unread_of
from agentreach.sources import Limits, Tree
from agentreach_checks import ALL
from commanded import said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AGENT = """
resource "aws_bedrockagent_agent" "{name}" {{
  agent_name              = "{name}"
  agent_resource_role_arn = aws_iam_role.{name}.arn
}}

resource "aws_iam_role" "{name}" {{
  name               = "{name}"
  assume_role_policy = jsonencode({{ Statement = [{{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "bedrock.amazonaws.com" }} }}] }})
}}
"""
POLICY = """
# what it may do
resource "aws_iam_role_policy" "{name}" {{
  role   = aws_iam_role.{name}.id
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = var.action, Resource = aws_sqs_queue.jobs.arn }}] }})
}}
"""
NETWORK = """# the network
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

data "aws_ami" "host" {
  owners = ["self"]
}
"""
QUEUE = """
resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}
"""
FILES = {
    "ops/agent.tf": AGENT.format(name="ops"),
    "ops/policy.tf": POLICY.format(name="ops"),
    "ops/network.tf": NETWORK,
    "ops/queue.tf": NETWORK.replace("main", "other").replace("host", "image") + QUEUE,
    "ops/variables.tf": 'variable "action" {\n  default = "sqs:SendMessage"\n}\n',
    "web/network.tf": NETWORK,
    "web/roles.tf": AGENT.format(name="web").partition('resource "aws_iam_role"')[2].join(('resource "aws_iam_role"', "")),
    "cluster/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers: []\n",
}  # fmt: skip
SECRET = "gh" + "p_" + "Zq7Wm3Xt9Rb5Kp2Vn8Yc4Ld6Hf1Jg0Sa3Te7"


def replaced(path: str, old: str, new: str) -> Callable[[Path], object]:
    def edit(folder: Path) -> None:
        if (folder / path).exists():
            (folder / path).write_text((folder / path).read_text().replace(old, new))

    return edit


def written(path: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / path).write_text(text)


def renamed(path: str, new: str) -> Callable[[Path], object]:
    return lambda folder: (folder / path).exists() and (folder / path).rename(folder / new)


def without_root(folder: Path) -> None:
    shutil.rmtree(folder / "web", ignore_errors=True)
    (folder / "web").mkdir()


EDITS: dict[str, Callable[[Path], object]] = {
    "add an agent": written("web/agent.tf", AGENT.format(name="bot")),
    "remove a policy": lambda folder: (folder / "ops/policy.tf").unlink(missing_ok=True),
    "bring the policy back": written("ops/policy.tf", POLICY.format(name="ops")),
    "widen the policy": replaced("ops/policy.tf", "aws_sqs_queue.jobs.arn", '"*"'),
    "shift the policy": replaced("ops/policy.tf", "# what", "#\n# what"),
    "say it in a comment": replaced("ops/policy.tf", "# what it may do", "# agentreach: ignore[AR301] wanted"),
    "rename a cited file": renamed("ops/agent.tf", "ops/main.tf"),
    "rename an idle file": renamed("web/network.tf", "web/net.tf"),
    "change a default": replaced("ops/variables.tf", "sqs:SendMessage", "iam:*"),
    "change a value": written("ops/terraform.tfvars", 'action = "s3:*"\n'),
    "configure": written("agentreach.toml", 'ignore = ["AR4"]\n'),
    "delete a root": without_root,
    "edit an idle body": replaced("ops/network.tf", "  cidr_block", "\n  # wider\n  cidr_block"),
    "break an idle body": replaced("ops/network.tf", '"self"', '"self'),
    "put a secret into an idle body": replaced("ops/network.tf", "10.0.0.0/16", SECRET),
    "shift an idle file": replaced("ops/queue.tf", "# the", "#\n\n# the"),
    "refer to an idle body": replaced("ops/policy.tf", "aws_sqs_queue.jobs.arn", "aws_vpc.main.arn"),
    "rename what is referred to": replaced("ops/queue.tf", '"jobs"', '"work"'),
    "count what is referred to": replaced("ops/queue.tf", 'name = "jobs"', 'name = "jobs"\n  count = 0'),
    "move a block": lambda folder: (folder / "ops/moved.tf").write_text(
        "moved {\n  from = aws_iam_role.old\n  to = aws_iam_role.ops\n}\n"
    ),
    "add a block": replaced("ops/network.tf", "# the network", 'resource "aws_iam_user" "x" {\n  name = "x"\n}'),
    "make it ours": replaced("ops/network.tf", '"aws_vpc" "main"', '"aws_bedrockagent_agent" "vpc"'),
    "another file": written("web/notes.py", "print()\n"),
    "edit a manifest": replaced("cluster/pod.yaml", "name: web", "name: web\n  namespace: prod"),
}  # fmt: skip


def project(folder: Path) -> Path:
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / ".git").mkdir()
    return folder


def test_every_edit_by_itself_is_told_as_by_a_cold_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, edit in enumerate(EDITS.values()):
        folder = project(tmp_path / str(number) / "code")
        said(folder, capsys, "scan", "--format", "json")
        edit(folder)
        assert said(folder, capsys, "scan", "--format", "json") == said(
            folder, capsys, "scan", "--format", "json", "--no-cache"
        )


@pytest.fixture
def _ready(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A first scan raises the limit of recursion for good, which must not happen within a property."""
    said(project(tmp_path / "first"), capsys, "scan", "--no-cache")


@pytest.mark.usefixtures("_ready")
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.sampled_from(sorted(EDITS)), min_size=2, max_size=6))
def test_after_any_edits_a_warm_run_says_what_a_cold_one_does(
    edits: list[str], tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path_factory.mktemp("edits") / "code")
    for name in edits:
        said(folder, capsys, "scan", "--format", "text")
        EDITS[name](folder)
        assert said(folder, capsys, "scan", "--format", "text") == said(folder, capsys, "scan", "--no-cache")


IDLE = (
    "edit an idle body",
    "put a secret into an idle body",
    "shift an idle file",
    "another file",
)


@pytest.mark.parametrize("name", IDLE)
def test_an_edit_of_what_nothing_rests_on_asks_for_no_scan(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path / "code")
    cold = said(folder, capsys, "scan")
    EDITS[name](folder)
    with mock.patch.object(engine, "scan", side_effect=AssertionError):
        assert said(folder, capsys, "scan") == cold


def test_a_secret_in_an_idle_body_is_in_no_entry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path / "code")
    shutil.rmtree(folder / ".git")
    EDITS["put a secret into an idle body"](folder)
    said(folder, capsys, "scan")
    said(folder, capsys, "scan", "--changed", "ops/network.tf")
    entries = sorted((tmp_path / "cache").iterdir())
    texts = [(Store(entry.parent).get(entry.name) or b"").decode() for entry in entries]
    assert len(texts) == 2
    assert all("ops/network.tf" in text and SECRET not in text for text in texts)


@pytest.mark.parametrize("name", sorted(EDITS))
def test_what_a_change_touches_is_said_alike_warm_and_cold(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path / "code")
    shutil.rmtree(folder / ".git")
    for changed in ("ops/policy.tf", "web/network.tf", "web/network.tf", "ops/queue.tf"):
        warm = said(folder, capsys, "scan", "--changed", changed)
        assert warm == said(folder, capsys, "scan", "--changed", changed, "--no-cache")
        EDITS[name](folder)


def test_changes_that_touch_the_same_findings_share_an_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path / "code")
    shutil.rmtree(folder / ".git")
    nothing = said(folder, capsys, "scan", "--changed", "web/network.tf")
    something = said(folder, capsys, "scan", "--changed", "ops/agent.tf")
    assert nothing != something
    with mock.patch.object(engine, "scan", side_effect=AssertionError):
        assert said(folder, capsys, "scan", "--changed", "ops/network.tf") == nothing
        assert said(folder, capsys, "scan", "--changed", "ops/agent.tf", "web/network.tf") == something


def _scanned(folder: Path) -> engine.Scan:
    with chdir(folder):
        return engine.scan([folder], checks=ALL)


def test_what_a_scan_looked_at_is_known_by_file(tmp_path: Path) -> None:
    folder = project(tmp_path)
    known = unread_of(_scanned(folder).sources, Limits())
    assert {path: resting for path, (_, resting) in known.items()} == {
        "ops/agent.tf": (),
        "ops/network.tf": (0, 1),
        "ops/policy.tf": (),
        "ops/queue.tf": (0, 1),
        "ops/variables.tf": (),
        "web/network.tf": (0, 1),
        "web/roles.tf": (),
    }


def test_a_cited_file_is_scanned_again_whatever_the_edit(tmp_path: Path) -> None:
    folder = project(tmp_path)
    known = unread_of(_scanned(folder).sources, Limits())
    EDITS["shift an idle file"](folder)
    with chdir(folder):
        edited = [str(folder / "ops" / "queue.tf")]
        assert says_the_same(Tree([folder]), edited, known, ["ops/policy.tf:3"])
        assert not says_the_same(Tree([folder]), edited, known, ["ops/po\n  licy.tf:3 ops/que\n  ue.tf:8"])
