"""A fleet scan from its beginning to its views."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from agentreach.fleet import joined, repository_scan
from agentreach.fleet.extra import library
from agentreach.fleet.joined import Group, Joined
from agentreach.fleet.links import groups, links
from agentreach.fleet.repository_scan import Outcome, Task
from agentreach.fleet.rows import FINDING, SEED, SKIPPED
from agentreach.fleet.schedule import SECONDS, outcomes
from agentreach.fleet.store import Store
from agentreach.fleet.views import VIEWS, columns, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from agentreach.fleet.joined import ViewRow
    from agentreach.fleet.links import Together
    from agentreach.fleet.repositories import Repository


class Settings(NamedTuple):
    """Where tasks run: `scheduler` is the address of a Dask scheduler, or empty for `jobs` processes here.

    `seconds` is what one repository, and one group of joined ones, may take.
    """

    scheduler: str = ""
    jobs: int = 1
    seconds: float = SECONDS


class Summary(NamedTuple):
    """What a fleet scan did. `states` counts repositories: "scanned", "unchanged", "failed"."""

    states: dict[str, int]
    failed: tuple[Outcome, ...]
    groups: int
    largest: int
    agents: int


def scan_fleet(
    repositories: Sequence[Repository],
    location: str,
    settings: Settings,
    tell: Callable[[str, int, int], None] = lambda _phase, _done, _of: None,
) -> Summary:
    """Scan what changed, join all, publish the views. Raises UsageError for a store that cannot be written."""
    store = Store(location)
    store.create()
    found = list(_scanned(repositories, location, settings, tell))
    failed = tuple(one for one in found if one.state == "failed")
    present = sorted({one.name for one in found} - {one.name for one in failed})
    facts = store.results(present) if present else None
    connected = links(facts) if facts is not None else None
    together = groups(connected) if connected is not None else ()
    rows = _Rows({name: store.header(name) for name in present})
    rows.add("repositories", [(one.name, "", "failed", one.reason, None) for one in failed])
    rows.of_results(facts)
    if connected is not None:
        rows.add("links", [(one.repository, rows.commit(one.repository), *one[1:]) for one in connected.all])
    for part in _joined(together, location, settings, tell):
        rows.of_group(part)
    rows.drop_answered(_entries(facts))
    store.publish({view: table(view, rows.by_view[view]) for view in VIEWS})
    return Summary(
        states=dict(Counter(one.state for one in found)),
        failed=tuple(sorted(failed)),
        groups=len(together),
        largest=max((len(one.repositories) for one in together), default=0),
        agents=len(rows.by_view["agents"]),
    )


def _scanned(
    repositories: Sequence[Repository], location: str, settings: Settings, tell: Callable[[str, int, int], None]
) -> Iterator[Outcome]:
    tasks = [Task(one, location, settings.seconds) for one in repositories]
    ran = outcomes(repository_scan.run, tasks, _lost, **settings._asdict())
    for number, outcome in enumerate(ran, start=1):
        tell("scanning", number, len(tasks))
        yield outcome


def _entries(facts: Any) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - a pyarrow dataset, or None
    """Repository, root and address of every inventory entry that a repository's own scan knew."""
    if facts is not None:
        names = ["repository", "root", "address"]
        for batch in facts.scanner(columns=names, filter=_of_kinds(SEED)).to_batches():
            yield from zip(*(batch[name].to_pylist() for name in names), strict=True)


def _of_kinds(*kinds: str) -> Any:  # noqa: ANN401 - a pyarrow expression
    return library("pyarrow.dataset").field("kind").isin(list(kinds))


def _lost(task: Task, reason: str) -> Outcome:
    return Outcome(task.repository.name, "failed", reason)


def _joined(
    together: Sequence[Together], location: str, settings: Settings, tell: Callable[[str, int, int], None]
) -> Iterator[Joined]:
    tasks = [Group(one.repositories, one.seeds, location) for one in together]
    ran = outcomes(joined.join, tasks, _not_joined, **settings._asdict())
    for number, part in enumerate(ran, start=1):
        tell("joining", number, len(tasks))
        yield part


def _not_joined(group: Group, reason: str) -> Joined:
    return Joined({}, group.repositories, reason)


class _Rows:
    """Rows of all views, gathered from results and groups."""

    def __init__(self, headers: dict[str, dict[str, str]]) -> None:
        self.by_view: dict[str, list[ViewRow]] = {view: [] for view in VIEWS}
        self._headers = headers
        self.add(
            "repositories", [(name, one["commit"], "ok", None, one["slug"] or None) for name, one in headers.items()]
        )

    def commit(self, repository: str) -> str:
        """The commit a repository was scanned at."""
        return self._headers[repository]["commit"]

    def add(self, view: str, rows: Iterable[ViewRow]) -> None:
        """Take rows into a view."""
        self.by_view[view].extend(rows)

    def of_group(self, part: Joined) -> None:
        """Take what a group of repositories gave, or list that it could not be joined."""
        for view, rows in part.rows.items():
            self.add(view, rows)
        reason = f"could not be joined: {part.reason}"
        self.add("skipped", [(one, self.commit(one), ".", None, reason) for one in part.repositories])

    def drop_answered(self, entries: Iterable[tuple[str, str, str]]) -> None:
        """Drop what a repository said of an entry that is none once all are known: a role whose agent is elsewhere."""
        known = {(row[0], row[2], row[3]) for row in self.by_view["agents"]}
        answered = {entry for entry in entries if entry not in known}
        self.by_view["findings"] = [row for row in self.by_view["findings"] if not _speaks_of(row, answered)]

    def of_results(self, facts: Any) -> None:  # noqa: ANN401 - a pyarrow dataset, or None
        """Take findings and skips as each repository's own scan reported them."""
        if facts is None:
            return
        wanted = ["repository", "commit", "kind", "root", "address", "path", "line", "body"]
        for batch in facts.scanner(columns=wanted, filter=_of_kinds(FINDING, SKIPPED)).to_batches():
            for row in batch.to_pylist():
                if row["kind"] == SKIPPED:
                    self.add(
                        "skipped", [(row["repository"], row["commit"], row["path"], row["line"] or None, row["body"])]
                    )
                else:
                    self.add("findings", [_finding(row)])


def _speaks_of(row: ViewRow, entries: set[tuple[str, str, str]]) -> bool:
    finding = dict(zip(columns("findings"), row, strict=True))
    return any((row[0], finding["root"], finding[name]) in entries for name in ("agent", "subject"))


def _finding(row: dict[str, Any]) -> ViewRow:
    body = json.loads(row["body"])
    root, agent = body["agents"][0] if body["agents"] else (row["root"], None)
    return (
        *(row["repository"], row["commit"], body["check_id"], body["severity"], body["confidence"], root, agent),
        *(body["subject"], body["message"], row["path"], row["line"], body["fingerprint"]),
        *(body["suppressed"] is not None, "repository"),
    )
