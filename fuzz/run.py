"""`python fuzz/run.py TARGET [--blind] [libFuzzer flags]`: fuzzing with atheris, seeded from fuzz/corpus/TARGET.

Guided by coverage, which costs three quarters of the time; `--blind` mutates the same inputs at full speed. Useful flags:
`-runs=2000000`, `-max_total_time=600` (seconds), `-timeout=2` (a run that takes longer is a finding), `-max_len=512` (the
default here: what is short runs often). New inputs go to a temporary folder unless another corpus folder is named first.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

if TYPE_CHECKING:
    from collections.abc import Callable

CORPUS = Path(__file__).parent / "corpus"
# Seeds that cover nothing new are kept: without a guide none of them does.
DEFAULTS = ("-max_len=512", "-keep_seed=1")
# After how many runs garbage is collected.
COLLECTED = 10_000


def main() -> None:
    name, *given = sys.argv[1:]
    is_blind = "--blind" in given
    folders = [one for one in given if not one.startswith("-")] or [tempfile.mkdtemp(prefix=f"fuzz-{name}-")]
    flags = [one for one in given if one.startswith("-") and one != "--blind"]
    seeds = CORPUS / name
    with nullcontext() if is_blind else atheris.instrument_imports(include=["agentreach"]):
        from targets import TARGETS  # noqa: PLC0415 - what is imported here is instrumented

        for seed in seeds.iterdir():  # imports what is imported late
            TARGETS[name](seed.read_bytes())
    target = _collecting(TARGETS[name])
    atheris.Setup([sys.argv[0], *DEFAULTS, *flags, *folders, str(seeds)], target)
    atheris.Fuzz()


def _collecting(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """A reading makes everything old, so that circles it leaves would never be looked for."""
    runs = count(1)

    def once(data: bytes) -> None:
        target(data)
        if not next(runs) % COLLECTED:
            gc.collect()

    return once


if __name__ == "__main__":
    main()
