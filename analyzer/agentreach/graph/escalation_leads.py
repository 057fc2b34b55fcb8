"""How far principals get, by themselves, by their paths, and by what these and their roles lead to.

A fixpoint over steps. Levels are settled from the highest down: whoever comes to a principal of a level is of that
level too, so each principal is settled once. Roles that may be assumed are sets and are never looked at one by one.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from agentreach.access.verdict import Verdict
from agentreach.identity import Step
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from agentreach.access.escalation import Path
    from agentreach.graph.assume import Assumptions
    from agentreach.model import Key


class Lead(NamedTuple):
    """How far a principal gets: the step, surely or possibly, over which path to which identity."""

    step: Step
    certain: bool
    path: Path | None = None
    target: Key | None = None


class _Way(NamedTuple):
    """A path that leads a principal to another one."""

    principal: Key
    path: Path


def settled(paths: Mapping[Key, Sequence[Path]], own: Callable[[Key], Lead], assume: Assumptions) -> Mapping[Key, Lead]:
    """The farthest lead of every principal whose paths are known."""
    beginnings: defaultdict[tuple[Step, bool], list[tuple[Key, Lead]]] = defaultdict(list)
    for principal in sorted(paths):
        offers = (own(principal), *(Lead(path.step, _is_sure(path), path) for path in paths[principal]))
        best = max(offers, key=lambda one: (one.step, one.certain))
        beginnings[best.step, best.certain].append((principal, best))
    spread = _Spread(paths, assume)
    for step in sorted(Step, reverse=True):
        sure = spread.level(step, beginnings[step, True], (), certain=True)
        spread.level(step, beginnings[step, False], sure, certain=False)
    return spread.leads


def _is_sure(path: Path) -> bool:
    return path.verdict is Verdict.ALLOWED


class _Spread:
    """Settles one level after the other."""

    __slots__ = ("_assume", "_behind", "_open", "leads")

    def __init__(self, paths: Mapping[Key, Sequence[Path]], assume: Assumptions) -> None:
        self._assume = assume
        self.leads: dict[Key, Lead] = {}
        self._open = [one for one in sorted(paths) if assume.bulk(one).all]
        self._behind: defaultdict[Key, list[_Way]] = defaultdict(list)
        for principal in sorted(paths):
            for path in paths[principal]:
                for target in path.targets:
                    self._behind[target.key].append(_Way(principal, path))

    def level(
        self, step: Step, beginning: Iterable[tuple[Key, Lead]], surely: Iterable[Key], *, certain: bool
    ) -> tuple[Key, ...]:
        """Everyone of one level, given who begins there and, of a possible level, who surely gets so far."""
        begun = {principal: lead for principal, lead in beginning if principal not in self.leads}
        self.leads |= begun
        found = [*surely, *begun]
        done = 0
        while done < len(found):
            done, fresh = len(found), found[done:]
            self._by_paths(deque(fresh), found, step, certain=certain)
            self._by_roles(found[done - len(fresh) :], found, step, certain=certain)
        return tuple(found)

    def _by_paths(self, waiting: deque[Key], found: list[Key], step: Step, *, certain: bool) -> None:
        while waiting:
            reached = waiting.popleft()
            for principal, path in self._behind.get(reached, ()):
                if principal not in self.leads and (not certain or _is_sure(path)):
                    self.leads[principal] = Lead(step, certain, path, reached)
                    found.append(principal)
                    waiting.append(principal)

    def _by_roles(self, reached: Iterable[Key], found: list[Key], step: Step, *, certain: bool) -> None:
        roles = self._assume.roles
        bits = roles.of(one for one in reached if one in roles.position)
        self._open = [one for one in self._open if one not in self.leads]
        for principal in self._open if bits else ():
            bulk = self._assume.bulk(principal)
            meant = (bulk.surely if certain else bulk.all) & bits
            if meant:
                self.leads[principal] = Lead(step, certain, None, next(roles.at(meant)))
                found.append(principal)
