"""Commands that scan, render one document, and exit 0 when they answered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from agentreach.cli import INCOMPLETE
from agentreach.cli.presented import presentation
from agentreach.cli.shared import Request, run_scan, with_imports, write
from agentreach.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.engine import Scan


def answer(formats: str, name: str, request: Request, *, compare: Path | None = None) -> Scan:
    """Scan, render and write; exit 2 when something that should have been analysed could not be."""
    import agentreach_reports  # noqa: PLC0415 - not needed for --help

    if name == "pdf" and request.output is None:
        raise UsageError("--format pdf needs --output FILE")
    kind = "compliance" if formats == "COMPLIANCE_FORMATS" else name
    looks = presentation(request, kind, request.output, compare=compare)
    scan = with_imports(request, run_scan(request))
    if name == "pdf":
        assert request.output is not None
        request.output.write_bytes(agentreach_reports.binary_renderer(name)(scan, looks))
    else:
        render = agentreach_reports.renderer(getattr(agentreach_reports, formats), name)
        write(render(scan, looks), request.output)
    if scan.is_incomplete(strict=request.strict):
        sys.exit(INCOMPLETE)
    return scan
