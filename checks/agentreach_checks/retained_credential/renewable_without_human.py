"""AR208: a credential that renews itself without a person, or rights to make new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access import actions
from agentreach.check import check
from agentreach.findings import Severity
from agentreach_checks import rating
from agentreach_checks.statements import by_statement, claim
from agentreach_checks.wording import kind_of, listed, through, what, where, who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.findings import Finding
    from agentreach.graph import AgentGraph
    from agentreach.graph.views import Reach
    from agentreach.model import Key


PLATFORM = frozenset({"role-session", "service-account-token", "session", "memory", "secret", "certificate"})
"""A role session, a projected token and a rotated secret are renewed by the platform under its own rules."""

MINTING = (
    "bedrock-agentcore:GetWorkloadAccessToken*",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
)
"""Actions that give whoever calls them a credential for next time."""

MAKING_KEYS = ("iam:CreateAccessKey", "iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential")
"""The same for a user, about itself; about another user they are a way to more rights (AR302)."""

MINTING_ELSEWHERE = frozenset(
    {
        "Application.ReadWrite.All",
        "Application.ReadWrite.OwnedBy",
        "create serviceaccounts/token",
        "roles/iam.serviceAccountKeyAdmin",
        "roles/iam.serviceAccountOpenIdTokenCreator",
        "roles/iam.serviceAccountTokenCreator",
    }
)
"""Rules and roles of other providers that do the same."""


@check(
    id="AR208",
    name="renewable-without-human",
    title="Agent can renew its credential without a person",
    severity=Severity.HIGH,
    remediation="Bound the renewals (maximum lifetime, refresh token rotation), or ask a person for the next grant.",
)
def renewable_without_human(graph: AgentGraph) -> Iterator[Finding]:
    """Refresh tokens, periodic tokens, and statements that let an agent mint credentials."""
    yield from _renewed(graph)
    yield from _minted(graph)


def _renewed(graph: AgentGraph) -> Iterator[Finding]:
    for view in graph.credentials():
        credential = view.credential
        if credential.renewable_without_human is not True or credential.kind in PLATFORM:
            continue
        yield renewable_without_human.finding(
            f"{who(view.agents, view.holder)} may renew the {kind_of(credential)} {credential.key.address} "
            "without a person",
            severity=rating.of_credential(view, Severity.MEDIUM),
            confidence=view.confidence,
            subject=credential.key,
            cause=f"renewable/{credential.attribute}",
            evidence=view.evidence,
            agents=view.agents,
        )


def _minted(graph: AgentGraph) -> Iterator[Finding]:
    """One finding for each statement, whatever steps its actions are on."""
    found: dict[tuple[Key, str], list[tuple[Reach, list[str]]]] = {}
    for reach in by_statement(graph, graph.reach(standing=True)):
        minting = [] if reach.wildcard_action else _minting(graph, reach)
        if minting:
            found.setdefault((reach.identity, reach.cause), []).append((reach, minting))
    for several in found.values():
        reach = max((one for one, _ in several), key=lambda one: one.step)
        names = listed(sorted(name for _, minting in several for name in minting))
        done = what(reach) if reach.provider == "kubernetes" else f"{names} on {where(reach)}"
        message = f"{who(reach.agents)} may make credentials without a person {through(reach)}: {done}"
        yield claim(renewable_without_human, reach, message, severity=min(rating.base(reach.step), Severity.MEDIUM))


def _minting(graph: AgentGraph, reach: Reach) -> list[str]:
    """The actions of a statement, as far as it names them, that make a credential."""
    if reach.provider != "aws":
        return [name for name in (*reach.names, *reach.actions) if name in MINTING_ELSEWHERE]
    wanted = (*MINTING, *MAKING_KEYS) if _is_user(graph, reach) else MINTING
    return sorted(actions.names(_together(wanted) & _together(reach.names)))


def _together(names: tuple[str, ...]) -> int:
    bits = 0
    for name in names:
        bits |= actions.expand(name)
    return bits


def _is_user(graph: AgentGraph, reach: Reach) -> bool:
    views = (view for entry in reach.entries for view in graph.identities(entry))
    return any(view.key == reach.identity and view.kind == "user" for view in views)
