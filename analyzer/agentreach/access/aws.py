"""AWS policy evaluation: identity, boundary, session, SCP, RCP, resource, trust and key policies together.

Source: IAM User Guide, "Policy evaluation logic". A layer that is not declared neither grants nor limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.access import actions
from agentreach.access.context import account_of
from agentreach.access.principals import named
from agentreach.access.request import Because, Decision, PrincipalKind, ResourcePolicyKind
from agentreach.access.statements import SILENT, Found, Layer, asked_from, layer, match_statement, strongest
from agentreach.access.verdict import Verdict
from agentreach.identity import PolicyRole, Statement
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.access.principals import Named
    from agentreach.access.request import Layers, Request
    from agentreach.model import Unknown

_HAS_IDENTITY_POLICIES: Final = frozenset({PrincipalKind.ROLE, PrincipalKind.ROLE_SESSION, PrincipalKind.USER})
_EVERYTHING: Final = Layer(Verdict.ALLOWED, Verdict.DENIED)
_NOTHING: Final = Layer(Verdict.DENIED, Verdict.DENIED)


class _Grant(NamedTuple):
    """One way to be allowed: every layer of it must allow."""

    allow: Verdict
    because: tuple[Because, ...]


class _ResourceSide(NamedTuple):
    """A resource policy, by the way its statements name who asks."""

    itself: Layer
    role: Layer
    account: Layer
    anyone: Layer
    deny: Layer


def evaluate(request: Request, layers: Layers) -> Decision:
    """May the principal do this? Allowed and denied hold whatever the code leaves open; else possible."""
    return _Evaluation(request, layers).decision()


def matches(statement: Statement, request: Request) -> Verdict:
    """Whether one statement speaks about a request, whatever its effect; its principals are not asked."""
    return match_statement(statement, asked_from(request, _homes(request)[0]))


def unknown_statement(unknown: Unknown) -> Statement:
    """Stands for a whole policy that is only known at deploy time: it may allow and deny anything."""
    return Statement(effect=unknown, actions=(unknown,), resources=(unknown,), at=unknown.at, spot="unknown", open=True)


def _homes(request: Request) -> tuple[str | None, str | None]:
    """The accounts of principal and resource; one that is not known is taken to be the other."""
    principal = request.principal.account or account_of(request.principal.arn)
    resource = request.resource_account or account_of(request.resource)
    return principal or resource, resource or principal


class _Evaluation:
    """One question against all layers."""

    def __init__(self, request: Request, layers: Layers) -> None:
        self.action, self.principal, self.layers = request.action, request.principal, layers
        here, there = _homes(request)
        self.crosses = here != there
        self.here = asked_from(request, here)
        self.there = asked_from(request, there) if self.crosses else self.here

    def decision(self) -> Decision:
        identity, boundary, session = self._identity(), self._own(self.layers.boundary), self._own(self.layers.session)
        resource = self._resource_side()
        levels = [layer(level, self.here) for level in self._service_control()]
        controls = self._resource_control()
        granted = self._granted(identity, (boundary, session), resource)
        allow = min(granted.allow, *(level.allow for level in levels), self._surest)
        because = granted.because + tuple(one for level in levels for one in level.allowing)
        return self._concluded(allow, because, [identity, boundary, session, resource.deny, *levels, *controls])

    @property
    def _surest(self) -> Verdict:
        """An action that the catalogue does not know is at most possible: it may not exist, or be spelled otherwise."""
        return Verdict.ALLOWED if actions.is_listed(self.action) else Verdict.POSSIBLE

    def _concluded(self, allow: Verdict, because: tuple[Because, ...], denying: list[Layer]) -> Decision:
        deny = max(one.deny for one in denying)
        denies = tuple(because for one in denying if one.deny is deny for because in one.denying)
        verdict = min(allow, deny.complement)
        if verdict is Verdict.DENIED:
            because = denies if deny is Verdict.ALLOWED else ()
        elif deny is Verdict.POSSIBLE:
            because = denies + because
        return Decision(verdict, deny is Verdict.ALLOWED, because, self._assumed())

    def _identity(self) -> Layer:
        if self.principal.kind is PrincipalKind.ROOT:
            return _EVERYTHING
        return layer(self.layers.identity, self.here) if self._has_identity_policies else _NOTHING

    @property
    def _has_identity_policies(self) -> bool:
        return self.principal.kind in _HAS_IDENTITY_POLICIES

    def _own(self, statements: tuple[Statement, ...] | None) -> Layer:
        """A boundary or session policy of the principal."""
        return SILENT if statements is None else layer(statements, self.here)

    def _service_control(self) -> tuple[tuple[Statement, ...], ...]:
        """SCPs limit the users, roles and root of an account, but no service-linked role."""
        applies = self._has_identity_policies or self.principal.kind is PrincipalKind.ROOT
        return self.layers.service_control if applies and not self.principal.service_linked else ()

    def _resource_control(self) -> list[Layer]:
        """RCPs only deny, and spare service-linked roles; they apply to services that AWS adds to as it pleases."""
        if self.principal.service_linked:
            return []
        found = [layer(level, self.there) for level in self.layers.resource_control]
        if actions.limited_by_resource_control(self.action.partition(":")[0]):
            return found
        return [one._replace(deny=min(one.deny, Verdict.POSSIBLE)) for one in found]

    def _resource_side(self) -> _ResourceSide:
        found = [(one, match_statement(one, self.there)) for one in self.layers.resource_policy or ()]
        meant = [(one, verdict, named(one, self.there)) for one, verdict in found if verdict is not Verdict.DENIED]
        ways = (
            _by_way(meant, "itself"),
            _by_way(meant, "role"),
            _by_way(meant, "account"),
            _by_way(meant, "anyone"),
            _by_way(meant, "somehow"),
        )
        return _ResourceSide(*map(strongest, ways))

    def _granted(self, identity: Layer, limits: tuple[Layer, Layer], resource: _ResourceSide) -> _Grant:
        own = _all(identity, *limits)
        if self.principal.kind not in _HAS_IDENTITY_POLICIES | {PrincipalKind.ROOT}:
            return _best(_all(resource.itself), _all(resource.anyone))
        if self.layers.resource_policy is None:
            return own
        if self.crosses:
            return _both(own, _best(*(map(_all, resource[:4]))))
        direct = (_all(resource.itself), _all(resource.role, *limits), _anyone(resource.anyone, limits))
        if self.layers.resource_policy_kind is ResourcePolicyKind.RESOURCE:
            return _best(own, *direct)
        return _best(_both(own, _all(resource.account)), *direct)

    def _assumed(self) -> tuple[str, ...]:
        absent = {
            PolicyRole.BOUNDARY: self.layers.boundary is None,
            PolicyRole.SESSION: self.layers.session is None,
            PolicyRole.SERVICE_CONTROL: not self.layers.service_control,
            PolicyRole.RESOURCE_CONTROL: not self.layers.resource_control,
            PolicyRole.RESOURCE: self.layers.resource_policy is None,
        }
        return tuple(role.value for role, missing in absent.items() if missing)


def _by_way(meant: Sequence[tuple[Statement, Verdict, Named]], way: str) -> list[Found]:
    return [(statement, min(verdict, getattr(who, way))) for statement, verdict, who in meant]


def _all(*layers: Layer) -> _Grant:
    return _Grant(min(one.allow for one in layers), tuple(because for one in layers for because in one.allowing))


def _both(left: _Grant, right: _Grant) -> _Grant:
    return _Grant(min(left.allow, right.allow), left.because + right.because)


def _best(*grants: _Grant) -> _Grant:
    return max(grants, key=lambda grant: grant.allow)


def _anyone(resource: Layer, limits: tuple[Layer, Layer]) -> _Grant:
    """AWS documents no rule for `*` under the implicit deny of a boundary or session policy: at most possible."""
    limited = min(limit.allow for limit in limits)
    return _Grant(min(resource.allow, max(limited, Verdict.POSSIBLE)), resource.allowing)
