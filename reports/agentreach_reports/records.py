"""The JSON shapes of the contract, built from the views. Every renderer of records starts here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentreach.identity import Role
from agentreach.thresholds import seconds_of, unknown_because
from agentreach_reports.excerpt import written_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.engine import Scan
    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import (
        AgentView,
        CredentialView,
        GateView,
        IdentityView,
        Reach,
        ToolView,
        UnknownView,
    )
    from agentreach.identity import Evidence, Unmodelled
    from agentreach.model import Skipped, Source
    from agentreach.remedies import Suggestion

Record = dict[str, Any]


def place(evidence: Evidence) -> Record:
    """Where, and what it shows."""
    at = evidence.at.location
    return {"path": at.path, "line": at.line, "column": at.column, "note": evidence.note}


def extent(evidence: Evidence) -> Record:
    """Where it starts and ends, and what it shows."""
    at = evidence.at.location
    return {
        "path": at.path,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
        "note": evidence.note,
    }


def agent(graph: AgentGraph, view: AgentView) -> Record:
    """One entry of `agents`."""
    return {
        "address": view.key.address,
        "root": view.key.root,
        "name": view.name,
        "platform": view.agent.platform,
        "kind": view.agent.kind,
        "role": view.role.value,
        "confidence": view.confidence.label,
        "because": [place(evidence) for evidence in view.agent.because],
        "owner": view.owner,
        "bounded": view.bounded,
        "production": view.production,
        "used_by": [key.address for key in view.used_by],
        "identities": [identity(one) for one in view.identities],
        "credentials": [credential(one) for one in graph.kept(view.key)],
        "tools": [tool(one) for one in view.tools],
        "gates": [gate(one) for one in graph.gates(view.key)],
        "reach": [reach(one) for one in graph.reach(agent=view.key)],
        "path": view.agent.at.location.path,
        "line": view.agent.at.location.line,
    }


def identity(view: IdentityView) -> Record:
    """One identity that an agent may act as."""
    return {
        "address": view.key.address,
        "root": view.key.root,
        "name": view.name,
        "kind": view.kind,
        "relation": view.relation.value,
        "declared": view.declared,
        "certain": view.certain,
        "standing": view.standing,
        "via": [place(evidence) for evidence in view.via],
    }


def credential(view: CredentialView) -> Record:
    """One credential with its lifetime in seconds."""
    held = view.credential
    seconds = None if held.never_expires else seconds_of(held)
    at = held.at.location
    return {
        "kind": held.kind,
        "address": held.key.address,
        "root": held.key.root,
        "holder": view.holder.address,
        "ttl_seconds": None if seconds is None else int(seconds),
        "never_expires": held.never_expires,
        "ttl_unknown_because": unknown_because(held) or None,
        "ttl_known": held.never_expires or seconds is not None,
        "defaulted": held.defaulted,
        "rotated": held.rotated,
        "renewable_without_human": held.renewable_without_human,
        "stored_in": held.stored_in,
        "path": at.path,
        "line": at.line,
    }


def tool(view: ToolView) -> Record:
    """One tool, whom it acts as, and whether it asks."""
    at = view.tool.at.location
    return {
        "address": view.key.address,
        "root": view.key.root,
        "name": view.tool.name,
        "acts_as": view.acts_as[0].key.address if view.acts_as else None,
        "confirmation": view.confirmation,
        "mutating": view.mutating,
        "executor": view.executor,
        "operations": [
            {"name": one.name, "mutating": one.mutating, "confirmation": one.confirmation} for one in view.operations
        ],
        "path": at.path,
        "line": at.line,
    }


def gate(view: GateView) -> Record:
    """What must say yes, for which tools, and whether it holds."""
    at = view.at.location
    return {
        "kind": view.kind,
        "subject": view.subject.address,
        "covers": list(view.covers),
        "holds": view.holds,
        "note": view.note,
        "path": at.path,
        "line": at.line,
    }


def reach(view: Reach) -> Record:
    """What one statement lets an agent do."""
    at = view.evidence[0].at.location if view.evidence else None
    return {
        "step": view.step.label,
        "service": view.service,
        "actions": list(view.actions),
        "resources": list(view.resources),
        "systems": [system.key.address for system in view.systems],
        "production": view.production,
        "standing": view.standing,
        "verdict": view.verdict,
        "as": view.identity.address,
        "gates": [{"kind": gate.kind, "holds": gate.holds, "note": gate.note} for gate in view.gates],
        "path": at.path if at else None,
        "line": at.line if at else None,
    }


def finding(one: Finding, frameworks: Iterable[str] = (), sources: Sequence[Source] = ()) -> Record:
    """One finding; `frameworks` limits the controls it names, `sources` are searched for what a fix may refer to."""
    wanted = set(frameworks)
    suppressed = one.suppressed
    return {
        "check": one.check_id,
        "name": one.name,
        "title": one.title,
        "severity": one.severity.label,
        "confidence": one.confidence.label,
        "agent": one.agents[0].address if one.agents else None,
        "agents": [key.address for key in one.agents],
        "subject": one.subject.address,
        "root": one.subject.root,
        "message": message(one),
        "evidence": [extent(evidence) for evidence in one.evidence],
        "remediation": one.remediation,
        "suggestions": [suggestion(written) for written in suggestions(one, sources)],
        "fixable": one.fixable,
        "fingerprint": one.fingerprint,
        "origin": one.origin,
        "suppressed": suppressed
        and {
            "reason": suppressed.reason,
            "until": suppressed.until,
            "path": suppressed.path,
            "line": suppressed.line,
        },
        "controls": [
            {"framework": c.framework, "id": c.id, "relation": c.relation, "basis": c.basis}
            for c in one.controls
            if not wanted or c.framework in wanted
        ],
    }


def suggestions(one: Finding, sources: Sequence[Source]) -> Iterator[Suggestion]:
    """What its remedies would write; nothing where a person has to find the words, and nothing that is suppressed."""
    if not one.remedies or one.suppressed:
        return iter(())
    from agentreach.remedies import suggested  # noqa: PLC0415 - most findings have none

    return suggested(one, sources)


def suggestion(written: Suggestion) -> Record:
    """Lines that change, marked `-` and `+`, or lines to paste; and whether `agentreach fix` writes them."""
    at = written.remedy.at.location
    lines = "\n".join(map(written_code, written.lines))
    return {"path": at.path, "line": at.line, "text": lines, "applied_by_fix": written.fixed}


def message(one: Finding) -> str:
    """The sentence, with the checks it stands for."""
    return f"{one.message} (also {', '.join(one.silenced)})" if one.silenced else one.message


def skipped(one: Skipped) -> Record:
    """What was not analysed."""
    return {"path": one.path, "line": one.line, "reason": one.reason, "by_design": one.by_design}


def unknown(one: UnknownView) -> Record:
    """A value only known at deploy time."""
    at = one.at.location
    return {
        "address": one.address,
        "root": one.root,
        "attribute": one.attribute,
        "reason": one.reason,
        "agents": [key.address for key in one.agents],
        "path": at.path,
        "line": at.line,
    }


def not_analysed(scan: Scan) -> list[Record]:
    """What should have been read and could not be: the command exits 2 because of it."""
    broken = [(one.at.location.path, one.at.location.line, one.message) for one in scan.broken]
    failed = [(one.path, one.line, one.reason) for one in scan.skipped if not one.by_design]
    return [{"path": path, "line": line, "reason": reason} for path, line, reason in (*broken, *failed)]


def unmodelled(one: Unmodelled) -> Record:
    """An agent-related resource of a type that the catalogue does not describe."""
    at = one.at.location
    return {"address": one.key.address, "root": one.key.root, "type": one.type, "path": at.path, "line": at.line}


def counted(graph: AgentGraph) -> int:
    """How many agents: tools, hosts and undeclared identities are listed but not counted."""
    return sum(view.role is Role.AGENT for view in graph.agents)
