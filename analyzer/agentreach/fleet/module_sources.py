"""What the source of a Terraform module means among the repositories of a fleet.

A git source names a clone URL, and with `ref` a revision. A registry's source names no repository; registries of
modules ask for repositories called `terraform-PROVIDER-NAME`.
https://developer.hashicorp.com/terraform/language/modules/sources
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qs

from agentreach.parsers.terraform.module_sources import NOT_HERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.model import Skipped

_HOSTS: Final = ("github.com/", "bitbucket.org/", "git@github.com:")
"""Sources that Terraform takes for git without being told."""

_SCHEME: Final = re.compile(r"[a-z+]{2,10}://")
_SCP: Final = re.compile(r"^(?:[\w.-]{1,100}@)?([\w.-]{1,200}):")
_REVISION: Final = re.compile(r"[A-Za-z0-9_][\w./+-]{0,199}")
_REGISTRY: Final = re.compile(
    r"(?:([\w.-]{1,200}\.[a-z]{2,20})/)?([\w-]{1,100})/([\w-]{1,100})/([a-z0-9-]{1,100})(?://.{0,1000})?"
)
_PUBLIC: Final = ("", "registry.terraform.io", "registry.opentofu.org")

ANYWHERE: Final = "?"
"""The place of a repository that has no remote: only its name can be compared."""


class GitSource(NamedTuple):
    """Where a module lies: the place of its repository, a revision (empty: the default) and the folder in it."""

    place: str
    revision: str
    folder: str


def unread(skips: Iterable[Skipped]) -> Iterator[str]:
    """The sources, as written, of modules that a scan did not find."""
    for skip in skips:
        said, found, _ = skip.reason.partition(f" {NOT_HERE}")
        if found:
            yield said.rpartition(": ")[2]


def place(url: str) -> str:
    """`host/path` of a git URL, however it is written, without user, port, query and `.git`."""
    bare = _SCHEME.sub("", url, count=1) if _SCHEME.match(url) else _SCP.sub(r"\1/", url)
    host, _, path = bare.partition("?")[0].partition("/")
    host = host.rpartition("@")[2].partition(":")[0].lower()
    return f"{host}/{path.strip('/').removesuffix('.git')}"


def git_source(source: str) -> GitSource | None:
    """A source that git serves; None for one of a registry, an archive, or with a revision that is no name."""
    if not source.startswith(("git::", *_HOSTS)):
        return None
    text, _, query = source.removeprefix("git::").partition("?")
    scheme = _SCHEME.match(text)
    package, _, folder = text[scheme.end() if scheme else 0 :].partition("//")
    revision = parse_qs(query).get("ref", [""])[0]
    if revision and not _REVISION.fullmatch(revision):
        return None
    return GitSource(place(f"{scheme[0] if scheme else ''}{package}"), revision, folder)


def mentioned(source: str) -> tuple[str, ...]:
    """The names under which a repository of the fleet may declare the module of this source."""
    git = git_source(source)
    if git is not None:
        return (f"module:{git.place.lower()}", _named(ANYWHERE, git.place))
    registry = _REGISTRY.fullmatch(source)
    if registry is None:
        return ()
    host, namespace, name, provider = registry.groups(default="")
    repository = f"terraform-{provider}-{name}".lower()
    return (f"module:github.com/{namespace.lower()}/{repository}",) if host in _PUBLIC else (_named("*", repository),)


def declared(where: str, name: str) -> tuple[str, ...]:
    """The names under which modules of a repository may be mentioned: by its place, by its name alone."""
    return (f"module:{where.lower()}" if where else _named(ANYWHERE, name), _named("*", where or name))


def _named(scope: str, path: str) -> str:
    return f"module:{scope}/{path.rpartition('/')[2].lower()}"
