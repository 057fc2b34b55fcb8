"""The three questions of an access review, each answered in one sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from agentreach.graph.spelling import listed, resources_said
from agentreach.identity import IdentityRelation, Role
from agentreach.thresholds import lasting, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.graph.views import AgentView, CredentialView, IdentityView, Reach, UnknownView

_PLURALS: Final = {
    "api-key": "API keys",
    "bedrock-api-key": "Bedrock API keys",
    "hmac-key": "HMAC keys",
    "memory": "memories",
    "oauth": "OAuth clients",
    "ssh-key": "SSH keys",
}


_RELATIONS: Final = frozenset(relation.value for relation in IdentityRelation)


def identities(view: AgentView, unknowns: Sequence[UnknownView]) -> str:
    """`It acts as ops (runs-as) and tool (tool-acts-as, shared with others).`."""
    hosted = "; which agents live in it is not in the code" if view.role is Role.HOST else ""
    unread = listed(dict.fromkeys(f"{one.attribute} ({one.reason})" for one in unknowns if one.attribute in _RELATIONS))
    if not view.identities and unread:
        return f"What it acts as is not known from the code: {unread}{hosted}."
    if not view.identities:
        return f"No identity is declared for it in the scanned code{hosted}."
    if view.role is Role.UNDECLARED:
        return f"Nothing declared uses {view.identities[0].name}: whatever its trust admits acts as it."
    besides = f"; not known from the code: {unread}" if unread else ""
    return f"It acts as {listed(map(_acts_as, view.identities))}{besides}{hosted}."


def _acts_as(one: IdentityView) -> str:
    said = (
        one.relation.value,
        "a person's" if one.human else "",
        "shared with others" if one.shared_by else "",
        "" if one.certain else "possibly",
    )
    return f"{one.name} ({', '.join(filter(None, said))})"


def credentials(retained: Sequence[CredentialView]) -> str:
    """`It can keep 3 credentials: 1 never expires (secret), 2 last up to 1 hour (role sessions).`."""
    if not retained:
        return "No credential that it could keep is declared in the scanned code."
    total = f"{len(retained)} credential{'s' if len(retained) > 1 else ''}"
    parts = tuple(_kept(retained))
    if len(parts) == 1:
        return f"It can keep {total}, which {parts[0].partition(' ')[2]}."
    return f"It can keep {total}: {', '.join(parts)}."


def _kept(retained: Sequence[CredentialView]) -> Iterator[str]:
    endless = [one for one in retained if seconds_of(one.credential) == math.inf]
    unknown = [one for one in retained if seconds_of(one.credential) is None]
    bounded = [one for one in retained if one not in endless and one not in unknown]
    if endless:
        yield _counted(endless, "never expires", "never expire")
    if unknown:
        yield _counted(unknown, "has a lifetime not known from the code", "have lifetimes not known from the code")
    if bounded:
        longest = lasting(max(seconds_of(one.credential) or 0.0 for one in bounded))
        yield _counted(bounded, f"lasts {longest}", f"last up to {longest}")


def _counted(several: Sequence[CredentialView], one: str, more: str) -> str:
    kinds = sorted({_kind(view.credential.kind, plural=len(several) > 1) for view in several})
    return f"{len(several)} {one if len(several) == 1 else more} ({listed(kinds)})"


def _kind(kind: str, *, plural: bool) -> str:
    """A kind of credential as people say it: `API keys`, `memories`, `role session`."""
    many = _PLURALS.get(kind, f"{kind.replace('-', ' ')}s")
    return many if plural else _ONE.get(many, kind.replace("-", " "))


_ONE: Final = {many: many.removesuffix("s") for many in _PLURALS.values() if many != "memories"}


def reach(reached: Sequence[Reach], unknowns: Sequence[UnknownView]) -> str:
    """`Without approval it reaches the step deploy on rg-prod; with approval identity on rg-prod.`."""
    free = [one for one in reached if one.standing is not False]
    gated = [one for one in reached if one.standing is False]
    values = "1 unknown value" if len(unknowns) == 1 else f"{len(unknowns)} unknown values"
    hidden = f"; {values} may hide more" if unknowns else ""
    above = [one for one in gated if not free or one.step > max(other.step for other in free)]
    approved = f"; with approval {_highest(above)}" if above else ""
    if not free:
        return f"Nothing declared lets it reach a system without approval{approved}{hidden}."
    return f"Without approval it reaches the step {_highest(free)}{approved}{hidden}."


def _highest(several: Sequence[Reach]) -> str:
    highest = max(one.step for one in several)
    return f"{highest.label} on {places(one for one in several if one.step is highest)}"


def places(several: Iterable[Reach]) -> str:
    """What is reached, each once; any resource of a service comes before those that are named."""
    reaches = list(several)
    wide = [_anything(one) for one in reaches if one.wildcard_resource]
    named = [
        name for one in reaches if not one.wildcard_resource for name in resources_said(one.resources) or (one.service,)
    ]
    return listed(dict.fromkeys((*wide, *named)))


def _anything(one: Reach) -> str:
    if one.provider == "kubernetes" and "*" not in one.resources:
        everywhere = "" if any(" in " in name for name in one.resources) else " in all namespaces"
        return f"{listed(one.resources)}{everywhere}"
    return "any resource" if one.service == "*" else f"any {one.service} resource"
