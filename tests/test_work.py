"""How much work a scan is, in function calls and imported modules: the same on every machine, unlike seconds.

A bound that a change exceeds is either a mistake (something is done again for each file, a slow module is imported at start)
or the price of something new; then the bound is raised with the change that needs it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COUNT = """
import json, sys
sys.path[:0] = {paths}
calls = 0
def count(frame, event, argument):
    global calls
    if event == "call":
        calls += 1
from agentreach.cli import _answer
sys.setprofile(count)
try:
    _answer(["scan", ".", "--no-cache", "--format", "json=" + sys.argv[1]])
except SystemExit:
    pass
sys.setprofile(None)
print(json.dumps([calls, sorted(name for name in sys.modules)]))
"""
SMALL = """
resource "aws_iam_role" "agent" {
  name               = "agent"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "agent" {
  role   = aws_iam_role.agent.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  agent_resource_role_arn = aws_iam_role.agent.arn
}
"""
# Calls of Python functions, and modules of ours and of others that one small Terraform file may take.
CALLS, OUR_MODULES, OTHER_MODULES = 190_000, 345, 115
# Calls for each file more: a quarter above what was needed when the bound was set.
CALLS_EACH = {"terraform": 5_000, "cloudformation": 8_500, "kubernetes": 4_400}
# Growth of the calls from a corpus to one four times as large, against four.
GROWTH = 1.15
# What takes longer to import than a small file takes to scan, or is for other formats and other commands.
UNNEEDED = {
    "argparse", "asyncio", "click", "dataclasses", "difflib", "hashlib", "html", "importlib.resources", "inspect", "jinja2",
    "logging", "multiprocessing", "random", "shutil", "socket", "subprocess", "tempfile", "tomllib", "unittest", "yaml",
    "zipfile", "agentreach.parsers.cloudformation", "agentreach.parsers.kubernetes", "agentreach.parsers.yaml",
}  # fmt: skip


def work(folder: Path) -> tuple[int, list[str]]:
    """Calls and modules of a scan in a process of its own, with hashes that do not change."""
    script = COUNT.format(paths=[str(ROOT / part) for part in ("analyzer", "checks", "reports")])
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, os.devnull],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", "PYTHONPATH": _packages()},
        check=True,
        capture_output=True,
        text=True,
    )
    calls, modules = json.loads(done.stdout.splitlines()[-1])
    return calls, modules


def _packages() -> str:
    """Where the dependencies are: without `site`, which imports what others have put there."""
    import yaml  # noqa: PLC0415 - only to find it

    return str(Path(yaml.__file__).parent.parent)


def generated(folder: Path, kind: str, files: int) -> Path:
    """A corpus of the benchmarks."""
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'benchmarks')!r}); import corpora, pathlib\n"
        f"print(corpora.generated(pathlib.Path({str(folder)!r}), {kind!r}, {files}).folder)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, list[str]]:
    folder = tmp_path_factory.mktemp("small")
    (folder / "main.tf").write_text(SMALL)
    return work(folder)


def test_a_small_file_takes_few_calls(small: tuple[int, list[str]]) -> None:
    assert small[0] < CALLS


def test_a_small_file_imports_few_modules(small: tuple[int, list[str]]) -> None:
    ours = [name for name in small[1] if name.startswith("agentreach")]
    assert len(ours) < OUR_MODULES
    assert len(small[1]) - len(ours) < OTHER_MODULES


def test_a_small_file_imports_nothing_slow(small: tuple[int, list[str]]) -> None:
    assert sorted(UNNEEDED & set(small[1])) == []


@pytest.mark.parametrize("kind", CALLS_EACH)
def test_work_grows_with_the_files_and_no_faster(tmp_path: Path, kind: str) -> None:
    (few, _), (many, _) = (work(generated(tmp_path, kind, files)) for files in (80, 320))
    assert many < few * 4 * GROWTH
    assert (many - few) / 240 < CALLS_EACH[kind]
