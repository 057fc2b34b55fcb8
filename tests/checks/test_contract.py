"""What other tools may rely on: ceilings, what silences what, and the formats each check reads."""

from __future__ import annotations

from agentreach.findings import Severity
from agentreach_checks import ALL
from agentreach_checks.retained_credential.static_access_key import STATIC
from check_pages import page

SILENCES = {
    "AR101": {"AR102", "AR301", "AR303", "AR304", "AR305", "AR306", "AR310", "AR405"},
    "AR104": {"AR103"},
    "AR108": {"AR109", "AR303", "AR304"},
    "AR109": {"AR301"},
    "AR204": {"AR205"},
    "AR207": {"AR206"},
    "AR302": {"AR405"},
    "AR303": {"AR301", "AR405"},
    "AR304": {"AR405"},
    "AR305": {"AR301", "AR405"},
    "AR306": {"AR301", "AR405"},
}
CEILINGS = {
    Severity.LOW: "AR002 AR003 AR205",
    Severity.MEDIUM: "AR001 AR206 AR210 AR402 AR403 AR406 AR501 AR502 AR503 AR504",
    Severity.HIGH: "AR111 AR201 AR202 AR203 AR204 AR207 AR208 AR209 AR307 AR309",
    Severity.CRITICAL: (
        "AR101 AR102 AR103 AR104 AR105 AR106 AR107 AR108 AR109 AR110 AR112 AR301 AR302 AR303 AR304 AR305 AR306 AR308 "
        "AR310 AR311 AR401 AR404 AR405"
    ),
}
CLUSTERS_ONLY = {"AR108", "AR109", "AR204", "AR205", "AR304"}
OUTSIDE_CLUSTERS = "AR101 AR102 AR104 AR105 AR106 AR111 AR112 AR201 AR302 AR308 AR310 AR311 AR402 AR403 AR406 AR503"
FORMATS = ("terraform", "cloudformation", "kubernetes")


def test_a_finding_silences_what_it_says_better_and_nothing_else() -> None:
    assert {check.id: set(check.silences) for check in ALL if check.silences} == SILENCES


def test_no_severity_exceeds_the_ceiling_that_is_published() -> None:
    for severity, ids in CEILINGS.items():
        assert [check.id for check in ALL if check.severity is severity] == ids.split()


def test_a_check_reads_every_format_that_can_express_its_pattern() -> None:
    for check in ALL:
        others = FORMATS[:2] if check.id in OUTSIDE_CLUSTERS.split() else FORMATS
        expected = {FORMATS[2]} if check.id in CLUSTERS_ONLY else set(others)
        assert set(check.formats) == expected, check.id


def test_keys_and_tokens_that_stand_for_an_identity_by_themselves() -> None:
    assert " ".join(sorted(STATIC)) == (
        "access-key account-key api-key bedrock-api-key deploy-key deploy-token hmac-key personal-access-token "
        "service-account-key ssh-key"
    )


def test_both_pages_say_that_a_clusters_escalation_is_not_told_twice() -> None:
    pages = {check.id: page(check) for check in ALL if check.id in {"AR304", "AR405"}}
    assert "AR405 does not repeat the same rule on the same service account" in pages["AR304"]
    assert "AR302 (in a cluster AR304)" in pages["AR405"]
