from __future__ import annotations

import json
import re
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files

import pytest

from agentreach_reports.style import supports_links
from agentreach_reports.visible import columns
from agentreach_reports.wording import some
from reports.report_samples import PRESENTATION, Format, before, fixture, scanned

TEXT = Format("scan", "text")
MARKDOWN = Format("scan", "markdown")


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
    assert text.splitlines()[3].startswith("- This change lets `aws_bedrockagent_agent.desk` read secret values")
    assert "| `aws_bedrockagent_agent.desk` | write-data | **secrets** |" in text
    assert "known before" in text.splitlines()[1]


def test_the_revision_that_was_scanned_before_tells_the_same_as_its_report() -> None:
    scan = replace(scanned("desk"), before=before())
    assert "| `aws_bedrockagent_agent.desk` | write-data | **secrets** |" in MARKDOWN.write(scan)


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
