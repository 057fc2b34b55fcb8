from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace

import pytest

from reports.report_samples import COMPARED, GOLDEN, HERE, PRESENTATION, Format, golden, scanned

REGENERATE = "python tests/reports/report_samples.py"


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return golden()


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.iterdir()))
def test_a_report_is_the_one_that_was_read_and_committed(texts: dict[str, str], name: str) -> None:
    committed = (GOLDEN / name).read_bytes().decode()
    assert texts[name] == committed, f"{name} differs; if that is meant: {REGENERATE}"


def test_every_format_has_a_committed_report(texts: dict[str, str]) -> None:
    assert sorted(texts) == sorted(path.name for path in GOLDEN.iterdir()), REGENERATE


def test_two_processes_with_other_hashes_write_the_same_bytes() -> None:
    program = "import report_samples as r, hashlib; print(hashlib.sha256(repr(r.golden()).encode()).hexdigest())"
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=HERE,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {hashlib.sha256(repr(golden()).encode()).hexdigest() + "\n"}


@pytest.mark.parametrize("form", COMPARED, ids=str)
def test_how_long_a_scan_took_is_in_no_repeatable_report(form: Format) -> None:
    slow = replace(scanned("desk"), seconds=99.5)
    assert form.write(slow) == form.write(scanned("desk"))


def test_seconds_are_told_when_asked_for_and_runs_need_not_be_the_same() -> None:
    free = replace(PRESENTATION, timestamp=None, verbose=True)
    assert '"seconds": 1.25' in Format("scan", "json").write(scanned("desk"), free)


def test_no_report_speaks_of_one_things() -> None:
    """`1 agents` is what a machine would say."""
    for form in COMPARED:
        for stack in ("desk", "broken"):
            text = form.write(scanned(stack))
            assert not [word for word in ("agents", "files", "findings", "values") if f" 1 {word}" in text], form
