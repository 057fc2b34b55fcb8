"""A small account around one principal, for the escalation catalogue to be matched against."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from access.written import ACCOUNT, Json, statements
from agentreach.access.escalation import Gain, Target
from agentreach.access.policy_reach import PolicyReach
from agentreach.access.request import Layers, PrincipalFacts, PrincipalKind
from agentreach.access.verdict import Verdict
from agentreach.identity import Step
from agentreach.model import Key

if TYPE_CHECKING:
    from collections.abc import Sequence

ARNS = {
    "role": f"arn:aws:iam::{ACCOUNT}:role/{{}}",
    "user": f"arn:aws:iam::{ACCOUNT}:user/{{}}",
    "group": f"arn:aws:iam::{ACCOUNT}:group/{{}}",
    "policy": f"arn:aws:iam::{ACCOUNT}:policy/{{}}",
    "lambda-function": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{{}}",
    "ec2-instance": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/{{}}",
    "launch-template": f"arn:aws:ec2:eu-west-1:{ACCOUNT}:launch-template/{{}}",
    "ecs-task": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:task-definition/{{}}",
    "batch-job": f"arn:aws:batch:eu-west-1:{ACCOUNT}:job-definition/{{}}",
    "codebuild-project": f"arn:aws:codebuild:eu-west-1:{ACCOUNT}:project/{{}}",
    "cloudformation-stack": f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/{{}}/1",
    "sagemaker-notebook": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:notebook-instance/{{}}",
    "state-machine": f"arn:aws:states:eu-west-1:{ACCOUNT}:stateMachine:{{}}",
    "apprunner-service": f"arn:aws:apprunner:eu-west-1:{ACCOUNT}:service/{{}}/1",
    "bedrock-agent": f"arn:aws:bedrock:eu-west-1:{ACCOUNT}:agent/{{}}",
    "secret": f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:{{}}",
    "key": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{{}}",
    "bucket": "arn:aws:s3:::{}",
}


def target(kind: str, name: str) -> Target:
    arn = ARNS.get(kind, f"arn:aws:x:eu-west-1:{ACCOUNT}:{kind}/{{}}").format(name)
    return Target(Key(".", f"{kind}.{name}"), kind, ((arn,),))


class Account(PolicyReach):
    """Everything declared is added by the test; nothing is trusted, attached or gained otherwise."""

    def __init__(self, *rows: dict[str, Any], kind: str = "role", **layers: Json) -> None:
        me = target(kind, "me")
        facts = PrincipalFacts(arn=me.texts[0], kind=PrincipalKind(kind), account=ACCOUNT)
        super().__init__(Layers(identity=statements(*rows), **layers), facts)
        self.me = me
        self.traits: frozenset[str] = frozenset()
        self.things: defaultdict[str, list[Target]] = defaultdict(list)
        self.things[kind].append(me)
        self.held: set[Target] = set()
        self.attached: dict[Target, tuple[Target, ...]] = {}
        self.roles: dict[Target, Target] = {}
        self.trusting: dict[Target, set[str]] = defaultdict(set)
        self.richer: dict[Target, Step] = {}

    def add(self, kind: str, name: str = "it", *, gains: Step | None = Step.ADMIN) -> Target:
        added = target(kind, name)
        self.things[kind].append(added)
        if gains is not None:
            self.richer[added] = gains
        return added

    def declared(self, kind: str) -> Sequence[Target]:
        return self.things.get(kind, ())

    def holds(self, target: Target) -> bool:
        return target in self.held

    def policies_of(self, target: Target) -> Sequence[Target]:
        return self.attached.get(target, ())

    def role_of(self, workload: Target) -> Target | None:
        return self.roles.get(workload)

    def _trusts(self, role: Target, whom: str) -> Verdict:
        return Verdict.ALLOWED if whom in self.trusting[role] else Verdict.DENIED

    def trusts_service(self, role: Target, service: str) -> Verdict:
        return self._trusts(role, service)

    def trusts_me(self, role: Target) -> Verdict:
        return self._trusts(role, "me")

    def trusts_federation(self, role: Target) -> Verdict:
        return self._trusts(role, "federation")

    def gains(self, target: Target) -> Gain:
        step = self.richer.get(target)
        return Gain(Verdict.DENIED, Step.OBSERVE) if step is None else Gain(Verdict.ALLOWED, step)
