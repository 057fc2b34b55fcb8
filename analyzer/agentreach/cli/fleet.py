"""`agentreach fleet`: many repositories, one graph."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agentreach.cli.shared import SHAPE, write

if TYPE_CHECKING:
    from collections.abc import Callable

INCOMPLETE = 2
FAILURES_SHOWN = 20

store_option = click.option(
    "--store", required=True, metavar="DIR", help="Where results are kept: a path, or a URL that fsspec knows."
)
output_option = click.option("--output", type=click.Path(path_type=Path), help="Write to a file instead of stdout.")


@click.group("fleet")
def command() -> None:
    """Scan many repositories, join what they declare, and ask about all of them.

    Needs the extra: pip install "agentreach[fleet]"
    """


@command.command("scan")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@store_option
@click.option("--scheduler", metavar="URL", default="", help="Dask scheduler, tcp://HOST:PORT, with a shared store.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes here (default: one a processor).")
@click.option("--seconds", type=click.FloatRange(min=1), help="What one repository may take (default: 300).")
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="What holds for all repositories: environments, owners, thresholds, suppressions.",
)
def scan(
    paths: tuple[Path, ...],
    store: str,
    scheduler: str,
    jobs: int | None,
    seconds: float | None,
    config_file: Path | None,
) -> int:
    """Scan repositories at their commits and join them.

    PATHS are folders of checkouts, checkouts, or text files that list paths and git URLs, one a line. A repository
    whose commit this version has scanned before is not scanned again.
    """
    from os import cpu_count  # noqa: PLC0415 - not needed for --help

    from agentreach.fleet import organization  # noqa: PLC0415 - likewise
    from agentreach.fleet.repositories import repositories  # noqa: PLC0415 - likewise
    from agentreach.fleet.run import Settings, scan_fleet  # noqa: PLC0415 - likewise
    from agentreach.fleet.schedule import SECONDS  # noqa: PLC0415 - likewise

    settings = Settings(scheduler, jobs or cpu_count() or 1, seconds or SECONDS)
    given = organization.load(config_file) if config_file else organization.NO_ORGANIZATION
    summary = scan_fleet(repositories(paths), store, settings, _progress(), given)
    counts = ", ".join(f"{summary.states[state]} {state}" for state in sorted(summary.states, reverse=True))
    click.echo(f"Repositories: {counts or 'none'}. Agents, tools and hosts: {summary.agents}.")
    click.echo(f"Groups that were read as one: {summary.groups}, the largest of {summary.largest} repositories.")
    for phrase in (*given.weakened, *summary.notes):
        click.echo(f"{config_file}: {_line(phrase)}", err=True)
    for outcome in summary.failed[:FAILURES_SHOWN]:
        click.echo(f"not analysed: {outcome.name}: {_line(outcome.reason)}", err=True)
    if len(summary.failed) > FAILURES_SHOWN:
        click.echo(f"and {len(summary.failed) - FAILURES_SHOWN} more; see the view `repositories`", err=True)
    return INCOMPLETE if summary.failed else 0


def _progress() -> Callable[[str, int, int], None]:
    """A line that counts on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda _phase, _done, _of: None

    def tell(phase: str, done: int, of: int) -> None:
        click.echo(f"\r{phase} {done} of {of}\x1b[K", nl=done == of, err=True)

    return tell


@command.command("query")
@click.argument("question")
@store_option
@click.option(
    "--format", "format_", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True, help=SHAPE
)
@output_option
def query(question: str, store: str, format_: str, output: Path | None) -> None:
    """Ask one question in SQL over the views; `describe agents` names the columns of one."""
    from agentreach.fleet.query import ask  # noqa: PLC0415 - not needed for --help
    from agentreach.fleet.store import Store  # noqa: PLC0415 - likewise
    from agentreach_reports import fleet_rows  # noqa: PLC0415 - likewise

    answer = ask(Store(store), question)
    write(fleet_rows.FORMATS[format_](answer.columns, answer.rows), output)


@command.command("review")
@store_option
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="Agents and identities to show.")
@output_option
def review(store: str, top: int, output: Path | None) -> None:
    """Say which agents and identities of the fleet to review first, and why."""
    from agentreach_reports import fleet_text  # noqa: PLC0415 - not needed for --help

    write(fleet_text.render(_overview(store), top), output)


@command.command("report")
@store_option
@click.option("--format", "format_", type=click.Choice(["html", "json"]), default="html", show_default=True, help=SHAPE)
@output_option
def report(store: str, format_: str, output: Path | None) -> None:
    """Report on teams, agents, identities and what changed since the scan before."""
    import json  # noqa: PLC0415 - not needed for --help

    found = _overview(store)
    if format_ == "json":
        write(json.dumps(found, ensure_ascii=False, indent=2), output)
        return
    from agentreach_reports import fleet_html  # noqa: PLC0415 - not needed for --help

    write(fleet_html.render(found), output)


def _overview(store: str) -> Any:  # noqa: ANN401 - records by question
    from agentreach.fleet.overview import overview  # noqa: PLC0415 - not needed for --help
    from agentreach.fleet.store import Store  # noqa: PLC0415 - likewise

    return overview(Store(store))


def _line(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)
