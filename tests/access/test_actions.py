from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.written import allow, statements
from agentreach.access import actions, effective, steps
from agentreach.access.globs import compiled, match_text
from agentreach.access.request import Layers
from agentreach.identity import Step

DATA = Path(actions.__file__).parent / "data"
ALL_NAMES = actions.names(actions.known_bits())


def test_every_bit_has_a_name_and_every_name_its_bit() -> None:
    assert len(ALL_NAMES) == actions.known_bits().bit_count() > 20_000
    for name in ALL_NAMES[::97]:
        assert actions.names(actions.expand(name)) == (name,)
    assert list(ALL_NAMES) == sorted(ALL_NAMES, key=lambda name: (name.partition(":")[0], name.lower()))


@pytest.mark.parametrize(
    "pattern",
    [
        "s3:*",
        "s3:Get*",
        "S3:GETOBJECT",
        "s3:*Object*",
        "*:Get*",
        "ec2*:*",
        "s3:?etObject",
        "*",
        "*:*",
        "*Role",
        "iam:P*e",
    ],
)
def test_a_pattern_expands_to_what_it_matches(pattern: str) -> None:
    tokens = compiled(pattern.lower())
    expected = {name for name in ALL_NAMES if match_text(tokens, name.lower())}
    assert set(actions.names(actions.expand(pattern) & actions.known_bits())) == expected


@given(st.text(alphabet="sgetobjc3:*?", min_size=1, max_size=10))
def test_any_pattern_expands_to_what_it_matches(text: str) -> None:
    pattern = f"s3:{text}"
    tokens = compiled(pattern.lower())
    expected = {name for name in actions.names(actions.expand("s3:*")) if match_text(tokens, name.lower())}
    known = actions.expand(pattern) & actions.known_bits()
    assert set(actions.names(known)) == expected & set(ALL_NAMES)


def test_a_pathological_pattern_is_rejected_by_its_length() -> None:
    assert actions.expand("s3:" + "*a" * 4000) & actions.known_bits() == 0


# What the catalogue does not know


def test_an_action_missing_from_the_catalogue_keeps_a_bit_a_name_and_a_step() -> None:
    for action, step in (
        ("quantumvault:GetSecretShard", Step.SECRETS),
        ("s3:PutBucketQuantumPolicy", Step.IDENTITY),
        ("agentfleet:*", Step.WRITE_DATA),
        ("agentfleet:Describe*", Step.OBSERVE),
    ):
        bits = actions.expand(action)
        assert bits
        assert bits & actions.known_bits() == 0
        assert not actions.is_listed(action)
        assert actions.unlisted(bits) == actions.names(bits) == (action,)
        assert steps.step_of(action) is step
        assert steps.highest(bits | actions.expand("logs:PutLogEvents")) is step
        assert actions.supports_resource(action)


def test_wildcards_cover_unknown_actions_and_denies_take_them_away() -> None:
    unknown = actions.expand("s3:ErasePlanet")
    assert actions.expand("s3:*") & unknown
    assert actions.expand("s3:Erase*") & unknown
    assert actions.expand("*") & unknown
    assert not actions.expand("sqs:*") & unknown
    assert actions.expand("s3:eraseplanet") == unknown


def test_an_emptied_catalogue_switches_no_check_off(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten = actions._index()._replace(services={k: v for k, v in actions._index().services.items() if k != "iam"})
    monkeypatch.setattr(actions, "_index", lambda: forgotten)
    monkeypatch.setattr(actions, "_unlisted", actions._Unlisted())
    actions._expanded.cache_clear()
    steps.step_of.cache_clear()
    try:
        assert steps.step_of("iam:PassRole") is Step.IDENTITY
        assert steps.step_of("iam:PutRolePolicy") is Step.IDENTITY
        (grant,) = effective.grants(effective_layers("iam:PassRole"))
        assert actions.unlisted(grant.possible) == ("iam:PassRole",)
    finally:
        actions._expanded.cache_clear()
        steps.step_of.cache_clear()


def effective_layers(action: str) -> Layers:
    return Layers(identity=statements(allow(action)))


@pytest.mark.parametrize(
    ("action", "step"),
    [
        ("x:GetThing", Step.OBSERVE),
        ("x:ListSecrets", Step.OBSERVE),
        ("x:GetApiKeyValue", Step.SECRETS),
        ("x:CreateAccessToken", Step.SECRETS),
        ("x:DeleteToken", Step.WRITE_DATA),
        ("x:BatchReadThings", Step.READ_DATA),
        ("x:QueryThings", Step.READ_DATA),
        ("x:InvokeThing", Step.EXECUTE),
        ("x:StartBuild", Step.EXECUTE),
        ("x:StartThing", Step.WRITE_DATA),
        ("x:AssumeThing", Step.IDENTITY),
        ("x:UpdateThingPermissions", Step.IDENTITY),
        ("x:UpdatePipeline", Step.DEPLOY),
        ("x:PutThing", Step.WRITE_DATA),
        ("x:*", Step.WRITE_DATA),
    ],
)
def test_the_step_that_a_verb_suggests(action: str, step: Step) -> None:
    assert steps.guess(action) is step


# Steps


@pytest.mark.parametrize(
    ("action", "step"),
    [
        ("s3:ListBucket", Step.OBSERVE),
        ("logs:PutLogEvents", Step.OBSERVE),
        ("ecr:GetAuthorizationToken", Step.OBSERVE),
        ("s3:GetObject", Step.READ_DATA),
        ("dynamodb:Query", Step.READ_DATA),
        ("kms:Decrypt", Step.READ_DATA),
        ("bedrock:InvokeModel", Step.READ_DATA),
        ("s3:PutObject", Step.WRITE_DATA),
        ("rds-data:ExecuteStatement", Step.WRITE_DATA),
        ("lambda:InvokeFunction", Step.EXECUTE),
        ("ssm:SendCommand", Step.EXECUTE),
        ("bedrock-agentcore:InvokeCodeInterpreter", Step.EXECUTE),
        ("bedrock-agentcore:InvokeGateway", Step.EXECUTE),
        ("lambda:UpdateFunctionCode", Step.DEPLOY),
        ("cloudformation:UpdateStack", Step.DEPLOY),
        ("ecr:PutImage", Step.DEPLOY),
        ("bedrock-agentcore:UpdateAgentRuntime", Step.DEPLOY),
        ("bedrock:DeleteGuardrail", Step.DEPLOY),
        ("secretsmanager:GetSecretValue", Step.SECRETS),
        ("ssm:GetParameter", Step.SECRETS),
        ("bedrock-agentcore:GetResourceOauth2Token", Step.SECRETS),
        ("iam:PassRole", Step.IDENTITY),
        ("sts:AssumeRole", Step.IDENTITY),
        ("s3:PutBucketPolicy", Step.IDENTITY),
        ("bedrock:PutResourcePolicy", Step.IDENTITY),
        ("lambda:AddPermission", Step.IDENTITY),
        ("bedrock-agentcore:UpdatePolicyEngine", Step.IDENTITY),
        ("*", Step.ADMIN),
    ],
)
def test_the_privilege_step_of_an_action(action: str, step: Step) -> None:
    assert steps.step_of(action) is step


def test_every_known_action_has_exactly_one_step() -> None:
    masks = [actions.mask(step.label) for step in Step if step is not Step.ADMIN]
    union = 0
    for mask in masks:
        assert union & mask == 0
        union |= mask
    assert union == actions.known_bits()


def test_everything_but_a_few_actions_outside_iam_is_still_admin() -> None:
    everything = actions.all_bits()
    assert steps.highest(everything & ~actions.expand("s3:DeleteBucket")) is Step.ADMIN
    assert steps.highest(everything & ~actions.expand("iam:*")) is Step.IDENTITY
    assert steps.highest(actions.expand("iam:*")) is Step.IDENTITY
    assert steps.highest(0) is Step.OBSERVE


def test_a_set_divides_by_step_highest_first() -> None:
    bits = actions.expand("s3:GetObject") | actions.expand("iam:PassRole") | actions.expand("x:InvokeThing")
    parts = steps.by_step(bits)
    assert [(step, actions.names(part)) for step, part in parts.items()] == [
        (Step.IDENTITY, ("iam:PassRole",)),
        (Step.EXECUTE, ("x:InvokeThing",)),
        (Step.READ_DATA, ("s3:GetObject",)),
    ]
    assert bits & steps.at_least(Step.EXECUTE) == actions.expand("iam:PassRole")


def test_a_set_divides_by_service() -> None:
    bits = actions.expand("s3:Get*") | actions.expand("sqs:SendMessage")
    assert list(actions.by_service(bits)) == ["s3", "sqs"]
    assert actions.by_service(actions.expand("sqs:*"))["sqs"] == (1 << len(actions.names(actions.expand("sqs:*")))) - 1


def test_resource_level_support() -> None:
    assert actions.supports_resource("s3:GetObject")
    assert not actions.supports_resource("s3:ListAllMyBuckets")
    assert not actions.supports_resource("ec2:DescribeInstances")


def test_named_sets() -> None:
    silencing = actions.mask("audit-silencing")
    assert silencing & actions.expand("cloudtrail:StopLogging")
    assert silencing & actions.expand("bedrock:DeleteModelInvocationLoggingConfiguration")
    assert not silencing & actions.expand("cloudtrail:LookupEvents")
    assert actions.mask("self-escalating") & actions.expand("iam:PutRolePolicy")
    assert actions.mask("credential-yielding") & actions.expand("sts:AssumeRole")
    assert actions.mask("data-write") & actions.expand("dynamodb:DeleteTable")
    with pytest.raises(KeyError):
        actions.mask("nothing")


def test_the_catalogue_has_a_version_and_its_services() -> None:
    assert len(actions.version()) == 8
    assert actions.version() == json.loads((DATA / "actions.json").read_text())["version"]
    assert {"s3", "iam", "bedrock", "bedrock-agentcore", "sts"} <= set(actions.services())
    assert actions.limited_by_resource_control("S3")
    assert not actions.limited_by_resource_control("ec2")
