"""The mutation tester changes one thing at a time, and a test of the checks notices."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''
"""Words."""
from agentreach.findings import Severity


def rated(views: list[str], *, wide: bool) -> Severity:
    """More words."""
    if len(views) > 2 and not wide:
        return max(Severity.LOW, Severity.HIGH)
    return Severity.LOW if any(view for view in views if view != "s3") else None
'''


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutate_checks", ROOT / "tools" / "mutate_checks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_each_mutant_changes_one_thing_that_decides(tool: ModuleType) -> None:
    made = [(one.line, one.was, one.now) for one in tool.mutants(SOURCE)]
    assert (8, "len(views) > 2 and (not wide)", "len(views) > 2 or not wide") in made
    assert (8, "len(views) > 2", "len(views) >= 2") in made
    assert (8, "2", "3") in made
    assert (8, "not wide", "not not wide") in made
    assert (9, "max(Severity.LOW, Severity.HIGH)", "min(Severity.LOW, Severity.HIGH)") in made
    assert {now for _, was, now in made if was == "Severity.HIGH"} == {"Severity.MEDIUM", "Severity.CRITICAL"}
    assert (10, "view != 's3'", "view == 's3'") in made
    assert (10, "'s3'", "'s3~'") in made
    assert not [was for _, was, _ in made if "ords" in was]
    assert len({one.source for one in tool.mutants(SOURCE)}) == len(made)


def test_a_changed_rating_is_noticed_and_an_unchanged_one_is_not() -> None:
    program = (
        "import sys; sys.path.insert(0, 'tools'); import mutate_checks as m\n"
        "m.prepare(); path = next(m.modules(['no_owner.py'])); text = path.read_text()\n"
        "print(m.survives(path, m.Mutant(0, '', '', text)),"
        " m.survives(path, m.Mutant(0, '', '', text.replace('owner is not None', 'owner is None'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
