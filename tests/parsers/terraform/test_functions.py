"""Functions where the shared cases are silent: corners of Terraform's behaviour, errors, and partly known text."""

from __future__ import annotations

import base64
import gzip
from typing import TYPE_CHECKING

import pytest

from agentreach.model import Source, Span
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.functions import FAMILIES, find
from agentreach.parsers.terraform.hcl import parse_expression
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.values import Failure, Unknown, Value
from parsers.terraform.oracle import MemoryFiles, Missing
from parsers.terraform.test_evaluate import shown, value

if TYPE_CHECKING:
    from agentreach.parsers.terraform.evaluate import Step

FILES = {
    "a.txt": "hello",
    "b.tpl": "Hi ${name}!%{ for x in list ~}\n ${x}\n%{ endfor ~}",
    "dir/c.json": "{}",
    "dir/deep/d.json": "[]",
    "bytes.bin": "base64:/w==",
    "loop.tpl": '${templatefile("loop.tpl", {})}',
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Numbers
        ("toset([-0, 0])", "[-0,0]"),
        ("toset([-0]) == toset([0])", "false"),
        ("distinct([-0, 0])", "[-0]"),
        ("[1, 2][-0]", "1"),
        ("range(2, 2, 0)", "[]"),
        ("pow(10, -2)", "0.01"),
        ("pow(2, 0.5)", "1.4142135623730951"),
        ("tostring(1 / 0)", '"+Inf"'),
        ("yamlencode(1 / 0)", '"+Inf\\n...\\n"'),
        ('format("%G|% f|%6.2f", 1 / 0, 1 / 0, 1 / 0)', '"+Inf| Inf|  +Inf"'),
        # Types
        ("tomap({ a = null, b = [1] })", '{"a":null,"b":[1]}'),
        ("setproduct([null, 1, false], [])", "[]"),
        ('convert("10", number)', "10"),
        ('convert({}, object({ a = optional(string, "x") }))', '{"a":"x"}'),
        ("assumesetlength([1, 1], 1, 2)", "[1]"),
        ('assumestringprefix(true, "tr")', '"true"'),
        # YAML
        ("yamlencode(true)", '"true\\n...\\n"'),
        ("yamlencode([])", '"[]\\n"'),
        ('yamlencode({ a = "x\\n\\n", b = [{ c = 1 }] })', '"\\"a\\": |+\\n  x\\n\\n\\"b\\":\\n- \\"c\\": 1\\n"'),
        ('yamlencode({ "a\\nb" = [1] })', '"? |-\\n  a\\n  b\\n: - 1\\n"'),
        ('yamlencode("\\U0001F600\\u2028")', '"\\"\\\\U0001F600\\\\L\\"\\n"'),
        ('yamldecode("a: yes\\nb: 0o17\\nc: 1_0\\nd: !!str 1")', '{"a":true,"b":15,"c":"1_0","d":"1"}'),
        # JSON: Go's decoder takes a closing bracket for the end of its input.
        ('jsondecode("[1]]x")', "[1]"),
        # Patterns: the last group of a name gives the value, the first that takes part the replacement.
        ('regex("(?P<a>.)(?P<a>.)", "xy")', '{"a":"y"}'),
        ('replace("xy", "/(?P<a>.)(?P<a>.)/", "[$a]")', '"[x]"'),
        # Networks
        ('cidrsubnets("10.0.0.0/8", 8, 4)', '["10.0.0.0/16", "10.16.0.0/12"]'),
        ('cidrhost("10.0.0.0/24", -1)', '"10.0.0.255"'),
        ('cidrhost("010.0.0.0/24", 1)', '"10.0.0.1"'),
        # Dates
        ('formatdate("EEE, DD MMM \'at\' hh:mm ZZZZ", "2020-02-29T23:00:00+05:30")', '"Sat, 29 Feb at 23:00 +0530"'),
        ('timeadd("2020-02-29T23:00:00Z", "-1.5h")', '"2020-02-29T21:30:00Z"'),
        # Character sets
        ('textencodebase64("a", "UTF-16")', '"/v8AYQ=="'),
        ('textdecodebase64("//5hAA==", "UTF-16")', '"a"'),
        ('textencodebase64("é", "macintosh")', '"jg=="'),
    ],
)
def test_the_result_is_terraforms(text: str, expected: str) -> None:
    assert shown(value(text)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tolist([{ a = null }, { a = [1] }])", "tolist: the elements are not of one type"),
        ("tomap({ a = null, b = [1], c = [true] })", "tomap: the attributes have no type in common"),
        ('zipmap(["a"], toset([1]))', "zipmap: the values must be a list or tuple"),
        ('cidrsubnets("0.0.0.0/0", 2)', "cidrsubnets: there is no space left for a subnet"),
        ('cidrsubnet("10.0.0.0/8", 25, 0)', "cidrsubnet: the prefix cannot be extended by so many bits"),
        ('cidrnetmask("fd00::/8")', "cidrnetmask: an IPv6 prefix has no netmask"),
        ('textencodebase64("€", "ISO-8859-1")', "textencodebase64: the text has characters that the encoding lacks"),
        ('textdecodebase64("gA==", "ISO-8859-2")', "textdecodebase64: the data has bytes that the encoding lacks"),
        ('formatdate("YYYY", "2021-02-30T00:00:00Z")', "formatdate: not an RFC 3339 timestamp: a part is out of range"),
        ('jsondecode("[1] x")', "jsondecode: there is text after the end of the JSON document"),
        ('yamldecode("!!binary Y Q=")', "yamldecode: binary data is not base64"),
        ('regex("(a)(?P<b>c)", "ac")', "regex: groups with and without names cannot be mixed"),
        ("convert(1)", "convert: a value and a type are required"),
        ('convert("x", bool)', "convert: a bool is required"),
        ('upper("a", "b")', "upper: 2 arguments instead of 1"),
        ("upper(null)", "upper: an argument must not be null"),
        ("max(1...)", "max: only a list, set or tuple can be expanded with ..."),
    ],
)
def test_an_error_is_terraforms_and_names_no_value(text: str, reason: str) -> None:
    found = value(text)
    assert isinstance(found, Failure)
    assert found.message == reason
    assert shown(value(f"can({text})")) == "false"


@pytest.mark.parametrize(
    "text",
    [
        "timestamp()",
        "plantimestamp()",
        "uuid()",
        'bcrypt("x")',
        'base64gzip("x")',
        "pow(3, 1.5)",
        'textencodebase64("x", "Shift_JIS")',
        'textencodebase64("x", "zip")',
        'cidrcontains("::ffff:10.0.0.0/104", "10.0.0.1")',
        'timecmp("2021-02-03T4:05:06Z", "2021-02-03T04:05:06Z")',
        'timeadd("9999-12-31T23:59:59Z", "1h")',
        'try(["x"]...)',
    ],
)
def test_what_cannot_be_decided_is_unknown(text: str) -> None:
    assert isinstance(value(text), Unknown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('upper("a-${s}-b")', '"A-?-B"'),
        ('join("/", ["a", s, "b"])', '"a/?/b"'),
        ('format("%s:%s/*", "arn", s)', '"arn:?/*"'),
        ('trimprefix("x-${s}", "x-")', "?"),
        ('trimsuffix("${s}-x", "-x")', "?"),
        ('startswith("arn:${s}", "arn:")', "true"),
        ('startswith("arn:${s}", "aws")', "false"),
        ('endswith("${s}:root", ":role")', "false"),
        ('strcontains("a${s}", "a")', "true"),
        ('substr("abcd${s}", 0, 3)', '"abc"'),
        ('base64decode(base64encode("plain"))', '"plain"'),
    ],
)
def test_known_text_survives_a_function(text: str, expected: str) -> None:
    assert shown(value(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('file("a.txt")', '"hello"'),
        ('file("./dir/../a.txt")', '"hello"'),
        ('filemd5("a.txt")', '"5d41402abc4b2a76b9719d911017c592"'),
        ('filebase64("bytes.bin")', '"/w=="'),
        ('fileexists("a.txt")', "true"),
        ('fileexists("none")', "false"),
        ('fileset(".", "**/*.json")', '["dir/c.json","dir/deep/d.json"]'),
        ('fileset("dir", "{c,x}.json")', '["c.json"]'),
        ('templatefile("b.tpl", { name = "Bo", list = [1, 2] })', '"Hi Bo! 1\\n 2\\n"'),
        ('basename("a/b.txt")', '"b.txt"'),
        ('dirname("a/b.txt")', '"a"'),
    ],
)
def test_files_are_read_through_the_scope(text: str, expected: str) -> None:
    assert shown(value(text, FILES)) == expected


@pytest.mark.parametrize("text", ['file("none")', 'file("bytes.bin")', 'templatefile("b.tpl", { name = 1 })'])
def test_a_file_that_cannot_be_used_is_an_error(text: str) -> None:
    assert shown(value(f"can({text})", FILES)) == "false"


def test_a_template_that_includes_itself_ends() -> None:
    assert isinstance(value('templatefile("loop.tpl", {})', FILES), Unknown)


class Refusing(MemoryFiles):
    """Files beyond what may be read: they may exist all the same."""

    def read(self, path: str) -> bytes | Missing:
        return Missing(f"{len(path)} characters lead out of the project", absent=False)


class Outside:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.files = Refusing({})

    def resolve(self, root: str, _steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        return Failure(f"there is no {root}", at), 0


@pytest.mark.parametrize("text", ['file("/etc/hostname")', 'fileexists("/etc/hostname")', 'filesha256("../x")'])
def test_a_file_that_is_refused_is_unknown(text: str) -> None:
    source = Source("main.tf", text)
    expression = parse_expression(source)
    assert not isinstance(expression, Problem)
    assert isinstance(evaluate(expression, Outside(source)), Unknown)


def test_compressed_data_that_grows_beyond_the_limit_is_an_error() -> None:
    packed = base64.b64encode(gzip.compress(bytes(9 << 20))).decode()
    assert isinstance(value(f'base64gunzip("{packed}")'), Failure | Unknown)


def test_every_function_that_is_listed_is_there() -> None:
    names = [name for family in FAMILIES.values() for name in family.split()]
    assert sorted(names) == sorted(set(names))
    assert all(function.name == name for name in names if (function := find(name)) is not None)
    assert [name for name in names if find(name) is None] == []
