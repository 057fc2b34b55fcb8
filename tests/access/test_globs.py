from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.access.globs import STAR, Hole, Token, Tokens, compiled, match, match_text
from agentreach.access.verdict import Verdict

SUBJECTS = st.text(alphabet="ab:/*?[]x1", max_size=12)
PATTERNS = st.text(alphabet="ab:/*?[]1", max_size=10)
HOLE = Hole()


def reference(pattern: str, text: str) -> bool:
    """The textbook matcher, by dynamic programming."""
    reached = {0}
    for letter in [*text, None]:
        closed = set()
        for at in reached:
            closed.add(at)
            while at < len(pattern) and pattern[at] == "*":
                at += 1  # noqa: PLW2901 - walking over stars
                closed.add(at)
        if letter is None:
            return len(pattern) in closed
        reached = {at for at in closed if at < len(pattern) and pattern[at] == "*"}
        reached |= {
            at + 1 for at in closed if at < len(pattern) and pattern[at] in ("?", letter) and pattern[at] != "*"
        }
    return False


@given(PATTERNS, SUBJECTS)
def test_a_known_text_matches_as_the_reference_matcher_says(pattern: str, text: str) -> None:
    assert match_text(compiled(pattern), text) is reference(pattern, text)


def test_a_pathological_pattern_is_no_slower_than_its_length() -> None:
    assert not match_text(compiled("*a" * 2000 + "*b"), "a" * 200_000)
    assert not match_text(compiled("?" + "*a" * 200 + "*?b"), "a" * 2_000)


def test_a_pattern_longer_than_any_policy_is_still_answered() -> None:
    long = "a?" * 1_500_000
    assert not match_text(compiled(long), "a")
    assert match(compiled("x" * 6_000_000 + "*"), ("x", HOLE)) is Verdict.POSSIBLE
    assert match(compiled("*a" * 1_000_000 + "*b"), ("a" * 100,)) is Verdict.DENIED


def test_brackets_are_literal() -> None:
    assert match_text(compiled("role/[ab]*"), "role/[ab]x")
    assert not match_text(compiled("role/[ab]*"), "role/a")


def filled(tokens: Tokens, contents: list[str]) -> str:
    left = iter(contents)
    return "".join(next(left) if isinstance(token, Hole) else str(token) for token in tokens)


@given(PATTERNS, st.lists(SUBJECTS, min_size=1, max_size=3), st.lists(SUBJECTS, min_size=3, max_size=3))
def test_a_subject_with_holes_is_decided_soundly(pattern: str, pieces: list[str], contents: list[str]) -> None:
    subject: list[Token] = []
    for piece in pieces:
        subject += [piece, HOLE] if piece else [HOLE]
    verdict = match(compiled(pattern), tuple(subject))
    matches = reference(pattern, filled(tuple(subject), contents))
    assert verdict is Verdict.POSSIBLE or (verdict is Verdict.ALLOWED) is matches


@given(st.lists(PATTERNS, min_size=1, max_size=3), SUBJECTS, st.lists(PATTERNS, min_size=3, max_size=3))
def test_a_pattern_with_holes_is_decided_soundly(pieces: list[str], text: str, contents: list[str]) -> None:
    tokens: list[Token] = []
    for piece in pieces:
        tokens += [*compiled(piece), HOLE]
    verdict = match(tuple(tokens), (text,) if text else ())
    whole = "".join(part for pair in zip(pieces, contents, strict=False) for part in pair)
    assert verdict is Verdict.POSSIBLE or (verdict is Verdict.ALLOWED) is reference(whole, text)


@pytest.mark.parametrize(
    ("pattern", "subject", "verdict"),
    [
        ("arn:aws:s3:::*", ("arn:aws:s3:::", HOLE, "/key"), Verdict.ALLOWED),
        ("arn:aws:s3:::prod/*", ("arn:aws:s3:::", HOLE, "/key"), Verdict.POSSIBLE),
        ("arn:aws:sqs:*", ("arn:aws:s3:::", HOLE), Verdict.DENIED),
        ("*", (HOLE,), Verdict.ALLOWED),
        ("?*", ("a", HOLE), Verdict.ALLOWED),
        ("a", (HOLE,), Verdict.POSSIBLE),
    ],
)
def test_contained_overlapping_and_disjoint(pattern: str, subject: Tokens, verdict: Verdict) -> None:
    assert match(compiled(pattern), subject) is verdict


def test_an_account_id_is_twelve_digits() -> None:
    account = Hole(digits=12)
    assert (
        match(compiled("arn:aws:iam::111111111111:role/x"), ("arn:aws:iam::", account, ":role/x")) is Verdict.POSSIBLE
    )
    assert match(compiled("arn:aws:iam::aws:policy/x"), ("arn:aws:iam::", account, ":policy/x")) is Verdict.DENIED
    assert match(compiled("arn:aws:iam::????????????:x"), ("arn:aws:iam::", account, ":x")) is Verdict.ALLOWED


def test_the_same_unknown_matches_itself_and_another_of_its_family_never() -> None:
    mine, theirs = Hole(symbol="a", family="arn", excludes="/"), Hole(symbol="b", family="arn", excludes="/")
    assert match((mine, "/", STAR), (mine, "/k")) is Verdict.ALLOWED
    assert match((mine, "/", STAR), (theirs, "/k")) is Verdict.DENIED
    assert match((mine,), (theirs,)) is Verdict.DENIED
    assert match((mine, STAR), (theirs,)) is Verdict.POSSIBLE
    assert match((mine,), ("arn:aws:s3:::b",)) is Verdict.POSSIBLE


def test_the_reference_matcher_agrees_with_regular_expressions() -> None:
    for pattern, text in (("a*b", "axxb"), ("a?b", "ab"), ("*", ""), ("?", "x")):
        regex = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
        assert reference(pattern, text) is bool(re.fullmatch(regex, text))
