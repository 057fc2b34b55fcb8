"""`data "aws_iam_policy_document"`: the JSON document that its blocks and the documents it merges make.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Encoded,
    Failure,
    Null,
    Object,
    OneOf,
    Partial,
    Perhaps,
    String,
    Tuple,
    Unknown,
    one_of,
)
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from agentreach.model import Span
    from agentreach.parsers.terraform.root import Root
    from agentreach.parsers.terraform.scope import ModuleScope
    from agentreach.parsers.terraform.values import Item, Value

_VERSION = "2012-10-17"
TOO_MANY = "a policy document of too many statements"
_LISTS = (("actions", "Action"), ("not_actions", "NotAction"))
_RESOURCES = (("resources", "Resource"), ("not_resources", "NotResource"))
_PRINCIPALS = (("principals", "Principal"), ("not_principals", "NotPrincipal"))


class _Part(NamedTuple):
    """A statement of the merged document. `sid` is "" without one, None when it is not known."""

    sid: str | None
    item: Item


def document(body: Object, scope: ModuleScope) -> Value:
    """The document: source documents first, then the blocks, then overriding documents."""
    merged: list[_Part] = []
    for parts in _every(body, scope):
        if not _may_merge(merged, parts, body.at, scope.module.root):
            return Unknown(DYNAMIC, TOO_MANY, body.at)
        _merge(merged, parts)
    entries: dict[str, Value] = {"Version": body.entries.get("version", String(_VERSION, body.at))}
    if "policy_id" in body.entries:
        entries["Id"] = body.entries["policy_id"]
    entries["Statement"] = Tuple(tuple(part.item for part in merged), body.at)
    return Encoded(Object(entries, body.at, body.keys), body.at)


def _every(body: Object, scope: ModuleScope) -> Iterator[list[_Part]]:
    """The statements of each document and of the blocks, in the order in which they are merged."""
    for source in (*_single(body, "source_json"), *_items(body.entries.get("source_policy_documents"))):
        yield _statements(source, scope)
    yield [_part(_mapped(item, _statement)) for item in _items(body.entries.get("statement"))]
    for override in (*_items(body.entries.get("override_policy_documents")), *_single(body, "override_json")):
        yield _statements(override, scope)


def _may_merge(merged: list[_Part], new: list[_Part], at: Span, root: Root) -> bool:
    """Documents that are merged with each other double: a few lines would stand for endlessly many statements."""
    if len(merged) + len(new) > root.options.instances:
        root.limited(at, f"{TOO_MANY}: more than {root.options.instances}")
        return False
    compared = len(new) * len(merged) if any(part.sid != "" for part in new) else len(new)
    return root.spends(compared, at)


def _merge(merged: list[_Part], new: Iterable[_Part]) -> None:
    """Append statements; one with the same sid takes the place of the earlier one."""
    for part in new:
        certain = not isinstance(part.item, Perhaps)
        same = [index for index, one in enumerate(merged) if one.sid == part.sid] if part.sid else []
        if part.sid is None or (same and not certain):
            # It may or may not replace what has a sid.
            targets = same or [index for index, one in enumerate(merged) if one.sid != ""]
            for index in targets:
                item = merged[index].item
                if not isinstance(item, Perhaps):
                    merged[index] = merged[index]._replace(item=Perhaps(item))
        if same and certain:
            merged[same[0]] = part
        else:
            merged.append(part)


def _perhaps(item: Item) -> Item:
    return item if isinstance(item, Perhaps) else Perhaps(item)


def _single(body: Object, name: str) -> tuple[Value, ...]:
    """The one document that an older argument names."""
    return (body.entries[name],) if name in body.entries else ()


def _statements(document: Item, scope: ModuleScope) -> list[_Part]:
    """The statements of a document that is merged in."""
    if isinstance(document, Perhaps):
        return [_Part(part.sid, _perhaps(part.item)) for part in _statements(document.value, scope)]
    if isinstance(document, OneOf):
        return [
            _Part(part.sid, _perhaps(part.item)) for one in document.alternatives for part in _statements(one, scope)
        ]
    structure = _structure(document, scope)
    if isinstance(structure, Null):
        return []
    if not isinstance(structure, MAPPINGS):
        return [_Part(None, Perhaps(Unknown(DYNAMIC, _reason(structure), document.at), many=True))]
    written = structure.entries.get("Statement")
    return [
        _part(item) for item in (_items(written) if isinstance(written, SEQUENCES) else [written] if written else [])
    ]


def _structure(document: Value, scope: ModuleScope) -> Value:
    if isinstance(document, Encoded):
        return document.value
    if isinstance(document, String):
        return scope.apply("jsondecode", [document], document.at) if document.text.strip() else Null(document.at)
    return document


def _part(item: Item) -> _Part:
    value = item.value if isinstance(item, Perhaps) else item
    if not isinstance(value, MAPPINGS):
        return _Part(None, item)
    sid = value.entries.get("Sid")
    if sid is None or isinstance(sid, Null):
        return _Part("", item)
    return _Part(sid.text if isinstance(sid, String) else None, item)


def _mapped(item: Item, function: Callable[[Value], Value]) -> Item:
    return Perhaps(function(item.value), item.many) if isinstance(item, Perhaps) else function(item)


def _items(value: Value | None) -> tuple[Item, ...]:
    """The elements of a list; those of an unknown one are any number of unknown ones."""
    if isinstance(value, SEQUENCES):
        return value.items
    if value is None or isinstance(value, Null):
        return ()
    if isinstance(value, Object):  # JSON syntax, where a single block may stand alone
        return (value,)
    if isinstance(value, OneOf):
        return tuple(_perhaps(item) for one in value.alternatives for item in _items(one))
    return (Perhaps(Unknown(DYNAMIC, _reason(value), value.at), many=True),)


def _reason(value: Value) -> str:
    if isinstance(value, Failure):
        return value.message
    return value.reason if isinstance(value, Unknown) else "a policy document that is not known"


def _statement(block: Value) -> Value:
    """A `statement` block as a statement of the document."""
    if not isinstance(block, Object):
        return block
    entries: dict[str, Value] = {}
    keys: dict[str, Span] = {}

    def put(name: str, written: str, value: Value) -> None:
        entries[name] = value
        if written in block.keys:
            keys[name] = block.keys[written]

    sid = block.entries.get("sid")
    if sid is not None and not (isinstance(sid, String) and not sid.text):
        put("Sid", "sid", sid)
    put("Effect", "effect", block.entries.get("effect", String("Allow", block.at)))
    for written, name in _PRINCIPALS:
        if written in block.entries and not _is_empty(block.entries[written]):
            put(name, written, _principals(block.entries[written]))
    for written, name in (*_LISTS, *_RESOURCES):
        value = block.entries.get(written)
        if value is not None and not _is_empty(value):
            put(name, written, value if name.endswith("Action") else _variables(value))
    if "condition" in block.entries and not _is_empty(block.entries["condition"]):
        put("Condition", "condition", _conditions(block.entries["condition"]))
    return Object(entries, block.at, keys, block.rest)


def _is_empty(value: Value) -> bool:
    return isinstance(value, SEQUENCES) and not value.items


def _principals(blocks: Value) -> Value:
    """`{"AWS": […]}` from blocks with a type and identifiers; "*" for everyone."""
    found: dict[str, list[Item]] = {}
    rest: Value | None = None
    for item in _items(blocks):
        block = item.value if isinstance(item, Perhaps) else item
        type_ = block.entries.get("type") if isinstance(block, Object) else None
        if not isinstance(block, Object) or not isinstance(type_, String):
            rest = Unknown(DYNAMIC, "a principal that is not known", block.at)
            continue
        identifiers = _items(_variables(block.entries.get("identifiers", Null(block.at))))
        added = identifiers if not isinstance(item, Perhaps) else tuple(map(_perhaps, identifiers))
        found.setdefault(type_.text, []).extend(added)
    if set(found) == {"*"} and rest is None:
        return String("*", blocks.at)
    return Object({name: Tuple(tuple(items), blocks.at) for name, items in found.items()}, blocks.at, {}, rest)


def _conditions(blocks: Value) -> Value:
    """`{test: {variable: values}}`; with a block that may be missing, both documents are possible."""
    certain = [item for item in _items(blocks) if not isinstance(item, Perhaps)]
    every = [item.value if isinstance(item, Perhaps) else item for item in _items(blocks)]
    whole = _condition(every, blocks.at)
    if len(certain) == len(every):
        return whole
    return one_of([_condition(certain, blocks.at), whole], blocks.at, "a condition that may be missing")


def _condition(blocks: list[Value], at: Span) -> Value:
    tests: dict[str, dict[str, list[Item]]] = {}
    rest: Value | None = None
    for block in blocks:
        entries = block.entries if isinstance(block, Object) else {}
        test, variable = entries.get("test"), entries.get("variable")
        if not isinstance(test, String) or not isinstance(variable, String):
            rest = Unknown(DYNAMIC, "a condition that is not known", block.at)
            continue
        values = _items(_variables(entries.get("values", Null(block.at))))
        tests.setdefault(test.text, {}).setdefault(variable.text, []).extend(values)
    entries_of = {
        test: Object({name: Tuple(tuple(values), at) for name, values in variables.items()}, at)
        for test, variables in tests.items()
    }
    return Object(dict(entries_of), at, {}, rest)


def _variables(value: Value) -> Value:
    """`&{aws:username}` stands for `${aws:username}`, which Terraform would interpolate."""
    if isinstance(value, String):
        return value._replace(text=value.text.replace("&{", "${")) if "&{" in value.text else value
    if isinstance(value, Partial):
        return replace(value, parts=tuple(_variables_of(part) for part in value.parts))
    if isinstance(value, SEQUENCES):
        return replace(value, items=tuple(_mapped(item, _variables) for item in value.items))
    if isinstance(value, OneOf):
        return replace(value, alternatives=tuple(map(_variables, value.alternatives)))
    return value


def _variables_of(part: str | Unknown) -> str | Unknown:
    return part.replace("&{", "${") if isinstance(part, str) else part
