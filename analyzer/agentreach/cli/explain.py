"""`agentreach explain ID`: a check's page in the terminal."""

from __future__ import annotations

import sys
from importlib.resources import files

from agentreach.cli import declaring as click
from agentreach.errors import UsageError


@click.command("explain")
@click.argument("check_id", metavar="ID")
def command(check_id: str) -> None:
    """Show what a check looks for, why it matters for an agent, what to write instead, and what it maps to."""
    from agentreach_checks import ALL  # noqa: PLC0415 - not needed for --help

    for check in ALL:
        if check_id.upper() == check.id or check_id == check.name:
            package, _, module = check.module.rpartition(".")
            page = files(package).joinpath(f"{module}.md").read_text(encoding="utf-8")
            sys.stdout.write(f"{page.rstrip()}\n\n{_mapping(check.controls)}")
            return
    raise UsageError(f"no check {check_id!r}; `agentreach checks` lists them")


def _mapping(controls: tuple[object, ...]) -> str:
    from agentreach.controls import frameworks  # noqa: PLC0415 - only here

    if not controls:
        return "Maps to no framework: it is about the analysis itself.\n"
    catalogue = frameworks()
    lines = ["## Evidence relevant to", ""]
    for control in controls:
        framework = catalogue[control.framework]  # type: ignore[attr-defined]
        entry = next(entry for entry in framework.entries if entry.id == control.id)  # type: ignore[attr-defined]
        lines.append(f"- {framework.name}: {entry.cite_as} {entry.title} ({control.relation})")  # type: ignore[attr-defined]
    return "\n".join(lines) + "\n"
