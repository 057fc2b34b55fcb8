"""The files that Terragrunt writes beside those of a module: `generate` blocks whose name and contents are known.

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Source
from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.values import MAPPINGS, Bool, String

if TYPE_CHECKING:
    from agentreach.parsers.terraform.values import Value


class Generated(NamedTuple):
    """A file's name, its text on the lines where it is written, and whether a file of the module wins over it."""

    name: str
    source: Source
    gives_way: bool


def generated(block: Value) -> Generated | None:
    """The file that the arguments of a block describe, None where it is disabled or not known."""
    arguments = block.entries if isinstance(block, MAPPINGS) else {}
    path, contents, exists = (arguments.get(name) for name in ("path", "contents", "if_exists"))
    if is_disabled(block) or not isinstance(path, String) or not isinstance(contents, String):
        return None
    gives_way = isinstance(exists, String) and exists.text == "skip"
    return Generated(path.text.removeprefix("./"), _in_place(contents), gives_way)


def is_disabled(block: Value) -> bool:
    """Whether a block says that nothing is written."""
    disable = block.entries.get("disable") if isinstance(block, MAPPINGS) else None
    return isinstance(disable, Bool) and disable.value


def _in_place(contents: String) -> Source:
    """A source of the file that holds the block, in which every line of the contents has its own number."""
    at = contents.pieces[0].at if contents.pieces else contents.at
    return Source(at.source.path, "\n" * (at.location.line - 1) + contents.text)
