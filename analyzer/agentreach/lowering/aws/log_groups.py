"""Where what agents do is written down, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Setting
from agentreach.lowering import durations
from agentreach.lowering.aws.pieces import system
from agentreach.lowering.durations import DAY, Unit
from agentreach.model import Reference, Scalar, string, text_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.identity import Fact
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Value

SHORTEST = 90 * DAY
"""Below this an access review cannot look back a quarter."""

_OF_FUNCTIONS = "/aws/lambda/"


def log_group(scope: Scope, context: Context) -> Iterator[Fact]:
    """A log group; that of a function says how long what the function does can be looked up."""
    yield system(scope, context, "logs", "log-group")
    kept = durations.seconds(scope.get("RetentionInDays"), Unit.DAYS)
    function = _function(scope.get("LogGroupName"))
    if function is not None and isinstance(kept, float) and 0 < kept < SHORTEST:
        yield Setting(
            subject=function,
            aspect=Aspect.AUDIT_LOG,
            state=False,
            at=scope.at("RetentionInDays"),
            note=f"its log is kept for {kept / DAY:g} days",
        )


def _function(name: Value | None) -> Value | None:
    """The function whose log a group is, by the name Lambda gives it."""
    parts = text_parts(name)
    if name is None or not parts or not isinstance(parts[0], str) or not parts[0].startswith(_OF_FUNCTIONS):
        return None
    known = string(name)
    if known is not None:
        reference = name.reference if isinstance(name, Scalar) else None
        return Scalar(known.removeprefix(_OF_FUNCTIONS), name.at, reference)
    return next((part for part in parts if isinstance(part, Reference)), None)


def invocation_logging(_scope: Scope, _context: Context) -> Iterator[Fact]:
    """Model invocation logging is read with the agents of the account."""
    return iter(())


LOWERINGS = {
    "AWS::Logs::LogGroup": log_group,
    "aws_bedrock_model_invocation_logging_configuration": invocation_logging,
}
