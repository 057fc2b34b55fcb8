"""Facts survive the store: what a graph concludes from facts read back is what it concluded from the facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agentreach import scan
from agentreach.consolidate import consolidate
from agentreach.engine import Options, claims, selected
from agentreach.fleet.encoding import Decoder, encoded, joined_root, split_root
from agentreach.graph import build
from agentreach.identity import SecretUse
from agentreach.model import Key, Scalar, Source, Span, Unknown
from agentreach_checks import ALL

if TYPE_CHECKING:
    from agentreach.graph import AgentGraph

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.iterdir() if path.is_dir()))
def test_a_graph_of_facts_read_back_says_the_same(name: str) -> None:
    graph = scan(FIXTURES / name).graph
    decoder = Decoder("acme/shop")
    facts = [decoder.fact(encoded(fact)) for group in graph.facts.values() for fact in group]
    again = build(facts)
    assert _agents(again, "acme/shop") == _agents(graph, "")
    assert _reach(again, "acme/shop") == _reach(graph, "")


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.iterdir() if path.is_dir()))
def test_checks_claim_of_facts_read_back_what_they_claim_of_the_facts(name: str) -> None:
    found = scan(FIXTURES / name)
    decoder = Decoder("acme/shop")
    again = build([decoder.fact(encoded(fact)) for group in found.graph.facts.values() for fact in group])
    checks = selected(ALL, Options())
    claimed = consolidate(tuple(claims(again, checks, Options())), checks)
    assert {(one.check_id, *_bare(one.subject, "acme/shop")) for one in claimed} == {
        (one.check_id, *_bare(one.subject, "")) for one in found.findings if one.agents
    }


def _agents(graph: AgentGraph, repository: str) -> list[tuple[object, ...]]:
    return [
        (
            _bare(view.key, repository),
            view.owner,
            view.highest_standing,
            [_bare(one.key, repository) for one in view.identities],
        )
        for view in graph.agents
    ]


def _reach(graph: AgentGraph, repository: str) -> list[tuple[object, ...]]:
    return sorted(
        (_bare(one.identity, repository), one.step, one.service, one.actions, one.standing, _lines(one.evidence))
        for one in graph.all_reach
    )


def _lines(evidence: tuple[object, ...]) -> list[tuple[int, int]]:
    return [(one.at.location.line, one.at.location.column) for one in evidence]  # type: ignore[attr-defined]


def _bare(key: Key, repository: str) -> tuple[str, str]:
    return (split_root(key.root)[1] if repository else key.root), key.address


def test_a_literal_secret_is_not_written() -> None:
    at = Span(Source("main.tf", "x"), 0, 1)
    use = SecretUse(subject=Key(".", "a"), secret=Scalar("hunter2-hunter2", at), variable="TOKEN", at=at, literal=True)
    text = encoded(use)
    assert "hunter2" not in text
    back = Decoder("r").fact(text)
    assert isinstance(back, SecretUse)
    assert isinstance(back.secret, Unknown)


def test_places_are_kept_without_their_text() -> None:
    source = Source("infra/main.tf", "first\n  second\n")
    use = SecretUse(
        subject=Key("infra", "a"), secret=Unknown("why", Span(source, 8, 14)), variable="X", at=Span(source, 8, 14)
    )
    back = Decoder("acme/shop").fact(encoded(use))
    assert back.at.location == ("acme/shop//infra/main.tf", 2, 3, 2, 9)
    assert "second" not in encoded(use)


def test_a_root_of_a_repository_can_be_told_from_one_outside() -> None:
    assert split_root(joined_root("acme/shop", "infra/live")) == ("acme/shop", "infra/live")
    assert split_root("arn:aws:iam::1:role/x") == ("", "arn:aws:iam::1:role/x")
