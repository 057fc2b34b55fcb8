"""State machines, schedules and event rules: what starts an agent, and where a person has to answer first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    AgentLink,
    Aspect,
    Gate,
    Hidden,
    IdentityRelation,
    IdentityUse,
    Setting,
    Signal,
    Strength,
    Workload,
)
from agentreach.lowering.arns import outside, scope_of
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import label, system, tags_of, uses
from agentreach.lowering.aws.workload import workload
from agentreach.lowering.operations import mutating
from agentreach.lowering.policy_document import structure
from agentreach.model import Key, MapValue, Unknown, alternatives, child, descend, elements, string, text_parts
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Span, Value

_DEFINITIONS = ("DefinitionString", "Definition")
_AGENT_CALLS = ("bedrockagentruntime:", "bedrockagentcore:", "bedrock:invokemodel", "bedrockruntime:")
_PEOPLE = ("approv", "confirm", "review", "human", "manual", "sign-off", "signoff")
_STATES = 10_000


class State(NamedTuple):
    """One state of a machine: what it calls and what may follow it."""

    name: str
    resource: str
    body: MapValue
    after: tuple[str, ...]
    at: Span

    @property
    def asks_a_person(self) -> bool:
        """It waits for a task token and is named for a person's decision."""
        said = self.name.lower()
        return self.resource.endswith(".waitForTaskToken") and any(word in said for word in _PEOPLE)

    @property
    def changes(self) -> bool:
        """It calls something that is not known to only read."""
        operation = self.resource.removesuffix(".waitForTaskToken").removesuffix(".sync").rpartition(":")[2]
        return bool(self.resource) and mutating(operation) is not False


def state_machine(scope: Scope, context: Context) -> Iterator[Fact]:
    """A state machine with its role, the agents it calls and its approvals."""
    yield from workload(scope, "state-machine", "StateMachineName", "Name")
    yield system(scope, context, "states", "state-machine")
    for path in ("RoleArn", "Role"):
        yield from uses(scope, path, context)
    for path in _DEFINITIONS:
        value = scope.get(path)
        for branch in alternatives(value) if value is not None else ():
            yield from _definition(scope, path, structure(branch))


def _definition(scope: Scope, path: str, document: Value) -> Iterator[Fact]:
    if isinstance(document, Unknown):
        yield Hidden(subject=scope.resource.key, attribute=scope.written(path), reason=document.reason, at=document.at)
        return
    states = {state.name: state for state in _states(document)}
    for state in states.values():
        yield from _calls(scope.resource.key, state)
        yield from _passed(scope.resource.key, state)
    yield from _approvals(scope.resource.key, states, string(child(document, "StartAt")))


def _states(document: Value) -> Iterator[State]:
    """All states, those inside Map and Parallel states included."""
    pending = [document]
    seen = 0
    while pending and seen < _STATES:
        machine = pending.pop()
        declared = child(machine, "States")
        for name, body in declared.entries.items() if isinstance(declared, MapValue) else ():
            seen += 1
            if isinstance(body, MapValue):
                inner = [*elements(child(body, "Branches")), child(body, "ItemProcessor"), child(body, "Iterator")]
                pending += [one for one in inner if one is not None]
                yield State(name, _text(child(body, "Resource")), body, tuple(_after(body, inner)), body.at)


def _after(body: MapValue, inner: list[Value | None]) -> Iterator[str]:
    for path in ("Next", "Default"):
        name = string(body.entries.get(path))
        if name is not None:
            yield name
    for branch in (*elements(body.entries.get("Choices")), *elements(body.entries.get("Catch"))):
        name = string(child(branch, "Next"))
        if name is not None:
            yield name
    for machine in inner:
        name = string(child(machine, "StartAt"))
        if name is not None:
            yield name


def _text(value: Value | None) -> str:
    return "".join(part for part in text_parts(value) if isinstance(part, str))


def _calls(key: Key, state: State) -> Iterator[Fact]:
    """Agents and models that a state calls."""
    resource = state.resource.lower()
    call = next((name for name in _AGENT_CALLS if name in resource), None)
    if call is None:
        return
    strength = Strength.STRONG if "agent" in call else Strength.WEAK
    yield Signal(subject=key, kind="action", strength=strength, detail=f"state {state.name} calls it", at=state.at)
    for agent in _agents(state):
        yield AgentLink(agent=key, other=agent, relation="invokes", at=agent.at)


def _agents(state: State) -> Iterator[Value]:
    for path in ("AgentAliasId", "AgentId", "AgentRuntimeArn"):
        for parameters in ("Parameters", "Arguments"):
            agent = descend(state.body, f"{parameters}.{path}")
            if agent is not None and any(call in state.resource.lower() for call in _AGENT_CALLS):
                yield agent


def _passed(key: Key, state: State) -> Iterator[Fact]:
    """A role that a state hands to the job it starts: it is that job's, not the machine's."""
    for parameters in ("Parameters", "Arguments"):
        for role in elements(descend(state.body, f"{parameters}.RoleArn")):
            yield IdentityUse(
                subject=Key(key.root, f"{key.address}#{state.name}"),
                identity=role,
                relation=IdentityRelation.RUNS_AS,
                at=role.at,
                note=f"passed to what state {state.name} starts",
            )


def _approvals(key: Key, states: dict[str, State], start: str | None) -> Iterator[Fact]:
    """Approvals by task token: one that stands before every change covers the machine, else what follows it."""
    approvals = [state for state in states.values() if state.asks_a_person]
    before = _reachable(states, start, {state.name for state in approvals})
    uncovered = start is None or any(states[name].changes for name in before if name in states)
    for state in approvals:
        behind = _reachable(states, state.name, set(), include=False)
        yield Gate(
            subject=key,
            kind="approval",
            at=state.at,
            covers=tuple(sorted(behind)) if uncovered else (),
            note=f"state {state.name} waits for a task token",
        )


def _reachable(states: dict[str, State], start: str | None, stops: set[str], *, include: bool = True) -> set[str]:
    """The states that may run from `start` on without passing through one of `stops`."""
    found: set[str] = set()
    first = states.get(start or "")
    pending: list[str | None] = [start] if include else list(first.after if first else ())
    while pending:
        name = pending.pop()
        if name is None or name in found or name in stops or name not in states:
            continue
        found.add(name)
        pending += states[name].after
    return found


def schedule(scope: Scope, context: Context) -> Iterator[Fact]:
    """A schedule starts its target with no person about."""
    key = scope.resource.key
    yield Workload(
        key=key,
        name=label(scope, "Name"),
        platform="aws",
        kind="schedule",
        at=scope.resource.at,
        tags=tags_of(scope),
    )
    yield from uses(scope, "Target.RoleArn", context)
    if scope.text("State") != "DISABLED":
        yield from _started(scope, "Target.Arn", "Target.Input", context, scope.at("ScheduleExpression"))


def rule(scope: Scope, context: Context) -> Iterator[Fact]:
    """An event rule with its targets, where it declares them itself."""
    if scope.text("State") == "DISABLED":
        return
    for target in scope.each("Targets"):
        yield from _started(target, "Arn", "Input", context, target.at("Arn"))


def event_target(scope: Scope, context: Context) -> Iterator[Fact]:
    """Terraform's target of an event rule."""
    declared = context.lookup(scope.get("rule"))
    if declared is not None and string(declared.attributes.entries.get("state")) == "DISABLED":
        return
    yield from _started(scope, "arn", "input", context, scope.at("arn"))


def _started(scope: Scope, target: str, given: str, context: Context, at: Span) -> Iterator[Fact]:
    for value in scope.values(target):
        universal = "".join(part for part in text_parts(value) if isinstance(part, str)).lower()
        if ":aws-sdk:" in universal:
            yield from _universal(scope, given, universal, at)
            continue
        resource = context.lookup(value)
        subject = outside(value, context) if resource is None else resource.key
        yield Setting(
            subject=subject, aspect=Aspect.UNATTENDED, state=True, at=at, note="started by an event or schedule"
        )
        if resource is not None and canonical(resource.type) in _MACHINES:
            yield from _asked(scope_of(resource), at)


_MACHINES = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")


def _asked(machine: Scope, at: Span) -> Iterator[Setting]:
    """The agents that a machine calls before any person has answered run whenever it is started."""
    note = f"started by an event or schedule, through {machine.resource.key.address}"
    for value in (value for path in _DEFINITIONS if (value := machine.get(path)) is not None):
        for document in map(structure, alternatives(value)):
            states = {state.name: state for state in _states(document)}
            people = {state.name for state in states.values() if state.asks_a_person}
            before = _reachable(states, string(child(document, "StartAt")), people)
            for agent in (agent for name in sorted(before) for agent in _agents(states[name])):
                yield Setting(subject=agent, aspect=Aspect.UNATTENDED, state=True, at=at, note=note)


def _universal(scope: Scope, given: str, target: str, at: Span) -> Iterator[Fact]:
    """A schedule that calls an AWS API: the agent is named in the call's input."""
    if not any(call in target for call in _AGENT_CALLS):
        return
    value = scope.get(given)
    document = None if value is None else structure(value)
    for path in ("AgentId", "AgentAliasId", "AgentRuntimeArn"):
        agent = child(document, path)
        if agent is not None:
            yield Setting(subject=agent, aspect=Aspect.UNATTENDED, state=True, at=at, note="run by a schedule")
    yield Signal(
        subject=scope.resource.key, kind="action", strength=Strength.STRONG, detail="a schedule calls it", at=at
    )


LOWERINGS = {
    "AWS::StepFunctions::StateMachine": state_machine,
    "AWS::Serverless::StateMachine": state_machine,
    "AWS::Scheduler::Schedule": schedule,
    "AWS::Events::Rule": rule,
    "aws_cloudwatch_event_target": event_target,
}
