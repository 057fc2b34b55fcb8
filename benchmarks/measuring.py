"""Commands in fresh processes: CPU seconds, wall seconds and peak memory of each, children included."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


class Measure(NamedTuple):
    """Medians of repetitions; the peak is the highest. `code` is the last exit code."""

    cpu: float
    wall: float
    megabytes: float
    code: int
    repetitions: int

    def as_json(self) -> dict[str, float]:
        """For the report."""
        return {
            "cpu_seconds": round(self.cpu, 4),
            "wall_seconds": round(self.wall, 4),
            "peak_megabytes": round(self.megabytes, 1),
            "exit_code": self.code,
            "repetitions": self.repetitions,
        }


def measured(
    command: Sequence[str],
    folder: Path,
    repeat: int,
    *,
    environment: Mapping[str, str] | None = None,
    before: Callable[[int], object] = lambda _: None,
) -> Measure:
    """Run a command `repeat` times; `before` is called with the number of the repetition and is not measured."""
    runs = []
    for number in range(repeat):
        before(number)
        runs.append(_once(command, folder, os.environ | dict(environment or {})))
    cpu, wall, memory, codes = zip(*runs, strict=True)
    return Measure(statistics.median(cpu), statistics.median(wall), max(memory), codes[-1], repeat)


def _once(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[float, float, float, int]:
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, process.returncode
