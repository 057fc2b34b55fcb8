"""`python fuzz/run.py TARGET [libFuzzer flags]`: coverage-guided fuzzing with atheris, seeded from fuzz/corpus/TARGET.

Useful flags: `-runs=2000000`, `-max_total_time=600` (seconds), `-timeout=2` (a run that takes longer is a finding).
New inputs go to a temporary folder unless another corpus folder is named first.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["agentreach", "agentreach_checks", "agentreach_reports"]):
    from targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"


def main() -> None:
    name, *flags = sys.argv[1:]
    target = TARGETS[name]

    def once(data: bytes) -> None:
        target(data)
        if once.left <= 0:
            once.left = 500
            gc.collect()
        once.left -= 1

    once.left = 0
    folders = [one for one in flags if not one.startswith("-")] or [tempfile.mkdtemp(prefix=f"fuzz-{name}-")]
    seeds = CORPUS / name
    flags = [one for one in flags if one.startswith("-")]
    atheris.Setup([sys.argv[0], *flags, *folders, *([str(seeds)] if seeds.is_dir() else [])], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
