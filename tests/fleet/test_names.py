"""Which names a fact is found by, and which it looks for."""

from __future__ import annotations

import pytest

from agentreach.fleet.names import IDENTITY, PIPELINE, SYSTEM, TRUST, Mention, declared, mentioned
from agentreach.identity import (
    Condition,
    IdentityRelation,
    IdentityUse,
    Policy,
    PolicyRole,
    Principal,
    RbacBinding,
    RbacSubject,
    SecretUse,
    Statement,
    Trusted,
)
from agentreach.model import Key, Reference, Scalar, Source, Span, Text, Unknown, Value

AT = Span(Source("main.tf", " "), 0, 1)
KEY = Key(".", "aws_iam_role.a")


def text(value: str) -> Scalar:
    return Scalar(value, AT)


def use(value: Value) -> frozenset[Mention]:
    return mentioned(IdentityUse(subject=KEY, identity=value, relation=IdentityRelation.RUNS_AS, at=AT))


def policy(statement: Statement, role: PolicyRole = PolicyRole.IDENTITY) -> frozenset[Mention]:
    return mentioned(Policy(key=KEY, role=role, statements=(statement,), at=AT))


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("ops-agent", {"ops-agent"}),
        ("arn:aws:iam::111122223333:role/ops-agent", {"ops-agent"}),
        ("arn:aws:iam::111122223333:role/team/ops-agent", {"ops-agent", "team/ops-agent"}),
        ("arn:aws:iam::111122223333:root", {"account:111122223333"}),
        ("111122223333", {"account:111122223333"}),
        ("arn:aws:s3:::acme-logs/2026/*", {"acme-logs", "acme-logs/2026/*", "2026/*"}),
        ("arn:aws:lambda:eu-west-1:111122223333:function:orders", {"orders"}),
        ("agents:ops-tools", {"agents:ops-tools"}),
        ("*", set()),
        ("a*", set()),
        ("deploy-*", {"deploy-*", "deploy"}),
    ],
)
def test_names_in_a_text(written: str, names: set[str]) -> None:
    assert {name for name, _ in use(text(written))} == names


def test_a_principal_is_found_by_its_names() -> None:
    principal = Principal(
        key=KEY,
        kind="role",
        provider="aws",
        at=AT,
        names=(text("ops"), Reference(KEY, "arn", AT), text("arn:aws:iam::111122223333:role/x/ops")),
    )
    assert declared(principal) == {"ops", "x/ops"}


def test_a_reference_is_found_in_its_own_repository() -> None:
    assert use(Reference(KEY, "arn", AT)) == frozenset()
    assert use(Text(("arn:aws:iam::111122223333:role/", Reference(KEY, "name", AT)), AT)) == frozenset()


def test_a_name_that_ends_in_something_unknown_is_known_by_its_beginning() -> None:
    assert use(Text(("ops-agent-", Unknown("variable", AT)), AT)) == {
        Mention("ops-agent-*", IDENTITY),
        Mention("ops-agent", IDENTITY),
    }


def test_what_may_be_become_leads_on_and_what_is_used_does_not() -> None:
    become = Statement(
        effect="Allow",
        actions=(text("sts:AssumeRole"),),
        resources=(text("arn:aws:iam::111122223333:role/deployer"),),
        at=AT,
    )
    read = Statement(
        effect="Allow", actions=(text("s3:GetObject"),), resources=(text("arn:aws:s3:::acme-logs"),), at=AT
    )
    assert policy(become) == {Mention("deployer", IDENTITY)}
    assert policy(read) == {Mention("acme-logs", SYSTEM)}


def test_a_trust_names_who_may_come() -> None:
    statement = Statement(
        effect="Allow",
        actions=(text("sts:AssumeRole"),),
        principals=(
            Trusted("AWS", text("arn:aws:iam::111122223333:role/ops-agent")),
            Trusted("Service", text("bedrock.amazonaws.com")),
        ),
        at=AT,
    )
    assert policy(statement, PolicyRole.TRUST) == {Mention("ops-agent", TRUST)}


@pytest.mark.parametrize(
    ("subject", "mention"),
    [
        ("repo:acme/agents:ref:refs/heads/main", Mention("repo:acme/agents", PIPELINE)),
        ("repo:acme/*", Mention("repo:acme/*", PIPELINE)),
        ("project_path:acme/agents:ref_type:branch:ref:main", Mention("repo:acme/agents", PIPELINE)),
        ("system:serviceaccount:agents:ops", Mention("agents:ops", TRUST)),
    ],
)
def test_the_subject_of_a_web_identity(subject: str, mention: Mention) -> None:
    condition = Condition("StringLike", "token.actions.githubusercontent.com:sub", (text(subject),), AT)
    statement = Statement(
        effect="Allow", actions=(text("sts:AssumeRoleWithWebIdentity"),), conditions=(condition,), at=AT
    )
    assert policy(statement, PolicyRole.TRUST) == {mention}


def test_a_binding_gives_to_its_subjects_what_its_role_holds() -> None:
    binding = RbacBinding(
        key=KEY,
        namespace="agents",
        role_kind="ClusterRole",
        role_name="reader",
        subjects=(RbacSubject("ServiceAccount", "ops", None, AT), RbacSubject("Group", "admins", None, AT)),
        at=AT,
        role_at=AT,
    )
    assert mentioned(binding) == {Mention("role:/reader", IDENTITY), Mention("agents:ops", TRUST)}


def test_the_value_of_a_literal_secret_is_no_name() -> None:
    assert (
        mentioned(SecretUse(subject=KEY, secret=text("hunter2-hunter2"), variable="X", at=AT, literal=True))
        == frozenset()
    )
