"""One graph of a group of repositories, as rows of the views.

What two repositories say of each other by name alone is possible: nobody wrote that they mean the same account or
cluster. Where the account stands in both it holds as in one scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agentreach import __version__
from agentreach.consolidate import consolidate
from agentreach.engine import Options, claims, selected
from agentreach.fleet.encoding import Decoder, split_root
from agentreach.fleet.rows import NO_FACTS, SCHEMA_VERSION
from agentreach.fleet.store import Store
from agentreach.graph import build
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import AgentView, IdentityView, Reach
    from agentreach.identity import Evidence, Fact
    from agentreach.model import Key, Location

ViewRow = tuple[object, ...]


class Group(NamedTuple):
    """Repositories to read as one (see `links.Together`), and the store that has their facts.

    `called` are roots that others of the fleet read as modules: what they declare is declared there.
    """

    repositories: tuple[str, ...]
    seeds: tuple[str, ...]
    store: str
    options: Options = Options()
    called: Mapping[str, frozenset[str]] = {}


class Claim(NamedTuple):
    """A check's claim about a subject, without its words."""

    repository: str
    check_id: str
    root: str
    subject: str


class Joined(NamedTuple):
    """Rows of the views that a group gives, or why it gave none.

    `seeds` are the repositories that the group speaks of. What their own scans say of agents holds if it is among the
    `claims` of the group too: "not declared in the scanned code" may be declared in another repository. A group of one
    has no claims, for it knows no more than the scan.
    """

    rows: dict[str, list[ViewRow]]
    seeds: tuple[str, ...]
    claims: frozenset[Claim] | None = None
    repositories: tuple[str, ...] = ()
    reason: str = ""


def join(group: Group) -> Joined:
    """Build the graph of a group and describe it. Unreadable results raise, and the group is reported as lost."""
    store = Store(group.store)
    commits: dict[str, str] = {}
    facts: list[Fact] = []
    for repository in group.repositories:
        header = store.header(repository)
        if (header.get("schema"), header.get("tool")) != (SCHEMA_VERSION, __version__):
            return lost(group, f"another version of AgentReach has scanned {repository} meanwhile")
        commits[repository] = header.get("commit", "")
        facts += _facts(store, repository, group.called.get(repository, frozenset()))
    graph = replace(build(facts, options=group.options.graph), options=group.options.graph)
    teller = _Teller(graph, commits, frozenset(group.seeds))
    if len(commits) == 1:
        return Joined(described(teller, ()), group.seeds)
    found = _findings(graph, group.options)
    return Joined(described(teller, found), group.seeds, frozenset(map(_claim, found)))


def lost(group: Group, reason: str) -> Joined:
    """What is left of a group that could not be joined."""
    return Joined({}, group.seeds, repositories=group.repositories, reason=reason)


def _findings(graph: AgentGraph, options: Options) -> tuple[Finding, ...]:
    from agentreach_checks import ALL  # noqa: PLC0415 - only where repositories are joined

    checks = selected(ALL, options)
    return consolidate(tuple(claims(graph, checks, options)), checks)


def _claim(finding: Finding) -> Claim:
    place = _place(finding.subject)
    return Claim(place.repository, finding.check_id, place.root, place.address)


def _facts(store: Store, repository: str, called: frozenset[str]) -> Iterator[Fact]:
    decoder = Decoder(repository)
    names = ["kind", "root", "body"]
    found = store.result(repository, names)
    for kind, root, body in zip(*(found[name].to_pylist() for name in names), strict=True):
        if kind not in NO_FACTS and root not in called:
            yield decoder.fact(body)


def described(teller: _Teller, found: Iterable[Finding]) -> dict[str, list[ViewRow]]:
    """The rows of every view that the graph decides, about the agents of the seeds."""
    return {
        "agents": list(teller.agents()),
        "identities": list(teller.identities()),
        "paths": list(teller.paths()),
        "reach": list(teller.reach()),
        "credentials": list(teller.credentials()),
        "findings": list(teller.findings(found)),
    }


class _Place(NamedTuple):
    """A key as the views show it."""

    repository: str
    root: str
    address: str


def _place(key: Key) -> _Place:
    return _Place(*split_root(key.root), key.address)


class _Teller:
    """Rows about the entries of a graph. Each begins with the entry's repository and its commit."""

    def __init__(self, graph: AgentGraph, commits: dict[str, str], seeds: frozenset[str]) -> None:
        self._graph = graph
        self._commits = commits
        self._seeds = seeds
        self._views = [view for view in graph.agents if self._is_told(view.key)]

    def _is_told(self, key: Key) -> bool:
        return _place(key).repository in self._seeds

    def _of(self, key: Key) -> tuple[str, str, str, str]:
        """Repository, commit, root and address of an entry."""
        place = _place(key)
        return place.repository, self._commits.get(place.repository, ""), place.root, place.address

    def agents(self) -> Iterator[ViewRow]:
        for rank, view in enumerate(self._views, start=1):
            repository, commit, root, address = self._of(view.key)
            yield (
                *(repository, commit, root, address, view.name, view.agent.platform, view.agent.kind),
                *(view.role.value, view.confidence.label, view.owner),
                view.highest.label if view.highest else None,
                view.highest_standing.label if view.highest_standing else None,
                *(view.production, view.bounded, rank, *_written(view.agent.at.location)),
            )

    def identities(self) -> Iterator[ViewRow]:
        for view in self._views:
            for identity in view.identities:
                place = _place(identity.key)
                yield (
                    *self._of(view.key),
                    *(place.address, place.repository, identity.relation.value, identity.name, identity.kind),
                    *(identity.account, self._is_certain(view, identity)),
                )

    def paths(self) -> Iterator[ViewRow]:
        for view in self._views:
            for identity in view.identities:
                for number, hop in enumerate(identity.hops, start=1):
                    origin, target = _place(hop.origin), _place(hop.target)
                    where, path, line = _shown(hop.evidence)
                    yield (
                        *self._of(view.key),
                        *(identity.key.address, number, origin.address, target.address, hop.relation),
                        *(path, line, origin.repository, target.repository, where),
                    )

    def reach(self) -> Iterator[ViewRow]:
        certain = {
            (view.key, identity.key): self._is_certain(view, identity)
            for view in self._views
            for identity in view.identities
        }
        for one in self._graph.all_reach:
            for agent in filter(self._is_told, one.entries):
                yield from self._reached(one, agent, certain=one.certain and certain.get((agent, one.identity), True))

    def _reached(self, reach: Reach, agent: Key, *, certain: bool) -> Iterator[ViewRow]:
        identity = _place(reach.identity)
        systems = [_place(system.key) for system in reach.systems] or [_Place("", "", "")]
        granting, *where = _shown(reach.evidence)
        # A grant of another repository names its holder, who may be one of the same name in another cluster or account.
        is_own = granting in {"", identity.repository or _place(agent).repository}
        verdict = "allowed" if certain and is_own else "possible"
        for action in reach.actions:
            for resource in reach.resources or ("",):
                for system in systems:
                    yield (
                        *(*self._of(agent), reach.step.label, reach.service, action, resource, reach.standing, verdict),
                        *(identity.address, identity.repository, reach.production),
                        *(system.address or None, system.repository or None, *where),
                    )

    def credentials(self) -> Iterator[ViewRow]:
        for view in self._views:
            for one in self._graph.kept(view.key):
                place = _place(one.credential.key)
                kept = one.credential
                yield (
                    *(*self._of(view.key), kept.kind, place.address),
                    *(kept.ttl if isinstance(kept.ttl, int | float) else None, kept.never_expires, kept.stored_in),
                    *(place.repository, *_written(kept.at.location)),
                )

    def findings(self, found: Iterable[Finding]) -> Iterator[ViewRow]:
        """Those that no repository could have found alone."""
        for finding in found:
            told = next(filter(self._is_told, (*finding.agents, finding.subject)), None)
            if told is not None and len(_repositories(finding)) > 1:
                yield self._found(finding, told)

    def _found(self, finding: Finding, agent: Key) -> ViewRow:
        repository, commit, root, address = self._of(agent)
        where, path, line = _shown(finding.evidence)
        return (
            *(repository, commit, finding.check_id, finding.severity.label, finding.confidence.label, root, address),
            *(finding.subject.address, finding.message, f"{where}/{path}" if where != repository else path, line),
            *(finding.fingerprint, False, "fleet", None),
        )

    def _is_certain(self, view: AgentView, identity: IdentityView) -> bool:
        own, other = _place(view.key).repository, _place(identity.key).repository
        return identity.certain and (own == other or (identity.declared and identity.account is not None))


def _repositories(finding: Finding) -> set[str]:
    keys = {_place(key).repository for key in (finding.subject, *finding.agents)}
    return (keys | {split_root(one.at.source.path)[0] for one in finding.evidence}) - {""}


def _shown(evidence: tuple[Evidence, ...]) -> tuple[str, str, int]:
    """Repository, path and line of the first evidence."""
    if not evidence:
        return "", "", 0
    place = evidence[0].at.location
    return (*split_root(place.path), place.line)


def _written(location: Location) -> tuple[str, int]:
    return split_root(location.path)[1], location.line
