"""What a scan leaves behind: its resources are gone when their facts are known, without a collection of garbage."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from agentreach import engine
from agentreach.model import Resource
from agentreach.sources import Tree

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["approved-changes", "irsa-support-bot", "kagent-platform", "sam-order-desk"])
def test_no_resource_outlives_the_reading(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "fixtures" / name)
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(one, Resource) for one in gc.get_objects())
        read = engine._read(Tree([Path()]), engine.Options(helm="off"))
        after = sum(isinstance(one, Resource) for one in gc.get_objects())
    finally:
        gc.enable()
    assert read.resources > 5
    assert after - before == 0
