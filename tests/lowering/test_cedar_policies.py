"""A policy engine that enforces is a gate as far as its policies refuse anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Gate
from lowering.loading import from_template, only

if TYPE_CHECKING:
    from pathlib import Path

GATEWAY = """\
Resources:
  Gateway:
    Type: AWS::BedrockAgentCore::Gateway
    Properties:
      Name: g
      PolicyEngineConfiguration: {Arn: !GetAtt Engine.PolicyEngineArn, Mode: %s}
  Engine: {Type: 'AWS::BedrockAgentCore::PolicyEngine', Properties: {Name: e}}
"""
POLICY = """\
  P%d:
    Type: AWS::BedrockAgentCore::Policy
    Properties:
      PolicyEngineId: !GetAtt Engine.PolicyEngineId
      EnforcementMode: %s
      ValidationMode: %s
      Definition: {Cedar: {Statement: "%s"}}
"""
ALL = "permit(principal, action, resource);"
ONE = "permit(principal, action == AgentCore::Action::'t___get', resource);"
SOME = "permit(principal, action, resource) when { context.input.amount < 100 };"
NEVER = "forbid(principal, action == AgentCore::Action::'t___delete', resource);"
STRICT = "FAIL_ON_ANY_FINDINGS"


def gate(tmp_path: Path, *policies: tuple[str, str, str], mode: str = "ENFORCE") -> tuple[bool | None, str]:
    text = GATEWAY % mode + "".join(POLICY % (index, *policy) for index, policy in enumerate(policies))
    (found,) = only(from_template(tmp_path, text), Gate)
    return found.fails_closed, found.note.removeprefix("policy engine in mode ")


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ([("ACTIVE", STRICT, ONE)], (True, "ENFORCE")),
        ([("ACTIVE", STRICT, SOME)], (True, "ENFORCE")),
        ([("ACTIVE", STRICT, ALL), ("ACTIVE", STRICT, NEVER)], (True, "ENFORCE")),
        ([("ACTIVE", STRICT, f"// {ALL}\\n{ONE}")], (True, "ENFORCE")),
        ([], (True, "ENFORCE")),
        ([("ACTIVE", STRICT, ALL)], (False, "ENFORCE, and a policy of the engine permits every call")),
        (
            [("ACTIVE", STRICT, "permit (\\n principal,\\n action,\\n resource\\n);"), ("LOG_ONLY", STRICT, NEVER)],
            (False, "ENFORCE, and a policy of the engine permits every call"),
        ),
        ([("LOG_ONLY", STRICT, ONE)], (False, "ENFORCE, and every policy of the engine only logs")),
        (
            [("ACTIVE", "IGNORE_ALL_FINDINGS", ONE)],
            (None, "ENFORCE, and a policy of the engine ignores what its validation finds"),
        ),
    ],
)
def test_an_engine_refuses_what_its_policies_do(
    policies: list[tuple[str, str, str]], expected: tuple[bool | None, str], tmp_path: Path
) -> None:
    assert gate(tmp_path, *policies) == expected


def test_an_engine_that_only_logs_is_no_gate_whatever_its_policies_say(tmp_path: Path) -> None:
    assert gate(tmp_path, ("ACTIVE", STRICT, ONE), mode="LOG_ONLY") == (False, "LOG_ONLY")
