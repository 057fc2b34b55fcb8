from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from agentreach.lowering.catalogue import entries, lifetimes

ROOT = Path(__file__).parents[2]


def test_the_shipped_catalogue_is_what_the_fact_sheet_compiles_to() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "build_agent_resources.py"), "--check"], check=False, capture_output=True
    )
    assert done.returncode == 0, done.stdout


def test_an_attribute_keeps_unit_limits_and_values() -> None:
    role = entries()["aws_iam_role"]
    (session,) = role.of("ttl")
    assert (session.path, session.unit, session.default, session.minimum, session.maximum) == (
        "max_session_duration",
        "s",
        "3600",
        "3600",
        "43200",
    )
    (mode,) = [one for one in entries()["aws_bedrockagentcore_gateway"].of("approval") if one.bad]
    assert (mode.values, mode.bad) == (("LOG_ONLY", "ENFORCE"), ("LOG_ONLY",))


def test_the_table_of_lifetimes_holds_every_provider() -> None:
    types = {type_ for type_, _ in lifetimes()}
    assert {"aws_iam_role", "AWS::IAM::Role", "vault_token", "azuread_application_password", "v1/Pod"} <= types
    assert all(one.unit for _, one in lifetimes())
