"""Functions on paths and files. Files are read through the scope, which confines them; what it refuses is unknown."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from agentreach.model import Source, Span
from agentreach.parsers.terraform.functions.declaring import function, pure
from agentreach.parsers.terraform.functions.globbing import matching
from agentreach.parsers.terraform.functions.hashing import HASHES, digest
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError, reason_of
from agentreach.parsers.terraform.texts import longest, normal
from agentreach.parsers.terraform.types import BOOL, STRING, SetType
from agentreach.parsers.terraform.values import Bool, Set, String, Unknown, Value
from agentreach.parsers.terraform.written import known_text
from agentreach.sources.limits import megabytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentreach.parsers.terraform.evaluate import Unreadable

FUNCTIONS: dict[str, Function] = {}
STRINGS = SetType(STRING)


def clean(path: str) -> str:
    """The path without `.`, `..` and doubled slashes, as Go's filepath.Clean writes it."""
    rooted = path.startswith("/")
    kept: list[str] = []
    for part in path.split("/"):
        if part == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif part not in ("", ".") and not (part == ".." and rooted):
            kept.append(part)
    return ("/" if rooted else "") + "/".join(kept) or "."


@pure(FUNCTIONS, STRING, sure=True)
def _basename(path: str) -> str:
    stripped = path.rstrip("/")
    return stripped.rpartition("/")[2] if stripped else "/" if path else "."


@pure(FUNCTIONS, STRING, sure=True)
def _dirname(path: str) -> str:
    return clean(path.rpartition("/")[0] + "/" if "/" in path else ".")


def _machine(name: str, applies: Callable[[str], bool], change: Callable[[str], str]) -> None:
    """A function that depends on the machine for some paths."""

    def run(call: Call, path: Value) -> Value:
        text = known_text(path)
        if text is None or not applies(text):
            return Unknown(STRING, reason_of(path) or "a path of the machine that deploys", call.at, nullable=False)
        return call.string(change(text))

    run.__name__ = name
    function(FUNCTIONS, STRING, returns=STRING, sure=True)(run)


_machine("abspath", lambda path: path.startswith("/"), clean)
_machine("pathexpand", lambda path: not path.startswith("~"), lambda path: path)


def read(call: Call, path: Value) -> bytes | Value:
    """The bytes of a file, or the unknown value or failure in place of them."""
    text = known_text(path)
    if text is None or text.startswith("~"):
        call.doubt()
        return Unknown(STRING, reason_of(path) or "a path of the machine that deploys", call.at, nullable=False)
    found = call.evaluation.scope.files.read(text)
    if isinstance(found, bytes):
        reason = f"a file of more than {megabytes(longest())}"
        return found if len(found) <= longest() else Unknown(STRING, reason, call.at, nullable=False)
    return unreadable(call, found)


def unreadable(call: Call, why: Unreadable) -> Value:
    """The value in place of what could not be read."""
    if why.absent:
        return call.failure(why.reason)
    call.doubt()
    return Unknown(STRING, why.reason, call.at, nullable=False)


@function(FUNCTIONS, STRING, returns=STRING)
def _file(call: Call, path: Value) -> Value:
    found = read(call, path)
    if not isinstance(found, bytes):
        return found
    try:
        text = found.decode("utf-8")
    except UnicodeDecodeError:
        raise FunctionError("the file is not valid UTF-8") from None
    return String(normal(text), _place(call, path, text))


def _place(call: Call, path: Value, text: str) -> Span:
    """The whole file, if its characters are those of the text."""
    source = call.evaluation.scope.files.source(known_text(path) or "")
    if isinstance(source, Source) and source.text == text:
        return Span(source, 0, len(text))
    return call.at


def _of_bytes(name: str, write: Callable[[bytes], str]) -> None:
    def run(call: Call, path: Value) -> Value:
        found = read(call, path)
        return call.string(write(found)) if isinstance(found, bytes) else found

    run.__name__ = name
    function(FUNCTIONS, STRING, returns=STRING)(run)


def _digesting(algorithm: str, write: Callable[[bytes], str]) -> Callable[[bytes], str]:
    return lambda data: write(digest(algorithm, data))


_of_bytes("filebase64", lambda data: base64.b64encode(data).decode())
for _name, (_algorithm, _write) in HASHES.items():
    _of_bytes(f"file{_name}", _digesting(_algorithm, _write))


@function(FUNCTIONS, STRING, returns=BOOL)
def _fileexists(call: Call, path: Value) -> Value:
    text = known_text(path)
    if text is None or text.startswith("~"):
        return Unknown(BOOL, reason_of(path) or "a path of the machine that deploys", call.at, nullable=False)
    found = call.evaluation.scope.files.read(text)
    if isinstance(found, bytes):
        return Bool(True, call.at)  # noqa: FBT003 - the answer
    if not found.absent:
        call.doubt()
        return Unknown(BOOL, found.reason, call.at, nullable=False)
    if isinstance(call.evaluation.scope.files.below(text), tuple):
        raise FunctionError("this is a directory, not a file")
    return Bool(False, call.at)  # noqa: FBT003 - the answer


@function(FUNCTIONS, STRING, STRING, returns=STRINGS)
def _fileset(call: Call, directory: Value, pattern: Value) -> Value:
    base, form = known_text(directory), known_text(pattern)
    if base is None or form is None:
        call.doubt()
        return call.unknown(STRINGS, directory, pattern)
    form = clean(form)
    if base.startswith("~") or form.startswith(("..", "/")):
        return Unknown(STRINGS, "files outside of the directory", call.at, nullable=False)
    found = call.evaluation.scope.files.below(base)
    if not isinstance(found, tuple):
        if found.absent:
            return Set((), call.at, STRING)
        return Unknown(STRINGS, found.reason, call.at, nullable=False)
    names = matching(form, found, call.evaluation.spend)
    return Set(tuple(call.string(name) for name in sorted(names)), call.at, STRING)
