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
from pathlib import Path

import atheris

CORPUS = Path(__file__).parent / "corpus"
# Seeds that cover nothing new are kept: without a guide none of them does.
DEFAULTS = ("-max_len=512", "-keep_seed=1")


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
    # What was imported is not looked through for garbage again and again.
    gc.collect()
    gc.freeze()
    atheris.Setup([sys.argv[0], *DEFAULTS, *flags, *folders, str(seeds)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
