"""Build what a release consists of: wheel, source archive and the CycloneDX bill of materials of the wheel.

    python tools/build_release.py dist

The wheel and the archive are those of the checked out commit, dated by it, so that anyone can build the same bytes.
The bill of materials lists what a bare installation and each extra ask for, as the wheel's metadata says, with the
digests of what was built. Which versions are then installed is for the installer to say, or for a lock file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


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
    built = tuple(sorted(target.glob(f"{project['name']}-{project['version']}[-.]*[lz]")))
    bill = target / f"{project['name']}-{project['version']}.cdx.json"
    bill.write_text(json.dumps(_bill(project, built, int(epoch)), indent=2) + "\n", encoding="utf-8")
    return (*built, bill)


def _git(root: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True).stdout


def _bill(project: dict[str, object], built: tuple[Path, ...], epoch: int) -> dict[str, object]:
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
        ],
        "dependencies": [{"ref": reference, "dependsOn": sorted(f"pkg:pypi/{one}" for one in asked)}],
    }


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
    for path in build(Path(sys.argv[1])):
        print(path)
