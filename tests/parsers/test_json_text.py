"""JSON as located values, and what is said about text that is not JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.model import ListValue, MapValue, Source
from agentreach.parsers import json_text
from agentreach.parsers.yaml import Bounds, Broken, Document, parse
from parsers.test_yaml import Plain, broken, plain


def read(text: str) -> Document:
    found = json_text.parse(Source("x.json", text))
    assert isinstance(found, Document), found
    return found


def test_values_and_keys_know_their_place() -> None:
    text = '{\n "a": ["x", 12, true],\n "b": {"c\\"": null}\n}\n'
    value = read(text).value
    assert isinstance(value, MapValue)
    items = value.entries["a"]
    assert isinstance(items, ListValue)
    assert [item.at.text for item in items.items] == ['"x"', "12", "true"]
    assert value.keys["b"].location[:3] == ("x.json", 3, 2)
    assert value.at.text == text.rstrip()
    assert plain(value) == {"a": ["x", 12, True], "b": {'c"': None}}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 1, 3]), st.booleans())
def test_everything_the_standard_library_writes_is_read_back(
    value: Plain,
    indent: int | None,
    ascii_only: bool,  # noqa: FBT001
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert plain(read(text).value) == value


@given(st.text(alphabet='{}[]",:1eE+-.truefalsn \n\\u/#'))
def test_any_text_is_a_document_or_broken_with_a_place_inside_it(text: str) -> None:
    found = json_text.parse(Source("x.json", text))
    if isinstance(found, Document):
        json.loads(text)
    else:
        assert 0 <= found.at.start <= found.at.end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{\n // why\n "a": 1}', (2, 2, "JSON syntax: comments are not allowed in JSON")),
        ('{"a": /* x */ 1}', (1, 7, "JSON syntax: comments are not allowed in JSON")),
        ('{"a": 1 # x\n}', (1, 9, "JSON syntax: comments are not allowed in JSON")),
        ('{"a": 1,}', (1, 8, "JSON syntax: a comma before '}' is not allowed")),
        ("[1,]", (1, 3, "JSON syntax: a comma before ']' is not allowed")),
        ("{'a': 1}", (1, 2, 'JSON syntax: expected a key in double quotes, found "\'"')),
        ('{"a" 1}', (1, 6, "JSON syntax: expected ':' behind the key, found '1'")),
        ('{"a": 1 "b": 2}', (1, 9, "JSON syntax: expected ',' or '}', found '\"'")),
        ('{"a": tru}', (1, 7, "JSON syntax: expected a value, found 't'")),
        ('{"a": NaN}', (1, 7, "JSON syntax: expected a value, found 'N'")),
        ('{"a": 01}', (1, 7, "JSON syntax: expected a value, found '0'")),
        ('{"a": ', (1, 7, "JSON syntax: expected a value, the file ends")),
        ('{"a": 1} x', (1, 10, "JSON syntax: expected the end of the file, found 'x'")),
        ('{"a": "x\ny"}', (1, 9, "JSON syntax: invalid control character at")),
        ('{"a": "\\q"}', (1, 8, "JSON syntax: invalid \\escape")),
        ('{"a": "x', (1, 7, "JSON syntax: unterminated string starting at")),
    ],
)
def test_what_is_broken_is_named_with_its_place(text: str, expected: tuple[int, int, str]) -> None:
    line, column, message = broken(text, "x.json")
    assert (line, column) == expected[:2]
    assert message == expected[2]


def test_duplicate_keys_are_named_and_the_last_one_counts() -> None:
    found = read('{"a": 1,\n "a": 2}')
    assert plain(found.value) == {"a": 2}
    assert [(one.key, one.first.location.line, one.at.location.line) for one in found.duplicates] == [("a", 1, 2)]


def test_surrogate_pairs_are_one_character_and_lone_ones_are_replaced() -> None:
    assert plain(read('"\\ud83d\\ude00"').value) == "\U0001f600"
    assert plain(read('"\\ud83d!"').value) == "\ufffd!"


def test_a_number_too_long_to_be_one_stays_text() -> None:
    assert plain(read("9" * 10_000).value) == "9" * 10_000


def test_nesting_and_nodes_are_bounded() -> None:
    deep = json_text.parse(Source("x.json", "[" * 100_000))
    assert isinstance(deep, Broken)
    assert deep.message == "nested deeper than 200 levels"
    assert isinstance(json_text.parse(Source("x.json", "[" * 200 + "]" * 200)), Document)
    wide = json_text.parse(Source("x.json", json.dumps(list(range(100)))), bounds=Bounds(nodes=50))
    assert isinstance(wide, Broken)
    assert wide.message == "more than 50 nodes in one file"


def test_json_under_another_name_is_told_what_is_wrong_with_it_as_json() -> None:
    assert broken('{\n // why\n "a": [1]}', "stack.template") == (2, 2, "JSON syntax: comments are not allowed in JSON")
    assert broken('{"a": [1}', "stack.yaml") == (1, 9, "JSON syntax: expected ',' or ']', found '}'")


def test_a_yaml_file_that_starts_like_json_is_read_as_yaml() -> None:
    (found,) = parse(Source("x.yaml", "{a: 1, # comment\n b: [x, ]}\n"))
    assert isinstance(found, Document)
    assert plain(found.value) == {"a": 1, "b": ["x"]}
