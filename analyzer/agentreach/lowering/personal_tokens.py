"""A variable that is named after a personal access token holds a person's: such a token is always some user's.

Whether that user is a person or an account made for the purpose the code does not say, so the identity is possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import IdentityRelation, IdentityUse, Principal
from agentreach.model import Key, Reference, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact, SecretUse

PERSONAL = "PERSONAL_ACCESS_TOKEN"


def person(use: SecretUse) -> Iterator[Fact]:
    """The user behind a personal access token, as whom the receiver may act."""
    owner = Key(use.subject.root, f"{use.subject.address}#{use.variable}-user")
    yield Principal(
        key=owner,
        kind="personal-access-token",
        provider=use.variable.partition("_")[0].lower(),
        at=use.at,
        names=(Scalar(f"the user of {use.variable}", use.at),),
        human=True,
    )
    yield IdentityUse(
        subject=use.subject,
        identity=Reference(owner, "id", use.at),
        relation=IdentityRelation.DELEGATED,
        at=use.at,
        note=f"{use.variable} is some user's own token",
        certain=False,
    )
