"""The account that a declaration lives in, as far as its provider, template or neighbours give it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import Principal, System
from lowering.loading import HEADER, from_template, from_terraform, only, plain

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact

ROLE = """
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
}
"""


def arns(facts: tuple[Fact, ...]) -> dict[str, object]:
    """The ARN of each declared role."""
    return {one.key.address: plain(one.names[0]) for one in only(facts, Principal)}


def test_a_provider_that_may_run_in_one_account_only_says_which(tmp_path: Path) -> None:
    facts = from_terraform(tmp_path, 'provider "aws" {\n  allowed_account_ids = ["111122223333"]\n}\n' + ROLE)
    assert arns(facts) == {"aws_iam_role.r": "arn:<partition>:iam::111122223333:role/r"}


def test_a_provider_that_assumes_a_role_runs_in_the_account_of_that_role(tmp_path: Path) -> None:
    text = """
variable "account" {
  default = "444455556666"
}
provider "aws" {
  alias = "tools"
  assume_role {
    role_arn = "arn:aws:iam::${var.account}:role/deploy"
  }
}
resource "aws_iam_role" "there" {
  provider           = aws.tools
  name               = "there"
  assume_role_policy = "{}"
}
"""
    assert arns(from_terraform(tmp_path, text + ROLE)) == {
        "aws_iam_role.r": "arn:<partition>:iam::<account>:role/r",
        "aws_iam_role.there": "arn:<partition>:iam::444455556666:role/there",
    }


def test_a_module_lives_where_the_provider_it_was_handed_runs(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(ROLE, encoding="utf-8")
    text = """
provider "aws" {
  allowed_account_ids = ["111122223333"]
}
provider "aws" {
  alias               = "tools"
  allowed_account_ids = ["444455556666"]
}
module "here" {
  source = "./m"
}
module "there" {
  source    = "./m"
  providers = { aws = aws.tools }
}
"""
    assert arns(from_terraform(tmp_path, text)) == {
        "module.here.aws_iam_role.r": "arn:<partition>:iam::111122223333:role/r",
        "module.there.aws_iam_role.r": "arn:<partition>:iam::444455556666:role/r",
    }


def test_several_allowed_accounts_say_nothing(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path, 'provider "aws" {\n  allowed_account_ids = ["111122223333", "444455556666"]\n}\n' + ROLE
    )
    assert arns(facts) == {"aws_iam_role.r": "arn:<partition>:iam::<account>:role/r"}


TEMPLATE = (
    HEADER
    + """
Resources:
  Ops:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ops
      PermissionsBoundary: arn:aws:iam::{boundary}:policy/boundary
      ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      AssumeRolePolicyDocument: {{}}
  Job:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::{role}:role/job
"""
)


def test_a_template_lives_in_the_account_of_the_roles_and_boundaries_it_names(tmp_path: Path) -> None:
    facts = from_template(tmp_path, TEMPLATE.format(boundary="111122223333", role="111122223333"))
    assert arns(facts) == {"Ops": "arn:<partition>:iam::111122223333:role/ops"}


def test_two_accounts_in_one_template_are_none(tmp_path: Path) -> None:
    facts = from_template(tmp_path, TEMPLATE.format(boundary="111122223333", role="444455556666"))
    assert arns(facts) == {"Ops": "arn:<partition>:iam::<account>:role/ops"}


def test_google_resources_are_in_the_project_of_their_provider_unless_they_name_their_own(tmp_path: Path) -> None:
    text = """
variable "project" {
  default = "acme-desk"
}
provider "google" {
  project = var.project
}
resource "google_service_account" "own" {
  account_id = "own"
}
resource "google_service_account" "there" {
  account_id = "there"
  project    = "acme-data"
}
resource "google_storage_bucket" "docs" {
  provider = google-beta
  name     = "docs"
}
"""
    assert full_names(from_terraform(tmp_path, text)) == {
        "google_service_account.own": "projects/acme-desk/serviceAccounts/own@acme-desk.iam.gserviceaccount.com",
        "google_service_account.there": "projects/acme-data/serviceAccounts/there@acme-data.iam.gserviceaccount.com",
        "google_storage_bucket.docs": "projects/<any>/buckets/docs",
    }


def test_azure_resources_are_in_the_subscription_of_their_provider(tmp_path: Path) -> None:
    text = """
provider "azurerm" {
  features {}
  subscription_id = "11111111-2222-3333-4444-555555555555"
}
resource "azurerm_user_assigned_identity" "own" {
  name                = "own"
  resource_group_name = "desk"
}
"""
    assert full_names(from_terraform(tmp_path, text)) == {
        "azurerm_user_assigned_identity.own": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/desk"
        "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/own",
    }


def full_names(facts: tuple[Fact, ...]) -> dict[str, object]:
    """What contains what, for principals and systems."""
    several: list[Principal | System] = [*only(facts, Principal), *only(facts, System)]
    return {one.key.address: next(name for name in map(plain, one.names) if "/" in str(name)) for one in several}
