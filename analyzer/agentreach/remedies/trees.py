"""What a file says, without where it says it: plain trees of both syntaxes that can be compared.

Maps are dicts, lists are lists, everything else is one value. Blocks count among the entries of the block around them.
A text in a heredoc or a block scalar that is a YAML or JSON mapping is that mapping.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from agentreach.model import Broken, ListValue, MapValue, Scalar, Source, Span
from agentreach.named_tuples import NamedTuple
from agentreach.remedies.edits import ByHand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Value
    from agentreach.parsers.terraform.node import Node

_PLACES = frozenset({"start", "end", "offsets", "moves"})


class Block(NamedTuple):
    """The key of a nested block: its type and labels, and which of several alike it is."""

    names: tuple[str, ...]
    number: int

    def __str__(self) -> str:
        return self.names[-1]


class Spelled(NamedTuple):
    """An expression of native syntax: what kind of node, and its parts."""

    kind: str
    parts: list[object]


class Difference(NamedTuple):
    """Where two trees differ: `name` is the nearest name on the path.

    `gone` when the second has nothing there, or something of another kind: a number for a text, a name for a literal.
    """

    name: str
    gone: bool = False


def differences(before: object, after: object, name: str = "") -> Iterator[Difference]:
    """Every smallest part that differs; items that a list has more at its end are one difference."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() | after.keys():
            if key not in after or key not in before:
                yield Difference(str(key), gone=key not in after)
            else:
                yield from differences(before[key], after[key], str(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) <= len(after):
        for one, other in zip(before, after, strict=False):
            yield from differences(one, other, name)
        if len(before) < len(after):
            yield Difference(name)
    elif isinstance(before, Spelled) and isinstance(after, Spelled) and before.kind == after.kind:
        yield from differences(before.parts, after.parts, name)
    elif before != after or type(before) is not type(after):
        yield Difference(name, gone=isinstance(before, Spelled) or type(before) is not type(after))


def terraform(source: Source) -> object:
    """The tree of a file in native syntax."""
    from agentreach.parsers.terraform.hcl import parse_file  # noqa: PLC0415 - manifests alone need no Terraform

    body = parse_file(source)
    if body.problems:
        raise ByHand("the file would not parse: change it by hand")
    return _native(body, source)


def _native(node: object, source: Source) -> object:
    from agentreach.parsers.terraform import node as nodes  # noqa: PLC0415 - see above
    from agentreach.parsers.terraform import syntax  # noqa: PLC0415 - see above

    match node:
        case syntax.Body():
            entries: dict[object, object] = {
                name: _native(one.expression, source) for name, one in node.attributes.items()
            }
            seen: Counter[tuple[str, ...]] = Counter()
            for block in node.blocks:
                names = (block.type, *block.labels)
                entries[Block(names, seen[names])] = _native(block.body, source)
                seen[names] += 1
            return entries
        case syntax.ObjectExpression():
            pairs = [(_key(one.key, source), _native(one.value, source)) for one in node.items]
            return dict(pairs) if len(dict(pairs)) == len(pairs) else [list(pair) for pair in pairs]
        case syntax.TupleExpression():
            return [_native(one, source) for one in node.items]
        case syntax.Template() if source.text.startswith("<<", node.start):
            begin = source.text.index("\n", node.start) + 1
            inner = _embedded(Span(source, begin, source.text.rfind("\n", 0, node.end) + 1))
            return inner if inner is not None else _fields(node, source)
        case nodes.Node():
            return _fields(node, source)
        case tuple():
            return [_native(one, source) for one in node]
        case _:
            return node


def _fields(node: Node, source: Source) -> Spelled:
    names = [name for name in node.__match_args__ if name not in _PLACES]
    return Spelled(type(node).__name__, [_native(getattr(node, name), source) for name in names])


def _key(key: object, source: Source) -> object:
    tree = _native(key, source)
    match tree:
        case Spelled("Template", [[str() as text]]):
            return text
        case _:
            return repr(tree)


def _embedded(within: Span) -> object | None:
    """The mapping that a text is; None when it is none."""
    if ":" not in within.text:
        return None
    try:
        found = documents(within)
    except ByHand:
        return None
    return found[0] if len(found) == 1 and isinstance(found[0], dict) else None


def documents(within: Span) -> list[object]:
    """The trees of the YAML or JSON documents of a text, tags kept, aliases followed."""
    from agentreach.parsers import yaml  # noqa: PLC0415 - Terraform alone needs no YAML

    trees: list[object] = []
    for one in yaml.parse(within.source, start=within.start, end=within.end, tag=_tagged):
        if isinstance(one, Broken):
            raise ByHand("the text would not parse: change it by hand")
        trees.append(_document(one.value))
    return trees


def _tagged(tag: str, value: Value, at: Span) -> Value:
    return MapValue({tag: value}, at)


def _document(value: Value) -> object:
    match value:
        case MapValue():
            return {key: _document(one) for key, one in value.entries.items()}
        case ListValue():
            return [_document(one) for one in value.items]
        case Scalar() if value.at.text[:1] in {"|", ">"} and "\n" in value.at.text:
            begin = value.at.source.text.index("\n", value.at.start) + 1
            inner = _embedded(Span(value.at.source, begin, value.at.end))
            return inner if inner is not None else value.value
        case Scalar():
            return value.value
        case _:
            return repr(value)
