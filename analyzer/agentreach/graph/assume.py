"""Which identities a principal can become by `sts:AssumeRole`: its own policies and the other's trust, together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.aws import evaluate
from agentreach.access.request import Layers, Request, ResourcePolicyKind
from agentreach.access.verdict import Verdict
from agentreach.graph.edges import Edge
from agentreach.identity import Evidence, IdentityRelation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agentreach.access.request import ContextValue, Decision
    from agentreach.graph.layers import LayerBook
    from agentreach.graph.principals import PrincipalBook
    from agentreach.graph.trusts import TrustBook
    from agentreach.identity import Statement
    from agentreach.model import Key

ASSUME = "sts:AssumeRole"


class Assumptions:
    """Answers once per principal; a role that nobody may assume costs nothing."""

    __slots__ = ("_found", "_layers", "_principals", "_trusts")

    def __init__(self, trusts: TrustBook, layers: LayerBook, principals: PrincipalBook) -> None:
        self._trusts = trusts
        self._layers = layers
        self._principals = principals
        self._found: dict[Key, tuple[Edge, ...]] = {}

    def of(self, principal: Key) -> tuple[Edge, ...]:
        """The roles a principal can become, in order."""
        found = self._found.get(principal)
        if found is None:
            found = self._found[principal] = tuple(self._edges(principal))
        return found

    def _edges(self, principal: Key) -> Iterator[Edge]:
        declared = self._principals.get(principal)
        if declared is None or declared.provider != "aws":
            return
        for role in self._candidates(principal):
            decision = self.decide(principal, role, ASSUME)
            if decision.verdict is not Verdict.DENIED:
                yield self._edge(role, decision)

    def _candidates(self, principal: Key) -> list[Key]:
        found = {*self._trusts.named.get(principal, ()), *self._trusts.anyone}
        if self._layers.grants(principal, ASSUME):
            found.update(self._trusts.rooted)
        return sorted(found - {principal})

    def decide(
        self, principal: Key, role: Key, action: str, context: Mapping[str, ContextValue] | None = None
    ) -> Decision:
        """Evaluate both sides for one pair."""
        arn, aliases = self._principals.arn(role)
        request = Request(
            action=action,
            resource=arn,
            aliases=aliases,
            context=context or {},
            principal=self._principals.facts(principal),
            resource_account=self._principals.facts(role).account,
        )
        trust = self._trusts.statements(role)
        return evaluate(request, with_resource(self._layers.of(principal), trust))

    def _edge(self, role: Key, decision: Decision) -> Edge:
        trusting = {id(one.statement) for one in self._trusts.of(role)}
        allowing = [because.statement for because in decision.because if because.effect == "Allow"]
        granting = [one for one in allowing if id(one) not in trusting]
        evidence = (*_lines(granting, "may assume it"), *_lines(allowing, "its trust admits this", trusting))
        certain = decision.verdict is Verdict.ALLOWED
        return Edge(role, IdentityRelation.ASSUMES.value, evidence, certain)


def _lines(statements: list[Statement], note: str, only: set[int] | None = None) -> Iterator[Evidence]:
    for statement in statements:
        if only is None or id(statement) in only:
            yield Evidence(statement.at, note)


def with_resource(layers: Layers, statements: tuple[Statement, ...]) -> Layers:
    """The same layers with a trust policy on the other side."""
    return Layers(
        identity=layers.identity,
        boundary=layers.boundary,
        session=layers.session,
        service_control=layers.service_control,
        resource_control=layers.resource_control,
        resource_policy=statements,
        resource_policy_kind=ResourcePolicyKind.TRUST,
    )
