"""What a change lets agents do that they could not do before: the before and after of a pull request."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypedDict

from agentreach.identity import Step
from agentreach.records import dataclass
from agentreach_reports import records
from agentreach_reports.comparison import earlier
from agentreach_reports.wording import some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.engine import Scan
    from agentreach_reports.presentation import Presentation

Record = dict[str, Any]
Quote = Callable[[str], str]
STEPS = {step.label: step for step in Step}
MAY = {
    Step.OBSERVE: "list and describe",
    Step.READ_DATA: "read",
    Step.WRITE_DATA: "change",
    Step.EXECUTE: "run",
    Step.DEPLOY: "deploy to",
    Step.SECRETS: "read",
    Step.IDENTITY: "gain or hand out rights through",
    Step.ADMIN: "do anything on",
}
# What a declared system of a service is called. Where only patterns of names are known, it stays a resource.
THINGS = {
    "secretsmanager": "secret",
    "secretmanager": "secret",
    "s3": "bucket",
    "storage": "bucket",
    "dynamodb": "table",
    "bigquery": "dataset",
    "lambda": "function",
    "sqs": "queue",
    "sns": "topic",
    "pubsub": "topic",
}
SERVICES = {"v1": "Kubernetes"}
NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachChange:
    """One agent whose reach differs, with its steps, the highest first.

    `before` is None for a new agent, `after` for one that is gone. `gained` and `lost` name only what was and is out of
    reach otherwise; `actions` are new ones on what was in reach of the same step already, `gated` what a
    gate asks for now, `narrower` the services that are still in reach, but less of them.
    """

    address: str
    name: str
    root: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    gained: tuple[Record, ...] = ()
    lost: tuple[Record, ...] = ()
    actions: tuple[str, ...] = ()
    gated: tuple[Record, ...] = ()
    narrower: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        told = (self.gained, self.lost, self.actions, self.gated, self.narrower)
        return any(told) or None in (self.before, self.after)


def reach_changes(scan: Scan, presentation: Presentation) -> tuple[ReachChange, ...] | None:
    """Agents with other reach than before, in review order; None when nothing is known of before."""
    before = _before(scan, presentation)
    if before is None:
        return None
    now = [records.agent(scan.graph, view) for view in scan.graph.agents if view.stands_alone]
    known = {(str(one.get("root")), str(one.get("address"))): one for one in before}
    return tuple(change for change in _changes(now, known) if change.differs)


def _before(scan: Scan, presentation: Presentation) -> list[Record] | None:
    """The agents of an earlier revision, scanned, else those of an earlier report."""
    if scan.before is not None:
        graph = scan.before.graph
        return [records.agent(graph, view) for view in graph.agents if view.stands_alone]
    if presentation.previous is None:
        return None
    agents = earlier(presentation.previous).get("agents")
    if not isinstance(agents, list):
        return None
    return [one for one in agents if isinstance(one, dict) and (one.get("role") == "agent" or not one.get("used_by"))]


def _changes(now: Iterable[Record], before: dict[tuple[str, str], Record]) -> Iterator[ReachChange]:
    gone = dict(before)
    for agent in now:
        key = (str(agent["root"]), str(agent["address"]))
        old = gone.pop(key, None)
        mine, theirs = _rows(agent), _rows(old or {})
        yield ReachChange(
            address=key[1],
            name=str(agent.get("name") or key[1]),
            root=key[0],
            before=None if old is None else held(theirs.values()),
            after=held(mine.values()),
            **_compared(mine, theirs),
        )
    for (root, address), agent in gone.items():
        name = str(agent.get("name") or address)
        yield ReachChange(address=address, name=name, root=root, before=held(_rows(agent).values()), after=None)


def _rows(agent: Record) -> dict[tuple[str, ...], Record]:
    """What can be done to what and whether a gate asks, without the lines that say so."""
    reach = agent.get("reach")
    rows = [one for one in reach if isinstance(one, dict)] if isinstance(reach, list) else []
    return {
        (str(row.get("step")), str(row.get("service")), _text(row, "actions"), _text(row, "resources"), _held(row)): row
        for row in rows
    }


class _Compared(TypedDict):
    gained: tuple[Record, ...]
    lost: tuple[Record, ...]
    actions: tuple[str, ...]
    gated: tuple[Record, ...]
    narrower: tuple[str, ...]


def _compared(mine: dict[tuple[str, ...], Record], theirs: dict[tuple[str, ...], Record]) -> _Compared:
    """What one side covers and the other does not, by step and service and what can be done it to."""
    fresh = [row for name, row in mine.items() if name not in theirs]
    missing = [row for name, row in theirs.items() if name not in mine]
    gated = [
        old for old in missing if _beyond(old, mine.values()) and not _beyond({**old, "standing": False}, mine.values())
    ]
    lost = [row for row in (_beyond(old, mine.values()) for old in missing if old not in gated) if row]
    kept = [row for row in lost if not row["systems"] and any(_is_alike(row, one) for one in mine.values())]
    known = {action for row in theirs.values() for action in row.get("actions") or ()}
    more = {action for row in fresh if not _beyond(row, theirs.values()) for action in row.get("actions") or ()}
    return {
        "gained": tuple(row for row in (_beyond(new, theirs.values()) for new in fresh) if row),
        "lost": tuple(row for row in lost if row not in kept),
        "actions": tuple(sorted(map(str, more - known))),
        "gated": tuple(gated),
        "narrower": tuple(sorted({str(row.get("service")) for row in kept})),
    }


def _beyond(row: Record, others: Iterable[Record]) -> Record | None:
    """The row with only what no other row of the same step and service covers; None when they cover all of it."""
    alike = [one for one in others if _is_alike(row, one) and (_held(one) == "standing" or _held(row) == "gated")]
    systems = {str(system) for one in alike for system in one.get("systems") or ()}
    patterns = [str(pattern) for one in alike for pattern in one.get("resources") or ()]
    named = [one for one in row.get("systems") or () if str(one) not in systems]
    rest = [one for one in row.get("resources") or () if not any(_covers(pattern, str(one)) for pattern in patterns)]
    if not named and not rest and alike:
        return None
    return {**row, "systems": named, "resources": rest if alike else row.get("resources")}


def _is_alike(row: Record, other: Record) -> bool:
    return row.get("step") == other.get("step") and other.get("service") in {row.get("service"), "*"}


def _covers(pattern: str, resource: str) -> bool:
    """Whether a pattern names all that a text names; a hole is the same hole if it reads so."""
    return fnmatchcase(resource, pattern.replace("[", "[[]"))


def _text(row: Record, key: str) -> str:
    values = row.get(key)
    return "\0".join(sorted(map(str, values))) if isinstance(values, list) else ""


def _held(row: Record) -> str:
    return "gated" if row.get("standing") is False else "standing"


def held(rows: Iterable[Record]) -> tuple[str, ...]:
    """The steps that rows give, highest first, and whether a gate asks: `secrets`, `write-data (gated)`."""
    asks: dict[Step, bool] = {}
    for row in rows:
        asks[_step(row)] = asks.get(_step(row), True) and row.get("standing") is False
    return tuple(f"{step.label}{' (gated)' if asks[step] else ''}" for step in sorted(asks, reverse=True))


def _step(row: Record) -> Step:
    return STEPS.get(str(row.get("step")), Step.OBSERVE)


def sentences(rows: Iterable[Record], quoted: Quote) -> list[str]:
    """`read 4 production secrets (…)`: the highest step first, production first, one for each step and service.

    That things of a service can be listed is not told beside what else can be done to them.
    """
    grouped: dict[tuple[Step, bool, str], list[Record]] = {}
    for row in rows:
        grouped.setdefault((_step(row), bool(row.get("production")), str(row.get("service"))), []).append(row)
    higher = {service for step, _, service in grouped if step > Step.OBSERVE}
    ordered = sorted(
        (one for one in grouped.items() if one[0][0] > Step.OBSERVE or one[0][2] not in higher),
        key=lambda one: (-one[0][0], not one[0][1], one[0][2]),
    )
    return [f"{MAY[step]} {_what(step, service, found, quoted)}" for (step, _, service), found in ordered]


def smaller_changes(change: ReachChange, name: str, quoted: Quote) -> Iterator[str]:
    """What is neither gained nor lost and yet not as before, of an agent that was there and still is."""
    if change.before is None or change.after is None:
        return
    if change.actions:
        yield f"{name} may do more to what it reached at the same step: {_named(list(change.actions), quoted)}"
    if change.gated:
        yield from (f"{name} may {text} only behind a gate now" for text in sentences(change.gated, quoted))
    if change.narrower:
        yield f"{name} reaches less of {_named(list(change.narrower), quoted)} at steps that it keeps"


def _what(step: Step, service: str, rows: list[Record], quoted: Quote) -> str:
    systems = list(dict.fromkeys(str(one) for row in rows for one in row.get("systems") or ()))
    resources = list(dict.fromkeys(str(one) for row in rows for one in row.get("resources") or ()))
    production = "production " if any(row.get("production") for row in rows) else ""
    asks = "" if any(row.get("standing") is not False for row in rows) else ", behind a gate"
    thing = production + _thing(step, service, quoted, declared=bool(systems))
    if "*" in resources or not (systems or resources):
        among = f", {_named(systems, quoted)} among them" if systems else ""
        return f"any {thing}{among}{asks}"
    named = systems or resources
    count = some(len(named), thing) if systems or all(map(_is_one, resources)) else f"{thing}s"
    return f"{count} ({_named(named, quoted)}){asks}"


def _is_one(resource: str) -> bool:
    """Whether a text names one thing, as an ARN does: no pattern, no kind (`pods`), no scope (`projects/x`)."""
    return ":" in resource and not any(part in resource for part in ("*", "?", "…"))


def _thing(step: Step, service: str, quoted: Quote, *, declared: bool) -> str:
    """`secret`, `table`; `kms resource` where no better word is known."""
    word = THINGS.get(service, "")
    if word == "secret" or (word and declared):
        return word
    kind = "secret" if step is Step.SECRETS else "resource"
    return kind if service == "*" else f"{SERVICES.get(service) or quoted(service)} {kind}"


def _named(names: list[str], quoted: Quote) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(quoted(name) for name in names[:NAMED]) + more
