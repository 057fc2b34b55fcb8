"""From what checks claim to what is reported: one finding per cause, in a stable order, with fingerprints."""

from __future__ import annotations

from collections import Counter, defaultdict
from posixpath import dirname
from typing import TYPE_CHECKING

from agentreach.digest import sha256
from agentreach.late_regex import late_regex
from agentreach.moved import Moves
from agentreach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.check import Check
    from agentreach.findings import Finding, Suppression
    from agentreach.identity import Evidence
    from agentreach.model import Key

MESSAGES_SHOWN = 3
NONE = Moves()

_VERBS = late_regex(r" (?:may (?:do |use )?|receives? |trusts |admits )")
"""What a sentence about several statements says once: its subject, up to and with the verb."""


def consolidate(findings: Iterable[Finding], checks: Sequence[Check]) -> tuple[Finding, ...]:
    """Silence what another check says better, merge the statements of one cause, sort, and fingerprint."""
    return united(silenced(tuple(findings), checks))


def united(findings: Sequence[Finding], moves: Moves = NONE) -> tuple[Finding, ...]:
    """Merge what has one cause, sort, and fingerprint. Suppressed statements never take open ones with them."""
    return fingerprinted(ordered(merged(findings)), moves)


def silenced(findings: Sequence[Finding], checks: Sequence[Check]) -> tuple[Finding, ...]:
    """Drop findings that a silencing check covers on the same subject, statement and facet; the survivor names them."""
    silences = {check.id: frozenset(check.silences) for check in checks}
    spots: defaultdict[tuple[Key, str], list[int]] = defaultdict(list)
    for number, finding in enumerate(findings):
        spots[finding.subject, finding.cause].append(number)
    said: defaultdict[int, set[str]] = defaultdict(set)
    gone: set[int] = set()
    for numbers in spots.values():
        for loser in numbers:
            for winner in numbers:
                if _outranks(findings[winner], findings[loser], silences):
                    gone.add(loser)
                    said[winner].add(findings[loser].check_id)
    return tuple(
        replace(finding, silenced=tuple(sorted({*finding.silenced, *said[number]})))
        for number, finding in enumerate(findings)
        if number not in gone
    )


def _outranks(winner: Finding, loser: Finding, silences: dict[str, frozenset[str]]) -> bool:
    if loser.check_id not in silences.get(winner.check_id, frozenset()):
        return False
    return winner.facet in ("", loser.facet)


def merged(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Several statements of one check on one subject are one finding with several evidences."""
    groups: defaultdict[tuple[str, Key, Suppression | None], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.check_id, finding.subject, finding.suppressed].append(finding)
    return tuple(_merge(group) for group in groups.values())


def _merge(group: list[Finding]) -> Finding:
    """The worst finding leads; messages, evidence, agents and causes of the others follow."""
    lead, *others = sorted(group, key=lambda finding: (-finding.severity, -finding.confidence, finding.cause))
    if not others:
        return lead
    return replace(
        lead,
        message=_joined([lead.message, *(finding.message for finding in others)]),
        evidence=_together(finding.evidence for finding in (lead, *others)),
        agents=tuple(dict.fromkeys(agent for finding in (lead, *others) for agent in finding.agents)),
        cause="; ".join(sorted({finding.cause for finding in group})),
        silenced=tuple(sorted({check for finding in group for check in finding.silenced})),
        fixable=any(finding.fixable for finding in group),
        remedies=tuple(remedy for finding in (lead, *others) for remedy in finding.remedies),
    )


def _together(groups: Iterable[tuple[Evidence, ...]]) -> tuple[Evidence, ...]:
    """Every primary evidence first, then the rest, each place once with all that it shows."""
    lists = [list(group) for group in groups]
    firsts = [group[0] for group in lists if group]
    rest = [evidence for group in lists for evidence in group[1:]]
    places: dict[tuple[str, int, int], list[Evidence]] = {}
    for one in reversed([*firsts, *rest]):
        places.setdefault((one.at.source.path, one.at.start, one.at.end), []).insert(0, one)
    shown = [several[0]._replace(note=_joined([one.note for one in several])) for several in places.values()]
    return tuple(reversed(shown))


def _joined(messages: list[str]) -> str:
    """The first sentence, and of the others what they do not begin with alike."""
    first, *others = dict.fromkeys(messages)
    shown = "; ".join((first, *(other[_alike(first, other) :] for other in others[: MESSAGES_SHOWN - 1])))
    more = len(others) + 1 - MESSAGES_SHOWN
    return f"{shown}; and {more} more" if more > 0 else shown


def _alike(left: str, right: str) -> int:
    """Where two sentences part: behind a colon, else behind the verb that both share; 0 when neither is shared."""
    pairs = enumerate(zip(left, right, strict=False))
    shared = next((index for index, (one, other) in pairs if one != other), min(len(left), len(right)))
    colon = right.rfind(": ", 0, shared)
    return (
        colon + len(": ") if colon >= 0 else max((verb.end() for verb in _VERBS.finditer(right, 0, shared)), default=0)
    )


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first, then by place."""
    return tuple(sorted(findings, key=_rank))


def _rank(finding: Finding) -> tuple[int, int, str, str, int, str, str]:
    at = finding.evidence[0].at if finding.evidence else None
    path, start = (at.source.path, at.start) if at else ("", 0)
    key = finding.subject
    return (-finding.severity, -finding.confidence, finding.check_id, path, start, key.root, key.address)


def fingerprinted(findings: Sequence[Finding], moves: Moves = NONE) -> tuple[Finding, ...]:
    """Give each finding a name that survives moved lines, renamed files within a module, and what `moved` blocks move.

    It is made of the check, the folder of the root, the subject's address and the causes; several that agree in
    all of them are numbered in report order.
    """
    seen: Counter[str] = Counter()
    result = []
    for finding in findings:
        name = _name(finding, moves)
        seen[name] += 1
        text = name if seen[name] == 1 else f"{name}#{seen[name]}"
        result.append(replace(finding, fingerprint=sha256(text.encode()).hexdigest()[:32]))
    return tuple(result)


def _name(finding: Finding, moves: Moves) -> str:
    root = finding.subject.root
    folder = dirname(root) if root.endswith((".yaml", ".yml", ".json", ".template")) else root
    return "\x1f".join((finding.check_id, folder, moves.first(root, f"{finding.subject.address}\x1f{finding.cause}")))
