"""One declaration, two readers: a plain command line means what click says it means."""

from __future__ import annotations

import os
import random
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
import pytest

from agentreach.cli import CLICK_ONLY, SUMMARIES, exists

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = tuple(name for name in SUMMARIES if exists(name) and name not in CLICK_ONLY)
TEXTS = (
    "json",
    "high",
    "AR3",
    "a=b",
    "main.tf",
    "folder",
    "missing",
    "3",
    "0",
    "x",
    "-",
    "",
    "never",
    "auto",
    "--",
    "-h",
)


def _command(name: str) -> Any:  # noqa: ANN401 - the module's declaration
    return import_module(f"agentreach.cli.{name}").command


def _by_click(name: str, texts: list[str]) -> dict[str, object] | None:
    command = _command(name).click()
    try:
        made = command.make_context("agentreach", list(texts))
    except (click.ClickException, click.exceptions.Exit):
        return None
    params: dict[str, object] = made.params
    return params


def _lines(name: str, count: int) -> list[list[str]]:
    """Command lines as people and machines write them: most of them wrong."""
    chance = random.Random(name)
    flags = [flag for one in _command(name).declared if one.kind == "option" for flag in one.names]
    lines = []
    for _ in range(count):
        line: list[str] = []
        for _ in range(chance.randrange(5)):
            flag, text = chance.choice([*flags, "--unknown", "-v"]), chance.choice(TEXTS)
            line += chance.choice(([flag], [flag, text], [f"{flag}={text}"], [text]))
        lines.append(line)
    return lines


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    (tmp_path / "main.tf").touch()
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    assert capsys is not None
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_plain_reader_answers_is_what_click_answers(name: str, folder: Path) -> None:
    assert folder.exists()
    answered = 0
    for line in _lines(name, 1500):
        plain = _command(name).read(line)
        if plain is not None:
            answered += 1
            assert plain == _by_click(name, line), line
    assert answered or not _command(name).read([]), "every command line went to click"


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["."],
        ["-"],
        ["main.tf", "folder", "--format", "json"],
        ["--format=sarif=out.sarif", "--format", "text", "--quiet"],
        ["--changed", "main.tf", "--fail-on", "high", "--helm", "off"],
        ["--jobs", "4", "--no-cache", "--select", "AR3", "--exclude", "**/test/**"],
        ["--var", "stage=prod", "--var-file", "main.tf", "--workspace", "blue"],
    ],
)
def test_a_well_formed_scan_needs_no_click(line: list[str], folder: Path) -> None:
    assert folder.exists()
    plain = _command("scan").read(line)
    assert plain is not None
    assert plain == _by_click("scan", line)


@pytest.mark.parametrize(
    "line",
    [["--help"], ["--formt", "json"], ["--format"], ["--fail-on", "worst"], ["--jobs", "0"], ["--var-file", "missing"]],
)
def test_help_and_mistakes_are_left_to_click(line: list[str], folder: Path) -> None:
    assert folder.exists()
    assert _command("scan").read(line) is None


def test_an_unreadable_file_is_left_to_click(folder: Path) -> None:
    (folder / "main.tf").chmod(0)
    if os.access(folder / "main.tf", os.R_OK):
        pytest.skip("root reads everything")
    assert _command("scan").read(["--var-file", "main.tf"]) is None
