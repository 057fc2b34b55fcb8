"""Second opinions on native syntax: HashiCorp's own parser (pygohcl) and python-hcl2, and OpenTofu's answers.

pygohcl runs in a process of its own, because a panic in it ends the process. Where we differ on purpose, the case
is in `DEVIATIONS` or `PYTHON_HCL2_DEVIATIONS` with its reason.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_expression, parse_file, parse_template_text
from agentreach.parsers.terraform.json_syntax import parse_json_file, parse_json_variables
from agentreach.parsers.terraform.syntax import (
    Body,
    Literal,
    ObjectExpression,
    Problem,
    Template,
    TupleExpression,
    Unary,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.parsers.terraform.syntax import Expression

pytest.importorskip("pygohcl")
hcl2 = pytest.importorskip("hcl2")

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "oracles" / "hcl_cases.jsonl.gz"

# Texts on which HashiCorp's parser and ours give different verdicts on purpose.
DEVIATIONS = {
    "a = " + "[" * 250 + "]" * 250 + "\n": "nesting is limited to 200",
    "a = x" + ".y" * 201 + "\n": "so are steps in a row, because the tree they make is as deep",
    "a = 1" + " + 1" * 201 + "\n": "and operators in a row",
}

# Texts that python-hcl2 reads in another way than HashiCorp's parser and ours.
PYTHON_HCL2_DEVIATIONS = {
    'a = "x"\na = "y"\n': "it keeps the last of two equal arguments, which Terraform refuses",
    'a = "\\%"\n': "it takes a backslash before anything",
}
TAKEN_BY_PYTHON_HCL2 = ("the same argument is set twice", "a backslash must", "\\u must", "\\U must", "this escape")

_WORKER = """
import json, sys
import pygohcl
for line in sys.stdin:
    text = json.loads(line)
    try:
        answer = {"value": pygohcl.loads(text)}
    except pygohcl.HCLParseError:
        answer = {"refused": True}
    except Exception as error:
        answer = {"other": str(error)}
    print(json.dumps(answer), flush=True)
"""


class GoParser:
    """HashiCorp's parser in a process that is started again when it dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, text: str) -> dict[str, object]:
        """`value`, `refused`, or `other` (it parsed, but could not make a value of it)."""
        process = self._process
        if process is None:
            command = [sys.executable, "-c", _WORKER]
            pipe = subprocess.PIPE
            process = self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
            )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            print(json.dumps(text), file=process.stdin, flush=True)
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.close()
            return {"other": "it died"}
        return cast("dict[str, object]", json.loads(line))

    def close(self) -> None:
        if self._process is not None:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture(scope="module")
def go() -> Iterator[GoParser]:
    parser = GoParser()
    yield parser
    parser.close()


def file_texts() -> Iterator[str]:
    """Every native file of the cases and of the fixtures."""
    for case in cases():
        for name, text in case["files"].items():
            if name.endswith((".tf", ".tofu", ".tfvars")):
                yield text
    for path in sorted((ROOT / "fixtures").rglob("*.tf")):
        yield path.read_text(encoding="utf-8")


def cases() -> list[dict[str, dict[str, str]]]:
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def everything_wrong(body: Body) -> list[str]:
    return [problem.message for block in body.blocks for problem in block.body.problems] + [
        problem.message for problem in body.problems
    ]


def test_every_text_that_opentofu_evaluated_is_accepted() -> None:
    refused = []
    for case in cases():
        expression = cast("str | None", case.get("expression"))
        if expression is not None and isinstance(result := parse_expression(Source("e", expression)), Problem):
            refused.append((case["id"], expression, result.message))
        for name, text in case["files"].items():
            refused += [(case["id"], name, message) for message in refusals(name, text)]
    assert refused == []


def refusals(name: str, text: str) -> list[str]:
    source = Source(name, text)
    if name.endswith((".tf.json", ".tofu.json")):
        return everything_wrong(parse_json_file(source))
    if name.endswith(".tfvars.json"):
        return everything_wrong(parse_json_variables(source))
    if name.endswith((".tf", ".tofu", ".tfvars")):
        return everything_wrong(parse_file(source))
    if name.endswith((".tftpl", ".tpl")):
        result = parse_template_text(source)
        return [result.message] if isinstance(result, Problem) else []
    return []


def test_verdicts_on_every_file_are_those_of_hashicorps_parser(go: GoParser) -> None:
    for text in set(file_texts()):
        assert ("refused" in go(text)) == bool(everything_wrong(parse_file(Source("main.tf", text)))), text


NAMES = st.sampled_from(["a", "b-c", "größe", "for", "null", "true", "d_1"])
STRINGS = st.text(alphabet='ab \\"$%{}nrtué~\t', max_size=8).map(lambda text: f'"{text}"')
HEREDOCS = st.tuples(
    st.sampled_from(["", "-"]),
    st.lists(st.sampled_from(["", "  ", "    a", "\tb", " $${c}", "%%{d", "e $ %", "EOTX", "  \u00a0f"]), max_size=5),
    st.sampled_from(["", "  "]),
    st.sampled_from(["\n", "\r\n"]),
).map(
    lambda parts: (
        f"<<{parts[0]}EOT{parts[3]}" + "".join(f"{x}{parts[3]}" for x in parts[1]) + f"{parts[2]}EOT{parts[3]}"
    )
)
NUMBERS = st.sampled_from(["0", "1", "1.5", "1e3", "007", "1.50", "2e-2", "9007199254740993"])
LITERALS = st.recursive(
    st.one_of(st.sampled_from(["true", "false", "null"]), NUMBERS, STRINGS, HEREDOCS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{' ,'.join(items)}]"),
        st.lists(st.tuples(st.sampled_from(["k = ", '"l" : ', "m=", "n ="]), inner), max_size=3).map(
            lambda items: "{\n" + "\n".join(key + value for key, value in items) + "\n}"
        ),
    ),
    max_leaves=6,
)
LINES = st.one_of(
    st.tuples(NAMES, LITERALS).map(lambda pair: f"{pair[0]} = {pair[1]}\n"),
    st.sampled_from(["# c\n", "/* d\n */\n", "\n", "b {\n}\n", 'b x "y" { z = 1 }\n', "\ufeff", "// e\r\n"]),
)
FILES = st.lists(LINES, max_size=5).map("".join)
CHARACTERS = "\"${}[]()%~#/\\<>=!?:.,*-+\n\r\t ;&|`'é“"
LEXEMES = [
    "${",
    "%{",
    "~}",
    "<<EOT\n",
    "EOT\n",
    "/*",
    "*/",
    "...",
    "=>",
    "::",
    "${a ~}",
    "[*]",
    ".*",
    ".0",
    "a.1.1",
    "for",
]
DIRECTIVES = ["%{ if a }", "%{ else }", "%{ endif }", "%{ for x in y }", "%{ endfor }"]
MISTAKES = st.sampled_from([*CHARACTERS, *LEXEMES, *DIRECTIVES])
BROKEN = st.tuples(FILES, st.integers(0, 200), MISTAKES).map(
    lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :]
)
RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@RELAXED
@given(text=st.one_of(FILES, BROKEN))
@example(text="a = <<EOT\nx\nEOT")
@example(text='a = "$${~ b}"\n')
@example(text='a = "%%%{b}"\n')
@example(text="a = 1\rb = 2\n")
@example(text="a = <<-EOT\n  ${a ~}\n\n  b\nEOT\n")
@example(text="x = [for.y in z : z]\n")
def test_verdicts_on_generated_files_are_those_of_hashicorps_parser(go: GoParser, text: str) -> None:
    answer = go(text)
    if "other" not in answer:
        assert ("refused" in answer) == bool(everything_wrong(parse_file(Source("main.tf", text))))


@RELAXED
@given(value=LITERALS)
def test_values_of_literals_are_those_of_hashicorps_parser(go: GoParser, value: str) -> None:
    answer = go(f"a = {value}\n")
    body = parse_file(Source("main.tf", f"a = {value}\n"))
    if "value" in answer:
        assert body.problems == ()
        theirs = cast("dict[str, object]", answer["value"])["a"]
        assert comparable(plain(body.attributes["a"].expression)) == comparable(theirs)


def plain(node: Expression) -> object:
    match node:
        case Template():
            return node.parts[0]
        case TupleExpression():
            return [plain(item) for item in node.items]
        case ObjectExpression():
            return {str(plain(item.key)): plain(item.value) for item in node.items}
        case Literal(value=Fraction()):
            return float(cast("Fraction", node.value))
        case Literal():
            return node.value
        case Unary():
            return -cast("float", plain(node.operand))
    raise AssertionError(node)


def comparable(value: object) -> object:
    """Their numbers are doubles, and null arguments are left out."""
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize("text", DEVIATIONS, ids=list(DEVIATIONS.values()))
def test_deviations_from_hashicorps_parser_are_known(go: GoParser, text: str) -> None:
    assert "refused" not in go(text)
    assert everything_wrong(parse_file(Source("main.tf", text)))


HAND_WRITTEN = """
locals {
  a = "x-${var.b}-${upper("c")}"
  d = [for k, v in var.e : "${k}=${v}" if v != null]
  f = { for g in var.h : g.id => g... }
  i = var.j ? 1 : 2 + 3 * 4
  k = aws_iam_role.l[*].arn
  m = aws_iam_role.n[count.index].p["q"]
  r = merge({ s = 1 }, var.t...)
  u = !var.v && (var.w || var.x)
  y = -1
}

resource "aws_iam_role" "z" {
  count = length(var.a)
  name  = "b"

  tags = {
    "c" = "d"
    e   = 1
  }

  dynamic "f" {
    for_each = var.g
    content {
      h = f.value.i
    }
  }
}
"""


def test_python_hcl2_finds_the_same_blocks_arguments_and_expressions() -> None:
    theirs = hcl2.loads(HAND_WRITTEN)
    compare(parse_file(Source("main.tf", HAND_WRITTEN)), theirs)


def compare(ours: Body, theirs: dict[str, object]) -> None:
    arguments = {name: value for name, value in theirs.items() if name in ours.attributes}
    assert set(arguments) == set(ours.attributes)
    for name, value in arguments.items():
        assert shape(ours.attributes[name].expression) == shape(their_expression(value))
    found: dict[str, list[dict[str, object]]] = {}
    for block in ours.blocks:
        inner: dict[str, object] = {"": block.body}
        for label in reversed(block.labels):
            inner = {f'"{label}"': inner}
        found.setdefault(block.type, []).append(inner)
    for kind, blocks in found.items():
        for one, other in zip(blocks, cast("list[dict[str, object]]", theirs[kind]), strict=True):
            compare_block(one, other)


def compare_block(ours: dict[str, object], theirs: dict[str, object]) -> None:
    for label, inner in ours.items():
        if label:
            compare_block(cast("dict[str, object]", inner), cast("dict[str, object]", theirs[label]))
        else:
            compare(cast("Body", inner), theirs)


def their_expression(value: object) -> Expression:
    """What they print of an expression, parsed by us: it shows where they saw it begin, end and nest."""
    if isinstance(value, dict):
        text = "{" + ", ".join(f"{key} = {their_text(item)}" for key, item in value.items()) + "}"
    else:
        text = their_text(value)
    result = parse_expression(Source("theirs", text))
    assert not isinstance(result, Problem), (text, result)
    return result


def their_text(value: object) -> str:
    if isinstance(value, str):
        return value[2:-1] if value.startswith("${") else value
    if isinstance(value, list):
        return f"[{', '.join(map(their_text, value))}]"
    return json.dumps(value)


def shape(node: object) -> object:
    """A tree without its offsets."""
    if isinstance(node, tuple):
        return tuple(map(shape, node))
    fields = getattr(node, "__dataclass_fields__", None)
    if fields is None:
        return node
    ignored = ("start", "end", "offsets", "moves")
    return (type(node).__name__, *(shape(getattr(node, name)) for name in fields if name not in ignored))


@pytest.mark.parametrize("text", PYTHON_HCL2_DEVIATIONS, ids=list(PYTHON_HCL2_DEVIATIONS.values()))
def test_deviations_from_python_hcl2_are_known(go: GoParser, text: str) -> None:
    hcl2.loads(text)
    assert "refused" in go(text)
    assert everything_wrong(parse_file(Source("main.tf", text)))


@settings(max_examples=30, deadline=None)
@given(text=FILES)
def test_what_python_hcl2_accepts_in_generated_files_is_accepted(text: str) -> None:
    try:
        hcl2.loads(text)
    except Exception:  # noqa: BLE001 - whatever it raises, it does not accept
        return
    problems = everything_wrong(parse_file(Source("main.tf", text)))
    assert [message for message in problems if not message.startswith(TAKEN_BY_PYTHON_HCL2)] == []
