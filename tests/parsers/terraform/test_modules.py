"""Modules: arguments, outputs, instances, the path that evidence shows, and public modules known by their inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.model import Encoded, child, elements
from agentreach.parsers.terraform.well_known import is_public, public_module
from parsers.terraform.loading import attribute, line, parsed, plain, resources

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.model import Value

MODULE = """
variable "name" {
  type = string
}

resource "aws_iam_role" "r" {
  name = var.name
}

output "name" {
  value = aws_iam_role.r.name
}

output "arn" {
  value = aws_iam_role.r.arn
}
"""


def test_a_module_is_called_once_for_each_instance(tmp_path: Path) -> None:
    main = """
module "role" {
  source   = "./m"
  for_each = toset(["a", "b"])
  name     = "r-${each.key}"
}
resource "aws_iam_role_policy" "p" {
  role = module.role["a"].name
}
resource "aws_iam_role_policy" "q" {
  role = module.role["b"].arn
}
resource "aws_iam_policy" "all" {
  name = join(",", values(module.role)[*].name)
}
"""
    found = resources(tmp_path, {"main.tf": main, "m/main.tf": MODULE})
    assert attribute(found['module.role["b"].aws_iam_role.r'], "name") == "r-b"
    role = found["aws_iam_role_policy.p"].attributes.entries["role"]
    assert plain(role) == "r-a"
    assert plain(role.reference) == '@module.role["a"].aws_iam_role.r.name'  # type: ignore[union-attr]
    assert attribute(found["aws_iam_role_policy.q"], "role") == '@module.role["b"].aws_iam_role.r.arn'
    assert attribute(found["aws_iam_policy.all"], "name") == "r-a,r-b"


def test_evidence_shows_the_chain_of_calls(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "outer" {\n  source = "./outer"\n}\n',
        "outer/main.tf": '\nmodule "inner" {\n  source = "../inner"\n  count  = 1\n  name   = "ops"\n}\n',
        "inner/main.tf": MODULE,
    }
    role = resources(tmp_path, files)["module.outer.module.inner[0].aws_iam_role.r"]
    assert [(call.name, call.at.location.line) for call in role.module_path] == [("outer", 1), ("inner[0]", 2)]
    assert line(role.attributes.entries["name"]) == 5


def test_paths_are_those_of_the_module_and_files_start_at_the_root(tmp_path: Path) -> None:
    files = {
        "main.tf": """
module "m" {
  source = "./m"
}
resource "aws_iam_role" "r" {
  name = "${path.module}|${path.root}"
}
""",
        "m/main.tf": """
resource "aws_iam_role" "r" {
  name = "${path.module}|${path.root}|${file("${path.module}/n.txt")}"
}
""",
        "m/n.txt": "text",
    }
    found = resources(tmp_path, files)
    assert attribute(found["aws_iam_role.r"], "name") == ".|."
    assert attribute(found["module.m.aws_iam_role.r"], "name") == "m|.|text"


def test_a_module_that_may_not_exist_makes_its_resources_uncertain(tmp_path: Path) -> None:
    main = (
        'variable "on" {\n  type = bool\n}\nmodule "m" {\n  source = "./m"\n  count = var.on ? 1 : 0\n  name = "x"\n}\n'
    )
    found = parsed(tmp_path, {"main.tf": main, "m/main.tf": MODULE})
    assert [(one.key.address, one.certain) for one in found.resources] == [("module.m[0].aws_iam_role.r", False)]


def test_a_missing_instance_is_an_error_that_try_catches(tmp_path: Path) -> None:
    main = """
module "m" {
  source = "./m"
  count  = 0
  name   = "x"
}
resource "aws_iam_role" "r" {
  name = try(module.m[0].name, "none")
}
"""
    assert attribute(resources(tmp_path, {"main.tf": main, "m/main.tf": MODULE})["aws_iam_role.r"], "name") == "none"


def test_a_name_that_is_only_partly_known_still_links_to_its_resource(tmp_path: Path) -> None:
    main = """
variable "stage" {}
resource "aws_iam_role" "r" {
  name = "ops-${var.stage}"
}
resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.name
}
resource "aws_iam_role_policy" "q" {
  role = aws_iam_role.r.id
}
"""
    found = resources(tmp_path, {"main.tf": main})
    assert attribute(found["aws_iam_role.r"], "name") == "ops-<?variable 'stage' has no value>"
    assert attribute(found["aws_iam_role_policy.p"], "role") == "@aws_iam_role.r.name"
    assert attribute(found["aws_iam_role_policy.q"], "role") == "@aws_iam_role.r.id"


def test_parts_of_nested_blocks_keep_their_origin(tmp_path: Path) -> None:
    main = """
resource "kubernetes_service_account" "s" {
  metadata {
    name = "ops"
  }
}
resource "kubernetes_pod" "p" {
  spec {
    service_account_name = kubernetes_service_account.s.metadata[0].name
    uid                  = kubernetes_service_account.s.metadata[0].uid
    identity             = azurerm_x.y.identity[0].principal_id
  }
}
resource "azurerm_x" "y" {}
"""
    (spec,) = elements(resources(tmp_path, {"main.tf": main})["kubernetes_pod.p"].attributes.entries["spec"])
    name = child(spec, "service_account_name")
    assert plain(name) == "ops"
    assert plain(name.reference) == "@kubernetes_service_account.s.metadata.0.name"  # type: ignore[union-attr]
    assert plain(child(spec, "uid")) == "@kubernetes_service_account.s.metadata.0.uid"
    assert plain(child(spec, "identity")) == "@azurerm_x.y.identity.0.principal_id"


def test_default_tags_of_the_provider_reach_every_module(tmp_path: Path) -> None:
    main = """
provider "aws" {
  default_tags {
    tags = { Owner = "ops", Stage = "x" }
  }
}
provider "aws" {
  alias = "us"
  default_tags {
    tags = { Owner = "us" }
  }
}
resource "aws_iam_role" "own" {
  tags = { Stage = "y" }
}
resource "aws_iam_role" "us" {
  provider = aws.us
}
module "inherits" {
  source = "./m"
  name   = "a"
}
module "handed" {
  source    = "./m"
  name      = "b"
  providers = { aws = aws.us }
}
"""
    found = resources(tmp_path, {"main.tf": main, "m/main.tf": MODULE})
    assert {address: attribute(one, "tags_all") for address, one in found.items()} == {
        "aws_iam_role.own": {"Owner": "ops", "Stage": "y"},
        "aws_iam_role.us": {"Owner": "us"},
        "module.inherits.aws_iam_role.r": {"Owner": "ops", "Stage": "x"},
        "module.handed.aws_iam_role.r": {"Owner": "us"},
    }
    assert plain(found["aws_iam_role.us"].siblings["provider"]) == "aws.us"
    assert plain(found["aws_iam_role.own"].siblings["default_tags"]) == {"Owner": "ops", "Stage": "x"}


@pytest.mark.parametrize(
    "source",
    [
        "terraform-aws-modules/lambda/aws",
        "registry.terraform.io/terraform-aws-modules/lambda/aws",
        "git::https://github.com/terraform-aws-modules/terraform-aws-lambda.git?ref=v7.0.0",
        "github.com/terraform-aws-modules/terraform-aws-lambda",
        "git@github.com:terraform-aws-modules/terraform-aws-lambda.git",
    ],
)
def test_a_public_module_is_known_however_its_source_is_spelled(source: str) -> None:
    found = public_module(source)
    assert found is not None
    assert found.is_public


@pytest.mark.parametrize("source", ["terraform-aws-modules/vpc/aws", "acme/lambda/aws", "./lambda", "lambda"])
def test_other_modules_are_not_known(source: str) -> None:
    assert public_module(source) is None


def places(value: Value) -> list[bool]:
    inner = value.value if isinstance(value, Encoded) else value
    entries = getattr(inner, "entries", {})
    items = getattr(inner, "items", ())
    parts = list(entries.values()) if entries else list(items) if isinstance(items, tuple) else []
    return [is_public(value.at.source), *(place for part in parts for place in places(part))]


def test_the_role_of_a_public_lambda_module_is_known_by_its_inputs(tmp_path: Path) -> None:
    main = """
module "tool" {
  source        = "terraform-aws-modules/lambda/aws"
  function_name = "refund"

  attach_policy_statements = true
  policy_statements = {
    pay = {
      effect    = "Allow"
      actions   = ["dynamodb:DeleteItem"]
      resources = ["*"]
    }
  }
}
resource "aws_lambda_alias" "live" {
  function_name = module.tool.lambda_function_arn
}
"""
    found = resources(tmp_path, {"main.tf": main})
    policy = found["module.tool.aws_iam_role_policy.additional_inline[0]"].attributes.entries["policy"]
    (statement,) = elements(child(policy, "Statement"))
    assert plain(statement) == {
        "Sid": "pay",
        "Effect": "Allow",
        "Action": ["dynamodb:DeleteItem"],
        "Resource": ["*"],
    }
    assert line(statement) == 9
    assert (
        attribute(found["module.tool.aws_lambda_function.this[0]"], "role") == "@module.tool.aws_iam_role.lambda[0].arn"
    )
    assert attribute(found["aws_lambda_alias.live"], "function_name") == "@module.tool.aws_lambda_function.this[0].arn"
    assert not any(
        place for one in found.values() for value in one.attributes.entries.values() for place in places(value)
    )
    assert {one.at.location.line for address, one in found.items() if address.startswith("module.tool")} == {2}


def test_an_agent_of_the_public_bedrock_module_is_declared(tmp_path: Path) -> None:
    main = """
module "bedrock" {
  source           = "aws-ia/bedrock/aws"
  version          = "0.0.33"
  foundation_model = "anthropic.claude-v2"
  instruction      = "Help."
  create_ag        = true
  action_group_name            = "refund"
  lambda_action_group_executor = "arn:aws:lambda:eu-west-1:111122223333:function:refund"
}
"""
    found = resources(tmp_path, {"main.tf": main})
    agent = found["module.bedrock.awscc_bedrock_agent.bedrock_agent[0]"]
    assert attribute(agent, "agent_resource_role_arn") == "@module.bedrock.aws_iam_role.agent_role[0].arn"
    policy = attribute(found["module.bedrock.aws_iam_role_policy.action_group_policy[0]"], "policy")
    assert policy == {
        "Statement": [
            {
                "Action": "lambda:InvokeFunction",
                "Effect": "Allow",
                "Resource": ["arn:aws:lambda:eu-west-1:111122223333:function:refund"],
            }
        ],
        "Version": "2012-10-17",
    }


def test_a_pod_identity_module_names_the_service_account(tmp_path: Path) -> None:
    main = """
module "identity" {
  source               = "terraform-aws-modules/eks-pod-identity/aws"
  name                 = "agent"
  attach_custom_policy = true
  policy_statements    = [{ actions = ["s3:*"], resources = ["*"] }]
  associations = {
    main = { cluster_name = "prod", namespace = "agents", service_account = "ops" }
  }
}
"""
    found = resources(tmp_path, {"main.tf": main})
    association = found['module.identity.aws_eks_pod_identity_association.this["main"]']
    assert (attribute(association, "namespace"), attribute(association, "service_account")) == ("agents", "ops")
    assert attribute(association, "role_arn") == "@module.identity.aws_iam_role.this[0].arn"
    policy = attribute(found["module.identity.aws_iam_policy.custom[0]"], "policy")
    assert policy == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}],
    }


def test_the_runtimes_of_the_public_agentcore_module_have_their_roles(tmp_path: Path) -> None:
    main = """
module "agents" {
  source = "aws-ia/agentcore/aws"
  runtimes = {
    ops = {
      source_type         = "CONTAINER"
      container_image_uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ops:1"
    }
  }
  gateways = {
    tools = {}
  }
  gateway_targets = {
    refund = {
      gateway_name             = "tools"
      type                     = "LAMBDA"
      credential_provider_type = "GATEWAY_IAM_ROLE"
      lambda_config = {
        lambda_arn       = "arn:aws:lambda:eu-west-1:111122223333:function:refund"
        tool_schema_type = "S3"
      }
    }
  }
}
"""
    found = resources(tmp_path, {"main.tf": main})
    runtime = found['module.agents.awscc_bedrockagentcore_runtime.runtime_container["ops"]']
    assert attribute(runtime, "role_arn") == '@module.agents.aws_iam_role.runtime["ops"].arn'
    target = found['module.agents.aws_bedrockagentcore_gateway_target.gateway_target["refund"]']
    assert attribute(target, "gateway_identifier") == (
        '@module.agents.awscc_bedrockagentcore_gateway.gateway["tools"].gateway_identifier'
    )
    assert attribute(target, "credential_provider_configuration") == [
        {"gateway_iam_role": [{}], "api_key": [], "oauth": []}
    ]
    policy = attribute(found['module.agents.aws_iam_role_policy.gateway_role_policy["tools"]'], "policy")
    assert "arn:aws:lambda:eu-west-1:111122223333:function:refund" in str(policy)


def test_arguments_that_a_public_module_is_not_known_to_have_are_named(tmp_path: Path) -> None:
    main = """
module "l" {
  source        = "terraform-aws-modules/lambda/aws"
  version       = "1"
  function_name = "f"
  new_thing     = 1
}
"""
    (skipped,) = parsed(tmp_path, {"main.tf": main}).skipped
    assert skipped.reason.endswith("what it declares is derived from its inputs, but not from new_thing")


def test_every_public_module_parses_and_can_be_called_without_arguments(tmp_path: Path) -> None:
    sources = [
        "aws-ia/agentcore/aws",
        "aws-ia/bedrock/aws",
        "terraform-aws-modules/eks-pod-identity/aws",
        "terraform-aws-modules/lambda/aws",
        *(
            f"terraform-aws-modules/iam/aws//modules/{name}"
            for name in (
                "iam-assumable-role",
                "iam-assumable-role-with-oidc",
                "iam-eks-role",
                "iam-github-oidc-role",
                "iam-policy",
                "iam-role",
                "iam-role-for-service-accounts",
                "iam-role-for-service-accounts-eks",
            )
        ),
    ]
    for source in sources:
        module = public_module(source)
        assert module is not None, source
        assert not any(block.body.problems for block in module.every_block()), source
    main = "".join(f'module "m{n}" {{\n  source = "{source}"\n}}\n' for n, source in enumerate(sources))
    found = parsed(tmp_path, {"main.tf": main})
    assert found.broken == ()
    assert {one.at.location.path for one in found.resources} == {found.sources[0].path}
