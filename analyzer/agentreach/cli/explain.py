"""`agentreach explain ID`: a check's page in the terminal."""

from __future__ import annotations

import sys
from importlib.resources import files
from inspect import getdoc, isfunction
from typing import TYPE_CHECKING, Any

from agentreach.cli import declaring as click
from agentreach.cli.shared import CONFIG, OWN, Request, checks_for, configuration_for, with_options
from agentreach.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.check import Check


@click.command("explain")
@click.argument("check_id", metavar="ID")
@with_options(OWN, (CONFIG,))
def command(check_id: str, **flags: Any) -> None:  # noqa: ANN401 - the shared options
    """Show what a check looks for, why it matters for an agent, what to write instead, and what it maps to."""
    request = Request(**flags)
    for check in checks_for(request, configuration_for(request)):
        if check_id.upper() == check.id.upper() or check_id == check.name:
            sys.stdout.write(f"{_page(check)}\n\n{_mapping(check.controls)}")
            return
    raise UsageError(f"no check {check_id!r}; `agentreach checks` lists them")


def _page(check: Check) -> str:
    """The page beside a shipped check; of one of the user's, what its author wrote in it."""
    package, _, module = check.module.rpartition(".")
    if package.partition(".")[0] == "agentreach_checks":
        text = files(package).joinpath(f"{module}.md").read_text(encoding="utf-8").rstrip()
        return "\n\n".join((text, *_in_short(check)))
    said = [
        f"# {check.id} {check.title}",
        (getdoc(check.logic) or "") if isfunction(check.logic) else "",
        check.remediation,
    ]
    return "\n\n".join(part for part in said if part)


def _in_short(check: Check) -> Iterator[str]:
    """What the examples to prefer have and those to avoid have not, a format at a time: ready to be pasted."""
    from agentreach_reports.pasted import example  # noqa: PLC0415 - not needed for --help

    fences = [
        "\n".join((f"```{language}", *lines, "```"))
        for language in ("terraform", "cloudformation", "kubernetes")
        if (lines := example(check, language))
    ]
    if fences:
        yield "## In short"
        yield from fences


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
