"""Lifetimes that contradict what stands beside them, or cannot be, are unknown and say why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from agentreach.cli import group
from agentreach.identity import Credential
from agentreach.model import Unknown
from lowering.one_attribute import Plain, facts

CONTRADICTIONS: dict[str, tuple[str, str, Plain, dict[str, Plain], str]] = {
    "a token outlives its longest": (
        "vault_token_auth_backend_role",
        "token_ttl",
        7200,
        {"token_max_ttl": 3600, "role_name": "r"},
        "token_ttl exceeds token_max_ttl",
    ),
    "a lease outlives its longest": (
        "vault_database_secret_backend_role",
        "default_ttl",
        7200,
        {"max_ttl": 3600},
        "default_ttl exceeds max_ttl",
    ),
    "an idle token outlives the token": (
        "auth0_client",
        "refresh_token.idle_token_lifetime",
        7200,
        {"refresh_token.token_lifetime": 3600},
        "refresh_token.idle_token_lifetime exceeds refresh_token.token_lifetime",
    ),
    "a window outlives the token": (
        "okta_auth_server_policy_rule",
        "refresh_token_window_minutes",
        120,
        {"refresh_token_lifetime_minutes": 60},
        "refresh_token_window_minutes exceeds refresh_token_lifetime_minutes",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_what_contradicts_itself_is_unknown(name: str) -> None:
    type_, path, value, beside, reason = CONTRADICTIONS[name]
    found = [one for one in facts(type_, path, value, beside) if isinstance(one, Credential) and one.attribute == path]
    assert [one.ttl.reason for one in found if isinstance(one.ttl, Unknown)] == [reason]


def test_a_limit_that_is_met_contradicts_nothing() -> None:
    found = facts("vault_database_secret_backend_role", "default_ttl", 3600, {"max_ttl": 3600})
    assert [one.ttl for one in found if isinstance(one, Credential)] == [3600.0, 3600.0]


RUNTIME = """
variable "hours" {{ type = number }}

resource "aws_bedrockagentcore_agent_runtime" "a" {{
  agent_runtime_name = "a"
  role_arn           = aws_iam_role.a.arn

  lifecycle_configuration {{
    idle_runtime_session_timeout = {idle}
    max_lifetime                 = {most}
  }}
}}

resource "aws_iam_role" "a" {{
  name = "a"

  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "bedrock-agentcore.amazonaws.com" }} }}]
  }})
}}
"""


@pytest.mark.parametrize(
    ("idle", "most", "reason"),
    [
        ("7200", "900", "the idle timeout exceeds the maximum lifetime"),
        ("-60", "900", "'-60' is negative"),
        ('"soon"', "900", "'soon' is not a lifetime"),
        ("9999999999999", "null", "'9999999999999' is longer than any lifetime"),
        ("var.hours * 3600", "900", "variable 'hours' has no value"),
    ],
)
def test_every_report_says_why_a_written_lifetime_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, idle: str, most: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("main.tf").write_text(RUNTIME.format(idle=idle, most=most), encoding="utf-8")
    written = CliRunner().invoke(group, ["review", "--format", "json"]).stdout
    (held,) = [one for one in json.loads(written)["agents"][0]["credentials"] if "idle" in one["address"]]
    assert (held["ttl_known"], held["ttl_seconds"], held["line"]) == (False, None, 9)
    assert reason in held["ttl_unknown_because"]
    told = CliRunner().invoke(group, ["review", "--format", "markdown"]).stdout
    assert "lifetime not known from the code (" in told
