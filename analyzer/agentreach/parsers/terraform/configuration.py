"""What one directory declares: its files merged as Terraform merges them, bodies read when something asks.

https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Broken, Span
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Assignment, Block, Body, Problem
    from agentreach.parsers.terraform.variables import Variable

META = frozenset({"count", "for_each", "provider", "providers", "depends_on", "lifecycle", "provisioner", "connection"})
_OVERRIDE = late_regex(r"(^|_)override\.(tf|tofu)(\.json)?$")


@dataclass(frozen=True, slots=True)
class Content:
    """A body's arguments and blocks, overrides applied."""

    arguments: dict[str, Assignment]
    blocks: tuple[Block, ...]


class Trouble:
    """The syntax errors of the bodies that were read, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], Broken] = {}

    @property
    def broken(self) -> tuple[Broken, ...]:
        """In the order of path and place."""
        return tuple(self._found[key] for key in sorted(self._found))

    def add(self, source: Source, start: int, end: int, message: str) -> None:
        """Something that cannot be analysed as it is written."""
        self._found.setdefault((source.path, start), Broken(Span(source, start, end), message))

    def problems(self, source: Source, problems: Iterable[Problem]) -> None:
        """The syntax errors of a file or body."""
        for problem in problems:
            self.add(source, problem.start, problem.end, problem.message)

    def content(self, block: Block) -> Content:
        """A nested block's arguments and blocks."""
        body = self.body(block)
        return Content(body.attributes, body.blocks)

    def body(self, block: Block) -> Body:
        """A block's body, its syntax errors noted."""
        body = block.body
        if body.problems:
            self.problems(block.source, body.problems)
        return body


@dataclass(eq=False)
class Declaration:
    """A block of a module, with what override files put over it."""

    block: Block
    trouble: Trouble
    overrides: list[Block] = field(default_factory=list)
    _content: Content | None = None

    def __post_init__(self) -> None:
        # The whole block.
        self.at = Span(self.block.source, self.block.start, self.block.end)

    @property
    def name(self) -> str:
        """The last label."""
        return self.block.labels[-1] if self.block.labels else ""

    @property
    def content(self) -> Content:
        """Arguments and blocks; an overriding block replaces all blocks of its type."""
        if self._content is None:
            self._content = self._merged()
        return self._content

    def _merged(self) -> Content:
        content = self.trouble.content(self.block)
        for override in self.overrides:
            over = self.trouble.content(override)
            replaced = {_produces(block) for block in over.blocks}
            kept = tuple(block for block in content.blocks if _produces(block) not in replaced)
            content = Content(content.arguments | over.arguments, kept + over.blocks)
        return content

    def argument(self, name: str) -> Assignment | None:
        """An argument by name."""
        return self.content.arguments.get(name)


@dataclass(eq=False)
class Configuration:
    """The declarations of a directory. Resources and data sources by address: `aws_iam_role.x`, `data.t.n`."""

    directory: Path
    shown: str
    trouble: Trouble
    resources: dict[str, Declaration] = field(default_factory=dict)
    calls: dict[str, Declaration] = field(default_factory=dict)
    variables: dict[str, Declaration] = field(default_factory=dict)
    outputs: dict[str, Declaration] = field(default_factory=dict)
    providers: list[Declaration] = field(default_factory=list)
    # The declarations of variables that were read so far.
    read: dict[str, Variable] = field(default_factory=dict)
    # Whether a file could not be read in full, so that what is not declared here may be declared all the same.
    is_damaged: bool = False
    # Whether it stands for a public module that nobody has here.
    is_public: bool = False
    _locals: list[Block] = field(default_factory=list)
    _repeated: list[tuple[str, Declaration]] = field(default_factory=list)

    @cached_property
    def locals(self) -> dict[str, Assignment]:
        """Every local value, the last file's where several give it."""
        found: dict[str, Assignment] = {}
        for block in self._locals:
            found.update(self.trouble.body(block).attributes)
        return found

    @cached_property
    def types(self) -> frozenset[str]:
        """The resource types declared here, data sources as `data.type`."""
        return frozenset(address.rpartition(".")[0] for address in self.resources)

    def declared(self) -> Iterator[tuple[str, Declaration]]:
        """Resources and data sources with their addresses; one that is declared twice, by mistake, is here twice."""
        yield from self.resources.items()
        yield from self._repeated

    def every_block(self) -> Iterator[Block]:
        """All blocks, to read them whether something asks or not."""
        for table in (self.resources, self.calls, self.variables, self.outputs):
            for declaration in table.values():
                yield from (declaration.block, *declaration.overrides)
        for declaration in (*self.providers, *(repeated for _, repeated in self._repeated)):
            yield declaration.block
        yield from self._locals

    def add(self, block: Block, *, override: bool) -> None:
        """Declare a block, or put it over the one that is declared."""
        if block.type == "locals":
            self._locals.append(block)
        elif block.type == "provider":
            self.providers.append(Declaration(block, self.trouble))
        elif (place := self._place(block)) is not None:
            table, name = place
            known = table.get(name)
            if known is None:
                table[name] = Declaration(block, self.trouble)
            elif override:
                known.overrides.append(block)
            elif table is self.resources:
                self._repeated.append((name, Declaration(block, self.trouble)))

    def _place(self, block: Block) -> tuple[dict[str, Declaration], str] | None:
        match block.type, block.labels:
            case "resource", (type_, name):
                return self.resources, f"{type_}.{name}"
            case "data" | "ephemeral", (type_, name):
                return self.resources, f"{block.type}.{type_}.{name}"
            case "module", (name,):
                return self.calls, name
            case "variable", (name,):
                return self.variables, name
            case "output", (name,):
                return self.outputs, name
        return None


def merge(
    directory: Path,
    shown: str,
    trouble: Trouble,
    files: Sequence[tuple[str, tuple[Block, ...]]],
    *,
    is_damaged: bool = False,
) -> Configuration:
    """The configuration of a directory's files (name and blocks): override files last, each group by name."""
    configuration = Configuration(directory, shown, trouble, is_damaged=is_damaged)
    for name, blocks in sorted(files, key=lambda file: (is_override(file[0]), file[0])):
        for block in blocks:
            configuration.add(block, override=is_override(name))
    return configuration


def is_override(name: str) -> bool:
    """Whether a file of this name is laid over the others."""
    return bool(_OVERRIDE.search(name))


def _produces(block: Block) -> str:
    """The type of blocks that a block is, or that a `dynamic` block makes."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
