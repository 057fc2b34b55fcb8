"""Files, bytes, seconds, MB/s and peak memory of whole scans, each in a fresh process.

    python benchmarks/scan.py [--repeat 3] [PATH …]

Without PATH: one small file, every fixture, and generated Terraform and CloudFormation trees. The ratio compares with
`python -c pass` measured in the same run, which cancels most of what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import corpus_cloudformation
import corpus_terraform

ROOT = Path(__file__).resolve().parent.parent
SMALL = 'resource "aws_bedrockagent_agent" "ops" {\n  agent_name = "ops"\n}\n'


class Measure(NamedTuple):
    """Median CPU seconds and peak memory of a command."""

    seconds: float
    megabytes: float


def measured(command: list[str], folder: Path, repeat: int) -> Measure:
    seconds, memory = [], []
    for _ in range(repeat):
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        seconds.append(usage.ru_utime + usage.ru_stime)
        memory.append(usage.ru_maxrss / 1024)
    return Measure(statistics.median(seconds), max(memory))


def volume(folder: Path) -> tuple[int, int]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files)


def row(name: str, folder: Path, idle: Measure, repeat: int) -> str:
    files, size = volume(folder)
    found = measured([sys.executable, "-m", "agentreach", "scan", ".", "--fail-on", "never"], folder, repeat)
    rate = size / 1e6 / found.seconds
    times = found.seconds / idle.seconds
    return (
        f"{name:28} {files:6} files {size / 1e6:7.2f} MB {found.seconds:7.2f} s {rate:6.2f} MB/s "
        f"{found.megabytes:6.0f} MB peak {times:7.1f} x python -c pass"
    )


def corpora(scratch: Path) -> list[tuple[str, Path]]:
    """One small file, the fixtures, and generated trees."""
    small = scratch / "small"
    small.mkdir()
    (small / "main.tf").write_text(SMALL, encoding="utf-8")
    fixtures = [(path.name, path) for path in sorted((ROOT / "fixtures").iterdir()) if path.is_dir()]
    terraform, cloudformation = scratch / "terraform", scratch / "cloudformation"
    corpus_terraform.write(terraform, files=1000)
    corpus_cloudformation.write(cloudformation, templates=200)
    generated = [("generated terraform", terraform), ("generated cloudformation", cloudformation)]
    return [("one small file", small), *fixtures, *generated]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        idle = measured([sys.executable, "-c", "pass"], Path(scratch), max(options.repeat, 5))
        print(f"{'python -c pass':28} {idle.seconds:40.3f} s")
        for name, folder in [(str(path), path) for path in options.paths] or corpora(Path(scratch)):
            print(row(name, folder.resolve(), idle, options.repeat), flush=True)
    print(f"this script itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
