"""YAML as located values: what scalars mean, where everything is, what is broken."""

from __future__ import annotations

import pytest

from agentreach.model import Broken, ListValue, MapValue, Scalar, Source, Span, Value
from agentreach.parsers import yaml
from agentreach.parsers.yaml import Dialect, Document, parse, split

Plain = str | float | bool | list["Plain"] | dict[str, "Plain"] | None


def plain(value: Value) -> Plain:
    match value:
        case Scalar(value=known):
            return known
        case ListValue(items=items):
            return [plain(item) for item in items]
        case MapValue(entries=entries):
            return {name: plain(entry) for name, entry in entries.items()}
    raise AssertionError(value)


def documents(text: str, dialect: Dialect = Dialect.KUBERNETES) -> list[Document]:
    found = parse(Source("x.yaml", text), dialect=dialect)
    assert all(isinstance(one, Document) for one in found), found
    return [one for one in found if isinstance(one, Document)]


def read(text: str, dialect: Dialect = Dialect.KUBERNETES) -> Plain:
    (only,) = documents(text, dialect)
    return plain(only.value)


def broken(text: str, path: str = "x.yaml") -> tuple[int, int, str]:
    last = parse(Source(path, text))[-1]
    assert isinstance(last, Broken)
    return last.at.location.line, last.at.location.column, last.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("-7", -7),
        ("+7", 7),
        ("0", 0),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("0644", 420),
        ("0x1F", 31),
        ("0b101", 5),
        ("0o17", 15),
        ("-0x10", -16),
        ("1.2.3", "1.2.3"),
        ("1_000", "1_000"),
        ("1e999", "1e999"),
        ("9" * 60, "9" * 60),
        ("true", True),
        ("Yes", True),
        ("on", True),
        ("y", True),
        ("OFF", False),
        ("n", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'yes'", "yes"),
        ('"12"', "12"),
        ("2012-10-17", "2012-10-17"),
        ("12:30:45", "12:30:45"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("!!str 5", "5"),
        ("!!int '5'", 5),
        ("!!null x", None),
        ("!!binary aGk=", "aGk="),
        ("!!timestamp 2001-01-01", "2001-01-01"),
        ("! 5", "5"),
    ],
)
def test_kubernetes_reads_a_scalar_as_its_reader_does(text: str, expected: Plain) -> None:
    assert read(f"k: {text}\n") == {"k": expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("1.5", 1.5),
        ("y", "y"),
        ("n", "n"),
        ("yes", True),
        ("012345678901", "012345678901"),
        ("123456789012", 123456789012),
        ("1.10", "1.10"),
        ("3.0", 3.0),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
    ],
)
def test_cloudformation_keeps_a_number_that_would_print_differently(text: str, expected: Plain) -> None:
    assert read(f"k: {text}\n", Dialect.CLOUDFORMATION) == {"k": expected}


def test_keys_are_the_text_that_is_written() -> None:
    assert read("on: 1\n2012-10-17: 2\n'3': 3\n~: 4\n1.0: 5\n") == {"on": 1, "2012-10-17": 2, "3": 3, "~": 4, "1.0": 5}


def test_values_and_keys_know_their_place() -> None:
    (only,) = documents("a:\n  - b: xyz\n    c: [1,\n      2]\nd: e\n")
    assert isinstance(only.value, MapValue)
    items = only.value.entries["a"]
    assert isinstance(items, ListValue)
    (first,) = items.items
    assert isinstance(first, MapValue)
    assert first.entries["b"].at.text == "xyz"
    assert first.keys["c"].location[:3] == ("x.yaml", 3, 5)
    assert first.entries["c"].at.text == "[1,\n      2]"
    assert first.at.text == "b: xyz\n    c: [1,\n      2]"
    assert only.value.at.text == "a:\n  - b: xyz\n    c: [1,\n      2]\nd: e"


def test_a_block_scalar_ends_with_its_text() -> None:
    (only,) = documents("a: |\n  one\n  two\n\n\nb: >-\n  three\n")
    assert isinstance(only.value, MapValue)
    assert only.value.entries["a"].at.text == "|\n  one\n  two"
    assert plain(only.value) == {"a": "one\ntwo\n", "b": "three"}


def test_places_are_characters_also_beyond_the_basic_plane_and_with_windows_line_ends() -> None:
    (only,) = documents("a: \U0001f600 é\r\nb: x\r\n")
    assert isinstance(only.value, MapValue)
    assert only.value.entries["a"].at.text == "\U0001f600 é"
    assert only.value.entries["b"].at.location.line == 2


def test_a_byte_order_mark_shifts_nothing() -> None:
    (only,) = documents("\ufeffa: b\n")
    assert isinstance(only.value, MapValue)
    assert (only.value.keys["a"].text, only.value.entries["a"].at.text) == ("a", "b")


def test_every_document_of_a_stream_is_read() -> None:
    text = "a: 1\n---\n- 2\n---\n# nothing\n---\nb: 3\n...\n"
    assert [plain(one.value) for one in documents(text)] == [{"a": 1}, [2], None, {"b": 3}]


def test_documents_before_a_broken_one_are_kept() -> None:
    first, second = parse(Source("x.yaml", "a: 1\n---\nb: [\n"))
    assert isinstance(first, Document)
    assert isinstance(second, Broken)


def test_nothing_is_no_document() -> None:
    assert parse(Source("x.yaml", "")) == ()
    assert parse(Source("x.yaml", "# only a comment\n")) == ()


def test_a_part_of_a_source_has_offsets_of_the_whole() -> None:
    source = Source("x.yaml", "a: 1\n---\nb: two\n---\nc: 3\n")
    start, end = split(source)[1]
    (only,) = parse(source, start=start, end=end)
    assert isinstance(only, Document)
    assert isinstance(only.value, MapValue)
    value = only.value.entries["b"]
    assert (value.at.text, value.at.location.line) == ("two", 3)


def test_a_custom_tag_is_the_callers() -> None:
    def tag(name: str, value: Value, at: Span) -> Value:
        return MapValue({name: value}, at)

    text = "a: !Ref x\nb: !Sub\n  - item\nc: !If [1]\nd: !!str z\n"
    (only,) = parse(Source("x.yaml", text), tag=tag)
    assert isinstance(only, Document)
    assert plain(only.value) == {"a": {"!Ref": "x"}, "b": {"!Sub": ["item"]}, "c": {"!If": [1]}, "d": "z"}
    assert isinstance(only.value, MapValue)
    assert only.value.entries["a"].at.text == "!Ref x"


def test_an_unknown_tag_is_dropped_and_constructs_nothing() -> None:
    text = "a: !!python/object/apply:os.system ['touch /tmp/never']\nb: !vault |\n  secret\nc: !!set {x: ~}\n"
    assert read(text) == {"a": ["touch /tmp/never"], "b": "secret\n", "c": {"x": None}}


def test_duplicate_keys_are_named_and_the_last_one_counts() -> None:
    (only,) = documents("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert plain(only.value) == {"a": 3, "b": {"c": 2}}
    assert [(one.key, one.first.location.line, one.at.location.line) for one in only.duplicates] == [
        ("c", 3, 4),
        ("a", 1, 5),
    ]


def test_a_merge_key_adds_what_is_not_written() -> None:
    text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\na: {<<: *b, y: own}\nb: {<<: [*b, *m]}\nc: {'<<': 1}\n"
    found = read(text)
    assert isinstance(found, dict)
    assert found["a"] == {"y": "own", "x": 1}
    assert found["b"] == {"x": 1, "y": 2, "z": 4}
    assert found["c"] == {"<<": 1}


def test_a_merged_value_keeps_the_place_where_it_is_written() -> None:
    (only,) = documents("base: &b {x: 1}\na:\n  <<: *b\n")
    assert isinstance(only.value, MapValue)
    merged = only.value.entries["a"]
    assert isinstance(merged, MapValue)
    assert merged.keys["x"].location.line == 1


def test_an_alias_may_be_a_key() -> None:
    assert read("a: &k name\n*k : 1\n") == {"a": "name", "name": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b: c\n", (1, 5, "YAML syntax: mapping values are not allowed in this context")),
        (
            "a: [1\nb: 2\n",
            (
                2,
                2,
                "YAML syntax: while parsing a flow sequence, did not find expected ',' or ']' (it starts in line 1)",
            ),
        ),
        (
            "a: 'x\nb: 2\n",
            (3, 1, "YAML syntax: while scanning a quoted scalar, found unexpected end of stream (it starts in line 1)"),
        ),
        ("? [a]\n: b\n", (1, 3, "expected a plain string as key, found a list or a mapping")),
        ("{{ values }}: b\n", (1, 1, "expected a plain string as key, found a list or a mapping")),
        ("a: *nobody\n", (1, 4, "alias *nobody has no anchor before it")),
        ("a: &x [*x]\n", (1, 8, "alias *x refers to the value that contains it")),
        ("a: &x {b: *x}\n", (1, 11, "alias *x refers to the value that contains it")),
        ("a: &x [1]\n*x : b\n", (2, 1, "expected a plain string as key, found an alias of something else")),
        ("a: {<<: 1}\n", (1, 9, "expected a mapping, or a list of mappings, behind the merge key <<")),
        ("a: \x01\n", (1, 4, "YAML syntax: the character U+0001 is not allowed")),
        ("a: \ud800\n", (1, 4, "YAML syntax: the character U+D800 is not allowed")),
        (
            "a:\n\t- b\n",
            (2, 1, "YAML syntax: while scanning for the next token, found character that cannot start any token"),
        ),
    ],
)
def test_what_is_broken_is_named_with_its_place(text: str, expected: tuple[int, int, str]) -> None:
    assert broken(text) == expected


def test_a_stream_is_cut_where_yaml_ends_documents() -> None:
    text = "# head\n---\na: |\n  ---\n  x\n--- b\n---c: 1\n\n---\n"
    parts = [text[start:end] for start, end in split(Source("x.yaml", text))]
    assert parts == ["# head\n", "---\na: |\n  ---\n  x\n", "--- b\n---c: 1\n\n", "---\n"]


def test_a_stream_with_directives_is_left_whole() -> None:
    text = "%TAG !e! tag:example,2024:\n---\na: !e!x 1\n---\nb: 2\n"
    assert split(Source("x.yaml", text)) == [(0, len(text))]


def test_without_libyaml_the_reader_written_in_python_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x {b: [1, two]}\nc: *x\nd: |\n  text\n---\n- !Ref e\n"
    with_libyaml = [(plain(one.value), one.at.text) for one in documents(text)]
    monkeypatch.setattr(yaml, "CParser", None)
    assert [(plain(one.value), one.at.text) for one in documents(text)] == with_libyaml
    assert broken("a: [1\n")[:2] == (2, 1)
