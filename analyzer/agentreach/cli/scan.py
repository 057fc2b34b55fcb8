"""`agentreach scan`: the pre-commit hook and the pull-request check."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentreach.cli import INCOMPLETE
from agentreach.cli import declaring as click
from agentreach.cli.presented import presentation
from agentreach.cli.remembered import Outcome, memory_of
from agentreach.cli.shared import (
    EXTENDING,
    READING,
    SELECTING,
    SEVERITIES,
    WRITING,
    Request,
    compare_option,
    configuration_for,
    paths_argument,
    run_scan,
    with_imports,
    with_options,
    write,
)
from agentreach.errors import UsageError
from agentreach.findings import Severity

if TYPE_CHECKING:
    from agentreach.changes import Changes
    from agentreach.engine import Scan
    from agentreach.sources.observed import Observed
    from agentreach_reports.presentation import Presentation

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "gitlab-sast", "markdown", "html", "csv")


@click.command("scan")
@paths_argument
@click.option(
    "--format", "formats", multiple=True, metavar="F[=FILE]", help=f"{', '.join(FORMATS)} (default: text); repeatable."
)
@click.option("--fail-on", type=click.Choice([*SEVERITIES, "never"]), help="Exit 1 from here up (default: medium).")
@click.option("--show-suppressed", is_flag=True, help="Also list suppressed findings.")
@click.option("--changed", is_flag=True, help="PATHS are changed files: report findings that touch them.")
@click.option("--since", metavar="REV", help="Only what the working tree adds to a git revision.")
@click.option("--baseline", type=click.Path(path_type=Path, exists=True), help="Leave out findings known there.")
@click.option("--write-baseline", type=click.Path(path_type=Path), help="Record today's findings as known.")
@compare_option
@with_options(READING, SELECTING, EXTENDING, WRITING)
def command(
    formats: tuple[str, ...],
    fail_on: str | None,
    show_suppressed: bool,  # noqa: FBT001 - click passes flags so
    changed: bool,  # noqa: FBT001 - likewise
    since: str | None,
    baseline: Path | None,
    write_baseline: Path | None,
    compare: Path | None,
    **flags: Any,  # noqa: ANN401 - the shared options
) -> None:
    """Find what agents in PATHS may do that nobody decided.

    Exits 0 when nothing at or above --fail-on was found, 1 when something was, 2 when something that should have been
    analysed could not be.
    """
    request = Request(**flags)
    targets = _targets(formats, request.output)
    found = configuration_for(request)
    threshold = _threshold(fail_on or found.fail_on)
    looks = [
        presentation(request, name, output, fail_on=threshold, show_suppressed=show_suppressed, compare=compare)
        for name, output in targets
    ]
    change, asked = _change(request, changed=changed, since=since)
    alone = not (since or baseline or write_baseline or compare)
    memory = memory_of(asked, found, targets, looks, change) if alone else None
    outcome = memory.recall(change) if memory else None
    if outcome is None:
        whole = _of_named(_whole(asked, since=since, observed=memory.observed if memory else None), asked)
        scan = with_imports(request, _kept(whole, change, asked))
        scan = _without_known(scan, baseline, writing=write_baseline)
        if write_baseline:
            from agentreach.baseline import dump  # noqa: PLC0415 - only when asked for

            write(dump(scan.open_findings), write_baseline)
        texts = tuple(_rendered(name, scan, look) for (name, _), look in zip(targets, looks, strict=True))
        outcome = Outcome(texts, exit_code(scan, threshold, strict=request.strict or scan.configuration.strict))
        if memory:
            memory.keep(outcome, whole, change)
    for text, (_, output) in zip(outcome.texts, targets, strict=True):
        write(text, output)
    sys.exit(outcome.code)


def _change(request: Request, *, changed: bool, since: str | None) -> tuple[Changes | None, Request]:
    """What changed where only that counts, and the request for the project that it is seen in."""
    if changed and since:
        raise UsageError("--changed and --since exclude each other: the one names files, the other a revision")
    if not changed:
        return None, request
    from agentreach.cli.changed import change_of, project_of  # noqa: PLC0415 - only when asked for

    return change_of(request), project_of(request)


def _whole(request: Request, *, since: str | None, observed: Observed | None) -> Scan:
    if since:
        from agentreach.cli.changed import scan_since  # noqa: PLC0415 - only when asked for

        return scan_since(request, since)
    return run_scan(request, observed)


def _of_named(whole: Scan, request: Request) -> Scan:
    if not any(path.is_file() for path in request.paths):
        return whole
    from agentreach.cli.named_files import limited  # noqa: PLC0415 - only where a file is named

    return limited(whole, request.paths)


def _kept(whole: Scan, change: Changes | None, request: Request) -> Scan:
    if change is None:
        return whole
    from agentreach.cli.changed import kept  # noqa: PLC0415 - only when asked for

    return kept(whole, change, request)


def _without_known(scan: Scan, baseline: Path | None, *, writing: Path | None) -> Scan:
    known = baseline or (Path(scan.configuration.baseline) if scan.configuration.baseline else None)
    if known is None or (writing is not None and not known.exists()):
        return scan
    from agentreach.baseline import subtract  # noqa: PLC0415 - only when asked for

    return subtract(scan, known)


def _targets(formats: tuple[str, ...], output: Path | None) -> list[tuple[str, Path | None]]:
    """`--format sarif=out.sarif` writes there; a bare format goes to `--output` or stdout, once."""
    targets: list[tuple[str, Path | None]] = []
    for text in formats or ("text",):
        name, _, file = text.partition("=")
        if name not in FORMATS:
            raise UsageError(f"unknown format {name!r}; known: {', '.join(FORMATS)}")
        targets.append((name, Path(file) if file else output))
    if sum(1 for _, file in targets if file is None) > 1:
        raise UsageError("two formats would both go to stdout; give one a file: --format sarif=out.sarif")
    return targets


def _threshold(fail_on: str | None) -> Severity | None:
    word = fail_on or "medium"
    return None if word == "never" else Severity[word.upper()]


def _rendered(name: str, scan: Scan, looks: Presentation) -> str:
    from agentreach_reports import SCAN_FORMATS, renderer  # noqa: PLC0415 - not needed for --help

    return renderer(SCAN_FORMATS, name)(scan, looks)


def exit_code(scan: Scan, threshold: Severity | None, *, strict: bool = False) -> int:
    """2 wins over 1, 1 over 0."""
    if scan.is_incomplete(strict=strict):
        return INCOMPLETE
    if threshold is None:
        return 0
    return int(any(finding.severity >= threshold for finding in scan.open_findings))
