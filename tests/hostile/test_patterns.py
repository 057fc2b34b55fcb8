"""Regular expressions take time that grows with their input and not with its square, whatever the input is.

Two opinions: a detector of ambiguous repetition reads every pattern, and every pattern runs on runs of the characters
that it mentions, twice as long: that may take twice as long, or a little more, but not four times.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
import warnings
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import agentreach
import agentreach_checks
import agentreach_reports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore", DeprecationWarning
    )  # the detector reads patterns with the standard library's parser
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

PACKAGES = (agentreach, agentreach_checks, agentreach_reports)
HOSTED = ("integrations.checkov", "integrations.cfn_lint", "__main__")
POSSESSIVE = re.compile(r"(?<=[^\\][*+?}])\+")
LENGTHS = (2_000, 4_000, 8_000)
NOTICEABLE = 0.005
"""Seconds of the processor below which a run's growth cannot be told from noise."""
QUADRATIC = 3.2
"""Twice the input: 2 is linear, 4 is quadratic. A pattern fails when it grows so at every length."""


OF_OUR_OWN_TEXT = ("agentreach.parsers.terraform.possessive._PIECE",)
"""Patterns that no scanned text meets: this one reads patterns of the product."""


class Named(NamedTuple):
    """A pattern, where it stands, and whether only the beginning of a text is tried."""

    place: str
    pattern: re.Pattern[Any]
    anchored: bool


def _patterns() -> Iterator[Named]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(name in found.name for name in HOSTED):
                yield from (one for one in _of_module(found.name) if not one.place.startswith(OF_OUR_OWN_TEXT))


def _of_module(name: str) -> Iterator[Named]:
    module = importlib.import_module(name)
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    for variable, value in vars(module).items():
        for number, one in enumerate(value if isinstance(value, tuple | list) else (value,)):
            if isinstance(one, re.Pattern) or type(one).__name__ == "late_regex":
                used = set(re.findall(rf"\b{variable}\.(\w+)", text))
                pattern = re.compile(one.pattern, one.flags)
                yield Named(f"{name}.{variable}[{number}]", pattern, bool(used) and used <= {"match", "fullmatch"})


PATTERNS = {one.place: one for one in _patterns()}


def test_the_patterns_of_the_product_are_found() -> None:
    assert len(PATTERNS) > 100


@pytest.mark.parametrize("place", PATTERNS)
def test_no_repetition_is_ambiguous(place: str) -> None:
    pattern = PATTERNS[place].pattern
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    greedy = POSSESSIVE.sub("", text)  # which can only be more ambiguous
    assert [str(one) for one in find(SreOpParser().parse_sre(greedy, pattern.flags & ~re.DEBUG))] == []


@pytest.mark.parametrize("place", PATTERNS)
def test_time_grows_with_the_input_and_not_with_its_square(place: str) -> None:
    run = _runner(PATTERNS[place])
    for unit in _units(PATTERNS[place].pattern):
        if run(unit * (LENGTHS[0] // len(unit))) > NOTICEABLE:
            times = [min(run(unit * (size // len(unit))) for _ in range(3)) for size in LENGTHS]
            assert any(long / short < QUADRATIC for short, long in pairwise(times)), (unit, times)


def _runner(named: Named) -> Callable[[str], float]:
    pattern = named.pattern

    def run(text: str) -> float:
        subject: Any = f"{text}\0" if isinstance(pattern.pattern, str) else f"{text}\0".encode("latin-1")
        began = time.process_time()
        if named.anchored:
            pattern.match(subject)
        else:
            for _ in pattern.finditer(subject):
                pass
        return time.process_time() - began

    return run


def _units(pattern: re.Pattern[Any]) -> Iterator[str]:
    """Every Latin character that the pattern mentions and usual ones, alone and beside others."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for one in sorted({*text, *"a0 -_.:/=\"'\n\t{[(<$\\"}):
        if one.isascii():
            yield from (one, f"{one}a", f"a{one}", f" {one}")
