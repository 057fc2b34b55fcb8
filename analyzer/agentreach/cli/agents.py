"""`agentreach agents`: the inventory."""

from __future__ import annotations

from typing import Any

from agentreach.cli import declaring as click
from agentreach.cli.product import answer
from agentreach.cli.shared import READING, SHAPE, WRITING, Request, paths_argument, with_options


@click.command("agents")
@paths_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "cyclonedx"]),
    default="table",
    show_default=True,
    help=SHAPE,
)
@with_options(READING, WRITING)
def command(format_: str, **flags: Any) -> None:  # noqa: ANN401 - the shared options
    """List the agents, tools and hosts that PATHS declare, and the identities they act as."""
    answer("INVENTORY_FORMATS", format_, Request(**flags))
