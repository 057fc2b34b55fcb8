"""Whether what an agent declares calls for what its identity grants.

True and False only where a declaration says so: a Bedrock agent's own role serves the service alone; the functions
of a tool name what they do by verb. Code that the scan does not read (a runtime, a pod) leaves it unknown.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from agentreach.identity import IdentityRelation

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


class _Does(Enum):
    READ = "read"
    CREATE = "create"
    CHANGE = "change"
    REMOVE = "remove"


_READING: Final = "get list describe read query scan search fetch find lookup select view check head watch"
_CREATING: Final = "create put add insert send publish submit start run invoke issue upload write"
_CHANGING: Final = (
    "update put modify set edit change refund approve cancel close patch write transact restart reboot scale resize "
    "reset enable disable move rename assign reopen resolve"
)
_REMOVING: Final = "delete remove terminate purge drop destroy revoke cancel close"
"""What is cancelled or closed may be marked so, or be gone: both are called for."""
_VERBS: Final = {
    _Does.READ: frozenset(_READING.split()),
    _Does.CREATE: frozenset(_CREATING.split()),
    _Does.CHANGE: frozenset(_CHANGING.split()),
    _Does.REMOVE: frozenset(_REMOVING.split()),
}


_MAY_CALL_FOR: Final = {
    _Does.READ: frozenset(_Does),
    _Does.CREATE: frozenset({_Does.CREATE, _Does.CHANGE}),
    _Does.CHANGE: frozenset({_Does.CREATE, _Does.CHANGE}),
    _Does.REMOVE: frozenset({_Does.REMOVE}),
}
"""What an operation may be about that calls for an action: whoever changes something may have to read it first."""


def needed(action: str, reach: Reach, agent: AgentView, identity: IdentityView | None) -> bool | None:
    """Whether one action of a reach is called for."""
    if action in _PLUMBING:
        return True
    tools = [tool for tool in agent.tools if _acts_as(tool, reach)]
    if tools:
        return _by_operations(action, reach, [one for tool in tools for one in tool.operations])
    own = identity is not None and identity.relation is IdentityRelation.RUNS_AS
    if own and agent.agent.kind in _SERVED_ONLY and "*" not in action:
        return action in _MODEL
    return None


def _acts_as(tool: ToolView, reach: Reach) -> bool:
    return any(view.key == reach.identity for view in tool.acts_as)


def _by_operations(action: str, reach: Reach, operations: Sequence[Operation]) -> bool | None:
    """True when a declared operation does the same to a thing of that name; False when none does the like."""
    doing = _kinds(action.rpartition(":")[2].rpartition(" ")[0] or action.rpartition(":")[2])
    if not operations or not doing:
        return None
    calling = frozenset[_Does]().union(*(_MAY_CALL_FOR[one] for one in doing))
    alike = [one for one in operations if not _kinds(one.name) or _kinds(one.name) & calling]
    if not alike:
        return False
    return True if any(_about(one, reach) and _kinds(one.name) & doing for one in alike) else None


def _kinds(name: str) -> frozenset[_Does]:
    """What the verb of a name does: its first word, or the second where the first says where (`k8s_get_pods`)."""
    words = [word for word in _words(name) if word != "batch"]
    kinds = (frozenset(kind for kind, verbs in _VERBS.items() if word in verbs) for word in words[:2])
    return next((found for found in kinds if found), frozenset())


def _about(operation: Operation, reach: Reach) -> bool:
    """Whether an operation's nouns occur in what is reached."""
    nouns = {_singular(word) for word in list(_words(operation.name))[1:]}
    places = " ".join((*reach.resources, *(system.key.address for system in reach.systems), *reach.actions))
    return not nouns.isdisjoint(_singular(word) for word in _words(places))


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _words(name: str) -> Iterable[str]:
    """`GetCustomer`, `get_customer` and `get-customer` say the same."""
    return "".join(map(_spaced, name)).split()


def _spaced(letter: str) -> str:
    if letter.isupper():
        return f" {letter.lower()}"
    return letter if letter.isalnum() else " "
