"""`agentreach checks`: what is looked for."""

from __future__ import annotations

import json
import sys
from typing import Any

from agentreach.cli import declaring as click
from agentreach.cli.shared import CONFIG, OWN, SHAPE, Request, checks_for, configuration_for, with_options


@click.command("checks")
@click.option(
    "--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True, help=SHAPE
)
@with_options(OWN, (CONFIG,))
def command(format_: str, **flags: Any) -> None:  # noqa: ANN401 - the shared options
    """List the checks with their severity ceiling and the frameworks they are evidence for, your own included."""
    request = Request(**flags)
    rows: list[dict[str, object]] = [
        {
            "id": check.id,
            "name": check.name,
            "title": check.title,
            "severity": check.severity.label,
            "formats": list(check.formats),
            "frameworks": sorted({control.framework for control in check.controls}),
        }
        for check in checks_for(request, configuration_for(request))
    ]
    sys.stdout.write((json.dumps(rows, indent=2) if format_ == "json" else _table(rows)) + "\n")


def _table(rows: list[dict[str, object]]) -> str:
    widest = max((len(str(row["name"])) for row in rows), default=0)
    return "\n".join(f"{row['id']}  {row['severity']:<8}  {row['name']:<{widest}}  {row['title']}" for row in rows)
