"""Views of a graph written by hand: what a check sees, without a parser or a graph before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from agentreach.graph.agent_graph import AgentGraph
from agentreach.graph.views import (
    AgentView,
    CredentialView,
    EscalationView,
    IdentityView,
    Reach,
    SecretUseView,
    SettingView,
    ThirdPartyView,
    ToolView,
    TrustedView,
    TrustView,
)
from agentreach.identity import (
    Agent,
    Aspect,
    Condition,
    Confidence,
    Credential,
    Evidence,
    IdentityRelation,
    Policy,
    PolicyRole,
    Role,
    SecretUse,
    Setting,
    Statement,
    Step,
    System,
    Tool,
    Trusted,
)
from agentreach.model import Key, Scalar, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agentreach.check import Check
    from agentreach.findings import Finding

Made = TypeVar("Made")

SOURCE = Source("main.tf", "line\n" * 1000)
OPS = Key(".", "agent.ops")
ROLE = Key(".", "role.ops")
_OF_THE_VIEW = ("agents", "entries", "holder", "holder_name", "highest", "identity", "confidence")


def made(kind: Callable[..., Made], given: dict[str, object], fields: dict[str, object]) -> Made:
    return kind(**{**given, **fields})


def at(line: int = 1) -> Span:
    start = (line - 1) * len("line\n")
    return Span(SOURCE, start, start + 4)


def key(address: str) -> Key:
    return Key(".", address)


def entry(
    address: str = "agent.ops", *, kind: str = "bedrock-agent", role: Role = Role.AGENT, **fields: object
) -> AgentView:
    name = address.rpartition(".")[2]
    agent = Agent(key=key(address), name=name, platform="aws", kind=kind, at=at(), role=role)
    given: dict[str, object] = {
        "agent": agent,
        "owner": None,
        "production": False,
        "bounded": False,
        "confidence": Confidence.HIGH,
    }
    return made(AgentView, given, fields)


def identity(address: str = "role.ops", agent: Key = OPS, **fields: object) -> IdentityView:
    given: dict[str, object] = {
        "agent": agent,
        "key": key(address),
        "name": address.rpartition(".")[2],
        "kind": "role",
        "relation": IdentityRelation.RUNS_AS,
        "via": (Evidence(at(2), f"runs as {address}"),),
        "hops": (),
        "at": at(3),
    }
    return made(IdentityView, given, fields)


def reach(step: Step = Step.WRITE_DATA, **fields: object) -> Reach:
    agents = fields.pop("agents", (OPS,))
    given: dict[str, object] = {
        "agents": agents,
        "entries": agents,
        "identity": ROLE,
        "identity_name": "ops",
        "step": step,
        "service": "dynamodb",
        "actions": ("dynamodb:PutItem",),
        "names": ("dynamodb:PutItem",),
        "resources": ("arn:aws:dynamodb:eu-west-1:111122223333:table/orders",),
        "evidence": (Evidence(at(10), "allows dynamodb:PutItem"),),
        "cause": "policy.ops:#0",
    }
    return made(Reach, given, fields)


def credential(kind: str = "secret", **fields: object) -> CredentialView:
    seen = {name: fields.pop(name) for name in _OF_THE_VIEW if name in fields}
    declared: dict[str, object] = {"key": key(f"{kind}.crm"), "kind": kind, "owner": key(f"{kind}.crm"), "at": at(20)}
    held = made(Credential, declared, fields)
    given: dict[str, object] = {
        "credential": held,
        "agents": (OPS,),
        "entries": (OPS,),
        "holder": OPS,
        "holder_name": "agent.ops",
        "evidence": (Evidence(held.at, held.note or kind),),
    }
    return made(CredentialView, given, seen)


def setting(
    aspect: Aspect,
    *,
    state: bool | None,
    subject: Key = OPS,
    agents: tuple[Key, ...] = (OPS,),
    entries: tuple[Key, ...] = (),
    note: str = "",
) -> SettingView:
    stated = Setting(subject=subject, aspect=aspect, state=state, at=at(30), note=note)
    return SettingView(setting=stated, subject=subject, agents=agents, entries=entries or agents)


def tool(name: str = "orders", **fields: object) -> ToolView:
    own: dict[str, object] = {part: fields.pop(part) for part in ("confirmable", "operations") if part in fields}
    declared: dict[str, object] = {
        "key": key(f"tool.{name}"),
        "agent": OPS,
        "name": name,
        "executor": "lambda",
        "at": at(40),
    }
    given: dict[str, object] = {
        "tool": made(Tool, declared, own),
        "agents": (OPS,),
        "entries": (OPS,),
        "acts_as": (),
        "confirmation": False,
        "mutating": True,
    }
    return made(ToolView, given, fields)


def trust(
    *trusted: TrustedView,
    conditions: Iterable[Condition] = (),
    conditions_open: bool = False,
    role: PolicyRole = PolicyRole.TRUST,
    **fields: object,
) -> TrustView:
    statement = Statement(
        effect="Allow",
        principals=tuple(Trusted(one.kind, Scalar(one.name, at(50))) for one in trusted),
        conditions=tuple(conditions),
        at=at(50),
        conditions_open=conditions_open,
    )
    given: dict[str, object] = {
        "identity": ROLE,
        "policy": Policy(key=ROLE, role=role, statements=(statement,), at=at(50)),
        "role": role,
        "statement": statement,
        "trusted": trusted,
        "agents": (OPS,),
        "entries": (OPS,),
        "evidence": (Evidence(at(50), "trusts"),),
        "cause": "role.ops:#0",
    }
    return made(TrustView, given, fields)


def condition(name: str, *values: str, operator: str = "StringEquals") -> Condition:
    return Condition(operator, name, tuple(Scalar(value, at(51)) for value in values), at(51))


def secret_use(
    variable: str = "CRM_TOKEN",
    *,
    subject: Key = OPS,
    named: str = "crm",
    agents: tuple[Key, ...] = (OPS,),
    **fields: object,
) -> SecretUseView:
    own: dict[str, object] = {part: fields.pop(part) for part in ("via", "literal", "placeholder") if part in fields}
    stated: dict[str, object] = {
        "subject": subject,
        "secret": Scalar(named, at(60)),
        "variable": variable,
        "at": at(60),
    }
    given: dict[str, object] = {
        "use": made(SecretUse, stated, own),
        "subject": subject,
        "agents": agents,
        "entries": agents,
        "secret": None,
        "secret_name": named,
    }
    return made(SecretUseView, given, fields)


def escalation(path: str = "aws-iam-put-role-policy", **fields: object) -> EscalationView:
    given: dict[str, object] = {
        "path": path,
        "title": f"title of {path}",
        "identity": ROLE,
        "identity_name": "ops",
        "agents": (OPS,),
        "entries": (OPS,),
        "yields": Step.ADMIN,
        "evidence": (Evidence(at(70), "allows iam:PutRolePolicy"),),
        "cause": "policy.ops:#0",
        "causes": ("policy.ops:#0",),
    }
    return made(EscalationView, given, fields)


def third_party(**fields: object) -> ThirdPartyView:
    given: dict[str, object] = {
        "principal": key("role.ci"),
        "principal_name": "ci",
        "target": key("function.orders"),
        "how": "may replace the code of function.orders",
        "agents": (OPS,),
        "entries": (OPS,),
        "evidence": (Evidence(at(80), "allows lambda:UpdateFunctionCode"),),
        "cause": "policy.ci:#0",
        "yields": Step.DEPLOY,
    }
    return made(ThirdPartyView, given, fields)


def system(address: str, kind: str = "secret", service: str = "secretsmanager") -> System:
    return System(key=key(address), service=service, kind=kind, names=(), at=at(90))


def graph(*agents: AgentView, **views: object) -> AgentGraph:
    entries = agents or (entry(),)
    given: dict[str, object] = {"agents": entries, "by_key": {one.key: one for one in entries}}
    return made(AgentGraph, given, views)


def found(check: Check, of: AgentGraph) -> list[Finding]:
    return list(check(of))


def messages(check: Check, of: AgentGraph) -> list[str]:
    return [finding.message for finding in check(of)]
