"""What the lines of a file declare, and so what an edit of them changes: found once for all edits of a scan."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.findings import Move
from agentreach.identity import Agent, Policy, Principal, Workload
from agentreach.late_regex import late_regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from agentreach.findings import Remedy
    from agentreach.identity import Fact
    from agentreach.model import Key, Source, Span

_INSTANCE = late_regex(r"\[[^\]\[]*+\]|\bmodule\.[^.\[]+(?:\[[^\]\[]*+\])?\.")
_NAMED = 3


class Declared:
    """The declarations of a scan by the place where they stand.

    Overlays of one Kubernetes base declare one manifest, so what is in a cluster counts by its file alone; roots that
    call one Terraform module declare a resource each.
    """

    def __init__(self, facts: Mapping[Key, tuple[Fact, ...]]) -> None:
        self._blocks: defaultdict[Source, set[tuple[Span, Key]]] = defaultdict(set)
        self._statements: defaultdict[Span, set[Key]] = defaultdict(set)
        self._homes: defaultdict[Key, set[str]] = defaultdict(set)
        for key, found in facts.items():
            for fact in found:
                self._add(key, fact)

    def _add(self, key: Key, fact: Fact) -> None:
        if isinstance(fact, Policy):
            for statement in fact.statements:
                self._statements[statement.at].add(key._replace(address=key.address.partition("#")[0]))
        elif isinstance(fact, Agent | Principal | Workload):
            if "kubernetes" in (fact.provider if isinstance(fact, Principal) else fact.platform):
                self._homes[key].add(fact.at.source.path)
            else:
                self._blocks[fact.at.source].add((fact.at, key))

    def patched(self, key: Key, remedy: Remedy) -> str:
        """Why a value that an overlay's patch, or another object, gives to a pod is not edited there."""
        path, homes = remedy.at.source.path, self._homes.get(key)
        if not homes or path in homes:
            return ""
        return f"{path} patches {key.address}, or sets this for others too: change it there by hand"

    def shared(self, remedy: Remedy, concerned: Iterable[Key]) -> str:
        """Why lines that also declare something else are not edited: a module called twice, a `for_each`."""
        alike: defaultdict[str, set[Key]] = defaultdict(set)
        for key in self._at(remedy):
            alike[_stem(key.address)].add(key)
        wanted = set(concerned)
        others = sorted({key.address for keys in alike.values() if len(keys) > 1 for key in keys - wanted})
        if not others:
            return ""
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        return f"the same lines also make {', '.join(others[:_NAMED])}{more}: give them a value of their own first"

    def _at(self, remedy: Remedy) -> Iterator[Key]:
        if remedy.move is Move.ADD_CONDITION:
            yield from self._statements.get(remedy.at, ())
            return
        for at, key in self._blocks.get(remedy.at.source, ()):
            if at.start <= remedy.at.start < at.end:
                yield key


def _stem(address: str) -> str:
    """What all instances of one block share: no module, no stack around it, no index."""
    return _INSTANCE.sub("", address).rpartition("/")[2]
