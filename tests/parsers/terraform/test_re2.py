"""Patterns are RE2: no look-around, no backreferences, time linear in the text whatever the pattern."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agentreach.parsers.terraform.functions.re2 import PatternError, UnsupportedPatternError, compile_pattern

ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\w", r"\d", "(a)", "(?:ab)", "(a|b)", "(b|)", "^", "$", r"\b"]
)
PIECES = st.tuples(ATOMS, st.sampled_from(["", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?"]))
PATTERNS = st.lists(PIECES, min_size=1, max_size=4).map(
    lambda pieces: "".join(atom + suffix for atom, suffix in pieces)
)
TEXTS = st.text(alphabet="ab1 \n", max_size=8)


class Counter:
    """Counts the steps that a match spends."""

    def __init__(self) -> None:
        self.steps = 0

    def __call__(self, steps: int) -> None:
        self.steps += steps


def groups(pattern: str, text: str) -> list[str | None] | None:
    found = compile_pattern(pattern).search(text, 0, Counter())
    if found is None:
        return None
    pairs = zip(found[::2], found[1::2], strict=True)
    return [None if start is None or end is None else text[start:end] for start, end in pairs]


@settings(max_examples=500, deadline=None)
@given(PATTERNS, TEXTS)
def test_matches_are_those_of_python_where_both_mean_the_same(pattern: str, text: str) -> None:
    # Python's $ also matches before a last line end, and its empty loops set groups differently.
    # Nor does it repeat what consumes nothing.
    assume(not re.search(r"(?:\)|\^|\$|\\b)[*+?{]", pattern))
    python = re.compile(pattern.replace("$", r"\Z"), re.ASCII).search(text)
    expected = None if python is None else [python[0], *python.groups()]
    assert groups(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("a{2,3}?", "aaaa", ["aa"]),
        ("(a|ab)(c|bcd)(d*)", "abcd", ["abcd", "a", "bcd", ""]),
        ("(?i)HELLO", "say hello", ["hello"]),
        ("(?i)[^k]", "Kk\u212ax", ["x"]),
        ("(?i:A)b", "ab aB", ["ab"]),
        ("(?s).", "\n", ["\n"]),
        (".", "\n", None),
        ("(?m)^b$", "a\nb\nc", ["b"]),
        ("^b$", "a\nb\nc", None),
        ("(?U)a+", "aaa", ["a"]),
        ("(?U)a+?", "aaa", ["aaa"]),
        ("[[:alpha:]_]+", "1ab_c", ["ab_c"]),
        ("[[:^digit:]]+", "12ab", ["ab"]),
        (r"\pL+", "1é日x", ["é日x"]),
        (r"\p{Lu}\P{Lu}", "aBc", ["Bc"]),
        (r"[\p{Nd}]+", "x٣4", ["٣4"]),
        (r"\Qa.b\E+", "a.bbb", ["a.bbb"]),
        (r"\x41\x{1F600}\101", "A😀A", ["A😀A"]),
        ("a{,2}", "a{,2}", ["a{,2}"]),
        ("[]a]+", "]a", ["]a"]),
        ("[a-]+", "-a", ["-a"]),
        (r"\Aab\z", "ab", ["ab"]),
        ("(?P<x>a)|(?<y>b)", "b", ["b", None, "b"]),
        ("", "abc", [""]),
        (r"\bfoo\b", "a foo b", ["foo"]),
        (r"o\B", "foo", ["o"]),
        ("x|", "y", [""]),
    ],
)
def test_syntax_means_what_re2_says(pattern: str, text: str, expected: list[str | None] | None) -> None:
    assert groups(pattern, text) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "(?=a)b",
            "(?!a)b",
            "(?<=a)b",
            "(?<!a)b",
            r"(a)\1",
            "a**",
            "a+*",
            "*a",
            "|*",
            "(*a)",
            "[z-a]",
            "[a",
            "(",
            ")",
        ),
        *(
            "a{1001}",
            "(a{100}){100}",
            "a{2,1}",
            r"\q",
            r"\x{110000}",
            r"\xg1",
            "(?P<1 >a)",
            "(?z)a",
        ),
        *("[[:word", "[[:nope:]]", "\\", "(?", "a{1}{2}", "{1}"),
    ],
)
def test_what_re2_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", [r"\p{Greek}", "(" * 500 + ")" * 500, "(" * 30 + "a" + "{2}" * 0 + ")" * 30 + "[a-z]{1000}" * 21]
)
def test_what_is_beyond_us_is_told_apart_from_errors(pattern: str) -> None:
    with pytest.raises(UnsupportedPatternError):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["(a*)*b", "(a|aa)+b$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)(.*)(.*)(.*)(.*)x", "(a?){30}a{30}b"]
)
def test_hostile_patterns_cost_no_more_than_text_times_program(pattern: str) -> None:
    counter = Counter()
    text = "a" * 400
    assert compile_pattern(pattern).search(text, 0, counter) is None
    assert counter.steps < 401 * 200


@pytest.mark.parametrize(
    ("pattern", "template", "text", "expected"),
    [
        ("(l)", "$1x", "hello", "heo"),
        ("(l)", "${1}x", "hello", "helxlxo"),
        ("(?P<p>pri)", "$p-$$", "price", "pri-$ce"),
        ("x*", "-", "abc", "-a-b-c-"),
        ("a*", "-", "baac", "-b-c-"),
        ("b", "$", "abc", "a$c"),
        ("b", "${", "abc", "a${c"),
        ("b", "$0$0", "abc", "abbc"),
        ("b", "$01", "abc", "ac"),
        ("(b)", "$2", "abc", "ac"),
        ("[^a-z]", "", "foo-bar", "foobar"),
    ],
)
def test_replacements_expand_as_in_go(pattern: str, template: str, text: str, expected: str) -> None:
    assert compile_pattern(pattern).replaced(text, template, Counter()) == expected


def test_matches_do_not_overlap_and_an_empty_one_does_not_follow_another() -> None:
    assert [found[:2] for found in compile_pattern("x*").matches("axb", Counter())] == [(0, 0), (1, 2), (3, 3)]
    assert [found[:2] for found in compile_pattern("a|b").matches("abc", Counter())] == [(0, 1), (1, 2)]
