"""A fleet scan from its beginning to its views."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from agentreach.fleet import joined, repository_scan
from agentreach.fleet.gathered import TOLD, Gathered, of_kinds
from agentreach.fleet.joined import Group
from agentreach.fleet.links import groups, links
from agentreach.fleet.modules import called, needed, places
from agentreach.fleet.organization import NO_ORGANIZATION, Organization
from agentreach.fleet.repository_scan import Outcome, Task
from agentreach.fleet.rows import FINDING, MODULE, SEED, SKIPPED
from agentreach.fleet.schedule import SECONDS, outcomes
from agentreach.fleet.store import Store
from agentreach.fleet.views import VIEWS, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from agentreach.fleet.joined import Joined
    from agentreach.fleet.links import Together
    from agentreach.fleet.repositories import Repository

    Tell = Callable[[str, int, int], None]


class Settings(NamedTuple):
    """Where tasks run: `scheduler` is the address of a Dask scheduler, or empty for `jobs` processes here.

    `seconds` is what one repository, and one group of joined ones, may take.
    """

    scheduler: str = ""
    jobs: int = 1
    seconds: float = SECONDS


class Summary(NamedTuple):
    """What a fleet scan did. `states` counts repositories: "scanned", "unchanged", "failed".

    `notes` say which suppressions of the organization do nothing.
    """

    states: dict[str, int]
    failed: tuple[Outcome, ...]
    groups: int
    largest: int
    agents: int
    notes: tuple[str, ...] = ()


def scan_fleet(
    repositories: Sequence[Repository],
    location: str,
    settings: Settings,
    tell: Tell = lambda _phase, _done, _of: None,
    organization: Organization = NO_ORGANIZATION,
) -> Summary:
    """Scan what changed, join all, publish the views. Raises UsageError for a store that cannot be written."""
    return _Run(repositories, location, settings, tell, organization).summary()


class _Known(NamedTuple):
    """The results that are there: as a dataset, their metadata, and the rows that are no facts."""

    facts: Any
    headers: dict[str, dict[str, str]]
    told: list[dict[str, Any]]


class _Run:
    """One run, and what its steps share."""

    def __init__(
        self,
        repositories: Sequence[Repository],
        location: str,
        settings: Settings,
        tell: Tell,
        organization: Organization,
    ) -> None:
        self._repositories = repositories
        self._location = location
        self._settings = settings
        self._tell = tell
        self._organization = organization
        self._store = Store(location)

    def summary(self) -> Summary:
        """Do all of it."""
        self._store.create()
        found, known = self._scanned()
        failed = tuple(sorted(one for one in found.values() if one.state == "failed"))
        together = links(known.facts) if known.facts is not None else None
        parts = groups(together) if together is not None else ()
        rows = Gathered(known.headers)
        rows.add("repositories", [(one.name, "", "failed", one.reason, None) for one in failed])
        rows.add("links", [(one[0], rows.commit(one[0]), *one[1:]) for one in (together.all if together else ())])
        elsewhere = called(known.headers.values(), places(self._repositories, known.headers))
        for part in self._joined([self._group(one, elsewhere) for one in parts]):
            rows.of_group(part)
        rows.of_results(known.told)
        notes = rows.judge(self._organization)
        self._store.publish({view: table(view, rows.by_view[view]) for view in VIEWS})
        return Summary(
            states=dict(Counter(one.state for one in found.values())),
            failed=failed,
            groups=len(parts),
            largest=max((len(one.repositories) for one in parts), default=0),
            agents=len(rows.by_view["agents"]),
            notes=notes,
        )

    def _joined(self, tasks: Sequence[Group]) -> Iterator[Joined]:
        """What each group gave. Of one that is too large for its process, each repository is told by itself."""
        alone: list[Group] = []
        for task, part in zip(tasks, self._ran("joining", joined.join, tasks, joined.lost), strict=True):
            yield part
            if part.reason and len(task.repositories) > 1:
                alone += [task._replace(repositories=(one,), seeds=(one,)) for one in task.seeds]
        if alone:
            yield from self._ran("joining", joined.join, alone, joined.lost)

    def _group(self, together: Together, elsewhere: Mapping[str, frozenset[str]]) -> Group:
        own = {name: elsewhere[name] for name in together.repositories if name in elsewhere}
        return Group(*together, self._location, self._organization.options, own)

    def _scanned(self) -> tuple[dict[str, Outcome], _Known]:
        """What became of each repository: first by itself, then with the modules that others of the fleet declare."""
        tasks = [Task(one, self._location, self._settings.seconds, self._organization) for one in self._repositories]
        found = {one.name: one for one in self._ran("scanning", repository_scan.run, tasks, _lost)}
        known = self._known(found)
        again = list(self._with_modules(tasks, known))
        ran = self._ran("reading modules", repository_scan.run, again, _lost) if again else ()
        changed = [one for one in ran if one.state != "unchanged"]
        found |= {one.name: one for one in changed}
        return found, self._known(found) if changed else known

    def _known(self, found: Mapping[str, Outcome]) -> _Known:
        present = sorted(name for name, one in found.items() if one.state != "failed")
        if not present:
            return _Known(None, {}, [])
        facts = self._store.results(present)
        headers = self._store.headers(facts)
        told = facts.to_table(columns=list(TOLD), filter=of_kinds(SEED, FINDING, SKIPPED, MODULE))
        return _Known(facts, headers, told.to_pylist())

    def _with_modules(self, tasks: Iterable[Task], known: _Known) -> Iterator[Task]:
        """The tasks of repositories that call modules of others, or did when they were last read."""
        sources: dict[str, list[str]] = {}
        for row in known.told:
            if row["kind"] == MODULE:
                sources.setdefault(row["repository"], []).append(row["body"])
        at = places(self._repositories, known.headers)
        for task in tasks if sources else ():
            name = task.repository.name
            modules = needed(name, sources, at)
            if modules or known.headers.get(name, {}).get("modules"):
                yield task._replace(modules=modules)

    def _ran(self, phase: str, work: Any, tasks: Sequence[Any], lost: Any) -> Iterator[Any]:  # noqa: ANN401 - of two kinds
        """The outcomes of tasks, told one by one."""
        ran = outcomes(work, tasks, lost, **self._settings._asdict())
        for number, outcome in enumerate(ran, start=1):
            self._tell(phase, number, len(tasks))
            yield outcome


def _lost(task: Task, reason: str) -> Outcome:
    return Outcome(task.repository.name, "failed", reason)
