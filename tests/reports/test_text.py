from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from itertools import product

import pytest

from agentreach.identity import Evidence
from agentreach.model import Source, Span
from agentreach_reports.reach_changes import _compared, sentences
from agentreach_reports.style import supports_links
from agentreach_reports.visible import columns
from agentreach_reports.wording import some
from reports.report_samples import PRESENTATION, Format, before, fixture, scanned

TEXT = Format("scan", "text")
MARKDOWN = Format("scan", "markdown")


BEFORE_AND_AFTER = (
    "| `desk-prod` `aws_bedrockagent_agent.desk` | write-data, read-data | **secrets**, write-data, read-data |"
)


def test_without_colour_there_is_no_escape_at_all() -> None:
    assert "\x1b" not in TEXT.write(scanned("desk"), replace(PRESENTATION, links="file:///work"))


def test_colour_changes_nothing_but_colour() -> None:
    coloured = TEXT.write(scanned("desk"), replace(PRESENTATION, color=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == TEXT.write(scanned("desk"))


@pytest.mark.parametrize("width", [60, 80, 120, 400])
def test_sentences_are_wrapped_at_the_width_within_what_reads_well(width: int) -> None:
    text = TEXT.write(scanned("desk"), replace(PRESENTATION, width=width))
    sentences = [line for line in text.splitlines() if re.match(r" {4}\S", line)]
    assert sentences
    assert max(columns(line) for line in sentences if " " in line.strip()) <= min(width, 120)


def test_quiet_is_one_line_for_each_finding_and_nothing_else() -> None:
    lines = TEXT.write(scanned("desk"), replace(PRESENTATION, quiet=True)).splitlines()
    assert len(lines) == len(scanned("desk").open_findings)
    assert all(re.match(r"\S+:\d+:\d+: (CRITICAL|HIGH|MEDIUM|LOW) AR\d{3} [a-z-]+: ", line) for line in lines)


def test_carets_stand_below_what_the_evidence_points_at() -> None:
    lines = TEXT.write(scanned("desk")).splitlines()
    (number,) = (index for index, line in enumerate(lines) if line.endswith('| name        = "cancel_order"'))
    code, carets = lines[number], lines[number + 1]
    assert carets.index("^") == code.index("name")
    assert len(carets) == len(code)


def test_a_line_that_is_too_long_is_cut_so_that_its_mark_can_be_seen() -> None:
    for width, text in product((60, 80), ("short = 1", f'x = "{"a" * 200}"', f"{'b' * 150} = here")):
        source = Source("long.tf", text + "\n")
        marked = Span(source, text.rindex(" ") + 1, len(text))
        finding = replace(scanned("desk").findings[0], evidence=(Evidence(marked, "here"),))
        lines = TEXT.write(
            replace(scanned("desk"), findings=(finding,)), replace(PRESENTATION, width=width)
        ).splitlines()
        number = next(index for index, line in enumerate(lines) if line.strip().startswith("|") and "^" in line)
        code, carets = lines[number - 1], lines[number]
        assert max(columns(code), columns(carets)) <= width
        assert code[carets.index("^")] == text[marked.start]


def test_the_end_says_what_was_not_analysed() -> None:
    assert "skipped by design: 1 (1 × module 'audit'" in TEXT.write(scanned("desk"))
    assert "not analysed: broken/main.tf:2:16" in TEXT.write(scanned("broken"))


@pytest.mark.parametrize(
    ("environment", "can"),
    [
        ({}, False),
        ({"TERM": "dumb", "TERM_PROGRAM": "vscode"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7200"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4205"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, True),
        ({"TERM": "xterm-kitty", "CI": "true"}, False),
    ],
)
def test_hyperlinks_are_only_for_terminals_known_to_show_them(environment: dict[str, str], can: bool) -> None:  # noqa: FBT001
    assert supports_links(environment) is can


def test_counts_read_as_people_write_them() -> None:
    assert [some(1, "agent"), some(0, "agent"), some(2, "policy", "policies")] == ["1 agent", "0 agents", "2 policies"]


def test_a_comment_says_first_what_the_change_lets_an_agent_do() -> None:
    earlier = Format("scan", "json").write(before())
    text = MARKDOWN.write(scanned("desk"), replace(PRESENTATION, previous=earlier))
    assert text.splitlines()[3].startswith("- This change lets `desk-prod` read any production secret, ")
    assert BEFORE_AND_AFTER in text
    assert "known before" in text.splitlines()[1]


def test_the_revision_that_was_scanned_before_tells_the_same_as_its_report() -> None:
    scan = replace(scanned("desk"), before=before())
    assert BEFORE_AND_AFTER in MARKDOWN.write(scan)


def row(step: str, service: str, **more: object) -> dict[str, object]:
    return {"step": step, "service": service, "resources": ["*"], "standing": True, **more}


@pytest.mark.parametrize(
    ("reach", "told"),
    [
        (
            row("secrets", "secretsmanager", resources=["arn:aws:x"], systems=list("abcd"), production=True),
            "read 4 production secrets (<a>, <b>, <c> and 1 more)",
        ),
        (row("secrets", "secretsmanager", resources=["arn:a:b"]), "read 1 secret (<arn:a:b>)"),
        (row("secrets", "secretsmanager", resources=["arn:a:b-*"]), "read secrets (<arn:a:b-*>)"),
        (row("secrets", "v1", resources=["secrets in shop"]), "read Kubernetes secrets (<secrets in shop>)"),
        (row("secrets", "ssm"), "read any <ssm> secret"),
        (row("write-data", "dynamodb", resources=["arn:a"], systems=["t"]), "change 1 table (<t>)"),
        (row("admin", "*", standing=False), "do anything on any resource, behind a gate"),
        (row("deploy", "apps", resources=["deployments"]), "deploy to <apps> resources (<deployments>)"),
    ],
)
def test_what_an_agent_gains_is_a_sentence(reach: dict[str, object], told: str) -> None:
    assert sentences([reach], "<{}>".format) == [told]


WIDE, NARROW = "arn:aws:secretsmanager:*:1:secret:*", "arn:aws:secretsmanager:eu-west-1:1:secret:*"


def compared(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    """What is told of one row of reach that becomes another; only what there is to tell."""
    made = _compared({("new",): after}, {("old",): before})
    return {key: value for key, value in made.items() if value}


def secret() -> dict[str, object]:
    return row("secrets", "secretsmanager", actions=["GetSecretValue"], systems=["crm"], resources=[NARROW])


def test_a_statement_that_shrinks_lets_nobody_do_more() -> None:
    assert compared(secret() | {"resources": [WIDE]}, secret()) == {"narrower": ("secretsmanager",)}


def test_a_statement_that_grows_is_told_by_what_it_adds() -> None:
    grown = secret() | {"systems": ["crm", "mail"], "resources": [NARROW, WIDE]}
    assert compared(secret(), grown) == {"gained": (grown | {"systems": ["mail"], "resources": [WIDE]},)}


def test_another_action_on_the_same_things_at_the_same_step_is_no_new_reach() -> None:
    more = secret() | {"actions": ["GetSecretValue", "BatchGetSecretValue"]}
    assert compared(secret(), more) == {"actions": ("BatchGetSecretValue",)}


def test_a_gate_that_comes_or_goes_is_told() -> None:
    asked = secret() | {"standing": False}
    assert list(compared(secret(), asked)) == ["gated"]
    assert list(compared(asked, secret())) == ["gained"]


def test_what_is_out_of_reach_is_lost() -> None:
    other = row("secrets", "ssm", actions=["GetParameter"], systems=["p"])
    made = compared(secret(), other)
    assert list(made) == ["gained", "lost"]


def test_production_and_the_highest_step_are_told_first() -> None:
    rows = [
        row("observe", "ec2"),
        row("observe", "ssm"),
        row("secrets", "ssm"),
        row("secrets", "ssm", resources=["arn:a"], systems=["p"], production=True),
    ]
    assert sentences(rows, str) == [
        "read 1 production ssm secret (p)",
        "read any ssm secret",
        "list and describe any ec2 resource",
    ]


def test_a_compared_scan_says_at_its_end_what_is_new_and_what_is_gone() -> None:
    lines = TEXT.write(
        before(), replace(PRESENTATION, previous=Format("scan", "json").write(scanned("desk")))
    ).splitlines()
    start = lines.index("since before: 0 new, 7 gone, 8 unchanged")
    assert lines[start + 1].startswith("  gone: CRITICAL AR303 aws_bedrockagent_agent.desk may read secret values")
    assert "  desk-prod can no longer read any production secret, aws_secretsmanager_secret.ledger among them" in lines
    assert "  triage is gone" in lines


def test_other_formats_mark_what_is_new_too() -> None:
    compared = replace(PRESENTATION, previous=Format("scan", "json").write(before()))
    rows = list(csv.DictReader(io.StringIO(Format("scan", "csv").write(scanned("desk"), compared))))
    assert Counter(one["change"] for one in rows) == {"new": 7, "unchanged": 8}
    (log,) = json.loads(Format("scan", "sarif").write(scanned("desk"), compared))["runs"]
    assert Counter(one.get("baselineState") for one in log["results"]) == {"new": 7, "unchanged": 8, None: 1}
    changed = json.loads(Format("scan", "json").write(scanned("desk"), compared))["changes"]
    assert (len(changed["new"]), len(changed["unchanged"]), changed["gone"]) == (7, 8, [])


def test_a_finding_of_another_tool_names_the_tool() -> None:
    scan = scanned("desk")
    foreign = replace(scan, findings=(replace(scan.findings[0], check_id="CKV_AWS_1", origin="checkov"),))
    assert "CKV_AWS_1" in (heading := next(line for line in TEXT.write(foreign).splitlines() if "CKV_AWS_1" in line))
    assert heading.endswith("confidence, found by checkov")
    assert "(checkov): " in TEXT.write(foreign, replace(PRESENTATION, quiet=True))


def test_a_change_without_effect_says_so() -> None:
    earlier = Format("scan", "json").write(scanned("desk"))
    text = MARKDOWN.write(scanned("desk"), replace(PRESENTATION, previous=earlier))
    assert "nothing new found" in text
    assert "What agents can reach is the same as before." in text


def test_a_comment_is_never_longer_than_a_comment_may_be() -> None:
    many = replace(fixture("."), findings=fixture(".").findings * 40)
    text = MARKDOWN.write(many)
    assert len(text) < 65_536
    assert "not shown here" in text


def test_the_vendored_layout_is_the_one_its_record_names() -> None:
    folder = files("agentreach_reports").joinpath("page", "vendor")
    record = json.loads(folder.joinpath("dagre.json").read_text(encoding="utf-8"))
    assert sha256(folder.joinpath(record["file"]).read_bytes()).hexdigest() == record["sha256"]
    licence = folder.joinpath("dagre.LICENSE").read_text(encoding="utf-8")
    assert all(library["name"] in licence for library in record["libraries"])
