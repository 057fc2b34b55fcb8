"""`Fn::Sub` (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html).

Known parts stay known, and each hole is placed at its `${…}` in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import ListValue, MapValue, Reference, Scalar, Span, Text, Unknown, Value, string
from agentreach.parsers.cloudformation.dynamic_references import MARK, with_dynamic_references
from agentreach.parsers.cloudformation.loop_variables import bound_text
from agentreach.parsers.cloudformation.strings import concatenate, length

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.parsers.cloudformation.evaluate import Evaluator

_HOLE = late_regex(r"([$&])\{([^{}$&]{1,512})\}")
_NOTHING: Mapping[str, Value] = {}


def sub(evaluator: Evaluator, argument: Value, at: Span) -> Value:
    """The text of a raw `Fn::Sub` argument with its names replaced by what they mean."""
    variables: Mapping[str, Value] = _NOTHING
    template = argument
    match argument:
        case ListValue(items=(first, MapValue(entries=entries))):
            template, variables = first, entries
    if not isinstance(template, Scalar):
        template = evaluator.resolve(template)
    if isinstance(template, Text):
        return _known_parts(evaluator, template, variables)
    text = string(template)
    if text is None:
        return Unknown("the text of Fn::Sub is only known at deployment", at)
    if "${" not in text and not (evaluator.bindings and "&{" in text):
        return with_dynamic_references(Scalar(text, template.at)) if MARK in text else Scalar(text, template.at)
    evaluator.budget.charge_text(len(text))
    meant = {name: evaluator.resolve(value) for name, value in variables.items() if name in text}
    result = concatenate(list(_pieces(evaluator, text, template.at, meant)), template.at)
    evaluator.budget.charge_text(length(result))
    return result


def _known_parts(evaluator: Evaluator, text: Text, variables: Mapping[str, Value]) -> Value:
    """A text that an outer stack has filled in, here and there with what is only known at deployment."""
    evaluator.budget.charge_text(length(text))
    meant = {name: evaluator.resolve(value) for name, value in variables.items()}
    pieces: list[Value] = []
    for part in text.parts:
        pieces += _pieces(evaluator, part, text.at, meant) if isinstance(part, str) else (part,)
    result = concatenate(pieces, text.at)
    evaluator.budget.charge_text(length(result))
    return result


def _pieces(evaluator: Evaluator, text: str, at: Span, meant: Mapping[str, Value]) -> Iterator[Value]:
    end, place = 0, at.start
    for hole in _HOLE.finditer(text):
        if hole.start() > end:
            yield _literal(text[end : hole.start()], at)
        end = hole.end()
        found = at.source.text.find(hole[0], place, at.end)
        where = at if found < 0 else Span(at.source, found, found + len(hole[0]))
        place = max(place, where.end) if found >= 0 else place
        if hole[1] == "&":
            yield bound_text(evaluator.bindings, hole, where)
        else:
            yield _hole(evaluator, hole[2].strip(), where, meant)
    if end < len(text):
        yield _literal(text[end:], at)


def _literal(text: str, at: Span) -> Value:
    literal = Scalar(text, at)
    return with_dynamic_references(literal) if MARK in text else literal


def _hole(evaluator: Evaluator, name: str, at: Span, meant: Mapping[str, Value]) -> Value:
    if name.startswith("!"):
        return Scalar(f"${{{name[1:]}}}", at)
    if name in meant:
        return _placed(meant[name], at)
    resource, _, attribute = name.partition(".")
    if attribute and name not in evaluator.bindings:
        return evaluator.scope.attribute(resource, attribute, at)
    return evaluator.ref(name, at)


def _placed(value: Value, at: Span) -> Value:
    """A hole that a variable fills is at the `${…}`: that is where the text is open."""
    match value:
        case Unknown(reason=reason, kind=kind):
            return Unknown(reason, at, kind)
        case Reference(key=key, attribute=attribute):
            return Reference(key, attribute, at)
        case _:
            return value
