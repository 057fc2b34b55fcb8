"""Action groups of a Bedrock agent: its tools, what runs them, and whether a person confirms.

Terraform's `aws_bedrockagent_agent_action_group` has no argument for the confirmation of a function; CloudFormation
and awscc have `RequireConfirmation`, and an OpenAPI schema has `x-requireConfirmation` in all three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Hidden, Operation, Setting, Tool
from agentreach.lowering import openapi
from agentreach.lowering.aws.pieces import executor as executing
from agentreach.lowering.operations import mutating
from agentreach.model import Key, Unknown
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Value

_SIGNATURES = {"AMAZON.UserInput": "user-input", "AMAZON.CodeInterpreter": "code-interpreter"}
_PREFIX = "AMAZON."
_CALLED = frozenset({"lambda", "return-control"})
"""Executors of functions that the schema declares; Bedrock's own action groups have none to confirm."""


class Schema(NamedTuple):
    """The operations of an action group; `hidden` says why they, or some of them, are not in the code."""

    operations: tuple[Operation, ...] = ()
    confirmable: bool = True
    hidden: Unknown | None = None


def tools(group: Scope, key: Key, agent: Key | Value, context: Context, *, confirmable: bool) -> Iterator[Fact]:
    """One action group. `confirmable`: its type can require confirmation for a function."""
    if group.text("ActionGroupState") == "DISABLED":
        return
    name = group.text("ActionGroupName") or key.address
    schema = _schema(group, confirmable=confirmable)
    executor, note = _executor(group)
    place = group.at("ActionGroupName") if group.prefix else group.place
    yield Tool(
        key=key,
        agent=agent,
        name=name,
        executor=executor,
        at=place,
        target=executing(group, "ActionGroupExecutor.Lambda", context),
        confirmation=confirmation(schema) if executor == "lambda" else None,
        confirmable=schema.confirmable and executor in _CALLED,
        operations=schema.operations,
        note=note,
    )
    if executor == "code-interpreter":
        yield Setting(
            subject=key,
            aspect=Aspect.CODE_EXECUTION,
            state=True,
            at=group.at("ParentActionGroupSignature"),
            note="AMAZON.CodeInterpreter",
        )
    if schema.hidden is not None:
        yield Hidden(subject=key, attribute=_SCHEMA, reason=schema.hidden.reason, at=schema.hidden.at)


_SCHEMA = "schema"


def confirmation(schema: Schema) -> bool | None:
    """True when every operation that may change something requires it; None when some are elsewhere."""
    concerned = [one for one in schema.operations if one.mutating is not False] or list(schema.operations)
    answers = {one.confirmation for one in concerned}
    if False in answers:
        return False
    return None if None in answers or not answers or schema.hidden is not None else True


def _executor(group: Scope) -> tuple[str, str]:
    """What runs the action group, and what to say about it."""
    signature = group.text("ParentActionGroupSignature") or ""
    if signature.startswith(_PREFIX):
        return _SIGNATURES.get(signature, signature.removeprefix(_PREFIX).lower()), signature
    if group.text("ActionGroupExecutor.CustomControl") == "RETURN_CONTROL":
        return "return-control", "whether anyone approves depends on the caller"
    return "lambda", ""


def _schema(group: Scope, *, confirmable: bool) -> Schema:
    for path in ("ApiSchema.Payload", "ApiSchema.S3.Content"):
        payload = group.get(path)
        if payload is not None:
            return _openapi(payload)
    if group.has("ApiSchema.S3"):
        place = group.at("ApiSchema.S3")
        return Schema(hidden=Unknown("the schema lies in S3", place))
    functions = group.get("FunctionSchema.Functions")
    if isinstance(functions, Unknown):
        return Schema(hidden=functions, confirmable=confirmable)
    return Schema(tuple(_functions(group, confirmable=confirmable)), confirmable)


def _openapi(payload: Value) -> Schema:
    api = openapi.document(payload)
    if isinstance(api, Unknown):
        return Schema(hidden=api)
    return Schema(tuple(openapi.operations(api, confirmable=True)))


def _functions(group: Scope, *, confirmable: bool) -> Iterator[Operation]:
    for function in group.each("FunctionSchema.Functions"):
        name = function.text("Name")
        if name is None:
            continue
        written = function.get("RequireConfirmation") if confirmable else None
        answer = False if written is None else _enabled(function)
        yield Operation(name, mutating(name), answer, function.at("RequireConfirmation", "Name"))


def _enabled(function: Scope) -> bool | None:
    text = function.text("RequireConfirmation")
    return None if text is None else text == "ENABLED"
