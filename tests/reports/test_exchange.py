"""Formats that other programs read: each is held to its own schema, or to what its reader documents."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from agentreach.errors import MissingExtraError
from agentreach.findings import Severity
from agentreach_reports import binary_renderer
from reports.report_samples import FIXTURES, PRESENTATION, Format, before, fixture, scanned

if TYPE_CHECKING:
    from agentreach.engine import Scan

FIXTURE_NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
# GitLab's own validators, told in our words for the keys that we write: sast-report-format.json 15.0.7 (what GitLab
# checks a report of that version against, lib/gitlab/ci/parsers/security/validators/schemas) and codeclimate.json
# (app/validators/json_schemas). Both allow keys that they do not name; these do not, so that a misspelled one is seen.
TEXT = {"type": "string", "minLength": 1}
LINE = {"type": "integer", "minimum": 1}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}


def record(required: str = "", /, **keys: Any) -> dict[str, Any]:  # noqa: ANN401 - schemas
    return {"type": "object", "properties": keys, "required": required.split(), "additionalProperties": False}


def rows(shape: dict[str, Any], **limits: int) -> dict[str, Any]:
    return {"type": "array", "items": shape, **limits}


TOOL = record("id name version vendor", id=TEXT, name=TEXT, version=TEXT, vendor=record("name", name=TEXT))
SAST = record(
    "scan version vulnerabilities",
    version={"const": "15.0.7"},
    scan=record(
        "analyzer end_time scanner start_time status type",
        analyzer=TOOL,
        scanner=TOOL,
        start_time=MOMENT,
        end_time=MOMENT,
        status={"enum": ["success", "failure"]},
        type={"const": "sast"},
        messages=rows(record("level value", level={"enum": ["info", "warn", "fatal"]}, value=TEXT)),
    ),
    vulnerabilities=rows(
        record(
            "id identifiers location",
            id=TEXT,
            name={"type": "string", "maxLength": 255},
            description={"type": "string", "maxLength": 1_048_576},
            severity={"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
            solution={"type": "string", "maxLength": 7000},
            identifiers=rows(record("type name value", type=TEXT, name=TEXT, value=TEXT), minItems=1),
            location=record(file=TEXT, start_line=LINE, end_line=LINE),
            flags={"type": "array", "maxItems": 0},
        )
    ),
)
CODE_QUALITY = rows(
    record(
        "description fingerprint severity location",
        description=TEXT,
        check_name=TEXT,
        fingerprint=TEXT,
        # What the merge request widget sorts by.
        severity={"enum": ["info", "minor", "major", "critical", "blocker"]},
        location=record("path lines", path=TEXT, lines=record("begin", begin=LINE, end=LINE)),
    )
)


def read(command: str, name: str, scan: Scan) -> Any:  # noqa: ANN401 - decoded JSON
    return json.loads(Format(command, name).write(scan))


@pytest.mark.parametrize("folder", FIXTURE_NAMES)
def test_the_inventory_is_valid_cyclonedx(folder: str) -> None:
    schema = pytest.importorskip("cyclonedx.schema")
    validation = pytest.importorskip("cyclonedx.validation.json")
    validator = validation.JsonStrictValidator(schema.SchemaVersion.V1_6)
    assert validator.validate_str(Format("agents", "cyclonedx").write(fixture(folder))) is None


def test_the_inventory_names_each_thing_once_and_its_dependencies_exist() -> None:
    document = read("agents", "cyclonedx", fixture("."))
    refs = [one["bom-ref"] for one in (*document["components"], *document["services"])]
    assert len(refs) == len(set(refs))
    for dependency in document["dependencies"]:
        assert {dependency["ref"], *dependency["dependsOn"]} <= set(refs)


@pytest.mark.parametrize("folder", FIXTURE_NAMES)
def test_assessment_results_are_valid_oscal(folder: str) -> None:
    model = pytest.importorskip("trestle.oscal.assessment_results")
    document = read("compliance", "oscal", fixture(folder))
    model.AssessmentResults.model_validate(document["assessment-results"])
    assert document["assessment-results"]["metadata"]["oscal-version"].startswith("1.2.")


def test_assessment_results_observe_and_never_say_whether_a_control_is_satisfied() -> None:
    (result,) = read("compliance", "oscal", scanned("desk"))["assessment-results"]["results"]
    assert "findings" not in result
    assert len(result["observations"]) == len(result["risks"]) == len(scanned("desk").findings)
    assert [risk["status"] for risk in result["risks"]].count("deviation-approved") == 1
    observed = {one["uuid"] for one in result["observations"]}
    assert all(risk["related-observations"][0]["observation-uuid"] in observed for risk in result["risks"])
    assert result["attestations"][0]["parts"]


def test_assessment_results_of_a_comparison_close_what_is_gone() -> None:
    model = pytest.importorskip("trestle.oscal.assessment_results")
    earlier = Format("scan", "json").write(scanned("desk"))
    document = json.loads(Format("compliance", "oscal").write(before(), replace(PRESENTATION, previous=earlier)))
    model.AssessmentResults.model_validate(document["assessment-results"])
    (result,) = document["assessment-results"]["results"]
    assert Counter(risk["status"] for risk in result["risks"]) == {"open": 8, "deviation-approved": 1, "closed": 7}
    told = [prop["value"] for one in result["observations"] for prop in one["props"] if prop["name"] == "change"]
    assert Counter(told) == {"unchanged": 8}


GITLAB = {"gitlab-sast": SAST, "gitlab": CODE_QUALITY}


@pytest.mark.parametrize("name", GITLAB)
@pytest.mark.parametrize("folder", [*FIXTURE_NAMES, "."])
def test_reports_for_gitlab_are_what_its_validators_take(name: str, folder: str) -> None:
    Draft202012Validator(GITLAB[name]).validate(read("scan", name, fixture(folder)))


def test_gitlab_is_told_of_an_incomplete_scan() -> None:
    broken = read("scan", "gitlab-sast", scanned("broken"))
    Draft202012Validator(SAST).validate(broken)
    assert broken["scan"]["status"] == "failure"
    assert [one["level"] for one in broken["scan"]["messages"]] == ["warn"] * len(scanned("broken").broken)


@pytest.mark.parametrize(("name", "key"), [("gitlab", "fingerprint"), ("gitlab-sast", "id")])
def test_gitlab_gets_each_finding_once(name: str, key: str) -> None:
    document = read("scan", name, fixture("."))
    ids = [one[key] for one in (document["vulnerabilities"] if isinstance(document, dict) else document)]
    assert len(ids) == len(set(ids)) > 100


# The grammar of junit-10.xsd, the schema of Jenkins' xUnit plugin, as far as we write it: per element its required
# attributes, further ones, and what may stand in it.
JUNIT = {
    "testsuites": ((), ("name", "time", "tests", "failures", "errors"), ("testsuite",)),
    "testsuite": (("name", "tests", "failures", "errors"), ("time", "skipped"), ("testcase",)),
    "testcase": (("name",), ("time", "classname"), ("skipped", "failure", "system-out")),
    "failure": ((), ("type", "message"), ()),
    "skipped": ((), ("type", "message"), ()),
    "system-out": ((), (), ()),
}


@pytest.mark.parametrize("folder", [*FIXTURE_NAMES, "."])
def test_junit_holds_nothing_that_its_schema_does_not_allow(folder: str) -> None:
    root = ET.fromstring(Format("scan", "junit").write(fixture(folder)))
    assert root.tag == "testsuites"
    for element in root.iter():
        required, further, inside = JUNIT[element.tag]
        assert set(required) <= set(element.attrib) <= {*required, *further}
        assert {child.tag for child in element} <= set(inside)
        assert re.fullmatch(r"[0-9]{1,3}(\.[0-9]{0,3})?", element.get("time", "0"))


def test_junit_counts_what_it_lists() -> None:
    root = ET.fromstring(Format("scan", "junit").write(fixture(".")))
    for suite in (root, *root.iter("testsuite")):
        assert int(suite.get("tests", "")) == len(list(suite.iter("testcase")))
        assert int(suite.get("failures", "")) == len(list(suite.iter("failure")))
        assert int(suite.get("skipped", len(list(suite.iter("skipped"))))) == len(list(suite.iter("skipped")))


def test_junit_fails_only_what_the_run_fails_on() -> None:
    high = replace(PRESENTATION, fail_on=Severity.HIGH)
    root = ET.fromstring(Format("scan", "junit").write(scanned("desk"), high))
    assert {one.get("type") for one in root.iter("failure")} == {"critical", "high"}
    never = replace(PRESENTATION, fail_on=None)
    assert not list(ET.fromstring(Format("scan", "junit").write(scanned("desk"), never)).iter("failure"))


def test_annotations_stay_within_what_a_step_shows_and_the_rest_is_in_the_log() -> None:
    scan = fixture(".")
    lines = Format("scan", "github").write(scan).splitlines()
    for command in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{command} ") for line in lines) <= 10
    told = sum(line.startswith(("::error file", "::warning file", "::notice file", "- ")) for line in lines)
    assert told == len(scan.open_findings)
    assert any(line.startswith("::notice title=AgentReach::") for line in lines)


def test_the_most_severe_findings_are_the_annotations() -> None:
    lines = Format("scan", "github").write(fixture(".")).splitlines()
    critical = sum(finding.severity is Severity.CRITICAL for finding in fixture(".").open_findings)
    shown = sum("(critical)::" in line for line in lines if line.startswith("::error "))
    assert shown == min(critical, 10)


def test_a_pdf_is_made_without_fetching_anything_and_is_the_same_twice() -> None:
    pytest.importorskip("weasyprint")
    first, second = (binary_renderer("pdf")(scanned("desk"), PRESENTATION) for _ in range(2))
    assert first.startswith(b"%PDF-")
    assert first == second


def test_a_missing_extra_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'agentreach\[pdf\]'"):
        binary_renderer("pdf")(scanned("desk"), PRESENTATION)
