"""Every safe remedy in every format: the diff, the scan after it, and what independent readers make of the result."""

from __future__ import annotations

import contextlib
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import hcl2
import pytest
import yaml

from agentreach import scan
from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_file
from fixing import fix, found

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
REMAINING = {
    # Terraform's JSON syntax holds the policy as a quoted text, in which nothing is edited.
    "session-terraform-json": {("AR105", "aws_iam_role.ops")},
}


@pytest.fixture(params=CASES, ids=lambda path: path.name)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str, Path]:
    """Name, expected diff, and a copy of the files."""
    source: Path = request.param
    shutil.copytree(source, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.diff"))
    return source.name, (source / "expected.diff").read_bytes().decode(), tmp_path


def test_the_diff_is_the_smallest_that_does_it(case: tuple[str, str, Path]) -> None:
    _, expected, folder = case
    before = _texts(folder)
    done = fix(folder)
    assert done.diff == expected
    assert done.code == 0
    assert "shown only, --write writes them" in done.said
    assert _texts(folder) == before


def test_what_was_fixed_is_found_no_more_and_nothing_new_is(case: tuple[str, str, Path]) -> None:
    name, expected, folder = case
    fixable = _fixable(folder)
    before = found(folder)
    done = fix(folder, "--write")
    after = found(folder)
    assert done.diff == expected
    assert "written" in done.said
    assert fixable
    assert fixable & after == REMAINING.get(name, set())
    assert after <= before


def test_a_second_run_changes_nothing(case: tuple[str, str, Path]) -> None:
    _, _, folder = case
    fix(folder, "--write")
    written = _texts(folder)
    again = fix(folder, "--write")
    assert (again.diff, again.code) == ("", 0)
    assert _texts(folder) == written


def test_independent_readers_see_the_change_and_nothing_else(case: tuple[str, str, Path]) -> None:
    _, _, folder = case
    before = {path: _read(path, text) for path, text in _texts(folder).items()}
    said = fix(folder, "--write").said
    after = {path: _read(path, text) for path, text in _texts(folder).items()}
    gone = [leaf for path, leaves in before.items() for leaf in sorted(set(leaves) - set(after[path]))]
    fixes = re.search(r"^(\d+) fix", said, re.MULTILINE)
    assert fixes is not None
    assert len(gone) <= int(fixes[1])


def _fixable(folder: Path) -> set[tuple[str, str]]:
    with contextlib.chdir(folder):
        return {(one.check_id, one.subject.address) for one in scan(".").open_findings if one.fixable}


def _texts(folder: Path) -> dict[Path, str]:
    return {path: path.read_bytes().decode() for path in sorted(folder.rglob("*")) if path.is_file()}


def _read(path: Path, text: str) -> list[str]:
    """Every leaf with its path, as python-hcl2 and PyYAML read the file; both refuse what is no valid file."""
    if path.suffix == ".tf":
        assert parse_file(Source(path.name, text)).problems == ()
        return list(_leaves(hcl2.loads(text)))
    return [leaf for document in yaml.compose_all(text, Loader=yaml.SafeLoader) for leaf in _node_leaves(document)]


def _leaves(tree: object, path: str = "") -> Iterator[str]:
    if isinstance(tree, dict):
        for name, one in tree.items():
            if not str(name).startswith("__"):
                yield from _leaves(one, f"{path}.{name}")
    elif isinstance(tree, list):
        for number, one in enumerate(tree):
            yield from _leaves(one, f"{path}.{number}")
    else:
        yield f"{path} = {tree}"


def _node_leaves(node: yaml.Node, path: str = "") -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _node_leaves(value, f"{path}.{key.value}")
    elif isinstance(node, yaml.SequenceNode):
        for number, one in enumerate(node.value):
            yield from _node_leaves(one, f"{path}.{number}")
    else:
        yield f"{path} = {node.tag} {node.value}"
