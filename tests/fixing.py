"""Run `agentreach fix` in a folder, in this process, and see what a scan finds there."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from click.testing import CliRunner

from agentreach import scan
from agentreach.cli import group
from agentreach.errors import AgentReachError

if TYPE_CHECKING:
    from pathlib import Path


class Fixed(NamedTuple):
    """Exit code, the diff on standard output, what was said on standard error."""

    code: int
    diff: str
    said: str

    @property
    def lines(self) -> list[str]:
        """The lines that change, without the headers."""
        return [line for line in self.diff.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]

    @property
    def by_hand(self) -> list[str]:
        return [line.removeprefix("by hand: ") for line in self.said.splitlines() if line.startswith("by hand: ")]


def fix(folder: Path, *arguments: str) -> Fixed:
    with contextlib.chdir(folder):
        done = CliRunner().invoke(group, ["fix", *arguments])
    if isinstance(done.exception, AgentReachError):
        return Fixed(2, done.stdout, str(done.exception))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Fixed(done.exit_code, done.stdout, done.stderr)


def found(folder: Path) -> set[tuple[str, str]]:
    """Check and subject of every open finding."""
    with contextlib.chdir(folder):
        return {(one.check_id, one.subject.address) for one in scan(".").open_findings}
