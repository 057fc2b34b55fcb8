"""Secret values of the scanned code, kept out of every report.

Three nets, each enough for most cases: places that the analysis knows to hold a literal secret are hidden in
excerpts; lines that assign to a secret-like name are hidden whatever the analysis knew; and values of the shapes that
vendors give their keys are hidden in every text. What is hidden reads `***`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from json import dumps
from typing import TYPE_CHECKING

from agentreach.identity import Credential, SecretUse
from agentreach.late_regex import late_regex
from agentreach.lowering.secrets import is_secret_name
from agentreach.model import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph import AgentGraph
    from agentreach.model import Span

Interval = tuple[int, int]

HIDDEN = "***"
SHORTEST = 8
# What every value of a shape holds, and the shape: a text that holds none of it is not searched at all.
KNOWN_SHAPES = (
    (
        ("PRIVATE KEY-----",),
        r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{0,8000}(?:-----END [A-Z ]{0,30}KEY-----)?",
    ),
    (("AKIA", "ASIA"), r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])"),
    (("sk-",), r"(?<![A-Za-z0-9])sk-(?:ant-|proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}"),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"gh[pousr]_[A-Za-z0-9]{30,}"),
    (("github_pat_",), r"github_pat_[A-Za-z0-9_]{30,}"),
    (
        ("glpat-", "gldt-", "glrt-", "glptt-", "glagent-"),
        r"(?<![A-Za-z0-9])gl(?:pat|dt|rt|ptt|agent)-[A-Za-z0-9_-]{20,}",
    ),
    (("xox",), r"(?<![A-Za-z0-9])xox[abeprs]-[A-Za-z0-9-]{10,}"),
    (("xapp-",), r"xapp-[A-Za-z0-9-]{10,}"),
    (("AIza",), r"AIza[A-Za-z0-9_-]{35}"),
    (("hf_", "gsk_", "npm_"), r"(?<![A-Za-z0-9])(?:hf|gsk|npm)_[A-Za-z0-9]{30,}"),
    (("lsv2_",), r"(?<![A-Za-z0-9])lsv2_[a-z]{2}_[A-Za-z0-9_]{20,}"),
    (("nvapi-",), r"(?<![A-Za-z0-9])nvapi-[A-Za-z0-9_-]{30,}"),
    (("dapi",), r"(?<![A-Za-z0-9])dapi[a-f0-9]{32}"),
    (("SG.",), r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    (("k_live_", "k_test_"), r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"),
    (("assword=",), r"(?<=[Pp]assword=)[^;\s\"'${}]{4,200}"),
    (("hooks.slack.com/",), r"(?<=hooks\.slack\.com/)(?:services|workflows)/[A-Za-z0-9/_-]{20,}"),
    (("hvs.", "hvb."), r"(?<![A-Za-z0-9])hv[sb]\.[A-Za-z0-9_-]{20,}"),
    (("AccountKey=",), r"(?<=AccountKey=)[A-Za-z0-9+/=]{40,}"),
    (("eyJ",), r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    (("://",), r"(?<=://)[^/\s:@\"']{0,100}:[^/\s:@${}<>\"']{3,200}(?=@)"),
    (("earer ",), r"(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{16,}"),
)
NEEDLES = tuple(needle for needles, _shape in KNOWN_SHAPES for needle in needles)
SHAPES = late_regex("|".join(shape for _needles, shape in KNOWN_SHAPES))
# `name = "value"`, `name: value`, `"name": "value"`; the value ends with the line, the string or the entry.
ASSIGNED = late_regex(
    r"(?P<name>[A-Za-z][\w.-]{0,80})[\"']?[ \t]{0,20}(?::(?=[ \t])|=>?)[ \t]{0,20}"
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|[^\s,}\]]+)"
)
DECLARED = late_regex(
    r"variable[ \t]{1,8}\"([\w.-]{1,100})\"|([\w.-]{1,100})\"?:[ \t]{0,8}\{?[ \t]{0,8}$", re.MULTILINE
)
RANDOM = late_regex(r"[A-Za-z0-9+/_=-]{24,}")
# What the CDK ends logical ids with.
NAME_HASH = late_regex(r"[0-9A-F]{8}$")
CHARACTER_CHANGES = 0.4
VALUE_NAMES = frozenset({"value", "secretstring", "secret_string", "stringvalue", "userdata", "user_data"})
EXPRESSION = late_regex(
    r"(?:!|\{|\[|&|\*|\||>|\$\{|arn:|true$|false$|null$|~$|-?\d+(?:\.\d+)?$|(?:var|local|module|data|each|self|[a-z]+_[a-z0-9_]+)\.|[a-z0-9_]+\()"
)


def masked(text: str) -> str:
    """The text without values of the shapes that vendors give their keys."""
    return SHAPES.sub(HIDDEN, text) if _may_hold_a_key(text) else text


def _may_hold_a_key(text: str) -> bool:
    for needle in NEEDLES:  # noqa: SIM110 - half the time of any(…), for every text of a report
        if needle in text:
            return True
    return False


def hidden_in(line: str, before: str = "") -> Iterator[Interval]:
    """Where a line of code shows a secret: by shape, by the name it is assigned to, or by randomness.

    `before` is the code above: the default of a variable is a secret when the variable's name says so.
    """
    if _may_hold_a_key(line):
        yield from (match.span() for match in SHAPES.finditer(line))
    for match in ASSIGNED.finditer(line):
        name, value = match["name"], match["value"]
        if _assigns_a_secret(_named(name, before), value):
            quoted = value[:1] in {'"', "'"}
            begin, end = match.span("value")
            yield begin + quoted, end - (quoted and len(value) > 1 and value[-1] == value[0])
    for match in RANDOM.finditer(line):
        if _looks_random(match[0]):
            yield match.span()


def _named(name: str, before: str) -> str:
    """What a value is assigned to: for `default`, the variable or parameter it is the default of."""
    if name.lower() != "default":
        return name
    found = DECLARED.findall(before)
    return "".join(found[-1]) if found else name


def _assigns_a_secret(name: str, value: str) -> bool:
    literal = value[:1] in {'"', "'"}
    inner = value.strip("\"'")
    if not inner or inner.startswith(("${", "arn:", "{{")) or (not literal and EXPRESSION.match(value)):
        return False
    return is_secret_name(name) or name.lower() in VALUE_NAMES


def _looks_random(text: str) -> bool:
    """Keys change between upper case, lower case and digits all the time; names only in the hash at their end."""
    kinds = [_kind(character) for character in NAME_HASH.sub("", text)]
    changes = sum(one is not other for one, other in pairwise(kinds))
    return len(set(kinds)) > 2 and changes / len(kinds) >= CHARACTER_CHANGES  # noqa: PLR2004 - upper, lower, digit


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    return "upper" if character.isupper() else "lower"


class Literals:
    """The places and values of literal secrets that the analysis of a scan knows."""

    __slots__ = ("_spans", "_values")

    def __init__(self, graph: AgentGraph) -> None:
        self._spans: dict[str, list[Interval]] = {}
        self._values: set[str] = set()
        for facts in graph.facts.values():
            for fact in facts:
                if isinstance(fact, Credential | SecretUse) and fact.literal:
                    self._add(fact)

    def _add(self, fact: Credential | SecretUse) -> None:
        spans = [fact.at]
        if isinstance(fact, SecretUse) and isinstance(fact.secret, Scalar):
            spans.append(fact.secret.at)
        for span in spans:
            self._spans.setdefault(span.source.path, []).append(of_value(span))
            if not fact.placeholder:
                self._values.add(_value(span))

    def within(self, path: str, begin: int, end: int) -> Iterator[Interval]:
        """The known places of a file that touch these offsets."""
        return ((a, b) for a, b in self._spans.get(path, ()) if a < end and b > begin)

    def scrubbed(self, text: str) -> str:
        """A finished report without the known values, however its format spells them."""
        for value in sorted(self._values, key=len, reverse=True):
            if _is_distinct(value):
                for spelled in dict.fromkeys(_spellings(value)):
                    text = text.replace(spelled, HIDDEN)
        return text


def of_value(span: Span) -> Interval:
    """Where in `name = value` the value stands; the whole span when it is only a value."""
    match = ASSIGNED.match(span.text[:2000])
    if match is None:
        return span.start, span.end
    return span.start + match.start("value"), span.end


def _value(span: Span) -> str:
    begin, end = of_value(span)
    return span.source.text[begin:end].strip().strip("\"'")


def _is_distinct(value: str) -> bool:
    """Long and varied enough that it is no word of the report itself."""
    varied = any(character.isdigit() for character in value) or not value.replace("_", "").replace("-", "").isalnum()
    return len(value) >= SHORTEST and varied and not value.startswith(("arn:", "${", "/")) and "\n" not in value


def _spellings(value: str) -> Iterator[str]:
    from html import escape  # noqa: PLC0415 - only where there is a secret
    from urllib.parse import quote  # noqa: PLC0415 - likewise

    yield from (
        value,
        escape(value),
        dumps(value)[1:-1],
        dumps(value, ensure_ascii=False)[1:-1],
        quote(value, safe="/"),
    )
    yield re.sub(r"([\\`*_{}\[\]<>()#+!|~&@])", r"\\\1", value)
