"""Native syntax: quoted strings, heredocs, template files, and where their characters stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_expression, parse_template_text
from agentreach.parsers.terraform.syntax import Attribute, ForDirective, IfDirective, Name, Problem, Template


def template(text: str) -> Template:
    node = parse_expression(Source("x", text))
    assert isinstance(node, Template), node
    return node


def file_template(text: str) -> Template:
    node = parse_template_text(Source("x", text))
    assert isinstance(node, Template), node
    return node


def plain(node: Template) -> str:
    (text,) = node.parts
    assert isinstance(text, str)
    return text


def problem(text: str) -> tuple[str, int]:
    node = parse_expression(Source("x", text))
    assert isinstance(node, Problem), node
    return node.message, node.start


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('""', ""),
        ('"a b"', "a b"),
        (r'"a\n\r\t\"\\b"', 'a\n\r\t"\\b'),
        (r'"\u00e9\U0001F600"', "é😀"),
        ('"$${a} %%{b}"', "${a} %{b}"),
        ('"$$ %% $ % $a %b"', "$$ %% $ % $a %b"),
        ('"$$${a}"', "$${a}"),
        ('"100%"', "100%"),
        ('"a # b // c /* d"', "a # b // c /* d"),
    ],
)
def test_quoted_strings(text: str, value: str) -> None:
    assert plain(template(text)) == value


@pytest.mark.parametrize(
    ("text", "message", "start"),
    [
        ('"a', "the string is never closed: a quoted string ends on its line", 0),
        ('"a\nb"', "the string is never closed: a quoted string ends on its line", 0),
        ('"a\\', "the string is never closed: a quoted string ends on its line", 0),
        (r'"a\q"', 'a backslash must be followed by n, r, t, ", \\, u or U', 2),
        (r'"\u12"', "\\u must be followed by 4 hexadecimal digits", 1),
        (r'"\U0011000"', "\\U must be followed by 8 hexadecimal digits", 1),
        (r'"\ud800"', "this escape is not a Unicode character", 1),
        (r'"\U00110000"', "this escape is not a Unicode character", 1),
        ('"${a"', "expected '}' to end the template sequence, found a string", 4),
        ('"${a b}"', "expected '}' to end the template sequence, found a name", 5),
        ('"${}"', "expected an expression, found '}'", 3),
        ('"%{ if a }x"', "%{ if } without its %{ endif }", 10),
        ('"%{ endif }"', "%{ endif } without its beginning", 1),
        ('"%{ if a }%{ endfor }"', "expected %{ endif }, found %{ endfor }", 10),
        ('"%{ if a }%{ else }%{ else }%{ endif }"', "expected %{ endif }, found %{ else }", 19),
        ('"%{ for x in y }%{ else }%{ endfor }"', "expected %{ endfor }, found %{ else }", 16),
        ('"%{ loop }"', "expected if, else, endif, for or endfor after %{", 4),
        ('"%{ for 1 in x }"', "expected a name after 'for', found a number", 8),
        ("<<EOT\na\n", "the heredoc is never closed: no line is its marker alone", 0),
        ("<<EOT\na\nEOT", "the heredoc is never closed: no line is its marker alone", 0),
        ("<<EOT\na\rb\nEOT\n", "a carriage return without a line feed", 7),
    ],
)
def test_problems(text: str, message: str, start: int) -> None:
    assert problem(text) == (message, start)


def test_one_interpolation_and_nothing_else_keeps_its_type() -> None:
    assert template('"${a}"').parts == (Name("a", 3, 4),)


def test_interpolations_stand_between_their_texts() -> None:
    node = template('"x-${ var.a }-${b}"')
    assert node.parts == ("x-", Attribute(Name("var", 6, 9), "a", 6, 11), "-", Name("b", 16, 17))
    assert node.offsets == (1, 6, 13, 16)


def test_interpolations_hold_any_expression() -> None:
    node = template('"${join(",", [for x in {a = "}"} : "${x}"])}"')
    assert len(node.parts) == 1
    assert template('"${\n# why\na\n}"').parts == (Name("a", 10, 11),)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('"a ${~ b ~} c"', ("a", "b", "c")),
        ('"a ${~ b } c"', ("a", "b", " c")),
        ('" ${~ b ~} "', ("", "b", "")),
        ('"\\n ${~ b}"', ("", "b")),
        ('"a ${b}${~ c}"', ("a ", "b", "c")),
    ],
)
def test_trim_markers_eat_white_space(text: str, parts: tuple[str, ...]) -> None:
    assert tuple(part.name if isinstance(part, Name) else part for part in template(text).parts) == parts


def test_directives_hold_templates() -> None:
    (node,) = template('"%{ if a }x%{ else }y${b}%{ endif }"').parts
    assert isinstance(node, IfDirective)
    assert node.condition == Name("a", 7, 8)
    assert node.then.parts == ("x",)
    assert node.otherwise is not None
    assert node.otherwise.parts == ("y", Name("b", 23, 24))
    assert (node.start, node.end) == (1, 35)


def test_a_for_directive_names_key_and_value() -> None:
    (node, text) = template('"%{ for k, v in a ~} ${v} %{~ endfor }."').parts
    assert isinstance(node, ForDirective)
    assert (node.key, node.value, node.collection) == ("k", "v", Name("a", 16, 17))
    assert [part if isinstance(part, str) else "v" for part in node.body.parts] == ["", "v", ""]
    assert text == "."


def test_an_empty_branch_is_an_empty_text() -> None:
    (node,) = template('"%{ if a }%{ endif }"').parts
    assert isinstance(node, IfDirective)
    assert node.then.parts == ("",)
    assert node.otherwise is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<<EOT\na\n  b\nEOT\n", "a\n  b\n"),
        ("<<EOT\nEOT\n", ""),
        ("<<EOT\n\nEOT\n", "\n"),
        ("<<EOT\na\n  EOT\n", "a\n"),
        ("<<EOT\na\nEOTX\nEOT\n", "a\nEOTX\n"),
        ("<<E-O_1\na\nE-O_1\n", "a\n"),
        ('<<EOT\n\\n "$${a}" %%{b} $ %\nEOT\n', '\\n "${a}" %{b} $ %\n'),
        ("<<EOT\r\na\r\nEOT\r\n", "a\r\n"),
        ("<<-EOT\n    a\n      b\n  EOT\n", "a\n  b\n"),
        ("<<-EOT\n    a\n\n      b\nEOT\n", "a\n\n  b\n"),
        ("<<-EOT\n\ta\n  b\nEOT\n", "a\n b\n"),
        ("<<-EOT\n    a\n  \n    b\nEOT\n", "a\n  \nb\n"),
        ("<<-EOT\n  a\nb\nEOT\n", "  a\nb\n"),
        ("<<-EOT\nEOT\n", ""),
    ],
)
def test_heredocs(text: str, value: str) -> None:
    assert plain(template(text)) == value


def test_a_marker_within_an_interpolation_does_not_end_a_heredoc() -> None:
    node = template("<<EOT\n${<<EOT\na\nEOT\n}b\nEOT\n")
    inner, rest = node.parts
    assert isinstance(inner, Template)
    assert inner.parts == ("a\n",)
    assert rest == "b\n"


def test_only_literal_text_counts_as_indentation() -> None:
    assert [part for part in template("<<-EOT\n    a\n  ${b}\nEOT\n").parts if isinstance(part, str)] == ["  a\n", "\n"]
    assert [part for part in template("<<-EOT\n    a\n${b}\nEOT\n").parts if isinstance(part, str)] == ["    a\n", "\n"]


def test_trimming_comes_before_dedenting() -> None:
    """The usual loop with `~}` keeps its four spaces: TERRAFORM's order, not the one people expect."""
    trimmed = template("<<-EOT\n%{ for x in y ~}\n    ${x}\n%{ endfor ~}\nEOT\n").parts[0]
    assert isinstance(trimmed, ForDirective)
    assert [part for part in trimmed.body.parts if isinstance(part, str)] == ["    ", "\n"]
    kept = template("<<-EOT\n    %{ for x in y }\n    ${x}\n    %{ endfor }\nEOT\n")
    assert kept.parts[0] == ""
    loop = kept.parts[1]
    assert isinstance(loop, ForDirective)
    assert [part for part in loop.body.parts if isinstance(part, str)] == ["\n", "\n"]


def test_a_trim_marker_eats_one_line_end_of_a_heredoc() -> None:
    assert template("<<EOT\n${a ~}\n\n  b\nEOT\n").parts[1] == "\n  b\n"


def test_a_template_file_is_one_template() -> None:
    assert file_template("${a}").parts == (Name("a", 2, 3),)
    assert plain(file_template("")) == ""
    assert plain(file_template('a "b" \\n $${c}\n')) == 'a "b" \\n ${c}\n'
    assert plain(file_template("a $")) == "a $"
    assert file_template("a${b}\n").offsets == (0, 3, 5)


def located(node: Template, text: str) -> list[tuple[str, str]]:
    """Each character of the literal parts and the character of the source it is said to stand at."""
    pairs = []
    for index, part in enumerate(node.parts):
        if isinstance(part, str):
            pairs += [(character, text[node.locate(index, at)]) for at, character in enumerate(part)]
    return pairs


def test_characters_are_located_through_escapes_and_dedenting() -> None:
    text = r'"a\"b\u00e9c$${d"'
    assert located(template(text), text) == [
        ("a", "a"), ('"', "\\"), ("b", "b"), ("é", "\\"), ("c", "c"), ("$", "$"), ("{", "{"), ("d", "d"),
    ]  # fmt: skip
    heredoc = '<<-EOT\n    {\n      "A": "${x}",\n    }\n  EOT\n'
    assert all(character == source for character, source in located(template(heredoc), heredoc))
    node = template(heredoc)
    assert node.parts[0] == '{\n  "A": "'
    assert node.locate(0, 2) == heredoc.index('  "A"')


LINES = st.lists(st.sampled_from(["", "  ", "    a", "  b c", "\td", "e", "${x}", "  ${x}f", "  $${g}"]), max_size=8)


@given(LINES, st.sampled_from(["", "-"]))
def test_every_character_of_a_heredoc_is_located(lines: list[str], dash: str) -> None:
    text = f"<<{dash}EOT\n" + "".join(f"{line}\n" for line in lines) + "EOT\n"
    assert all(character == source for character, source in located(template(text), text))


@given(st.text(alphabet='ab "\\nt$%{é\t', max_size=30))
def test_what_is_escaped_is_read_back(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    escaped = escaped.replace("${", "$${").replace("%{", "%%{")
    text = f'"{escaped}"'
    assert plain(template(text)) == value
    assert all(source in (character, "\\", "$", "%") for character, source in located(template(text), text))
