"""An agent that a state machine asks runs whenever the machine is started, unless a person answers in it first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Aspect, Setting
from agentreach.model import Reference
from lowering.loading import from_terraform, line, only

if TYPE_CHECKING:
    from pathlib import Path

STACK = """\
resource "aws_bedrockagent_agent" "desk" { agent_name = "desk" }

resource "aws_sfn_state_machine" "nightly" {
  definition = jsonencode({
    StartAt = "FIRST"
    States = {
      Approve = { Type = "Task", Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Next = "Ask" }
      Ask = {
        Type       = "Task"
        Resource   = "RESOURCE"
        Parameters = { AgentId = aws_bedrockagent_agent.desk.agent_id }
        End        = true
      }
    }
  })
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule = "nightly"
  arn  = aws_sfn_state_machine.nightly.arn
}
"""
ASKS = "arn:aws:states:::aws-sdk:bedrockagentruntime:invokeAgent"
APPROVAL = (
    '      Approve = { Type = "Task", Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Next = "Ask" }\n'
)


def _unattended(tmp_path: Path, text: str) -> list[tuple[str, int]]:
    found = [one for one in only(from_terraform(tmp_path, text), Setting) if one.aspect is Aspect.UNATTENDED]
    return [
        (one.subject.key.address if isinstance(one.subject, Reference) else one.subject.address, line(one.at))  # type: ignore[union-attr]
        for one in found
    ]


def test_the_agent_runs_when_the_machine_is_started(tmp_path: Path) -> None:
    text = STACK.replace(APPROVAL, "").replace("FIRST", "Ask").replace("RESOURCE", ASKS)
    assert _unattended(tmp_path, text) == [("aws_sfn_state_machine.nightly", 19), ("aws_bedrockagent_agent.desk", 19)]


def test_a_person_who_answers_first_is_somebody_about(tmp_path: Path) -> None:
    text = STACK.replace("FIRST", "Approve").replace("RESOURCE", ASKS)
    assert _unattended(tmp_path, text) == [("aws_sfn_state_machine.nightly", 20)]


def test_a_person_whom_the_machine_passes_by_is_not(tmp_path: Path) -> None:
    text = STACK.replace("FIRST", "Ask").replace("RESOURCE", ASKS)
    assert _unattended(tmp_path, text) == [("aws_sfn_state_machine.nightly", 20), ("aws_bedrockagent_agent.desk", 20)]


def test_an_id_that_is_passed_to_something_else_asks_no_agent(tmp_path: Path) -> None:
    text = STACK.replace(APPROVAL, "").replace("FIRST", "Ask").replace("RESOURCE", "arn:aws:states:::lambda:invoke")
    assert _unattended(tmp_path, text) == [("aws_sfn_state_machine.nightly", 19)]
