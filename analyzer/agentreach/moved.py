"""Terraform's `moved` blocks: a thing that has moved keeps the name that findings about it had before.

    moved {
      from = aws_iam_role.ops
      to   = module.ops.aws_iam_role.this
    }

So a refactoring that says what it moves adds nothing to a baseline or a revision. Blocks in JSON syntax are not read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from posixpath import dirname
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from agentreach.model import Resource, Source

BLOCK = late_regex(r"^moved[ \t]{0,8}\{([^{}]{1,2000})\}", re.MULTILINE)
SIDE = late_regex(r"^[ \t]{0,40}(from|to)[ \t]{0,40}=[ \t]{0,40}([^\s#]{1,400})", re.MULTILINE)
ADDRESS = late_regex(r"[\w-]{1,100}(?:\.[\w-]{1,100}|\[[^\]\n]{0,100}\]){1,20}")
END = late_regex(r"\.|\[")
MOST_MOVES = 1000
MOST_STEPS = 20


class Moves:
    """By root: where what is at an address now was before."""

    def __init__(self, before: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._before = before or {}

    def first(self, root: str, text: str) -> str:
        """The text with every address in it as it was before all moves."""
        before = self._before.get(root)
        return ADDRESS.sub(lambda match: _first(match[0], before), text) if before else text


def find(sources: Iterable[Source], resources: Sequence[Resource]) -> Moves:
    """What the `moved` blocks of the scanned sources say, in each instance of the module they stand in."""
    written = [source for source in sources if "moved" in source.text and source.path.endswith((".tf", ".tofu"))]
    if not written:
        return Moves()
    instances = _instances(resources)
    before: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for source in written:
        for old, new in _blocks(source.text):
            for root, prefix in instances[dirname(source.path) or "."]:
                if len(before[root]) < MOST_MOVES:
                    before[root].setdefault(prefix + new, prefix + old)
    return Moves(before)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    for match in islice(BLOCK.finditer(text), MOST_MOVES):
        sides = dict(SIDE.findall(match[1]))
        if len(sides) == len(("from", "to")):
            yield sides["from"], sides["to"]


def _instances(resources: Sequence[Resource]) -> defaultdict[str, set[tuple[str, str]]]:
    """By folder: the roots that use the module in it, and what stands before its addresses there."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for resource in resources:
        if resource.format is Format.TERRAFORM:
            root, address = resource.key
            own = address.rfind(f"{resource.type}.{resource.name}")
            found[root].add((root, ""))
            found[dirname(resource.at.source.path) or "."].add((root, address[: max(own, 0)].removesuffix("data.")))
    return found


def _first(address: str, before: Mapping[str, str]) -> str:
    for _ in range(MOST_STEPS):
        ends = [len(address), *(match.start() for match in END.finditer(address))]
        moved = next((end for end in sorted(ends, reverse=True) if address[:end] in before), 0)
        if not moved:
            break
        address = before[address[:moved]] + address[moved:]
    return address
