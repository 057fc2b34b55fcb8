"""Packages that a command fetches when it starts: `npx -y server`, `uvx server`, `pip install server`.

What has no version in the command is whatever the registry has that day. Sources: npm, pnpm, Yarn, Bun, pip, pipx
and uv documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Setting
from agentreach.model import elements, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.model import Key, Span, Value

_RUNNERS = (
    ("npx",),
    ("pnpx",),
    ("bunx",),
    ("uvx",),
    ("npm", "exec"),
    ("npm", "install"),
    ("npm", "i"),
    ("pnpm", "dlx"),
    ("yarn", "dlx"),
    ("pip", "install"),
    ("pip3", "install"),
    ("pipx", "run"),
    ("uv", "tool", "run"),
    ("uv", "pip", "install"),
)
_NAMING = frozenset({"-p", "--package", "--from", "--with", "--spec"})
"""Options whose value is the package."""
_OF_OTHER = frozenset({"-c", "--call", "-i", "--index-url", "--python", "--registry", "-r", "--requirement"})
"""Options whose value is something else."""
_ENDS = ("&&", "||", ";", "|")
_LONGEST = 512
_MOST = max(map(len, _RUNNERS))
_COMMIT = 40


class _Word(NamedTuple):
    text: str
    at: Span


def fetched(subject: Key, *commands: Value | None) -> Iterator[Setting]:
    """Whether each package that the words of a command fetch is named by version; nothing where none is fetched."""
    said = (one for command in commands for one in elements(command))
    for package in _packages([_Word(text, one.at) for one in said for text in _words(one)][:_LONGEST]):
        yield Setting(
            subject=subject,
            aspect=Aspect.PINNED_ARTIFACT,
            state=_has_version(package.text),
            at=package.at,
            note=f"package {package.text}",
        )


def _words(value: Value) -> Iterator[str]:
    """The words of one element; a shell's script is one element, too, and each of its lines a command."""
    for word in (string(value) or "").replace("\n", " ; ").split():
        yield word.strip("'\"")


def _packages(words: Sequence[_Word]) -> Iterator[_Word]:
    for number, word in enumerate(words):
        line = (word.text.rpartition("/")[2], *(one.text for one in words[number + 1 : number + _MOST]))
        runner = next((one for one in _RUNNERS if line[: len(one)] == one), None)
        if runner is not None:
            yield from _named(words[number + len(runner) :])


def _named(words: Iterable[_Word]) -> Iterator[_Word]:
    """What options name, else the first word that is no option: the rest of the line is for the package itself."""
    found = False
    line = iter(words)
    for word in line:
        option, equals, value = word.text.partition("=")
        if word.text in _ENDS:
            return
        if option in _NAMING:
            named = word._replace(text=value) if equals else next(line, None)
            found = True
            yield from () if named is None else (named,)
        elif option in _OF_OTHER:
            _ = None if equals else next(line, None)
        elif not option.startswith("-"):
            if not found and not option.startswith((".", "/")):
                yield word
            return


def _has_version(package: str) -> bool:
    """`name@1.2.3`, `@scope/name@1.2.3`, `name==1.2.3`, or a commit of a repository."""
    if "==" in package:
        return True
    version = package[1:].rpartition("@")[2] if "@" in package[1:] else ""
    if len(version) == _COMMIT and all(letter in "0123456789abcdef" for letter in version):
        return True
    return version[:1].isdigit() and version.count(".") >= 1
