from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from access.written import (
    ACCOUNT,
    OTHER,
    Json,
    allow,
    ask,
    deny,
    identity,
    one_of,
    reference,
    role,
    statement,
    statements,
    text,
    unknown,
)
from agentreach.access.aws import matches, unknown_statement
from agentreach.access.request import Decision, Layers, PrincipalFacts, PrincipalKind, Request, ResourcePolicyKind
from agentreach.access.verdict import Verdict
from agentreach.model import Kind

ALLOWED, POSSIBLE, DENIED = Verdict.ALLOWED, Verdict.POSSIBLE, Verdict.DENIED
BUCKET = "arn:aws:s3:::b/k"
QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/agent"


def verdict(layers: Layers, action: str = "s3:GetObject", resource: str = BUCKET, **more: Json) -> Verdict:
    return ask(action, resource, layers, **more).verdict


def test_nothing_declared_denies() -> None:
    decision = ask("s3:GetObject", BUCKET, Layers())
    assert decision == Decision(verdict=DENIED, explicit=False, because=(), assumed=decision.assumed)
    assert decision.assumed == ("boundary", "session", "service-control", "resource-control", "resource")


def test_a_deny_in_another_policy_wins() -> None:
    layers = identity(allow("s3:*"), deny("s3:Get*"))
    decision = ask("s3:GetObject", BUCKET, layers)
    assert (decision.verdict, decision.explicit) == (DENIED, True)
    assert [(one.statement.spot, one.effect) for one in decision.because] == [("#1", "Deny")]


def test_the_lines_that_allow_are_given() -> None:
    layers = replace(identity(allow("s3:*"), allow("sqs:*")), boundary=statements(allow("*")))
    decision = ask("s3:GetObject", BUCKET, layers)
    assert [(one.statement.actions[0], one.effect) for one in decision.because] == [
        (layers.identity[0].actions[0], "Allow"),
        (layers.boundary[0].actions[0] if layers.boundary else None, "Allow"),
    ]
    assert decision.assumed == ("session", "service-control", "resource-control", "resource")


def test_deny_with_not_action_denies_everything_else() -> None:
    layers = identity(allow("*"), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"})
    assert verdict(layers) is ALLOWED
    assert verdict(layers, "sqs:SendMessage", QUEUE) is DENIED


def test_not_resource_is_a_complement() -> None:
    layers = identity({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::prod/*"})
    assert verdict(layers) is ALLOWED
    assert verdict(layers, resource="arn:aws:s3:::prod/k") is DENIED


def test_actions_compare_in_any_case_and_resources_do_not() -> None:
    layers = identity(allow("S3:getobject", "arn:aws:s3:::b/K"))
    assert verdict(layers, "s3:GetObject", "arn:aws:s3:::b/K") is ALLOWED
    assert verdict(layers, "s3:GetObject", "arn:aws:s3:::b/k") is DENIED


@pytest.mark.parametrize("layer", ["boundary", "session"])
def test_a_limiting_layer_must_allow_too(layer: str) -> None:
    for rows, expected in (((allow("s3:Get*"),), ALLOWED), ((allow("sqs:*"),), DENIED), ((), DENIED)):
        limit: Json = {layer: statements(*rows)}
        assert verdict(replace(identity(allow("*")), **limit)) is expected
    deny_limit: Json = {layer: statements(allow("*"), deny("s3:*"))}
    assert ask("s3:GetObject", BUCKET, replace(identity(allow("*")), **deny_limit)).explicit is True


def test_every_level_of_service_control_policies_must_allow() -> None:
    everything, s3_only = statements(allow("*")), statements(allow("s3:*"))
    layers = identity(allow("*"))
    assert verdict(replace(layers, service_control=(everything, s3_only))) is ALLOWED
    assert verdict(replace(layers, service_control=(s3_only, statements(allow("sqs:*"))))) is DENIED
    assert verdict(Layers(service_control=(everything,))) is DENIED


def test_service_control_policies_skip_service_linked_roles_and_services() -> None:
    layers = replace(identity(allow("*")), service_control=(statements(deny("*")),))
    assert verdict(layers, principal=role()) is DENIED
    assert verdict(layers, principal=role(service_linked=True)) is ALLOWED


def test_a_resource_control_policy_only_denies() -> None:
    layers = identity(allow("*"))
    assert verdict(replace(layers, resource_control=(statements(deny("s3:Get*")),))) is DENIED
    assert verdict(replace(layers, resource_control=(statements(deny("s3:Put*")),))) is ALLOWED


# Resource policies in the same account


def resource_policy(principal: Json, *, boundary: bool = False, **facts: Json) -> Verdict:
    layers = Layers(
        resource_policy=statements({**allow("sqs:*"), "Principal": principal}),
        boundary=statements(allow("s3:*")) if boundary else None,
    )
    return verdict(layers, "sqs:SendMessage", QUEUE, principal=role(**facts))


def test_a_resource_policy_that_names_the_role_grants_by_itself() -> None:
    assert resource_policy({"AWS": ROLE}) is ALLOWED
    assert resource_policy({"AWS": ROLE + "x"}) is DENIED
    assert resource_policy({"AWS": ROLE[:-1] + "*"}) is DENIED  # a wildcard in a principal is literal


def test_naming_the_account_only_delegates_to_its_policies() -> None:
    for account in (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"):
        assert resource_policy({"AWS": account}) is DENIED
        layers = Layers(
            identity=statements(allow("sqs:*")), resource_policy=statements({**allow(), "Principal": {"AWS": account}})
        )
        assert verdict(layers, "sqs:SendMessage", QUEUE, principal=role()) is ALLOWED


def test_a_boundary_limits_what_names_the_role_but_not_what_names_the_session_or_user() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/agent/run-1"
    assert resource_policy({"AWS": ROLE}, boundary=True) is DENIED
    named: dict[str, Any] = {"kind": PrincipalKind.ROLE_SESSION, "session_arn": (session,)}
    assert resource_policy({"AWS": session}, boundary=True, **named) is ALLOWED
    assert resource_policy({"AWS": session[:-1] + "2"}, boundary=True, **named) is DENIED
    assert resource_policy({"AWS": session}, boundary=True) is POSSIBLE  # some session of the role
    user = PrincipalFacts(arn=(f"arn:aws:iam::{ACCOUNT}:user/ana",), kind=PrincipalKind.USER, account=ACCOUNT)
    layers = Layers(
        resource_policy=statements({**allow("sqs:*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ana"}}),
        boundary=statements(allow("s3:*")),
    )
    assert verdict(layers, "sqs:SendMessage", QUEUE, principal=user) is ALLOWED


def test_anyone_is_anyone() -> None:
    assert resource_policy("*") is ALLOWED
    assert resource_policy({"AWS": "*"}) is ALLOWED
    assert resource_policy("*", boundary=True) is POSSIBLE
    layers = Layers(resource_policy=statements({**allow("sqs:*"), "Principal": "*"}))
    anonymous = PrincipalFacts(kind=PrincipalKind.ANONYMOUS)
    assert verdict(layers, "sqs:SendMessage", QUEUE, principal=anonymous) is ALLOWED


def test_not_principal_is_a_complement() -> None:
    layers = Layers(
        identity=statements(allow("*")),
        resource_policy=statements({"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": ROLE}}),
    )
    assert verdict(layers, "sqs:SendMessage", QUEUE, principal=role()) is ALLOWED
    assert verdict(layers, "sqs:SendMessage", QUEUE, principal=role("other")) is DENIED


def test_a_deny_for_the_account_denies_its_roles() -> None:
    layers = Layers(
        identity=statements(allow("*")),
        resource_policy=statements({**deny("sqs:*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}),
    )
    assert verdict(layers, "sqs:SendMessage", QUEUE, principal=role()) is DENIED


def test_a_principal_that_is_only_partly_known() -> None:
    assert resource_policy({"AWS": unknown()}) is POSSIBLE
    assert resource_policy({"AWS": text("arn:aws:iam::", unknown(kind=Kind.ACCOUNT), ":role/agent")}) is ALLOWED
    assert resource_policy({"AWS": text("arn:aws:iam::", unknown(), ":role/other")}) is DENIED
    assert resource_policy({"AWS": text("arn:aws:iam::", unknown(kind=Kind.ACCOUNT), ":root")}) is DENIED
    mine = reference("aws_iam_role.agent")
    assert resource_policy({"AWS": mine}, aliases=((mine,),)) is ALLOWED
    assert resource_policy({"AWS": reference("aws_iam_role.other")}, aliases=((mine,),)) is DENIED
    assert resource_policy({"CanonicalUser": "abc"}) is DENIED
    assert resource_policy({"AWS": one_of(ROLE, ROLE + "x")}) is POSSIBLE
    layers = Layers(resource_policy=(statement({**allow("sqs:*"), "open": True}),))
    assert verdict(layers, "sqs:SendMessage", QUEUE, principal=role()) is POSSIBLE


def test_a_service_needs_no_identity_policy() -> None:
    service = PrincipalFacts(kind=PrincipalKind.SERVICE, arn=("events.amazonaws.com",))
    policy = statements({**allow("sqs:*"), "Principal": {"Service": "events.amazonaws.com"}})
    assert verdict(Layers(resource_policy=policy), "sqs:SendMessage", QUEUE, principal=service) is ALLOWED
    assert verdict(Layers(), "sqs:SendMessage", QUEUE, principal=service) is DENIED
    other = replace(service, arn=("sns.amazonaws.com",))
    assert verdict(Layers(resource_policy=policy), "sqs:SendMessage", QUEUE, principal=other) is DENIED


# Across accounts


def test_across_accounts_both_sides_must_allow() -> None:
    queue = f"arn:aws:sqs:eu-west-1:{OTHER}:q"
    policy = statements({**allow("sqs:*"), "Principal": {"AWS": ROLE}})
    allowed = identity(allow("sqs:*"))
    assert verdict(replace(allowed, resource_policy=policy), "sqs:SendMessage", queue, principal=role()) is ALLOWED
    assert verdict(Layers(resource_policy=policy), "sqs:SendMessage", queue, principal=role()) is DENIED
    root = statements({**allow("sqs:*"), "Principal": {"AWS": ACCOUNT}})
    assert verdict(replace(allowed, resource_policy=root), "sqs:SendMessage", queue, principal=role()) is ALLOWED
    own = statements({**allow("sqs:*"), "Principal": {"AWS": OTHER}})
    assert verdict(replace(allowed, resource_policy=own), "sqs:SendMessage", queue, principal=role()) is DENIED
    given = {"resource_account": OTHER, "principal": role()}
    assert verdict(replace(allowed, resource_policy=own), "s3:GetObject", BUCKET, **given) is DENIED


def test_an_account_the_code_does_not_say_is_that_of_the_resource() -> None:
    here = text("arn:aws:sqs:eu-west-1:", unknown(kind=Kind.ACCOUNT), ":q")
    layers = identity(allow("sqs:*", here))
    assert verdict(layers, "sqs:SendMessage", QUEUE) is ALLOWED
    assert verdict(layers, "sqs:SendMessage", QUEUE, principal=role(account=ACCOUNT)) is ALLOWED
    away = f"arn:aws:sqs:eu-west-1:{OTHER}:q"
    assert verdict(layers, "sqs:SendMessage", away, principal=role(account=ACCOUNT)) is DENIED


# Trust and key policies


def trust(principal: Json, *rows: dict[str, Any], **more: Json) -> Verdict:
    target = f"arn:aws:iam::{ACCOUNT}:role/target"
    layers = Layers(
        identity=statements(*rows),
        resource_policy=statements(
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more.pop("element", {})}
        ),
        resource_policy_kind=ResourcePolicyKind.TRUST,
    )
    return verdict(layers, "sts:AssumeRole", target, principal=more.pop("who", role()), **more)


def test_a_trust_policy_that_names_the_role_suffices_in_the_same_account() -> None:
    assert trust({"AWS": ROLE}) is ALLOWED
    assert trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}, allow("sts:AssumeRole")) is DENIED


def test_a_trust_policy_for_the_account_delegates_to_identity_policies() -> None:
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert trust(root) is DENIED
    assert trust(root, allow("sts:AssumeRole")) is ALLOWED
    assert trust({"AWS": f"arn:aws:iam::{OTHER}:root"}, allow("sts:AssumeRole")) is DENIED


def test_a_trust_edge_does_not_ignore_the_effect() -> None:
    assert trust({"AWS": ROLE}, element={"Effect": "Deny"}) is DENIED


def test_a_trust_conditioned_on_a_second_factor_is_not_met_by_a_service_role() -> None:
    mfa = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    assert trust({"AWS": ROLE}, element=mfa) is POSSIBLE
    assert trust({"AWS": ROLE}, element=mfa, who=role(service_role=True)) is DENIED


def test_an_undeclared_trust_policy_leaves_the_identity_policies() -> None:
    layers = replace(identity(allow("sts:AssumeRole")), resource_policy_kind=ResourcePolicyKind.TRUST)
    assert verdict(layers, "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/target", principal=role()) is ALLOWED


def test_a_key_policy_carries_no_implicit_trust() -> None:
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
    other = statements({**allow("kms:*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}})
    layers = replace(identity(allow("kms:Decrypt")), resource_policy_kind=ResourcePolicyKind.KEY)
    assert verdict(layers, "kms:Decrypt", key, principal=role()) is ALLOWED
    assert verdict(replace(layers, resource_policy=other), "kms:Decrypt", key, principal=role()) is DENIED
    root = statements({**allow("kms:*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}})
    assert verdict(replace(layers, resource_policy=root), "kms:Decrypt", key, principal=role()) is ALLOWED


def test_a_federated_identity_is_named_by_its_provider() -> None:
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
    who = PrincipalFacts(kind=PrincipalKind.FEDERATED, arn=(provider,))
    assert trust({"Federated": provider}, who=who) is ALLOWED
    assert trust({"Federated": "cognito-identity.amazonaws.com"}, who=who) is DENIED


def test_the_root_user_of_an_account_needs_no_policy() -> None:
    root = PrincipalFacts(kind=PrincipalKind.ROOT, arn=(f"arn:aws:iam::{ACCOUNT}:root",), account=ACCOUNT)
    assert verdict(Layers(), principal=root) is ALLOWED
    assert verdict(Layers(service_control=(statements(deny("s3:*")),)), principal=root) is DENIED


# What the code does not say


def test_a_statement_that_may_be_absent_is_possible_either_way() -> None:
    maybe_allow = identity({**allow("s3:*"), "certain": False})
    assert verdict(maybe_allow) is POSSIBLE
    maybe_deny = identity(allow("s3:*"), {**deny("s3:*"), "certain": False})
    decision = ask("s3:GetObject", BUCKET, maybe_deny)
    assert (decision.verdict, decision.explicit) == (POSSIBLE, False)
    assert [one.effect for one in decision.because] == ["Deny", "Allow"]


def test_a_wholly_unknown_policy_makes_everything_possible_and_hides_nothing_certain() -> None:
    hidden = unknown_statement(unknown())
    assert verdict(Layers(identity=(hidden,))) is POSSIBLE
    assert verdict(Layers(identity=(hidden, *statements(allow("s3:*"))))) is POSSIBLE
    assert verdict(Layers(identity=(hidden, *statements(deny("s3:*"))))) is DENIED
    assert verdict(replace(identity(allow("s3:*")), boundary=(hidden,))) is POSSIBLE


def test_an_unknown_element_of_the_actions_makes_its_known_prefix_possible() -> None:
    layers = identity(allow([text("s3:", unknown()), "sqs:SendMessage"]))
    assert verdict(layers) is POSSIBLE
    assert verdict(layers, "sqs:SendMessage", QUEUE) is ALLOWED
    assert verdict(layers, "iam:PassRole", ROLE) is DENIED
    assert verdict(identity({**allow("s3:Get*"), "open": True}), "iam:PassRole", ROLE) is POSSIBLE
    excluded = identity({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*", "open": True})
    assert verdict(excluded) is POSSIBLE
    assert verdict(excluded, "iam:PassRole", ROLE) is DENIED


def test_resources_with_holes() -> None:
    layers = identity(allow("s3:GetObject", text("arn:aws:s3:::", unknown(), "/*")))
    assert verdict(layers) is POSSIBLE
    assert verdict(layers, resource="arn:aws:s3:::b") is DENIED
    assert ask("s3:GetObject", ("arn:aws:s3:::", unknown(), "/k"), identity(allow("s3:*"))).verdict is ALLOWED
    bucket = reference("aws_s3_bucket.b")
    mine = identity(allow("s3:GetObject", text(bucket, "/*")))
    assert ask("s3:GetObject", (bucket, "/k"), mine).verdict is ALLOWED
    assert ask("s3:GetObject", (reference("aws_s3_bucket.c"), "/k"), mine).verdict is DENIED
    assert ask("s3:GetObject", (reference('aws_s3_bucket.c["x"]'), "/k"), mine).verdict is DENIED
    assert ask("s3:GetObject", (reference("aws_s3_bucket.c[?]"), "/k"), mine).verdict is POSSIBLE


def test_several_texts_of_one_resource() -> None:
    layers = identity(allow("s3:GetObject", text(reference("aws_s3_bucket.b"), "/*")))
    known = (reference("aws_s3_bucket.b"), "/k")
    assert ask("s3:GetObject", BUCKET, layers, aliases=(known,)).verdict is ALLOWED
    other = identity(allow("s3:GetObject", "arn:aws:s3:::other/*"))
    assert ask("s3:GetObject", known, other).verdict is POSSIBLE
    assert ask("s3:GetObject", known, other, aliases=((BUCKET,),)).verdict is DENIED


def test_one_of_several_resources() -> None:
    layers = identity(allow("s3:GetObject", one_of("arn:aws:s3:::b/*", "arn:aws:s3:::c/*")))
    assert verdict(layers) is POSSIBLE
    assert verdict(layers, resource="arn:aws:s3:::d/k") is DENIED


def test_a_statement_split_over_several_policies_is_judged_together() -> None:
    layers = Layers(identity=(*statements(allow("s3:ListBucket")), *statements(allow("s3:GetObject"))))
    assert verdict(layers) is ALLOWED


def test_passed_to_an_unrelated_service() -> None:
    layers = identity(
        allow("iam:PassRole", ROLE, Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})
    )
    to_lambda = {"iam:PassedToService": "lambda.amazonaws.com"}
    assert verdict(layers, "iam:PassRole", ROLE, context=to_lambda) is DENIED
    assert verdict(layers, "iam:PassRole", ROLE, context={"iam:PassedToService": "ec2.amazonaws.com"}) is ALLOWED
    assert verdict(layers, "iam:PassRole", ROLE) is POSSIBLE


def test_what_the_code_says_of_a_principal_is_known_only_while_the_context_is_open() -> None:
    layers = identity(allow(Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}}))
    tagged = role(tags={"Team": ("red",)})
    assert verdict(layers, principal=tagged) is ALLOWED
    assert verdict(layers, principal=tagged, complete=True) is DENIED
    assert verdict(layers, principal=tagged, context={"aws:PrincipalTag/team": "blue"}) is DENIED
    assert verdict(layers, principal=role()) is POSSIBLE
    assert verdict(layers, principal=role(tags_complete=True)) is DENIED
    account = identity(allow(Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}))
    assert verdict(account, principal=role()) is ALLOWED
    service = PrincipalFacts(kind=PrincipalKind.SERVICE, arn=("sns.amazonaws.com",))
    only_services = {"Bool": {"aws:PrincipalIsAWSService": "true"}}
    policy = statements({**allow("sqs:*", Condition=only_services), "Principal": "*"})
    assert verdict(Layers(resource_policy=policy), "sqs:SendMessage", QUEUE, principal=service) is ALLOWED


def test_an_action_that_the_catalogue_does_not_know_is_at_most_possible() -> None:
    assert verdict(identity(allow("quantum:*")), "quantum:Entangle", BUCKET) is POSSIBLE
    assert verdict(identity(allow("s3:*")), "quantum:Entangle", BUCKET) is DENIED
    assert verdict(identity(allow(), deny("quantum:*")), "quantum:Entangle", BUCKET) is DENIED


def test_a_resource_control_policy_on_a_service_that_aws_does_not_list_is_possible() -> None:
    layers = replace(identity(allow("*")), resource_control=(statements(deny("*")),))
    assert verdict(layers) is DENIED
    assert verdict(layers, "ec2:RunInstances", "*") is POSSIBLE
    assert verdict(layers, principal=role(service_linked=True)) is ALLOWED


def test_what_a_federated_identity_is_before_it_assumes_anything_is_unknown() -> None:
    who = PrincipalFacts(kind=PrincipalKind.FEDERATED, arn=(f"arn:aws:iam::{ACCOUNT}:oidc-provider/x",))
    named = {"Condition": {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/x"}}}
    policy = statements({**allow("s3:*", **named), "Principal": "*"})
    assert verdict(Layers(resource_policy=policy), principal=who) is POSSIBLE


def test_one_statement_by_itself() -> None:
    request = Request(action="s3:GetObject", resource=(BUCKET,))
    assert matches(statements(deny("s3:*"))[0], request) is ALLOWED
    assert matches(statements(allow("sqs:*"))[0], request) is DENIED
