"""Patterns found by how they begin are all those that comparing with every one would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentreach.access.globs import Hole, Wild, compiled, match
from agentreach.access.verdict import Verdict
from agentreach.graph.sentences import Pattern
from agentreach.graph.starts import Starts

_TEXTS = st.text(alphabet="ab/*?", max_size=5)


def pattern(text: str) -> Pattern:
    return Pattern((text,), text, compiled(text), anything=False, unknown=False)


@given(_TEXTS, st.lists(_TEXTS, max_size=8))
def test_whatever_holds_all_of_a_resource_is_around_and_whatever_holds_some_is_near(
    asked: str, texts: list[str]
) -> None:
    subject = tuple(Hole() if isinstance(token, Wild) else token for token in compiled(asked))
    starts = Starts(map(pattern, texts))
    every = {compiled(text) for text in texts}
    assert {one for one in every if match(one, subject) is Verdict.ALLOWED} <= set(starts.around(subject))
    assert {one for one in every if match(one, subject) is not Verdict.DENIED} <= set(starts.near(subject))


def test_resources_that_begin_otherwise_are_not_looked_at() -> None:
    starts = Starts(pattern(f"arn:aws:s3:::c{number}/*") for number in range(10))
    subject = ("arn:aws:s3:::c7/", Hole())
    assert list(starts.around(subject)) == [compiled("arn:aws:s3:::c7/*")]
    assert list(starts.near(("arn:aws:s3:::b1/", Hole()))) == []
