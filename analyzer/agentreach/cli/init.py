"""`agentreach init`: configuration, pre-commit hook and workflow for this repository."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach import __version__
from agentreach.cli import declaring as click
from agentreach.cli.shared import SEVERITIES
from agentreach.errors import UsageError
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIGURATION = """\
# https://github.com/agentreach/agentreach: names are those of the flags of `agentreach scan`.
fail-on = "{fail_on}"
{exclude}
# Workloads that are agents although no signal says so, or are not although signals do:
# [[agent]]
# address = "aws_lambda_function.planner"

# Names, tags and paths that mean production, beside the usual ones:
# [[environment]]
# name = "production"
# pattern = "*-emea"
# production = true
"""
HOOK = """\
  - repo: https://github.com/agentreach/agentreach
    rev: v{version}
    hooks:
      - id: agentreach
"""
WORKFLOW = """\
name: agentreach
on:
  pull_request:
permissions: {{}}
concurrency:
  group: agentreach-${{{{ github.ref }}}}
  cancel-in-progress: true
jobs:
  scan:
    name: What may agents do
    runs-on: ubuntu-latest
    permissions:
      contents: read # to check out; nothing is written
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.12"
      - run: pip install "agentreach=={version}"
      - run: agentreach scan --format github --since "origin/$BASE"
        env:
          BASE: ${{{{ github.base_ref }}}}
"""
INCLUDE = """\
include:
  - remote: https://raw.githubusercontent.com/agentreach/agentreach/v{version}/templates/agentreach.gitlab-ci.yml
"""
PIPELINE = ".gitlab-ci.yml"
GITLAB_REMOTE = late_regex(r"^[ \t]{1,8}url = [^\n]{0,200}\bgitlab\b", re.MULTILINE)
SKIPPED_FOLDERS = ("vendor", "third_party", "examples", "test", "tests")


class Planned(NamedTuple):
    """A file to write, with its text; `append` adds to what is there."""

    path: Path
    text: str
    append: bool = False


@click.command("init")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="medium",
    show_default=True,
    help="What the file sets: fail from here up.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
def command(fail_on: str, dry_run: bool, force: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Write agentreach.toml, the pre-commit entry, and what GitHub or GitLab runs where they are used."""
    plan = [planned for planned in _plan(Path(), fail_on) if force or planned.append or not planned.path.exists()]
    told = list(_by_hand(Path()))
    if not plan and not told:
        raise UsageError("everything is there already; --force replaces it")
    for planned in plan:
        click.echo(f"{'would write' if dry_run else 'writing'} {planned.path.as_posix()}")
        if dry_run:
            click.echo(planned.text)
        else:
            _write(planned)
    for line in told:
        click.echo(line)
    click.echo("next: agentreach scan")


def _plan(folder: Path, fail_on: str) -> list[Planned]:
    plan = [Planned(folder / "agentreach.toml", CONFIGURATION.format(fail_on=fail_on, exclude=_exclude(folder)))]
    hook = HOOK.format(version=__version__)
    pre_commit = folder / ".pre-commit-config.yaml"
    known = pre_commit.read_text(encoding="utf-8") if pre_commit.exists() else ""
    if not known:
        plan.append(Planned(pre_commit, f"repos:\n{hook}"))
    elif "id: agentreach" not in known:
        plan.append(Planned(pre_commit, hook, append=True))
    if (folder / ".github").is_dir():
        plan.append(Planned(folder / ".github/workflows/agentreach.yml", WORKFLOW.format(version=__version__)))
    if _uses_gitlab(folder) and not (folder / PIPELINE).exists():
        plan.append(Planned(folder / PIPELINE, INCLUDE.format(version=__version__)))
    return plan


def _uses_gitlab(folder: Path) -> bool:
    """Whether a pipeline, a folder of GitLab's own or a remote of that name is there."""
    if (folder / PIPELINE).exists() or (folder / ".gitlab").is_dir():
        return True
    remotes = folder / ".git" / "config"
    return remotes.is_file() and GITLAB_REMOTE.search(remotes.read_text("utf-8", "replace")) is not None


def _by_hand(folder: Path) -> Iterator[str]:
    """A pipeline that is there may have any `include`, so ours is told, not written into it."""
    pipeline = folder / PIPELINE
    if pipeline.exists() and "agentreach" not in pipeline.read_text("utf-8", "replace"):
        yield f"add to {PIPELINE}:\n{INCLUDE.format(version=__version__)}"


def _exclude(folder: Path) -> str:
    """Folders that hold other people's code or examples are offered, not decided."""
    found = [name for name in SKIPPED_FOLDERS if (folder / name).is_dir()]
    listed = ", ".join(f'"{name}/**"' for name in found)
    return f"# exclude = [{listed}]\n" if found else ""


def _write(planned: Planned) -> None:
    planned.path.parent.mkdir(parents=True, exist_ok=True)
    with planned.path.open("a" if planned.append else "w", encoding="utf-8") as file:
        file.write(planned.text)
