"""Every row of the catalogue about Vault: a minimal declaration of the attribute states what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Credential, Fact
from agentreach.lowering import wanted
from agentreach.lowering.catalogue import entries
from agentreach.lowering.durations import DAY, HOUR
from lowering.one_attribute import Row, described, facts, rows_of, says

if TYPE_CHECKING:
    from lowering.one_attribute import Plain


def lives(value: Plain, seconds: float | None, **fields: object) -> Row:
    return Row(value, Credential, {"ttl": seconds, **fields})


PERIOD = {"never_expires": True, "renewable_without_human": True}
ROWS: dict[str, Row] = {
    "vault_approle_auth_backend_role.secret_id_ttl": lives(600, 600.0, kind="secret-id", never_expires=False),
    "vault_approle_auth_backend_role.token_ttl": lives(600, 600.0, kind="vault-token"),
    "vault_approle_auth_backend_role.token_max_ttl": lives(7200, 2 * HOUR, renewable_without_human=True),
    "vault_approle_auth_backend_role.token_period": lives(3600, None, **PERIOD),
    "vault_approle_auth_backend_role.token_explicit_max_ttl": lives(7200, 2 * HOUR, never_expires=False),
    "vault_aws_auth_backend_role.token_max_ttl": lives(7200, 2 * HOUR),
    "vault_aws_secret_backend_role.default_sts_ttl": lives(3600, HOUR, thresholds="role-session"),
    "vault_aws_secret_backend_role.max_sts_ttl": lives(43_200, 12 * HOUR, thresholds="role-session"),
    "vault_aws_secret_backend_static_role.rotation_period": lives(86_400, DAY, kind="access-key", rotated=True),
    "vault_azure_secret_backend_role.explicit_max_ttl": lives("2h", 2 * HOUR, kind="client-secret"),
    "vault_azure_secret_backend_role.max_ttl": lives(7200, 2 * HOUR),
    "vault_database_secret_backend_role.default_ttl": lives(3600, HOUR, kind="password"),
    "vault_database_secret_backend_role.max_ttl": lives(7200, 2 * HOUR, kind="password"),
    "vault_database_secret_backend_static_role.rotation_period": lives(86_400, DAY, rotated=True),
    "vault_identity_oidc_role.ttl": lives(3600, HOUR, kind="access-token"),
    "vault_jwt_auth_backend_role.token_ttl": lives(600, 600.0),
    "vault_kubernetes_auth_backend_role.token_max_ttl": lives(7200, 2 * HOUR),
    "vault_kubernetes_auth_backend_role.token_period": lives(3600, None, **PERIOD),
    "vault_kubernetes_secret_backend_role.token_max_ttl": lives(7200, 2 * HOUR, kind="service-account-token"),
    "vault_mount.max_lease_ttl_seconds": lives(7200, 2 * HOUR, kind="lease"),
    "vault_pki_secret_backend_role.max_ttl": lives(86_400, DAY, kind="certificate"),
    "vault_terraform_cloud_secret_role.max_ttl": lives(7200, 2 * HOUR, kind="api-token"),
    "vault_token.ttl": lives("24h", DAY, kind="vault-token", stored_in="state"),
    "vault_token.period": lives("24h", None, stored_in="state", **PERIOD),
    "vault_token_auth_backend_role.token_explicit_max_ttl": lives(7200, 2 * HOUR),
}

ELSEWHERE = {"vault_approle_auth_backend_role.token_num_uses": "a count, not a time"}


@pytest.mark.parametrize("name", ROWS, ids=str)
def test_a_row_of_the_catalogue_is_stated(name: str) -> None:
    type_, _, path = name.partition(".")
    found: tuple[Fact, ...] = facts(type_, path, ROWS[name].value, {})
    assert says(found, ROWS[name]), described(found)


def test_every_row_of_the_catalogue_has_an_example_or_a_reason() -> None:
    assert rows_of(entries(), ("vault_",)) == {*ROWS, *ELSEWHERE}


@pytest.mark.parametrize("type_", [entry.type for entry in entries().values() if entry.type.startswith("vault_")])
def test_every_type_of_the_catalogue_is_read(type_: str) -> None:
    assert wanted(type_)


SYSTEM = 768 * HOUR
DEFAULTS: dict[str, list[tuple[str, float | None, bool]]] = {
    "vault_approle_auth_backend_role": [("secret_id_ttl", None, True), ("token_max_ttl", SYSTEM, False)],
    "vault_kubernetes_auth_backend_role": [("token_max_ttl", SYSTEM, False)],
    "vault_token": [("token_max_ttl", SYSTEM, False)],
    "vault_azure_secret_backend_role": [("explicit_max_ttl", 10 * 365 * DAY, False)],
    "vault_database_secret_backend_role": [("default_ttl", SYSTEM, False), ("max_ttl", SYSTEM, False)],
    "vault_identity_oidc_role": [("ttl", DAY, False)],
    "vault_mount": [("max_lease_ttl_seconds", SYSTEM, False)],
    "vault_aws_secret_backend_role": [],
}


@pytest.mark.parametrize("type_", DEFAULTS)
def test_what_nobody_writes_is_the_default_of_the_documentation(type_: str) -> None:
    found = [fact for fact in facts(type_, "path", "row", {}) if isinstance(fact, Credential)]
    assert {(one.attribute, one.ttl, one.never_expires) for one in found} == set(DEFAULTS[type_])
    assert all(one.defaulted and one.at.location.line == 1 for one in found)


@pytest.mark.parametrize(
    ("type_", "path", "said"),
    [
        ("vault_approle_auth_backend_role", "secret_id_ttl", ("secret_id_ttl", None, True)),
        ("vault_approle_auth_backend_role", "token_max_ttl", ("token_max_ttl", SYSTEM, False)),
        ("vault_approle_auth_backend_role", "token_period", ("token_max_ttl", SYSTEM, False)),
        ("vault_approle_auth_backend_role", "token_explicit_max_ttl", ("token_max_ttl", SYSTEM, False)),
        ("vault_mount", "max_lease_ttl_seconds", ("max_lease_ttl_seconds", SYSTEM, False)),
    ],
)
def test_zero_is_no_limit_and_never_no_time(type_: str, path: str, said: tuple[str, float | None, bool]) -> None:
    found = [fact for fact in facts(type_, path, 0, {}) if isinstance(fact, Credential)]
    assert said in [(one.attribute, one.ttl, one.never_expires) for one in found]
    assert all(one.ttl != 0.0 for one in found)


def test_an_explicit_longest_bounds_what_a_period_would_renew_without_end() -> None:
    found = facts("vault_approle_auth_backend_role", "token_period", 3600, {"token_explicit_max_ttl": 7200})
    (token,) = [one for one in found if isinstance(one, Credential) and one.kind == "vault-token"]
    assert (token.attribute, token.ttl, token.never_expires, token.at.location.line) == (
        "token_explicit_max_ttl",
        2 * HOUR,
        False,
        3,
    )


def test_the_longest_of_the_role_does_not_bound_a_period() -> None:
    found = facts("vault_kubernetes_auth_backend_role", "token_period", 3600, {"token_max_ttl": 7200})
    (token,) = [one for one in found if isinstance(one, Credential)]
    assert (token.attribute, token.never_expires, token.at.location.line) == ("token_period", True, 2)


def test_a_batch_token_cannot_be_renewed() -> None:
    found = facts("vault_approle_auth_backend_role", "token_ttl", 600, {"token_type": "batch"})
    assert [
        one.renewable_without_human for one in found if isinstance(one, Credential) and "longest" in one.key.address
    ] == [False]
