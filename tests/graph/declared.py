"""Facts written by hand, as a lowering would emit them: one line of source per fact, in the order of creation."""

from __future__ import annotations

from agentreach.identity import (
    Agent,
    Attachment,
    Condition,
    Fact,
    IdentityRelation,
    IdentityUse,
    Policy,
    PolicyRole,
    Principal,
    RbacBinding,
    RbacRole,
    RbacStatement,
    RbacSubject,
    Role,
    Statement,
    System,
    Tool,
    Trusted,
    Workload,
)
from agentreach.model import Key, Kind, ListValue, Reference, Scalar, Source, Span, Text, Unknown, Value

LINES = 10_000
_WIDTH = "line\n"


class Stack:
    """Collects facts. Every `line(...)` is one line of the same source, so evidence can be asserted by line."""

    def __init__(self, root: str = ".", path: str = "main.tf") -> None:
        self.root = root
        self.source = Source(path, _WIDTH * LINES)
        self.facts: list[Fact] = []
        self._line = 0

    def line(self) -> Span:
        self._line += 1
        start = (self._line - 1) * len(_WIDTH)
        return Span(self.source, start, start + 4)

    def key(self, address: str) -> Key:
        return Key(self.root, address)

    def text(self, value: str) -> Scalar:
        return Scalar(value, self.line())

    def value(self, value: str | Value) -> Value:
        return Scalar(value, self.line()) if isinstance(value, str) else value

    def unknown(self, reason: str = "variable 'x' has no value", kind: Kind = Kind.ANY) -> Unknown:
        return Unknown(reason, self.line(), kind)

    def reference(self, address: str, attribute: str = "arn") -> Reference:
        return Reference(self.key(address), attribute, self.line())

    def arn(self, service: str, resource: str, *, account: str | None = None) -> Text | Scalar:
        at = self.line()
        if account is not None:
            return Scalar(f"arn:aws:{service}::{account}:{resource}", at)
        return Text((f"arn:aws:{service}::", Unknown("the account", at, Kind.ACCOUNT), f":{resource}"), at)

    def agent(
        self, address: str, *, role: Role = Role.AGENT, kind: str = "bedrock-agent", tags: dict[str, str] | None = None
    ) -> Key:
        key = self.key(address)
        name = address.rpartition(".")[2]
        self.facts.append(
            Agent(key=key, name=name, platform="aws", kind=kind, at=self.line(), role=role, tags=tags or {})
        )
        return key

    def workload(self, address: str, *, kind: str = "lambda", namespace: str | None = None) -> Key:
        key = self.key(address)
        name = address.rpartition(".")[2].rpartition("/")[2]
        self.facts.append(Workload(key=key, name=name, platform="aws", kind=kind, at=self.line(), namespace=namespace))
        return key

    def role(
        self,
        address: str,
        *,
        trusts: tuple[Trusted, ...] = (),
        conditions: tuple[Condition, ...] = (),
        account: str | None = None,
        tags: dict[str, str] | None = None,
        names: tuple[Value, ...] = (),
    ) -> Key:
        key = self.key(address)
        name = address.rpartition(".")[2]
        at = self.line()
        own = names or (Scalar(name, at), self.arn("iam", f"role/{name}", account=account))
        self.facts.append(Principal(key=key, kind="role", provider="aws", at=at, names=own, tags=tags or {}))
        if trusts:
            statement = Statement(
                effect="Allow",
                actions=(self.text("sts:AssumeRole"), self.text("sts:AssumeRoleWithWebIdentity")),
                principals=trusts,
                conditions=conditions,
                at=self.line(),
            )
            self.facts.append(
                Policy(key=key, role=PolicyRole.TRUST, statements=(statement,), at=statement.at, subject=key)
            )
        return key

    def service(self, name: str) -> Trusted:
        return Trusted("Service", self.text(name))

    def trusted(self, value: str | Value, kind: str = "AWS") -> Trusted:
        return Trusted(kind, self.value(value))

    def statement(
        self,
        *actions: str | Value,
        resources: tuple[str | Value, ...] = ("*",),
        effect: str = "Allow",
        spot: str = "#0",
        conditions: tuple[Condition, ...] = (),
        certain: bool = True,
        not_actions: tuple[str, ...] = (),
    ) -> Statement:
        return Statement(
            effect=effect,
            actions=tuple(map(self.value, actions)),
            not_actions=tuple(map(self.value, not_actions)),
            resources=tuple(map(self.value, resources)),
            conditions=conditions,
            at=self.line(),
            spot=spot,
            certain=certain,
        )

    def condition(self, operator: str, key: str, *values: str | Value) -> Condition:
        return Condition(operator, key, tuple(map(self.value, values)), self.line())

    def inline(self, subject: Key, *statements: Statement, address: str | None = None) -> Key:
        key = self.key(address or f"{subject.address}_policy")
        self.facts.append(
            Policy(key=key, role=PolicyRole.IDENTITY, statements=statements, at=self.line(), subject=subject)
        )
        return key

    def managed(self, address: str, *statements: Statement) -> Key:
        key = self.key(address)
        self.facts.append(Policy(key=key, role=PolicyRole.IDENTITY, statements=statements, at=self.line()))
        return key

    def attach(self, principal: Key, policy: Value, role: PolicyRole = PolicyRole.IDENTITY) -> None:
        self.facts.append(Attachment(principal=principal, policy=policy, at=self.line(), role=role))

    def runs_as(
        self,
        subject: Key,
        identity: Value | str,
        relation: IdentityRelation = IdentityRelation.RUNS_AS,
        *,
        default: bool = False,
    ) -> None:
        self.facts.append(
            IdentityUse(
                subject=subject,
                identity=self.value(identity),
                relation=relation,
                at=self.line(),
                inherited_default=default,
            )
        )

    def tool(
        self,
        address: str,
        agent: Key,
        *,
        target: Value | None = None,
        acts_as: Value | None = None,
        confirmation: bool | None = None,
        executor: str = "lambda",
    ) -> Key:
        key = self.key(address)
        self.facts.append(
            Tool(
                key=key,
                agent=agent,
                name=address.rpartition(".")[2],
                executor=executor,
                at=self.line(),
                target=target,
                acts_as=acts_as,
                confirmation=confirmation,
            )
        )
        return key

    def system(self, address: str, service: str, kind: str, *names: Value, tags: dict[str, str] | None = None) -> Key:
        key = self.key(address)
        self.facts.append(System(key=key, service=service, kind=kind, names=names, at=self.line(), tags=tags or {}))
        return key

    def account(self, namespace: str, name: str, *, address: str | None = None) -> Key:
        key = self.key(address or f"ServiceAccount/{namespace}/{name}")
        at = self.line()
        full = f"{namespace}:{name}"
        self.facts.append(
            Principal(
                key=key,
                kind="service-account",
                provider="kubernetes",
                at=at,
                names=(Scalar(full, at), Scalar(f"system:serviceaccount:{full}", at)),
                namespace=namespace,
            )
        )
        return key

    def rbac(
        self,
        name: str,
        subject: tuple[str, str],
        *,
        verbs: tuple[str, ...],
        resources: tuple[str, ...],
        groups: tuple[str, ...] = ("",),
        namespace: str | None = None,
        names: tuple[str, ...] = (),
    ) -> None:
        kind = "Role" if namespace else "ClusterRole"
        scope = f"{namespace}/" if namespace else ""
        rule = RbacStatement(verbs=verbs, api_groups=groups, resources=resources, resource_names=names, at=self.line())
        self.facts.append(
            RbacRole(
                key=self.key(f"{kind}/{scope}{name}"),
                name=name,
                namespace=namespace,
                statements=(rule,),
                at=self.line(),
            )
        )
        self.facts.append(
            RbacBinding(
                key=self.key(f"{kind}Binding/{scope}{name}"),
                namespace=namespace,
                role_kind=kind,
                role_name=name,
                subjects=(RbacSubject("ServiceAccount", subject[1], subject[0], self.line()),),
                at=self.line(),
                role_at=self.line(),
            )
        )


def listed(*values: Value) -> ListValue:
    return ListValue(values, values[0].at)


def lines(evidence: tuple[object, ...]) -> list[int]:
    return [one.at.location.line for one in evidence]  # type: ignore[attr-defined]
