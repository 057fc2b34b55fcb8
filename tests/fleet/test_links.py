"""Which repositories are read as one."""

from __future__ import annotations

import pyarrow as pa

from agentreach.fleet.links import Link, Links, Together, groups, links
from agentreach.fleet.rows import ORGANIZATION, REPOSITORY, SEED, Row, table


def stored(**repositories: list[Row]) -> pa.Table:
    tables = [table(rows, {"repository": name, "commit": "c"}) for name, rows in repositories.items()]
    return pa.concat_tables([one.replace_schema_metadata(None) for one in tables])


def fact(*, declares: tuple[str, ...] = (), **mentions: str) -> Row:
    return Row("Policy", declares=declares, mentions=tuple(mentions.values()), senses=tuple(mentions))


ENTRY = Row(SEED, address="agent")


def test_an_identity_leads_on_and_a_system_ends_the_chain() -> None:
    found = links(
        stored(
            agents=[ENTRY, fact(identity="ops-agent")],
            roles=[fact(declares=("ops-agent",)), fact(system="prod-data"), fact(identity="deployer")],
            data=[fact(declares=("prod-data",)), fact(identity="archiver")],
            deploy=[fact(declares=("deployer",))],
            archive=[fact(declares=("archiver",))],
        )
    )
    assert found.reached == {"agents": {"agents": True, "roles": True, "data": False, "deploy": True}}
    assert Link("data", "archive", "archiver", "identity") in found.all


def test_a_trust_leads_from_who_is_trusted_to_who_trusts() -> None:
    found = links(stored(agents=[ENTRY, fact(declares=("ops-agent",))], deploy=[fact(trust="ops-agent")]))
    assert found.all == (Link("agents", "deploy", "ops-agent", "trust"),)
    assert found.reached == {"agents": {"agents": True, "deploy": True}}


def test_a_name_of_the_own_repository_leads_nowhere_else() -> None:
    found = links(
        stored(
            agents=[ENTRY, fact(declares=("lambda-role",)), fact(identity="lambda-role")],
            other=[fact(declares=("lambda-role",))],
        )
    )
    assert found.all == ()


def test_a_beginning_fits_every_name_that_begins_so() -> None:
    found = links(
        stored(
            agents=[ENTRY, fact(identity="ops-*")],
            roles=[fact(declares=("ops-agent",))],
            others=[fact(declares=("opsx",))],
            generated=[ENTRY, fact(identity="deployer-eu")],
            deploy=[fact(declares=("deployer-*",))],
        )
    )
    assert [(one.repository, one.other) for one in found.all] == [("agents", "roles"), ("generated", "deploy")]


def test_a_trust_in_pipelines_is_told_and_joins_nothing() -> None:
    found = links(
        stored(
            agents=[ENTRY, Row(REPOSITORY, declares=("repo:acme/agents",))], deploy=[fact(pipeline="repo:acme/agents")]
        )
    )
    assert found.all == (Link("agents", "deploy", "repo:acme/agents", "pipeline"),)
    assert found.reached == {"agents": {"agents": True}}


def test_policies_of_the_organization_belong_to_every_group() -> None:
    found = links(stored(agents=[ENTRY], other=[ENTRY], guardrails=[fact(declares=(ORGANIZATION,))]))
    assert groups(found) == (
        Together(("agents", "guardrails"), ("agents",)),
        Together(("guardrails", "other"), ("other",)),
    )


def test_agents_that_share_an_identity_are_one_group_and_those_that_share_a_system_are_not() -> None:
    reached = {
        "a": {"a": True, "roles": True, "data": False},
        "b": {"b": True, "roles": True},
        "c": {"c": True, "data": False},
    }
    assert groups(Links((), reached, ())) == (
        Together(("a", "b", "data", "roles"), ("a", "b")),
        Together(("c", "data"), ("c",)),
    )


def test_circles_end() -> None:
    found = links(
        stored(
            a=[ENTRY, fact(declares=("role-a",), identity="role-b")], b=[fact(declares=("role-b",), identity="role-a")]
        )
    )
    assert found.reached == {"a": {"a": True, "b": True}}


def test_who_publishes_what_others_run_or_call_is_told_and_joins_nothing() -> None:
    found = links(
        stored(
            bot=[ENTRY, Row(REPOSITORY, declares=("source:acme/bot", "module:git.example.com/acme/bot"))],
            shop=[ENTRY, fact(image="source:acme/bot"), fact(module="module:git.example.com/acme/bot")],
        )
    )
    assert found.all == (
        Link("bot", "shop", "module:git.example.com/acme/bot", "module"),
        Link("bot", "shop", "source:acme/bot", "image"),
    )
    assert found.reached == {"bot": {"bot": True}, "shop": {"shop": True}}


def test_each_link_says_among_how_many_it_is_one() -> None:
    found = links(
        stored(
            agents=[ENTRY, fact(identity="ops-agent"), fact(system="prod-data")],
            one=[fact(declares=("ops-agent", "prod-data"))],
            other=[fact(declares=("ops-agent",))],
        )
    )
    assert found.all == (
        Link("agents", "one", "ops-agent", "identity", 2),
        Link("agents", "one", "prod-data", "system", 1),
        Link("agents", "other", "ops-agent", "identity", 2),
    )
