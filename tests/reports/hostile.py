"""Stacks whose every name tries to be something else: markup, a command, a formula, an escape sequence."""

from __future__ import annotations

import json
from contextlib import chdir
from dataclasses import replace
from typing import TYPE_CHECKING

from agentreach.findings import Suppression
from agentreach.identity import Evidence
from agentreach.model import Key, Source, Span
from reports.report_samples import scan_folder

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.engine import Scan
    from agentreach.findings import Finding

PAYLOADS = {
    "terminal": "\x1b[2J\x1b]8;;http://evil.example\x07click\x1b]8;;\x07\x9b31m",
    "script": "</script><script>alert(1)</script>",
    "image": "\"><img src=x onerror=alert(1)>'",
    "comment": "--><svg onload=alert(1)><!--",
    "markdown": "[click](http://evil.example) ![](http://evil.example/p.png) @everyone `x` | y **z** <b>",
    "fence": "```\n# heading\n- item\n\n<details>",
    "formula": '=HYPERLINK("http://evil.example";"x")\n+1+1\n@SUM(A1)',
    "workflow": "::error::x\n::add-mask::y\n##[add-mask]z%0A::stop-commands::t",
    "xml": "]]><x>&amp;\x00\x01\ufffe\ud800",
    "bidi": "\u202eevil\u202c\u2066a\u200b\u2028b\ufeff",
    "braces": "{{ 7 * 7 }}{% raw %}${x}@policy@@data@",
    "long": "A" * 10_000,
}
STACK = """\
resource "aws_bedrockagent_agent" "ops" {{
  agent_name              = {name}
  foundation_model        = "m"
  agent_resource_role_arn = aws_iam_role.ops.arn
  tags                    = {{ owner = {name} }}
}}
resource "aws_iam_role" "ops" {{
  name               = {name}
  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole",
    Principal = {{ Service = "bedrock.amazonaws.com" }} }}] }})
}}
resource "aws_iam_role_policy" "ops" {{
  role = aws_iam_role.ops.id # {comment}
  policy = jsonencode({{
    Statement = [{{ Sid = {name}, Effect = "Allow", Action = ["*"], Resource = [{name}, "*"] }}]
  }})
}}
resource "aws_bedrockagent_agent_action_group" "tool" {{
  agent_id          = aws_bedrockagent_agent.ops.agent_id
  agent_version     = "DRAFT"
  action_group_name = {name}
  action_group_executor {{
    lambda = "arn:aws:lambda:eu-west-1:111122223333:function:x"
  }}
  function_schema {{
    member_functions {{
      functions {{
        name = {name}
      }}
    }}
  }}
}}
"""


def hostile_scan(folder: Path, payload: str) -> Scan:
    """A real scan of hostile names, whose findings then speak only in the payload."""
    stack = folder / "stack"
    stack.mkdir()
    quoted = json.dumps(payload.replace("\ud800", "\\ud800")).replace("${", "$${").replace("%{", "%%{")
    comment = payload.replace("\n", " ").replace("\ud800", "").replace("\x00", "")
    (stack / "main.tf").write_text(STACK.format(name=quoted, comment=comment), encoding="utf-8")
    scan = scan_folder(stack)
    with chdir(folder):
        return replace(scan, findings=tuple(_spoken(finding, payload) for finding in scan.findings))


def _spoken(finding: Finding, payload: str) -> Finding:
    odd = Span(Source(f"d/{payload[:300]}.tf", f"x = {payload}\ny\n"), 0, 5)
    evidence = (*(Evidence(one.at, payload) for one in finding.evidence), Evidence(odd, payload))
    suppressed = None
    if finding.check_id.endswith("2"):
        suppressed = Suppression(reason=payload, until=None, path=f"{payload[:300]}.tf", line=1)
    return replace(
        finding,
        message=payload,
        remediation=payload,
        subject=Key(payload, payload),
        evidence=evidence if finding.check_id.endswith("1") else evidence[::-1],
        suppressed=suppressed,
    )


def hostile_report(payload: str) -> str:
    """An earlier report that somebody else wrote: every text in it is the payload."""
    finding = dict.fromkeys(("fingerprint", "check", "severity", "subject", "root", "message"), payload)
    lists = {key: [payload, "x"] for key in ("actions", "resources", "systems")}
    reach = [
        {"step": step, "service": payload, "standing": True, "production": True, **lists}
        for step in ("secrets", "observe", payload)
    ]
    agent = {"address": payload, "root": payload, "name": payload, "role": "agent", "reach": reach}
    return json.dumps({"schema": "agentreach.scan/1", "findings": [finding], "agents": [agent]})
