"""Whatever a name in scanned code is, in a report it is text."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from agentreach_reports.page_data import page_data
from reports.hostile import PAYLOADS, hostile_report, hostile_scan
from reports.report_samples import FORMATS, PRESENTATION, Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from agentreach.engine import Scan

RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
OWN_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
EVERYTHING = replace(PRESENTATION, show_suppressed=True, verbose=True, frameworks=())


@cache
def hostile(name: str) -> Scan:
    with TemporaryDirectory() as folder:
        return hostile_scan(Path(folder), PAYLOADS[name])


@cache
def written(form: Format, name: str) -> str:
    """A hostile scan compared with a hostile report."""
    return form.write(hostile(name), replace(EVERYTHING, previous=hostile_report(PAYLOADS[name])))


def of(ending: str) -> list[Format]:
    return [form for form in FORMATS if form.file.endswith(ending)]


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_no_report_holds_characters_that_a_terminal_or_an_editor_acts_on(form: Format, name: str) -> None:
    # Scripts and styles of the page are ours and may name such characters.
    text = written(form, name)
    assert RAW.findall(text.partition("<script>")[0]) == []


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("command", ["scan", "review"])
def test_a_coloured_report_holds_no_escape_but_our_own_colours(command: str, name: str) -> None:
    coloured = replace(EVERYTHING, color=True, previous=hostile_report(PAYLOADS[name]))
    text = Format(command, "text").write(hostile(name), coloured)
    assert "\x1b" in text
    assert "\x1b" not in OWN_COLOURS.sub("", text)


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_hyperlink_leads_to_the_file_and_nowhere_else(name: str) -> None:
    linked = replace(EVERYTHING, color=True, links="file:///work")
    text = Format("scan", "text").write(hostile(name), linked)
    targets = re.findall(r"\x1b\]8;;(.*?)\x1b\\", text)
    assert all(target == "" or re.fullmatch(r"file:///work/[A-Za-z0-9%/._~-]+", target) for target in targets)
    assert "\x1b" not in OWN_COLOURS.sub("", re.sub(r"\x1b\]8;;.*?\x1b\\", "", text))


class Elements(HTMLParser):
    """Counts elements and attributes, as a browser would find them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(sorted(name for name, _ in attrs))))


def elements(page: str) -> list[tuple[str, tuple[str, ...]]]:
    parser = Elements()
    parser.feed(page)
    return parser.found


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("form", of(".html"), ids=str)
def test_a_name_makes_no_element_of_a_page(form: Format, name: str) -> None:
    found = elements(written(form, name))
    assert {tag for tag, _ in found} <= {tag for tag, _ in elements(written(form, "long"))}
    assert not [names for _, names in found if any(one.startswith("on") for one in names)]
    assert sum(tag == "script" for tag, _ in found) == (0 if form.command == "compliance" else 2)


@pytest.mark.parametrize("name", PAYLOADS)
def test_the_data_of_a_page_cannot_end_its_block(name: str) -> None:
    page = written(Format("review", "html"), name)
    block = page.partition('<script type="application/json" id="data">')[2].partition("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(block)
    looks = replace(EVERYTHING, previous=hostile_report(PAYLOADS[name]))
    assert json.loads(block) == json.loads(json.dumps(page_data(hostile(name), looks)))


def tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text):
        yield token
        yield from token.children or ()


OURS = re.compile(r"</?(details|summary|b|code)>|<!-- agentreach -->|https?://(?!evil)\S*")


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("form", of(".md"), ids=str)
def test_a_name_is_no_markup_of_a_markdown_report(form: Format, name: str) -> None:
    text = written(form, name)
    for token in tokens(text):
        assert token.type != "image"
        if token.type == "link_open":
            assert "evil" not in str(token.attrs["href"])
        if token.type in {"html_inline", "html_block"}:
            left = OURS.sub("", token.content)
            assert "<" not in left.replace("&lt;", ""), token.content
        if token.type == "fence":
            assert token.info in {"json", "hcl", "yaml"}
    headings = [line for line in text.splitlines() if line.lstrip().startswith("# ")]
    assert headings in ([], ["# Agent access review"], ["# Agent access: evidence by framework"])
    spoken = [token.content for token in tokens(text) if token.type in {"text", "html_inline", "html_block"}]
    assert not [content for content in spoken if "@everyone" in content]


def starts_a_formula(cell: str) -> bool:
    return cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "|", "%"))


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("form", of(".csv"), ids=str)
def test_no_cell_is_a_formula_whatever_separates_them(form: Format, name: str) -> None:
    text = written(form, name)
    for separator in (",", ";", "\t"):
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
        if separator == ",":
            assert len({len(row) for row in rows}) == 1
            assert not [cell for row in rows for cell in row if starts_a_formula(cell)]


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_name_starts_no_command_of_a_workflow(name: str) -> None:
    text = written(Format("scan", "github"), name)
    assert "##[" not in text
    for line in text.splitlines():
        if line.lstrip().startswith("::"):
            assert re.match(
                r"::(error|warning|notice) (file=[^,:]*,line=\d+,col=\d+,endLine=\d+,)?title=[^,:]*::[^\r\n]*$", line
            )


@pytest.mark.parametrize("name", PAYLOADS)
def test_junit_is_well_formed_and_says_the_name_as_text(name: str) -> None:
    root = ET.fromstring(written(Format("scan", "junit"), name))
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "skipped", "system-out"
    }  # fmt: skip


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in strings(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in strings(one))


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("form", of(".json"), ids=str)
def test_json_is_json_in_ascii_too(form: Format, name: str) -> None:
    document = json.loads(written(form, name))
    assert list(strings(document))
    written(form, name).encode("utf-8")
