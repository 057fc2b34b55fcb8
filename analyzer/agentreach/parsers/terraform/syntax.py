"""The syntax tree of HashiCorp's configuration language, native and JSON alike.

Every node holds the character offsets `start` and `end` (exclusive) into its source's text. Native blocks keep
their body's offsets and are parsed only when something asks: see `Block.body`.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from agentreach.model import Span
from agentreach.parsers.terraform.node import Node, node
from agentreach.records import dataclass, field

_made = tuple.__new__

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.model import Source


def _first(pair: tuple[int, int]) -> int:
    return pair[0]


@node
class Literal(Node):
    """A number, bool or null. Numbers keep their exact text value as int or Fraction."""

    value: object
    start: int
    end: int


@node
class Template(Node):
    """A quoted string or heredoc: literal text, interpolations and directives in order.

    A template of one `str` is a plain string; a template of one expression and nothing else keeps its type.
    """

    parts: tuple[str | Expression | IfDirective | ForDirective, ...]
    start: int
    end: int
    # Where each part starts in the source.
    offsets: tuple[int, ...] = ()
    # Per literal part whose characters moved (escapes, dedenting, trimming): pairs of an index into the part's value
    # and the source offset of that character. Between two pairs value and source run alike.
    moves: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def locate(self, part: int, index: int) -> int:
        """The source offset of a character of a literal part's value."""
        moved = self.moves.get(part)
        if not moved:
            return self.offsets[part] + index
        at, offset = moved[max(bisect_right(moved, index, key=_first) - 1, 0)]
        return offset + index - at


@node
class IfDirective(Node):
    """`%{ if condition }…%{ else }…%{ endif }` within a template. A branch is text, also one of a single expression."""

    condition: Expression
    then: Template
    otherwise: Template | None
    start: int
    end: int


@node
class ForDirective(Node):
    """`%{ for key, value in collection }…%{ endfor }` within a template."""

    key: str | None
    value: str
    collection: Expression
    body: Template
    start: int
    end: int


@node
class Name(Node):
    """A root name: `var`, `local`, `aws_iam_role`, a `for` variable."""

    name: str
    start: int
    end: int


@node
class Attribute(Node):
    """`target.name`."""

    target: Expression
    name: str
    start: int
    end: int


@node
class Index(Node):
    """`target[key]`, and the legacy `target.0`."""

    target: Expression
    key: Expression
    start: int
    end: int


@node
class Splat(Node):
    """`target[*].steps` (full) or `target.*.steps` (attributes only): `each` applied to every element.

    `each` is an expression over `Name("*")`, the element.
    """

    target: Expression
    each: Expression
    full: bool
    start: int
    end: int


@node
class FunctionCall(Node):
    """`name(arguments…)`; `expand` when the last argument has `...`. `name` keeps its `core::` prefix off."""

    name: str
    arguments: tuple[Expression, ...]
    expand: bool
    start: int
    end: int


@node
class TupleExpression(Node):
    """`[a, b]`."""

    items: tuple[Expression, ...]
    start: int
    end: int


@node
class ObjectItem(Node):
    """`key = value`; a bare identifier key is a plain Template, `(expr)` keeps its expression."""

    key: Expression
    value: Expression


@node
class ObjectExpression(Node):
    """`{ a = 1, (b) = 2 }`."""

    items: tuple[ObjectItem, ...]
    start: int
    end: int


@node
class ForExpression(Node):
    """`[for k, v in c : value if condition]`, or `{for … : key => value...}` when `key` is set."""

    key_name: str | None
    value_name: str
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    group: bool
    start: int
    end: int


@node
class Conditional(Node):
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    start: int
    end: int


@node
class Binary(Node):
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression
    start: int
    end: int


@node
class Unary(Node):
    """`-operand`, `!operand`."""

    operator: str
    operand: Expression
    start: int
    end: int


@node
class Parenthesized(Node):
    """`(inner)`."""

    inner: Expression
    start: int
    end: int


Expression = (
    Literal
    | Template
    | Name
    | Attribute
    | Index
    | Splat
    | FunctionCall
    | TupleExpression
    | ObjectExpression
    | ForExpression
    | Conditional
    | Binary
    | Unary
    | Parenthesized
)


@node
class Assignment(Node):
    """`name = expression`; `start` and `end` cover the name."""

    name: str
    expression: Expression
    start: int
    end: int
    source: Source

    @property
    def at(self) -> Span:
        """Where the name stands."""
        return _made(Span, (self.source, self.start, self.end))


@node
class Problem(Node):
    """A syntax error: where, and what was expected, as a sentence without a full stop."""

    message: str
    start: int
    end: int


@node
class Body(Node):
    """Attributes and nested blocks of a block or file, in order."""

    attributes: dict[str, Assignment]
    blocks: tuple[Block, ...]
    start: int
    end: int
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Block:
    """`type "label" "label" { … }`. `start`..`end` cover the whole block, `body` parses on first use."""

    type: str
    labels: tuple[str, ...]
    source: Source
    start: int
    end: int
    open_end: int  # just after the opening brace
    _parse: Callable[[], Body]
    _body: Body | None = field(default=None)

    @property
    def is_parsed(self) -> bool:
        """Whether the body was asked for, or could only be read with the rest."""
        return self._body is not None

    @property
    def body(self) -> Body:
        """The parsed body; what could not be parsed is in `Body.problems`."""
        if self._body is None:
            self._body = self._parse()
        return self._body
