from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from agentreach.model import ListValue, MapValue, Scalar, Value
from agentreach.parsers.kubernetes import KubernetesOptions, load
from agentreach.sources import Tree

OVERLAYS = Path(__file__).parent / "overlays"
_SPEC = importlib.util.spec_from_file_location("regenerate", OVERLAYS / "regenerate.py")
assert _SPEC is not None
assert _SPEC.loader is not None
regenerate = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(regenerate)
NAMES: list[str] = regenerate.names()


def plain(value: Value) -> object:
    match value:
        case Scalar():
            return value.value
        case MapValue():
            return {key: plain(item) for key, item in value.entries.items()}
        case ListValue():
            return [plain(item) for item in value.items]
        case _:
            raise AssertionError(value)


def built(name: str) -> list[object]:
    directory = regenerate.target(name)
    tree = Tree([directory])
    parsed = load(tree, KubernetesOptions(helm="off"), lambda _: True)
    assert not parsed.broken
    assert not parsed.skipped
    root = tree.shown(directory)
    assert set(parsed.roots) == {root}
    result: list[object] = regenerate.normalised([plain(resource.attributes) for resource in parsed.resources])
    return result


def test_there_are_enough_overlays_and_each_has_a_golden_file() -> None:
    assert len(NAMES) >= 20
    assert [f"{name}.json" for name in NAMES] == sorted(path.name for path in (OVERLAYS / "golden").iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_an_overlay_becomes_what_kustomize_makes_of_it(name: str) -> None:
    golden = json.loads((OVERLAYS / "golden" / f"{name}.json").read_text())
    assert built(name) == golden


@pytest.mark.skipif(shutil.which("kustomize") is None, reason="no kustomize binary on PATH")
@pytest.mark.parametrize("name", NAMES)
def test_the_golden_files_are_what_kustomize_says_today(name: str) -> None:
    golden = json.loads((OVERLAYS / "golden" / f"{name}.json").read_text())
    assert regenerate.ask(name) == golden
