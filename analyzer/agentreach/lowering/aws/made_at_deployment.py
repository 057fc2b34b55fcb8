"""Code that runs at deployment and may create agents by API calls: what it creates is not in the scanned code.

Proof is a call that names the operation (in a custom resource's properties, or in a function's inline code), or an
action of the function's role that creates agents.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agentreach.identity import Agent, Confidence, Evidence, Hidden, Role
from agentreach.late_regex import late_regex
from agentreach.lowering.arns import scope_of
from agentreach.lowering.aws import own_statements
from agentreach.lowering.aws.dialect import canonical
from agentreach.lowering.aws.pieces import executor
from agentreach.model import Encoded, ListValue, MapValue, OneOf, string, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource, Value

_CREATES = (
    "bedrock:createagent",
    "bedrock:create*",
    "bedrock:*",
    "bedrock-agentcore:createagentruntime",
    "bedrock-agentcore:createharness",
    "bedrock-agentcore:creategateway",
    "bedrock-agentcore:create*",
    "bedrock-agentcore:*",
    "bedrock-agentcore-control:",
)
"""Actions that create an agent; whoever holds `*` is no proof."""

_FULL_ACCESS = ("policy/AmazonBedrockFullAccess", "policy/BedrockAgentCoreFullAccess")
"""AWS's own policies that hold them: AWS managed policy reference."""

_CALL = late_regex(r"(?<![a-z])create_?(?:agent(?:_?runtime)?|harness)(?:command)?(?![a-z_])", re.IGNORECASE)
_ANSWERS = ("cfnresponse", "cfn-response", "cfn_response", "ResponseURL", "crhelper")
_CODE = "Code.ZipFile"
_RUNS = ("ServiceToken", "FunctionName")


def run_at_deployment(scope: Scope, context: Context) -> Iterator[Fact]:
    """A custom resource, or the invocation of a function: calls that it spells out, else what its function may do."""
    functions = [context.lookup(executor(scope, path, context)) for path in _RUNS]
    function = next((one for one in functions if one is not None), None)
    called = next(_calls(scope.body), None)
    proof = [] if called is None else [Evidence(called[1].at, f"calls {called[0]}")]
    proof += [] if function is None else _proof(function, context, called=called is not None)
    if proof:
        yield from _possible_agent(scope, (Evidence(scope.resource.at, "runs a function at deployment"), *proof))


def answering(scope: Scope, context: Context) -> Iterator[Fact]:
    """A function that answers CloudFormation and creates agents, for a custom resource that is declared elsewhere."""
    written = scope.get(_CODE)
    code = string(written) or ""
    found = _CALL.search(code) if any(sign in code for sign in _ANSWERS) else None
    if found is None or any(_is_custom(one) for one in context.mentions(scope.resource.key)):
        return
    proof = _proof(scope.resource, context)
    yield from _possible_agent(scope, (Evidence(scope.resource.at, "answers as a custom resource"), *proof))


def _is_custom(resource: Resource) -> bool:
    return resource.type.startswith("Custom::") or canonical(resource.type) in LOWERINGS


def _proof(function: Resource, context: Context, *, called: bool = False) -> list[Evidence]:
    """What a function's code calls, and the role that lets it; the role also where the call is `called` elsewhere."""
    scope = scope_of(function)
    code = _CALL.search(string(scope.get(_CODE)) or "")
    role = context.lookup(scope.get("Role"))
    action = None if role is None else next(_creating(role, context), None)
    found = [] if code is None else [Evidence(scope.at(_CODE), f"its code calls {code[0]}")]
    if role is not None and action is not None:
        _, policy, name = _ending(action).rpartition("policy/")
        found.append(Evidence(action.at, f"its role {role.key.address} {'has' if policy else 'may do'} {name}"))
    elif role is not None and (called or code is not None):
        found.append(Evidence(scope.at("Role"), f"its role is {role.key.address}"))
    return found


def _calls(properties: MapValue) -> Iterator[tuple[str, Value]]:
    """Operations that the properties of a custom resource name, each with where."""
    pending: list[Value] = [properties]
    while pending:
        match pending.pop():
            case MapValue(entries=entries):
                pending += entries.values()
            case ListValue(items=several) | OneOf(alternatives=several):
                pending += several
            case Encoded(value=inner):
                pending.append(inner)
            case one:
                found = _CALL.search("".join(part for part in text_parts(one) if isinstance(part, str)))
                if found is not None:
                    yield found[0], one


def _possible_agent(scope: Scope, because: tuple[Evidence, ...]) -> Iterator[Fact]:
    key = scope.resource.key
    yield Agent(
        key=key,
        name=scope.resource.name,
        platform="aws",
        kind="possible-undeclared-agent",
        at=scope.resource.at,
        role=Role.UNDECLARED,
        confidence=Confidence.MEDIUM,
        because=because,
    )
    yield Hidden(
        subject=key,
        attribute="agent",
        reason="an agent that code creates at deployment is not in the scanned code",
        at=scope.resource.at,
    )


def _creating(role: Resource, context: Context) -> Iterator[Value]:
    """Actions of a role's policies that create agents, or AWS's policies that hold them."""
    for statement in own_statements.allowing(role, context):
        yield from (one for one in statement.actions if (string(one) or "").lower().startswith(_CREATES))
    yield from (one for one in own_statements.attached(role, context) if _ending(one).endswith(_FULL_ACCESS))


def _ending(text: Value) -> str:
    """The last part of a text, where it is known: the partition of an ARN may not be."""
    *_, last = ("", *text_parts(text))
    return last if isinstance(last, str) else ""


LOWERINGS = {
    "AWS::CloudFormation::CustomResource": run_at_deployment,
    "aws_lambda_invocation": run_at_deployment,
}
