"""`templatefile` and `templatestring`: the template sees nothing but the variables it is given."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Source
from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.filesystem import unreadable
from agentreach.parsers.terraform.functions.mappings import as_mapping
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError
from agentreach.parsers.terraform.hcl import parse_template_text
from agentreach.parsers.terraform.syntax import Problem, Template
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import Failure, Mapping, String, Unknown, Value
from agentreach.parsers.terraform.written import known_text

if TYPE_CHECKING:
    from agentreach.model import Span
    from agentreach.parsers.terraform.evaluate import Files, Step

FUNCTIONS: dict[str, Function] = {}
DEPTH = 16
_RENDERING = 200
_CHARACTERS_A_STEP = 8
_NAME = late_regex(r"[^\W\d][\w-]*")


class _TemplateScope:
    """The variables of one template."""

    def __init__(self, source: Source, files: Files, variables: Mapping) -> None:
        self.source = source
        self.files = files
        self.variables = variables

    def resolve(self, root: str, _steps: tuple[Step, ...], at: Span) -> tuple[Value, int]:
        """A variable, without any of the steps."""
        value = self.variables.entries.get(root, self.variables.rest)
        return (Failure(f"the template has no variable {root!r}", at) if value is None else value), 0


@lru_cache(maxsize=64)
def _parsed(source: Source, start: int) -> Template | Problem:
    return parse_template_text(source, start)


@function(FUNCTIONS, STRING, DYNAMIC, returns=DYNAMIC, unknowns=True)
def _templatefile(call: Call, path: Value, variables: Value) -> Value:
    text = known_text(path)
    if text is None or text.startswith("~"):
        call.doubt()
        return call.unknown(DYNAMIC, path)
    source = call.evaluation.scope.files.source(text)
    if not isinstance(source, Source):
        return unreadable(call, source)
    return _rendered(call, source, 0, variables)


@function(FUNCTIONS, STRING, DYNAMIC, returns=DYNAMIC, unknowns=True)
def _templatestring(call: Call, template: Value, variables: Value) -> Value:
    text = known_text(template)
    if text is None:
        call.doubt()
        return call.unknown(DYNAMIC, template)
    # Line ends in front give the text the line numbers of the place where it is written.
    origin = template.at if isinstance(template, String) else call.at
    before = "\n" * (origin.source.position(origin.start)[0] - 1)
    return _rendered(call, Source(origin.source.path, before + text), len(before), variables)


def _rendered(call: Call, source: Source, start: int, variables: Value) -> Value:
    outer = call.evaluation
    if outer.depth >= DEPTH:
        return Unknown(DYNAMIC, "templates nest too deeply", call.at)
    # A template is read and parsed each time it is used: one that uses itself twice would do so without end.
    outer.spend(_RENDERING + (len(source.text) - start) // _CHARACTERS_A_STEP)
    template = _parsed(source, start)
    if isinstance(template, Problem):
        raise FunctionError(f"the template has a syntax error: {template.message}")
    mapping = as_mapping(call, variables)
    if any(_NAME.fullmatch(name) is None for name in mapping.entries):
        raise FunctionError("a template variable has a name that is none")
    inner = type(outer)(_TemplateScope(source, outer.scope.files, mapping), outer.budget, outer.depth + 1)
    inner.trying = outer.trying
    value = inner.value(template)
    outer.doubts += inner.doubts
    return value
