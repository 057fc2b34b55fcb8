"""Whether edited files differ in nothing that an earlier scan looked at, so that its reports still hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import Source
from agentreach.parsers.terraform.unread import essence, unread
from agentreach.sources.limits import applied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from agentreach.sources import Limits, Tree

Unread = tuple[str, tuple[int, ...]]
# Reports show other characters each in its own way.
PLAIN = late_regex(r"[A-Za-z0-9._/-]{1,1000}", re.ASCII)


def unread_of(sources: Iterable[Source], limits: Limits) -> dict[str, Unread]:
    """By the path that is shown: a digest of what the scan looked at in a file, and the blocks that it did not."""
    with applied(limits):
        return {source.path: noted for source in sources if PLAIN.fullmatch(source.path) for noted in _noted(source)}


def _noted(source: Source) -> Iterator[Unread]:
    resting = unread(source)
    digest = essence(source, resting)
    if digest is not None:
        yield digest, resting


def says_the_same(tree: Tree, edited: Iterable[str], known: Mapping[str, Unread], cited: Iterable[str]) -> bool:
    """Whether no edit is in what the scan looked at, and no text cites an edited file, where lines may have moved."""
    texts = ["".join(text.replace("\\", "").split()) for text in cited]
    with applied(tree.limits):
        return all(_is_the_same(tree, Path(path), known) for path in edited) and not any(
            tree.shown(path) in text for path in edited for text in texts
        )


def _is_the_same(tree: Tree, path: Path, known: Mapping[str, Unread]) -> bool:
    noted = known.get(tree.shown(path))
    source = tree.open(path) if noted else None
    return noted is not None and isinstance(source, Source) and essence(source, tuple(noted[1])) == noted[0]
