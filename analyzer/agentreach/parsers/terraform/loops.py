"""`for` expressions and splats: over known elements one by one, over unknown ones once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agentreach.parsers.terraform.comparison import is_shuffled
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.operators import truth
from agentreach.parsers.terraform.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    UNDETERMINED,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    is_open,
)
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Encoded,
    Failure,
    Item,
    List,
    Mapping,
    Null,
    Number,
    Object,
    OneOf,
    Perhaps,
    Sequence,
    Set,
    String,
    Tuple,
    Unknown,
    Value,
    is_known,
    one_of,
    type_of,
)
from agentreach.parsers.terraform.written import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Span
    from agentreach.parsers.terraform import syntax
    from agentreach.parsers.terraform.evaluation import Evaluation

_ITEM = "*"


class Turn(NamedTuple):
    """One round of a loop. `certain` unless the element may be missing, `many` if it stands for any number."""

    key: Value
    value: Value
    certain: bool = True
    many: bool = False


def turns(collection: Value, at: Span) -> Iterator[Turn] | Failure:
    """The rounds of a loop over a value; sets and maps in order of their elements and keys."""
    if isinstance(collection, SEQUENCES):
        return _sequence_turns(collection)
    if isinstance(collection, MAPPINGS):
        return _mapping_turns(collection)
    if isinstance(collection, Unknown):
        return _unknown_turns(collection, at)
    if isinstance(collection, Failure):
        return collection
    what = "null" if isinstance(collection, Null) else "this value"
    return Failure(f"{what} has no elements to iterate over", at)


def _sequence_turns(collection: Sequence) -> Iterator[Turn]:
    certain = True
    # An unknown element of a set may turn out to be one that is there already.
    may_coincide = isinstance(collection, Set) and len(collection.items) > 1
    for position, item in enumerate(collection.items):
        value, many = (item.value, item.many) if isinstance(item, Perhaps) else (item, False)
        is_there = not isinstance(item, Perhaps) and not (may_coincide and position and not is_known(item))
        certain = certain and is_there
        key: Value = Number(position, collection.at)
        if isinstance(collection, Set):
            key = value
        elif not certain:
            key = Unknown(NUMBER, "elements before it may be missing", collection.at, nullable=False)
        yield Turn(key, value, is_there, many)


def _mapping_turns(collection: Mapping) -> Iterator[Turn]:
    for name, value in collection.entries.items():
        key = String(name, collection.keys.get(name, collection.at))
        yield Turn(key, value, name not in collection.maybe)
    if collection.rest is not None:
        yield Turn(_some_key(STRING, collection.at), collection.rest, certain=False, many=True)


def _some_key(type_: Type, at: Span) -> Unknown:
    return Unknown(type_, "keys that are not known", at, nullable=False)


def _unknown_turns(collection: Unknown, at: Span) -> Iterator[Turn] | Failure:
    type_ = collection.type

    def element(of: Type) -> Unknown:
        return Unknown(of, collection.reason, collection.at)

    if isinstance(type_, ObjectType):
        names = sorted(type_.attributes.items())
        return iter([Turn(String(name, collection.at), element(part)) for name, part in names])
    if isinstance(type_, TupleType):
        parts = enumerate(type_.elements)
        return iter([Turn(Number(position, collection.at), element(part)) for position, part in parts])
    if isinstance(type_, SetType):
        return iter([Turn(value := element(type_.element), value, certain=False, many=True)])
    if isinstance(type_, ListType | MapType):
        key = _some_key(NUMBER if isinstance(type_, ListType) else STRING, collection.at)
        return iter([Turn(key, element(type_.element), certain=False, many=True)])
    if is_open(type_):
        return iter([Turn(_some_key(DYNAMIC, collection.at), element(DYNAMIC), certain=False, many=True)])
    return Failure("this value has no elements to iterate over", at)


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
            unsure = [Perhaps(_plain(item), item.many if isinstance(item, Perhaps) else False) for item in self.rest]
            values = [_plain(item) for item in self.rest]
            rest = Tuple(tuple(unsure), self.at) if self.node.group else one_of(values, self.at, "keys not known")
        return Object(entries, self.at, self.keys, rest, frozenset(self.maybe))

    def _entry(self, group: list[Item]) -> Value:
        if self.node.group:
            further = [Perhaps(_plain(item), many=True) for item in self.rest]
            return Tuple((*group, *further), self.at, self.unordered or bool(further))
        return one_of([_plain(item) for item in group], self.at, "elements that may be missing")


def _plain(item: Item) -> Value:
    return item.value if isinstance(item, Perhaps) else item


def splat(node: syntax.Splat, evaluation: Evaluation) -> Value:
    """`target[*]…` and `target.*…`."""
    return _splat(node, evaluation.value(node.target), evaluation)


def _splat(node: syntax.Splat, target: Value, evaluation: Evaluation) -> Value:
    at = evaluation.span(node)
    if isinstance(target, OneOf):
        results = [_splat(node, one, evaluation) for one in target.alternatives]
        return evaluation.distributed(results, at, target.reason)
    if isinstance(target, Failure):
        return target
    if isinstance(target, Null):
        listed = isinstance(target.type, ListType | SetType | TupleType)
        return Failure("null cannot be expanded with [*]", at) if listed else Tuple((), at)
    if isinstance(target, Unknown):
        return _unknown_splat(node, target, evaluation)
    items = target.items if isinstance(target, SEQUENCES) else (target,)
    results_or_failure = _each(node, items, evaluation)
    if isinstance(results_or_failure, Failure):
        return results_or_failure
    if isinstance(target, List | Set):
        return _listed(node, results_or_failure, target, evaluation)
    return Tuple(results_or_failure, at, is_shuffled(target))


def _each(node: syntax.Splat, items: tuple[Item, ...], evaluation: Evaluation) -> tuple[Item, ...] | Failure:
    results: list[Item] = []
    outer = evaluation.names
    evaluation.names = names = dict(outer)
    try:
        for item in items:
            evaluation.spend(1)
            names[_ITEM] = _plain(item)
            value = evaluation.element(evaluation.value(node.each))
            if isinstance(value, Failure):
                if not isinstance(item, Perhaps):
                    return value
                evaluation.doubts += 1
                continue
            results.append(Perhaps(value, item.many) if isinstance(item, Perhaps) else value)
    finally:
        evaluation.names = outer
    return tuple(results)


def _listed(node: syntax.Splat, items: tuple[Item, ...], target: List | Set, evaluation: Evaluation) -> Value:
    types = [type_of(_plain(item)) for item in items]
    if not types:
        sample = evaluation.bound({_ITEM: Unknown(target.element, "no element", target.at)}, node.each)
        types = [type_of(sample)]
    known = [type_ for type_ in types if type_ is not UNDETERMINED]
    if any(type_ != known[0] for type_ in known):
        return Failure("the elements of the expanded list have different types", evaluation.span(node))
    return List(items, evaluation.span(node), known[0] if known else DYNAMIC, is_shuffled(target))


def _unknown_splat(node: syntax.Splat, target: Unknown, evaluation: Evaluation) -> Value:
    type_ = target.type
    at = evaluation.span(node)
    if is_open(type_):
        evaluation.doubts += 1
        return Unknown(DYNAMIC, target.reason, target.at, nullable=False)
    if not isinstance(type_, ListType | SetType | TupleType):
        items: tuple[Item, ...] = (Perhaps(target),) if target.nullable else (target,)
    else:
        evaluation.doubts += target.nullable
        parts = type_.elements if isinstance(type_, TupleType) else (type_.element,)
        unknown = [Unknown(part, target.reason, target.at, reference=target.reference) for part in parts]
        items = tuple(unknown) if isinstance(type_, TupleType) else (Perhaps(unknown[0], many=True),)
    results = _each(node, items, evaluation)
    if isinstance(results, Failure):
        return results
    if isinstance(type_, ListType | SetType):
        return List(results, at, type_of(_plain(results[0])) if results else DYNAMIC)
    return Tuple(results, at)
