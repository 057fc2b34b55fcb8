"""Bundles the graph layout that the access review page uses, from npm, into one script of the package.

    python tools/vendor_layout.py          writes reports/agentreach_reports/page/vendor/
    python tools/vendor_layout.py --check  exits 1 when building it again gives other bytes, 2 when npm is out of reach

Needs node and npm. Versions and integrity hashes are pinned by tools/vendor/package-lock.json; npm refuses a package
that has other bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "vendor"
TARGET = Path(__file__).parent.parent / "reports/agentreach_reports/page/vendor"
LIBRARIES = ("@dagrejs/dagre", "@dagrejs/graphlib")
ENTRY = 'import { graphlib, layout } from "@dagrejs/dagre";\nexport const Graph = graphlib.Graph;\nexport { layout };\n'
BUNDLE = ("--bundle", "--minify", "--format=iife", "--global-name=dagre", "--target=es2020", "--legal-comments=none")


# What npm says when it reaches no registry, as against a registry that gives other bytes.
UNREACHED = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "ENOTCACHED")


class OutOfReachError(Exception):
    """There is no npm, or no registry answers it."""


def build(folder: Path) -> dict[str, bytes]:
    """The files to ship, by name."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    _fetch(folder)
    (folder / "entry.js").write_text(ENTRY, encoding="utf-8")
    esbuild = folder / "node_modules/.bin/esbuild"
    subprocess.run(
        [str(esbuild), "entry.js", *BUNDLE, "--outfile=dagre.js", "--log-level=warning"], cwd=folder, check=True
    )
    script = (folder / "dagre.js").read_bytes()
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    record = {
        "file": "dagre.js",
        "sha256": hashlib.sha256(script).hexdigest(),
        "libraries": [_library(name, lock) for name in LIBRARIES],
        "bundler": f"esbuild {lock['node_modules/esbuild']['version']}",
    }
    return {
        "dagre.js": script,
        "dagre.json": (json.dumps(record, indent=2) + "\n").encode(),
        "dagre.LICENSE": _licences(folder).encode(),
    }


def _fetch(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise OutOfReachError("there is no npm on PATH")
    run = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"]
    done = subprocess.run(run, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode and any(sign in done.stderr for sign in UNREACHED):
        raise OutOfReachError("npm reaches no registry")
    if done.returncode:
        raise SystemExit(done.stderr)


def _library(name: str, lock: dict[str, dict[str, str]]) -> dict[str, str]:
    found = lock[f"node_modules/{name}"]
    return {"name": name, "version": found["version"], "licence": found["license"], "integrity": found["integrity"]}


def _licences(folder: Path) -> str:
    texts = []
    for name in LIBRARIES:
        found = next(iter(sorted((folder / "node_modules" / name).glob("LICENSE*"))))
        texts.append(f"{name}\n\n{found.read_text(encoding='utf-8').strip()}\n")
    return "\n".join(texts)


def made() -> dict[str, bytes]:
    """The files as npm's packages give them now."""
    with tempfile.TemporaryDirectory() as folder:
        return build(Path(folder))


def differing(files: dict[str, bytes]) -> list[str]:
    """The names of files that the package ships with other bytes."""
    return [name for name, data in files.items() if not _same(TARGET / name, data)]


def main() -> int:
    try:
        files = made()
    except OutOfReachError as reason:
        print(f"not built: {reason}", file=sys.stderr)
        return 2
    stale = differing(files)
    if "--check" in sys.argv[1:]:
        print(*(f"{name} differs from what its sources give" for name in stale), sep="\n")
        return bool(stale)
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (TARGET / name).write_bytes(data)
    print(f"wrote {', '.join(f'{name} ({len(data):,} bytes)' for name, data in files.items())}; {len(stale)} changed")
    return 0


def _same(path: Path, data: bytes) -> bool:
    return path.exists() and path.read_bytes() == data


if __name__ == "__main__":
    raise SystemExit(main())
