"""`agentreach fix`: the safe remedies, shown as a diff and written on request."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentreach.cli import INCOMPLETE
from agentreach.cli import declaring as click
from agentreach.cli.shared import (
    EXTENDING,
    READING,
    SELECTING,
    WRITING,
    Request,
    paths_argument,
    run_scan,
    with_options,
)
from agentreach.cli.shared import write as put
from agentreach.errors import UsageError

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.remedies.proposals import Proposal
    from agentreach.remedies.repairs import Repairs

LONGEST = 1000
INSTALL = "pip install 'agentreach[fix]'"


@click.command("fix")
@paths_argument
@click.option("--write", is_flag=True, help="Write the files after showing the diff.")
@with_options(READING, SELECTING, EXTENDING, WRITING)
def command(write: bool, **flags: Any) -> None:  # noqa: FBT001, ANN401 - click passes flags so; the shared options
    """Show what can be fixed in PATHS without judging the effect, as a diff; with --write, fix it.

    Token mounts nobody needs are switched off, lifetimes shortened, hop limits set to one, source accounts required of
    the services that act for others, and confirmations of operations that change something. What is not plain enough to
    be edited by a program is listed with what to do by hand.
    """
    request = Request(**flags)
    if Path("-") in request.paths:
        raise UsageError("fix edits files; standard input has none")
    scan = run_scan(request)
    sys.exit(_fixed(request, scan, write=write))


def _fixed(request: Request, scan: Scan, *, write: bool) -> int:
    from agentreach.remedies.files import Files  # noqa: PLC0415 - not needed for --help
    from agentreach.remedies.line_changes import as_diff  # noqa: PLC0415 - likewise
    from agentreach.remedies.repairs import repairs  # noqa: PLC0415 - likewise
    from agentreach_reports.diff import shown  # noqa: PLC0415 - likewise
    from agentreach_reports.visible import visible  # noqa: PLC0415 - likewise

    files = Files(list(request.paths) or [Path()])
    found = repairs(scan.open_findings, scan.sources, scan.graph.facts, files.refusal)
    diff = "".join(as_diff(source, file.edits) for source, file in found.files.items())
    if diff:
        put(told := shown(diff, scan.graph), request.output)
        if told != diff:
            click.echo(
                "what is secret or unprintable around the changes is hidden: use --write, not the diff", err=True
            )
    if write:
        for source, file in found.files.items():
            files.write(source, file.text)
    for line in _summary(found, written=write):
        click.echo(visible(line, LONGEST), err=True)
    worse = _rescanned(request, scan, found) if write and found.files else []
    for line in worse:
        click.echo(visible(line, LONGEST), err=True)
    return INCOMPLETE if worse or scan.is_incomplete(strict=request.strict) else 0


def _summary(found: Repairs, *, written: bool) -> list[str]:
    if not found.made and not found.by_hand:
        return ["nothing to fix without judging the effect"]
    count, files = len(found.made), len(found.files)
    fixes = f"{count} {'fix' if count == 1 else 'fixes'} in {files} {'file' if files == 1 else 'files'}"
    lines = [f"{fixes}: {'written' if written else 'shown only, --write writes them'}"] if count else []
    lines += [f"by hand: {_where(one)} {one.finding.check_id}: {one.by_hand}" for one in found.by_hand]
    return [*lines, *_second_reader(found)]


def _where(proposal: Proposal) -> str:
    at = proposal.remedy.at.location
    return f"{at.path}:{at.line}"


def _second_reader(found: Repairs) -> list[str]:
    """What proves an edit of Terraform a second time, when it is not there."""
    from agentreach.remedies.proof import NATIVE, has_second_reader  # noqa: PLC0415 - not needed for --help

    if has_second_reader() or not any(source.path.endswith(NATIVE) for source in found.files):
        return []
    return [f"Terraform was checked by one parser only; {INSTALL} adds python-hcl2 as the second"]


def _rescanned(request: Request, before: Scan, found: Repairs) -> list[str]:
    """What a scan of the written files still finds although it was fixed, and what the one before did not find."""
    known = {(one.check_id, one.subject) for one in before.findings}
    fixed = {one.finding.fingerprint for one in found.made} - {one.finding.fingerprint for one in found.by_hand}
    after = run_scan(replace(request, quiet=True)).open_findings
    still = [f"still found after the fix: {_named(one)}" for one in after if one.fingerprint in fixed]
    added = [one for one in after if (one.check_id, one.subject) not in known]
    return [*still, *(f"new after the fix: {_named(one)}: {one.message}" for one in added)]


def _named(finding: Finding) -> str:
    return f"{finding.check_id} {finding.subject.address}"
