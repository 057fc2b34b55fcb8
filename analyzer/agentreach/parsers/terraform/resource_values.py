"""What a reference to a resource or data source yields.

An argument that the code gives is that value, and remembers the resource it was read from; what a provider computes
is unknown, and refers to the resource's attribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Key, Kind, Reference
from agentreach.parsers.terraform import blocks
from agentreach.parsers.terraform.configuration import META
from agentreach.parsers.terraform.data_sources import COMPUTED, OFFERED
from agentreach.parsers.terraform.functions.specification import reason_of
from agentreach.parsers.terraform.instances import perhaps
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Failure,
    Null,
    Number,
    Object,
    OneOf,
    Partial,
    Perhaps,
    String,
    Tuple,
    Unknown,
)
from agentreach.records import dataclass, replace

if TYPE_CHECKING:
    from agentreach.model import Span
    from agentreach.parsers.terraform.configuration import Content, Declaration
    from agentreach.parsers.terraform.evaluate import Step
    from agentreach.parsers.terraform.instances import Instance
    from agentreach.parsers.terraform.modules import Module
    from agentreach.parsers.terraform.scope import ModuleScope
    from agentreach.parsers.terraform.syntax import Assignment
    from agentreach.parsers.terraform.values import Value

AFTER_APPLY = "known only after apply"
# Providers document that `id` is this argument.
ID_ARGUMENT = {
    "aws_cloudwatch_log_group": "name",
    "aws_dynamodb_table": "name",
    "aws_ecr_repository": "name",
    "aws_eks_cluster": "name",
    "aws_iam_group": "name",
    "aws_iam_instance_profile": "name",
    "aws_iam_role": "name",
    "aws_iam_user": "name",
    "aws_kms_alias": "name",
    "aws_lambda_function": "function_name",
    "aws_s3_bucket": "bucket",
    "aws_ssm_parameter": "name",
    "data.aws_iam_role": "name",
    "data.aws_iam_user": "user_name",
    "data.aws_s3_bucket": "bucket",
    "google_storage_bucket": "name",
}
# What other resources name a resource by: worth a link even when only a part of it is known.
NAMING = frozenset({"id", "arn", "name", "bucket", "function_name", "email", "account_id", "principal_id"})
_ALWAYS_SET = frozenset({"id", "arn", "name"})


@dataclass(frozen=True, slots=True)
class Declared:
    """One instance of a resource or data source, while its attributes are read."""

    module: Module
    declaration: Declaration
    address: str
    instance: Instance

    @property
    def type(self) -> str:
        """`aws_iam_role`, `data.aws_iam_role`."""
        return self.address.rpartition(".")[0]

    @property
    def key(self) -> Key:
        """What names the instance."""
        return self.module.key(self.address + self.instance.key)

    @property
    def content(self) -> Content:
        """Its arguments and blocks."""
        return self.declaration.content

    @property
    def scope(self) -> ModuleScope:
        """The scope of its body."""
        return self.module.scope_of(self.declaration, self.instance)

    def argument(self, name: str) -> Value | None:
        """The value of an argument, None when it is not written."""
        argument = self.content.arguments.get(name)
        return None if argument is None or name in META else self.lazily(argument)

    def lazily(self, argument: Assignment) -> Value:
        """The value of an argument, evaluated once."""
        shown = f"{self.address}{self.instance.key}.{argument.name}"
        return self.module.lazily(shown, argument.at, lambda: blocks.argument_value(argument, self.scope))

    def body(self) -> Value:
        """Everything that is written in the block, evaluated once; unknown where it needs itself."""
        shown, at = self.address + self.instance.key, self.declaration.at
        return self.module.lazily(shown, at, lambda: blocks.resource_body(self.content, at, self.scope))


def resolve(module: Module, steps: tuple[Step, ...], offset: int, at: Span) -> tuple[Value, int]:
    """The value of `type.name…`; how many of the steps it accounts for, without the first `offset`."""
    size = 3 if steps[:1] in (("data",), ("ephemeral",)) else 2
    names = [step for step in steps[:size] if isinstance(step, str)]
    if len(names) < size:
        return Failure(f"{'.'.join(names)!r} does not name anything", at), len(steps) - offset
    address = ".".join(names)
    declaration = module.configuration.resources.get(address)
    if declaration is None:
        return _undeclared(module, address, at), size - offset
    module.root.asked.add(id(declaration))
    expansion = module.expansion(declaration)
    instance, used = expansion.select(steps[size:])
    if isinstance(instance, Failure):
        return instance, size + used - offset
    if instance is None:
        every = module.collected(
            (id(declaration), at),
            lambda: expansion.collect(lambda one: whole(Declared(module, declaration, address, one), at)),
        )
        return every, size - offset
    declared = Declared(module, declaration, address, instance)
    rest = steps[size + used :]
    if not rest or not isinstance(rest[0], str):
        return whole(declared, at), size + used - offset
    value, more = attribute(declared, rest[0], rest[1:], at)
    last = rest[more]
    if used and not instance.certain and isinstance(last, str):
        return perhaps(value, last, at), size + used + more - offset
    return value, size + used + 1 + more - offset


def _undeclared(module: Module, address: str, at: Span) -> Value:
    if module.configuration.is_damaged:
        return Unknown(DYNAMIC, f"{address} is not declared in what could be read", at)
    return Failure(f"{address} is not declared", at)


def attribute(declared: Declared, name: str, rest: tuple[Step, ...], at: Span) -> tuple[Value, int]:
    """The value of an attribute, and how many further steps it accounts for."""
    computed = COMPUTED.get(declared.type)
    known = computed(declared, name, at) if computed else None
    if known is None:
        known = _written(declared, name)
    if known is None:
        return _nested(declared, name, rest, at)
    if isinstance(known, Unknown) and known.kind is not Kind.ANY:
        return known, 0
    if isinstance(known, Null) and not computed:
        known = Unknown(known.type, AFTER_APPLY, at)
    return read_from(known, Reference(declared.key, name, at)), 0


def _written(declared: Declared, name: str) -> Value | None:
    """The value of an argument, or of the argument that a provider makes the id of."""
    known = declared.argument(name)
    if known is None and name == "id" and declared.type in ID_ARGUMENT:
        known = declared.argument(ID_ARGUMENT[declared.type])
    return known


def _nested(declared: Declared, name: str, rest: tuple[Step, ...], at: Span) -> tuple[Value, int]:
    """A part of a nested block, or what only the provider knows."""
    value: Value | None = _blocks(declared, name)
    path = [name]
    used = 0
    for step in rest:
        index = step if isinstance(step, str) else _plain(step)
        if index is None:
            break
        inner = _part(value, index)
        if inner is None and value is not None and not isinstance(value, Object):
            break
        value = inner
        path.append(index)
        used += 1
    reference = Reference(declared.key, ".".join(path), at)
    if value is None:
        return _after_apply(reference, path[-1]), used
    return (read_from(value, reference), used) if path[1:] else (value, 0)


def _blocks(declared: Declared, name: str) -> Value | None:
    if not any(
        name == (block.labels[0] if block.type == "dynamic" else block.type) for block in declared.content.blocks
    ):
        return None
    if name in META:
        return None
    shown = f"{declared.address}{declared.instance.key}.{name}"
    at = declared.declaration.at

    def made() -> Value:
        items = blocks.nested(declared.content, declared.scope, blocks.DEPTH, META).get(name, [])
        return Tuple(tuple(items), at)

    return declared.module.lazily(shown, at, made)


def _part(value: Value | None, step: str) -> Value | None:
    """The entry or element of a known structure, None where there is none."""
    if isinstance(value, MAPPINGS):
        return value.entries.get(step) if step not in value.maybe else None
    if isinstance(value, SEQUENCES) and step.isdigit() and int(step) < len(value.items):
        before = value.items[: int(step) + 1]
        item = before[-1]
        return None if any(isinstance(one, Perhaps) for one in before) or isinstance(item, Perhaps) else item
    return None


def _plain(step: Value) -> str | None:
    if isinstance(step, Number):
        return str(step.value)
    return step.text if isinstance(step, String) else None


def _after_apply(reference: Reference, name: str) -> Value:
    always = name in _ALWAYS_SET
    return Unknown(STRING if always else DYNAMIC, AFTER_APPLY, reference.at, nullable=not always, reference=reference)


def read_from(value: Value, reference: Reference) -> Value:
    """The value, remembering which resource it was read from."""
    match value:
        case String():
            return value._replace(reference=reference)
        case Unknown():
            return replace(value, reference=reference)
        case Partial() | OneOf() if reference.attribute in NAMING:
            return Unknown(STRING, reason_of(value), value.at, nullable=False, reference=reference)
        case OneOf():
            parts = tuple(read_from(one, reference) for one in value.alternatives)
            return OneOf(parts, value.at, value.reason)
    return value


class Attributes(dict[str, "Value"]):
    """The attributes of a resource: one that nobody wrote is what the provider computes."""

    __slots__ = ("_at", "_key")

    def __init__(self, entries: dict[str, Value], key: Key, at: Span) -> None:
        super().__init__(entries)
        self._key = key
        self._at = at

    def get(self, name: str, default: Value | None = None) -> Value | None:  # type: ignore[override]
        """The attribute; a reference to it where it is not written and nobody offers another value."""
        known = super().get(name)
        if known is not None or default is not None:
            return known or default
        return _after_apply(Reference(self._key, name, self._at), name)


def whole(declared: Declared, at: Span) -> Value:
    """The object that a reference without attribute means: what is written, what identifies it, and unknown rest."""
    written = declared.body()
    if not isinstance(written, Object):
        return written
    names = sorted({*written.entries, *_ALWAYS_SET, *OFFERED.get(declared.type, ())})
    entries = Attributes({name: _entry(declared, written, name, at) for name in names}, declared.key, at)
    return Object(entries, declared.declaration.at, written.keys, Unknown(DYNAMIC, AFTER_APPLY, at))


def _entry(declared: Declared, written: Object, name: str, at: Span) -> Value:
    if name in written.entries and name not in OFFERED.get(declared.type, ()):
        return read_from(written.entries[name], Reference(declared.key, name, at))
    return attribute(declared, name, (), at)[0]
