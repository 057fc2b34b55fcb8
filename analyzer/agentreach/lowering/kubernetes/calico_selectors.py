"""Calico's selector language: `app == 'agent' && has(team) || env in {'dev', 'test'}`.

Source: docs.tigera.io, "Network policy", selectors. What cannot be read, and what depends on labels
that are not known, is None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = late_regex(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<mark>&&|\|\||==|!=|[!(){},])|(?P<word>[A-Za-z0-9_][A-Za-z0-9_./-]*))"
)
_LONGEST = 4096
_DEEPEST = 32


class _Unreadable(Exception):  # noqa: N818 - never leaves this module
    """The text is no selector."""


class Labels:
    """What a selector is asked about. `complete` is false where more labels may exist than are known."""

    __slots__ = ("complete", "own")

    def __init__(self, own: Mapping[str, str], *, complete: bool = True) -> None:
        self.own = own
        self.complete = complete

    def has(self, name: str) -> bool | None:
        """Whether there is a label of this name."""
        return True if name in self.own else (False if self.complete else None)


def fits(selector: str, labels: Labels) -> bool | None:
    """Whether a selector fits; an empty one fits everything."""
    if not selector.strip():
        return True
    try:
        return _Reader(_tokens(selector), labels).all_of_it()
    except _Unreadable:
        return None


def _tokens(text: str) -> list[str]:
    text = text.strip()
    if len(text) > _LONGEST:
        raise _Unreadable
    found, end = [], 0
    while end < len(text):
        token = _TOKEN.match(text, end)
        if token is None:
            raise _Unreadable
        found.append(token.group().strip())
        end = token.end()
    return found


class _Reader:
    """A recursive descent; every part is worked out, so that what is unreadable is found."""

    def __init__(self, tokens: list[str], labels: Labels) -> None:
        self._tokens = tokens
        self._labels = labels
        self._at = 0
        self._depth = 0

    def all_of_it(self) -> bool | None:
        found = self._any()
        if self._at < len(self._tokens):
            raise _Unreadable
        return found

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise _Unreadable
        self._at += 1
        return token

    def _take(self, wanted: str) -> bool:
        found = self._peek() == wanted
        self._at += found
        return found

    def _must(self, wanted: str) -> None:
        if not self._take(wanted):
            raise _Unreadable

    def _any(self) -> bool | None:
        found = [self._every()]
        while self._take("||"):
            found.append(self._every())
        return True if True in found else (None if None in found else False)

    def _every(self) -> bool | None:
        found = [self._one()]
        while self._take("&&"):
            found.append(self._one())
        return False if False in found else (None if None in found else True)

    def _one(self) -> bool | None:
        if self._take("!"):
            found = self._deeper()
            return None if found is None else not found
        return self._plain()

    def _deeper(self) -> bool | None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Unreadable
        found = self._one()
        self._depth -= 1
        return found

    def _plain(self) -> bool | None:
        if self._take("("):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise _Unreadable
            found = self._any()
            self._depth -= 1
            self._must(")")
            return found
        name = self._next()
        if self._take("("):
            return self._call(name)
        return self._compared(name)

    def _call(self, name: str) -> bool | None:
        if name == "has":
            label = self._next()
            self._must(")")
            return self._labels.has(label)
        self._must(")")
        if name not in {"all", "global"}:
            raise _Unreadable
        return name == "all"

    def _compared(self, name: str) -> bool | None:
        operator = self._next()
        if operator == "not":
            self._must("in")
            return self._negated(self._among(name, self._texts()))
        if operator == "in":
            return self._among(name, self._texts())
        if operator in {"starts", "ends"}:
            self._must("with")
        text = self._text()
        if operator == "!=":
            return self._negated(self._among(name, {text}))
        if operator not in {"==", "contains", "starts", "ends"}:
            raise _Unreadable
        known = self._labels.has(name)
        return _holds(operator, self._labels.own[name], text) if known else known

    def _negated(self, found: bool | None) -> bool | None:  # noqa: FBT001 - three values
        return None if found is None else not found

    def _among(self, name: str, texts: set[str]) -> bool | None:
        known = self._labels.has(name)
        return self._labels.own[name] in texts if known else known

    def _texts(self) -> set[str]:
        self._must("{")
        found: set[str] = set()
        while not self._take("}"):
            found.add(self._text())
            if not self._take(","):
                self._must("}")
                break
        return found

    def _text(self) -> str:
        token = self._next()
        if token[0] not in "'\"":
            raise _Unreadable
        return token[1:-1]


def _holds(operator: str, own: str, text: str) -> bool:
    match operator:
        case "==":
            return own == text
        case "contains":
            return text in own
        case "starts":
            return own.startswith(text)
        case _:
            return own.endswith(text)
