"""No result depends on the cache, the number of processes or the order in which a file system lists its files."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FIXTURES = sorted(path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir())
# The command line, on a file system that lists in another order.
SHUFFLED = """
import os, random, sys
chance, scandir = random.Random(int(sys.argv.pop(1))), os.scandir
class Listing:
    def __init__(self, path):
        with scandir(path) as found:
            self.entries = list(found)
        chance.shuffle(self.entries)
    def __enter__(self):
        return iter(self.entries)
    def __exit__(self, *_):
        pass
    def __iter__(self):
        return iter(self.entries)
os.scandir = Listing
from agentreach.cli import main
main()
"""


def said(folder: Path, *flags: str, cache: Path | None = None, seed: int | None = None) -> tuple[int, bytes, bytes]:
    """Exit code and streams of a JSON scan."""
    program = ["-m", "agentreach"] if seed is None else ["-c", SHUFFLED, str(seed)]
    done = subprocess.run(
        [sys.executable, *program, "scan", ".", "--format", "json", "--helm", "off", *flags],
        cwd=folder,
        env=os.environ
        | {"AGENTREACH_CACHE_DIR": str(cache or ""), "PYTHONHASHSEED": "random", "SOURCE_DATE_EPOCH": "1780000000"},
        check=False,
        capture_output=True,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", FIXTURES)
def test_a_scan_says_the_same_cold_and_warm_in_one_process_and_four_in_any_order(tmp_path: Path, name: str) -> None:
    folder = ROOT / "fixtures" / name
    cold = said(folder, cache=tmp_path / "cache")
    assert cold[1].startswith(b"{")
    others = {
        "warm": said(folder, cache=tmp_path / "cache"),
        "without a cache": said(folder, "--no-cache"),
        "one process": said(folder, "--jobs", "1"),
        "four processes": said(folder, "--jobs", "4"),
        "another order": said(folder, seed=random.Random(name).randrange(1000)),
    }
    assert {kind: other == cold for kind, other in others.items()} == dict.fromkeys(others, True)


def test_a_mixed_repository_says_the_same_however_it_is_read(tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'benchmarks')!r}); import corpora, pathlib\n"
        f"print(corpora.generated(pathlib.Path({str(tmp_path)!r}), 'mixed', 120).folder)"
    )
    made = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    folder = Path(made.stdout.strip())
    cold = said(folder, cache=tmp_path / "cache")
    assert said(folder, cache=tmp_path / "cache") == cold
    for jobs in ("1", "4"):
        assert said(folder, "--jobs", jobs) == cold
    for seed in (1, 2, 3):
        assert said(folder, seed=seed) == cold
