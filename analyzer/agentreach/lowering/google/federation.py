"""Who may become a service account from outside: pools, Kubernetes accounts, other projects, and anyone at all.

A binding on a service account with `workloadIdentityUser` is a trust. What it demands of the outside token is written
in three places: the member, the mapping, and the provider's condition. It is stated as conditions on the claims, the
way other clouds write them, so that one check reads all. Source: "Workload Identity Federation", Google Cloud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Condition, Policy, PolicyRole, Principal, Statement, Trusted
from agentreach.late_regex import late_regex
from agentreach.lowering.google.names import GKE_POOL, kubernetes_account, label, scope_of
from agentreach.lowering.joined_text import joined, known
from agentreach.model import Reference, Scalar, Text, string, text_parts
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.google.bindings import Binding
    from agentreach.model import Resource, Span, Value

FEDERATING = frozenset({"roles/iam.workloadIdentityUser", "roles/iam.serviceAccountTokenCreator"})
PROVIDER = "google_iam_workload_identity_pool_provider"
ACTION = "sts:AssumeRoleWithWebIdentity"
CLUSTER = "container.googleapis.com"
ANYONE = frozenset({"allUsers", "allAuthenticatedUsers"})

_EQUAL = late_regex(r"(?:assertion|attribute|google)\.(\w+)\s*==\s*['\"]([^'\"]{1,300})['\"]")
_STARTS = late_regex(r"(?:assertion|attribute|google)\.(\w+)\.startsWith\(\s*['\"]([^'\"]{1,300})['\"]\s*\)")
_ONE_OF = late_regex(r"(?:assertion|attribute|google)\.(\w+)\s+in\s+\[([^\]]{1,2000})\]")
_QUOTED = late_regex(r"['\"]([^'\"]{1,300})['\"]")
_NOT = late_regex(r"!(?!=)")
_OF_PROJECT = late_regex(r"serviceAccount:[^@\s]++@([a-z][a-z0-9-]{4,29})\.iam\.gserviceaccount\.com")
_OR = "||"


class Provider(NamedTuple):
    """A provider of a pool: who issues the tokens, and what it demands of them."""

    issuer: Value
    conditions: tuple[Condition, ...]
    open: bool


def trust(resource: Resource, role: str, who: Value, one: Binding, context: Context) -> Iterator[Fact]:
    """The trust that a binding on a service account is, for a member from outside."""
    if role not in FEDERATING:
        return
    subject = _account(resource)
    if subject is None:
        return
    statements = tuple(_statements(who, one, context))
    if statements:
        yield Policy(key=resource.key, role=PolicyRole.TRUST, statements=statements, at=one.at, subject=subject)


def _account(resource: Resource) -> Value | None:
    return resource.attributes.entries.get("service_account_id")


def _statements(who: Value, one: Binding, context: Context) -> Iterator[Statement]:
    account = kubernetes_account(who)
    if account is not None:
        yield _of_cluster(account, who, one)
        return
    text = known(who)
    project = _OF_PROJECT.fullmatch(string(who) or "")
    if text in ANYONE:
        yield _admitting(Trusted("*", who), one)
    elif project is not None:
        yield _admitting(Trusted("Project", Scalar(project[1], who.at)), one)
    elif text.startswith(("principal://", "principalSet://")):
        yield from _of_pool(who, one, context)


def _admitting(who: Trusted, one: Binding) -> Statement:
    """A member who needs no other token than Google's own."""
    return Statement(
        effect="Allow",
        actions=(Scalar(ACTION, one.at),),
        principals=(who,),
        conditions_open=one.condition is not None,
        at=one.at,
        spot=string(one.members[0]) or "#0",
    )


def _of_cluster(account: Value, who: Value, one: Binding) -> Statement:
    """A cluster's pool: its tokens are meant for this pool alone, so that the audience is fixed."""
    subject = joined(who.at, "system:serviceaccount:", account)
    return Statement(
        effect="Allow",
        actions=(Scalar(ACTION, one.at),),
        principals=(Trusted("Federated", Scalar(CLUSTER, who.at)),),
        conditions=(
            Condition("StringEquals", f"{CLUSTER}:sub", (subject,), who.at),
            Condition("StringEquals", f"{CLUSTER}:aud", (Scalar(_pool(who), who.at),), who.at),
        ),
        conditions_open=one.condition is not None,
        at=one.at,
        spot=known(subject) or "#0",
    )


def _pool(who: Value) -> str:
    """The pool of the cluster's project, which its tokens are for."""
    first = "".join(part if isinstance(part, str) else "…" for part in text_parts(who)).partition(GKE_POOL)[0]
    return f"{first.rpartition(':')[2].rpartition('/')[2] or '…'}{GKE_POOL}"


def _of_pool(who: Value, one: Binding, context: Context) -> Iterator[Statement]:
    """What a member of a pool demands, with what the pool's providers demand beside it."""
    providers = tuple(_providers(who, context)) or (Provider(Scalar(_pool_name(who), who.at), (), open=True),)
    for provider in providers:
        issuer = _host(provider.issuer)
        own = tuple(_demanded(who, issuer))
        audience = Condition("StringEquals", f"{issuer}:aud", (Scalar("the provider's audience", who.at),), who.at)
        yield Statement(
            effect="Allow",
            actions=(Scalar(ACTION, one.at),),
            principals=(Trusted("Federated", Scalar(issuer, provider.issuer.at)),),
            conditions=(*own, *provider.conditions, audience),
            conditions_open=provider.open or one.condition is not None or _is_group(who),
            at=one.at,
            spot=known(who) or "#0",
        )


def _is_group(who: Value) -> bool:
    return "/group/" in known(who)


def _demanded(who: Value, issuer: str) -> Iterator[Condition]:
    """`subject/X` and `attribute.NAME/VALUE` at the end of a member; `*` demands nothing."""
    text = "".join(part if isinstance(part, str) else "…" for part in text_parts(who))
    if "/subject/" in text:
        subject = text.partition("/subject/")[2]
        yield Condition("StringEquals", f"{issuer}:sub", (Scalar(subject, who.at),), who.at)
    elif "/attribute." in text:
        name, _, value = text.partition("/attribute.")[2].partition("/")
        yield Condition("StringEquals", f"{issuer}:{name}", (Scalar(value, who.at),), who.at)


def _pool_name(who: Value) -> str:
    text = known(who)
    return text.partition("workloadIdentityPools/")[2].partition("/")[0] or "a workload identity pool"


def _providers(who: Value, context: Context) -> Iterator[Provider]:
    """The declared providers of the pool that a member names, by reference or by its id."""
    for resource in context.of_type(PROVIDER):
        pool = resource.attributes.entries.get("workload_identity_pool_id")
        if pool is not None and _same_pool(pool, who, context):
            yield _provider(resource)


def _same_pool(pool: Value, who: Value, context: Context) -> bool:
    declared = context.lookup(pool)
    referred = {part.key for part in text_parts(who) if isinstance(part, Reference)}
    if declared is not None and declared.key in referred:
        return True
    named = string(pool)
    return named is not None and f"workloadIdentityPools/{named}/" in known(who)


def _provider(resource: Resource) -> Provider:
    scope = scope_of(resource)
    issuer = scope.get("oidc.issuer_uri") or scope.get("aws.account_id") or Scalar(label(scope), scope.place)
    condition = scope.get("attribute_condition")
    expression = string(condition)
    if condition is None:
        return Provider(issuer, (), open=False)
    if expression is not None and _NOT.search(expression):
        return Provider(issuer, (), open=True)
    found = tuple(conditions(expression or "", _host(issuer), condition.at))
    return Provider(issuer, found, open=expression is None or not found)


def conditions(expression: str, issuer: str, at: Span) -> Iterator[Condition]:
    """What a provider's condition demands of claims, as far as it is written plainly.

    Alternatives (`||`) of one claim are values of one condition; alternatives of different claims demand none.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for name, value in _EQUAL.findall(expression):
        found.setdefault(("StringEquals", name), []).append(value)
    for name, value in _STARTS.findall(expression):
        found.setdefault(("StringLike", name), []).append(f"{value}*")
    for name, values in _ONE_OF.findall(expression):
        found.setdefault(("StringEquals", name), []).extend(_QUOTED.findall(values))
    if _OR in expression and len(found) > 1:
        return
    for (operator, name), values in found.items():
        claim = "sub" if name == "subject" else name
        yield Condition(operator, f"{issuer}:{claim}", tuple(Scalar(value, at) for value in values), at)


def _host(issuer: Value) -> str:
    text = string(issuer) or known(issuer) or "an issuer known at deploy time"
    return text.removeprefix("https://").rstrip("/")


def pool(resource: Resource, _context: Context) -> Iterator[Fact]:
    """A pool stands for whoever its providers vouch for."""
    scope = scope_of(resource)
    yield Principal(
        key=resource.key,
        kind="oidc-provider",
        provider="google",
        at=resource.at,
        names=tuple(value for value in (scope.get("workload_identity_pool_id"),) if isinstance(value, Scalar | Text)),
    )
