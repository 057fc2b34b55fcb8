"""Which repositories have to be joined, by the names that one declares and another mentions.

A link leads from the repository whose agent gains by it: to what it uses, and to whom trusts it. A system that is only
used ends a chain; an identity may lead on. Who trusts a repository's pipelines, runs its images or calls its modules is
told and joins nothing: pipelines are not read, and a module is read where it is called. Names that the own repository
declares lead nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agentreach.fleet.extra import library
from agentreach.fleet.rows import ORGANIZATION, SEED

if TYPE_CHECKING:
    from collections.abc import Mapping


class Link(NamedTuple):
    """`repository` may go on to `other` by a name, in the sense of a mention.

    `candidates` is how many repositories declare the name for the one that mentions it: several leave open which is
    meant.
    """

    repository: str
    other: str
    name: str
    sense: str
    candidates: int = 1


class Links(NamedTuple):
    """All links, and for each repository that has agents the repositories its agents may come to.

    `reached` maps a repository with agents to others and whether chains may lead on from there; `everywhere` are
    repositories that hold policies of the whole organization.
    """

    all: tuple[Link, ...]
    reached: Mapping[str, Mapping[str, bool]]
    everywhere: tuple[str, ...]


_TABLES: Final = """
create temp table declared as
    select distinct repository, name from (select repository, unnest(declares) as name from facts);
create temp table mentioned as
    select distinct repository, unnest(mentions) as name, unnest(senses) as sense from facts;
create temp table outside as
    select * from mentioned anti join declared using (repository, name);
create temp table matched as
    select m.repository as mentioning, d.repository as declaring, m.name, m.sense
    from outside m join declared d using (name)
    union
    select m.repository, d.repository, m.name, m.sense
    from (select *, rtrim(name, '*') as head from outside where name like '%*') m
    join (select * from declared where name not like '%*') d
    on d.name >= m.head and d.name < m.head || chr(1114111)
    union
    select m.repository, d.repository, m.name, m.sense
    from (select * from outside where name not like '%*') m
    join (select *, rtrim(name, '*') as head from declared where name like '%*') d
    on m.name >= d.head and m.name < d.head || chr(1114111);
create temp table links as
    select
        case when sense in ('identity', 'system') then mentioning else declaring end as repository,
        case when sense in ('identity', 'system') then declaring else mentioning end as other,
        name, sense, count(*) over (partition by mentioning, name, sense) as candidates
    from matched where mentioning <> declaring;
create temp table edges as
    select repository, other, bool_or(sense <> 'system') as leads_on from links
    where sense in ('identity', 'system', 'trust') group by all;
"""

_REACHED: Final = """
with recursive reached(seed, repository, leads_on) as (
    select distinct repository, repository, true from facts where kind = ?
    union
    select reached.seed, edges.other, edges.leads_on
    from reached join edges on reached.repository = edges.repository
    where reached.leads_on
)
select seed, repository, bool_or(leads_on) from reached group by all order by all
"""


def links(facts: Any) -> Links:  # noqa: ANN401 - a pyarrow dataset of rows
    """The links among all repositories of a store."""
    database = library("duckdb").connect()
    database.execute("set enable_progress_bar = false")
    database.register("stored", facts)
    database.execute("create temp table facts as select repository, kind, declares, mentions, senses from stored")
    database.execute(_TABLES)
    reached: dict[str, dict[str, bool]] = {}
    for seed, repository, leads_on in database.execute(_REACHED, [SEED]).fetchall():
        reached.setdefault(seed, {})[repository] = leads_on
    everywhere = database.execute(
        "select distinct repository from declared where name = ? order by all", [ORGANIZATION]
    ).fetchall()
    found = database.execute("select repository, other, name, sense, candidates from links order by all").fetchall()
    return Links(tuple(Link(*row) for row in found), reached, tuple(one for (one,) in everywhere))


class Together(NamedTuple):
    """Repositories to read as one. What is said of agents is said of those in `seeds`; the others are reached."""

    repositories: tuple[str, ...]
    seeds: tuple[str, ...]


def groups(found: Links) -> tuple[Together, ...]:
    """Every repository that has agents with all that they reach: chains that meet in an identity are one group."""
    leaders: dict[str, str] = {}
    for seed, others in sorted(found.reached.items()):
        for other in (other for other, leads_on in others.items() if leads_on):
            _unite(leaders, seed, other)
    seeds: dict[str, list[str]] = {}
    for seed in sorted(found.reached):
        seeds.setdefault(_leader(leaders, seed), []).append(seed)
    return tuple(sorted(Together(_members(found, group), tuple(group)) for group in seeds.values()))


def _members(found: Links, seeds: list[str]) -> tuple[str, ...]:
    return tuple(sorted({*found.everywhere, *(other for seed in seeds for other in found.reached[seed])}))


def _unite(leaders: dict[str, str], one: str, other: str) -> None:
    first, second = sorted((_leader(leaders, one), _leader(leaders, other)))
    leaders[second] = first


def _leader(leaders: dict[str, str], name: str) -> str:
    leaders.setdefault(name, name)
    while leaders[name] != name:
        leaders[name] = leaders[leaders[name]]
        name = leaders[name]
    return name
