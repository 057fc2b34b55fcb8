from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from agentreach.baseline import dump
from reports.report_samples import FIXTURES, HERE, PRESENTATION, Format, before, fixture, scanned

OURS = {
    "scan": Format("scan", "json"),
    "review": Format("review", "json"),
    "agents": Format("agents", "json"),
    "compliance": Format("compliance", "json"),
}
FIXTURE_NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(files("agentreach_reports").joinpath("schemas", f"{name}-1.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def is_valid(name: str, document: object) -> None:
    validator(name).validate(document)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("stack", ["desk", "broken"])
def test_documents_are_exactly_what_their_schema_says(name: str, stack: str) -> None:
    is_valid(name, json.loads(OURS[name].write(scanned(stack))))


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("folder", FIXTURE_NAMES)
def test_documents_of_every_fixture_are_valid(name: str, folder: str) -> None:
    document = json.loads(OURS[name].write(fixture(folder)))
    is_valid(name, document)
    assert document["schema"] == f"agentreach.{name}/1"


def test_a_finding_suggests_what_the_terminal_shows() -> None:
    document = json.loads(OURS["scan"].write(fixture("bedrock-support-agent")))
    shown = Format("scan", "text").write(fixture("bedrock-support-agent"), replace(PRESENTATION, width=200))
    suggested = [one for finding in document["findings"] for one in finding["suggestions"]]
    applied = [(one["path"], one["line"], one["text"]) for one in suggested if one["applied_by_fix"]]
    schema = "fixtures/bedrock-support-agent/schemas/account-admin.yaml"
    assert applied == [(schema, 19, "+      x-requireConfirmation: ENABLED")]
    for one in suggested:
        assert f"{one['path']}:{one['line']}" in shown
        assert all(f"        {line}" in shown for line in one["text"].splitlines()[:6])


def test_a_suppressed_finding_suggests_nothing() -> None:
    document = json.loads(OURS["scan"].write(scanned("desk")))
    assert [one["suggestions"] for one in document["findings"] if one["suppressed"]] == [[]]


def test_a_compared_report_is_valid() -> None:
    earlier = OURS["scan"].write(before())
    presentation = type(PRESENTATION)(timestamp=0, previous=earlier)
    document = json.loads(OURS["compliance"].write(scanned("desk"), presentation))
    is_valid("compliance", document)
    assert document["changes"]["new"]
    assert document["changes"]["unchanged"]


def test_a_baseline_is_valid() -> None:
    is_valid("baseline", json.loads(dump(scanned("desk").open_findings)))


def test_schemas_are_strict_about_what_this_release_writes() -> None:
    document = json.loads(OURS["scan"].write(scanned("desk")))
    document["agents"][0]["surprise"] = 1
    with pytest.raises(ValidationError, match="surprise"):
        is_valid("scan", document)


def test_shipped_schemas_are_those_that_their_source_gives() -> None:
    script = HERE.parent.parent / "tools/build_report_schemas.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "")
