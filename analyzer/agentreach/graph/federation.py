"""Whether a cloud identity's trust admits the service account that names it.

An annotation alone gives nothing: the other half is the trust. For AWS that is a web identity statement whose
subject and audience conditions the account's token satisfies, or EKS Pod Identity's service principal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.aws import matches
from agentreach.access.request import Request
from agentreach.access.verdict import Verdict
from agentreach.identity import Evidence
from agentreach.model import string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.access.request import ContextValue
    from agentreach.graph.trusts import Trust, TrustBook
    from agentreach.identity import Statement
    from agentreach.model import Key

WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
AUDIENCE = "sts.amazonaws.com"
AUDIENCES = frozenset({AUDIENCE, "api://AzureADTokenExchange", "api://AzureADTokenExchangeUSGov"})
"""What the webhooks of the clouds ask tokens for."""

GKE_POOL = ".svc.id.goog"
"""How the pool of a GKE cluster ends, which its tokens are for."""

POD_IDENTITY = "pods.eks.amazonaws.com"


class Admission(NamedTuple):
    """Whether the trust admits an account, and by which lines."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]


ADMITTED = Admission(Verdict.ALLOWED, ())
"""Where no trust of another kind has to agree."""


def admission(role: Key, namespace: str, name: str, trusts: TrustBook) -> Admission:
    """What a role's trust says about a service account; without any declared trust it is possible."""
    found = trusts.of(role)
    if not found:
        return Admission(Verdict.POSSIBLE, ())
    answers = [(_answer(trust, namespace, name), trust) for trust in found]
    best = max(verdict for verdict, _ in answers)
    note = "its trust admits the account" if best is not Verdict.DENIED else "its trust does not admit the account"
    evidence = tuple(Evidence(trust.statement.at, note) for verdict, trust in answers if verdict is best)
    return Admission(best, evidence)


def _answer(trust: Trust, namespace: str, name: str) -> Verdict:
    if not any(one.relation in {"federated", "anyone", "unknown"} for one in trust.trusted):
        return Verdict.DENIED
    verdict = matches(trust.statement, _request(trust.statement, namespace, name))
    return verdict if trust.statement.effect == "Allow" and trust.certain else min(verdict, Verdict.POSSIBLE)


def admits_pods(role: Key, trusts: TrustBook) -> Admission:
    """Whether EKS Pod Identity may hand out a role."""
    found = [trust for trust in trusts.of(role) if any(one.name == POD_IDENTITY for one in trust.trusted)]
    if not found:
        verdict = Verdict.DENIED if trusts.of(role) else Verdict.POSSIBLE
        return Admission(verdict, ())
    return Admission(Verdict.ALLOWED, tuple(Evidence(one.statement.at, "trusts EKS Pod Identity") for one in found))


def _request(statement: Statement, namespace: str, name: str) -> Request:
    return Request(action=WEB_IDENTITY, resource=(), context=dict(_context(statement, namespace, name)))


def _context(statement: Statement, namespace: str, name: str) -> Iterator[tuple[str, ContextValue]]:
    """The claims of the account's token, under whatever issuer the statement writes them."""
    for condition in statement.conditions:
        if condition.key.endswith(":sub"):
            yield condition.key, ((f"system:serviceaccount:{namespace}:{name}",),)
        elif condition.key.endswith(":aud"):
            texts = (string(value) or "" for value in condition.values)
            demanded = [text for text in texts if text in AUDIENCES or text.endswith(GKE_POOL)]
            yield condition.key, ((min(demanded, default=AUDIENCE),),)
