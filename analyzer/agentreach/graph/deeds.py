"""What the verb of a name says is done: `GetCustomer`, `get_customer` and `get-customer` say the same."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import Final


class Deed(Enum):
    """What is done to something."""

    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    REMOVE = "remove"


_READING: Final = "get list describe read query scan search fetch find lookup select view check head watch show count"
_CREATING: Final = "create put add insert send publish submit start run invoke issue upload write open file"
_CHANGING: Final = (
    "update put modify set edit change refund approve cancel close patch write transact restart reboot scale resize "
    "reset enable disable move rename assign reopen resolve"
)
_REMOVING: Final = "delete remove terminate purge drop destroy revoke cancel close"
"""What is cancelled or closed may be marked so, or be gone: both are called for."""
_VERBS: Final = {
    Deed.READ: frozenset(_READING.split()),
    Deed.CREATE: frozenset(_CREATING.split()),
    Deed.CHANGE: frozenset(_CHANGING.split()),
    Deed.REMOVE: frozenset(_REMOVING.split()),
}
_SERVING: Final = frozenset({"query", "execute", "connect", "session", "cursor", "statement", "jobs"})
"""Whoever reads through a query or a connection has to start it first."""


@lru_cache(maxsize=16_384)
def deeds(name: str) -> frozenset[Deed]:
    """What the verb of a name does: its first word, or the second where the first says where (`k8s_get_pods`)."""
    words = [word for word in _words(name) if word != "batch"]
    kinds = (frozenset(kind for kind, verbs in _VERBS.items() if word in verbs) for word in words[:2])
    return next((found for found in kinds if found), frozenset())


def deeds_of(action: str, provider: str) -> frozenset[Deed]:
    """What an action of a provider does, by the part of its name that holds the verb."""
    if provider == "google":
        return deeds(action.rpartition(".")[2])
    if provider == "azure":
        return deeds(action.removesuffix("/action").rpartition("/")[2])
    own = action.rpartition(":")[2]
    return deeds(own.rpartition(" ")[0] or own)


def serves_reading(action: str) -> bool:
    """Whether an action that changes something may be the way to read something else."""
    return not _SERVING.isdisjoint(_words(action)) and deeds(action) != {Deed.READ}


@lru_cache(maxsize=16_384)
def is_about(operation: str, places: str) -> bool:
    """Whether an operation's nouns, the words behind its verb, occur in what is reached."""
    words = _words(operation)
    verb = next((index for index, word in enumerate(words[:2]) if _is_verb(word)), 0)
    nouns = {_singular(word) for word in words[verb + 1 :]}
    return not nouns.isdisjoint(_singular(word) for word in _words(places))


def _is_verb(word: str) -> bool:
    return any(word in verbs for verbs in _VERBS.values())


def _singular(word: str) -> str:
    return word.removesuffix("s")


@lru_cache(maxsize=16_384)
def _words(name: str) -> list[str]:
    return "".join(map(_spaced, name)).split()


def _spaced(letter: str) -> str:
    if letter.isupper():
        return f" {letter.lower()}"
    return letter if letter.isalnum() else " "
