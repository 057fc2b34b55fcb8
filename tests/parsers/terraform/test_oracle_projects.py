"""Modules and projects evaluated as OpenTofu evaluates them: `tests/oracles`, kinds a, b, c, d and e with files."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from agentreach.model import MapValue, Source
from agentreach.parsers.terraform import TerraformOptions, hcl, load
from agentreach.parsers.terraform.configuration import Configuration
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.module_sources import ModuleSources
from agentreach.parsers.terraform.project import Project
from agentreach.parsers.terraform.start import Start
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.types import STRING
from agentreach.parsers.terraform.values import (
    Encoded,
    Failure,
    Partial,
    String,
    Unknown,
    Value,
    alternatives,
    is_known,
)
from agentreach.parsers.terraform.written import as_text
from agentreach.sources import Tree
from parsers.terraform.loading import plain
from parsers.terraform.oracles import EXPRESSIONS, PLANS, PROJECTS, STATEMENTS, directory_of

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.model import Parsed
    from agentreach.parsers.terraform.modules import Module


@cache
def module(directory: Path) -> Module:
    """The root module of a directory, evaluated lazily."""
    project = Project(Tree([directory]), TerraformOptions(), lambda _: True)
    configuration = project.directories.configuration(directory)
    if configuration is None:
        configuration = Configuration(directory, ".", project.trouble)
    sources = ModuleSources(project.directories, project.options, directory)
    return project.module(Start(configuration, "."), sources)


def value_of(case: dict[str, Any]) -> Value:
    source = Source("expression", case["expression"])
    expression = hcl.parse_expression(source)
    assert not isinstance(expression, Problem)
    root = module(directory_of(case))
    return evaluate(expression, root.scope(source))


def encoded(value: Value) -> object:
    text = as_text(Encoded(value, value.at))
    assert isinstance(text, String), value
    return json.loads(text.text)


def may_be(value: Value, text: str) -> str:
    """Whether a value is the text: allowed (certainly), possible or denied."""
    verdicts = {one_may_be(convert(one, STRING), text) for one in alternatives(value)}
    return verdicts.pop() if len(verdicts) == 1 else "possible"


def one_may_be(value: Value, text: str) -> str:
    match value:
        case String(known):
            return "allowed" if known == text else "denied"
        case Partial(parts):
            pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in parts)
            return "possible" if re.fullmatch(pattern, text, re.DOTALL) else "denied"
        case Encoded():
            return one_may_be(as_text(value), text)
        case Unknown():
            return "possible"
    return may_be(value, text) if not isinstance(value, Failure) else value.message


@pytest.mark.parametrize("case", EXPRESSIONS, ids=lambda case: case["id"])
def test_an_expression_of_a_module_has_opentofus_value(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(directory_of(case))
    value = value_of(case)
    for query in case.get("string_queries", ()):
        assert may_be(value, query["value"]) == query["expect"], query
    if case["unknown"]:
        assert isinstance(value, Failure) or not is_known(value)
    elif case["json"] is not None:
        assert not isinstance(value, Failure), value
        assert encoded(value) == json.loads(case["json"])


@pytest.mark.parametrize("case", PROJECTS, ids=lambda case: case["id"])
def test_a_project_has_opentofus_outputs(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(directory_of(case))
    root = module(directory_of(case))
    at = next(iter(root.configuration.outputs.values())).at
    assert {name: encoded(root.output(name, at)) for name in case["outputs"]} == case["outputs"]


def loaded(directory: Path) -> Parsed:
    found = load(Tree([directory]), TerraformOptions(), lambda _: True)
    assert (found.broken, found.skipped) == ((), ())
    return found


def decoded(value: object) -> object:
    """JSON within strings opened, so that spacing and order of keys do not count."""
    if isinstance(value, dict):
        return {name: decoded(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if isinstance(value, str) and value.lstrip().startswith("{"):
        return json.loads(value)
    return value


@pytest.mark.parametrize("case", PLANS.values(), ids=lambda case: case["id"])
def test_a_project_has_the_resources_that_opentofu_plans(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(directory_of(case))
    found = {one.key.address: one for one in loaded(directory_of(case)).resources if not one.type.startswith("data.")}
    planned = {
        change["address"]: change["change"]["after"]
        for change in case["plan"]["resource_changes"]
        if change["mode"] == "managed"
    }
    assert set(found) == set(planned)
    for address, after in planned.items():
        for name, value in found[address].attributes.entries.items():
            if name in after:
                assert decoded(plain(value)) == decoded(after[name]), (address, name)


@pytest.mark.parametrize("case", PLANS.values(), ids=lambda case: case["id"])
def test_a_plan_says_the_same_with_and_without_its_configuration(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps(case["plan"], indent=1)
    beside, alone = tmp_path / "beside", tmp_path / "alone"
    for name, content in case["files"].items():
        path = beside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    alone.mkdir()
    for directory in (beside, alone):
        (directory / "plan.json").write_text(text, encoding="utf-8")
    with_it, without = (resources_of(directory, monkeypatch) for directory in (beside, alone))
    assert set(with_it) == set(without)
    for address, attributes in with_it.items():
        for name, value in attributes.entries.items():
            assert decoded(plain(value)) == decoded(plain(without[address].entries[name])), (address, name)


def resources_of(directory: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, MapValue]:
    monkeypatch.chdir(directory)
    found = loaded(directory)
    assert found.roots == (".",)
    return {one.key.address: one.attributes for one in found.resources}


def test_a_planned_resource_stands_where_its_configuration_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = PLANS["d003"]
    for name, content in {**case["files"], "plan.json": json.dumps(case["plan"])}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    places = {one.key.address: str(one.at.location) for one in loaded(tmp_path).resources}
    assert places == {
        "aws_iam_role.shard[0]": "main.tf:10:1",
        "aws_iam_role.shard[1]": "main.tf:10:1",
        "aws_iam_role_policy.shard[0]": "main.tf:16:1",
        "aws_iam_role_policy.shard[1]": "main.tf:16:1",
        'aws_iam_role_policy.peer["indexer-001"]': "main.tf:33:1",
        'aws_iam_role_policy.peer["indexer-002"]': "main.tf:33:1",
    }


def test_undecided_statements_keep_what_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = directory_of(STATEMENTS)
    monkeypatch.chdir(directory)
    found = {one.key.address: one for one in loaded(directory).resources}
    policies = {
        address: (plain(one.attributes.entries["policy"]), one.certain)
        for address, one in found.items()
        if one.type == "aws_iam_role_policy"
    }
    several, certain = policies["aws_iam_role_policy.c0002"]
    assert certain
    assert "t/whiskey" in str(several)
    assert "t/romeo" in str(several)
    assert [certain for address, (_, certain) in policies.items() if "c0003" in address] == [False]
    assert [address for address in policies if "c0008" in address] == [
        "aws_iam_role_policy.c0008[0]",
        "aws_iam_role_policy.c0008[1]",
    ]
    assert policies["aws_iam_role_policy.c0008[0]"][1]
