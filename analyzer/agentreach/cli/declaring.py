"""What the commands declare with click's words, kept as data: a plain scan reads its flags without importing click.

`command`, `option`, `argument` and the types are click's to type checkers. Here they note what was said. From the notes
`Command.read` takes the parameters of a well-formed command line; for everything else (help, completion, a mistake)
`Command.click` makes the command that click then runs, so there is one declaration and one set of messages.
"""

from __future__ import annotations

import sys
from os import R_OK as READABLE
from os import access
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click import Choice, File, IntRange, Path, argument, command, echo, option
else:

    def command(name: str) -> Callable[[Callable[..., Any]], Command]:
        """Make a command of the decorated function."""
        return lambda function: Command(name, function)

    def option(*names: str, **settings: object) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Note an option of the decorated function."""
        return _noting(_Declared("option", names, settings))

    def argument(*names: str, **settings: object) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Note an argument of the decorated function."""
        return _noting(_Declared("argument", names, settings))

    def echo(text: str, *, err: bool = False) -> None:
        """Print a line."""
        print(text, file=sys.stderr if err else sys.stdout)

    def Choice(choices: Sequence[str]) -> _Type:  # noqa: N802 - click's name
        """One of these."""
        return _Type("Choice", (choices,), {}, lambda text: text if text in choices else None)

    def Path(**settings: object) -> _Type:  # noqa: N802 - click's name
        """A path, of which only being there is checked."""
        return _Type("Path", (), settings, lambda text: _path(text, settings))

    def IntRange(**settings: int) -> _Type:  # noqa: N802 - click's name
        """A number in a range."""
        return _Type("IntRange", (), settings, lambda text: _number(text, settings))

    def File(*given: object, **settings: object) -> _Type:  # noqa: N802 - click's name
        """A file that click opens."""
        return _Type("File", given, settings, None)


__all__ = ["Choice", "Command", "File", "IntRange", "Path", "argument", "command", "echo", "option"]

_PLAIN = {"default", "help", "is_flag", "metavar", "multiple", "nargs", "show_default", "type"}


class _Type:
    """A type of click by name, and how to read a good value of it; without `read`, only click can."""

    def __init__(
        self,
        name: str,
        given: tuple[Any, ...],
        settings: dict[str, Any],
        read: Callable[[str], object] | None,
    ) -> None:
        self.name, self.given, self.settings, self.read = name, given, settings, read

    def click(self) -> Any:  # noqa: ANN401 - click is imported late
        """The type itself."""
        import click  # noqa: PLC0415 - what this module puts off

        return getattr(click, self.name)(*self.given, **self.settings)


class _Declared:
    """One option or argument, as the decorators name it."""

    def __init__(self, kind: str, names: tuple[str, ...], settings: dict[str, Any]) -> None:
        self.kind, self.names, self.settings = kind, names, settings
        own = [name for name in names if not name.startswith("-")]
        self.parameter = own[0] if own else names[0].lstrip("-").replace("-", "_")
        self.is_flag = bool(settings.get("is_flag"))
        self.multiple = bool(settings.get("multiple")) or settings.get("nargs") == -1

    @property
    def default(self) -> object:
        """The parameter where the command line does not name it."""
        if "default" in self.settings:
            return self.settings["default"]
        if self.multiple:
            return ()
        return False if self.is_flag else None

    def value(self, text: str) -> object:
        """What a text stands for; None where click has to say."""
        kind = self.settings.get("type")
        if kind is None:
            return text
        return kind.read(text) if kind.read else None

    def click(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Declare it to click."""
        import click  # noqa: PLC0415 - what this module puts off

        kind = self.settings.get("type")
        settings = self.settings | ({"type": kind.click()} if isinstance(kind, _Type) else {})
        decorated: Callable[..., Any] = getattr(click, self.kind)(*self.names, **settings)(function)
        return decorated


class Command:
    """A function and its options, in the order in which they are declared."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.callback = function
        self.declared: list[_Declared] = list(reversed(getattr(function, "declared", ())))

    def click(self, kind: Any = None) -> Any:  # noqa: ANN401 - click is imported late
        """The command as click runs it, of a `kind` of click's command."""
        import click  # noqa: PLC0415 - what this module puts off

        function = self.callback
        for one in reversed(self.declared):
            function = one.click(function)
        decorate: Any = click.command(self.name, cls=kind)
        made: click.Command = decorate(function)
        return made

    def read(self, texts: Sequence[str]) -> dict[str, Any] | None:
        """The parameters that a command line gives; None for what click has to answer."""
        found: dict[str, list[object]] = {one.parameter: [] for one in self.declared}
        options = {name: one for one in self.declared if one.kind == "option" for name in one.names}
        arguments = [one for one in self.declared if one.kind == "argument"]
        if any(one.settings.keys() - _PLAIN for one in self.declared):
            return None
        rest = iter(texts)
        for text in rest:
            if text.startswith("-") and text != "-":
                name, given, value = text.partition("=")
                one = options.get(name)
                if one is None or (one.is_flag and given):
                    return None
                read = True if one.is_flag else one.value(value) if given else _next(one, rest)
            elif len(arguments) == 1 and arguments[0].multiple:
                one, read = arguments[0], arguments[0].value(text)
            else:
                return None
            if read is None:
                return None
            found[one.parameter].append(read)
        if any(not one.multiple and not found[one.parameter] for one in arguments):
            return None
        return {one.parameter: _settled(one, found[one.parameter]) for one in self.declared}


def _next(one: _Declared, rest: Any) -> object:  # noqa: ANN401 - an iterator of texts
    """The value that follows an option; click has the word where none does, or where it looks like an option."""
    text = next(rest, None)
    return None if text is None or (text.startswith("-") and text != "-") else one.value(text)


def _settled(one: _Declared, found: list[object]) -> object:
    if one.multiple:
        return tuple(found)
    return found[-1] if found else one.default


def _noting(declared: _Declared) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def note(function: Any) -> Any:  # noqa: ANN401 - any function
        function.declared = [*getattr(function, "declared", ()), declared]
        return function

    return note


def _path(text: str, settings: dict[str, Any]) -> object:
    """A path that is as declared; None where click has to say what is wrong with it."""
    if settings.keys() - {"path_type", "exists", "dir_okay", "allow_dash"} or settings.get("path_type") is not FilePath:
        return None
    named = FilePath(text)
    if not text or "\0" in text or (text == "-" and not settings.get("allow_dash")):
        return None
    if settings.get("exists") and not (named.exists() and access(named, READABLE)):
        return None
    return named if settings.get("dir_okay", True) or not named.is_dir() else None


def _number(text: str, settings: dict[str, int]) -> int | None:
    if settings.keys() != {"min"} or not (text.isascii() and text.isdecimal()):
        return None
    return int(text) if int(text) >= settings["min"] else None
