"""`agentreach review`: the access review."""

from __future__ import annotations

from typing import Any

from agentreach.cli import declaring as click
from agentreach.cli.product import answer
from agentreach.cli.shared import EXTENDING, READING, SELECTING, SHAPE, WRITING, Request, paths_argument, with_options


@click.command("review")
@paths_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help=SHAPE,
)
@with_options(READING, SELECTING, EXTENDING, WRITING)
def command(format_: str, **flags: Any) -> None:  # noqa: ANN401 - the shared options
    """Show, per agent, which identities it inherits, which credentials it retains, and what it reaches unapproved."""
    answer("REVIEW_FORMATS", format_, Request(**flags))
