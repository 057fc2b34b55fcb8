"""Commands that scan, render one document, and exit 0 when they answered."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from agentreach.cli import INCOMPLETE
from agentreach.cli.shared import Request, run_scan, source_date, wants_color, with_imports, write
from agentreach.errors import UsageError

if TYPE_CHECKING:
    from agentreach.engine import Scan


def answer(formats: str, name: str, request: Request, *, previous: str | None = None) -> Scan:
    """Scan, render and write; exit 2 when something that should have been analysed could not be."""
    import agentreach_reports  # noqa: PLC0415 - not needed for --help
    from agentreach_reports.presentation import Presentation  # noqa: PLC0415 - likewise

    scan = with_imports(request, run_scan(request))
    presentation = Presentation(
        color=wants_color(request.color, request.output),
        width=shutil.get_terminal_size((100, 24)).columns,
        frameworks=request.frameworks,
        strict=request.strict,
        quiet=request.quiet,
        verbose=request.verbose,
        timestamp=source_date(),
        previous=previous,
    )
    if name == "pdf":
        if request.output is None:
            raise UsageError("--format pdf needs --output FILE")
        request.output.write_bytes(agentreach_reports.binary_renderer(name)(scan, presentation))
    else:
        render = agentreach_reports.renderer(getattr(agentreach_reports, formats), name)
        write(render(scan, presentation), request.output)
    if scan.is_incomplete(strict=request.strict):
        sys.exit(INCOMPLETE)
    return scan
