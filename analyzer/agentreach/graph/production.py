"""Which environment a declared thing belongs to: by tag, namespace, name, then path; and is it production."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

from agentreach.graph.spelling import HOLE, pattern
from agentreach.identity import Agent, Principal, System, Workload
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agentreach.graph.index import FactIndex
    from agentreach.graph.options import EnvironmentPattern
    from agentreach.model import Key, Value

PRODUCTION = "production"

_WORDS = (
    (PRODUCTION, ("prod", "production", "prd", "live")),
    ("staging", ("staging", "stage", "stg", "preprod", "pre-prod", "uat")),
    ("test", ("test", "testing", "qa")),
    ("development", ("dev", "development", "sandbox", "sbx")),
)


def _around(words: Iterable[str]) -> re.Pattern[str]:
    return late_regex(rf"(?:^|[-_/.])(?:{'|'.join(words)})(?:[-_/.]|$)", re.IGNORECASE)


_ANY_WORD = _around(word for _, words in _WORDS for word in words)
"""Asked first: hardly any of the many names and resources of a scan holds a word at all."""

_EACH = tuple(_around(words) for _, words in _WORDS)


class _Rule(NamedTuple):
    name: str
    matches: re.Pattern[str]
    production: bool


class Environments:
    """Answers by key and by text. Configured patterns come before the built-in words."""

    __slots__ = ("_found", "_is_plain", "_production", "_rules", "_said", "_texts")

    def __init__(self, index: FactIndex, configured: Iterable[EnvironmentPattern]) -> None:
        own = tuple(_configured(configured))
        self._rules = (*own, *_built_in())
        self._is_plain = not own
        self._production = {rule.name for rule in self._rules if rule.production}
        self._found: dict[Key, str | None] = {}
        self._texts: dict[str, str | None] = {}
        self._said: dict[Key, tuple[str, ...]] = {}
        facts: tuple[Agent | Workload | Principal | System, ...] = (
            *index.of(Agent),
            *index.of(Workload),
            *index.of(Principal),
            *index.of(System),
        )
        for fact in facts:
            said = (*_tags(fact.tags), *_names(fact))
            self._said[fact.key] = (*self._said.get(fact.key, ()), *said)

    def of(self, key: Key) -> str | None:
        """The environment of a declared thing; None when nothing says so."""
        if key not in self._found:
            segments = (*key.root.split("/"), *key.address.split("/"))
            said = (*self._said.get(key, ()), *segments)
            self._found[key] = next((found for one in said if (found := self.of_text(one))), None)
        return self._found[key]

    def of_text(self, text: str) -> str | None:
        """The environment that a name, tag value or namespace says."""
        if self._is_plain and not _ANY_WORD.search(text):
            return None
        if text not in self._texts:
            self._texts[text] = next((rule.name for rule in self._rules if rule.matches.search(text)), None)
        return self._texts[text]

    def is_production(self, key: Key) -> bool:
        """Whether a declared thing is production."""
        return self.of(key) in self._production

    def says_production(self, text: str) -> bool:
        """Whether a name or resource pattern is production's."""
        return self.of_text(text) in self._production


def _configured(patterns: Iterable[EnvironmentPattern]) -> Iterator[_Rule]:
    for one in patterns:
        for glob in one.globs:
            yield _Rule(one.name, re.compile(translate(glob), re.IGNORECASE), one.production or one.name == PRODUCTION)


def _built_in() -> Iterator[_Rule]:
    for (name, _), matches in zip(_WORDS, _EACH, strict=True):
        yield _Rule(name, matches, name == PRODUCTION)


def _tags(tags: dict[str, str]) -> Iterator[str]:
    named = {"env", "environment", "stage", "tier"}
    yield from (value for key, value in tags.items() if key.lower() in named)
    yield from (value for key, value in tags.items() if key.lower() not in named)


def _names(fact: Agent | Workload | Principal | System) -> Iterator[str]:
    namespace = getattr(fact, "namespace", None)
    if namespace:
        yield namespace
    if isinstance(fact, Agent | Workload):
        yield fact.name
        return
    yield from (_plain(name) for name in fact.names)


def _plain(name: Value) -> str:
    return (pattern(name) or "").replace(HOLE, "")
