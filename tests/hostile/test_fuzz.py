"""Every fuzz target on its corpus, and on inputs made of pieces of it: a short run of what `fuzz/run.py` does for long."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

FUZZ = Path(__file__).parents[2] / "fuzz"
MIXED = 40
LONGEST = 4_000


def _targets() -> dict[str, Callable[[bytes], None]]:
    spec = importlib.util.spec_from_file_location("fuzz_targets", FUZZ / "targets.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Callable[[bytes], None]] = module.TARGETS
    return found


TARGETS = _targets()
CORPUS = {
    name: [path.read_bytes() for path in sorted((FUZZ / "corpus" / name).iterdir())]
    if (FUZZ / "corpus" / name).is_dir()
    else []
    for name in TARGETS
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_returns_on_its_whole_corpus(name: str) -> None:
    assert CORPUS[name]
    for data in CORPUS[name]:
        TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_returns_on_pieces_of_its_corpus_put_together_at_random(name: str) -> None:
    chance = random.Random(name)
    for _ in range(MIXED):
        pieces = [_piece(chance.choice(CORPUS[name]), chance) for _ in range(chance.randrange(1, 5))]
        TARGETS[name](b"".join(pieces)[:LONGEST])


def _piece(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[start : start + chance.randrange(600)]


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=25)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_a_target_returns_on_any_bytes(name: str, data: bytes) -> None:
    TARGETS[name](data)
