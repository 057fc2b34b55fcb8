"""Which agents a finding of another tool concerns: it is about a thing, or lies on lines, that make up an agent.

What makes up an agent: itself, its tools and what runs them, its identities, and the policies that give them reach.
"""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach.identity import Confidence, Evidence
from agentreach.integrations.hosted import INSTANCE
from agentreach.model import Span
from agentreach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.check import Check
    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.integrations.imported.reading import Imported
    from agentreach.model import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A declared thing that belongs to agents, and where it stands."""

    key: Key
    what: str
    agents: tuple[Key, ...]
    at: Span
    first: int
    last: int

    def touches(self, line: int, end_line: int) -> bool:
        """Whether lines lie in it or around it."""
        return line <= self.last and end_line >= self.first


class Places:
    """The parts of a scan's agents by address and by file."""

    def __init__(self, scan: Scan) -> None:
        self._order = {view.key: number for number, view in enumerate(scan.graph.agents)}
        self._by_address: defaultdict[str, list[Part]] = defaultdict(list)
        self._by_path: defaultdict[Path, list[Part]] = defaultdict(list)
        self._by_name: defaultdict[str, set[Path]] = defaultdict(set)
        for source in scan.sources:
            path = _absolute(source.path)
            self._by_name[path.name].add(path)
        for part in _parts(scan):
            self._by_address[INSTANCE.sub("", part.key.address)].append(part)
            self._by_path[_absolute(part.at.source.path)].append(part)

    def findings(self, one: Imported, check: Check) -> Iterator[Finding]:
        """One finding for each thing it is about, all instances of a block together; none when it concerns no agent."""
        files = set(self._files(one))
        groups: dict[tuple[str, str], list[Part]] = {}
        for part in self._concerned(one, files):
            groups.setdefault((part.key.root, INSTANCE.sub("", part.key.address)), []).append(part)
        for parts in groups.values():
            yield self._finding(one, check, parts)

    def _concerned(self, one: Imported, files: set[Path]) -> list[Part]:
        """By address in the file it names; else by the lines, the narrowest parts only."""
        address = INSTANCE.sub("", one.resource)
        addressed = [part for name in _spellings(address) for part in self._by_address.get(name, ())]
        named = [part for part in addressed if not files or _absolute(part.at.source.path) in files]
        exact = [part for part in named if part.key.address == one.resource]
        if exact or named:
            return exact or named
        if not one.line:
            return []
        found = [part for path in files for part in self._by_path[path] if part.touches(one.line, one.end_line)]
        inside = [part for part in found if part.first <= one.line and one.end_line <= part.last]
        narrowest = min((part.last - part.first for part in inside), default=0)
        return [part for part in inside if part.last - part.first == narrowest] or found

    def _files(self, one: Imported) -> Iterator[Path]:
        """Scanned files that its paths mean: the same file, else the only one whose path ends so."""
        for text in one.paths:
            path = _absolute(text)
            known = self._by_name.get(path.name, set())
            if path in known:
                yield path
                return
        for text in one.paths:
            tail = tuple(part for part in Path(text).parts if part not in ("/", ".", ".."))
            ends = [path for path in self._by_name.get(Path(text).name, ()) if path.parts[-len(tail) :] == tail]
            if tail and len(ends) == 1:
                yield ends[0]
                return

    def _finding(self, one: Imported, check: Check, parts: list[Part]) -> Finding:
        agents = sorted({agent for part in parts for agent in part.agents}, key=lambda a: self._order.get(a, 0))
        lead = min(parts, key=lambda part: (part.key, part.first))
        key = lead.key
        found = check.finding(
            f"{one.origin}: {one.message.rstrip('.')}; {lead.what} {key.address}",
            severity=one.severity,
            confidence=Confidence.MEDIUM,
            subject=key,
            cause=f"{one.origin}:{one.rule}",
            evidence=[
                Evidence(_span(lead, one), f"reported by {one.origin} as {one.rule}"),
                Evidence(lead.at, f"{lead.what} declared here"),
            ],
            agents=agents,
        )
        return replace(found, origin=one.origin)


def _spellings(address: str) -> Iterator[str]:
    """An address as we write it: a template's entry without its type, a manifest with slashes."""
    if not address:
        return
    yield address
    if "::" in address:
        yield address.rpartition(".")[2]
    kind, _, rest = address.partition(".")
    namespace, _, name = rest.partition(".")
    if name:
        yield f"{kind}/{namespace}/{name}"
        yield f"{kind}/{name}"


def _span(part: Part, one: Imported) -> Span:
    """The reported line when it lies in the part, else the part itself."""
    if not part.first <= one.line <= part.last:
        return part.at
    start, text = part.at.start, part.at.source.text
    for _ in range(one.line - part.first):
        start = text.find("\n", start) + 1
    end = text.find("\n", start)
    return Span(part.at.source, start, len(text) if end < 0 else end)


def _absolute(path: str) -> Path:
    """Without touching the disk."""
    return Path(os.path.normpath(Path.cwd() / path))


def _parts(scan: Scan) -> Iterator[Part]:
    for key, (what, agents) in _keys(scan).items():
        for fact in scan.graph.facts.get(key, ())[:1]:
            yield _part(key, what, agents, fact.at)
    for reach in scan.graph.all_reach:
        yield _part(reach.policy or reach.identity, "in the policy", reach.agents, reach.evidence[0].at)


def _part(key: Key, what: str, agents: tuple[Key, ...], at: Span) -> Part:
    place = at.location
    return Part(key=key, what=what, agents=agents, at=at, first=place.line, last=place.end_line)


def _keys(scan: Scan) -> dict[Key, tuple[str, tuple[Key, ...]]]:
    """Every declared thing that makes up agents, with what it is to them."""
    found: dict[Key, tuple[str, list[Key]]] = {}

    def add(key: Key | None, what: str, agents: tuple[Key, ...]) -> None:
        if key is not None:
            found.setdefault(key, (what, []))[1].extend(agents)

    for view in scan.graph.agents:
        own = (view.key,) if view.stands_alone else view.used_by
        add(view.key, "about the agent" if view.stands_alone else "about the tool", own)
        for workload in view.runs_on:
            add(workload, "about the workload", own)
        for identity in view.identities:
            add(identity.key, "about the identity", own)
        for tool in view.tools:
            add(tool.key, "about the tool", own)
            add(tool.target, "about the tool's executor", own)
    for reach in scan.graph.all_reach:
        add(reach.policy, "about the policy", reach.agents)
    return {key: (what, tuple(dict.fromkeys(agents))) for key, (what, agents) in found.items()}
