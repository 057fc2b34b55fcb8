"""What a fleet review says first: teams, agents, the identities that would hurt most, what is shared, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from agentreach.fleet.query import opened

if TYPE_CHECKING:
    from agentreach.fleet.store import Store

Record = dict[str, Any]

_TABLES: Final = """
create temp table entries as select * from agents where role in ('agent', 'undeclared');
create temp table counted as
    select repository, root, agent, count(*) as findings, max(gravity(severity)) as gravest from findings
    where not suppressed and agent is not null group by all;
create temp table abroad as
    select repository, root, agent, list(distinct identity_repository order by identity_repository) as others
    from identities where identity_repository <> repository and identity_repository <> '' group by all;
"""

_QUESTIONS: Final = {
    "agents": """
        select e.repository, e.root, e.address, e.name, e.kind, e.owner, e.highest, e.highest_standing, e.production,
            e.path, e.line, coalesce(c.findings, 0) as findings, coalesce(c.gravest, 0) as gravest,
            coalesce(a.others, []) as others
        from entries e
        left join counted c on (c.repository, c.root, c.agent) = (e.repository, e.root, e.address)
        left join abroad a on (a.repository, a.root, a.agent) = (e.repository, e.root, e.address)
        order by rung(e.highest_standing) desc, e.production desc, gravest desc, findings desc, e.repository, e.address
    """,
    "teams": """
        select e.owner, count(*) as agents, count(distinct e.repository) as repositories,
            count(*) filter (where e.production) as production,
            arg_max(e.highest_standing, rung(e.highest_standing)) as highest_standing,
            sum(coalesce(c.findings, 0))::bigint as findings, max(coalesce(c.gravest, 0)) as gravest
        from entries e left join counted c on (c.repository, c.root, c.agent) = (e.repository, e.root, e.address)
        group by e.owner order by max(rung(e.highest_standing)) desc, agents desc, e.owner nulls last
    """,
    "identities": """
        select i.identity_repository as repository, i.address, any_value(i.name order by i.name) as name,
            count(distinct (i.repository, i.root, i.agent)) as agents,
            count(distinct i.repository) as repositories,
            list(distinct e.name order by e.name) as names,
            arg_max(r.step, rung(r.step)) as highest, bool_or(r.production) as production
        from identities i
        join entries e on (e.repository, e.root, e.address) = (i.repository, i.root, i.agent)
        left join reach r on (r.repository, r.root, r.agent) = (i.repository, i.root, i.agent)
            and r.acts_as = i.address and r.acts_as_repository = i.identity_repository
        where r.step is not null
        group by all order by max(rung(r.step)) desc, agents desc, repository, i.address
    """,
    "shared": """
        select c.credential_repository as repository, c.address, any_value(c.kind order by c.kind) as kind,
            list(distinct e.repository || ': ' || e.name order by e.repository || ': ' || e.name) as agents,
            list(distinct e.owner order by e.owner) filter (where e.owner is not null) as owners
        from credentials c join entries e on (e.repository, e.root, e.address) = (c.repository, c.root, c.agent)
        group by all having count(distinct e.repository) > 1 or count(distinct e.owner) > 1 order by all
    """,
    "secrets": """
        select distinct r.repository, e.name, r.system, r.system_repository, r.acts_as, r.acts_as_repository, r.verdict,
            r.standing, r.path, r.line
        from reach r join entries e on (e.repository, e.root, e.address) = (r.repository, r.root, r.agent)
        where r.step = 'secrets' and r.production and r.system is not null order by all
    """,
    "pipelines": """
        select repository, other, name from links where sense = 'pipeline' order by all
    """,
    "published": """
        select repository, other, name, sense, candidates from links
        where sense in ('image', 'module') and other in (select repository from entries) order by all
    """,
    "failed": "select repository, reason from repositories where state = 'failed' order by all",
    "skipped": "select repository, count(*) as places from skipped group by all order by places desc, repository",
    "repositories": """
        select count(*) as all, count(*) filter (where state = 'ok') as read,
            (select count(distinct repository) from entries) as with_agents from repositories
    """,
    "open": """
        select severity, count(*) as findings from findings where not suppressed
        group by severity order by max(gravity(severity)) desc
    """,
}


def overview(store: Store) -> dict[str, list[Record]]:
    """Answers to the questions of a review, and under "new" and "gone" what differs from the generation before."""
    database = opened(store)
    database.execute(_TABLES)
    answers = {name: _records(database, question) for name, question in _QUESTIONS.items()}
    earlier = store.generations()[1:2]
    return answers | (_changes(store, earlier[0]) if earlier else {})


def _records(database: Any, question: str) -> list[Record]:  # noqa: ANN401 - a DuckDB connection
    result = database.execute(question)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


_COMPARED: Final = {
    "agents": ("select distinct repository, root, address, name from agents order by all", "address"),
    "findings": (
        """select distinct repository, check_id, severity, message, fingerprint from findings
        where not suppressed order by gravity(severity) desc, repository, check_id, message, fingerprint""",
        "fingerprint",
    ),
}
"""What is compared between generations, and the column that tells one from another in its repository."""


def _changes(store: Store, earlier: str) -> dict[str, list[Record]]:
    """Agents and open findings that are new and that are gone."""
    before, now = opened(store, earlier), opened(store)
    changed: dict[str, list[Record]] = {}
    for view, (question, key) in _COMPARED.items():
        old, new = _records(before, question), _records(now, question)
        known, found = ({(one["repository"], one[key]) for one in records} for records in (old, new))
        changed[f"new {view}"] = [one for one in new if (one["repository"], one[key]) not in known]
        changed[f"gone {view}"] = [one for one in old if (one["repository"], one[key]) not in found]
    return changed
