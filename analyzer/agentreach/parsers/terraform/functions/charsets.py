"""`textencodebase64` and `textdecodebase64`: text in other character sets, named as IANA names them.

Evaluated for UTF and for single-byte sets of which Go's and Python's tables agree; for others the result is unknown.
"""

from __future__ import annotations

import base64
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.encoding import decoded
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError
from agentreach.parsers.terraform.types import STRING
from agentreach.parsers.terraform.values import String, Value, is_known
from agentreach.parsers.terraform.written import known_text

FUNCTIONS: dict[str, Function] = {}
_CODECS = {
    "us-ascii": "ascii", "utf-8": "utf-8", "utf-16": "utf-16-be", "utf-16be": "utf-16-be", "utf-16le": "utf-16-le",
    "ibm00858": "cp858", "ibm01140": "cp1140", "koi8-r": "koi8-r", "latin1": "latin-1", "macintosh": "mac-roman",
    "windows-874": "cp874",
    **{f"ibm{number}": f"cp{number}" for number in ("037", 437, 850, 852, 855, 860, 862, 863, 865, 866)},
    **{f"iso-8859-{number}": f"iso8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{f"windows-{number}": f"cp{number}" for number in (1250, 1251, 1252, 1253, 1254, 1256, 1257, 1258)},
}  # fmt: skip
_WITH_CONTROLS = ("iso-8859-1", "iso-8859-9")
_CONTROLS = frozenset(map(chr, range(0x80, 0xA0)))
_REPLACEMENT = "\ufffd"


@function(FUNCTIONS, STRING, STRING, returns=STRING)
def _textencodebase64(call: Call, text: Value, name: Value) -> Value:
    given, charset = known_text(text), _charset(name)
    if given is None or charset is None:
        return _undecided(call, text, name)
    try:
        data = given.encode(_CODECS[charset])
    except UnicodeEncodeError:
        data = None
    if data is None or _lacks(charset, given):
        return call.failure("the text has characters that the encoding lacks")
    mark = BOM_UTF16_BE if charset == "utf-16" else b""
    return call.string(base64.b64encode(mark + data).decode())


@function(FUNCTIONS, STRING, STRING, returns=STRING)
def _textdecodebase64(call: Call, text: Value, name: Value) -> Value:
    given, charset = known_text(text), _charset(name)
    if given is None or charset is None:
        return _undecided(call, text, name)
    result = _text(decoded(given), charset)
    return call.string(result)


def _text(data: bytes, charset: str) -> str:
    codec = _CODECS[charset]
    if charset == "utf-16" and data.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        codec = "utf-16"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        text = _REPLACEMENT
    if _REPLACEMENT in text or _lacks(charset, text):
        raise FunctionError("the data has bytes that the encoding lacks")
    return text


def _charset(name: Value) -> str | None:
    """The name if it is one that is evaluated here."""
    lowered = name.text.strip().lower() if isinstance(name, String) else ""
    return lowered if lowered in _CODECS else None


def _lacks(charset: str, text: str) -> bool:
    """True if the text has control characters that Go leaves out of the set."""
    return charset.startswith("iso-8859-") and charset not in _WITH_CONTROLS and not _CONTROLS.isdisjoint(text)


def _undecided(call: Call, text: Value, name: Value) -> Value:
    call.doubt()
    reason = "a character set that is not evaluated here" if is_known(text) and is_known(name) else ""
    return call.unknown(STRING, text, name, reason=reason)
