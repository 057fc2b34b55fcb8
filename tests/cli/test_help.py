"""`--help` explains every option, and completion answers as the shells ask."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from agentreach.cli.commands import group

if TYPE_CHECKING:
    from collections.abc import Iterator


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _commands(below, f"{path} {name}")


COMMANDS = dict(_commands(group, "agentreach"))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_every_option_says_what_it_does(path: str) -> None:
    assert COMMANDS[path].help
    assert [one.opts for one in COMMANDS[path].params if isinstance(one, click.Option) and not one.help] == []


@pytest.mark.parametrize("path", COMMANDS)
def test_help_lists_each_option_once(path: str) -> None:
    told = COMMANDS[path].get_help(click.Context(COMMANDS[path], info_name=path))
    shown = told.partition("\nOptions:")[2].splitlines()
    for option in COMMANDS[path].params:
        if isinstance(option, click.Option):
            assert [line.strip().replace(",", " ").partition(" ")[0] for line in shown].count(option.opts[0]) == 1


def test_options_that_commands_share_stand_in_sections() -> None:
    titles = [
        line for line in COMMANDS["agentreach scan"].get_help(click.Context(group)).splitlines() if line[:1] > " "
    ]
    assert titles[1:] == ["Options:", "Read:", "Select:", "Extend:", "Write:"]


def _completed(shell: str, words: str, at: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from agentreach.cli import main; main()"],
        env=os.environ | {"_AGENTREACH_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": at},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()


def test_bash_and_zsh_complete_commands_options_and_values() -> None:
    assert _completed("bash", "agentreach sc", "1") == ["plain,scan"]
    assert _completed("bash", "agentreach scan --show", "2") == ["plain,--show-suppressed"]
    assert _completed("bash", "agentreach scan --fail-on h", "3") == ["plain,high"]
    assert _completed("zsh", "agentreach scan --show", "2")[:2] == ["plain", "--show-suppressed"]


def test_fish_completes_with_descriptions() -> None:
    shown = _completed("fish", "agentreach scan --show", "--show")
    assert "--show-suppressed" in "\n".join(shown)
    assert "Also list suppressed findings." in "\n".join(shown)
