"""What the code says about a principal, in the words of the access engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.access.request import PrincipalFacts, PrincipalKind
from agentreach.identity import Principal
from agentreach.model import Kind, Reference, Unknown, text_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.access.request import Parts
    from agentreach.graph.index import FactIndex
    from agentreach.graph.resolve import Directory
    from agentreach.graph.trusts import TrustBook
    from agentreach.model import Key, Value

_KINDS = {"user": PrincipalKind.USER, "role": PrincipalKind.ROLE}


class PrincipalBook:
    """Declared principals, and how policies may name them."""

    __slots__ = ("_accounts", "_facts", "_trusts", "declared")

    def __init__(self, index: FactIndex, directory: Directory, trusts: TrustBook) -> None:
        self._accounts: Mapping[Key, str] = directory.accounts
        self._trusts = trusts
        self._facts: dict[Key, PrincipalFacts] = {}
        self.declared: dict[Key, Principal] = {}
        for principal in index.of(Principal):
            self.declared.setdefault(principal.key, principal)

    def get(self, key: Key) -> Principal | None:
        """The declared principal."""
        return self.declared.get(key)

    def names(self, key: Key) -> tuple[Value, ...]:
        """What a declared principal is called."""
        principal = self.declared.get(key)
        return principal.names if principal else ()

    def tags(self, key: Key) -> dict[str, str]:
        """The tags of a declared principal."""
        principal = self.declared.get(key)
        return principal.tags if principal else {}

    def account(self, key: Key) -> str | None:
        """The account that is written in the ARN of a principal."""
        return self._accounts.get(key)

    def facts(self, key: Key) -> PrincipalFacts:
        """What is known of a principal when it asks; nothing but its name when it is not declared."""
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = self._read(key)
        return found

    def arn(self, key: Key) -> tuple[Parts, tuple[Parts, ...]]:
        """The ARN of a principal as parts, and the other texts that mean it."""
        principal = self.declared.get(key)
        if principal is None:
            return ((key.address,) if key.address.startswith("arn:") else ()), ()
        spelled = [text_parts(name) for name in principal.names]
        arns = [parts for parts in spelled if parts and isinstance(parts[0], str) and parts[0].startswith("arn:")]
        own = Reference(key, "arn", principal.at)
        others: list[Parts] = [parts for parts in spelled if len(parts) == 1 and isinstance(parts[0], Reference)]
        return (arns[0] if arns else _invented(principal)), (*arns[1:], *others, (own,))

    def _read(self, key: Key) -> PrincipalFacts:
        principal = self.declared.get(key)
        parts, aliases = self.arn(key)
        return PrincipalFacts(
            arn=parts,
            aliases=aliases,
            kind=_KINDS.get(principal.kind if principal else "role", PrincipalKind.ROLE),
            account=self._accounts.get(key),
            tags={name: (value,) for name, value in (principal.tags if principal else {}).items()},
            service_role=self._is_service_role(key),
        )

    def _is_service_role(self, key: Key) -> bool:
        trusted = [one for trust in self._trusts.of(key) for one in trust.trusted]
        return bool(trusted) and all(one.relation == "service" for one in trusted)


def _invented(principal: Principal) -> Parts:
    """The ARN of a principal that gives a plain name only: its account is unknown, its path is taken to be `/`."""
    plain = next((text_parts(name) for name in principal.names if text_parts(name)), ())
    if not plain or principal.provider != "aws":
        return plain
    account = Unknown("the account is only known at deploy time", principal.at, Kind.ACCOUNT)
    partition = Unknown("the partition is only known at deploy time", principal.at, Kind.PARTITION)
    return ("arn:", partition, ":iam::", account, f":{principal.kind}/", *plain)
