"""OAuth grants by which a target is called for a person: one that is kept, told apart from one of the request.

An authorization code leaves a grant in the token vault: the agent can use it when the person is gone. A token exchange
(on behalf of) takes the caller's own token, at every request. Client credentials are the agent's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentreach.identity import IdentityRelation, IdentityUse, Principal
from agentreach.model import Key, Reference, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.declaration import Scope

_KEPT: Final = "AUTHORIZATION_CODE"
_PER_REQUEST: Final = frozenset({"TOKEN_EXCHANGE", "JWT_AUTHORIZATION_GRANT"})


def user_grant(subject: Key, block: Scope, path: str, target: str) -> Iterator[Fact]:
    """The person for whom `subject` calls `target`, where the grant type at `path` says that there is one."""
    grant = block.text(path)
    if grant != _KEPT and grant not in _PER_REQUEST:
        return
    kept = grant == _KEPT
    at = block.at(path)
    person = Key(subject.root, f"{subject.address}#user")
    name = f"the user who granted {target}" if kept else f"the caller of {target}"
    yield Principal(
        key=person,
        kind="user-grant" if kept else "on-behalf-of",
        provider="oauth",
        at=at,
        names=(Scalar(name, at),),
        human=kept,
    )
    yield IdentityUse(
        subject=subject,
        identity=Reference(person, "id", at),
        relation=IdentityRelation.DELEGATED,
        at=at,
        note=f"acts for the user who granted it, who need not be there ({grant})"
        if kept
        else f"acts on behalf of whoever calls it, at each request ({grant})",
    )
