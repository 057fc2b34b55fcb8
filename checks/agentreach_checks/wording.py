"""Sentences that several checks build: subject, may or is, what."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

from agentreach.graph.spelling import called, resources_said
from agentreach.identity import RbacStatement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agentreach.graph.views import Reach, SecretUseView
    from agentreach.identity import Credential
    from agentreach.model import Key

SHOWN = 4
VERBS_SHOWN = 9
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
EXCEPT = "NotAction "
KINDS = {
    "api-key": "API key",
    "bedrock-api-key": "Bedrock API key",
    "hmac-key": "HMAC key",
    "oauth": "OAuth client",
    "ssh-key": "SSH key",
}


def listed(items: Iterable[str], shown: int = SHOWN) -> str:
    """`a, b, c and 3 more`."""
    names = list(dict.fromkeys(items))
    if len(names) > shown:
        return f"{', '.join(names[:shown])} and {len(names) - shown} more"
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""


def who(agents: Sequence[Key], otherwise: Key | str = "an agent") -> str:
    """The agents a sentence is about."""
    said = otherwise if isinstance(otherwise, str) else otherwise.address
    return listed((key.address for key in agents), 3) or said


def verb(agents: Sequence[Key], one: str, several: str) -> str:
    """The form of a verb that agrees with the agents."""
    return several if len(agents) > 1 else one


def owned(subject: Key, agents: Sequence[Key]) -> str:
    """`the thing of its agents`, or the thing alone when it is the agent itself."""
    if subject in agents or not agents:
        return subject.address
    return f"{subject.address} of {who(agents)}"


def serving(subject: Key, agents: Sequence[Key]) -> str:
    """`the agent`, or `the thing for its agents`: who does something, and for whom."""
    if subject in agents or not agents:
        return subject.address
    return f"{subject.address} for {who(agents)}"


def duration(seconds: float) -> str:
    """`12 hours`, `30 days`, `90 minutes`; `no end` for what never expires."""
    if seconds == math.inf:
        return "no end"
    for size, name in UNITS:
        if seconds >= size and seconds % size == 0:
            return count(int(seconds // size), name)
    return (
        f"about {count(round(seconds / UNITS[0][0]), UNITS[0][1])}" if seconds > UNITS[0][0] else f"{seconds:g} seconds"
    )


def secret_called(view: SecretUseView) -> str:
    """A secret by its name, where the code says more than the variable does."""
    name = called(view.secret_name)
    return "a secret" if name == view.use.variable else name


def count(number: int, thing: str) -> str:
    """`1 action`, `12 actions`."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def kind_of(credential: Credential) -> str:
    """A credential's kind in words: `refresh token`, `API key`."""
    return KINDS.get(credential.kind, credential.kind.replace("-", " "))


def what(reach: Reach) -> str:
    """`secretsmanager:GetSecretValue on any resource`, `get and list secrets in all namespaces`."""
    if reach.provider == "kubernetes":
        return _in_cluster(reach)
    return f"{doing(reach)} on {where(reach)}"


def may_do(reach: Reach, *, counted: bool = True) -> str:
    """What comes after `may`: do actions, use a role, or the verbs of a rule themselves."""
    if reach.provider == "kubernetes":
        return _in_cluster(reach)
    verb = "do" if reach.provider == "aws" else "use"
    return f"{verb} {doing(reach, counted=counted)} on {where(reach)}"


def doing(reach: Reach, *, counted: bool = True) -> str:
    """The actions as written; how much a wildcard covers beside it."""
    actions = reach.actions or reach.names
    without = [action.removeprefix(EXCEPT) for action in actions if action.startswith(EXCEPT)]
    written = f"every action except {listed(without)}" if without else listed(actions)
    wide = counted and reach.wildcard_action and "*" not in "".join(reach.names)
    covered = len(reach.names) if wide else 0
    return f"{written} ({count(covered, 'action')} of the {reach.step.label} step)" if covered else written


def where(reach: Reach) -> str:
    """The resources a reach covers; declared ones that a wildcard matches are named."""
    if reach.wildcard_resource:
        scopes = "" if reach.provider == "aws" else f" of {listed(reach.resources)}" if reach.resources else ""
        return f"any resource{scopes}{_among(reach)}"
    return listed(resources_said(reach.resources)) or "the resource the policy belongs to"


def through(reach: Reach) -> str:
    """Whose rights these are."""
    return f"as {reach.identity_name}"


def scope(namespace: str | None) -> str:
    """Where in a cluster a binding holds."""
    return "in all namespaces" if namespace is None else f"in namespace {namespace}"


def _among(reach: Reach) -> str:
    named = listed(system.key.address for system in reach.systems)
    return f" ({named} among them)" if named else ""


def _in_cluster(reach: Reach) -> str:
    rule = reach.statement
    only = f" named {listed(rule.resource_names)}" if isinstance(rule, RbacStatement) and rule.resource_names else ""
    place = "" if all(name.partition(" ")[2].startswith("/") for name in reach.names) else f" {scope(reach.namespace)}"
    among = _among(reach) if reach.wildcard_resource else ""
    return f"{'; '.join(_phrases(reach))}{only}{place}{among}"


def _phrases(reach: Reach) -> Iterator[str]:
    """`get and list secrets`: resources with the same verbs together."""
    verbs: dict[str, list[str]] = {}
    for name in reach.names:
        said, _, resource = name.partition(" ")
        verbs.setdefault(resource, []).append("do anything with" if said == "*" else said)
    together = sorted(verbs.items(), key=lambda item: item[1])
    for said_of_all, several in groupby(together, key=lambda item: item[1]):
        yield f"{listed(said_of_all, VERBS_SHOWN)} {listed(_plain(resource, reach.service) for resource, _ in several)}"


def _plain(resource: str, group: str) -> str:
    if resource != "*":
        return resource
    return "any resource" if group == "*" else f"any resource of API group {group}"
