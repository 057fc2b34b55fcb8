"""How long each phase of a scan of the working directory takes, and the memory it leaves; run by `run.py`, prints JSON.

Skimming and parsing are measured inside of loading, by wrapping the functions that do them; what is left of loading is
evaluation. Times are CPU seconds without what is measured inside; memory is the highest so far.
"""

# ruff: noqa: SLF001 - it measures functions that nobody else is to call
from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections import defaultdict
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

gc.disable()
WRAPPED = (
    ("discovery", "agentreach.sources.tree", "Tree._files"),
    ("read", "agentreach.sources.tree", "Tree._source"),
    ("skim", "agentreach.parsers.terraform.hcl", "skim"),
    ("parse", "agentreach.parsers.terraform.skim", "_parsed"),
    ("parse", "agentreach.parsers.terraform.json_syntax", "parse_json_file"),
    ("parse", "agentreach.parsers.yaml", "parse"),
    ("parse", "agentreach.parsers.json_text", "parse"),
)
PHASES = (
    "start-up", "discovery", "read", "skim", "parse", "evaluate", "lower", "graph", "checks", "report",
)  # fmt: skip


class Clock:
    """CPU seconds by phase; a phase inside another is not counted twice."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.megabytes: dict[str, float] = {}
        self._open: list[str] = ["scan", "start-up"]
        self._since = 0.0

    def enter(self, phase: str) -> None:
        """A phase begins inside the current one."""
        self._settle()
        self._open.append(phase)

    def leave(self) -> None:
        """The current phase ends, or pauses."""
        self._settle()
        phase = self._open.pop()
        self.megabytes[phase] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def _settle(self) -> None:
        now = time.process_time()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def of(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, measured; a generator is measured while it runs."""

        @wraps(function)
        def measured(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - any function
            self.enter(phase)
            try:
                made = function(*given, **named)
            finally:
                self.leave()
            return self._paused(phase, made) if hasattr(made, "gi_frame") else made

        return measured

    def _paused(self, phase: str, made: Iterator[Any]) -> Iterator[Any]:
        while True:
            self.enter(phase)
            try:
                item = next(made, self)
            finally:
                self.leave()
            if item is self:
                return
            yield item


def wrap(clock: Clock) -> None:
    for phase, module, path in WRAPPED:
        owner: Any = import_module(module)
        *outer, name = path.split(".")
        for one in outer:
            owner = getattr(owner, one)
        setattr(owner, name, clock.of(phase, getattr(owner, name)))


def main() -> None:
    clock = Clock()
    engine: Any = import_module("agentreach.engine")
    checks = import_module("agentreach_checks").ALL
    reports: Any = import_module("agentreach_reports")
    presentation = import_module("agentreach_reports.presentation").Presentation()
    clock.leave()
    wrap(clock)
    engine.lowering.lower = clock.of("lower", engine.lowering.lower)
    engine.build = clock.of("graph", engine.build)
    engine._findings = clock.of("checks", engine._findings)
    engine._parse = clock.of("evaluate", engine._parse)
    scan = engine.scan([Path()], checks=checks)
    clock.enter("report")
    text = reports.renderer(reports.SCAN_FORMATS, "text")(scan, presentation)
    clock.leave()
    known = {phase: {"cpu_seconds": round(clock.seconds[phase], 4)} for phase in PHASES if phase in clock.seconds}
    for phase, found in known.items():
        found["peak_megabytes"] = round(clock.megabytes.get(phase, 0.0), 1)
    counted = {
        "files": scan.files,
        "resources": scan.resources,
        "findings": len(scan.findings),
        "characters": len(text),
    }
    json.dump({"phases": known, "counted": counted}, sys.stdout)


if __name__ == "__main__":
    main()
