"""Secrets that an entry is given and that are declared as no credential: they can be kept like any other.

Checks ask about the use itself (where it stands, who else has it); lists of what an entry can keep show it as a
credential: a value in the code has no end and no rotation, one given at deployment nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.graph.views import CredentialView
from agentreach.identity import Credential, Evidence
from agentreach.model import Key

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from agentreach.graph.views import SecretUseView


def received(uses: Iterable[SecretUseView], declared: Container[object]) -> Iterator[CredentialView]:
    """A credential for each secret and who receives it, once, that is not among what is `declared`, or holds one."""
    seen: set[tuple[Key, Key]] = set()
    for view in uses:
        if view.secret is not None and view.secret in declared:
            continue
        credential = _credential(view)
        place = (credential.key, view.subject)
        if place not in seen:
            seen.add(place)
            yield CredentialView(
                credential=credential,
                agents=view.agents,
                entries=view.entries,
                holder=view.subject,
                holder_name=view.subject.address,
                evidence=(Evidence(view.use.at, f"given to {view.subject.address} as {view.use.variable}"),),
                confidence=view.confidence,
            )


def _credential(view: SecretUseView) -> Credential:
    use = view.use
    own = Key(view.subject.root, f"{view.subject.address}#{use.variable}" if use.variable else view.subject.address)
    named = view.secret or Key(view.subject.root, view.secret_name)
    return Credential(
        key=own if use.literal or named.address == use.variable else named,
        kind="secret",
        owner=view.subject,
        at=use.at,
        never_expires=use.literal,
        rotated=False if use.literal else None,
        stored_in="code" if use.literal else use.via,
        thresholds="static-secret",
        literal=use.literal,
        placeholder=use.placeholder,
        attribute=use.variable,
    )
