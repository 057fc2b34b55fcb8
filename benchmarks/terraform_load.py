"""Seconds and memory to load a generated Terraform repository, once in a fresh process for each size.

    python benchmarks/terraform_load.py [--files 1000 4000 8000] [--roots 50]

The number that counts is CPU seconds: they depend least on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus_terraform import write

from agentreach.lowering import on_demand, wanted
from agentreach.parsers.terraform import TerraformOptions, load
from agentreach.sources import Tree


def measure(directory: Path) -> str:
    """One load in this process."""
    os.chdir(directory)
    began = time.process_time()
    found = load(Tree(["."]), TerraformOptions(on_demand=on_demand), wanted)
    seconds = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(len(source.text) for source in found.sources) / 1e6
    return (
        f"{found.files:6} files {size:5.1f} MB {len(found.resources):6} resources "
        f"{seconds:6.2f} s {size / seconds:5.1f} MB/s {memory:5.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, nargs="+", default=[1000, 4000, 8000])
    parser.add_argument("--roots", type=int, default=50)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(measure(options.measure))
        return
    for files in options.files:
        with tempfile.TemporaryDirectory() as directory:
            write(Path(directory), files=files, roots=options.roots)
            subprocess.run([sys.executable, __file__, "--measure", directory], check=True)


if __name__ == "__main__":
    main()
