"""Reading every block, whether anything asks for it or not, so that no syntax error stays hidden (`--strict`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentreach.parsers.terraform.configuration import Trouble
    from agentreach.parsers.terraform.directories import Directories
    from agentreach.parsers.terraform.syntax import Block

DEPTH = 200


def read_every_body(directories: Directories) -> None:
    """Parse all bodies of all configurations that were read."""
    for configuration in directories.configurations():
        _read(configuration.every_block(), directories.trouble, DEPTH)


def _read(blocks: Iterable[Block], trouble: Trouble, depth: int) -> None:
    for block in blocks:
        inner = trouble.body(block).blocks
        if inner and depth:
            _read(inner, trouble, depth - 1)
