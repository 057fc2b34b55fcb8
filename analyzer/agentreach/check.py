"""A check: a question asked of the graph, with the metadata that reports and documentation need.

`@check(…)` turns a generator function into a `Check`. It registers nothing: the checks of a run are an
explicit tuple that the caller passes to the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from agentreach.controls import check_facts, controls_of
from agentreach.findings import Control, Finding, Remedy, Severity
from agentreach.records import dataclass

if TYPE_CHECKING:
    from agentreach.graph import AgentGraph
    from agentreach.identity import Confidence, Evidence
    from agentreach.model import Key

Logic = Callable[[Any], Iterator[Finding]]


class Stage(StrEnum):
    """When a check runs: on the graph, or on what the suppressions of the sources did (AR003)."""

    GRAPH = "graph"
    SUPPRESSIONS = "suppressions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. `severity` is its ceiling; `silences` names checks it outranks on the same statement and subject."""

    id: str
    name: str
    title: str
    severity: Severity
    logic: Logic
    module: str
    remediation: str = ""
    silences: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("terraform", "cloudformation", "kubernetes")
    own_controls: tuple[Control, ...] = ()
    stage: Stage = Stage.GRAPH

    def __call__(self, graph: AgentGraph) -> Iterator[Finding]:
        """Ask the question."""
        return self.logic(graph)

    @property
    def controls(self) -> tuple[Control, ...]:
        """The framework entries that findings of this check are evidence for."""
        return self.own_controls or controls_of(self.id)

    @property
    def limits(self) -> str:
        """What a finding of this check must not be read as."""
        facts = check_facts().get(self.id)
        return facts.limits if facts else ""

    def finding(
        self,
        message: str,
        *,
        severity: Severity,
        confidence: Confidence,
        subject: Key,
        cause: str,
        facet: str = "",
        evidence: Iterable[Evidence],
        agents: Iterable[Key] = (),
        remediation: str = "",
        remedies: Iterable[Remedy] = (),
    ) -> Finding:
        """A finding of this check, its severity bounded by the ceiling."""
        remedies = tuple(remedies)
        return Finding(
            check_id=self.id,
            name=self.name,
            title=self.title,
            severity=min(severity, self.severity),
            confidence=confidence,
            subject=subject,
            cause=cause,
            facet=facet,
            message=message,
            evidence=tuple(dict.fromkeys(evidence)),
            agents=tuple(agents),
            remediation=remediation or self.remediation,
            fixable=any(remedy.safe for remedy in remedies),
            remedies=remedies,
            controls=self.controls,
        )


def check(
    *,
    id: str,  # noqa: A002 - the public name of the field
    name: str,
    title: str,
    severity: Severity,
    remediation: str = "",
    silences: tuple[str, ...] = (),
    formats: tuple[str, ...] = ("terraform", "cloudformation", "kubernetes"),
    controls: tuple[Control, ...] = (),
    stage: Stage = Stage.GRAPH,
) -> Callable[[Logic], Check]:
    """Turn `def some_pattern(graph) -> Iterator[Finding]` into a `Check`."""

    def wrap(logic: Logic) -> Check:
        return Check(
            id=id,
            name=name,
            title=title,
            severity=severity,
            logic=logic,
            module=logic.__module__,
            remediation=remediation,
            silences=silences,
            formats=formats,
            own_controls=controls,
            stage=stage,
        )

    return wrap
