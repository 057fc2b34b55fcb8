"""Functions on maps and objects."""

from __future__ import annotations

from agentreach.parsers.terraform.comparison import matches
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.sequences import element_type
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError, Parameter
from agentreach.parsers.terraform.texts import parts_of
from agentreach.parsers.terraform.types import DYNAMIC, STRING, ListType, MapType, ObjectType, Type
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    Encoded,
    Failure,
    Item,
    List,
    Map,
    Mapping,
    Null,
    Object,
    Partial,
    Perhaps,
    String,
    Tuple,
    Unknown,
    Value,
    is_known,
    known_items,
    one_of,
    plain,
    type_of,
)
from agentreach.parsers.terraform.written import as_text

FUNCTIONS: dict[str, Function] = {}
_LISTS_OF_STRINGS = MapType(ListType(STRING))


def as_mapping(call: Call, value: Value) -> Mapping:
    """A map or object, also of an unknown one. Raises FunctionError for anything else."""
    if isinstance(value, MAPPINGS):
        return value
    if isinstance(value, Unknown):
        type_ = value.type
        if value.nullable or type_ is DYNAMIC:
            call.doubt()
        if isinstance(type_, ObjectType):
            parts = sorted(type_.attributes.items())
            return Object({name: Unknown(part, value.reason, value.at) for name, part in parts}, value.at)
        if isinstance(type_, MapType):
            return Map({}, value.at, type_.element, rest=Unknown(type_.element, value.reason, value.at))
        if type_ is DYNAMIC:
            return Object({}, value.at, rest=Unknown(DYNAMIC, value.reason, value.at))
    raise FunctionError("a map or object is required")


@function(FUNCTIONS, DYNAMIC, returns=DYNAMIC, unknowns=True)
def _keys(call: Call, given: Value) -> Value:
    mapping = as_mapping(call, given)
    items: list[Item] = []
    for name in mapping.entries:
        key = String(name, mapping.keys.get(name, call.at))
        items.append(Perhaps(key) if name in mapping.maybe else key)
    if mapping.rest is not None:
        # The keys that are not known may sort anywhere.
        further = Perhaps(Unknown(STRING, "keys that are not known", call.at, nullable=False), many=True)
        items = [further, *(each for item in items for each in (item, further))]
    return List(tuple(items), call.at, STRING) if isinstance(mapping, Map) else Tuple(tuple(items), call.at)


@function(FUNCTIONS, DYNAMIC, returns=DYNAMIC, unknowns=True)
def _values(call: Call, given: Value) -> Value:
    mapping = as_mapping(call, given)
    items: list[Item] = []
    for name, entry in mapping.entries.items():
        items.append(Perhaps(entry) if name in mapping.maybe else entry)
    if mapping.rest is not None:
        further = Perhaps(mapping.rest, many=True)
        items = [further, *(each for item in items for each in (item, further))]
    if isinstance(mapping, Map):
        return List(tuple(items), call.at, mapping.element)
    return Tuple(tuple(items), call.at)


@function(FUNCTIONS, DYNAMIC, STRING, rest=Parameter(DYNAMIC, null=True), returns=DYNAMIC, unknowns=True)
def _lookup(call: Call, given: Value, key: Value, *default: Value) -> Value:
    if len(default) > 1:
        return call.failure("two or three arguments are required")
    mapping = as_mapping(call, given)
    fallback = _fallback(mapping, default)
    if isinstance(fallback, Failure):
        return fallback
    name = as_text(key) if isinstance(key, Encoded) else key
    if isinstance(name, String):
        return _found(call, mapping, name.text, fallback)
    parts = parts_of(name) if isinstance(name, Partial) else None
    found = [entry for text, entry in mapping.entries.items() if parts is None or matches(parts, text)]
    return _one(call, [*found, mapping.rest, fallback], name)


def _fallback(mapping: Mapping, default: tuple[Value, ...]) -> Value | None:
    if not default:
        return None
    return convert(default[0], mapping.element) if isinstance(mapping, Map) else default[0]


def _found(call: Call, mapping: Mapping, name: str, fallback: Value | None) -> Value:
    entry = mapping.entries.get(name)
    if entry is not None and name not in mapping.maybe:
        return entry
    return _one(call, [entry, mapping.rest, fallback], mapping)


def _one(call: Call, options: list[Value | None], because: Value) -> Value:
    found = [option for option in options if option is not None]
    if options[-1] is None:
        call.doubt()
    if not found:
        return call.failure("there is no such key")
    return one_of(found, call.at, call.unknown(DYNAMIC, because).reason)


@function(FUNCTIONS, rest=Parameter(DYNAMIC, null=True), returns=DYNAMIC, unknowns=True)
def _merge(call: Call, *given: Value) -> Value:
    merged = _Merged()
    types: list[Type] = []
    for value in given:
        if isinstance(value, Null):
            types.append(ObjectType({}) if not isinstance(value.type, MapType) else value.type)
            continue
        types.append(type_of(value))
        merged.add(as_mapping(call, value), call)
    call.evaluation.spend(len(merged.entries))
    return merged.result(call, types)


class _Merged:
    """Maps laid over one another."""

    def __init__(self) -> None:
        self.entries: dict[str, Value] = {}
        self.keys: dict[str, object] = {}
        self.maybe: set[str] = set()
        self.rest: Value | None = None

    def add(self, mapping: Mapping, call: Call) -> None:
        """Lay a map on top: what may be missing in it leaves what lies below possible."""
        if mapping.rest is not None:
            self._cover(mapping.rest, call)
        for name, entry in mapping.entries.items():
            below = self.entries.get(name, self.rest)
            if name not in mapping.maybe:
                self.entries[name] = entry
                self.maybe.discard(name)
            elif below is None:
                self.entries[name] = entry
                self.maybe.add(name)
            else:
                self.maybe |= set() if name in self.entries else {name}
                self.entries[name] = one_of([below, entry], call.at, "a key that may be missing")
        self.keys.update(mapping.keys)

    def _cover(self, rest: Value, call: Call) -> None:
        for name, entry in self.entries.items():
            self.entries[name] = one_of([entry, rest], call.at, "keys that are not known")
        self.rest = rest if self.rest is None else one_of([self.rest, rest], call.at, "keys that are not known")

    def result(self, call: Call, types: list[Type]) -> Value:
        """A map if all are maps of one type, else an object."""
        entries = dict(sorted(self.entries.items()))
        keys = {name: span for name, span in self.keys.items() if name in entries}
        first = types[0] if types else None
        if isinstance(first, MapType) and all(type_ == first for type_ in types):
            element = element_type(first.element)
            return Map(entries, call.at, element, keys, self.rest, frozenset(self.maybe))  # type: ignore[arg-type]
        return Object(entries, call.at, keys, self.rest, frozenset(self.maybe))  # type: ignore[arg-type]


@function(FUNCTIONS, _LISTS_OF_STRINGS, returns=_LISTS_OF_STRINGS)
def _transpose(call: Call, given: Map) -> Value:
    if not is_known(given):
        call.doubt()
        return call.unknown(_LISTS_OF_STRINGS, given)
    found: dict[str, list[Value]] = {}
    for name, names in given.entries.items():
        key = String(name, given.keys.get(name, call.at))
        if not isinstance(names, List):
            raise FunctionError("a list is null")
        for item in names.items:
            text = as_text(item) if isinstance(item, Encoded) else item
            if not isinstance(text, String):
                raise FunctionError("a string is null")
            found.setdefault(text.text, []).append(key)
    entries: dict[str, Value] = {name: List(tuple(found[name]), call.at, STRING) for name in sorted(found)}
    return Map(entries, call.at, ListType(STRING))


@function(FUNCTIONS, ListType(STRING), DYNAMIC, returns=DYNAMIC)
def _zipmap(call: Call, names: List, given: Value) -> Value:
    if not isinstance(given, List | Tuple):
        raise FunctionError("the values must be a list or tuple")
    keys_known, items = known_items(names), known_items(given)
    if keys_known is None or items is None:
        call.doubt()
        rest = (
            one_of([plain(item) for item in given.items], call.at, "keys that are not known") if given.items else None
        )
        return Object({}, call.at, rest=rest or call.unknown(DYNAMIC, names))
    if len(keys_known) != len(items):
        raise FunctionError("there must be as many keys as values")
    entries: dict[str, Value] = {}
    rest_values: list[Value] = []
    for key, item in zip(keys_known, items, strict=True):
        name = as_text(key) if isinstance(key, Encoded) else key
        if isinstance(name, Null):
            raise FunctionError("a key is null")
        if isinstance(name, String):
            entries[name.text] = item
        else:
            rest_values.append(item)
    return _zipped(call, entries, rest_values, given)


def _zipped(call: Call, entries: dict[str, Value], rest: list[Value], given: Value) -> Value:
    if rest:
        entries = {name: one_of([entry, *rest], call.at, "keys that are not known") for name, entry in entries.items()}
    further = one_of(rest, call.at, "keys that are not known") if rest else None
    ordered = dict(sorted(entries.items()))
    if isinstance(given, List):
        return Map(ordered, call.at, given.element, rest=further)
    return Object(ordered, call.at, rest=further)
