"""What is not edited stays as it is, byte for byte: comments, blanks, line ends, marks, encodings, anchors."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentreach.findings import Finding, Move, Remedy, Severity
from agentreach.identity import Confidence, Evidence
from agentreach.model import Key, Source, Span
from agentreach.remedies import ByHand, Edit, edited, proposed
from agentreach.remedies.proof import proven
from fixing import fix, found

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parent / "cases"
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

COMMENTS = st.sampled_from(
    ["", "# why\n", "// it was so\n", "/* two\n lines */\n", "\n\n", "# max_session_duration = 1\n"]
)
BLANKS = st.sampled_from(["", " ", "  ", "\t", "   \t"])
YAML_COMMENTS = st.sampled_from(["", "# why\n", "\n", "    # deeper than it belongs\n", "# key: value\n"])


def _finding(remedy: Remedy) -> Finding:
    at = Evidence(remedy.at, "")
    return Finding(
        check_id="AR202", name="long-session", title="", severity=Severity.HIGH, confidence=Confidence.HIGH,
        subject=Key("", "x"), cause="x", message="", evidence=(at,), remedies=(remedy,),
    )  # fmt: skip


def _after(source: Source, remedy: Remedy) -> str:
    """The edited text, or the reason as ByHand."""
    proposal = proposed(_finding(remedy), [source])[0]
    if proposal.by_hand:
        raise ByHand(proposal.by_hand)
    edits = [edit for edit in proposal.edits if edit.source is source]
    return proven(source, edits)


def _shorter(source: Source, name: str, attribute: str) -> Remedy:
    start = source.text.index(name)
    at = Span(source, start, start + len(name))
    return Remedy(move=Move.SHORTEN, at=at, attribute=attribute, value=(43200.0, 3600.0), safe=True)


@QUICK
@given(st.tuples(COMMENTS, COMMENTS, COMMENTS), st.tuples(BLANKS, BLANKS, BLANKS), st.sampled_from(["\n", "\r\n"]))
def test_terraform_around_an_edit_is_the_same(
    comments: tuple[str, str, str], blanks: tuple[str, str, str], end: str
) -> None:
    one, two, three = comments
    indent, left, right = blanks
    line = f"{indent}max_session_duration{left} ={right}43200 # half a day\n"
    text = f'{one}resource "aws_iam_role" "ops" {{\n{two}  name = "a"\n{line}{three}}}\n'.replace("\n", end)
    source = Source("main.tf", text)
    at = text.index(line.replace("\n", end)) + len(indent)
    remedy = Remedy(
        move=Move.SHORTEN, at=Span(source, at, at + 20), attribute="max_session_duration", value=(43200.0, 3600.0)
    )
    assert _after(source, remedy) == text.replace("43200", "3600")


@QUICK
@given(
    st.tuples(YAML_COMMENTS, YAML_COMMENTS), st.sampled_from(["\n", "\r\n"]), st.sampled_from(['"', "'", ""]), BLANKS
)
def test_yaml_around_an_edit_is_the_same(comments: tuple[str, str], end: str, quote: str, blank: str) -> None:
    one, two = comments
    text = (
        f"{one}Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n{two}"
        f"      MaxSessionDuration:   {quote}43200{quote}{blank}  # half a day\n      RoleName: a\n"
    ).replace("\n", end)
    source = Source("template.yaml", text)
    assert _after(source, _shorter(source, "MaxSessionDuration", "MaxSessionDuration")) == text.replace("43200", "3600")


@QUICK
@given(
    st.permutations(["Effect: Allow", "Action: sts:AssumeRole", "Principal: {Service: bedrock.amazonaws.com}"]),
    st.integers(1, 6),
    st.integers(0, 4),
    st.lists(YAML_COMMENTS, min_size=3, max_size=3),
    st.sampled_from(["\n", ""]),
)
def test_a_condition_is_added_at_any_indentation_and_the_rest_is_the_same(
    keys: list[str], unit: int, dash: int, comments: list[str], ending: str
) -> None:
    pad = " " * unit
    first, *others = keys
    item = " " * (3 * unit + dash)
    lines = [
        f"{item}- {first}\n",
        *(f"{comment}{item}  {key}\n" for comment, key in zip(comments, others, strict=False)),
    ]
    body = "".join(lines)
    text = f"Resources:\n{pad}Role:\n{pad * 2}Type: AWS::IAM::Role\n{pad * 2}Properties:\n{pad * 3}Statement:\n{body}"
    text = text.rstrip("\n") + ending
    source = Source("template.yaml", text)
    start = text.index(first)
    remedy = Remedy(
        move=Move.ADD_CONDITION, at=Span(source, start, len(text.rstrip())), attribute="StringEquals.aws:SourceAccount"
    )
    after = _after(source, remedy)
    added = [line for line in after.splitlines() if line not in text.splitlines()]
    assert [line.strip() for line in added] == ["Condition:", "StringEquals:", "aws:SourceAccount: !Ref AWS::AccountId"]
    kept = [line for line in after.splitlines() if line not in added]
    assert kept == text.splitlines()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("byte order mark", lambda data: codecs.BOM_UTF8 + data),
        ("Windows line ends", lambda data: data.replace(b"\n", b"\r\n")),
        ("no line end at the end", lambda data: data.rstrip(b"\n")),
        ("blanks at the ends of lines", lambda data: data.replace(b"\n", b"  \n")),
        ("many empty lines", lambda data: data.replace(b"\n\n", b"\n\n\n\n") + b"\n\n"),
    ],
)
@pytest.mark.parametrize(
    "case", ["session-terraform", "token-kubernetes-web-identity", "source-account-terraform-jsonencode"]
)
def test_bytes_around_the_edit_are_kept(tmp_path: Path, case: str, name: str, change: Callable[[bytes], bytes]) -> None:
    file = next(path for path in (CASES / case).iterdir() if path.suffix != ".diff")
    data = change(file.read_bytes())
    (tmp_path / file.name).write_bytes(data)
    done = fix(tmp_path, "--write")
    after = (tmp_path / file.name).read_bytes()
    assert done.code == 0, name
    removed = [line[1:].encode() for line in done.lines if line.startswith("-")]
    kept = [line for line in data.split(b"\n") if line.rstrip(b"\r") not in removed]
    following = iter(after.split(b"\n"))
    assert all(line in following for line in kept), name
    assert after.startswith(codecs.BOM_UTF8) == data.startswith(codecs.BOM_UTF8)
    assert (b"\r\n" in data) == (after.count(b"\r\n") == after.count(b"\n") > 0)


def test_a_template_in_utf_16_stays_one(tmp_path: Path) -> None:
    text = (CASES / "source-account-cloudformation-json" / "template.json").read_text(encoding="utf-8")
    for encoding, mark in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)):
        path = tmp_path / "template.json"
        path.write_bytes(mark + text.encode(encoding))
        assert fix(tmp_path, "--write").code == 0
        data = path.read_bytes()
        assert data.startswith(mark)
        after = data[2:].decode(encoding)
        assert '"MaxSessionDuration": 3600' in after
        assert '{"Ref": "AWS::AccountId"}' in after


def test_anchors_elsewhere_tabs_and_comments_survive(tmp_path: Path) -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: &about\n  name: ops  # the name\n  labels: &labels {app: ops}\n"
        "  annotations:\n    note: >-\n      folded\n      text\nspec:\n  # what runs\n  containers:\n"
        '    - name: ops\n      image: "n8nio/n8n:1.80.0"\n\n\n# the end\n'
    )
    (tmp_path / "pod.yaml").write_text(text, encoding="utf-8")
    done = fix(tmp_path, "--write")
    assert done.lines == ["+  automountServiceAccountToken: false"]
    after = (tmp_path / "pod.yaml").read_text(encoding="utf-8")
    assert after.replace("  automountServiceAccountToken: false\n", "") == text
    assert "AR205" not in {check for check, _ in found(tmp_path)}


def test_edits_at_one_place_are_refused_and_equal_ones_are_one() -> None:
    source = Source("main.tf", "a = 1\nb = 2\n")
    one = Edit(source, 4, 5, "3", "a")
    assert edited(source.text, [one, one, Edit(source, 10, 11, "4", "b")]) == "a = 3\nb = 4\n"
    with pytest.raises(ByHand, match="a and c are written at the same place: apply one, then run again"):
        edited(source.text, [one, Edit(source, 4, 5, "5", "c")])
    with pytest.raises(ByHand, match="same place"):
        edited(source.text, [Edit(source, 0, 5, "", "a"), Edit(source, 4, 5, "5", "c")])
