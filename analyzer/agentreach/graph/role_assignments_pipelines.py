"""Pipelines of code hosts, joined to the identities that their runs become.

A trust names the runs it admits by their subject: repository, and perhaps environment. What the pipelines of that
repository receive is in the hands of whoever runs as the identity; where every admitted run has to pass an environment
with reviewers, the identity is only ever had with their agreement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.graph.edges import Edge
from agentreach.graph.spelling import spell
from agentreach.graph.views import GateView
from agentreach.identity import Evidence, Gate, Workload
from agentreach.model import Key, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.graph.edges import Edges
    from agentreach.graph.gates import GateBook
    from agentreach.graph.index import FactIndex
    from agentreach.graph.trusts import Trust, TrustBook
    from agentreach.model import Span

RUNS_IN: Final = "runs-in"
_KINDS: Final = frozenset({"github-pipeline", "gitlab-pipeline"})
_HOSTS: Final = ("repo", "project_path")
_REPOSITORIES: Final = (":repository", ":project_path")


class _Run(NamedTuple):
    """Runs that a trust admits: of which repository, and under what ("environment:prod", "ref:…", "*")."""

    host: str
    repository: str
    under: str
    at: Span


class _Pipeline(NamedTuple):
    host: str
    repository: str
    environment: str


def join_pipelines(index: FactIndex, edges: Edges, gates: GateBook, trusts: TrustBook) -> None:
    """Add a hop from each identity to the pipelines that become it, and the approvals that cover all of them."""
    pipelines = {key: one for key in _pipelines(index) if (one := _pipeline(key.address)) is not None}
    approvals = [gate for gate in index.of(Gate) if not isinstance(gate.subject, Key) and _guards_runs(gate)]
    if not pipelines and not approvals:
        return
    for identity, admitted in trusts.by_identity.items():
        runs = [run for trust in admitted for run in _runs(trust)]
        for key, pipeline in pipelines.items():
            found = next((run for run in runs if _is_in(run, pipeline)), None)
            if found is not None:
                evidence = (Evidence(found.at, f"runs of {key.address} become it"),)
                edges.walks[identity].append(Edge(key, RUNS_IN, evidence, key.root == identity.root))
        gates.by_subject[identity] += _covering(identity, admitted, runs, approvals)


def _pipelines(index: FactIndex) -> Iterator[Key]:
    yield from dict.fromkeys(workload.key for workload in index.of(Workload) if workload.kind in _KINDS)


def _pipeline(address: str) -> _Pipeline | None:
    host, _, rest = address.partition(":")
    repository, _, environment = rest.partition(":environment:")
    return _Pipeline(host, repository, environment) if host in _HOSTS and repository else None


def _guards_runs(gate: Gate) -> bool:
    return not isinstance(gate.subject, Key) and _pipeline(spell(gate.subject)) is not None


def _runs(trust: Trust) -> Iterator[_Run]:
    """The runs in the conditions of one statement; none when it does not limit the subject."""
    for condition in trust.statement.conditions:
        texts = [(string(value) or "", value.at) for value in condition.values]
        if condition.key.endswith(":sub"):
            yield from (run for text, at in texts if (run := _run(text, at)) is not None)
        elif condition.key.endswith(_REPOSITORIES):
            host = "repo" if condition.key.endswith(":repository") else "project_path"
            yield from (_Run(host, text.rpartition("/")[2], "*", at) for text, at in texts)


def _run(subject: str, at: Span) -> _Run | None:
    host, _, rest = subject.partition(":")
    name, _, under = rest.partition(":")
    if host not in _HOSTS or not name:
        return None
    return _Run(host, name.rpartition("/")[2], under or "*", at)


def _is_in(run: _Run, pipeline: _Pipeline) -> bool:
    """Whether a run gets what the pipeline is given: all runs of a repository do, or those in the environment."""
    same = run.host == pipeline.host and run.repository in {pipeline.repository, "*"}
    return same and (not pipeline.environment or _may_be_in(run.under, pipeline.environment))


def _may_be_in(under: str, environment: str) -> bool:
    return under == f"environment:{environment}" or under.startswith("*") or under in {"environment:*", ""}


def _covering(
    identity: Key, admitted: tuple[Trust, ...], runs: list[_Run], approvals: list[Gate]
) -> Iterator[GateView]:
    """Approvals of environments that runs come from. They hold only if no run comes another way."""
    guarded = {spell(gate.subject): gate for gate in approvals if not isinstance(gate.subject, Key)}
    passed = {run: guarded.get(f"{run.host}:{run.repository}:{run.under}") for run in runs}
    only = all(passed.values()) and all(any(True for _ in _runs(trust)) for trust in admitted)
    for gate in dict.fromkeys(gate for gate in passed.values() if gate is not None):
        note = gate.note if only else f"{gate.note}; other runs pass without them"
        yield GateView(
            kind=gate.kind,
            subject=identity,
            at=gate.at,
            note=note,
            holds=gate.fails_closed if only else False,
            gate=gate,
        )
