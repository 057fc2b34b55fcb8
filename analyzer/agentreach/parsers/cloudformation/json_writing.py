"""The text of a known structure, as `Fn::ToJsonString` writes it: no spaces, keys in order."""

from __future__ import annotations

import base64
import json

from agentreach.model import Encoded, ListValue, MapValue, Scalar, Value

Plain = str | float | bool | list["Plain"] | dict[str, "Plain"] | None


class _Undecided(Exception):  # noqa: N818 - control flow within this module
    """Some part is only known at deployment."""


def as_text(value: Encoded) -> str | None:
    """What an encoded value is as text: base64 of a string, JSON of a structure; None when not all known."""
    try:
        plain = _plain(value.value)
    except _Undecided:
        return None
    if isinstance(plain, str):
        return base64.b64encode(plain.encode("utf-8", "surrogatepass")).decode("ascii")
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Value) -> Plain:
    match value:
        case Scalar(value=plain):
            return plain
        case ListValue(items=items, open=False):
            return [_plain(item) for item in items]
        case MapValue(entries=entries, open=False):
            return {key: _plain(entry) for key, entry in entries.items()}
        case Encoded():
            return as_text(value)
        case _:
            raise _Undecided
