"""The statements of a scan, each compiled once, and how surely they apply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access.conditions import holds
from agentreach.access.verdict import Verdict
from agentreach.graph.sentences import meant_by, sentence
from agentreach.graph.starts import Starts
from agentreach.model import Scalar, Unknown

if TYPE_CHECKING:
    from agentreach.access.statements import Asked
    from agentreach.graph.sentences import Sentence
    from agentreach.identity import Condition, Statement

MOST_COMPARISONS: Final = 500_000
"""Of patterns that begin alike, an Allow's with those of what limits it: ten seconds of work."""

_OF_WHO_ASKS: Final = ("aws:principal", "aws:user", "aws:multifactor", "aws:currenttime", "aws:epochtime")
"""How keys begin of which the code says something for one principal or at one moment only (`access.context`)."""


class SentenceBook:
    """Each statement is compiled once, however many principals it holds for."""

    __slots__ = ("_compared", "_found", "_met", "_starts")

    def __init__(self) -> None:
        self._found: dict[int, Sentence] = {}
        self._met: dict[int, Verdict] = {}
        self._starts: dict[int, Starts] = {}
        self._compared = 0

    def of(self, statement: Statement) -> Sentence:
        """Compile a statement; the result keeps it alive, so that its identity stays its own."""
        found = self._found.get(id(statement))
        if found is None:
            found = self._found[id(statement)] = sentence(statement)
        return found

    def starts(self, statement: Statement) -> Starts:
        """The resources that it names or excepts, by how they begin."""
        found = self._starts.get(id(statement))
        if found is None:
            one = self.of(statement)
            found = self._starts[id(statement)] = Starts(one.excluded or one.resources)
        return found

    def may_compare(self) -> bool:
        """Count a comparison of one policy's pattern with another's; False when there were too many in this scan."""
        self._compared += 1
        return self._compared <= MOST_COMPARISONS

    def speaks_of(self, statement: Statement, wanted: int) -> bool:
        """Whether a statement may speak about any of these actions; one that does not is not compiled for it."""
        found = self._found.get(id(statement))
        if found is None:
            named = statement.not_actions or statement.actions
            open_ended = statement.open or any(isinstance(one, Unknown) for one in named)
            if not open_ended and not meant_by(named, excluded=bool(statement.not_actions)).reach & wanted:
                return False
            found = self.of(statement)
        return bool(found.reach & wanted)

    def applies(self, statement: Statement, asked: Asked) -> Verdict:
        """How surely a statement applies to who asks, whatever its actions and resources.

        One whose conditions say nothing of who asks, nor when, applies alike to all.
        """
        if not statement.conditions:
            return _unconditionally(statement)
        found = self._met.get(id(statement))
        if found is None:
            met = holds(statement, asked.context, now=asked.now, account=asked.account)
            found = min(_unconditionally(statement), met)
            if not any(map(_is_personal, statement.conditions)):
                self._met[id(self.of(statement).statement)] = found
        return found


def _unconditionally(statement: Statement) -> Verdict:
    return Verdict.ALLOWED if statement.certain and isinstance(statement.effect, str) else Verdict.POSSIBLE


def _is_personal(condition: Condition) -> bool:
    """Whether the answer depends on who asks, on the moment, or on the account that an unknown part stands for."""
    plain = all(isinstance(value, Scalar) and "${" not in str(value.value) for value in condition.values)
    return not plain or condition.key.lower().startswith(_OF_WHO_ASKS)
