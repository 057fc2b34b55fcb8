"""The proof that an edit changed what it was meant to change, and nothing else: both texts are parsed and compared.

Every edit accounts for exactly one difference between the two trees, at the attribute it names, and nothing is gone. A
value that an anchor shares, a comment or a string that swallows the new line: all of them differ in another way and are
refused. Where python-hcl2 is installed it reads Terraform a second time, independently.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from agentreach.model import Source, Span
from agentreach.remedies import trees
from agentreach.remedies.edits import ByHand, edited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.remedies.edits import Edit

NATIVE = (".tf", ".tofu")


def proven(source: Source, edits: Sequence[Edit], *, twice: bool = True) -> str:
    """The edited text. Raises `ByHand` when anything but the intended attributes would be different.

    `twice`: python-hcl2 reads Terraform too. It is slow, so reports do without.
    """
    after = edited(source.text, edits)
    names = sorted(edit.name for edit in set(edits))
    found = list(trees.differences(_tree(source), _tree(Source(source.path, after))))
    if sorted(one.name for one in found) != names or any(one.gone for one in found):
        raise ByHand(f"the edit would change more than {', '.join(dict.fromkeys(names))}: change it by hand")
    if twice and source.path.endswith(NATIVE) and not _is_read_alike(source.text, after, len(names)):
        raise ByHand("python-hcl2 reads the edited file differently: change it by hand")
    return after


def has_second_reader() -> bool:
    """Whether python-hcl2 is installed."""
    return find_spec("hcl2") is not None


@lru_cache(maxsize=4)
def _tree(source: Source) -> object:
    if source.path.endswith(NATIVE):
        return trees.terraform(source)
    return dict(enumerate(trees.documents(Span(source, 0, len(source.text)))))


def _is_read_alike(before: str, after: str, count: int) -> bool:
    """Whether python-hcl2 sees as many differences, none of them a loss; a file that it cannot read proves nothing."""
    if not has_second_reader():
        return True
    try:
        known = _read_again(before)
    except Exception:  # noqa: BLE001 - it refuses some valid files, each in its own way
        return True
    try:
        found = list(trees.differences(known, _read_again(after)))
    except Exception:  # noqa: BLE001 - likewise
        return False
    return len(found) == count and not any(one.gone for one in found)


@lru_cache(maxsize=4)
def _read_again(text: str) -> object:
    return _without_comments(import_module("hcl2").loads(_ended(text)))


def _ended(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\n") + "\n"


def _without_comments(tree: object) -> object:
    if isinstance(tree, dict):
        return {name: _without_comments(one) for name, one in tree.items() if not str(name).startswith("__")}
    return [_without_comments(one) for one in tree] if isinstance(tree, list) else tree
