"""Our findings for a host tool that visits one block after the other: each is shown once, on one of them.

A finding's home is the block of its subject, else the first of its evidence that stands in a file the host reads.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agentreach import configured
from agentreach.api import scan
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple
from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.engine import Scan
    from agentreach.findings import Finding

DIRECTORY = ("-d", "--directory")
FILE = ("-f", "--file")
INSTANCE = late_regex(r"\[[^\]\[\n]{0,500}\]")


class Home(NamedTuple):
    """Where a finding is shown. `address` is empty when only the place counts."""

    path: Path
    line: int
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What the host visits: the files it may lie in, its address there, its lines when the host knows them."""

    paths: tuple[Path, ...]
    address: str = ""
    start: int = 0
    end: int = 0

    def holds(self, home: Home) -> bool:
        """Whether the finding is at home here: the address decides where both sides know one."""
        if home.path not in self.paths:
            return False
        inside = self.start <= home.line <= self.end
        if not home.address or not self.address:
            return inside
        return self.address == home.address or (inside and _may_be(self.address, home.address))


def _visited(address: str) -> str:
    """The block that an address names: parts ("role#trust") and nested stacks ("Parent/Child") stand in one."""
    return address.partition("#")[0].rpartition("/")[2]


def _may_be(visited: str, wanted: str) -> bool:
    """The host did not expand the instances, does not know their keys, or the subject is made from this block."""
    plain = INSTANCE.sub("", visited)
    if plain != INSTANCE.sub("", wanted):
        return "." not in visited  # a template's entry stands for what is generated from it
    return plain == visited or "[?]" in wanted


@dataclass(frozen=True, slots=True)
class Shown:
    """The findings of one scan, and which of them the host has shown."""

    scan: Scan
    homes: tuple[tuple[Home, Finding], ...]
    taken: set[int] = field(default_factory=set)

    def claim(self, check_id: str, block: Block) -> tuple[Finding, ...]:
        """Findings of a check that belong on this block and were not shown on another."""
        mine = [
            number
            for number, (home, finding) in enumerate(self.homes)
            if number not in self.taken and finding.check_id == check_id and block.holds(home)
        ]
        self.taken.update(mine)
        return tuple(self.homes[number][1] for number in mine)


def shown(paths: Iterable[Path]) -> Shown:
    """Scan as the nearest configuration says, and find the home of every finding, suppressed ones included."""
    done = scan(*paths, options=configured.options(configured.nearest(Path.cwd())))
    places = _Places(done)
    return Shown(done, tuple((places.home(one), one) for one in done.findings if one.evidence))


class _Places:
    """Where the declared things of a scan stand."""

    def __init__(self, done: Scan) -> None:
        self._facts = done.graph.facts

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(fact.at.source.path for facts in self._facts.values() for fact in facts[:1])

    def home(self, finding: Finding) -> Home:
        declared = self._facts.get(finding.subject, ())
        for fact in declared[:1]:
            at = fact.at.location
            return Home(Path(at.path).resolve(), at.line, _visited(finding.subject.address))
        return next(self._evidence(finding), self._first(finding))

    def _evidence(self, finding: Finding) -> Iterator[Home]:
        for evidence in finding.evidence:
            if evidence.at.source.path in self._files:
                at = evidence.at.location
                yield Home(Path(at.path).resolve(), at.line)

    def _first(self, finding: Finding) -> Home:
        at = finding.evidence[0].at.location
        return Home(Path(at.path).resolve(), at.line)


def roots(arguments: Sequence[str]) -> tuple[Path, ...]:
    """What a command line names by `-d` and `-f`; the working directory when it names nothing."""
    found: list[str] = []
    flag = ""
    for argument in arguments:
        if argument.startswith("-"):
            flag, _, value = argument.partition("=")
            if value and flag in (*DIRECTORY, *FILE):
                found.append(value)
        elif flag in (*DIRECTORY, *FILE):
            found.append(argument)
            flag = "" if flag in DIRECTORY else flag  # -f takes several
    return tuple(Path(one) for one in dict.fromkeys(found) if Path(one).exists()) or (Path(),)


def candidates(named: str, below: Sequence[Path]) -> tuple[Path, ...]:
    """The files that a host's name may mean: below a root ("/main.tf"), or as given on its command line."""
    relative = named.lstrip("/")
    folders = [root if root.is_dir() else root.parent for root in below]
    tried = [
        Path(named),
        Path(relative),
        *(folder / relative for folder in folders),
        *(r for r in below if r.is_file()),
    ]
    return tuple(dict.fromkeys(one.resolve() for one in tried if one.is_file() and one.name == Path(named).name))
