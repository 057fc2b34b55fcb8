"""The Cedar policies of an AgentCore policy engine: whether they decide anything.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.lowering.arns import scope_of
from agentreach.lowering.aws.dialect import canonical
from agentreach.model import string

if TYPE_CHECKING:
    from agentreach.lowering.context import Context
    from agentreach.lowering.declaration import Scope
    from agentreach.model import Resource

_POLICY = "AWS::BedrockAgentCore::Policy"
_COMMENT = late_regex(r"//[^\n]*")
_EVERYTHING = late_regex(r"permit\s*\(\s*principal\s*,\s*action\s*,\s*resource\s*(?:,\s*)?\)\s*;")
_FORBID = late_regex(r"\bforbid\s*\(")


def verdict(engine: Resource, context: Context) -> tuple[bool | None, str | None]:
    """Whether an enforcing engine's policies refuse calls; False or None (it is open) with what speaks against it."""
    policies = [scope_of(one) for one in context.mentions(engine.key) if canonical(one.type) == _POLICY]
    active = [one for one in policies if one.text("EnforcementMode") != "LOG_ONLY"]
    if policies and not active:
        return False, "every policy of the engine only logs"
    texts = [_COMMENT.sub("", _statement(one)) for one in active]
    if any(map(_EVERYTHING.search, texts)) and not any(map(_FORBID.search, texts)):
        return False, "a policy of the engine permits every call"
    if any(one.text("ValidationMode") == "IGNORE_ALL_FINDINGS" for one in active):
        return None, "a policy of the engine ignores what its validation finds"
    return True, None


def _statement(policy: Scope) -> str:
    return string(policy.get("Definition.Cedar.Statement")) or ""
