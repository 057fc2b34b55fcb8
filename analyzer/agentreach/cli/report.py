"""`agentreach report`: findings and clean checks as evidence per framework entry."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from agentreach.cli import declaring as click
from agentreach.cli.product import answer
from agentreach.cli.scan import exit_code
from agentreach.cli.shared import (
    EXTENDING,
    READING,
    SELECTING,
    SEVERITIES,
    SHAPE,
    WHEN_TO_FAIL,
    WRITING,
    Request,
    compare_option,
    paths_argument,
    with_options,
)
from agentreach.findings import Severity

if TYPE_CHECKING:
    from pathlib import Path


@click.command("report")
@paths_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["markdown", "html", "csv", "json", "oscal", "pdf"]),
    default="markdown",
    show_default=True,
    help=SHAPE,
)
@click.option(
    "--fail-on", type=click.Choice([*SEVERITIES, "never"]), default="never", show_default=True, help=WHEN_TO_FAIL
)
@compare_option
@with_options(READING, SELECTING, EXTENDING, WRITING)
def command(format_: str, fail_on: str, compare: Path | None, **flags: Any) -> None:  # noqa: ANN401 - the shared options
    """Map findings to framework entries: evidence found, nothing found, not assessed. Never "compliant"."""
    request = Request(**flags)
    scan = answer("COMPLIANCE_FORMATS", format_, request, compare=compare)
    if fail_on != "never":
        sys.exit(exit_code(scan, Severity[fail_on.upper()], strict=request.strict))
