"""What every parser produces and every lowering reads: located values and resources.

A value is one of

    Scalar       a known string, number, bool or null
    Text         a string of which only parts are known
    ListValue    a list, tuple or set, in order
    MapValue     an object, map or block; keys know their position too
    OneOf        one of finitely many values; which one depends on something unknown
    Encoded      a structure that was encoded as text (JSON, YAML)
    Reference    an attribute of a declared resource that only exists after deployment
    Unknown      anything else only known at deploy time, with the reason

and every value knows where it was written (`at`, a `Span`). Offsets become line and column
only for what is shown: `span.location`.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass, field, made_often

if TYPE_CHECKING:
    from collections.abc import Iterator


class Location(NamedTuple):
    """A place people can open: `path` relative to the working directory with POSIX slashes.

    Lines and columns count from 1, columns in characters; the end is exclusive in columns.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Source:
    """A file's display path and decoded text. Offsets are characters into `text`.

    `asked` are the places where blocks begin whose bodies were parsed because something asked for them.
    """

    __slots__ = ("__weakref__", "_starts", "asked", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.asked: list[int] = []
        self._starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"Source({self.path!r})"

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character offset."""
        if self._starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._starts = starts
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a source."""

    source: Source
    start: int
    end: int

    @property
    def location(self) -> Location:
        """Where this is, for people."""
        line, column = self.source.position(self.start)
        end_line, end_column = self.source.position(max(self.start, self.end))
        return Location(self.source.path, line, column, end_line, end_column)

    @property
    def text(self) -> str:
        """The characters themselves. Never print those of a secret."""
        return self.source.text[self.start : self.end]


class Key(NamedTuple):
    """What names a declared thing uniquely: the scan root it belongs to and its address there."""

    root: str
    address: str

    def __str__(self) -> str:
        return self.address


class Kind(StrEnum):
    """What is known about an unknown: enough to match account, region and partition in ARNs."""

    ANY = "any"
    ACCOUNT = "account"
    REGION = "region"
    PARTITION = "partition"


@made_often
class Unknown:
    """A value only known at deploy time. `reason` is a clause: "variable 'x' has no value"."""

    reason: str
    at: Span
    kind: Kind = Kind.ANY


@made_often
class Reference:
    """An attribute of a declared resource that the code does not give: `aws_iam_role.ops.arn`.

    `attribute` is dotted ("arn", "identity.0.principal_id"); for CloudFormation `Ref` it is "Ref".
    """

    key: Key
    attribute: str
    at: Span


@made_often
class Scalar:
    """A known string, number, bool or null. `reference` remembers which resource it was read from."""

    value: str | float | bool | None
    at: Span
    reference: Reference | None = None


@made_often
class Text:
    """A string with holes: known parts and unknown ones in order. Never collapses to Unknown."""

    parts: tuple[str | Unknown | Reference, ...]
    at: Span


@made_often
class ListValue:
    """A list, tuple or set. `open` means that further, unknown elements may follow."""

    items: tuple[Value, ...]
    at: Span
    open: bool = False


@made_often
class MapValue:
    """An object, map or block. `open` means that further, unknown keys may exist."""

    entries: dict[str, Value]
    at: Span
    keys: dict[str, Span] = field(default_factory=dict)
    open: bool = False


@made_often
class OneOf:
    """One of `alternatives` (two or more), undecided."""

    alternatives: tuple[Value, ...]
    at: Span
    reason: str = ""


@made_often
class Encoded:
    """A structure that the code encodes as text (`jsonencode`, `Fn::ToJsonString`, a policy document)."""

    value: Value
    at: Span


Value = Scalar | Text | ListValue | MapValue | OneOf | Encoded | Reference | Unknown


class Format(StrEnum):
    """The languages infrastructure is declared in."""

    TERRAFORM = "terraform"
    CLOUDFORMATION = "cloudformation"
    KUBERNETES = "kubernetes"


class Call(NamedTuple):
    """One step of a module path: the call's name and where it is written."""

    name: str
    at: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One declared thing: a Terraform resource instance, a template entry, a manifest.

    `type` is "aws_iam_role", "data.aws_iam_policy_document", "AWS::IAM::Role", or
    "group/Kind" ("apps/Deployment", "v1/Pod" for the core group, "kagent.dev/Agent").
    `attributes` are a Terraform body, a template entry's Properties, or a whole manifest.
    A Terraform nested block is always a ListValue of MapValues, also when there is one.
    `certain` is False when count, for_each or a Condition may leave it out.
    `siblings` hold what stands beside the attributes (CloudFormation Metadata, DeletionPolicy, …).
    """

    format: Format
    type: str
    key: Key
    name: str
    attributes: MapValue
    at: Span
    module_path: tuple[Call, ...] = ()
    certain: bool = True
    siblings: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not analysed, and why. By design: a limit of the method, not a failure."""

    path: str
    reason: str
    by_design: bool = True
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A source recognised as infrastructure code that could not be parsed here."""

    at: Span
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one parser made of the tree. `files` counts sources recognised and read."""

    resources: tuple[Resource, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    broken: tuple[Broken, ...] = ()
    files: int = 0
    roots: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


def child(value: Value | None, name: str) -> Value | None:
    """The entry `name` of a map, looking into Encoded and a list of one; None where there is none."""
    if isinstance(value, MapValue):
        return value.entries.get(name)
    if isinstance(value, Encoded):
        return child(value.value, name)
    if isinstance(value, ListValue) and len(value.items) == 1:
        return child(value.items[0], name)
    return None


def descend(value: Value | None, path: str) -> Value | None:
    """Follow a dotted path through maps and single blocks: `descend(attributes, "spec.template")`."""
    for name in path.split("."):
        value = child(value, name)
        if value is None:
            return None
    return value


def elements(value: Value | None) -> tuple[Value, ...]:
    """The items of a list; a lone value is a list of one; nothing is empty."""
    if value is None or (isinstance(value, Scalar) and value.value is None):
        return ()
    if isinstance(value, ListValue):
        return value.items
    return (value,)


def alternatives(value: Value) -> Iterator[Value]:
    """Every value this may be, decided values once."""
    if isinstance(value, OneOf):
        for one in value.alternatives:
            yield from alternatives(one)
    else:
        yield value


def string(value: Value | None) -> str | None:
    """The text of a known scalar (a number or bool as Terraform prints it), else None."""
    if not isinstance(value, Scalar) or value.value is None:
        return None
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    return str(value.value)


def boolean(value: Value | None) -> bool | None:
    """A known bool, also written as text; None for unknown or absent."""
    text = string(value)
    return {"true": True, "false": False}.get(text.lower()) if text is not None else None


def number(value: Value | None) -> float | None:
    """A known number, also written as text; None for unknown, absent or not a number."""
    if not isinstance(value, Scalar) or value.value is None or isinstance(value.value, bool):
        return None
    try:
        return float(value.value)
    except ValueError:
        return None


def text_parts(value: Value | None) -> tuple[str | Unknown | Reference, ...]:
    """A string-like value as known and unknown parts; empty for null, absent and structures."""
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, Unknown | Reference):
        return (value,)
    known = string(value)
    return () if known is None else (known,)


def is_known(value: Value) -> bool:
    """True when no part of the value depends on deployment."""
    match value:
        case Scalar():
            return True
        case ListValue():
            return not value.open and all(map(is_known, value.items))
        case MapValue():
            return not value.open and all(map(is_known, value.entries.values()))
        case Encoded():
            return is_known(value.value)
        case _:
            return False
