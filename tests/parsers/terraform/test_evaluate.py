"""Evaluation of expressions: what is known, what stays partly known, where values are written, and what is bounded."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from agentreach.model import Key, Kind, Reference, Source, Span
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.evaluation import Budget
from agentreach.parsers.terraform.hcl import parse_expression
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, ObjectType
from agentreach.parsers.terraform.values import (
    Bool,
    Encoded,
    Failure,
    List,
    Map,
    Null,
    Number,
    Object,
    OneOf,
    Partial,
    Perhaps,
    String,
    Tuple,
    Unknown,
    Value,
)
from agentreach.parsers.terraform.written import as_text, written_json
from parsers.terraform.oracle import MemoryFiles

if TYPE_CHECKING:
    from agentreach.parsers.terraform.evaluate import Step

ELSEWHERE = Span(Source("variables.tf", "variable"), 0, 8)
ROLE = Reference(Key(".", "aws_iam_role.ops"), "arn", ELSEWHERE)
NAMES: dict[str, Value] = {
    "s": Unknown(STRING, "variable 's' has no value", ELSEWHERE, nullable=False),
    "n": Unknown(NUMBER, "variable 'n' has no value", ELSEWHERE, nullable=False),
    "b": Unknown(BOOL, "variable 'b' has no value", ELSEWHERE, nullable=False),
    "c": Unknown(BOOL, "variable 'c' has no value", ELSEWHERE, nullable=False),
    "any": Unknown(DYNAMIC, "variable 'any' has no value", ELSEWHERE),
    "names": Unknown(ListType(STRING), "variable 'names' has no value", ELSEWHERE, nullable=False),
    "tags": Unknown(MapType(STRING), "variable 'tags' has no value", ELSEWHERE, nullable=False),
    "cfg": Unknown(ObjectType({"bucket": STRING}), "variable 'cfg' has no value", ELSEWHERE, nullable=False),
    "account": Unknown(STRING, "the account", ELSEWHERE, Kind.ACCOUNT, nullable=False),
    "role": Unknown(STRING, "known after apply", ELSEWHERE, nullable=False, reference=ROLE),
    "block": Unknown(DYNAMIC, "known after apply", ELSEWHERE, nullable=False, reference=ROLE),
    "fixed": String("fixed", ELSEWHERE),
}


class Names:
    """A scope of a few names, and of files."""

    def __init__(self, source: Source, files: dict[str, str]) -> None:
        self.source = source
        self.files = MemoryFiles(files)

    def resolve(self, root: str, _steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        return NAMES.get(root, Failure(f"there is no {root}", at)), 0


def value(text: str, files: dict[str, str] | None = None, budget: Budget | None = None) -> Value:
    source = Source("main.tf", text)
    expression = parse_expression(source)
    assert not isinstance(expression, Problem), expression
    return evaluate(expression, Names(source, files or {}), budget)


def shown(found: Value) -> str:
    """A known value as JSON; holes as `?`, alternatives with `|`, elements that may be missing with `?` behind."""
    if isinstance(found, OneOf):
        return " | ".join(map(shown, found.alternatives))
    if isinstance(found, Unknown):
        return "?"
    if isinstance(found, Partial):
        return '"' + "".join(part if isinstance(part, str) else "?" for part in found.parts) + '"'
    if isinstance(found, Tuple | List):
        return f"[{', '.join(map(_shown_item, found.items))}]"
    if isinstance(found, Object) and (found.rest or found.maybe):
        entries = [f"{name}{'?' * (name in found.maybe)}: {shown(entry)}" for name, entry in found.entries.items()]
        return "{" + ", ".join(entries + ["…"] * (found.rest is not None)) + "}"
    if isinstance(found, Failure):
        return f"failure: {found.message}"
    return "".join(part if isinstance(part, str) else "?" for part in written_json(found))


def _shown_item(item: Value | Perhaps) -> str:
    if isinstance(item, Perhaps):
        return shown(item.value) + ("…" if item.many else "?")
    return shown(item)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a-${s}-b"', '"a-?-b"'),
        ('"${s}"', "?"),
        ('"${s}${n}"', '"??"'),
        ('b ? "x" : "y"', '"x" | "y"'),
        ('"p-${b ? "x" : "y"}"', '"p-x" | "p-y"'),
        ('b ? "x" : s', '"x" | ?'),
        ("b ? 1 : [0][1]", "1"),
        ("b ? [1] : []", "[1] | []"),
        ('b ? { a = 1 } : { a = "x" }', '{"a":"1"} | {"a":"x"}'),
        ("b && false", "false"),
        ("b || true", "true"),
        ("b && c", "?"),
        ("!b", "?"),
        ("n > 1", "?"),
        ("(b ? 1 : 2) + 1", "2 | 3"),
        ("(b ? 1 : 2) > 0", "true | true"),
        ("(b ? 1 : 2) > 0 ? 5 : 6", "5"),
        ("-(b ? 1 : 2)", "-1 | -2"),
        ('{ a = "k", b = s }["a"]', '"k"'),
        ('{ x = "1", y = "2" }[s]', '"1" | "2"'),
        ('{ ax = "1", ay = "2", b = "3" }["a${s}"]', '"1" | "2"'),
        ('["a", "b"][n]', '"a" | "b"'),
        ("any.deep[0].path", "?"),
        ("cfg.bucket", "?"),
        ("cfg.missing", "failure: there is no attribute 'missing'"),
        ("names[*]", "[?…]"),
        ('[for x in names : "p-${x}"]', '["p-?"…]'),
        ('[for x in ["a", "b"] : x if b]', '["a"?, "b"?]'),
        ('[for x in ["a", s] : x if x == "a"]', '["a", ??]'),
        ('{ for x in ["a", "b"] : x => 1 if b }', "{a?: 1, b?: 1}"),
        ('{ for x in ["a", s] : x => 1 }', "{a: 1, …}"),
        ('{ for x in ["a", "a"] : x => 1 }', "failure: two elements have the key 'a'"),
        ("{ for k, v in cfg : k => v }", '{"bucket":?}'),
        ("{ (s) = 1, b = 2 }", "{b: 2 | 1, …}"),
        ('"%{ if b }x%{ endif }y"', '"xy" | "y"'),
        ('"%{ for x in names }${x},%{ endfor }z"', '"?z"'),
        ('"%{ for x in ["a", s] }${x},%{ endfor }"', '"a,?,"'),
        ("try(any.x, 1)", "? | 1"),
        ("try(cfg.bucket, 1)", "?"),
        ("try(tonumber(s), 1)", "? | 1"),
        ('try("p-${s}", 1)', '"p-?"'),
        ("try(b ? [0][1] : 2, 3)", "2 | 3"),
        ("try(nothing, 1)", "1"),
        ("can(nothing)", "false"),
        ("can(any.x)", "?"),
        ('can("p-${s}")', "true"),
        ("any == null", "?"),
        ("s == null", "false"),
        ('"x-${s}" == "y-z"', "false"),
        ("role.name", "failure: this value has no attribute 'name'"),
        ("nothing", "failure: there is no nothing"),
        ("[nothing, 1]", "[?, 1]"),
        ("provider::aws::arn_parse(s)", "?"),
        ("newer_function(1)", "?"),
        ("null.x", "failure: null has no attribute 'x'"),
        ("1 / 0 > 5", "true"),
        ('"x${1 / 0}"', '"x+Inf"'),
        ("jsonencode(1 / 0)", '"?"'),
        ("0 / 0", "failure: zero divided by zero"),
        ("[1, 2][0.5]", "failure: an index must be a whole number, zero or more"),
        ("[1, 2][-1]", "failure: an index must be a whole number, zero or more"),
        ("fixed", '"fixed"'),
        ('false ? "a" : fixed', '"fixed"'),
    ],
)
def test_every_known_part_stays_known(text: str, expected: str) -> None:
    assert shown(value(text)) == expected


def test_unknown_text_keeps_what_is_known_about_it() -> None:
    found = value('"arn:aws:iam::${account}:role/${role}"')
    assert isinstance(found, Partial)
    holes = [part for part in found.parts if isinstance(part, Unknown)]
    assert holes[0].kind is Kind.ACCOUNT
    assert holes[1].reference == ROLE
    assert holes[0].at is ELSEWHERE


def test_attributes_of_a_resource_extend_its_reference() -> None:
    found = value("block.identity[0].principal_id")
    assert isinstance(found, Unknown)
    assert found.reference == Reference(ROLE.key, "arn.identity.0.principal_id", ELSEWHERE)


def test_values_are_located_where_they_are_written() -> None:
    text = '{\n  a = upper("x")\n  b = ["y",\n    "z"]\n}'
    found = value(text)
    assert isinstance(found, Object)
    assert found.keys["b"].location.line == 3
    listed = found.entries["b"]
    assert isinstance(listed, Tuple)
    second = listed.items[1]
    assert isinstance(second, String)
    assert second.at.location[1:3] == (4, 5)
    assert second.at.text == '"z"'
    first = found.entries["a"]
    assert isinstance(first, String)
    assert first.at.text == 'upper("x")'


@pytest.mark.parametrize(
    "text",
    [
        'flatten([["x"], "here"])[1]',
        'concat(["x"], tolist(["here"]))[1]',
        'merge({ a = "x" }, { a = "here" }).a',
        'lookup({ a = "here" }, "a", "d")',
        'coalesce(null, "here")',
        'element(["x", "here"], 3)',
        'try(nothing, "here")',
        'values({ b = "here" })[0]',
        'jsondecode(jsonencode({ a = "here" })).a',
        'slice(["x", "here"], 1, 2)[0]',
        'reverse(["here", "x"])[1]',
        '[for x in ["here"] : x][0]',
        'zipmap(["k"], ["here"]).k',
        'false ? "x" : "here"',
        'distinct(["x", "x", "here"])[1]',
        '{ for k, v in { a = "here" } : k => v }.a',
        'sensitive("here")',
        'tolist(toset(["x", "here"]))[0]',
    ],
)
def test_elements_keep_their_places_through_functions(text: str) -> None:
    found = value(text)
    assert isinstance(found, String)
    assert found.at.text == '"here"'


def test_json_in_a_heredoc_is_located_line_by_line() -> None:
    found = value('jsondecode(<<-EOT\n  {\n    "Effect": "Allow",\n    "Resource": "arn:${s}"\n  }\n  EOT\n)')
    assert isinstance(found, Object)
    assert {name: span.location.line for name, span in found.keys.items()} == {"Effect": 3, "Resource": 4}
    effect = found.entries["Effect"]
    assert isinstance(effect, String)
    assert effect.at.text == '"Allow"'
    assert shown(found.entries["Resource"]) == '"arn:?"'


def test_json_in_a_quoted_string_is_located_between_its_escapes() -> None:
    found = value(r'jsondecode("{\"a\": \"b\", \"c\": 1}")')
    assert isinstance(found, Object)
    entry = found.entries["c"]
    assert isinstance(entry, Number)
    assert entry.at.text == "1"


def test_a_file_is_located_in_itself() -> None:
    files = {"policy.json": '{\n  "Statement": [\n    {"Sid": "Read"}\n  ]\n}\n'}
    found = value('jsondecode(file("policy.json")).Statement[0].Sid', files)
    assert isinstance(found, String)
    assert found.at.location[:3] == ("policy.json", 3, 13)


def test_yaml_of_a_file_is_located_in_itself() -> None:
    found = value('yamldecode(file("roles.yaml")).roles[1]', {"roles.yaml": "roles:\n  - reader\n  - writer\n"})
    assert isinstance(found, String)
    assert found.at.location[:3] == ("roles.yaml", 3, 5)


def test_a_rendered_template_is_located_in_its_file() -> None:
    files = {"policy.tftpl": '{"Statement": [\n%{ for x in arns ~}\n  {"Resource": "${x}/*"}\n%{ endfor ~}\n]}'}
    found = value('jsondecode(templatefile("policy.tftpl", { arns = [s] })).Statement[0]', files)
    assert isinstance(found, Object)
    assert found.at.location[:2] == ("policy.tftpl", 3)
    assert shown(found) == '{"Resource":"?/*"}'


def test_encoded_structures_survive_templates_that_add_nothing() -> None:
    found = value('<<EOT\n${jsonencode({ a = ["here"] })}\nEOT\n')
    assert isinstance(found, Encoded)
    assert isinstance(found.value, Object)
    assert as_text(found) == String('{"a":["here"]}\n', found.at)
    wrapped = value('"x${jsonencode({ a = s })}"')
    assert shown(wrapped) == '"x{"a":"?"}"'


def test_templates_see_only_their_own_variables() -> None:
    files = {"t.tftpl": "${fixed}"}
    assert shown(value('templatefile("t.tftpl", {})', files)).startswith("failure: the template has no variable")
    assert shown(value('templatefile("t.tftpl", { fixed = s })', files)) == "?"
    assert shown(value('templatefile("gone.tftpl", {})', files)) == "failure: templatefile: no such file"
    assert "syntax error" in shown(value('templatefile("t.tftpl", {})', {"t.tftpl": "${"}))


def test_templates_that_render_themselves_end() -> None:
    found = value('templatefile("t.tftpl", {})', {"t.tftpl": 'a${templatefile("t.tftpl", {})}'})
    assert shown(found) == f'"{"a" * 16}?"'


@pytest.mark.parametrize(
    "text",
    [
        "[for a in range(1024) : [for b in range(1024) : [for c in range(1024) : a]]]",
        '[for i in range(1024) : [for j in range(1024) : "${i}-${j}"]]',
        'join("", [for i in range(1024) : join("", [for j in range(1024) : "0123456789abcdef"])])',
    ],
)
def test_work_is_bounded_in_steps(text: str) -> None:
    found = value(text, budget=Budget(50_000))
    assert isinstance(found, Unknown)
    assert found.reason == "the expression takes too many steps to evaluate"


def test_evaluations_that_share_a_budget_stop_together() -> None:
    budget = Budget(250)
    assert isinstance(value("[for x in range(50) : x]", budget=budget), Tuple)
    assert isinstance(value("[for x in range(50) : x]", budget=budget), Unknown)


def test_text_is_bounded_in_length_and_parts() -> None:
    longer = 'format("%9999s", "x")'
    for _ in range(3):
        longer = f'replace({longer}, " ", "{"y" * 64}")'
    assert isinstance(value(longer), String)
    found = value(f'replace({longer}, "y", "{"y" * 64}")')
    assert isinstance(found, Unknown)
    many = value('join("", [for i in range(1024) : join("", [s, "-", s, "-", s, "-", s, "-", s])])')
    assert isinstance(many, Unknown)


def test_alternatives_are_bounded() -> None:
    found = value('"' + "".join('${b ? "x" : "y"}' for _ in range(7)) + '"')
    assert isinstance(found, OneOf)
    assert len(found.alternatives) == 64


def test_many_optional_maps_merge_to_one_whose_keys_may_be_missing() -> None:
    found = value("merge(" + ", ".join(f"b ? {{ k{index} = 1 }} : {{}}" for index in range(7)) + ")")
    assert isinstance(found, Map)
    assert found.maybe == {f"k{index}" for index in range(7)}


def test_nothing_of_yaml_or_functions_is_imported_before_it_is_used() -> None:
    program = (
        "import sys, agentreach.parsers.terraform.evaluate as e\n"
        "names = [n for n in sys.modules if n == 'yaml' or n.startswith('agentreach.parsers.terraform.functions.')]\n"
        "print(sorted(names))"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "yaml" not in printed
    assert "agentreach.parsers.terraform.functions.collections" not in printed


def test_a_null_given_to_a_template_fails() -> None:
    assert isinstance(value('try("a${null}", 1)'), Number)
    assert isinstance(value('"${null}"'), Null)
    assert isinstance(value("null == null"), Bool)
