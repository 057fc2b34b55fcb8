"""The command line: one module per command, loaded when it is called. The only print, the only exit code."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from pathlib import PurePath

import click

from agentreach import __version__
from agentreach.errors import AgentReachError

GROUPS = {
    "Find": ("scan", "review", "agents", "access"),
    "Report": ("report", "checks", "explain"),
    "Adopt": ("init", "fix", "fleet", "integrations"),
}
SUMMARIES = {
    "scan": "Find what agents may do that nobody decided: hook and pull-request check.",
    "review": "Access review: per agent its identities, credentials and reach.",
    "agents": "List the agents that the code declares, and their identities.",
    "access": "May this identity do this action on this resource, and which lines decide it?",
    "report": "Map findings and clean checks to framework entries, as evidence.",
    "checks": "List the checks.",
    "explain": "Show a check's page.",
    "init": "Write configuration, pre-commit hook and workflow for this repository.",
    "fix": "Apply safe fixes after showing them.",
    "fleet": "Many repositories, one graph.",
    "integrations": "Print the path that another tool loads our checks from.",
}
INCOMPLETE = 2
INTERRUPTED = 130


class Commands(click.Group):
    """Commands by name, imported on use, listed in groups."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the order of the groups."""
        return [name for names in GROUPS.values() for name in names if _exists(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command's module."""
        if cmd_name not in SUMMARIES or not _exists(cmd_name):
            return None
        command = import_module(f"agentreach.cli.{cmd_name}").command
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


def _exists(name: str) -> bool:
    from importlib.util import find_spec  # noqa: PLC0415 - not needed for --version

    return find_spec(f"agentreach.cli.{name}") is not None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="agentreach")
def group() -> None:
    """Say which identities an agent inherits, which credentials it retains, and what it reaches without approval.

    AgentReach reads Terraform, CloudFormation/SAM and Kubernetes files. It runs nothing, needs no credentials and
    makes no network connection.
    """


def main() -> None:
    """Run the command line; errors become one sentence on stderr and exit code 2, an interrupt 130.

    A scan makes millions of small objects and few cycles, and then the process ends: collecting them costs a
    quarter of the time and frees nothing.
    """
    gc.disable()
    sys.exit(_code())


def _code() -> int:
    try:
        return int(group.main(prog_name="agentreach", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        click.echo("agentreach: interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return INCOMPLETE
    except AgentReachError as error:
        click.echo(f"agentreach: {_printable(str(error))}", err=True)
        return INCOMPLETE
    except Exception as error:  # noqa: BLE001 - the last line of defence: a crash must not look like findings
        click.echo(f"agentreach: {_crash(error)}", err=True)
        return INCOMPLETE


def _printable(text: str) -> str:
    """One line without control characters: file names and keys in it are of the scanned tree."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _crash(error: Exception) -> str:
    """Where it happened, innermost call first, and of what kind; not the error's own text, which may quote a secret."""
    import traceback  # noqa: PLC0415 - only for a crash

    frames = [
        f"{PurePath(frame.filename).parent.name}/{PurePath(frame.filename).name}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    ]
    return (
        f"internal error, nothing was reported: {type(error).__name__} in {' < '.join(frames[:8])}. Please report it."
    )
