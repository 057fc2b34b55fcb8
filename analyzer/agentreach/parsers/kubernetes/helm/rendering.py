"""One run of `helm template`: on a copy of the chart, without network, plugins or a cluster.

The copy holds only files inside the confinement root, so a link in a chart leads nowhere. helm gets a
list of arguments, an environment of its own, and a limit of time and output.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Skipped
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agentreach.sources import Tree

_SECONDS = 60
_MOST_FILES = 5_000
_MOST_BYTES = 64 * 1024 * 1024
_RELEASE = late_regex(r"[^a-z0-9-]+")
_LONGEST_REASON = 300


class Failed(NamedTuple):
    """Why there is no output."""

    reason: str


def render(tree: Tree, chart: Path, name: str, binary: str, values: Sequence[Path]) -> str | Failed:
    """What helm makes of a chart with its default values and the given files."""
    with tempfile.TemporaryDirectory(prefix="agentreach-helm-") as scratch:
        home = Path(scratch)
        copy = home / "chart"
        problem = _copy(tree, chart, copy)
        if problem is not None:
            return problem
        return _run(binary, _release(name), copy, home, values)


def _copy(tree: Tree, chart: Path, copy: Path) -> Failed | None:
    total = 0
    for count, (path, relative) in enumerate(_files(tree, chart, Path())):
        data = tree.open_bytes(path)
        if isinstance(data, Skipped):
            return Failed(f"{data.path} {data.reason}")
        total += len(data)
        if count >= _MOST_FILES or total > _MOST_BYTES:
            return Failed(f"it has more than {_MOST_FILES:,} files or 64 MiB")
        target = copy / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return None


def _files(tree: Tree, directory: Path, relative: Path, depth: int = 0) -> Iterator[tuple[Path, Path]]:
    entries = tree.entries(directory)
    if isinstance(entries, Skipped) or depth > 20:  # noqa: PLR2004 - charts within charts within charts
        return
    for entry in entries:
        if entry.is_directory:
            yield from _files(tree, entry.absolute, relative / entry.name, depth + 1)
        else:
            yield entry.absolute, relative / entry.name


def _release(name: str) -> str:
    return _RELEASE.sub("-", name.lower()).strip("-")[:50] or "release"


def _run(binary: str, release: str, chart: Path, home: Path, values: Sequence[Path]) -> str | Failed:
    arguments = [binary, "template", release, str(chart), "--namespace", "default", "--skip-tests"]
    for path in values:
        arguments += ["--values", str(path.resolve())]
    try:
        run = subprocess.run(  # noqa: S603 - a fixed list of arguments, no shell
            arguments,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            cwd=home,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return Failed(f"it took longer than {_SECONDS} seconds")
    except OSError as error:
        return Failed(f"helm did not start: {error.strerror}")
    if run.returncode:
        return Failed(_reason(run.stderr, home))
    if len(run.stdout) > _MOST_BYTES:
        return Failed("its output is larger than 64 MiB")
    return run.stdout


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the caller's environment but what a process needs to run."""
    inherited = {name: os.environ[name] for name in ("SYSTEMROOT", "TMPDIR") if name in os.environ}
    own = {
        "PATH": os.defpath,
        "HOME": str(home),
        "KUBECONFIG": os.devnull,
        "HELM_CACHE_HOME": str(home / "cache"),
        "HELM_CONFIG_HOME": str(home / "config"),
        "HELM_DATA_HOME": str(home / "data"),
        "HELM_PLUGINS": str(home / "plugins"),
        "LANG": "C.UTF-8",
    }
    return {**inherited, **own}


def _reason(message: str, home: Path) -> str:
    """Helm's own words, without the place of the copy."""
    lines = [line.strip() for line in message.replace(f"{home}/", "").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("Error:")] or lines or ["no message"]
    text = errors[0].removeprefix("Error:").strip()
    hint = "" if "dependencies" in text else "; --helm-values FILE gives values that it requires"
    return (text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…") + hint
