from __future__ import annotations

from pathlib import Path

import pytest

from access.written import ask
from agentreach.access import managed_policies
from agentreach.access.managed_policies import find, is_managed_arn
from agentreach.access.request import Layers
from agentreach.access.verdict import Verdict
from agentreach.model import string

FILE = Path(managed_policies.__file__).parent / "data" / "managed_policies.txt"
NAMES = [line.partition("\t")[0] for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_every_policy_is_found_by_its_name() -> None:
    assert len(NAMES) > 1_400
    for name in NAMES[::7] + NAMES[:2] + NAMES[-2:]:
        policy = find(name)
        assert policy is not None
        assert policy.name == name
        assert policy.statements


@pytest.mark.parametrize("name", ["", "A", "zzz", "AdministratorAcces", "AdministratorAccessX", "~", "é"])
def test_a_name_that_is_not_there(name: str) -> None:
    assert find(name) is None


def test_by_arn_of_any_path_and_partition() -> None:
    basic = find("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    assert basic is not None
    assert basic.arn == "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    assert find("arn:aws-us-gov:iam::aws:policy/AdministratorAccess") is find("AdministratorAccess")
    assert find("arn:aws:iam::111111111111:policy/AdministratorAccess") is None
    assert is_managed_arn("arn:aws-cn:iam::aws:policy/X")
    assert not is_managed_arn("AdministratorAccess")


def test_statements_are_those_of_aws() -> None:
    admin = find("AdministratorAccess")
    assert admin is not None
    (only,) = admin.statements
    assert (only.effect, [string(one) for one in only.actions], [string(one) for one in only.resources]) == (
        "Allow",
        ["*"],
        ["*"],
    )
    power = find("PowerUserAccess")
    assert power is not None
    assert [string(one) for one in power.statements[0].not_actions] == ["iam:*", "organizations:*", "account:*"]
    layers = Layers(identity=power.statements)
    assert ask("lambda:CreateFunction", "arn:aws:lambda:eu-west-1:1:function:f", layers).verdict is Verdict.ALLOWED
    assert ask("iam:CreateRole", "arn:aws:iam::1:role/r", layers).verdict is Verdict.DENIED


def test_conditions_are_kept() -> None:
    policy = find("AmazonBedrockFullAccess")
    assert policy is not None
    passing = next(one for one in policy.statements if "iam:PassRole" in [string(action) for action in one.actions])
    assert [(one.operator, one.key) for one in passing.conditions] == [("StringEquals", "iam:PassedToService")]
