"""`agentreach.review/1`: per agent the three questions and the map from action to privilege step."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from agentreach.review import AgentReview, review
from agentreach_reports import records
from agentreach_reports.json_text import dumped
from agentreach_reports.proposed import safe
from agentreach_reports.scan_json import summary, tool

if TYPE_CHECKING:
    from agentreach.engine import Scan
    from agentreach.graph.views import RefusedIdentity
    from agentreach.remedies.narrowing import Written
    from agentreach.review import PrivilegeRow, Question
    from agentreach.review_proposals import Proposal
    from agentreach_reports.presentation import Presentation


def render(scan: Scan, presentation: Presentation) -> str:
    """The review as JSON."""
    done = review(scan)
    return dumped(
        {
            "schema": "agentreach.review/1",
            "tool": tool(),
            "summary": summary(scan, presentation),
            "review_first": [
                {"address": first.key.address, "root": first.key.root, "reason": first.reason}
                for first in done.review_first
            ],
            "agents": [_agent(scan, one) for one in done.agents],
            "findings": [records.finding(one, presentation.frameworks, scan.sources) for one in scan.open_findings],
            "unmodelled": [records.unmodelled(one) for one in scan.graph.unmodelled],
            "not_analysed": records.not_analysed(scan),
        }
    )


def _agent(scan: Scan, one: AgentReview) -> dict[str, Any]:
    return records.agent(scan.graph, one.view) | {
        "why": one.why,
        "questions": {
            "identities": _question(one.identities),
            "credentials": _question(one.credentials),
            "reach": _question(one.reach),
        },
        "privilege_map": [_row(row) for row in one.privilege_map],
        "proposals": [_proposal(proposal) for proposal in one.proposals],
        "not_inherited": [_refused(refused) for refused in one.view.refused],
        "unknown": [records.unknown(unknown) for unknown in one.unknowns],
        "findings": [finding.fingerprint for finding in one.findings],
    }


def _refused(view: RefusedIdentity) -> dict[str, Any]:
    evidence = [records.place(one) for one in view.evidence]
    return {"address": view.key.address, "root": view.key.root, "reason": view.reason, "via": evidence}


def _question(question: Question) -> dict[str, Any]:
    return {
        "answer": question.answer,
        "count": question.count,
        "worst": question.worst.label if question.worst else None,
        "findings": [finding.fingerprint for finding in question.findings],
    }


def _row(row: PrivilegeRow) -> dict[str, Any]:
    at = row.at.location
    return {
        "action": row.action,
        "step": row.step.label,
        "as": row.identity,
        "resources": list(row.resources),
        "standing": row.standing,
        "verdict": row.verdict,
        "gates": list(dict.fromkeys(gate.kind for gate in row.gates)),
        "needed": row.needed,
        "needed_because": row.need.because,
        "path": at.path,
        "line": at.line,
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    at = proposal.at.location
    return {
        "identity": proposal.identity.address,
        "statement": json.loads(proposal.statement) if proposal.statement else None,
        "dropped": list(proposal.dropped),
        "replacements": [_replacement(one) for one in proposal.written],
        "by_hand": proposal.by_hand or None,
        "path": at.path,
        "line": at.line,
    }


def _replacement(written: Written) -> dict[str, Any]:
    at = written.at.location
    return {
        "text": safe(written.text),
        "path": at.path,
        "line": at.line,
        "end_line": at.end_line,
        "elsewhere": written.elsewhere,
    }
