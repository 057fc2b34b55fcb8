"""Which repositories a fleet scan is about: checkouts below a folder, one checkout, or a list of paths and URLs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from agentreach.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_URL: Final = re.compile(
    r"(?:https|ssh|git\+ssh)://[^\s]{1,2000}|[\w.-]{1,100}@[\w.-]{1,200}:[^\s]{1,2000}|file://[^\s]{1,2000}"
)
_NAME: Final = re.compile(r"[^\s/]{1,200}(?:/[^\s/]{1,200}){0,9}")
_DEPTH: Final = 3
"""How far below a folder checkouts are looked for: `organization/team/repository`."""


class Repository(NamedTuple):
    """A repository to scan. `name` is unique in the store; `origin` is an absolute path or a git URL."""

    name: str
    origin: str

    @property
    def is_remote(self) -> bool:
        """Whether it has to be fetched."""
        return is_url(self.origin)


def is_url(text: str) -> bool:
    """A git URL of a protocol that runs no program of its own choice."""
    return _URL.fullmatch(text) is not None


def repositories(paths: Sequence[Path]) -> tuple[Repository, ...]:
    """All repositories that the paths name, in the order of their names.

    Raises UsageError for a path that does not exist or holds no repository, and where two repositories of different
    places would have the same name.
    """
    found = [one for path in paths for one in _of_path(path)]
    by_name: dict[str, Repository] = {}
    for one in found:
        other = by_name.setdefault(one.name, one)
        if other.origin != one.origin:
            raise UsageError(
                f"two repositories are named {one.name!r}: {other.origin} and {one.origin}; "
                "list them in a file with a name in front, one a line: NAME = PATH-OR-URL"
            )
    return tuple(by_name[name] for name in sorted(by_name))


def _of_path(path: Path) -> Iterator[Repository]:
    if path.is_file():
        yield from _listed(path)
    elif not path.is_dir():
        raise UsageError(f"{path} does not exist; name a folder of checkouts, a checkout, or a file that lists them")
    elif (path / ".git").exists():
        yield Repository(path.resolve().name, str(path.resolve()))
    else:
        below = list(_checkouts(path.resolve(), _DEPTH))
        if not below:
            raise UsageError(f"{path} holds no git checkout up to {_DEPTH} folders deep")
        yield from (Repository(one.relative_to(path.resolve()).as_posix(), str(one)) for one in below)


def _checkouts(folder: Path, depth: int) -> Iterator[Path]:
    for one in sorted(folder.iterdir()):
        if one.is_symlink() or not one.is_dir():
            continue
        if (one / ".git").exists():
            yield one
        elif depth > 1 and not one.name.startswith("."):
            yield from _checkouts(one, depth - 1)


def _listed(file: Path) -> Iterator[Repository]:
    """The repositories of a text file: a path or URL a line, `NAME = ` in front where the name is not in it."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {file} as a list of repositories: {error}") from error
    for number, line in enumerate(lines, start=1):
        text = line.partition(" #")[0].strip()
        if text and not text.startswith("#"):
            yield _entry(text, f"{file}:{number}", file.parent)


def _entry(text: str, where: str, folder: Path) -> Repository:
    name, equals, rest = text.partition(" = ")
    origin = rest.strip() if equals else text
    if equals and not _NAME.fullmatch(name.strip()):
        raise UsageError(f"{where}: {name.strip()!r} is no name of a repository; write it as owner/name")
    if is_url(origin):
        return Repository(name.strip() if equals else url_name(origin), origin)
    if "://" in origin or origin.startswith("-"):
        raise UsageError(f"{where}: {origin!r} is no path, and no https, ssh or file URL of a git repository")
    path = (folder / origin).resolve()
    return Repository(name.strip() if equals else path.name, str(path))


def url_name(url: str) -> str:
    """`owner/name` of a git URL, of whatever protocol."""
    path = re.sub(r"^[a-z+]+://[^/]*/|^[^/:]+:", "", url)
    return "/".join([part for part in path.removesuffix("/").removesuffix(".git").split("/") if part][-2:]) or url
