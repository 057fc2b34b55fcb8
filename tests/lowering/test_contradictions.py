"""Lifetimes that contradict what stands beside them, or cannot be, are unknown and say why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from agentreach.cli import group
from agentreach.identity import Credential
from agentreach.model import Unknown
from lowering.kubernetes.cluster import of
from lowering.loading import from_terraform, only
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


EXCLUSIVE: dict[str, tuple[str, str, Plain, dict[str, Plain]]] = {
    "end_date and end_date_relative": (
        "azuread_application_password",
        "end_date",
        "2027-01-01T00:00:00Z",
        {"end_date_relative": "8760h", "application_id": "a"},
    ),
    "ttl and expire_time": (
        "google_secret_manager_secret",
        "ttl",
        "3600s",
        {"expire_time": "2027-01-01T00:00:00Z", "secret_id": "s"},
    ),
    "rotation_configuration.expiration_days and expires_at": (
        "gitlab_project_access_token",
        "expires_at",
        "2027-01-01",
        {"rotation_configuration.expiration_days": 30},
    ),
    "schedule.expiration.duration_hours and schedule.expiration.duration_days": (
        "azurerm_pim_active_role_assignment",
        "schedule.expiration.duration_hours",
        8,
        {"schedule.expiration.duration_days": 30, "principal_id": "p", "role_definition_id": "r", "scope": "s"},
    ),
}


@pytest.mark.parametrize("names", EXCLUSIVE)
def test_of_two_that_exclude_each_other_none_is_believed(names: str) -> None:
    found = facts(*EXCLUSIVE[names])
    reasons = [one.ttl.reason for one in found if isinstance(one, Credential) and isinstance(one.ttl, Unknown)]
    assert reasons == [f"{names} are both written, and exclude each other"]


REALM = """
resource "keycloak_realm" "acme" {{
  realm = "acme"
{realm}
}}

resource "keycloak_openid_client" "agent" {{
  realm_id    = keycloak_realm.acme.id
  client_id   = "agent"
  access_type = "PUBLIC"
{client}
}}
"""


@pytest.mark.parametrize(
    ("realm", "client", "kind", "lasts", "note"),
    [
        ('access_token_lifespan = "5m"', 'access_token_lifespan = "7200"', "access-token", 7200.0, ""),
        ('access_token_lifespan = "20m"', "", "access-token", 1200.0, ""),
        (
            'sso_session_max_lifespan = "10h"',
            'access_token_lifespan = "172800"',
            "access-token",
            36_000.0,
            "ends with sso_session_max_lifespan, which is shorter than what is written",
        ),
        (
            'sso_session_max_lifespan = "10h"',
            'client_session_max_lifespan = "172800"',
            "refresh-token",
            36_000.0,
            "ends with sso_session_max_lifespan, which is shorter than what is written",
        ),
        (
            'offline_session_max_lifespan = "720h"\n  offline_session_max_lifespan_enabled = true',
            'client_offline_session_max_lifespan = "5184000"',
            "refresh-token",
            2_592_000.0,
            "ends with offline_session_max_lifespan, which is shorter than what is written",
        ),
        (
            'offline_session_max_lifespan = "720h"',
            'client_offline_session_max_lifespan = "3600"',
            "refresh-token",
            None,
            "the longest life of offline sessions is written, but not switched on",
        ),
    ],
)
def test_a_client_of_keycloak_keeps_a_token_as_long_as_realm_and_client_together_allow(
    tmp_path: Path, realm: str, client: str, kind: str, lasts: float | None, note: str
) -> None:
    found = from_terraform(tmp_path, REALM.format(realm=f"  {realm}", client=f"  {client}"))
    own = [one for one in only(found, Credential) if "client" in str(one.owner) and one.kind == kind]
    assert [(one.ttl, one.never_expires, one.note) for one in own] == [(lasts, lasts is None, note)]


def test_offline_sessions_have_no_end_where_their_longest_life_is_only_written(tmp_path: Path) -> None:
    text = 'resource "keycloak_realm" "acme" {\n  realm = "acme"\n  offline_session_max_lifespan = "720h"\n}\n'
    (found,) = [one for one in only(from_terraform(tmp_path, text), Credential) if one.kind == "refresh-token"]
    assert (found.never_expires, found.at.location.line) == (True, 3)


TOOLHIVE = """
apiVersion: toolhive.stacklok.dev/v1beta1
kind: VirtualMCPServer
metadata: {name: desk, namespace: desk}
spec:
  authServerConfig:
    tokenLifespans:
      accessTokenLifespan: %s
      refreshTokenLifespan: %s
"""


@pytest.mark.parametrize(
    ("access", "refresh", "found"),
    [
        ("2h", "24h", [7200.0, 86_400.0]),
        ("200h", "24h", ["accessTokenLifespan exceeds refreshTokenLifespan", 86_400.0]),
        ("-1h", "24h", ["the lifetime is negative", 86_400.0]),
        ("0s", "0s", ["what is written is no time at all", "what is written is no time at all"]),
    ],
)
def test_an_access_token_of_toolhive_does_not_outlive_what_renews_it(
    access: str, refresh: str, found: list[float | str]
) -> None:
    tokens = [one.ttl for one in of(Credential, TOOLHIVE % (access, refresh)) if "Lifespan" in one.attribute]
    assert [one.reason if isinstance(one, Unknown) else one for one in tokens] == found


CERTIFICATE = """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: desk, namespace: desk}
spec:
  secretName: desk
%s
"""


@pytest.mark.parametrize(
    ("written", "found", "line"),
    [
        ("  duration: 48h\n  renewBefore: 24h", 172_800.0, 6),
        ("  duration: 24h\n  renewBefore: 24h", "renewBefore is not shorter than duration", 6),
        ("  duration: 24h\n  renewBefore: 48h", "renewBefore is not shorter than duration", 6),
        ("  renewBefore: 9000h", "renewBefore is not shorter than duration", 1),
        ("  duration: 24h\n  renewBefore: soon", 86_400.0, 6),
    ],
)
def test_a_certificate_that_would_be_renewed_before_it_begins_has_no_known_lifetime(
    written: str, found: float | str, line: int
) -> None:
    (held,) = of(Credential, CERTIFICATE % written)
    assert (held.ttl.reason if isinstance(held.ttl, Unknown) else held.ttl, held.at.location.line) == (found, line)


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
