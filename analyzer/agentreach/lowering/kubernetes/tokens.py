"""Tokens of the pod's own account: mounted by default, projected on purpose, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Credential, Setting
from agentreach.lowering.kubernetes.containers import find
from agentreach.lowering.kubernetes.manifest import account
from agentreach.lowering.kubernetes.pods import DEFAULT_ACCOUNT
from agentreach.model import Key, Scalar, Unknown, boolean, child, descend, elements, number, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.kubernetes.pods import Pod
    from agentreach.model import Span, Value

DEFAULT_SECONDS = 3_600.0
_SHORTEST = 600.0


def tokens(subject: Key, pod: Pod, at: Span, context: Context) -> Iterator[Fact]:
    """The automounted token with whether it is, and each projected one with audience and lifetime."""
    state, written = _automounted(subject, pod, context)
    yield Setting(
        subject=subject,
        aspect=Aspect.AUTOMOUNT_TOKEN,
        state=state,
        at=at if written is None else written.at,
        note=f"account {pod.account_name or 'known at deploy time'}",
        defaulted=written is None,
    )
    if state is not False:
        yield _mounted(subject, pod, at if written is None else written.at)
    for volume in pod.volumes:
        for source in elements(descend(volume, "projected.sources")):
            token = child(source, "serviceAccountToken")
            if token is not None:
                yield _projected(subject, pod, string(child(volume, "name")) or "", token)


def _automounted(subject: Key, pod: Pod, context: Context) -> tuple[bool | None, Value | None]:
    """The pod's word wins over the account's; both silent means yes."""
    if pod.automount is not None:
        return boolean(pod.automount), pod.automount
    name = pod.account or Scalar(pod.unnamed_account or DEFAULT_ACCOUNT, pod.at)
    declared = find("v1/ServiceAccount", name, pod.namespace, subject.root, context)
    if declared is not None:
        written = child(declared.attributes, "automountServiceAccountToken")
        if written is not None:
            return boolean(written), written
    return True, None


def _owner(pod: Pod) -> Value:
    return account(pod.namespace, pod.account or Scalar(pod.unnamed_account, pod.at))


def _mounted(subject: Key, pod: Pod, at: Span) -> Credential:
    return Credential(
        key=Key(subject.root, f"{subject.address}#token"),
        kind="service-account-token",
        owner=subject,
        at=at,
        ttl=DEFAULT_SECONDS,
        defaulted=True,
        rotated=True,
        renewable_without_human=True,
        stored_in="pod file system",
        thresholds="access-token",
        note=f"token of {string(_owner(pod)) or 'an account known at deploy time'}, mounted automatically",
        attribute="automountServiceAccountToken",
    )


def _projected(subject: Key, pod: Pod, volume: str, token: Value) -> Credential:
    written = child(token, "expirationSeconds")
    audience = string(child(token, "audience")) or "the API server"
    return Credential(
        key=Key(subject.root, f"{subject.address}#token:{volume}/{string(child(token, 'path')) or 'token'}"),
        kind="service-account-token",
        owner=subject,
        at=token.at if written is None else written.at,
        ttl=lifetime(written, DEFAULT_SECONDS, _SHORTEST),
        defaulted=written is None,
        rotated=True,
        renewable_without_human=True,
        stored_in="pod file system",
        thresholds="access-token",
        note=f"token of {string(_owner(pod)) or 'an account known at deploy time'} for {audience}",
        attribute="expirationSeconds",
    )


def lifetime(written: Value | None, default: float | None, shortest: float = 1.0) -> float | Unknown | None:
    """Seconds; the default where nothing is written; Unknown for what the API would refuse."""
    if written is None:
        return default
    seconds = number(written)
    if seconds is None:
        return Unknown("the lifetime is not a number of seconds", written.at)
    if seconds < shortest:
        return Unknown(f"a lifetime below {shortest:.0f} seconds is refused", written.at)
    return seconds
