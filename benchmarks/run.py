"""Every measurement of a scan, in one run: JSON and a Markdown table.

    python benchmarks/run.py                          all of it: hours, most of them the peers'
    python benchmarks/run.py --sizes 100 1000 --peers none --repeat 3
    python benchmarks/run.py --kinds mixed --sizes 4000 --peers checkov

See benchmarks/README.md for what is measured and how to read it.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import corpora
import peers
from environments import Environment, Unavailable, of_peer, ours
from measuring import measured
from tables import markdown

HERE = Path(__file__).resolve().parent
SIZES = (100, 1000, 4000, 16000)
COMPARED_FILES = 400
PEERS = {
    "checkov": (peers.CHECKOV, ("small", "mixed")),
    "cfn-lint": (peers.CFN_LINT, ("cloudformation",)),
    "cloudsplaining": (peers.CLOUDSPLAINING, ("policies",)),
    "parliament": (peers.PARLIAMENT, ("policies",)),
    "python-hcl2": (peers.HCL2, ("terraform",)),
}
Report = dict[str, Any]


class Suite:
    """One run: its scratch folder, the measured environment, and how often."""

    def __init__(self, scratch: Path, environment: Environment, repeat: int) -> None:
        self.scratch = scratch
        self.environment = environment
        self.repeat = repeat
        self._corpora: dict[str, corpora.Corpus] = {}

    def corpus(self, kind: str, files: int = COMPARED_FILES) -> corpora.Corpus:
        """A corpus by kind and size, written once."""
        name = f"{kind} {files}"
        if name not in self._corpora:
            made = {"small": corpora.small, "policies": corpora.policies}
            written = made[kind](self.scratch) if kind in made else corpora.generated(self.scratch, kind, files)
            self._corpora[name] = written
        return self._corpora[name]

    def scanned(self, corpus: corpora.Corpus) -> Report:
        """Cold, warm and with one changed file, and the phases of a cold run."""
        cache = self.scratch / "cache"
        command = [self.environment.program("agentreach"), "scan", ".", "--fail-on", "never"]
        text = corpus.changed.read_text(encoding="utf-8")

        def change(number: int) -> None:
            corpus.changed.write_text(f"{text}\n# changed {number}\n", encoding="utf-8")

        told = {"AGENTREACH_CACHE_DIR": str(cache), "PYTHONDONTWRITEBYTECODE": "1"}
        cold = measured([*command, "--no-cache"], corpus.folder, self.repeat)
        measured(command, corpus.folder, 1, environment=told)
        warm = measured(command, corpus.folder, self.repeat, environment=told)
        changed = measured(command, corpus.folder, self.repeat, environment=told, before=change)
        corpus.changed.write_text(text, encoding="utf-8")
        return {
            "corpus": corpus.name,
            "files": corpus.files,
            "megabytes": round(corpus.megabytes, 2),
            "cold": cold.as_json(),
            "warm": warm.as_json(),
            "one_changed": changed.as_json(),
            **self._phases(corpus),
        }

    def _phases(self, corpus: corpora.Corpus) -> Report:
        command = [self.environment.program("python"), str(HERE / "phases.py")]
        done = subprocess.run(command, cwd=corpus.folder, check=True, capture_output=True, text=True)
        found: Report = json.loads(done.stdout)
        return found

    def compared(self, peer: peers.Peer, environment: Environment, corpus: corpora.Corpus, repeat: int) -> Report:
        """A peer and we on the same files, one after the other, repeated; medians and their ratio."""
        theirs = measured(peer.command(environment), corpus.folder, repeat)
        mine = measured([self.environment.program("agentreach"), "scan", ".", "--no-cache"], corpus.folder, self.repeat)
        return {
            "peer": peer.name,
            "version": environment.version(peer.package),
            "corpus": corpus.name,
            "files": corpus.files,
            "theirs": theirs.as_json(),
            "ours": mine.as_json(),
            "times_faster": round(theirs.cpu / mine.cpu, 1),
        }


def compare(suite: Suite, chosen: list[str], folder: Path, repeat: int) -> list[Report]:
    """Every chosen peer on its corpora; one that cannot be installed says why."""
    rows: list[Report] = []
    for name in chosen:
        peer, kinds = PEERS[name]
        try:
            environment = of_peer(folder, name, peer.packages)
        except Unavailable as why:
            rows.append({"peer": name, "left_out": str(why)})
            continue
        for kind in kinds:
            rows.append(suite.compared(peer, environment, suite.corpus(kind), repeat))
            print(f"{name} on {rows[-1]['corpus']}: {rows[-1]['times_faster']} times", file=sys.stderr, flush=True)
    return rows


def run(given: argparse.Namespace, scratch: Path) -> Report:
    """The whole report."""
    environment = ours(given.environments)
    suite = Suite(scratch, environment, given.repeat)
    idle = measured([environment.program("python"), "-c", "pass"], scratch, max(given.repeat, 9))
    trees = [suite.corpus("small"), *(corpora.fixtures(scratch) if given.fixtures else [])]
    rows = []
    for corpus in trees:
        rows.append(suite.scanned(corpus))
        print(f"{corpus.name}: {rows[-1]['cold']}", file=sys.stderr, flush=True)
    for kind in given.kinds:
        for files in given.sizes:
            rows.append({**suite.scanned(suite.corpus(kind, files)), "kind": kind, "size": files})
            print(f"{kind} {files}: {rows[-1]['cold']}", file=sys.stderr, flush=True)
    return {
        "machine": {"python": platform.python_version(), "system": platform.platform(), "repeat": given.repeat},
        "python_pass": idle.as_json(),
        "scans": rows,
        "peers": compare(suite, given.peers, given.environments, given.peer_repeat),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--kinds", nargs="*", choices=corpora.KINDS, default=list(corpora.KINDS))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--peers", nargs="*", choices=[*PEERS, "none"], default=list(PEERS))
    parser.add_argument("--peer-repeat", type=int, default=3)
    parser.add_argument("--fixtures", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--environments", type=Path, default=HERE / "results" / "environments")
    parser.add_argument("--output", type=Path, default=HERE / "results")
    given = parser.parse_args()
    given.peers = [name for name in given.peers if name != "none"]
    given.environments = given.environments.resolve()
    given.environments.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        report = run(given, Path(scratch))
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "latest.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (given.output / "latest.md").write_text(markdown(report), encoding="utf-8")
    print(markdown(report))


if __name__ == "__main__":
    main()
