"""The fleet review for the terminal: what to look at first, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach_reports.visible import visible
from agentreach_reports.wording import some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Record = Mapping[str, Any]
    Overview = Mapping[str, Sequence[Record]]


def render(overview: Overview, top: int) -> str:
    """The review, with `top` agents, identities and secrets."""
    parts = [
        [_summary(overview)],
        _section("Review first", map(_agent, overview["agents"]), top),
        _section("Identities that would hurt most", map(_identity, overview["identities"]), top),
        _section("Production secrets", map(_secret, overview["secrets"]), top),
        _section("Credentials shared across repositories or teams", map(_shared, overview["shared"]), top),
        _section("Roles that pipelines may assume", map(_pipeline, overview["pipelines"]), top),
        _section("Whose images and modules agents' repositories use", map(_published, overview["published"]), top),
        _section("Not analysed", map(_failed, overview["failed"]), top),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _summary(overview: Overview) -> str:
    counts = overview["repositories"][0]
    found = ", ".join(f"{one['findings']} {one['severity']}" for one in overview["open"])
    return (
        f"{some(counts['read'], 'repository', 'repositories')} read, {counts['with_agents']} with agents: "
        f"{some(len(overview['agents']), 'agent')}. Open findings: {found or 'none'}."
    )


def _section(title: str, lines: Iterable[str], top: int) -> list[str]:
    told = list(lines)
    more = [f"  and {len(told) - top} more"] if len(told) > top else []
    return [title, *(f"  {line}" for line in told[:top]), *more] if told else []


def _agent(one: Record) -> str:
    where = f"({visible(one['repository'])}, {visible(one['path'])}:{one['line']})"
    return f"{visible(one['name'], 60)} {where}: {'; '.join(reasons(one))}"


def reasons(one: Record) -> Iterator[str]:
    """Why an agent stands where it stands in the review."""
    if one["highest_standing"]:
        yield f"{one['highest_standing']} without approval"
    elif one["highest"]:
        yield f"{one['highest']}, gated"
    else:
        yield "no privilege declared in the scanned code"
    yield from circumstances(one)
    if one["findings"]:
        yield some(one["findings"], "finding")


def circumstances(one: Record) -> Iterator[str]:
    """What else there is to know of an agent at once."""
    if one["production"]:
        yield "production"
    if one["others"]:
        yield f"acts as identities of {', '.join(map(visible, one['others']))}"
    yield f"owner {visible(one['owner'], 40)}" if one["owner"] else "no owner declared"


def _identity(one: Record) -> str:
    where = f" ({visible(one['repository'])})" if one["repository"] else " (not declared in the scanned code)"
    names = ", ".join(visible(name, 40) for name in one["names"][:3])
    return f"{visible(one['address'], 80)}{where}: {one['highest']}, for {some(one['agents'], 'agent')}: {names}"


def _secret(one: Record) -> str:
    held = "without approval" if one["standing"] is not False else "gated"
    secret = f"{visible(one['system'], 80)} ({visible(one['system_repository'])})"
    return f"{visible(one['name'], 60)} ({visible(one['repository'])}) reads {secret}: {one['verdict']}, {held}"


def _shared(one: Record) -> str:
    return f"{visible(one['address'], 80)} ({visible(one['repository'])}): {', '.join(map(visible, one['agents']))}"


def _pipeline(one: Record) -> str:
    trusted = f"a role of {visible(one['other'])} ({visible(one['name'])})"
    return f"pipelines of {visible(one['repository'])} may assume {trusted}"


def _published(one: Record) -> str:
    others = f", one of {one['candidates']} of that name" if one["candidates"] > 1 else ""
    what = "runs an image" if one["sense"] == "image" else "calls a module"
    return f"{visible(one['other'])} {what} of {visible(one['repository'])} ({visible(one['name'])}){others}"


def _failed(one: Record) -> str:
    return f"{visible(one['repository'])}: {visible(one['reason'])}"
