"""Build what a release consists of: wheel, source archive and the CycloneDX bill of materials of the wheel.

    python tools/build_release.py dist            fetches what is vendored from npm and compares it first
    python tools/build_release.py dist --offline  trusts the bytes that the commit holds

The wheel and the archive are those of the checked out commit, dated by it, so that anyone can build the same bytes.
The bill of materials lists what a bare installation and each extra ask for, as the wheel's metadata says, with the
digests of what was built, and what the wheel carries of npm's. Which versions are then installed is for the installer
to say, or for a lock file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from base64 import b64decode
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import vendor_layout

ROOT = Path(__file__).resolve().parent.parent
VENDORED = "reports/agentreach_reports/page/vendor/dagre.json"


def build(target: Path, root: Path = ROOT) -> tuple[Path, ...]:
    """Write wheel, archive and bill of materials of the commit of `root` into `target`; return their paths."""
    epoch = _git(root, "log", "-1", "--format=%ct").decode().strip()
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(fileobj=BytesIO(_git(root, "archive", "--format=tar", "HEAD"))) as archive:
            archive.extractall(scratch, filter="data")
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-d", str(target.resolve())],
            cwd=scratch,
            env=os.environ | {"SOURCE_DATE_EPOCH": epoch},
            check=True,
            capture_output=True,
        )
        project = tomllib.loads((Path(scratch) / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        vendored = json.loads((Path(scratch) / VENDORED).read_text(encoding="utf-8"))["libraries"]
    built = tuple(sorted(target.glob(f"{project['name']}-{project['version']}[-.]*[lz]")))
    bill = target / f"{project['name']}-{project['version']}.cdx.json"
    bill.write_text(json.dumps(_bill(project, built, int(epoch), vendored), indent=2) + "\n", encoding="utf-8")
    return (*built, bill)


def _git(root: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True).stdout


def _bill(
    project: dict[str, object], built: tuple[Path, ...], epoch: int, vendored: list[dict[str, str]]
) -> dict[str, object]:
    name, version = str(project["name"]), str(project["version"])
    reference = f"pkg:pypi/{name}@{version}"
    asked = dict(_asked(project, name))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).isoformat().replace("+00:00", "Z"),
            "component": {
                "type": "application",
                "bom-ref": reference,
                "purl": reference,
                "name": name,
                "version": version,
                "licenses": [{"license": {"id": project["license"]}}],
                "properties": [
                    {"name": f"sha256:{path.name}", "value": sha256(path.read_bytes()).hexdigest()} for path in built
                ],
            },
        },
        "components": [
            {
                "type": "library",
                "bom-ref": f"pkg:pypi/{one}",
                "purl": f"pkg:pypi/{one}",
                "name": one,
                "scope": "required" if not extra else "optional",
                "properties": [
                    {"name": "asked-for", "value": wanted},
                    *([{"name": "extra", "value": extra}] * bool(extra)),
                ],
            }
            for one, (wanted, extra) in sorted(asked.items())
        ]
        + [_carried(one) for one in vendored],
        "dependencies": [
            {
                "ref": reference,
                "dependsOn": sorted([*(f"pkg:pypi/{one}" for one in asked), *map(_npm, vendored)]),
            }
        ],
    }


def _npm(library: dict[str, str]) -> str:
    return f"pkg:npm/{library['name'].replace('@', '%40')}@{library['version']}"


def _carried(library: dict[str, str]) -> dict[str, object]:
    """A library whose code is in the wheel."""
    kind, _, digest = library["integrity"].partition("-")
    return {
        "type": "library",
        "bom-ref": _npm(library),
        "purl": _npm(library),
        "name": library["name"],
        "version": library["version"],
        "scope": "required",
        "licenses": [{"license": {"id": library["licence"]}}],
        "hashes": [{"alg": f"SHA-{kind.removeprefix('sha')}", "content": b64decode(digest).hex()}],
        "properties": [{"name": "vendored", "value": "reports/agentreach_reports/page/vendor"}],
    }


def verify() -> None:
    """Stop unless what is vendored is what npm's packages give, byte by byte."""
    try:
        stale = vendor_layout.differing(vendor_layout.made())
    except vendor_layout.OutOfReachError as reason:
        raise SystemExit(f"{reason}: cannot tell whether what is vendored is npm's (--offline trusts it)") from None
    if stale:
        raise SystemExit(f"vendored {', '.join(stale)} differs from what npm's packages give: tools/vendor_layout.py")


def _asked(project: dict[str, object], name: str) -> list[tuple[str, tuple[str, str]]]:
    """By package: what the metadata asks for, and the extra that does; empty where always. Not for development."""
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)
    assert isinstance(project["dependencies"], list)
    rows = [(wanted, extra) for extra, many in extras.items() if extra != "dev" for wanted in many]
    rows += [(wanted, "") for wanted in project["dependencies"]]
    found = [(wanted.split(">")[0].split("[")[0].strip(), (wanted, extra)) for wanted, extra in rows]
    return [one for one in found if one[0] != name]


if __name__ == "__main__":
    if "--offline" not in sys.argv[2:]:
        verify()
    for path in build(Path(sys.argv[1])):
        print(path)
