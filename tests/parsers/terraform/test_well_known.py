"""What public modules declare follows from their inputs, written down in our own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.model import child, elements
from parsers.terraform.loading import attribute, line, parsed, plain, resources

if TYPE_CHECKING:
    from pathlib import Path

IAM = "terraform-aws-modules/iam/aws//modules"
PROVIDER = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A"


def trust(directory: Path, source: str, arguments: str) -> object:
    """The trust of the one role of a module."""
    main = f'module "m" {{\n  source = "{source}"\n{arguments}\n}}\n'
    found = resources(directory, {"main.tf": main})
    return attribute(found["module.m.aws_iam_role.this[0]"], "assume_role_policy")


def statements(document: object) -> list[dict[str, object]]:
    assert isinstance(document, dict)
    return document["Statement"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("module", ["iam-role-for-service-accounts", "iam-role-for-service-accounts-eks"])
def test_service_accounts_become_the_subjects_of_the_trust(tmp_path: Path, module: str) -> None:
    providers = f'{{ main = {{ provider_arn = "{PROVIDER}", namespace_service_accounts = ["agents:ops"] }} }}'
    (statement,) = statements(trust(tmp_path, f"{IAM}/{module}", f"oidc_providers = {providers}"))
    issuer = PROVIDER.partition("oidc-provider/")[2]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Federated": [PROVIDER]},
        "Action": ["sts:AssumeRoleWithWebIdentity"],
        "Condition": {
            "StringEquals": {
                f"{issuer}:sub": ["system:serviceaccount:agents:ops"],
                f"{issuer}:aud": ["sts.amazonaws.com"],
            }
        },
    }


def test_a_repository_becomes_the_subject_of_the_trust(tmp_path: Path) -> None:
    arguments = 'enable_github_oidc = true\noidc_wildcard_subjects = ["repo:acme/app:*", "acme/lib:*"]'
    (statement,) = statements(trust(tmp_path, f"{IAM}/iam-role", arguments))
    condition = statement["Condition"]
    assert isinstance(condition, dict)
    assert condition["StringLike"] == {
        "token.actions.githubusercontent.com:sub": ["repo:acme/app:*", "repo:acme/lib:*"]
    }


def test_an_assumable_role_asks_for_mfa_unless_told_not_to(tmp_path: Path) -> None:
    trusted = 'trusted_role_arns = ["arn:aws:iam::111122223333:root"]'
    (asked,) = statements(trust(tmp_path / "a", f"{IAM}/iam-assumable-role", trusted))
    (unasked,) = statements(trust(tmp_path / "b", f"{IAM}/iam-assumable-role", f"{trusted}\nrole_requires_mfa = false"))
    assert asked["Condition"] == {
        "Bool": {"aws:MultiFactorAuthPresent": ["true"]},
        "NumericLessThan": {"aws:MultiFactorAuthAge": ["86400"]},
    }
    assert "Condition" not in unasked
    assert asked["Principal"] == unasked["Principal"] == {"AWS": ["arn:aws:iam::111122223333:root"]}


def test_a_role_that_may_assume_itself_says_so(tmp_path: Path) -> None:
    arguments = 'role_name = "ops"\nrole_requires_mfa = false\nallow_self_assume_role = true'
    own, _ = statements(trust(tmp_path, f"{IAM}/iam-assumable-role", arguments))
    assert own["Sid"] == "ExplicitSelfRoleAssumption"
    assert own["Principal"] == {"AWS": ["*"]}
    condition = own["Condition"]
    assert isinstance(condition, dict)
    (arn,) = condition["ArnLike"]["aws:PrincipalArn"]
    assert arn.endswith(":role/ops")


def test_a_statement_of_a_map_is_named_by_its_key_and_one_of_a_list_is_not(tmp_path: Path) -> None:
    rule = '{ actions = ["s3:GetObject"], resources = ["*"] }'
    main = f"""
module "named" {{
  source                    = "{IAM}/iam-role"
  create_inline_policy      = true
  inline_policy_permissions = {{ "read-it" = {rule} }}
}}
module "unnamed" {{
  source                   = "{IAM}/iam-assumable-role"
  inline_policy_statements = [{rule}]
}}
"""
    found = resources(tmp_path, {"main.tf": main})
    (named,) = elements(
        child(found["module.named.aws_iam_role_policy.inline[0]"].attributes.entries["policy"], "Statement")
    )
    (unnamed,) = elements(
        child(found["module.unnamed.aws_iam_role_policy.inline[0]"].attributes.entries["policy"], "Statement")
    )
    assert plain(child(named, "Sid")) == "readit"
    assert child(unnamed, "Sid") is None
    assert (line(named), line(unnamed)) == (5, 9)


def test_a_controller_of_ours_has_a_policy_that_is_not_read(tmp_path: Path) -> None:
    main = f'module "m" {{\n  source = "{IAM}/iam-role-for-service-accounts"\n  attach_velero_policy = true\n}}\n'
    found = resources(tmp_path, {"main.tf": main})
    policy = found["module.m.aws_iam_role_policy.controller[0]"]
    assert attribute(policy, "policy") == "@module.m.terraform_data.own_text.id"


def test_what_the_modules_share_is_neither_named_nor_shown(tmp_path: Path) -> None:
    found = parsed(tmp_path, {"main.tf": f'module "m" {{\n  source = "{IAM}/iam-role"\n}}\n'})
    (skipped,) = found.skipped
    assert "agentreach/" not in skipped.reason
    assert {resource.at.source.path for resource in found.resources} == {found.sources[0].path}
    assert {tuple(call.name for call in resource.module_path) for resource in found.resources} == {("m",)}
