"""Small stacks that several tests of the command line scan."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

AGENT = """\
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  foundation_model        = "anthropic.claude-sonnet-4"
  agent_resource_role_arn = aws_iam_role.ops.arn
  tags                    = { owner = "platform" }
  guardrail_configuration {
    guardrail_identifier = "gr-1"
    guardrail_version    = "1"
  }
}

resource "aws_iam_role" "ops" {
  name = "ops"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "bedrock.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}
"""
POLICY = """\
resource "aws_iam_role_policy" "ops" {
  role = aws_iam_role.ops.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "%s"
      Resource = "%s"
    }]
  })
}
"""
ADMIN = POLICY % ("*", "*")
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/tickets"
NARROW = POLICY % ("dynamodb:GetItem", TABLE)


def write(folder: Path, name: str, text: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agentreach", *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )


def scanned(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = run(folder, "scan", "--format", "json", *arguments)
    return done.returncode, json.loads(done.stdout)
