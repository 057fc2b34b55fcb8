"""Whether what an agent declares calls for what its identity grants, and why that is said.

True and False only where a declaration says so: a Bedrock agent's own role serves the service alone; the operations
of a tool name what they do by verb. Code that the scan does not read (a runtime, a pod) leaves it unknown.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from agentreach.access.globs import compiled, match_text
from agentreach.access.smaller_roles import smaller
from agentreach.graph.deeds import Deed, deeds, deeds_of, is_about, serves_reading
from agentreach.graph.spelling import listed
from agentreach.identity import IdentityRelation, Role, RoleAssignment, Step
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.graph.views import AgentView, IdentityView, Reach, ToolView
    from agentreach.identity import Operation

_PLUMBING: Final = frozenset(
    {
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "cloudwatch:PutMetricData",
        "ecr:GetAuthorizationToken",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        "roles/artifactregistry.reader",
        "roles/cloudtrace.agent",
        "roles/logging.logWriter",
        "roles/monitoring.metricWriter",
        "AcrPull",
        "Monitoring Metrics Publisher",
    }
)
"""What a platform needs to start and watch any workload."""

_MODEL: Final = frozenset(
    {
        "bedrock:InvokeModel",
        "bedrock:InvokeModelWithResponseStream",
        "bedrock:GetInferenceProfile",
        "bedrock:GetFoundationModel",
        "bedrock:ApplyGuardrail",
        "bedrock:Retrieve",
        "bedrock:RetrieveAndGenerate",
        "bedrock:GetAgentAlias",
        "bedrock:InvokeAgent",
        "bedrock:AssociateThirdPartyKnowledgeBase",
        "bedrock:GetPrompt",
        "bedrock:RenderPrompt",
        "s3:GetObject",
        "kms:Decrypt",
    }
)
"""What Bedrock does with an agent's own role; tools act with roles of their own."""

_SERVED_ONLY: Final = frozenset({"bedrock-agent"})
_MAY_CALL_FOR: Final = {
    Deed.READ: frozenset(Deed),
    Deed.CREATE: frozenset({Deed.CREATE, Deed.CHANGE}),
    Deed.CHANGE: frozenset({Deed.CREATE, Deed.CHANGE}),
    Deed.REMOVE: frozenset({Deed.REMOVE}),
}
"""What an operation may be about that calls for an action: whoever changes something may have to read it first."""
_CHANGING: Final = frozenset({Step.WRITE_DATA, Step.DEPLOY, Step.IDENTITY, Step.ADMIN})
"""Steps of actions that no reading operation takes, whatever their verb."""


class Need(NamedTuple):
    """Whether an action is called for, and a clause that says why.

    `left`: of a pattern or a role that is more than what is called for, the names that do instead. `places`: of what
    the role is assigned around, the declared things that the operations name, when every operation names one.
    """

    answer: bool | None
    because: str
    left: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def need(action: str, reach: Reach, agent: AgentView, identity: IdentityView | None) -> Need:
    """Whether one action of a reach is called for."""
    if agent.role is Role.UNDECLARED:
        return Need(answer=None, because="nothing declared uses it")
    if identity is not None and identity.relation is IdentityRelation.NODE_FALLBACK:
        return Need(
            answer=None, because="it is there for the node, and whether the agent relies on it is not in the code"
        )
    if action in _PLUMBING:
        return Need(answer=True, because="every workload of the platform needs it")
    through = identity.tools if identity is not None else ()
    tools = [tool for tool in agent.tools if tool.key in through or _acts_as(tool, reach)]
    if tools:
        return _by_tools(action, reach, tools)
    own = identity is not None and identity.relation is IdentityRelation.RUNS_AS
    if own and agent.agent.kind in _SERVED_ONLY:
        return _by_service(action, reach)
    return Need(answer=None, because="no declared tool acts with it, and what else it calls is not in the code")


def _acts_as(tool: ToolView, reach: Reach) -> bool:
    return any(view.key == reach.identity for view in tool.acts_as)


def _by_service(action: str, reach: Reach) -> Need:
    """What Bedrock does itself, with the agent's own role."""
    names = _names(action, reach)
    kept = tuple(name for name in names if name in _MODEL)
    if kept and len(kept) == len(names):
        return Need(answer=True, because="Bedrock calls the model with it")
    if not kept and "*" not in names:
        return Need(answer=False, because="not used by Bedrock, and tools act with roles of their own")
    return _partly(names, kept)


def _by_tools(action: str, reach: Reach, tools: Sequence[ToolView]) -> Need:
    operations = [one for tool in tools for one in tool.operations]
    if not operations:
        which = listed(dict.fromkeys(tool.tool.name or tool.key.address for tool in tools))
        return Need(answer=None, because=f"no operations are declared for {which}")
    if isinstance(reach.statement, RoleAssignment) and reach.managed:
        return _role(action, reach, operations)
    names = _names(action, reach)
    if names == (action,):
        return _by_operations(action, reach, operations)
    answers = {name: _by_operations(name, reach, operations).answer for name in names}
    kept = tuple(name for name, answer in answers.items() if answer is not False)
    if all(answers.values()):
        return Need(answer=True, because=f"called for by {_named(operations)}")
    if len(kept) == len(names):
        return Need(answer=None, because="as a pattern it may cover more than what is called for")
    if not kept:
        return Need(answer=False, because=f"nothing that it covers is called for by {_named(operations)}")
    return _partly(names, kept)


def _partly(names: Sequence[str], kept: tuple[str, ...]) -> Need:
    gone = len(names) - len(kept)
    because = f"{gone} of the {len(names)} actions that it covers {'is' if gone == 1 else 'are'} not called for"
    return Need(answer=None, because=because, left=kept)


def _names(action: str, reach: Reach) -> tuple[str, ...]:
    """The concrete actions that a pattern covers at this step; else the action itself."""
    if "*" not in action and "?" not in action:
        return (action,)
    pattern = compiled(action.lower())
    return tuple(name for name in reach.names if match_text(pattern, name.lower())) or (action,)


def _role(role: str, reach: Reach, operations: Sequence[Operation]) -> Need:
    """A predefined role is not called for where a smaller one does all that the operations do."""
    unclear = [one.name for one in operations if not deeds(one.name)]
    if unclear:
        return Need(answer=None, because=f"the name of {listed(unclear)} does not say what it does")
    done = frozenset[Deed]().union(*(deeds(one.name) for one in operations))
    less = smaller(reach.provider, role)
    does = less.reading if done == {Deed.READ} else less.creating if done == {Deed.CREATE} else ""
    if does:
        because = f"{does} does for {_named(operations)}"
        return Need(answer=False, because=because, left=(does,), places=_used(reach, operations))
    return Need(answer=None, because=f"no smaller predefined role is known to do for {_named(operations)}")


def _used(reach: Reach, operations: Sequence[Operation]) -> tuple[str, ...]:
    """The declared things that the operations are about; empty when one of them may be about something else."""
    if not reach.wildcard_resource:
        return ()
    found: list[str] = []
    for one in operations:
        about = [system.key.address for system in reach.systems if is_about(one.name, system.key.address)]
        if not about:
            return ()
        found += about
    return tuple(dict.fromkeys(found))


def _by_operations(action: str, reach: Reach, operations: Sequence[Operation]) -> Need:
    names = tuple(dict.fromkeys(one.name for one in operations))
    return _judged(action, reach.provider, reach.step, names, _places(reach))


@lru_cache(maxsize=16_384)
def _judged(action: str, provider: str, step: Step, operations: tuple[str, ...], places: str) -> Need:
    """True when a declared operation does the same to a thing of that name; False when none does the like."""
    doing = deeds_of(action, provider)
    reads_only = all(deeds(name) == {Deed.READ} for name in operations)
    if serves_reading(action) or not (doing or (reads_only and step in _CHANGING)):
        return Need(answer=None, because="its name does not say which operation would call for it")
    calling = frozenset[Deed]().union(*(_MAY_CALL_FOR[one] for one in doing))
    alike = [name for name in operations if not deeds(name) or deeds(name) & calling]
    if not alike:
        return Need(answer=False, because=f"not called for by {listed(operations)}")
    callers = [name for name in alike if deeds(name) & doing and is_about(name, places)]
    if callers:
        return Need(answer=True, because=f"called for by {listed(callers)}")
    return Need(answer=None, because=f"perhaps called for by {listed(alike)}")


def _places(reach: Reach) -> str:
    return " ".join((*reach.resources, *(system.key.address for system in reach.systems), *reach.actions))


def _named(operations: Iterable[Operation]) -> str:
    return listed(dict.fromkeys(one.name for one in operations))
