"""A release can be built again to the same bytes, and says what it is made of."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def _tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "tools")
    return importlib.import_module("build_release")


@pytest.mark.slow
def test_two_builds_of_a_commit_are_the_same_bytes_and_the_bill_names_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    copies = (tmp_path / "copy", tmp_path / "other" / "copy")
    for origin, copy in zip((ROOT, copies[0]), copies, strict=True):
        subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(origin), str(copy)], check=True)
    built = []
    for number, root in enumerate(copies):
        target = tmp_path / str(number)
        target.mkdir()
        built.append({path.name: path.read_bytes() for path in _tool(monkeypatch).build(target, root)})
    first, second = built
    assert first == second
    assert sorted(name.rpartition(".")[2] for name in first) == ["gz", "json", "whl"]
    (text,) = [content.decode() for name, content in first.items() if name.endswith(".json")]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    assert [one["name"] for one in bill["components"] if one["scope"] == "required"] == [
        "click",
        "jinja2",
        "pyyaml",
        "@dagrejs/dagre",
        "@dagrejs/graphlib",
    ]
    assert {"checkov", "cfn-lint", "duckdb"} <= {one["name"] for one in bill["components"]}
    for one in bill["metadata"]["component"]["properties"]:
        assert one["value"] == sha256(first[one["name"].partition(":")[2]]).hexdigest()


@pytest.mark.slow
def test_what_is_vendored_is_what_npm_gives_under_the_pinned_hashes() -> None:
    tool = [sys.executable, str(ROOT / "tools" / "vendor_layout.py"), "--check"]
    done = subprocess.run(tool, capture_output=True, text=True, check=False)
    if done.returncode == 2:
        pytest.skip(done.stderr.strip())
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


def test_without_npm_a_release_says_that_it_could_not_verify_and_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"no npm on PATH: cannot tell .* \(--offline trusts it\)"):
        _tool(monkeypatch).verify()
