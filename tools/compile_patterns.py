"""Compile the regular expressions of the package for the Python that runs this, so that a scan does not have to.

    python tools/compile_patterns.py            writes analyzer/agentreach/compiled_patterns/<python>.txt
    python tools/compile_patterns.py --check    exits 1 when it is out of date

One line a pattern, separated by tabs: how it is found, its flags, how many groups it has, their names, and what the
compiler of `re` yields, as numbers of four bytes in base64. The first line says what the numbers depend on.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from base64 import b64encode
from pathlib import Path
from struct import pack
from typing import TYPE_CHECKING, Any

import agentreach
import agentreach_checks
import agentreach_reports
from agentreach import late_regex

if TYPE_CHECKING:
    from types import ModuleType

PACKAGES = (agentreach, agentreach_checks, agentreach_reports)
NOT_OF_A_SCAN = ("agentreach.fleet", "agentreach.integrations", "agentreach.__main__")


def patterns() -> dict[str, tuple[str | bytes, int]]:
    """Every pattern that a module of a scan defines, by what it is found by."""
    found: dict[str, tuple[str | bytes, int]] = {}

    def note(text: Any, flags: int = 0) -> re.Pattern[Any]:  # noqa: ANN401 - text or bytes
        found[late_regex.key(text, flags)] = (text, int(flags))
        return re.compile(text, flags)

    late_regex.compiled = note
    for module in list(sys.modules):
        if module.startswith("agentreach.parsers"):
            raise SystemExit(f"{module} was imported before its patterns could be noted")
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(NOT_OF_A_SCAN):
                _use(importlib.import_module(module.name))
    return found


def _use(module: ModuleType) -> None:
    for value in vars(module).values():
        for one in value if isinstance(value, tuple | list) else (value,):
            if type(one) is late_regex.late_regex:
                _ = one.flags


def line(name: str, text: str | bytes, flags: int) -> str:
    """A pattern as the file holds it."""
    parsed = re._parser.parse(text, flags)  # type: ignore[attr-defined]  # noqa: SLF001 - what `re.compile` does
    code = re._compiler._code(parsed, flags)  # type: ignore[attr-defined]  # noqa: SLF001 - likewise
    names = " ".join(f"{group}={number}" for group, number in parsed.state.groupdict.items())
    numbers = b64encode(pack(f"={len(code)}I", *code)).decode()
    return "\t".join([name, str(flags | parsed.state.flags), str(parsed.state.groups - 1), names, numbers])


def text() -> str:
    """The whole file."""
    lines = sorted(line(name, *given) for name, given in patterns().items())
    return "\n".join([late_regex.head(), *lines, ""])


def main() -> None:
    target = Path(late_regex.place())
    written = text()
    if "--check" in sys.argv[1:]:
        if not target.is_file() or target.read_text(encoding="ascii") != written:
            sys.exit(f"{target} is out of date: run python tools/compile_patterns.py")
        return
    target.parent.mkdir(exist_ok=True)
    target.write_text(written, encoding="ascii")


if __name__ == "__main__":
    main()
