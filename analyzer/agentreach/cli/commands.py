"""The command line as click knows it: help, completion and the words for every mistake."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from agentreach import __version__
from agentreach.cli import CLICK_ONLY, GROUPS, INCOMPLETE, INTERRUPTED, SUMMARIES, exists


class Sectioned(click.Command):
    """A command whose help lists the options that it shares with others by what they are for."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its own options, then a section for each group."""
        from agentreach.cli.shared import SECTIONS  # noqa: PLC0415 - not needed for --version

        titles = {name: title for title, options in SECTIONS.items() for name in _names(options)}
        params = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        for wanted in ("Options", *SECTIONS):
            records = [p.get_help_record(ctx) for p in params if titles.get(str(p.name), "Options") == wanted]
            rows = [record for record in records if record]
            if rows:
                with formatter.section(wanted):
                    formatter.write_dl(rows)


def _names(options: tuple[Any, ...]) -> list[str]:
    """The parameters that a group of options makes."""
    from agentreach.cli.shared import with_options  # noqa: PLC0415 - not needed for --version

    noted: Any = with_options(options)(lambda: None)
    return [one.parameter for one in noted.declared]


class Commands(click.Group):
    """Commands by name, imported on use, listed in groups."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the order of the groups."""
        return [name for names in GROUPS.values() for name in names if exists(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command's module."""
        if cmd_name not in SUMMARIES or not exists(cmd_name):
            return None
        declared = import_module(f"agentreach.cli.{cmd_name}").command
        command = declared if cmd_name in CLICK_ONLY else declared.click(Sectioned)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what they are for, without importing them."""
        known = self.list_commands(ctx)
        for title, names in GROUPS.items():
            rows = [(name, SUMMARIES[name]) for name in names if name in known]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for a mistyped one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from error


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="agentreach")
def group() -> None:
    """Say which identities an agent inherits, which credentials it retains, and what it reaches without approval.

    AgentReach reads Terraform, CloudFormation/SAM and Kubernetes files. It runs nothing, needs no credentials and
    makes no network connection.
    """


def run() -> int:
    """Answer the command line of this process."""
    try:
        return int(group.main(prog_name="agentreach", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        click.echo("agentreach: interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return INCOMPLETE
