"""The completion scripts are loaded by the shells they are for, and complete there; a shell that is absent is skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

ASKED = "agentreach scan --show"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The command on PATH, and nobody's start-up files."""
    program = tmp_path / "bin" / "agentreach"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from agentreach.cli import main; main()" "$@"\n')
    program.chmod(0o755)
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "ZDOTDIR": str(tmp_path)}
    return os.environ | home | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "TERM": "dumb"}


def _script(shell: str, folder: Path, environment: dict[str, str]) -> Path:
    made = subprocess.run(
        ["agentreach"],
        env=environment | {"_AGENTREACH_COMPLETE": f"{shell}_source"},
        check=True,
        capture_output=True,
    )
    script = folder / f"agentreach.{shell}"
    script.write_bytes(made.stdout)
    return script


def _said(shell: str, commands: str, environment: dict[str, str], *flags: str) -> list[str]:
    done = subprocess.run(
        [shell, *flags, "-c", commands], env=environment, check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _only_with(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed: its script is not loaded")


def test_bash_loads_its_script_and_completes(tmp_path: Path, environment: dict[str, str]) -> None:
    _only_with("bash")
    script = _script("bash", tmp_path, environment)
    commands = f"source '{script}'; COMP_WORDS=({ASKED}); COMP_CWORD=2; _agentreach_completion agentreach; echo ${{COMPREPLY[@]}}"
    assert _said("bash", commands, environment, "--norc", "--noprofile") == ["--show-suppressed"]


def test_zsh_loads_its_script_and_registers_the_command(tmp_path: Path, environment: dict[str, str]) -> None:
    _only_with("zsh")
    script = _script("zsh", tmp_path, environment)
    commands = f"autoload -Uz compinit; compinit -D -u; source '{script}'; print $_comps[agentreach]"
    assert _said("zsh", commands, environment, "-f") == ["_agentreach_completion"]
    commands = f"compdef() {{ :; }}; compadd() {{ print -l -- $@; }}; _describe() {{ print -l -- ${{(P)3}}; }}; \
zstyle() {{ return 1; }}; words=({ASKED}); CURRENT=3; source '{script}'; _agentreach_completion"
    assert _said("zsh", commands, environment, "-f") == ["--show-suppressed:Also list suppressed findings."]


def test_fish_loads_its_script_and_completes(tmp_path: Path, environment: dict[str, str]) -> None:
    _only_with("fish")
    script = _script("fish", tmp_path, environment)
    shown = _said("fish", f"source '{script}'; complete -C '{ASKED}'", environment, "--no-config")
    assert shown == ["--show-suppressed\tAlso list suppressed findings."]
