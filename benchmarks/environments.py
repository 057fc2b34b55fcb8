"""The environments of the measured programs, built once and kept: ours from this checkout, each peer's of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Unavailable(Exception):  # noqa: N818 - a reason to leave a peer out
    """An environment that could not be built; the text says why."""


class Environment(NamedTuple):
    """A virtual environment."""

    folder: Path

    def program(self, name: str) -> str:
        """The path of an installed command."""
        return str(self.folder / "bin" / name)

    def version(self, package: str) -> str:
        """The installed version of a package."""
        script = f"import importlib.metadata as m; print(m.version({package!r}))"
        return _run([self.program("python"), "-c", script]).strip()


def ours(folder: Path) -> Environment:
    """This checkout as users install it: a wheel, with its bytecode."""
    made = _environment(folder / "agentreach")
    _run([made.program("python"), "-m", "pip", "install", "--quiet", str(ROOT)])
    _run([made.program("python"), "-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps", str(ROOT)])
    return made


def of_peer(folder: Path, name: str, packages: tuple[str, ...]) -> Environment:
    """An environment with these packages; built when it is not there."""
    made = Environment(folder / name)
    if not (made.folder / "bin").is_dir():
        _environment(made.folder)
        _run([made.program("python"), "-m", "pip", "install", "--quiet", *packages])
    return made


def _environment(folder: Path) -> Environment:
    if not (folder / "bin" / "python").exists():
        _run([sys.executable, "-m", "venv", str(folder)])
    return Environment(folder)


def _run(command: list[str]) -> str:
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise Unavailable(said.strip().splitlines()[-1] if said.strip() else str(error)) from error
