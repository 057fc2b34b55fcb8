"""All safe remedies of a scan as edited files, and those that a person has to make, with the reason."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from agentreach.findings import Move
from agentreach.identity import Agent, Policy, Principal, Workload
from agentreach.late_regex import late_regex
from agentreach.named_tuples import NamedTuple
from agentreach.remedies.edits import ByHand
from agentreach.remedies.proof import proven
from agentreach.remedies.proposals import proposed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from agentreach.findings import Finding, Remedy
    from agentreach.identity import Fact
    from agentreach.model import Key, Source, Span
    from agentreach.remedies.edits import Edit
    from agentreach.remedies.proposals import Proposal

_DECLARING = (Agent, Principal, Workload)
_NAMED = 3
_INSTANCE = late_regex(r"\[[^\]\[]*+\]|\bmodule\.[^.\[]+(?:\[[^\]\[]*+\])?\.")


class Repaired(NamedTuple):
    """The edited text of a file, and the edits that made it."""

    text: str
    edits: Sequence[Edit]


class Repairs(NamedTuple):
    """`files` are the edited ones by source; `made` the proposals in them, `by_hand` those that are not."""

    files: Mapping[Source, Repaired]
    made: tuple[Proposal, ...]
    by_hand: tuple[Proposal, ...]


def repairs(
    findings: Iterable[Finding],
    sources: Sequence[Source],
    facts: Mapping[Key, tuple[Fact, ...]],
    refuse: Callable[[Source], str],
) -> Repairs:
    """Edit what the safe remedies of the findings ask for. `refuse` says why a file is left alone, else nothing."""
    wanted = [one for finding in findings for one in proposed(finding, sources) if one.remedy.safe]
    judged = [_judged(one, wanted, facts, refuse) for one in wanted]
    made, clashes = _together([one for one in judged if one.edits])
    return Repairs(_texts(made), tuple(made), (*(one for one in judged if not one.edits), *clashes))


def _judged(
    proposal: Proposal,
    wanted: Sequence[Proposal],
    facts: Mapping[Key, tuple[Fact, ...]],
    refuse: Callable[[Source], str],
) -> Proposal:
    """The proposal, or why its edits are not made after all."""
    if not proposal.edits:
        return proposal
    reasons = (reason for edit in proposal.edits if (reason := refuse(edit.source)))
    reason = next(reasons, "") or _patched(proposal, facts) or _shared(proposal, wanted, facts)
    return _refused(proposal, reason) if reason else _alone(proposal)


def _refused(proposal: Proposal, reason: str) -> Proposal:
    return proposal._replace(edits=(), by_hand=reason)


def _alone(proposal: Proposal) -> Proposal:
    try:
        _texts([proposal])
    except ByHand as reason:
        return _refused(proposal, str(reason))
    return proposal


def _together(proposals: list[Proposal]) -> tuple[list[Proposal], list[Proposal]]:
    """Those that can be made at once; what clashes with an earlier one waits for the next run."""
    made: list[Proposal] = []
    clashes: list[Proposal] = []
    try:
        _texts(proposals)
    except ByHand:
        for one in proposals:
            try:
                _texts([*made, one])
                made.append(one)
            except ByHand as reason:
                clashes.append(_refused(one, str(reason)))
        return made, clashes
    return proposals, clashes


def _texts(proposals: Iterable[Proposal]) -> dict[Source, Repaired]:
    """Every edited file, proven."""
    edits: defaultdict[Source, list[Edit]] = defaultdict(list)
    for proposal in proposals:
        for edit in proposal.edits:
            edits[edit.source].append(edit)
    by_path = sorted(edits.items(), key=lambda one: one[0].path)
    return {source: Repaired(proven(source, found), found) for source, found in by_path}


def _patched(proposal: Proposal, facts: Mapping[Key, tuple[Fact, ...]]) -> str:
    """A value that an overlay's patch, or another object, gives to the pod is no attribute of the pod's own file."""
    key = _resource(proposal.finding)
    homes = {one.at.source.path for one in facts.get(key, ()) if isinstance(one, _DECLARING) and _is_in_cluster(one)}
    path = proposal.remedy.at.source.path
    if homes and path not in homes:
        return f"{path} patches {key.address}, or sets this for others too: change it there by hand"
    return ""


def _shared(proposal: Proposal, wanted: Sequence[Proposal], facts: Mapping[Key, tuple[Fact, ...]]) -> str:
    """What else the same lines declare, and the finding does not concern: a module called twice, a `for_each`."""
    remedy = proposal.remedy
    same = [one.finding for one in wanted if one.remedy.at == remedy.at and one.remedy.move is remedy.move]
    concerned = {_resource(finding) for finding in same}
    alike: defaultdict[str, set[Key]] = defaultdict(set)
    for key in _declared(remedy, facts):
        alike[_stem(key.address)].add(key)
    others = sorted({key.address for keys in alike.values() if len(keys) > 1 for key in keys - concerned})
    if not others:
        return ""
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    return f"the same lines also make {', '.join(others[:_NAMED])}{more}: give them a value of their own first"


def _declared(remedy: Remedy, facts: Mapping[Key, tuple[Fact, ...]]) -> Iterator[Key]:
    """What the lines declare. Overlays of one base declare one manifest; roots that call one module do not."""
    at = remedy.at
    for key, found in facts.items():
        for one in found:
            if remedy.move is Move.ADD_CONDITION:
                if isinstance(one, Policy) and any(statement.at == at for statement in one.statements):
                    yield key._replace(address=key.address.partition("#")[0])
            elif isinstance(one, _DECLARING) and _holds(one.at, at) and not _is_in_cluster(one):
                yield key


def _holds(outer: Span, inner: Span) -> bool:
    return outer.source is inner.source and outer.start <= inner.start < outer.end


def _resource(finding: Finding) -> Key:
    """The declared thing a finding is about, without the part of it."""
    return finding.subject._replace(address=finding.subject.address.partition("#")[0])


def _stem(address: str) -> str:
    """What all instances of one block share: no module, no stack around it, no index."""
    return _INSTANCE.sub("", address).rpartition("/")[2]


def _is_in_cluster(fact: Agent | Principal | Workload) -> bool:
    return "kubernetes" in (fact.provider if isinstance(fact, Principal) else fact.platform)
