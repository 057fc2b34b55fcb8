"""Names that say that a random value is a secret."""

from __future__ import annotations

import pytest

from agentreach.lowering import secrets

RANDOM = "f34be427ebb29de8d88c107a71546019685ed8b241d8f2ed00c3df97ad2566f0"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("CREDS_KEY", True),
        ("CREDS_IV", True),
        ("DB_CREDENTIAL", True),
        ("CREDENTIALS", True),
        ("MEILI_MASTER_KEY", True),
        ("SESSION_KEY", True),
        ("AUTH_KEY", True),
        ("ENCRYPTION_KEY", True),
        ("signing-key", True),
        ("CREDIT_LINE", False),
        ("PARTITION_KEY", False),
        ("SACREDS", False),
        ("CREDS_FILE", False),
    ],
)
def test_a_random_value_is_a_secret_by_its_name(name: str, *, found: bool) -> None:
    assert (secrets.detect(name, RANDOM) is not None) is found
