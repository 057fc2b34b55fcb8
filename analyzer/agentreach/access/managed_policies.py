"""AWS managed policies: one line each in data/managed_policies.txt, sorted by name, found by bisection.

Looking one up reads a few blocks of the file, never the whole of it.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from agentreach.identity import Condition, Statement
from agentreach.model import Scalar, Source, Span
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from agentreach.model import Value

_FILE: Final = Path(__file__).parent / "data" / "managed_policies.txt"
_AWS_ACCOUNT: Final = ":iam::aws:policy/"


class ManagedPolicy(NamedTuple):
    """A policy that AWS maintains. Its statements lie at `arn`, which is no file."""

    name: str
    arn: str
    statements: tuple[Statement, ...]


def is_managed_arn(arn: str) -> bool:
    """Whether an ARN is of a policy that AWS maintains, known here or not."""
    return arn.startswith("arn:") and _AWS_ACCOUNT in arn


def find(policy: str) -> ManagedPolicy | None:
    """The AWS managed policy of a name or ARN; None for an ARN of another account or one the collection lacks."""
    if policy.startswith("arn:") and not is_managed_arn(policy):
        return None
    return _find(policy.rpartition("/")[2])


@lru_cache(maxsize=256)
def _find(name: str) -> ManagedPolicy | None:
    line = _line(name.encode("ascii", "replace") + b"\t")
    if line is None:
        return None
    _, path, document = line.decode("utf-8").rstrip("\n").split("\t", 2)
    arn = f"arn:aws:iam::aws:policy{path}{name}"
    span = Span(Source(arn, document), 0, 0)
    return ManagedPolicy(name, arn, tuple(_statements(json.loads(document), span)))


def _line(key: bytes) -> bytes | None:
    """The line that starts with `key`, by bisection over the bytes of the file."""
    with _FILE.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            start, line = _line_at(file, (low + high) // 2)
            if line.startswith(key):
                return line
            if line < key:
                low = start + len(line)
            else:
                high = start
    return None


def _line_at(file: BinaryIO, at: int) -> tuple[int, bytes]:
    """The line that holds the byte at `at`, and where it starts."""
    start = at
    while start > 0:
        step = min(start, 4096)
        file.seek(start - step)
        newline = file.read(step).rfind(b"\n")
        if newline >= 0:
            start = start - step + newline + 1
            break
        start -= step
    file.seek(start)
    return start, file.readline()


def _statements(documents: list[dict[str, Any]], span: Span) -> Iterator[Statement]:
    for index, document in enumerate(documents):
        yield Statement(
            effect=document["Effect"],
            actions=_scalars(document.get("Action"), span),
            not_actions=_scalars(document.get("NotAction"), span),
            resources=_scalars(document.get("Resource"), span),
            not_resources=_scalars(document.get("NotResource"), span),
            conditions=tuple(_conditions(document.get("Condition", {}), span)),
            at=span,
            spot=document.get("Sid") or f"#{index}",
        )


def _conditions(block: dict[str, dict[str, Any]], span: Span) -> Iterator[Condition]:
    for operator, keys in block.items():
        for key, listed in keys.items():
            yield Condition(operator, key, _scalars(listed, span), span)


def _scalars(listed: Any, span: Span) -> tuple[Value, ...]:  # noqa: ANN401 - decoded JSON: text, bool, number or list
    if listed is None:
        return ()
    return tuple(Scalar(one, span) for one in (listed if isinstance(listed, list) else [listed]))
