"""What of a file a scan did not look at: bodies of resources and data sources that nothing asked for.

Whatever stands in them, the scan says the same; and where the file is cited nowhere, it also does not matter on which
lines the rest of it stands. What is read without parsing (the sources of modules, `moved` blocks, suppressions in
comments) is never counted among it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.digest import blake2b
from agentreach.parsers.terraform.skim import skim

if TYPE_CHECKING:
    from agentreach.model import Source
    from agentreach.parsers.terraform.syntax import Block

_LABELS = {"resource": 2, "data": 2}
_READ_AS_TEXT = ("agentreach:", "moved")


def unread(source: Source) -> tuple[int, ...]:
    """The numbers of the blocks, from 0, whose bodies nothing has asked for; none where more than blocks counts."""
    if not _is_plain(source):
        return ()
    asked = frozenset(source.asked)
    return tuple(n for n, block in enumerate(skim(source).blocks) if block.open_end not in asked and _may_rest(block))


def essence(source: Source, unread: tuple[int, ...]) -> str | None:
    """A digest of all but the bodies of these blocks and where blocks stand; None where more than blocks counts."""
    body = skim(source) if _is_plain(source) else None
    if body is None or body.problems or body.attributes or not all(_rests(body.blocks, n) for n in unread):
        return None
    parts = (_part(block, rests=n in unread) for n, block in enumerate(body.blocks))
    return blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _is_plain(source: Source) -> bool:
    return source.path.endswith((".tf", ".tofu")) and not any(word in source.text for word in _READ_AS_TEXT)


def _rests(blocks: tuple[Block, ...], number: int) -> bool:
    return number < len(blocks) and _may_rest(blocks[number])


def _may_rest(block: Block) -> bool:
    return len(block.labels) == _LABELS.get(block.type) and not block.is_parsed


def _part(block: Block, *, rests: bool) -> str:
    return repr((block.type, block.labels, "" if rests else block.source.text[block.start : block.end]))
