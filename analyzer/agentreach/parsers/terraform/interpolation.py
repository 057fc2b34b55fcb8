"""Templates: text with `${…}`, `%{ if … }` and `%{ for … }`; every part that is known stays known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform import syntax
from agentreach.parsers.terraform.comparison import is_shuffled
from agentreach.parsers.terraform.constants import pieces, text
from agentreach.parsers.terraform.operators import truth
from agentreach.parsers.terraform.texts import combined, joined, longest, normal
from agentreach.parsers.terraform.turns import turns
from agentreach.parsers.terraform.types import STRING
from agentreach.parsers.terraform.values import (
    Encoded,
    Failure,
    Null,
    OneOf,
    String,
    Unknown,
    Value,
    one_of,
)
from agentreach.parsers.terraform.written import as_text, hole

if TYPE_CHECKING:
    from agentreach.model import Span
    from agentreach.parsers.terraform.evaluation import Evaluation


def template(node: syntax.Template, evaluation: Evaluation) -> Value:
    """A quoted string, a heredoc or a template file. One interpolation alone keeps its type."""
    known = text(node, evaluation.source)
    if known is not None:
        return known
    parts = node.parts
    if len(parts) == 1 and not isinstance(parts[0], syntax.IfDirective | syntax.ForDirective):
        return evaluation.value(parts[0])  # type: ignore[arg-type]  # an expression
    return _text(node, evaluation)


def _text(node: syntax.Template, evaluation: Evaluation) -> Value:
    at = evaluation.span(node)
    values: list[Value] = []
    located = bool(node.moves) or evaluation.source.text.find("\n", node.start, node.end) >= 0
    blank = True
    for position, part in enumerate(node.parts):
        if type(part) is str:
            values.append(String(part, at, pieces(node, position, evaluation.source) if located else ()))
            blank = blank and not part.strip()
            continue
        value = evaluation.value(part)  # type: ignore[arg-type]  # an expression or directive
        if type(value) is Failure and not evaluation.trying:
            value = hole(value.message, value.at)
        if type(value) is Failure:
            return value
        values.append(value)
    known = [value.text for value in values if type(value) is String and not value.pieces]
    if len(known) == len(values) and sum(map(len, known)) <= longest():
        evaluation.spend(len(values))
        result: Value = String(normal("".join(known)), at)
        evaluation.charge(result)
        return result
    if blank and (encoded := _only_encoded(values, at)) is not None:
        return encoded
    evaluation.spend(len(values))
    written = [value if type(value) is String else _written(value, evaluation) for value in values]
    failure = next((value for value in written if type(value) is Failure), None)
    if failure is not None and evaluation.trying:
        return failure
    result = combined([hole(value.message, at) if type(value) is Failure else value for value in written], at)
    evaluation.charge(result)
    return result


def _only_encoded(values: list[Value], at: Span) -> Value | None:
    """A structure with nothing but white space around it stays a structure."""
    inner = [position for position, value in enumerate(values) if type(value) is Encoded]
    if len(inner) != 1 or any(type(value) is not String and type(value) is not Encoded for value in values):
        return None
    position = inner[0]
    value = values[position]
    before = "".join(part.text for part in values[:position] if isinstance(part, String))
    after = "".join(part.text for part in values[position + 1 :] if isinstance(part, String))
    if before.strip() or after.strip() or not isinstance(value, Encoded):
        return None
    return Encoded(value.value, at, value.format, before + value.before, value.after + after)


def _written(value: Value, evaluation: Evaluation) -> Value:
    """The value as text, in alternatives if need be."""
    value = evaluation.converted(value, STRING)
    if isinstance(value, OneOf):
        results = [_written(one, evaluation) for one in value.alternatives]
        return evaluation.distributed(results, value.at, value.reason)
    if isinstance(value, Encoded):
        return as_text(value)
    if isinstance(value, Null):
        return Failure("null cannot be part of a text", value.at)
    return value


def if_directive(node: syntax.IfDirective, evaluation: Evaluation) -> Value:
    """`%{ if condition }…%{ else }…%{ endif }`."""
    condition = evaluation.value(node.condition)
    answer = truth(condition, evaluation)
    if isinstance(answer, Failure):
        return answer
    at = evaluation.span(node)
    if answer is not None:
        return _branch(node.then if answer else node.otherwise, at, evaluation)
    results = [_branch(branch, at, evaluation) for branch in (node.then, node.otherwise)]
    reason = condition.reason if isinstance(condition, Unknown) else "a condition that is not known"
    return evaluation.distributed(results, at, reason)


def _branch(node: syntax.Template | None, at: Span, evaluation: Evaluation) -> Value:
    return String("", at) if node is None else _written(_text(node, evaluation), evaluation)


def for_directive(node: syntax.ForDirective, evaluation: Evaluation) -> Value:
    """`%{ for key, value in collection }…%{ endfor }`."""
    return _repeated(node, evaluation.value(node.collection), evaluation)


def _repeated(node: syntax.ForDirective, collection: Value, evaluation: Evaluation) -> Value:
    at = evaluation.span(node)
    if isinstance(collection, OneOf):
        results = [_repeated(node, one, evaluation) for one in collection.alternatives]
        return evaluation.distributed(results, at, collection.reason)
    rounds = turns(collection, at)
    if isinstance(rounds, Failure):
        return rounds
    if is_shuffled(collection):
        return hole("repeated for elements in an order that is not known", at)
    values: list[Value] = []
    for turn in rounds:
        evaluation.spend(1)
        names = {node.value: turn.value} if node.key is None else {node.key: turn.key, node.value: turn.value}
        value = _written(evaluation.bound(names, node.body), evaluation)
        if isinstance(value, Failure):
            if turn.certain:
                return value
            evaluation.doubts += 1
            continue
        if turn.many:
            value = hole("repeated for elements that are not known", at)
        elif not turn.certain:
            value = one_of([value, String("", at)], at, "elements that may be missing")
        values.append(value)
    return combined(values, at) if values else joined((), at)
