"""Whose rights an agent uses beside its own: a grant that a person left, the caller of each request, a person's token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.review import review
from inventory.scanning import places, scanned

if TYPE_CHECKING:
    from pathlib import Path

GATEWAY = """AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Gateway:
    Type: AWS::BedrockAgentCore::Gateway
    Properties: { Name: crm, RoleArn: "arn:aws:iam::111122223333:role/gateway", AuthorizerType: AWS_IAM }
  Target:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      GatewayIdentifier: !Ref Gateway
      Name: crm
      TargetConfiguration: { Mcp: { McpServer: { Endpoint: "https://crm.example.com/mcp" } } }
      CredentialProviderConfigurations:
        - CredentialProviderType: %s
          CredentialProvider:
            OauthCredentialProvider:
              ProviderArn: !GetAtt Provider.CredentialProviderArn
              Scopes: [crm]
              GrantType: %s
  Provider:
    Type: AWS::BedrockAgentCore::OAuth2CredentialProvider
    Properties:
      Name: crm
      CredentialProviderVendor: GithubOauth2
      Oauth2ProviderConfigInput: { GithubOauth2ProviderConfig: { ClientId: c } }
"""


@pytest.mark.parametrize(
    ("grant", "acts_as", "person"),
    [
        ("AUTHORIZATION_CODE", [("the user who granted crm", "delegated", True)], [("Target#user", 18)]),
        ("TOKEN_EXCHANGE", [("the caller of crm", "delegated", False)], []),
        ("CLIENT_CREDENTIALS", [], []),
    ],
)
def test_a_grant_that_is_kept_is_a_persons_and_one_of_the_request_is_not(
    tmp_path: Path, grant: str, acts_as: list[tuple[str, str, bool]], person: list[tuple[str, int]]
) -> None:
    scan = scanned(tmp_path, {"template.yaml": GATEWAY % ("OAUTH", grant)})
    (gateway,) = scan.graph.agents
    found = [(one.name, one.relation.value, one.human) for one in gateway.identities if one.relation == "delegated"]
    assert found == acts_as
    assert places(scan.open_findings, "AR104") == person


def test_the_answer_says_that_an_identity_is_a_persons(tmp_path: Path) -> None:
    scan = scanned(tmp_path, {"template.yaml": GATEWAY % ("OAUTH", "AUTHORIZATION_CODE")})
    (gateway,) = review(scan).agents
    assert "the user who granted crm (delegated, a person's)" in gateway.identities.answer


HARNESS = """AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Harness:
    Type: AWS::BedrockAgentCore::Harness
    Properties:
      HarnessName: desk
      ExecutionRoleArn: arn:aws:iam::111122223333:role/desk
      Tools:
        - Type: agentcore_gateway
          Name: crm
          Config:
            AgentCoreGateway:
              GatewayArn: arn:aws:bedrock-agentcore:eu-west-1:111122223333:gateway/crm
              OutboundAuth:
                Oauth:
                  ProviderArn: arn:aws:bedrock-agentcore:eu-west-1:111122223333:token-vault/default/oauth2credentialprovider/x
                  Scopes: [crm]
                  GrantType: AUTHORIZATION_CODE
"""


def test_a_tool_of_a_harness_uses_the_grant_of_a_person(tmp_path: Path) -> None:
    scan = scanned(tmp_path, {"template.yaml": HARNESS})
    assert places(scan.open_findings, "AR104") == [("Harness.crm#user", 18)]


PERSONAL = """
resource "aws_bedrockagentcore_agent_runtime" "desk" {
  agent_runtime_name = "desk"
  role_arn           = "arn:aws:iam::111122223333:role/desk"
  environment_variables = {
    GITHUB_PERSONAL_ACCESS_TOKEN = var.pat
  }
}
"""


def test_a_personal_access_token_is_possibly_a_persons(tmp_path: Path) -> None:
    scan = scanned(tmp_path, {"main.tf": PERSONAL})
    (found,) = [one for one in scan.open_findings if one.check_id == "AR104"]
    assert (found.confidence.label, found.evidence[0].at.location.line) == ("medium", 6)


ADK = """
resource "google_service_account" "adk" {
  account_id = "orders"
  project    = "acme"
}

resource "google_project_iam_member" "model" {
  project = "acme"
  role    = "%s"
  member  = google_service_account.adk.member
}

resource "google_cloud_run_v2_service" "orders" {
  name     = "orders"
  location = "europe-west1"
  template {
    service_account = google_service_account.adk.email
    containers {
      image = "europe-docker.pkg.dev/acme/orders/orders:1"
      env {
        name  = "%s"
        value = "true"
      }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("role", "variable", "agents", "possible"),
    [
        ("roles/aiplatform.user", "GOOGLE_GENAI_USE_VERTEXAI", 1, 0),
        ("roles/dialogflow.client", "GOOGLE_GENAI_USE_VERTEXAI", 1, 0),
        ("roles/aiplatform.user", "LOG_LEVEL", 0, 1),
        ("roles/ml.developer", "GOOGLE_GENAI_USE_VERTEXAI", 0, 1),
        ("roles/storage.objectViewer", "LOG_LEVEL", 0, 0),
        ("roles/dialogflow.reader", "LOG_LEVEL", 0, 0),
    ],
)
def test_a_service_with_an_agents_role_and_a_models_variable_is_an_agent(
    tmp_path: Path, role: str, variable: str, agents: int, possible: int
) -> None:
    graph = scanned(tmp_path, {"main.tf": ADK % (role, variable)}).graph
    assert (len(graph.agents), len(graph.possible_clients)) == (agents, possible)
