"""Branches of the checks on retained credentials that a page cannot show, on views written by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agentreach import thresholds
from agentreach.findings import Severity
from agentreach.graph.options import GraphOptions
from agentreach.identity import Aspect, Confidence, RbacStatement, SecretUse, Step
from agentreach.model import Key, Reference, Scalar, Unknown
from agentreach_checks.lifetimes import too_long
from agentreach_checks.own_secrets import divided
from agentreach_checks.retained_credential.automounted_token import automounted_token
from agentreach_checks.retained_credential.long_lived_service_account_token import long_lived_service_account_token
from agentreach_checks.retained_credential.long_session import long_session
from agentreach_checks.retained_credential.no_rotation import no_rotation
from agentreach_checks.retained_credential.outlives_task import outlives_task
from agentreach_checks.retained_credential.renewable_without_human import renewable_without_human
from agentreach_checks.retained_credential.secret_in_environment import secret_in_environment
from agentreach_checks.retained_credential.secret_literal import secret_literal
from agentreach_checks.retained_credential.shared_secret import shared_secret
from agentreach_checks.retained_credential.static_access_key import STATIC, static_access_key
from built_views import (
    OPS,
    ROLE,
    at,
    credential,
    entry,
    found,
    graph,
    identity,
    key,
    messages,
    reach,
    secret_use,
    setting,
    system,
)

HOUR, DAY = 3600.0, 86_400.0


def _session(seconds: float, *, highest: Step = Step.ADMIN, **fields: object) -> list[Severity]:
    held = credential("role-session", ttl=seconds, thresholds="role-session", highest=highest, **fields)
    return [one.severity for one in found(long_session, graph(all_credentials=(held,)))]


@pytest.mark.parametrize(
    ("hours", "severity"),
    [
        (1, []),
        (2, [Severity.LOW]),
        (4, [Severity.LOW]),
        (5, [Severity.MEDIUM]),
        (12, [Severity.MEDIUM]),
        (13, [Severity.HIGH]),
    ],
)
def test_a_session_is_rated_by_its_row(hours: float, severity: list[Severity]) -> None:
    assert _session(hours * HOUR) == severity


def test_a_session_is_at_most_as_bad_as_its_owner() -> None:
    assert _session(13 * HOUR, highest=Step.READ_DATA) == [Severity.LOW]
    assert _session(13 * HOUR, highest=Step.WRITE_DATA) == [Severity.MEDIUM]


def test_a_default_counts_only_where_it_is_high() -> None:
    assert _session(8 * HOUR, defaulted=True) == []
    assert _session(13 * HOUR, defaulted=True) == [Severity.HIGH]


def test_a_lifetime_that_is_not_stated_or_known_later_is_no_finding() -> None:
    assert found(long_session, graph(all_credentials=(credential("role-session"),))) == []
    later = credential("role-session", ttl=Unknown("variable 'x' has no value", at()))
    assert found(long_session, graph(all_credentials=(later,))) == []


def test_configured_thresholds_move_the_finding() -> None:
    held = credential("role-session", ttl=2 * HOUR, highest=Step.ADMIN)
    strict = {**thresholds.DEFAULT, "role-session": replace(thresholds.DEFAULT["role-session"], warn=HOUR)}
    options = GraphOptions(lifetimes=strict)
    (finding,) = found(long_session, graph(all_credentials=(held,), options=options))
    assert finding.severity is Severity.MEDIUM


def test_sentences_about_lifetimes_name_what_where_and_whose_figure() -> None:
    role = key("role.ops")
    held = credential("role-session", ttl=12 * HOUR, attribute="max_session_duration", holder=role, highest=Step.ADMIN)
    assert messages(long_session, graph(all_credentials=(held,))) == [
        (
            "A session of role.ops, as which agent.ops may act, may last for 12 hours (max_session_duration); "
            "recommended: 1 hour or less (IAM's default of 1 h and maximum of 12 h; OWASP ASI03:2026; AISVS 1.0 C5.1.2)"
        )
    ]
    idle = credential("session", ttl=8 * HOUR, thresholds="idle-session", attribute="idle", highest=Step.ADMIN)
    memory = credential("memory", never_expires=True, thresholds="memory", defaulted=True, highest=Step.ADMIN)
    assert messages(outlives_task, graph(all_credentials=(idle, memory))) == [
        (
            "A session of agent.ops may be kept for 8 hours (idle); recommended: an idle timeout of 30 minutes or less "
            "(AISVS 1.0 C5.1.2)"
        ),
        (
            "What agent.ops remembers is kept without end, which is the default; recommended: 1 day or less "
            "(OWASP MCP10:2025 (24 h); AISVS 1.0 C8.3)"
        ),
    ]
    token = credential("refresh-token", ttl=40 * DAY, thresholds="refresh-token", highest=Step.ADMIN)
    (message,) = messages(long_session, graph(all_credentials=(token,)))
    assert message.startswith(
        "The refresh token refresh-token.crm of agent.ops is valid for 40 days; recommended: 1 day"
    )


@pytest.mark.parametrize("kind", sorted(STATIC))
def test_a_key_without_an_end_is_static(kind: str) -> None:
    held = credential(kind, never_expires=True, highest=Step.SECRETS)
    (finding,) = found(static_access_key, graph(all_credentials=(held,)))
    assert finding.severity is Severity.HIGH
    assert finding.message.endswith("which never expires")


def test_a_key_with_a_far_end_is_static_too_and_one_with_a_near_end_is_not() -> None:
    def keys(days: float) -> list[Severity]:
        held = credential("bedrock-api-key", ttl=days * DAY, thresholds="bedrock-api-key", highest=Step.ADMIN)
        return [one.severity for one in found(static_access_key, graph(all_credentials=(held,)))]

    assert keys(90) == [Severity.MEDIUM]
    assert keys(400) == [Severity.HIGH]
    assert keys(0.4) == []


def test_the_token_of_a_person_is_held_not_accepted() -> None:
    held = credential("personal-access-token", key=OPS, owner=OPS, ttl=340.6 * DAY, thresholds="static-secret")
    assert messages(static_access_key, graph(all_credentials=(held,))) == [
        "agent.ops may use the personal access token agent.ops, which lives for about 341 days"
    ]


def test_a_service_that_takes_keys_is_said_to_accept_them() -> None:
    held = credential("account-key", key=OPS, owner=OPS, never_expires=True)
    assert messages(static_access_key, graph(all_credentials=(held,))) == [
        "agent.ops accepts account keys beside identities, and such a key never expires"
    ]


def test_every_entry_of_a_secret_is_the_environment() -> None:
    assert messages(secret_in_environment, graph(all_secret_uses=(secret_use("*"),))) == [
        "agent.ops receives crm in its environment"
    ]


def test_a_rotated_key_and_another_kind_are_no_static_keys() -> None:
    rotated = credential("api-key", never_expires=True, rotated=True)
    secret = credential("secret", never_expires=True)
    assert found(static_access_key, graph(all_credentials=(rotated, secret))) == []


@pytest.mark.parametrize(("rotated", "count"), [(False, 1), (True, 0), (None, 0)])
def test_only_what_is_known_not_to_rotate_is_told(*, rotated: bool | None, count: int) -> None:
    assert len(found(no_rotation, graph(all_credentials=(credential(rotated=rotated),)))) == count


def test_keys_and_account_tokens_have_checks_of_their_own() -> None:
    several = tuple(credential(kind, rotated=False) for kind in ("access-key", "service-account-token"))
    assert found(no_rotation, graph(all_credentials=several)) == []


def _secrets(number: int, *, literal: bool = False, placeholder: bool = False) -> tuple[object, ...]:
    return tuple(
        credential(
            key=key(f"secret.{n}"),
            owner=key(f"secret.{n}"),
            rotated=False,
            literal=literal,
            placeholder=placeholder,
            highest=Step.SECRETS,
        )
        for n in range(number)
    )


def test_secrets_that_a_wildcard_sweeps_up_are_one_finding() -> None:
    sweeping = reach(Step.SECRETS, wildcard_resource=True, systems=tuple(system(f"secret.{n}") for n in range(6)))
    view = graph(all_credentials=_secrets(6), all_reach=(sweeping,))
    (finding,) = found(no_rotation, view)
    assert finding.subject == sweeping.identity
    assert finding.message == (
        "No rotation is declared in the scanned code for what agent.ops may read as ops: "
        "secret.0, secret.1, secret.2, secret.3 and 2 more"
    )


def test_each_statement_that_sweeps_names_its_own_agents() -> None:
    two = key("agent.two")
    one = reach(Step.SECRETS, wildcard_resource=True, systems=(system("secret.0"),))
    other = reach(
        Step.SECRETS, agents=(two,), identity=key("role.two"), wildcard_resource=True, systems=(system("secret.0"),)
    )
    view = graph(entry(), entry("agent.two"), all_credentials=_secrets(1), all_reach=(one, other))
    assert [(finding.subject.address, finding.agents) for finding in found(no_rotation, view)] == [
        ("role.ops", (OPS,)),
        ("role.two", (two,)),
    ]


def test_a_secret_that_some_statement_names_or_that_is_given_stands_alone() -> None:
    sweeping = reach(Step.SECRETS, wildcard_resource=True, systems=tuple(system(f"secret.{n}") for n in range(3)))
    naming = reach(Step.SECRETS, systems=(system("secret.0"),), cause="policy.ops:#1")
    given = secret_use(secret=key("secret.1"))
    view = graph(all_credentials=_secrets(3), all_reach=(sweeping, naming), all_secret_uses=(given,))
    assert [one.subject.address for one in found(no_rotation, view)] == ["secret.0", "secret.1", "role.ops"]


def test_a_rule_without_names_sweeps_and_one_with_names_does_not() -> None:
    def subjects(*names: str) -> list[str]:
        rule = RbacStatement(verbs=("get",), resource_names=names, at=at())
        one = reach(Step.SECRETS, provider="kubernetes", statement=rule, systems=(system("secret.0"),))
        return [f.subject.address for f in found(no_rotation, graph(all_credentials=_secrets(1), all_reach=(one,)))]

    assert subjects() == ["role.ops"]
    assert subjects("secret-0") == ["secret.0"]


def test_literals_that_a_wildcard_sweeps_up_are_one_finding_as_sure_as_the_surest() -> None:
    sweeping = reach(Step.SECRETS, wildcard_resource=True, systems=(system("secret.0"), system("secret.1")))
    literals = _secrets(1, literal=True, placeholder=True)
    (low,) = found(secret_literal, graph(all_credentials=literals, all_reach=(sweeping,)))
    assert low.confidence is Confidence.LOW
    (high,) = found(secret_literal, graph(all_credentials=_secrets(2, literal=True), all_reach=(sweeping,)))
    assert high.confidence is Confidence.HIGH
    assert high.message == "Secret values in the code are among what agent.ops may read as ops: secret.0 and secret.1"


def test_a_placeholder_is_told_with_low_confidence() -> None:
    given = secret_use("TOKEN", literal=True, placeholder=True)
    declared = credential(literal=True, placeholder=True, highest=Step.ADMIN)
    for view in (graph(all_secret_uses=(given,)), graph(all_credentials=(declared,))):
        (finding,) = found(secret_literal, view)
        assert finding.confidence is Confidence.LOW
        assert finding.message.endswith(", or a placeholder for one")
    sure = found(secret_literal, graph(all_secret_uses=(secret_use("TOKEN", literal=True),)))
    assert [one.confidence for one in sure] == [Confidence.HIGH]


def test_a_literal_in_the_code_is_at_least_medium() -> None:
    declared = credential(literal=True, highest=Step.OBSERVE)
    assert [one.severity for one in found(secret_literal, graph(all_credentials=(declared,)))] == [Severity.MEDIUM]


def test_only_environment_references_are_in_the_environment() -> None:
    uses = (secret_use(), secret_use(via="file"), secret_use("LITERAL", literal=True))
    assert messages(secret_in_environment, graph(all_secret_uses=uses)) == [
        "agent.ops receives crm in environment variable CRM_TOKEN"
    ]


def test_a_secret_of_no_agent_is_not_told() -> None:
    nobody = secret_use(agents=())
    assert found(secret_in_environment, graph(all_secret_uses=(nobody,))) == []
    literal = secret_use(agents=(), literal=True)
    assert found(secret_literal, graph(all_secret_uses=(literal,))) == []


def _fact(subject: str, secret: object, *, literal: bool = False) -> SecretUse:
    return SecretUse(
        subject=key(subject),
        secret=secret,  # type: ignore[arg-type]
        variable="CRM_TOKEN",
        at=at(),
        literal=literal,
    )


def test_a_secret_that_is_not_declared_is_shared_by_its_name() -> None:
    facts = {key("function.billing"): (_fact("function.billing", Scalar("crm", at())),)}
    (finding,) = found(shared_secret, graph(all_secret_uses=(secret_use(),), facts=facts))
    assert finding.message == "crm is received by agent.ops and function.billing: it cannot be revoked for one alone"
    elsewhere = {key("function.billing"): (_fact("function.billing", Scalar("crm-billing", at())),)}
    assert found(shared_secret, graph(all_secret_uses=(secret_use(),), facts=elsewhere)) == []


def test_parts_of_one_value_in_secrets_manager_are_one_secret() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:crm-AbCdEf"
    facts = {key("function.billing"): (_fact("function.billing", Scalar(f"{arn}:user::", at())),)}
    use = secret_use(named=f"{arn}:token::")
    assert len(found(shared_secret, graph(all_secret_uses=(use,), facts=facts))) == 1


def test_a_reference_to_the_same_thing_is_the_same_secret() -> None:
    reference = Reference(key("data.secret.crm"), "secret_string", at())
    use = replace(secret_use(), use=_fact("agent.ops", reference))
    facts = {key("function.billing"): (_fact("function.billing", reference),)}
    (finding,) = found(shared_secret, graph(all_secret_uses=(use,), facts=facts))
    assert finding.subject == key("data.secret.crm")


def test_values_in_the_code_and_the_tools_of_one_agent_are_not_shared() -> None:
    literal = {key("function.billing"): (_fact("function.billing", Scalar("token", at()), literal=True),)}
    use = secret_use(named="token", literal=True)
    assert found(shared_secret, graph(all_secret_uses=(use,), facts=literal)) == []
    secret = key("secret.crm")
    readers = (key("function.a"), key("function.b"))
    tools = tuple(secret_use(subject=one, secret=secret, readers=readers) for one in readers)
    assert found(shared_secret, graph(all_secret_uses=tools)) == []


def test_a_declared_secret_names_every_reader() -> None:
    use = secret_use(secret=key("secret.crm"), secret_name="secret.crm", readers=(OPS, key("function.x")))
    (message,) = messages(shared_secret, graph(all_secret_uses=(use,)))
    assert message == "secret.crm is received by agent.ops and function.x: it cannot be revoked for one alone"


@pytest.mark.parametrize(
    "kind", ["role-session", "service-account-token", "session", "memory", "secret", "certificate"]
)
def test_what_the_platform_renews_is_not_told(kind: str) -> None:
    assert (
        found(renewable_without_human, graph(all_credentials=(credential(kind, renewable_without_human=True),))) == []
    )


def test_a_token_that_renews_itself_is_told() -> None:
    held = credential("refresh-token", renewable_without_human=True, highest=Step.DEPLOY)
    (finding,) = found(renewable_without_human, graph(all_credentials=(held,)))
    assert finding.message == "agent.ops may renew the refresh token refresh-token.crm without a person"
    assert finding.severity is Severity.MEDIUM


def test_making_a_key_is_renewal_for_a_user_and_escalation_for_a_role() -> None:
    minting = reach(
        Step.IDENTITY,
        service="iam",
        actions=("iam:CreateAccessKey",),
        names=("iam:CreateAccessKey",),
        identity=key("user.ops"),
    )
    user = entry(identities=(identity("user.ops", kind="user"),))
    role = entry(identities=(identity("user.ops", kind="role"),))
    assert len(found(renewable_without_human, graph(user, all_reach=(minting,)))) == 1
    assert found(renewable_without_human, graph(role, all_reach=(minting,))) == []


def test_minting_tokens_is_capped_and_a_wildcard_is_told_elsewhere() -> None:
    names = ("bedrock-agentcore:GetWorkloadAccessTokenForUserId",)
    minting = reach(Step.SECRETS, service="bedrock-agentcore", actions=names, names=names, wildcard_resource=True)
    (finding,) = found(renewable_without_human, graph(all_reach=(minting,)))
    assert finding.severity is Severity.MEDIUM
    assert finding.message.endswith(f"as ops: {names[0]} on any resource")
    assert found(renewable_without_human, graph(all_reach=(replace(minting, wildcard_action=True),))) == []
    assert found(renewable_without_human, graph(all_reach=(replace(minting, standing=False),))) == []


def test_actions_of_several_steps_in_one_statement_are_one_finding() -> None:
    first = ("bedrock-agentcore:GetWorkloadAccessToken",)
    second = ("bedrock-agentcore:GetWorkloadAccessTokenForUserId",)
    several = (reach(Step.READ_DATA, actions=first, names=first), reach(Step.SECRETS, actions=second, names=second))
    (finding,) = found(renewable_without_human, graph(all_reach=several))
    assert finding.severity is Severity.MEDIUM
    assert f"{first[0]} and {second[0]} on" in finding.message


def test_minting_in_a_cluster_is_told_in_its_words() -> None:
    minting = reach(Step.SECRETS, provider="kubernetes", names=("create serviceaccounts/token",), namespace="agents")
    (message,) = messages(renewable_without_human, graph(all_reach=(minting,)))
    assert message.endswith("as ops: create serviceaccounts/token in namespace agents")


def test_a_token_is_needed_where_its_account_has_rights_or_may_have_them() -> None:
    mounted = setting(Aspect.AUTOMOUNT_TOKEN, state=True)

    def told(**fields: object) -> bool:
        return bool(found(automounted_token, graph(entry(identities=(identity(**fields),)), all_settings=(mounted,))))  # type: ignore[arg-type]

    assert told(highest=None)
    assert not told(highest=Step.OBSERVE)
    assert not told(unknown=True)
    off = setting(Aspect.AUTOMOUNT_TOKEN, state=False)
    assert found(automounted_token, graph(all_settings=(off,))) == []


def test_only_a_token_without_an_end_is_long_lived() -> None:
    lasting = credential("service-account-token", never_expires=True, highest=Step.SECRETS)
    ending = credential("service-account-token", ttl=HOUR)
    other = credential("secret", never_expires=True)
    findings = found(long_lived_service_account_token, graph(all_credentials=(lasting, ending, other)))
    assert [one.severity for one in findings] == [Severity.HIGH]


@pytest.mark.parametrize(
    ("action", "user"),
    [
        ("sts:GetFederationToken", False),
        ("sts:GetSessionToken", False),
        ("cognito-identity:GetOpenIdTokenForDeveloperIdentity", False),
        ("bedrock-agentcore:GetWorkloadAccessToken", False),
        ("iam:CreateAccessKey", True),
        ("iam:CreateServiceSpecificCredential", True),
        ("iam:ResetServiceSpecificCredential", True),
    ],
)
def test_every_action_that_makes_a_credential_is_known(action: str, user: bool) -> None:  # noqa: FBT001 - a column
    given = reach(Step.IDENTITY, service="sts", actions=(action,), names=(action,))
    others = identity("role.other"), identity("user.ops", kind="user")
    acting = graph(entry(identities=(*others, identity(kind="user" if user else "role"))), all_reach=(given,))
    assert [finding.severity for finding in found(renewable_without_human, acting)] == [Severity.MEDIUM]
    if user:
        role = graph(entry(identities=(*others, identity())), all_reach=(given,))
        assert found(renewable_without_human, role) == []


@pytest.mark.parametrize(
    "role",
    [
        "Application.ReadWrite.All",
        "Application.ReadWrite.OwnedBy",
        "roles/iam.serviceAccountKeyAdmin",
        "roles/iam.serviceAccountOpenIdTokenCreator",
        "roles/iam.serviceAccountTokenCreator",
    ],
)
def test_every_role_that_makes_a_credential_is_known(role: str) -> None:
    given = reach(Step.IDENTITY, service="iam", provider="google", actions=(role,), names=())
    assert len(found(renewable_without_human, graph(all_reach=(given,)))) == 1


def test_a_token_is_needed_when_any_account_of_the_pod_holds_rights() -> None:
    mounted = setting(Aspect.AUTOMOUNT_TOKEN, state=True)
    idle, working = identity("account.idle"), identity("account.ops", highest=Step.OBSERVE)
    assert found(automounted_token, graph(entry(identities=(idle, working)), all_settings=(mounted,))) == []
    (finding,) = found(automounted_token, graph(entry(identities=(idle,)), all_settings=(mounted,)))
    assert finding.evidence[0].note == "the token is mounted"
    (remedy,) = finding.remedies
    assert (remedy.attribute, remedy.value, remedy.safe) == ("automountServiceAccountToken", False, True)
    noted = setting(Aspect.AUTOMOUNT_TOKEN, state=True, note="account ops")
    (finding,) = found(automounted_token, graph(entry(identities=(idle,)), all_settings=(noted,)))
    assert finding.evidence[0].note == "account ops"


def test_a_literal_is_a_copy_and_no_shared_secret() -> None:
    literal = secret_use(literal=True, secret=key("secret.crm"), readers=(OPS, key("agent.other")))
    assert found(shared_secret, graph(all_secret_uses=(literal,))) == []


def test_secrets_that_are_swept_up_are_as_bad_and_as_sure_as_the_worst_of_them() -> None:
    sweeping = reach(
        Step.SECRETS,
        service="secretsmanager",
        wildcard_resource=True,
        systems=(system("secret.a"), system("secret.b")),
    )
    held = tuple(
        credential(
            "secret",
            key=key(f"secret.{name}"),
            owner=key(f"secret.{name}"),
            rotated=False,
            literal=True,
            placeholder=name == "b",
            highest=highest,
            confidence=confidence,
        )
        for name, highest, confidence in (
            ("a", Step.SECRETS, Confidence.HIGH),
            ("b", Step.OBSERVE, Confidence.MEDIUM),
        )
    )
    view = graph(all_credentials=held, all_reach=(sweeping,))
    for check in (no_rotation, secret_literal):
        rated = [(one.severity, one.confidence) for one in found(check, view) if one.subject == ROLE]
        assert rated == [(Severity.MEDIUM if check is no_rotation else Severity.HIGH, Confidence.HIGH)]


@pytest.mark.parametrize(
    "threshold", ["role-session", "access-token", "refresh-token", "vault-token", "app-secret", "elevated"]
)
def test_every_class_of_session_and_token_has_a_longest(threshold: str) -> None:
    held = credential("token", ttl=4000 * DAY, thresholds=threshold, highest=Step.ADMIN)
    assert len(found(long_session, graph(all_credentials=(held,)))) == 1


def test_a_shared_secret_is_as_sure_as_the_least_sure_of_its_readers() -> None:
    both = tuple(
        secret_use(secret=key("secret.crm"), subject=who, agents=(who,), confidence=confidence)
        for who, confidence in ((OPS, Confidence.HIGH), (key("agent.other"), Confidence.MEDIUM))
    )
    (finding,) = found(shared_secret, graph(entry(), entry("agent.other"), all_secret_uses=both))
    assert finding.confidence is Confidence.MEDIUM


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:crm-AbCdEf"


@pytest.mark.parametrize(
    ("mine", "theirs", "shared"),
    [
        (f"{ARN}:token::", f"{ARN}:user::", True),
        (
            "arn:aws:ssm:eu-west-1:111122223333:parameter/crm:1",
            "arn:aws:ssm:eu-west-1:111122223333:parameter/crm:2",
            False,
        ),
        ("secretsmanager:a:b:c:d:e:f:g", "secretsmanager:a:b:c:d:e:f:h", False),
    ],
)
def test_two_parts_of_one_value_are_one_secret(mine: str, theirs: str, shared: bool) -> None:  # noqa: FBT001 - a column of a table
    other = SecretUse(subject=key("job.backup"), secret=Scalar(theirs, at(61)), variable="CRM", at=at(61))
    view = graph(all_secret_uses=(secret_use(named=mine),), facts={other.subject: (other,)})
    assert bool(found(shared_secret, view)) is shared


@pytest.mark.parametrize(
    ("threshold", "attribute", "days", "shorter", "safe"),
    [
        ("role-session", "max_session_duration", 1.0, 1 / 24, True),
        ("access-token", "token_lifetime", 1.0, 1 / 24, True),
        ("elevated", "max_request_duration", 1.0, 1 / 24, True),
        ("refresh-token", "refresh_token_validity", 90.0, 1.0, False),
        ("memory", "EventExpiryDuration", 90.0, 7.0, False),
        ("memory", "event_expiry_duration", 90.0, 7.0, False),
        ("idle-session", "idle_session_ttl_in_seconds", 1.0, 1 / 48, True),
        ("idle-session", "max_lifetime", 1.0, 1 / 48, False),
    ],
)
def test_a_lifetime_is_to_be_shortened_to_what_is_recommended(
    threshold: str,
    attribute: str,
    days: float,
    shorter: float,
    safe: bool,  # noqa: FBT001 - a column of a table
) -> None:
    held = credential("token", ttl=days * DAY, thresholds=threshold, attribute=attribute, highest=Step.ADMIN)
    check = outlives_task if threshold in {"memory", "idle-session"} else long_session
    (finding,) = found(check, graph(all_credentials=(held,)))
    assert [(one.value, one.safe) for one in finding.remedies] == [((days * DAY, shorter * DAY), safe)]


def test_a_key_that_ends_within_its_threshold_is_not_long_lived() -> None:
    soon = credential("api-key", ttl=30 * DAY, thresholds="static-secret", highest=Step.SECRETS)
    later = credential("api-key", ttl=120 * DAY, thresholds="static-secret", highest=Step.SECRETS)
    assert found(static_access_key, graph(all_credentials=(soon,))) == []
    assert [one.severity for one in found(static_access_key, graph(all_credentials=(later,)))] == [Severity.MEDIUM]


def _shortened(**fields: object) -> list[tuple[object, ...]]:
    held = credential(**fields)  # type: ignore[arg-type]
    found_ones = too_long(long_session, graph(all_credentials=(held,)), frozenset({held.credential.thresholds}))
    return [one.remedies for one in found_ones]


def test_what_never_ends_or_is_written_nowhere_cannot_be_shortened() -> None:
    fields = {"kind": "memory", "thresholds": "memory"}
    assert _shortened(**fields, ttl=None, never_expires=True, attribute="TtlDays") == [()]
    assert _shortened(**fields, ttl=30 * DAY, attribute="") == [()]
    assert [len(one) for one in _shortened(**fields, ttl=30 * DAY, attribute="TtlDays")] == [1]


def test_a_lifetime_that_the_service_goes_no_lower_than_stays() -> None:
    fields = {"kind": "memory", "thresholds": "memory", "attribute": "EventExpiryDuration"}
    assert _shortened(**fields, ttl=7 * DAY) == [()]
    assert [len(one) for one in _shortened(**fields, ttl=8 * DAY)] == [1]


def test_what_should_not_live_at_all_is_not_shortened_to_nothing() -> None:
    assert thresholds.DEFAULT["static-secret"].note == 0
    assert _shortened(kind="api-key", thresholds="static-secret", attribute="expires_at", ttl=341 * DAY) == [()]


@pytest.mark.parametrize(
    ("agents", "holder", "said"),
    [
        ((OPS,), ROLE, "A session of role.ops, as which agent.ops may act, may last"),
        ((OPS,), OPS, "A session of agent.ops may last"),
        ((), ROLE, "A session of role.ops may last"),
        ((), OPS, "A session of agent.ops may last"),
    ],
)
def test_who_acts_in_a_session_is_said_once(agents: tuple[Key, ...], holder: Key, said: str) -> None:
    fields = {"ttl": 13 * HOUR, "thresholds": "role-session", "agents": agents, "holder": holder, "entries": (OPS,)}
    (message,) = messages(long_session, graph(all_credentials=(credential("role-session", **fields),)))
    assert message.startswith(said)


def test_a_value_is_swept_up_with_the_secret_that_it_is_kept_in() -> None:
    store, value = key("secret.crm"), key("secret.crm#value")
    wide = reach(Step.SECRETS, wildcard_resource=True, systems=(system("secret.crm"),))
    kept, apart = credential(key=value, owner=store), credential(key=value, owner=Scalar("crm", at(3)))
    swept = divided(graph(all_reach=(wide,), all_credentials=(kept,)), lambda _: True)
    assert (swept.own, [one.views for one in swept.swept]) == ([], [[kept]])
    assert divided(graph(all_reach=(wide,), all_credentials=(apart,)), lambda _: True).own == [apart]


@pytest.mark.parametrize(
    ("attribute", "said"),
    [
        ("IdleRuntimeSessionTimeout", "an idle timeout of 30 minutes"),
        ("MaxLifetime", "30 minutes"),
        ("", "an idle timeout of 30 minutes"),
    ],
)
def test_a_maximum_is_not_told_to_be_an_idle_timeout(attribute: str, said: str) -> None:
    held = credential("session", ttl=8 * HOUR, thresholds="idle-session", attribute=attribute)
    (message,) = messages(outlives_task, graph(all_credentials=(held,)))
    assert f"recommended: {said} or less" in message


def test_a_key_that_stays_is_low_and_named_with_who_uses_it() -> None:
    stays = setting(Aspect.KEY_ROTATION, state=False, subject=key("key.sessions"))
    (finding,) = found(no_rotation, graph(all_settings=(stays,)))
    assert finding.message == (
        "No rotation is declared in the scanned code for the key key.sessions, which agent.ops may use"
    )
    assert (finding.severity, finding.cause, finding.remediation) == (
        Severity.LOW,
        "key-rotation",
        "Turn the rotation of the key on.",
    )
    for state in (True, None):
        assert found(no_rotation, graph(all_settings=(setting(Aspect.KEY_ROTATION, state=state),))) == []
