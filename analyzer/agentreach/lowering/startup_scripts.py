"""What a machine runs when it starts: images that its script runs or pulls, and variables that it sets for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Signal
from agentreach.lowering import signals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.model import Key, Span

_RUNTIMES = frozenset({"docker", "podman", "nerdctl"})
_VERBS = frozenset({"run", "pull"})
_SETTING = frozenset({"export", "-e", "--env", "-"})
_MOST = 5_000


def signs(subject: Key, text: str, at: Span) -> Iterator[Signal]:
    """Each sign once. What stands in a comment is not run; `at` is where the script is written."""
    seen: set[str] = set()
    for line in text.split("\n", _MOST)[:_MOST]:
        words = line.partition(" #")[0].split()
        for kind, sign in _of_line(words) if words and not words[0].startswith("#") else ():
            if sign is not None and sign.detail not in seen:
                seen.add(sign.detail)
                yield Signal(subject=subject, kind=kind, strength=sign.strength, detail=sign.detail, at=at)


def _of_line(words: list[str]) -> Iterator[tuple[str, signals.Sign | None]]:
    """Images of a command or of a composition, variables of a command, of a composition, or of a file."""
    named = {word.rpartition("/")[2] for word in words}
    if (_RUNTIMES & named and _VERBS & named) or words[0] == "image:":
        for word in words:
            image = word.strip("'\"")
            if "/" in image and not image.startswith(("/", "-", ".")):
                yield "image", signals.of_image(image)
    for before, word in zip(("export", *words), words, strict=False):
        name, equals, _ = word.removeprefix("--env=").partition("=")
        if before in _SETTING and equals and name.isidentifier():
            yield "environment", signals.of_variable(name)
