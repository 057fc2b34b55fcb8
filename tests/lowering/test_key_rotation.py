"""Whether the material of a key is replaced: said, left out, known at deploy time, or not for the provider to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Aspect, Setting
from lowering.loading import from_terraform, line, only

if TYPE_CHECKING:
    from pathlib import Path

CASES = [
    ("aws_kms_key", "", (False, 1, "enable_key_rotation is not set")),
    ("aws_kms_key", "enable_key_rotation = false", (False, 2, "enable_key_rotation is off")),
    ("aws_kms_key", "enable_key_rotation = true", (True, 2, "")),
    ("aws_kms_key", "enable_key_rotation = var.unknown", (None, 2, "")),
    ("aws_kms_key", 'customer_master_key_spec = "SYMMETRIC_DEFAULT"', (False, 1, "enable_key_rotation is not set")),
    ("google_kms_crypto_key", "", (False, 1, "rotation_period is not set")),
    ("google_kms_crypto_key", 'rotation_period = "7776000s"', (True, 2, "")),
    ("azurerm_key_vault_key", "", (False, 1, "rotation_policy.automatic is not set")),
    ("azurerm_key_vault_key", 'rotation_policy {\nautomatic { time_after_creation = "P90D" }\n}', (True, 3, "")),
]


@pytest.mark.parametrize(("kind", "text", "found"), CASES)
def test_a_key_says_whether_it_is_rotated(
    tmp_path: Path, kind: str, text: str, found: tuple[bool | None, int, str]
) -> None:
    declared = f'resource "{kind}" "k" {{\n{text}\nname = "k"\n}}\nvariable "unknown" {{}}\n'
    (one,) = [one for one in only(from_terraform(tmp_path, declared), Setting) if one.aspect is Aspect.KEY_ROTATION]
    assert (one.state, line(one.at), one.note) == found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("aws_kms_key", 'customer_master_key_spec = "RSA_2048"'),
        ("aws_kms_key", "customer_master_key_spec = var.unknown"),
        ("google_kms_crypto_key", 'purpose = "ASYMMETRIC_SIGN"'),
    ],
)
def test_of_a_key_that_cannot_be_rotated_nothing_is_said(tmp_path: Path, kind: str, text: str) -> None:
    declared = f'resource "{kind}" "k" {{\n{text}\nname = "k"\n}}\nvariable "unknown" {{}}\n'
    found = only(from_terraform(tmp_path, declared), Setting)
    assert [one for one in found if one.aspect is Aspect.KEY_ROTATION] == []
