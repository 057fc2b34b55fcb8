"""Public modules that hide who an agent is when they are not downloaded, understood by their inputs.

`public_modules/` holds for each what it declares, written anew and reduced to identities and permissions. What comes
from there stands, for people, where the module is called and its arguments are written.

Three blocks are short there: `inputs` has a variable for each of its arguments, which is the default (with a label, a
local of that name lists their values), `outputs` an output for each, and `shared` all blocks of another file. The
sources `agentreach/…` are modules that they share.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Encoded, ListValue, MapValue, OneOf, Reference, Scalar, Source, Span, Text
from agentreach.parsers.terraform import hcl
from agentreach.parsers.terraform.configuration import Configuration, Trouble, merge
from agentreach.parsers.terraform.syntax import Assignment, Attribute, Block, Body, Name, TupleExpression
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.model import Value
    from agentreach.parsers.terraform.syntax import Expression

_DIRECTORY = Path(__file__).parent / "public_modules"
_REGISTRY = late_regex(r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?([\w-]+)/([\w-]+)/aws(?://([\w/-]+))?")
_GIT = late_regex(
    r"(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]([\w-]+)/terraform-aws-([\w-]+?)(?:\.git)?"
    r"(?://([\w/-]+))?(?:\?[^\s]*)?"
)
_IAM = (
    "iam-assumable-role",
    "iam-assumable-role-with-oidc",
    "iam-eks-role",
    "iam-github-oidc-role",
    "iam-policy",
    "iam-role",
    "iam-role-for-service-accounts",
    "iam-role-for-service-accounts-eks",
)
_FILES = {
    ("aws-ia", "agentcore", ""): "agentcore",
    ("aws-ia", "bedrock", ""): "bedrock",
    ("terraform-aws-modules", "eks-pod-identity", ""): "eks-pod-identity",
    ("terraform-aws-modules", "lambda", ""): "lambda",
    **{("terraform-aws-modules", "iam", f"modules/{name}"): name for name in _IAM},
}
_SHARED = {"agentreach/pods": "pods", "agentreach/statements": "statements"}
_SHOWN = "<public module "
_SHORT = {"inputs": ("variable", "default"), "outputs": ("output", "value")}


def public_module(source: str) -> Configuration | None:
    """What a public module declares, None for a module that is not known here."""
    match = _REGISTRY.fullmatch(source) or _GIT.fullmatch(source)
    name = _FILES.get((match[1], match[2], match[3] or "")) if match else _SHARED.get(source)
    return _read(name) if name else None


@cache
def _read(name: str) -> Configuration:
    configuration = merge(_DIRECTORY / name, f"{_SHOWN}{name}>", Trouble(), [(name, tuple(_blocks(name)))])
    configuration.is_public = True
    return configuration


def _blocks(name: str) -> Iterator[Block]:
    source = Source(f"{_SHOWN}{name}>", (_DIRECTORY / f"{name}.tf").read_text(encoding="utf-8"))
    for block in hcl.skim(source).blocks:
        yield from _in_full(block)


def _in_full(block: Block) -> Iterator[Block]:
    """The blocks that a short one stands for."""
    if block.type == "shared":
        yield from _blocks(block.labels[0])
        return
    if block.type not in _SHORT:
        yield block
        return
    type_, argument = _SHORT[block.type]
    written = block.body.attributes
    for name, one in written.items():
        yield _block_of(block, type_, (name,), argument, one.expression)
    for label in block.labels:
        values = (Attribute(Name("var", block.start, block.start), name, block.start, block.start) for name in written)
        yield _block_of(block, "locals", (), label, TupleExpression(tuple(values), block.start, block.end))


def _block_of(block: Block, type_: str, labels: tuple[str, ...], argument: str, expression: Expression) -> Block:
    start, end = expression.start, expression.end
    body = Body({argument: Assignment(argument, expression, start, start, block.source)}, (), start, end)
    return Block(type_, labels, block.source, start, end, start, lambda: body)


def is_public(source: Source) -> bool:
    """Whether a source is one of `public_modules`, which no user has."""
    return source.path.startswith(_SHOWN)


def relocated(value: Value, at: Span) -> Value:
    """The value with every place inside a public module replaced by what people wrote, else by `at`."""
    place = _own(value) or at
    match value:
        case MapValue(entries, _, keys, is_open):
            moved = {name: relocated(entry, place) for name, entry in entries.items()}
            written = {name: span for name, span in keys.items() if not is_public(span.source)}
            return MapValue(moved, place, written, is_open)
        case ListValue(items, _, is_open):
            return ListValue(tuple(relocated(item, place) for item in items), place, is_open)
        case OneOf(alternatives, _, reason):
            return OneOf(tuple(relocated(one, place) for one in alternatives), place, reason)
        case Encoded(inner, _):
            return Encoded(relocated(inner, place), place)
        case Text(parts):
            moved_parts = tuple(part if isinstance(part, str) else replace(part, at=place) for part in parts)
            return Text(moved_parts, place)
        case Scalar(known, _, Reference() as reference):
            return Scalar(known, place, replace(reference, at=place))
    return value if value.at is place else replace(value, at=place)


def _own(value: Value) -> Span | None:
    """The value's own place if people can open it, else that of the first part that has one."""
    if not is_public(value.at.source):
        return value.at
    return next((place for part in _parts(value) if (place := _own(part)) is not None), None)


def _parts(value: Value) -> Iterable[Value]:
    match value:
        case MapValue(entries):
            return entries.values()
        case ListValue(items):
            return items
        case OneOf(alternatives):
            return alternatives
        case Encoded(inner):
            return (inner,)
    return ()
