"""Checks of the user in Python: the same decorator, loaded only from a file that the caller named."""

from __future__ import annotations

import re
import sys
import traceback
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.check import Check
from agentreach.errors import AgentReachError, UsageError
from agentreach.late_regex import late_regex
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph

ID = late_regex(r"[A-Z]{2,10}\d{1,5}")
RESERVED = late_regex(r"AR\d+")
NAME = late_regex(r"[a-z][a-z0-9-]{2,60}")


def load(path: Path) -> tuple[Check, ...]:
    """Run the file and return the checks it defines, in order. Whatever it raises is a UsageError with its line."""
    name = f"agentreach_custom_{re.sub(r'[^A-Za-z0-9]', '_', path.stem)}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"{path}: {_line(error, path)}{type(error).__name__}: {error}") from error
    found = tuple(value for value in vars(module).values() if isinstance(value, Check) and value.module == name)
    if not found:
        raise UsageError(f"{path}: defines no check; decorate a function with @check from agentreach.check")
    for check in found:
        validate(check, str(path))
    return tuple(replace(check, logic=_guarded(check, path)) for check in found)


def validate(check: Check, where: str) -> None:
    """Ids and names that reports and suppressions can hold, and that no check of ours will ever have."""
    if not ID.fullmatch(check.id) or RESERVED.fullmatch(check.id):
        raise UsageError(f"{where}: id {check.id!r} must be capitals and digits such as ORG001, and not AR…")
    if not NAME.fullmatch(check.name):
        raise UsageError(f"{where}: {check.id}: name {check.name!r} must be lower-case words joined by hyphens")


class _guarded:  # noqa: N801 - it stands where a function stood
    """Logic whose failure names the file and line instead of ending the scan with a traceback."""

    def __init__(self, check: Check, path: Path) -> None:
        self._check = check
        self._path = path

    def __call__(self, graph: AgentGraph) -> Iterator[Finding]:
        try:
            yield from self._check.logic(graph)
        except AgentReachError:
            raise
        except Exception as error:
            place = _line(error, self._path)
            raise UsageError(
                f"{self._path}: {place}{self._check.id} failed: {type(error).__name__}: {error}"
            ) from error


def _line(error: Exception, path: Path) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f"line {error.lineno}: "
    own = path.resolve()
    frames = [one for one in traceback.extract_tb(error.__traceback__) if Path(one.filename).resolve() == own]
    return f"line {frames[-1].lineno}: " if frames else ""
