"""`agentreach report`: findings and clean checks as evidence per framework entry."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from agentreach.cli import declaring as click
from agentreach.cli.product import answer
from agentreach.cli.scan import exit_code
from agentreach.cli.shared import (
    EXTENDING,
    READING,
    SELECTING,
    SEVERITIES,
    WRITING,
    Request,
    paths_argument,
    with_options,
)
from agentreach.findings import Severity


@click.command("report")
@paths_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["markdown", "html", "csv", "json", "oscal", "pdf"]),
    default="markdown",
    show_default=True,
)
@click.option("--fail-on", type=click.Choice([*SEVERITIES, "never"]), default="never", show_default=True)
@click.option("--compare", type=click.Path(path_type=Path, exists=True), help="An earlier JSON report to compare with.")
@with_options(READING, SELECTING, EXTENDING, WRITING)
def command(format_: str, fail_on: str, compare: Path | None, **flags: Any) -> None:  # noqa: ANN401 - the shared options
    """Map findings to framework entries: evidence found, nothing found, not assessed. Never "compliant"."""
    request = Request(**flags)
    previous = compare.read_text(encoding="utf-8") if compare else None
    scan = answer("COMPLIANCE_FORMATS", format_, request, previous=previous)
    if fail_on != "never":
        sys.exit(exit_code(scan, Severity[fail_on.upper()], strict=request.strict))
