from __future__ import annotations

import json
import textwrap

from hypothesis import given
from hypothesis import strategies as st

from agentreach.lowering.offsets import Offsets
from agentreach.model import Source, Span


def spans(source: str, decoded: str, *words: str) -> list[str]:
    """What the file says at each word of the decoded text."""
    offsets = Offsets(decoded, Span(Source("a", source), 0, len(source)))
    return [offsets.span(decoded.index(word), decoded.index(word) + len(word)).text for word in words]


def test_a_file_that_holds_the_very_text() -> None:
    assert spans('# comment\n{"a": 1}\n', '{"a": 1}', '"a"', "1") == ['"a"', "1"]


def test_an_escaped_interpolation_is_literal() -> None:
    source = r'"{\"Resource\": \"arn:aws:s3:::home/$${aws:username}/*\", \"x\": 1}"'
    decoded = '{"Resource": "arn:aws:s3:::home/${aws:username}/*", "x": 1}'
    assert spans(source, decoded, "home/", '"x"') == ["home/", r"\"x\""]


def test_an_indented_heredoc() -> None:
    source = '<<-EOT\n      {\n        "a": 1,\n\n        "b": 2\n      }\n    EOT'
    assert spans(source, '{\n  "a": 1,\n\n  "b": 2\n}\n', '"a"', '"b"', "}") == ['"a"', '"b"', "}"]


def test_a_block_of_yaml_after_a_tag() -> None:
    source = '!Sub |\n    {\n      "a": "${AWS::Region}",\n      "b": 2\n    }\n'
    assert spans(source, '{\n  "a": "\ue000",\n  "b": 2\n}\n', '"a"', '"b"') == ['"a"', '"b"']


def test_a_quoted_scalar_of_yaml_with_single_quotes() -> None:
    assert spans("""'{"it''s": 1, "b": 2}'""", """{"it's": 1, "b": 2}""", '"b"', "2") == ['"b"', "2"]


def test_what_follows_an_interpolation_is_found_again() -> None:
    source = '<<EOT\n{"a": ${jsonencode(var.long)}, "b": 2}\nEOT'
    assert spans(source, '{"a": ["many", "things"], "b": 2}\n', '"b"', "2") == ['"b"', "2"]


def test_a_text_that_is_not_in_the_file_lies_at_its_start() -> None:
    source = 'file("policy.json")'
    offsets = Offsets('{"a": 1}', Span(Source("a", source), 0, len(source)))
    assert offsets.span(0, 8).start == 0


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="$%\x00"), max_size=40)


@given(TEXTS, TEXTS)
def test_every_escaped_string_leads_back_to_its_characters(left: str, right: str) -> None:
    decoded = f'{{"{len(left)}": "mark", {json.dumps(right)}: 1}}'
    source = json.dumps(left + decoded)
    offsets = Offsets(left + decoded, Span(Source("a", source), 0, len(source)))
    start = len(left) + decoded.index("mark")
    if left.isprintable() and right.isprintable():
        assert offsets.span(start, start + 4).text == "mark"


@given(st.lists(st.text("abc ", min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=6), st.integers(0, 6))
def test_every_line_of_a_heredoc_leads_back_to_its_line(lines: list[str], indent: int) -> None:
    decoded = "".join(f"{line.strip()}#{number}\n" for number, line in enumerate(lines))
    source = f"<<-EOT\n{textwrap.indent(decoded, ' ' * indent)}{' ' * indent}EOT"
    for number in range(len(lines)):
        assert spans(source, decoded, f"#{number}") == [f"#{number}"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_texts_raise(source: str, decoded: str) -> None:
    offsets = Offsets(decoded, Span(Source("a", source), 0, len(source)))
    span = offsets.span(0, len(decoded)) if decoded else offsets.span(0, 0)
    assert 0 <= span.start <= len(source) + 1
