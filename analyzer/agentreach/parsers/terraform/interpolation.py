"""Templates: text with `${…}`, `%{ if … }` and `%{ for … }`; every part that is known stays known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Span
from agentreach.parsers.terraform import syntax
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.loops import turns
from agentreach.parsers.terraform.operators import truth
from agentreach.parsers.terraform.texts import combined, joined, normal
from agentreach.parsers.terraform.types import STRING
from agentreach.parsers.terraform.values import (
    Encoded,
    Failure,
    Null,
    OneOf,
    Piece,
    String,
    Unknown,
    Value,
    one_of,
)
from agentreach.parsers.terraform.written import as_text, hole

if TYPE_CHECKING:
    from agentreach.parsers.terraform.evaluation import Evaluation


def template(node: syntax.Template, evaluation: Evaluation) -> Value:
    """A quoted string, a heredoc or a template file. One interpolation alone keeps its type."""
    parts = node.parts
    if len(parts) == 1:
        only = parts[0]
        if isinstance(only, str):
            return String(normal(only), Span(evaluation.source, node.start, node.end), _pieces(node, 0, evaluation))
        if not isinstance(only, syntax.IfDirective | syntax.ForDirective):
            return evaluation.value(only)
    if not parts:
        return String("", evaluation.span(node))
    return _text(node, evaluation)


def _text(node: syntax.Template, evaluation: Evaluation) -> Value:
    at = evaluation.span(node)
    encoded = _only_encoded(node, evaluation)
    if encoded is not None:
        return encoded
    values: list[Value] = []
    for position, part in enumerate(node.parts):
        if isinstance(part, str):
            values.append(String(part, at, _pieces(node, position, evaluation)))
            continue
        value = _written(evaluation.value(part), evaluation)
        if isinstance(value, Failure):
            if evaluation.trying:
                return value
            value = hole(value.message, value.at)
        values.append(value)
    evaluation.spend(len(values))
    return combined(values, at)


def _only_encoded(node: syntax.Template, evaluation: Evaluation) -> Value | None:
    """A structure with nothing but white space around it stays a structure."""
    inner = [part for part in node.parts if not isinstance(part, str)]
    if len(inner) != 1 or not isinstance(inner[0], syntax.FunctionCall | syntax.Attribute | syntax.Index | syntax.Name):
        return None
    position = node.parts.index(inner[0])
    before, after = (
        "".join(part for part in side if isinstance(part, str))
        for side in (node.parts[:position], node.parts[position + 1 :])
    )
    if before.strip() or after.strip():
        return None
    value = evaluation.value(inner[0])
    if not isinstance(value, Encoded):
        return None
    return Encoded(value.value, evaluation.span(node), value.format, before + value.before, value.after + after)


def _written(value: Value, evaluation: Evaluation) -> Value:
    """The value as text, in alternatives if need be."""
    value = convert(value, STRING)
    if isinstance(value, OneOf):
        results = [_written(one, evaluation) for one in value.alternatives]
        return evaluation.distributed(results, value.at, value.reason)
    if isinstance(value, Encoded):
        return as_text(value)
    if isinstance(value, Null):
        return Failure("null cannot be part of a text", value.at)
    if isinstance(value, Unknown):
        evaluation.doubts += value.nullable
    return value


def _pieces(node: syntax.Template, position: int, evaluation: Evaluation) -> tuple[Piece, ...]:
    """Where the characters of a literal part stand."""
    source = evaluation.source
    text = node.parts[position]
    moves = node.moves.get(position)
    if not moves:
        start = node.offsets[position] if node.offsets else node.start
        return (Piece(0, Span(source, start, start + len(text))),)  # type: ignore[arg-type]  # a literal part
    ends = [index for index, _ in moves[1:]] + [len(text)]  # type: ignore[arg-type]
    return tuple(
        Piece(index, Span(source, offset, offset + end - index))
        for (index, offset), end in zip(moves, ends, strict=True)
    )


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
    values: list[Value] = []
    for turn in rounds:
        evaluation.spend(1)
        names = {node.value: turn.value} if node.key is None else {node.key: turn.key, node.value: turn.value}
        value = _written(evaluation.bound(names, node.body), evaluation)
        if isinstance(value, Failure):
            return value
        if turn.many:
            value = hole("repeated for elements that are not known", at)
        elif not turn.certain:
            value = one_of([value, String("", at)], at, "elements that may be missing")
        values.append(value)
    return combined(values, at) if values else joined((), at)
