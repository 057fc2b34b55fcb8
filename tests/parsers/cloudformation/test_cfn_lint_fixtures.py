"""Every template that cfn-lint's source distribution ships: read, none crashes. It is fetched from the package index."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from agentreach.model import is_known
from agentreach.parsers.cloudformation import CloudFormationOptions, load
from agentreach.sources import Tree
from parsers.cloudformation.stacks import scanned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RELEASE = "cfn-lint==1.58.0"
_BROKEN = {
    "bad/core/config_invalid_json.json",
    "bad/core/config_invalid_yaml.yaml",
    "bad/json_parse.json",
    "bad/template.yaml",
    "integration/yaml-alias-amplification.yaml",
}


@pytest.fixture(scope="session")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The distribution's templates by their path below `fixtures/templates`."""
    folder = tmp_path_factory.mktemp("cfn-lint")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "cfn-lint", _RELEASE]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    archives = list(folder.glob("*.tar.gz"))
    if not archives:
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip().splitlines()[-1:]}")
    return dict(_templates(archives[0]))


def _templates(archive: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(archive) as members:
        for member in members:
            path = member.name.partition("/fixtures/templates/")[2]
            content = members.extractfile(member) if path.endswith((".yaml", ".yml", ".json", ".template")) else None
            if content is not None:
                yield path, content.read().decode("utf-8", "replace")


@pytest.mark.slow
def test_every_template_is_read_and_every_value_has_a_place(fixtures: dict[str, str], tmp_path: Path) -> None:
    broken = set()
    for path, text in fixtures.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
        parsed = load(Tree([tmp_path / path]), CloudFormationOptions(), lambda _type: True)
        for resource in parsed.resources:
            is_known(resource.attributes)
            location = resource.at.location
            assert (location.line, location.column) >= (1, 1)
            assert resource.at.end <= len(resource.at.source.text)
        if parsed.broken:
            broken.add(path)
    assert broken & fixtures.keys() == _BROKEN & fixtures.keys()


@pytest.mark.slow
def test_all_of_them_together_are_read_in_one_go(fixtures: dict[str, str], tmp_path: Path) -> None:
    parsed = scanned(tmp_path, fixtures)
    assert len(parsed.resources) > 1400
