"""A fleet scan from its beginning to its views."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from agentreach.fleet import joined, repository_scan
from agentreach.fleet.gathered import Gathered, of_kinds
from agentreach.fleet.joined import Group, Joined
from agentreach.fleet.links import groups, links
from agentreach.fleet.modules import called, needed, places
from agentreach.fleet.organization import NO_ORGANIZATION, Organization
from agentreach.fleet.repository_scan import Outcome, Task
from agentreach.fleet.rows import MODULE, SEED
from agentreach.fleet.schedule import SECONDS, outcomes
from agentreach.fleet.store import Store
from agentreach.fleet.views import VIEWS, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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
        found = self._scanned()
        failed = tuple(sorted(one for one in found.values() if one.state == "failed"))
        present = sorted(found.keys() - {one.name for one in failed})
        facts = self._store.results(present) if present else None
        together = links(facts) if facts is not None else None
        parts = groups(together) if together is not None else ()
        headers = {name: self._store.header(name) for name in present}
        rows = Gathered(headers)
        rows.add("repositories", [(one.name, "", "failed", one.reason, None) for one in failed])
        rows.add("links", [(one[0], rows.commit(one[0]), *one[1:]) for one in (together.all if together else ())])
        elsewhere = called(headers.values(), places(self._repositories, headers))
        tasks = [self._group(one, elsewhere) for one in parts]
        for part in self._ran("joining", joined.join, tasks, _not_joined):
            rows.of_group(part)
        rows.of_results(facts)
        rows.drop_answered(_rows(facts, SEED, "repository", "root", "address"))
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

    def _group(self, together: Together, elsewhere: Mapping[str, frozenset[str]]) -> Group:
        own = {name: elsewhere[name] for name in together.repositories if name in elsewhere}
        return Group(*together, self._location, self._organization.options, own)

    def _scanned(self) -> dict[str, Outcome]:
        """What became of each repository: first by itself, then with the modules that others of the fleet declare."""
        tasks = [Task(one, self._location, self._settings.seconds, self._organization) for one in self._repositories]
        found = {one.name: one for one in self._ran("scanning", repository_scan.run, tasks, _lost)}
        again = list(self._with_modules(tasks, found))
        for one in self._ran("reading modules", repository_scan.run, again, _lost) if again else ():
            if one.state != "unchanged":
                found[one.name] = one
        return found

    def _with_modules(self, tasks: Iterable[Task], found: Mapping[str, Outcome]) -> Iterator[Task]:
        """The tasks of repositories that call modules of others, or did when they were last read."""
        readable = [task for task in tasks if found[task.repository.name].state != "failed"]
        names = [task.repository.name for task in readable]
        sources: dict[str, list[str]] = {}
        for name, source in _rows(self._store.results(names) if names else None, MODULE, "repository", "body"):
            sources.setdefault(name, []).append(source)
        if not sources:
            return
        headers = {name: self._store.header(name) for name in names}
        at = places((task.repository for task in readable), headers)
        for task in readable:
            modules = needed(task.repository.name, sources, at)
            if modules or headers[task.repository.name].get("modules"):
                yield task._replace(modules=modules)

    def _ran(self, phase: str, work: Any, tasks: Sequence[Any], lost: Any) -> Iterator[Any]:  # noqa: ANN401 - of two kinds
        """The outcomes of tasks, told one by one."""
        ran = outcomes(work, tasks, lost, **self._settings._asdict())
        for number, outcome in enumerate(ran, start=1):
            self._tell(phase, number, len(tasks))
            yield outcome


def _rows(facts: Any, kind: str, *names: str) -> Iterator[tuple[str, ...]]:  # noqa: ANN401 - a pyarrow dataset, or None
    """Columns of the rows of one kind."""
    if facts is not None:
        for batch in facts.scanner(columns=list(names), filter=of_kinds(kind)).to_batches():
            yield from zip(*(batch[name].to_pylist() for name in names), strict=True)


def _lost(task: Task, reason: str) -> Outcome:
    return Outcome(task.repository.name, "failed", reason)


def _not_joined(group: Group, reason: str) -> Joined:
    return Joined({}, group.repositories, reason)
