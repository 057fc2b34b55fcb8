"""A release can be built again to the same bytes, and says what it is made of."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_release", ROOT / "tools" / "build_release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_two_builds_of_a_commit_are_the_same_bytes_and_the_bill_names_what_is_needed(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    copies = (tmp_path / "copy", tmp_path / "other" / "copy")
    for origin, copy in zip((ROOT, copies[0]), copies, strict=True):
        subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(origin), str(copy)], check=True)
    built = []
    for number, root in enumerate(copies):
        target = tmp_path / str(number)
        target.mkdir()
        built.append({path.name: path.read_bytes() for path in _tool().build(target, root)})
    first, second = built
    assert first == second
    assert sorted(name.rpartition(".")[2] for name in first) == ["gz", "json", "whl"]
    (text,) = [content.decode() for name, content in first.items() if name.endswith(".json")]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    assert [one["name"] for one in bill["components"] if one["scope"] == "required"] == ["click", "jinja2", "pyyaml"]
    assert {"checkov", "cfn-lint", "duckdb"} <= {one["name"] for one in bill["components"]}
    for one in bill["metadata"]["component"]["properties"]:
        assert one["value"] == sha256(first[one["name"].partition(":")[2]]).hexdigest()
