"""Does an operation change something? By its HTTP method, else by the verb of its declared name.

An operation's name is a declaration, so it counts; names of roles, workloads and files never do.
"""

from __future__ import annotations

from itertools import pairwise

from agentreach.late_regex import late_regex

_WORD = late_regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_READING = """
analyse analyze browse calculate can check classify compare compute count describe detect diff download estimate
exists explain export fetch find get has head inspect is list load lookup monitor peek ping preview query read
recommend retrieve scan search show status summarise summarize tail translate validate verify view watch whoami
"""
READING = frozenset(_READING.split())
"""Verbs that only look."""

_CHANGING = """
activate add allocate alter append apply approve archive assign attach buy cancel clear close commit configure copy
create deactivate delete deny deploy destroy detach disable dispatch drain drop edit enable enroll escalate evict
exec execute expire grant import initiate insert install invite invoke kill launch lock merge migrate modify move
notify open patch pause pay post promote provision publish purchase purge push put reassign reboot rebuild refund
register reject remove rename replace reply reschedule reset resize resolve restart restore resume revert revoke
rollback rotate run save scale schedule send set start stop submit subscribe suspend sync terminate toggle transfer
trigger truncate unassign unblock uninstall unlock unsubscribe update upgrade upload upsert wipe withdraw write
"""
CHANGING = frozenset(_CHANGING.split())
"""Verbs that change, send or start something."""

_NOUNS = """
block book change charge email file issue mark order place record release ship store tag
"""
_ALSO_NOUNS = frozenset(_NOUNS.split())
"""Verbs when they come first and nothing else says more: `order_pizza`, but not `order_status` or `customer_order`."""

_STARTING = frozenset({"run", "execute", "exec", "invoke", "start"})
_QUESTIONS = READING | {"report", "analysis", "diagnostics", "check", "checks", "lookup"}
_JOINING = frozenset({"or", "and", "then"})


def mutating(name: str, method: str | None = None) -> bool | None:
    """Whether an operation changes something; None when neither method nor name tells.

    The first verb of the name decides (`k8s_execute_command`, `customerDelete`), unless another is joined
    to it (`get_or_create_user`) or it starts something that only reads (`run_query`, which may still be any
    statement: None).
    """
    if method:
        return method.upper() not in _SAFE_METHODS
    words = [word.lower() for word in _WORD.findall(name)]
    first = next((index for index, word in enumerate(words) if word in READING or word in CHANGING), None)
    if first is None:
        return True if len(words) > 1 and words[0] in _ALSO_NOUNS else None
    if words[first] in _STARTING and any(word in _QUESTIONS for word in words[first + 1 :]):
        return None
    return words[first] in CHANGING or _joins_a_change(words[first + 1 :])


def _joins_a_change(words: list[str]) -> bool:
    return any(word in _JOINING and after in CHANGING for word, after in pairwise(words))
