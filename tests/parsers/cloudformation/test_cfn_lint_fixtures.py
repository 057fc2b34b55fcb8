"""Every template that cfn-lint's source distribution ships (1.58.0, MIT No Attribution): read, none crashes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from agentreach.model import is_known
from agentreach.parsers.cloudformation import CloudFormationOptions, load
from agentreach.sources import Tree
from parsers.cloudformation.stacks import scanned

_ARCHIVE = Path(__file__).with_name("cfn_lint_fixtures.jsonl.gz")
_BROKEN = {
    "bad/core/config_invalid_json.json",
    "bad/core/config_invalid_yaml.yaml",
    "bad/json_parse.json",
    "bad/template.yaml",
    "integration/yaml-alias-amplification.yaml",
}


def _fixtures() -> dict[str, str]:
    with gzip.open(_ARCHIVE, "rt", encoding="utf-8") as lines:
        return {one["path"]: one["text"] for one in map(json.loads, lines)}


FIXTURES = _fixtures()


@pytest.mark.parametrize("path", FIXTURES)
def test_template_is_read_and_every_value_has_a_place(path: str, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(FIXTURES[path], encoding="utf-8")
    parsed = load(Tree([tmp_path / path]), CloudFormationOptions(), lambda _type: True)
    for resource in parsed.resources:
        is_known(resource.attributes)
        location = resource.at.location
        assert (location.line, location.column) >= (1, 1)
        assert resource.at.end <= len(resource.at.source.text)
    assert (path in _BROKEN) == bool(parsed.broken)


def test_all_of_them_together_are_read_in_one_go(tmp_path: Path) -> None:
    parsed = scanned(tmp_path, FIXTURES)
    assert len(parsed.resources) > 1400
    assert {Path(broken.at.source.path).name for broken in parsed.broken} == {Path(path).name for path in _BROKEN}
