"""All safe remedies of a scan as edited files, and those that a person has to make, with the reason."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.remedies.declared import Declared
from agentreach.remedies.edits import ByHand
from agentreach.remedies.proof import proven
from agentreach.remedies.proposals import proposed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from agentreach.findings import Finding
    from agentreach.identity import Fact
    from agentreach.model import Key, Source
    from agentreach.remedies.edits import Edit
    from agentreach.remedies.proposals import Proposal


class Repaired(NamedTuple):
    """The edited text of a file, and the edits that made it."""

    text: str
    edits: Sequence[Edit]


class Repairs(NamedTuple):
    """`files` are the edited ones by source; `made` the proposals in them, `by_hand` those that are not."""

    files: Mapping[Source, Repaired]
    made: Sequence[Proposal]
    by_hand: Sequence[Proposal]


def repairs(
    findings: Iterable[Finding],
    sources: Sequence[Source],
    facts: Mapping[Key, tuple[Fact, ...]],
    refuse: Callable[[Source], str],
) -> Repairs:
    """Edit what the safe remedies of the findings ask for. `refuse` says why a file is left alone, else nothing."""
    wanted = [one for finding in findings for one in proposed(finding, sources) if one.remedy.safe]
    concerned: defaultdict[tuple[object, ...], set[Key]] = defaultdict(set)
    for one in wanted:
        concerned[one.remedy.at, one.remedy.move].add(_resource(one.finding))
    declared = Declared(facts)
    judged = [_judged(one, concerned[one.remedy.at, one.remedy.move], declared, refuse) for one in wanted]
    made, refused = _sound([one for one in judged if one.edits])
    return Repairs(_files(made), made, [*(one for one in judged if not one.edits), *refused])


def _judged(
    proposal: Proposal, concerned: Iterable[Key], declared: Declared, refuse: Callable[[Source], str]
) -> Proposal:
    """The proposal, or why its edits are not made after all."""
    if not proposal.edits:
        return proposal
    reasons = (reason for edit in proposal.edits if (reason := refuse(edit.source)))
    reason = next(reasons, "") or declared.patched(_resource(proposal.finding), proposal.remedy)
    return _refused(proposal, reason or declared.shared(proposal.remedy, concerned))


def _refused(proposal: Proposal, reason: str) -> Proposal:
    return proposal._replace(edits=(), by_hand=reason) if reason else proposal


def _sound(proposals: list[Proposal]) -> tuple[list[Proposal], list[Proposal]]:
    """Those that can be made at once, and the others with the reason; few are bad, so halves are tried first."""
    try:
        _files(proposals)
    except ByHand as reason:
        if len(proposals) == 1:
            return [], [_refused(proposals[0], str(reason))]
    else:
        return proposals, []
    middle = len(proposals) // 2
    made, refused = _sound(proposals[:middle])
    others, more = _sound(proposals[middle:])
    try:
        _files([*made, *others])
    except ByHand:
        for one in others:
            try:
                _files([*made, one])
                made = [*made, one]
            except ByHand as reason:
                more = [*more, _refused(one, str(reason))]
        return made, [*refused, *more]
    return [*made, *others], [*refused, *more]


def _files(proposals: Iterable[Proposal]) -> dict[Source, Repaired]:
    """Every edited file, proven."""
    edits: defaultdict[Source, list[Edit]] = defaultdict(list)
    for proposal in proposals:
        for edit in proposal.edits:
            edits[edit.source].append(edit)
    by_path = sorted(edits.items(), key=lambda one: one[0].path)
    return {source: Repaired(proven(source, found), found) for source, found in by_path}


def _resource(finding: Finding) -> Key:
    """The declared thing a finding is about, without the part of it."""
    return finding.subject._replace(address=finding.subject.address.partition("#")[0])
