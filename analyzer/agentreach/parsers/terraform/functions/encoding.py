"""Functions that encode and decode text; `jsonencode` and `yamlencode` keep the structure until text is needed."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, unquote_to_bytes

from agentreach.late_regex import late_regex
from agentreach.parsers.terraform.comparison import is_shuffled
from agentreach.parsers.terraform.functions.csv_reading import read_csv
from agentreach.parsers.terraform.functions.declaring import function, pure
from agentreach.parsers.terraform.functions.json_reading import BeyondLimitError, MalformedError, read_json
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError, Parameter
from agentreach.parsers.terraform.texts import longest
from agentreach.parsers.terraform.types import DYNAMIC, STRING, ListType
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Encoded,
    Item,
    Mapping,
    Null,
    Object,
    OneOf,
    Partial,
    Perhaps,
    Sequence,
    String,
    Tuple,
    Unknown,
    Value,
)
from agentreach.parsers.terraform.written import as_text, cannot_write

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS: dict[str, Function] = {}
_ANY = Parameter(DYNAMIC, null=True)
_MALFORMED_ESCAPE = late_regex(r"%(?![0-9a-fA-F]{2})")
_GZIP = 31


@pure(FUNCTIONS, STRING, sure=True)
def _base64encode(text: str) -> str:
    return base64.b64encode(_bytes(text)).decode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def decoded(text: str) -> bytes:
    """The bytes that base64 text stands for."""
    try:
        return base64.b64decode(text.replace("\r", "").replace("\n", "").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise FunctionError("not valid base64") from None


@pure(FUNCTIONS, STRING)
def _base64decode(text: str) -> str:
    return _utf8(decoded(text))


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise FunctionError("the result is not valid UTF-8") from None


@pure(FUNCTIONS, STRING)
def _base64gunzip(text: str) -> str:
    machine = zlib.decompressobj(_GZIP)
    try:
        data = machine.decompress(decoded(text), longest() + 1)
    except zlib.error:
        raise FunctionError("not gzip data") from None
    if not machine.eof:
        raise FunctionError("the gzip data is too long, or ends too early")
    return data.decode("utf-8", "replace")


@pure(FUNCTIONS, STRING, sure=True)
def _urlencode(text: str) -> str:
    return quote_plus(_bytes(text))


@pure(FUNCTIONS, STRING)
def _urldecode(text: str) -> str:
    if _MALFORMED_ESCAPE.search(text):
        raise FunctionError("a % is not followed by two hexadecimal digits")
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", "replace")


def _encoder(name: str, format_: str) -> None:
    def run(call: Call, value: Value) -> Value:
        if isinstance(value, OneOf) and all(isinstance(one, Null | String) for one in value.alternatives):
            results = [Encoded(one, call.at, format_) for one in value.alternatives]
            return call.evaluation.distributed(results, call.at, value.reason)
        failure = cannot_write(value) if call.evaluation.trying and format_ == "json" else None
        return call.failure(failure.message) if failure else Encoded(value, call.at, format_)

    run.__name__ = name
    function(FUNCTIONS, _ANY, returns=STRING, raw=True)(run)


_encoder("jsonencode", "json")
_encoder("yamlencode", "yaml")


@function(FUNCTIONS, STRING, returns=DYNAMIC)
def _jsondecode(call: Call, value: Value) -> Value:
    if isinstance(value, Encoded) and value.format == "json":
        return as_decoded(value.value)
    return _read(call, value, read_json)


@function(FUNCTIONS, STRING, returns=DYNAMIC)
def _yamldecode(call: Call, value: Value) -> Value:
    if isinstance(value, Encoded):
        return as_decoded(value.value)
    from agentreach.parsers.terraform.functions.yaml_reading import read_yaml  # noqa: PLC0415 - imports PyYAML

    return _read(call, value, read_yaml)


def _read(call: Call, value: Value, read: Callable[[String | Partial], Value]) -> Value:
    text = as_text(value) if isinstance(value, Encoded) else value
    if not isinstance(text, String | Partial):
        call.doubt()
        return call.unknown(DYNAMIC, text)
    try:
        call.evaluation.spend(sum(len(part) for part in _known(text)) // 16)
        return read(text)
    except BeyondLimitError as error:
        call.doubt()
        return call.unknown(DYNAMIC, reason=str(error))
    except MalformedError as error:
        if isinstance(text, String):
            return call.failure(str(error))
        call.doubt()
        return call.unknown(DYNAMIC, text)


def _known(text: String | Partial) -> list[str]:
    parts = (text.text,) if isinstance(text, String) else text.parts
    return [part for part in parts if isinstance(part, str)]


def as_decoded(value: Value) -> Value:
    """What decoding the encoded text of a value yields: lists are tuples, maps are objects."""
    if isinstance(value, SEQUENCES):
        return _decoded_sequence(value)
    if isinstance(value, MAPPINGS):
        return _decoded_mapping(value)
    if isinstance(value, Null):
        return Null(value.at)
    if isinstance(value, OneOf):
        return OneOf(tuple(map(as_decoded, value.alternatives)), value.at, value.reason)
    if isinstance(value, Unknown) and not _is_scalar(value):
        return Unknown(DYNAMIC, value.reason, value.at, value.kind, value.nullable, value.reference)
    return value


def _is_scalar(value: Unknown) -> bool:
    return type(value.type) is type(STRING)


def _decoded_sequence(value: Sequence) -> Value:
    items: list[Item] = []
    for item in value.items:
        inner = as_decoded(item.value if isinstance(item, Perhaps) else item)
        items.append(Perhaps(inner, item.many) if isinstance(item, Perhaps) else inner)
    return Tuple(tuple(items), value.at, is_shuffled(value))


def _decoded_mapping(value: Mapping) -> Value:
    entries = {name: as_decoded(entry) for name, entry in value.entries.items()}
    rest = None if value.rest is None else as_decoded(value.rest)
    return Object(entries, value.at, value.keys, rest, value.maybe)


@function(FUNCTIONS, STRING, returns=ListType(DYNAMIC))
def _csvdecode(call: Call, value: Value) -> Value:
    text = as_text(value) if isinstance(value, Encoded) else value
    if not isinstance(text, String):
        call.doubt()
        return call.unknown(ListType(DYNAMIC), text)
    call.evaluation.spend(len(text.text) // 16)
    return read_csv(call, text)
