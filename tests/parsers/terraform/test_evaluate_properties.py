"""Replacing what is known by something unknown only widens a result: it still covers what was known before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agentreach.model import Source, Span
from agentreach.parsers.terraform.evaluate import evaluate
from agentreach.parsers.terraform.hcl import parse_expression
from agentreach.parsers.terraform.syntax import Problem
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import Failure, Null, Unknown, Value, is_known, type_of
from parsers.terraform.covering import covers
from parsers.terraform.oracle import MemoryFiles

if TYPE_CHECKING:
    from agentreach.parsers.terraform.evaluate import Step

GIVEN = {
    "s": ['"a"', '"x-y"', '""', '"1"'],
    "n": ["0", "1", "2.5", "-1"],
    "b": ["true", "false"],
    "l": ["[]", '["a"]', '["a", "b-c"]', '[1, "a"]', "tolist([1, 2])", 'toset(["b", "a"])'],
    "m": ["{}", "{ a = 1 }", '{ a = "x", b = "y" }', "tomap({ b = 2 })", '{ a = ["p"], c = null }'],
}
FILES = {"t.tftpl": "<${v}>%{ if c }yes%{ endif }"}


class Names:
    """A scope of a few names."""

    def __init__(self, source: Source, values: dict[str, Value]) -> None:
        self.source = source
        self.files = MemoryFiles(FILES)
        self.values = values

    def resolve(self, root: str, _steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        return self.values.get(root, Failure("no such name", at)), 0


def value_of(text: str, values: dict[str, Value]) -> Value:
    source = Source("e.tf", text)
    expression = parse_expression(source)
    assert not isinstance(expression, Problem), (text, expression)
    return evaluate(expression, Names(source, values))


STRINGS = st.sampled_from(["s", '"a"', '"x"', '"-"', '"${s}"', '"p-${s}"', '"${s}-${n}"'])
NUMBERS = st.sampled_from(["n", "0", "1", "2", '"1"', "length(l)", "n + 1"])
BOOLS = st.sampled_from(["b", "true", "false", "n > 1", 's == "a"', "!b", "s != null", 'contains(keys(m), "a")'])
LISTS = st.sampled_from(
    [
        *("l", "[]", '["a", s]', "[n, s]", 'tolist(["q"])', "keys(m)", "values(m)", "[for x in l : x]"),
        *("[m, {}]", "[l, [s]]", '[{ a = s }, { a = "z" }]', "toset([s, n])", "b ? l : []", "[m, m]"),
    ]
)
MAPS = st.sampled_from(
    ["m", "{}", "{ a = s }", "{ (s) = n }", '{ for x in l : "k-${x}" => x }', "{ for k, v in m : k => v if b }"]
)


def _calls(one: str, *argument_strategies: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*argument_strategies).map(lambda arguments: one.format(*arguments))


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    strings, numbers, bools = STRINGS | inner, NUMBERS | inner, BOOLS | inner
    lists, maps = LISTS | inner, MAPS | inner
    anything = st.one_of(strings, numbers, bools, lists, maps)
    return st.one_of(
        _calls("{} ? {} : {}", bools, anything, anything),
        _calls("({}) && ({})", BOOLS, BOOLS),
        _calls("can({}) || ({})", inner, BOOLS),
        _calls("({}) == ({})", anything, anything),
        _calls("({}) < ({})", numbers, numbers),
        _calls('"<${{{}}}|${{{}}}>"', anything, anything),
        _calls('"%{{ if {} }}a${{{}}}%{{ else }}b%{{ endif }}"', bools, strings),
        _calls('"%{{ for x in {} }}[${{x}}]%{{ endfor }}."', lists),
        _calls("try({}, {})", anything, anything),
        _calls("can({})", anything),
        _calls("({})[{}]", lists, numbers),
        _calls("({})[{}]", maps, strings),
        _calls("({}).a", maps),
        _calls("({})[*]", anything),
        _calls("({})[*].a", lists),
        _calls("[for x in {} : x if x != {}]", lists, anything),
        _calls('[for k, v in {} : "${{k}}" if {}]', maps, bools),
        _calls("{{ for x in {} : x => x... }}", lists),
        _calls("{{ for k, v in {} : k => {} }}", maps, anything),
        _calls("[{}, {}]", anything, anything),
        _calls("{{ a = {}, b = {} }}", anything, anything),
        *(_calls(f"{name}({{}})", lists) for name in ONE_LIST),
        *(_calls(f"{name}({{}}, {{}})", lists, lists) for name in TWO_LISTS),
        *(_calls(f"{name}({{}})", strings) for name in ONE_STRING),
        *(_calls(f"{name}({{}}, {{}})", strings, strings) for name in TWO_STRINGS),
        *(_calls(f"{name}({{}})", anything) for name in ANYTHING),
        _calls("replace({}, {}, {})", strings, strings, strings),
        _calls("substr({}, {}, {})", strings, numbers, numbers),
        _calls("join({}, {})", strings, lists),
        _calls('format("%s:%v", {}, {})', anything, anything),
        _calls('formatlist("%s-%s", {}, {})', anything, lists),
        _calls("element({}, {})", lists, numbers),
        _calls("slice({}, {}, {})", lists, numbers, numbers),
        _calls("contains({}, {})", lists, anything),
        _calls("lookup({}, {}, {})", maps, strings, anything),
        _calls("merge({}, {})", maps, maps),
        _calls("merge({}, {}...)", maps, lists),
        _calls("zipmap({}, {})", lists, lists),
        _calls("coalesce({}, {})", anything, anything),
        _calls("coalescelist({}, {})", lists, lists),
        _calls("jsondecode(jsonencode({}))", anything),
        _calls('jsondecode("[1, ${{jsonencode({})}}]")', anything),
        _calls('templatefile("t.tftpl", {{ v = {}, c = {} }})', strings, bools),
        _calls("setproduct({}, {})", lists, lists),
        _calls("chunklist({}, {})", lists, numbers),
        _calls("matchkeys({}, {}, {})", lists, lists, lists),
        _calls("range({})", numbers),
        _calls("index({}, {})", lists, anything),
        _calls('regexall("[a-z]", {})', strings),
        _calls('regex("^(.)", {})', strings),
        _calls("yamldecode(yamlencode({}))", anything),
        _calls('yamldecode("a: ${{jsonencode({})}}")', anything),
        _calls("concat({}, {}...)", lists, lists),
        _calls("transpose({})", maps),
        _calls("merge([for x in {} : {{ (x) = {} }} if {}]...)", lists, anything, bools),
        _calls("({})[*][{}]", lists, numbers),
        _calls("{} == null ? {} : {}", anything, anything, anything),
        _calls("keys({})", maps),
        _calls("values({})", maps),
        _calls("tomap({})", maps),
        _calls("length({})", anything),
    )


ONE_LIST = ("flatten", "distinct", "compact", "reverse", "sort", "one", "sum", "alltrue", "anytrue", "length")
TWO_LISTS = ("concat", "setunion", "setintersection", "setsubtract")
ANYTHING = ("jsonencode", "tostring", "tonumber", "tobool", "tolist", "toset")
ONE_STRING = ("upper", "lower", "title", "trimspace", "chomp", "strrev", "base64encode", "md5", "yamlencode")
TWO_STRINGS = ("trimprefix", "trimsuffix", "trim", "split", "startswith", "endswith", "strcontains")
EXPRESSIONS = st.recursive(st.one_of(STRINGS, NUMBERS, BOOLS, LISTS, MAPS), _deeper, max_leaves=4)
HIDDEN = st.dictionaries(st.sampled_from(sorted(GIVEN)), st.sampled_from(["typed", "any"]), min_size=1)
FIRST = {name: texts[0] for name, texts in GIVEN.items()}
CHOICES = st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in GIVEN.items()})


def _unknown(value: Value, how: str) -> Value:
    if how == "typed":
        return Unknown(type_of(value), "given at deploy time", value.at, nullable=isinstance(value, Null))
    return Unknown(DYNAMIC, "given at deploy time", value.at)


@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    EXPRESSIONS, CHOICES, st.dictionaries(st.sampled_from(sorted(GIVEN)), st.sampled_from(["typed", "any"]), min_size=1)
)
@example(
    'trimspace("x  ${s}")', {name: texts[2] if name == "s" else texts[0] for name, texts in GIVEN.items()}, {"s": "any"}
)
def test_unknown_inputs_only_widen_a_result(text: str, given_texts: dict[str, str], hidden: dict[str, str]) -> None:
    known = {name: value_of(written, {}) for name, written in given_texts.items()}
    partly = {name: _unknown(value, hidden[name]) if name in hidden else value for name, value in known.items()}
    # Within try() nothing is forgiven that Terraform does not forgive.
    before, after = value_of(f"try({text})", known), value_of(f"try({text})", partly)
    fails = isinstance(before, Failure) or not is_known(before)
    assert fails or covers(after, before), (text, given_texts, hidden, before, after)
