"""An organisation's own checks, frameworks and mappings: Python or YAML files that the user names.

agentreach scan --checks checks/ours.py --checks checks/ours.yaml --framework-file acme.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.custom.declared import checks_in
from agentreach.custom.frameworks import Extension, install, read, resolve
from agentreach.custom.python_file import load
from agentreach.errors import UsageError
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from agentreach.check import Check
    from agentreach.findings import Finding

YAML = (".yaml", ".yml")


def extend(shipped: Sequence[Check], files: Iterable[Path], frameworks: Iterable[Path]) -> tuple[Check, ...]:
    """The shipped checks with the user's mappings, then the user's checks. Raises UsageError naming file and key."""
    files = tuple(files)
    extensions = [read(path) for path in (*frameworks, *(one for one in files if one.suffix in YAML))]
    for extension in extensions:
        install(extension)
    own = tuple(check for path in files for check in _checks(path))
    checks = (*shipped, *own)
    _distinct(checks)
    return tuple(_mapped(check, extensions) for check in checks)


def _checks(path: Path) -> tuple[Check, ...]:
    if path.suffix == ".py":
        found = load(path)
    elif path.suffix in YAML:
        found = checks_in(path)
    else:
        raise UsageError(f"{path}: checks are a .py or a .yaml file")
    for check in found:
        for control in check.own_controls:
            resolve(f"{path}: {check.id}", control.framework, control.id)
    return found


def _distinct(checks: Sequence[Check]) -> None:
    seen: set[str] = set()
    for check in checks:
        for name in (check.id, check.name):
            if name in seen:
                raise UsageError(f"two checks are called {name!r}; give one of them another id and name")
            seen.add(name)


def _mapped(check: Check, extensions: Sequence[Extension]) -> Check:
    added = tuple(control for one in extensions for name, control in one.mappings if name in (check.id, check.name))
    if not added:
        return check
    controls = (*check.controls, *added)

    def logic(asked: object) -> Iterator[Finding]:
        return (replace(finding, controls=controls) for finding in check.logic(asked))

    return replace(check, own_controls=controls, logic=logic)
