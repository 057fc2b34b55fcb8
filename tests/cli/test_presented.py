"""What a report says about the run itself: the commit, the date, what changed since, and how far the work has come."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from agentreach.changes import head
from agentreach.cli import progress
from scan_samples import ADMIN, AGENT, NARROW, run, scanned, write

if TYPE_CHECKING:
    from pathlib import Path

DATE = "2026-03-01T12:00:00+00:00"
OSCAL = ("report", "--format", "oscal")


def git(folder: Path, *arguments: str) -> str:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    environment = os.environ | {"GIT_COMMITTER_DATE": DATE, "GIT_AUTHOR_DATE": DATE}
    command = ["git", "-C", str(folder), *names, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()


def committed(folder: Path) -> str:
    folder.mkdir(exist_ok=True)
    git(folder, "init", "--quiet")
    write(folder, "main.tf", AGENT + ADMIN)
    git(folder, "add", "main.tf")
    git(folder, "commit", "--quiet", "-m", "first")
    return git(folder, "rev-parse", "HEAD")


def test_a_report_names_the_commit_that_is_checked_out_and_is_dated_by_it(tmp_path: Path) -> None:
    commit = committed(tmp_path)
    assert json.loads(run(tmp_path, "report", "--format", "json").stdout)["revision"] == commit
    (log,) = json.loads(run(tmp_path, "scan", "--format", "sarif").stdout)["runs"]
    assert log["properties"]["revision"] == commit
    metadata = json.loads(run(tmp_path, *OSCAL).stdout)["assessment-results"]["metadata"]
    assert (metadata["version"], metadata["last-modified"]) == (commit, "2026-03-01T12:00:00Z")


def test_the_given_date_wins_over_that_of_the_commit(tmp_path: Path) -> None:
    committed(tmp_path)
    report = run(tmp_path, *OSCAL, SOURCE_DATE_EPOCH="1767225600").stdout
    assert json.loads(report)["assessment-results"]["metadata"]["last-modified"] == "2026-01-01T00:00:00Z"


def test_paths_in_several_work_trees_have_no_commit_in_common(tmp_path: Path) -> None:
    for name in ("a", "b"):
        committed(tmp_path / name)
    assert json.loads(run(tmp_path, "report", "a", "b", "--format", "json").stdout)["revision"] is None
    assert json.loads(run(tmp_path / "a", "report", "main.tf", "--format", "json").stdout)["revision"]


def test_a_work_tree_without_a_commit_or_with_a_broken_one_has_no_revision(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert head(tmp_path) is None
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/\x00", encoding="utf-8")
    assert head(tmp_path) is None
    (tmp_path / ".git" / "HEAD").unlink()
    assert head(tmp_path) is None


def test_reading_the_commit_runs_nothing_that_the_repository_names(tmp_path: Path) -> None:
    committed(tmp_path)
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", encoding="utf-8")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "gpg.program", "filter.x.smudge"):
        git(tmp_path, "config", name, str(trap))
    git(tmp_path, "config", "log.showSignature", "true")
    assert head(tmp_path) is not None
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "markdown", "csv", "html", "gitlab-sast"])
def test_two_scans_without_any_setting_give_the_same_bytes(tmp_path: Path, format_: str) -> None:
    write(tmp_path, "main.tf", AGENT + ADMIN)
    first, second = (run(tmp_path, "scan", "--format", format_, PYTHONHASHSEED=seed).stdout for seed in "12")
    assert first == second != ""


def test_how_long_it_took_is_told_when_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + NARROW)
    assert scanned(tmp_path)[1]["summary"]["seconds"] == 0
    assert scanned(tmp_path, "--verbose")[1]["summary"]["seconds"] > 0


def test_a_scan_is_compared_with_an_earlier_report(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + NARROW)
    run(tmp_path, "scan", "--format", "json", "--output", "before.json")
    write(tmp_path, "main.tf", AGENT + ADMIN)
    _, result = scanned(tmp_path, "--compare", "before.json")
    assert result["changes"]["new"] == [one["fingerprint"] for one in result["findings"]]
    assert result["changes"]["gone"] == []
    text = run(tmp_path, "scan", "--compare", "before.json").stdout
    assert "CRITICAL AR101 standing-admin  new  high confidence" in text
    assert "ops can now do anything on any resource" in text
    run(tmp_path, "scan", "--format", "json", "--output", "now.json")
    write(tmp_path, "main.tf", AGENT + NARROW)
    text = run(tmp_path, "scan", "--compare", "now.json").stdout
    assert "gone: CRITICAL AR101" in text
    assert "ops can no longer do anything on any resource" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [("{}", "the report to compare with is None"), ("[", "is not JSON"), ("\udcff", "cannot be read")],
)
def test_what_is_no_earlier_report_is_a_usage_error(tmp_path: Path, content: str, words: str) -> None:
    write(tmp_path, "main.tf", AGENT + NARROW)
    (tmp_path / "before.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    done = run(tmp_path, "scan", "--compare", "before.json")
    assert (done.returncode, words in done.stderr) == (2, True)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, quiet: bool = False) -> str:
    """What three seconds of work leave on a stream, a line each time it is drawn."""
    clock = iter((0.0, 0.2, 1.0, 1.05, 3.0))
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr("agentreach.cli.progress.time.monotonic", lambda: next(clock))
    with progress.Bar(quiet=quiet) as bar:
        for part in (0.1, 0.25, 0.3, 0.5):
            bar("reading", part)
    return stream.getvalue()


def test_a_bar_is_drawn_after_half_a_second_and_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    lines = drawn(monkeypatch, Terminal()).split(progress.ERASE)
    assert [line.partition(" ")[2].strip() for line in lines] == ["", "25% reading", "50% reading", ""]
    assert [line.count("━") for line in lines] == [0, 8, 15, 0]


def test_nothing_is_drawn_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert drawn(monkeypatch, io.StringIO()) == ""
    assert drawn(monkeypatch, Terminal(), quiet=True) == ""
    monkeypatch.setenv("TERM", "dumb")
    assert drawn(monkeypatch, Terminal()) == ""


def in_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """What a run prints on a terminal."""
    control, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "agentreach", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm-256color", "CI": "", "COLUMNS": "100", **environment},
    )
    os.close(terminal)
    shown = b""
    try:
        while part := os.read(control, 65536):
            shown += part
    except OSError:  # how Linux says that the other end is closed
        pass
    process.wait()
    os.close(control)
    return shown.decode()


def test_a_terminal_that_shows_hyperlinks_gets_them_and_another_does_not(tmp_path: Path) -> None:
    write(tmp_path, "main.tf", AGENT + ADMIN)
    linked = in_terminal(tmp_path, "scan", "main.tf", TERM_PROGRAM="WezTerm")
    assert f"\x1b]8;;{tmp_path.as_uri()}/main.tf\x1b\\" in linked
    assert "\x1b]8;" not in in_terminal(tmp_path, "scan", "main.tf", TERM_PROGRAM="", VTE_VERSION="")
    plain = in_terminal(tmp_path, "scan", "main.tf", TERM_PROGRAM="WezTerm", NO_COLOR="1")
    assert "\x1b" not in plain.replace(progress.ERASE, "")
