"""`for` expressions; a condition that is not known leaves an element that may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.parsers.terraform.comparison import is_shuffled
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.operators import truth
from agentreach.parsers.terraform.turns import Turn, turns
from agentreach.parsers.terraform.types import (
    STRING,
    is_open,
)
from agentreach.parsers.terraform.values import (
    Encoded,
    Failure,
    Item,
    Null,
    Object,
    OneOf,
    Perhaps,
    String,
    Tuple,
    Unknown,
    Value,
    one_of,
    plain,
)
from agentreach.parsers.terraform.written import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span
    from agentreach.parsers.terraform import syntax
    from agentreach.parsers.terraform.evaluation import Evaluation


def for_expression(node: syntax.ForExpression, evaluation: Evaluation) -> Value:
    """`[for …]` and `{for …}`."""
    return _looped(node, evaluation.value(node.collection), evaluation)


def _looped(node: syntax.ForExpression, collection: Value, evaluation: Evaluation) -> Value:
    at = evaluation.span(node)
    if isinstance(collection, OneOf):
        results = [_looped(node, one, evaluation) for one in collection.alternatives]
        return evaluation.distributed(results, at, collection.reason)
    rounds = turns(collection, at)
    if isinstance(rounds, Failure):
        return rounds
    if isinstance(collection, Unknown):
        evaluation.doubts += collection.nullable or is_open(collection.type)
    loop = _Objects(node, evaluation, at) if node.key is not None else _Tuples(node, evaluation, at)
    loop.unordered = is_shuffled(collection)
    failure = _run(loop, rounds)
    return failure or loop.result()


def _run(loop: _Loop, rounds: Iterator[Turn]) -> Failure | None:
    evaluation = loop.evaluation
    outer = evaluation.names
    evaluation.names = names = dict(outer)
    try:
        for turn in rounds:
            evaluation.spend(1)
            if loop.node.key_name is not None:
                names[loop.node.key_name] = turn.key
            names[loop.node.value_name] = turn.value
            failure = loop.round(turn)
            if failure is not None:
                return failure
    finally:
        evaluation.names = outer
    return None


class _Loop:
    """What the rounds of one `for` leave behind."""

    def __init__(self, node: syntax.ForExpression, evaluation: Evaluation, at: Span) -> None:
        self.node = node
        self.evaluation = evaluation
        self.at = at
        self.unordered = False

    def round(self, turn: Turn) -> Failure | None:
        """Evaluate condition and result with the names of a round; an element that makes it fail cannot be there."""
        included: bool | Failure | None = True
        if self.node.condition is not None:
            included = truth(self.evaluation.value(self.node.condition), self.evaluation)
        if included is False:
            return None
        certain = turn.certain and included is not None
        failure = included if isinstance(included, Failure) else self.add(turn, certain=certain)
        if failure is not None and not certain:
            self.evaluation.doubts += 1
            return None
        return failure

    def add(self, turn: Turn, *, certain: bool) -> Failure | None:
        """Keep the result of a round."""
        raise NotImplementedError

    def result(self) -> Value:
        """What the whole loop yields."""
        raise NotImplementedError

    def evaluated(self, turn: Turn, *, certain: bool) -> Item | Failure:
        value = self.evaluation.element(self.evaluation.value(self.node.value))
        return value if certain or isinstance(value, Failure) else Perhaps(value, turn.many)


class _Tuples(_Loop):
    def __init__(self, node: syntax.ForExpression, evaluation: Evaluation, at: Span) -> None:
        super().__init__(node, evaluation, at)
        self.items: list[Item] = []

    def add(self, turn: Turn, *, certain: bool) -> Failure | None:
        item = self.evaluated(turn, certain=certain)
        if isinstance(item, Failure):
            return item
        self.items.append(item)
        return None

    def result(self) -> Value:
        return Tuple(tuple(self.items), self.at, self.unordered)


class _Objects(_Loop):
    def __init__(self, node: syntax.ForExpression, evaluation: Evaluation, at: Span) -> None:
        super().__init__(node, evaluation, at)
        self.groups: dict[str, list[Item]] = {}
        self.keys: dict[str, Span] = {}
        self.rest: list[Item] = []
        self.maybe: set[str] = set()

    def add(self, turn: Turn, *, certain: bool) -> Failure | None:
        key = self._key()
        if isinstance(key, Failure):
            return key
        item = self.evaluated(turn, certain=certain)
        if isinstance(item, Failure):
            return item
        if not isinstance(key, String):
            self.rest.append(item)
            return None
        group = self.groups.setdefault(key.text, [])
        self.keys.setdefault(key.text, key.at)
        return self._grouped(key, group, item)

    def _key(self) -> Value:
        key = convert(self.evaluation.value(self.node.key), STRING)  # type: ignore[arg-type]  # it has a key
        if isinstance(key, Null):
            return Failure("a key must not be null", key.at)
        return as_text(key) if isinstance(key, Encoded) else key

    def _grouped(self, key: String, group: list[Item], item: Item) -> Failure | None:
        if isinstance(item, Perhaps) and not group:
            self.maybe.add(key.text)
        elif not isinstance(item, Perhaps):
            self.maybe.discard(key.text)
        if group and not self.node.group and not isinstance(item, Perhaps) and not isinstance(group[0], Perhaps):
            return Failure(f"two elements have the key {key.text!r}", self.at)
        group.append(item)
        return None

    def result(self) -> Value:
        entries = {name: self._entry(group) for name, group in sorted(self.groups.items())}
        rest = None
        if self.rest:
            unsure = [Perhaps(plain(item), item.many if isinstance(item, Perhaps) else False) for item in self.rest]
            values = [plain(item) for item in self.rest]
            rest = Tuple(tuple(unsure), self.at) if self.node.group else one_of(values, self.at, "keys not known")
        return Object(entries, self.at, self.keys, rest, frozenset(self.maybe))

    def _entry(self, group: list[Item]) -> Value:
        if self.node.group:
            further = [Perhaps(plain(item), many=True) for item in self.rest]
            return Tuple((*group, *further), self.at, self.unordered or bool(further))
        return one_of([plain(item) for item in group], self.at, "elements that may be missing")
