"""Agents that AWS runs as services of their own, and the parts of AgentCore and Bedrock that Terraform lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import (
    Agent,
    AgentLink,
    Aspect,
    Attachment,
    Credential,
    Fact,
    Gate,
    Hidden,
    IdentityRelation,
    IdentityUse,
    Policy,
    PolicyRole,
    Principal,
    Role,
    SecretUse,
    Setting,
    Signal,
    System,
    Tool,
    Workload,
)
from lowering.loading import HEADER, from_template, from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path

ROLE = "arn:aws:iam::111122223333:role/r"


def template(directory: Path, text: str) -> tuple[Fact, ...]:
    return from_template(directory, HEADER + "Resources:" + text)


def states(facts: tuple[Fact, ...], aspect: Aspect) -> list[tuple[object, bool | None, int]]:
    return [(plain(one.subject), one.state, line(one.at)) for one in only(facts, Setting) if one.aspect is aspect]


def test_a_devops_agent_with_its_account_repository_and_server(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        f"""
  Space:
    Type: AWS::DevOpsAgent::AgentSpace
    Properties:
      Name: ops
      OperatorApp: {{ Iam: {{ OperatorAppRoleArn: "{ROLE}" }} }}
      Preferences: {{ ElevatedActionsEnabled: true }}
  Account:
    Type: AWS::DevOpsAgent::Association
    Properties:
      AgentSpaceId: !Ref Space
      Configuration: {{ Aws: {{ AssumableRoleArn: "{ROLE}", AgentElevatedRoleArn: "{ROLE}-elevated" }} }}
  Server:
    Type: AWS::DevOpsAgent::Association
    Properties:
      AgentSpaceId: !Ref Space
      Configuration: {{ MCPServer: {{ Name: crm, Endpoint: "https://mcp.example.com", Tools: ["*"] }} }}
  Code:
    Type: AWS::DevOpsAgent::Association
    Properties:
      AgentSpaceId: !Ref Space
      ServiceId: !Ref GitLab
      Configuration: {{ GitHub: {{ RepoName: app }} }}
  GitLab:
    Type: AWS::DevOpsAgent::Service
    Properties:
      ServiceDetails: {{ GitLab: {{ TokenType: personal, TokenValue: glpat-abcdefghij0123456789 }} }}
  Nightly:
    Type: AWS::DevOpsAgent::Trigger
    Properties: {{ AgentSpaceId: !Ref Space, Condition: {{ Schedule: {{ Expression: rate(1 day) }} }} }}
""",
    )
    assert [(one.kind, plain(one.key)) for one in only(facts, Agent)] == [("devops-agent", "Space")]
    assert [(one.name, one.executor, plain(one.agent), one.confirmation) for one in only(facts, Tool)] == [
        ("elevated actions", "aws", "Space", False),
        ("Account", "aws", "Space", False),
        ("crm", "mcp", "Space", False),
        ("Code", "github", "Space", False),
    ]
    assert [(plain(one.subject), one.relation, one.note) for one in only(facts, IdentityUse)] == [
        ("Space", IdentityRelation.RUNS_AS, "role of the operator application"),
        ("Account", IdentityRelation.TOOL_ACTS_AS, "role for reading"),
        ("Account", IdentityRelation.TOOL_ACTS_AS, "elevated role"),
        ("Code", IdentityRelation.DELEGATED, "acts with a person's access token"),
    ]
    assert states(facts, Aspect.TOOL_FILTER) == [("Server", False, 18)]
    assert states(facts, Aspect.UNATTENDED) == [("Space", True, 31)]
    assert [(one.kind, one.human) for one in only(facts, Principal)] == [("personal-access-token", True)]
    assert [(one.kind, one.literal, line(one.at)) for one in only(facts, Credential)] == [
        ("api-key", False, 28),
        ("secret", True, 28),
    ]


def test_a_security_agent_with_what_it_may_use(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        f"""
  Space:
    Type: AWS::SecurityAgent::AgentSpace
    Properties:
      Name: red
      AwsResources:
        IamRoles: ["{ROLE}"]
        SecretArns: ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-abcdef"]
        LambdaFunctionArns: ["arn:aws:lambda:eu-west-1:111122223333:function:f"]
      IntegratedResources:
        - ProviderResources: [{{ GitHubCapabilities: {{ RemediateCode: true }} }}]
  Login:
    Type: AWS::SecurityAgent::Integration
    Properties: {{ ProviderInput: {{ Gitlab: {{ AccessToken: glpat-abcdefghij0123456789 }} }} }}
  Test:
    Type: AWS::SecurityAgent::Pentest
    Properties: {{ Title: web, ServiceRole: "{ROLE}" }}
""",
    )
    assert [(one.kind, one.name) for one in only(facts, Agent)] == [
        ("security-agent", "red"),
        ("security-agent-pentest", "web"),
    ]
    assert [(plain(one.subject), one.relation) for one in only(facts, IdentityUse)] == [
        ("Space", IdentityRelation.ASSUMES),
        ("Test", IdentityRelation.RUNS_AS),
    ]
    assert [(one.name, one.executor, line(one.at)) for one in only(facts, Tool)] == [
        ("function-0", "lambda", 10),
        ("remediate_code", "github", 12),
    ]
    assert [line(one.at) for one in only(facts, SecretUse)] == [9]
    assert [one.literal for one in only(facts, Credential)] == [False, True]


def test_an_investigation_group_reaches_other_accounts_and_keeps_what_it_found(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        f"""
  Group:
    Type: AWS::AIOps::InvestigationGroup
    Properties:
      Name: on-call
      RoleArn: "{ROLE}"
      CrossAccountConfigurations: [{{ SourceRoleArn: "arn:aws:iam::444455556666:role/far" }}]
      RetentionInDays: 7
""",
    )
    assert [(one.relation, plain(one.identity)) for one in only(facts, IdentityUse)] == [
        (IdentityRelation.RUNS_AS, ROLE),
        (IdentityRelation.ASSUMES, "arn:aws:iam::444455556666:role/far"),
    ]
    assert [(one.kind, one.ttl, line(one.at)) for one in only(facts, Credential)] == [("memory", 604_800.0, 9)]


def test_a_browser_workflow_records_where_it_exports(tmp_path: Path) -> None:
    facts = template(tmp_path, "\n  W:\n    Type: AWS::NovaAct::WorkflowDefinition\n    Properties: { Name: w }\n")
    assert [one.kind for one in only(facts, Agent)] == ["nova-act-workflow"]
    assert states(facts, Aspect.AUDIT_LOG) == [("W", False, 3)]


def test_q_business_with_a_plugin_and_a_vendor(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        f"""
  App:
    Type: AWS::QBusiness::Application
    Properties: {{ DisplayName: help, RoleArn: "{ROLE}", IdentityType: ANONYMOUS }}
  Tickets:
    Type: AWS::QBusiness::Plugin
    Properties:
      ApplicationId: !Ref App
      DisplayName: tickets
      Type: CUSTOM
      ServerUrl: https://tickets.example.com
      AuthConfiguration:
        OAuth2ClientCredentialConfiguration:
          RoleArn: "{ROLE}"
          SecretArn: arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-abcdef
      CustomPluginConfiguration:
        ApiSchema:
          Payload: |
            paths:
              /tickets: {{ post: {{ operationId: createTicket }}, get: {{ operationId: listTickets }} }}
  Off:
    Type: AWS::QBusiness::Plugin
    Properties: {{ ApplicationId: !Ref App, DisplayName: "off", Type: JIRA, State: DISABLED }}
  Vendor:
    Type: AWS::QBusiness::DataAccessor
    Properties:
      ApplicationId: !Ref App
      Principal: arn:aws:iam::444455556666:role/vendor
      ActionConfigurations: [{{ Action: "qbusiness:SearchRelevantContent" }}]
""",
    )
    assert states(facts, Aspect.ANONYMOUS_INBOUND) == [("App", True, 5)]
    (tool,) = only(facts, Tool)
    assert (tool.name, tool.executor, plain(tool.agent), plain(tool.target)) == (
        "tickets",
        "custom",
        "App",
        "https://tickets.example.com",
    )
    assert [(one.name, one.mutating, one.confirmation, line(one.at)) for one in tool.operations] == [
        ("listTickets", False, None, 21),
        ("createTicket", True, None, 21),
    ]
    assert [(plain(one.subject), line(one.at)) for one in only(facts, IdentityUse)] == [("App", 5), ("Tickets", 15)]
    assert [line(one.at) for one in only(facts, SecretUse)] == [16]
    (policy,) = only(facts, Policy)
    assert (policy.role, plain(policy.subject)) == (PolicyRole.RESOURCE, "App")
    assert [plain(one.value) for one in policy.statements[0].principals] == ["arn:aws:iam::444455556666:role/vendor"]


def test_a_quicksight_connector_and_its_key(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  Jira:
    Type: AWS::QuickSight::ActionConnector
    Properties:
      Name: jira
      Type: JIRA
      EnabledActions: [CreateIssue, GetIssue]
      AuthenticationConfig:
        AuthenticationMetadata:
          ApiKeyConnectionMetadata: { ApiKey: xoxb-123456789012-abcdefghijkl }
""",
    )
    assert [(one.kind, one.role) for one in only(facts, Agent)] == [("quicksight-action-connector", Role.TOOL)]
    (tool,) = only(facts, Tool)
    assert [(one.name, one.mutating, line(one.at)) for one in tool.operations] == [
        ("CreateIssue", True, 8),
        ("GetIssue", False, 8),
    ]
    assert [(one.kind, one.literal, line(one.at)) for one in only(facts, Credential)] == [
        ("api-key", False, 11),
        ("secret", True, 11),
    ]


def test_a_connect_agent_says_for_each_tool_whether_the_user_confirms(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  Helper:
    Type: AWS::Wisdom::AIAgent
    Properties:
      Name: helper
      Configuration:
        OrchestrationAIAgentConfiguration:
          ToolConfigurations:
            - ToolName: cancel_order
              ToolType: MODEL_CONTEXT_PROTOCOL
              UserInteractionConfiguration: { IsUserConfirmationRequired: true }
            - ToolName: refund_order
              ToolType: MODEL_CONTEXT_PROTOCOL
            - ToolName: hand_over
              ToolType: RETURN_TO_CONTROL
""",
    )
    assert [(one.name, one.executor, one.confirmation, line(one.at)) for one in only(facts, Tool)] == [
        ("cancel_order", "mcp", True, 10),
        ("refund_order", "mcp", False, 13),
        ("hand_over", "return-control", None, 15),
    ]
    assert states(facts, Aspect.GUARDRAIL) == [("Helper", False, 3)]


def test_a_lex_bot_hands_over_to_a_bedrock_agent_and_calls_a_function(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        f"""
  Bot:
    Type: AWS::Lex::Bot
    Properties:
      Name: front
      RoleArn: "{ROLE}"
      BotLocales:
        - Intents:
            - BedrockAgentIntentConfiguration: {{ BedrockAgentConfiguration: {{ BedrockAgentId: AGENT1 }} }}
  Live:
    Type: AWS::Lex::BotAlias
    Properties:
      BotId: !Ref Bot
      BotAliasLocaleSettings:
        - BotAliasLocaleSetting:
            CodeHookSpecification:
              LambdaCodeHook: {{ LambdaArn: "arn:aws:lambda:eu-west-1:111122223333:function:f" }}
      ConversationLogSettings: {{ TextLogSettings: [{{ Enabled: false }}] }}
""",
    )
    assert [(one.relation, plain(one.other), line(one.at)) for one in only(facts, AgentLink)] == [
        ("collaborates", "AGENT1", 10)
    ]
    assert [(plain(one.agent), one.executor, line(one.at)) for one in only(facts, Tool)] == [("Bot", "lambda", 18)]
    assert states(facts, Aspect.AUDIT_LOG) == [("Bot", False, 19)]


def test_a_registry_that_approves_everything_approves_nothing(tmp_path: Path) -> None:
    text = """
  R:
    Type: AWS::AgentRegistry::Registry
    Properties: { Name: r, ApprovalConfiguration: { AutoApprovalRules: [%s] } }
"""
    assert [one.fails_closed for one in only(template(tmp_path, text % "APPROVE_ALL"), Gate)] == [False]
    assert [one.fails_closed for one in only(template(tmp_path, text % "SAME_OWNER"), Gate)] == [True]
    assert [one.role for one in only(template(tmp_path, text % "APPROVE_ALL"), Agent)] == [Role.HOST]


def test_payments_cannot_be_taken_back(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        f"""
  Manager:
    Type: AWS::BedrockAgentCore::PaymentManager
    Properties: {{ Name: m, RoleArn: "{ROLE}" }}
  Card:
    Type: AWS::BedrockAgentCore::PaymentConnector
    Properties: {{ Name: card, PaymentManagerId: !Ref Manager, ConnectorType: COINBASE_CDP }}
  Wallet:
    Type: AWS::BedrockAgentCore::PaymentCredentialProvider
    Properties:
      Name: wallet
      ProviderConfigurationInput: {{ CoinbaseCdpConfiguration: {{ WalletSecret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" }} }}
""",
    )
    assert [one[0] for one in states(facts, Aspect.SPENDS_MONEY)] == ["Manager", "Card", "Wallet"]
    assert [(plain(one.agent), one.executor) for one in only(facts, Tool)] == [("Manager", "payment")]
    assert [(one.kind, one.literal) for one in only(facts, Credential)] == [("api-key", False), ("secret", True)]


def test_a_browser_profile_keeps_sessions_without_an_end(tmp_path: Path) -> None:
    facts = template(tmp_path, "\n  P:\n    Type: AWS::BedrockAgentCore::BrowserProfile\n    Properties: { Name: p }\n")
    assert [(one.kind, one.never_expires) for one in only(facts, Credential)] == [("browser-session", True)]
    assert [one.role for one in only(facts, Agent)] == [Role.TOOL]


def test_a_key_provider_is_rotated_when_its_secret_is(tmp_path: Path) -> None:
    text = """
  S:
    Type: AWS::SecretsManager::Secret
  %s:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: { SecretId: !Ref S, RotationRules: { AutomaticallyAfterDays: 30 } }
  K:
    Type: AWS::BedrockAgentCore::ApiKeyCredentialProvider
    Properties: { Name: k, ApiKeySecretConfig: { SecretId: !Ref S } }
"""
    rotated = {plain(one.key): one.rotated for one in only(template(tmp_path, text % "R"), Credential)}
    assert rotated == {"S": True, "K": True}
    held = only(template(tmp_path, text % "R"), SecretUse)
    assert [(plain(one.subject), plain(one.secret), one.via) for one in held] == [("K", "<S>", "credential-provider")]


def test_targets_of_every_kind(tmp_path: Path) -> None:
    target = """
  T:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      Name: t
      GatewayIdentifier: !Ref G
      CredentialProviderConfigurations: [{ CredentialProviderType: %s }]
      TargetConfiguration: %s
  G:
    Type: AWS::BedrockAgentCore::Gateway
    Properties: { Name: g, RoleArn: "arn:aws:iam::111122223333:role/g" }
"""

    def tool(credential: str, configuration: str) -> Tool:
        (found,) = only(template(tmp_path, target % (credential, configuration)), Tool)
        return found

    api = tool(
        "GATEWAY_IAM_ROLE",
        '{ Mcp: { OpenApiSchema: { InlinePayload: \'{"paths": {"/x": {"delete": {"operationId": "dropX"}}}}\' } } }',
    )
    assert (api.executor, plain(api.acts_as)) == ("http", "arn:aws:iam::111122223333:role/g")
    assert [(one.name, one.mutating, one.confirmation) for one in api.operations] == [("dropX", True, False)]
    passed = tool("JWT_PASSTHROUGH", "{ Http: { AgentcoreRuntime: { Arn: x } } }")
    assert (passed.executor, passed.note) == ("agent", "the caller's token is passed on")
    rest = tool(
        "GATEWAY_IAM_ROLE",
        "{ Mcp: { ApiGateway: { RestApiId: r, ApiGatewayToolConfiguration: "
        "{ ToolFilters: [{ FilterPath: /pets, Methods: [GET, POST] }] } } } }",
    )
    assert [(one.name, one.mutating) for one in rest.operations] == [("GET /pets", False), ("POST /pets", True)]
    assert tool("GATEWAY_IAM_ROLE", "{ Mcp: { SmithyModel: { S3: { Uri: s3://b/k } } } }").confirmation is None


def test_a_capacity_provider_is_a_host_and_its_sessions_may_be_long(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  P:
    Type: AWS::BedrockAgentCore::CapacityProvider
    Properties:
      Name: p
      ComputeConfiguration:
        Ec2Configuration:
          LifecycleConfiguration: { MaxLifetime: 1209600 }
""",
    )
    assert [one.role for one in only(facts, Agent)] == [Role.HOST]
    assert (1_209_600.0, "idle-session") in [(one.ttl, one.thresholds) for one in only(facts, Credential)]


def test_flows_collaborate_and_run_code(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        f"""
  Flow:
    Type: AWS::Bedrock::Flow
    Properties:
      Name: f
      ExecutionRoleArn: "{ROLE}"
      Definition:
        Nodes:
          - Name: ask
            Configuration: {{ Agent: {{ AgentAliasArn: !GetAtt Live.AgentAliasArn }} }}
          - Name: code
            Configuration: {{ InlineCode: {{ Code: "print()", Language: Python_3 }} }}
          - Name: read
            Configuration:
              KnowledgeBase: {{ KnowledgeBaseId: KB1, GuardrailConfiguration: {{ GuardrailIdentifier: g }} }}
  Live:
    Type: AWS::Bedrock::AgentAlias
    Properties: {{ AgentAliasName: live, AgentId: AGENT1 }}
""",
    )
    assert [(one.relation, plain(one.other)) for one in only(facts, AgentLink)] == [
        ("collaborates", "AGENT1"),
        ("uses-knowledge-base", "KB1"),
        ("alias", "<Live>"),
    ]
    assert states(facts, Aspect.CODE_EXECUTION) == [("Flow", True, 13)]
    assert states(facts, Aspect.GUARDRAIL) == [("Flow", True, 16)]


def test_an_agent_with_code_of_its_own_between_model_and_tools(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  Ops:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: ops
      PromptOverrideConfiguration: { OverrideLambda: "arn:aws:lambda:eu-west-1:111122223333:function:parse" }
      KnowledgeBases: [{ KnowledgeBaseId: KB1 }, { KnowledgeBaseId: KB2, KnowledgeBaseState: DISABLED }]
      MemoryConfiguration: { EnabledMemoryTypes: [SESSION_SUMMARY], StorageDays: 0 }
""",
    )
    assert [(one.relation, plain(one.other)) for one in only(facts, AgentLink)] == [
        ("invokes", "arn:aws:lambda:eu-west-1:111122223333:function:parse"),
        ("uses-knowledge-base", "KB1"),
    ]
    assert [one.kind for one in only(facts, Credential)] == ["session"]


def test_a_knowledge_base_of_terraform_is_linked_unless_it_is_switched_off(tmp_path: Path) -> None:
    text = """
resource "aws_bedrockagent_agent_knowledge_base_association" "docs" {
  agent_id             = "AGENT1"
  knowledge_base_id    = "KB1"
  knowledge_base_state = "%s"
}
"""
    linked = only(from_terraform(tmp_path, text % "ENABLED"), AgentLink)
    assert [(plain(one.agent), plain(one.other), line(one.at)) for one in linked] == [("AGENT1", "KB1", 4)]
    assert not only(from_terraform(tmp_path, text % "DISABLED"), AgentLink)


def test_model_invocation_logs_are_a_record_of_every_agent(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_bedrockagent_agent" "ops" {
  agent_name = "ops"
}
resource "aws_bedrock_model_invocation_logging_configuration" "all" {
  logging_config {}
}
""",
    )
    assert states(facts, Aspect.AUDIT_LOG) == [("ops", True, 5)]


def test_permission_sets_hold_policies_of_every_kind(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_ssoadmin_permission_set" "p" {
  name = "p"
}
resource "aws_ssoadmin_permission_set_inline_policy" "p" {
  permission_set_arn = aws_ssoadmin_permission_set.p.arn
  inline_policy      = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
resource "aws_ssoadmin_customer_managed_policy_attachment" "p" {
  permission_set_arn = aws_ssoadmin_permission_set.p.arn
  customer_managed_policy_reference {
    name = "ours"
  }
}
resource "aws_ssoadmin_permissions_boundary_attachment" "p" {
  permission_set_arn = aws_ssoadmin_permission_set.p.arn
  permissions_boundary {
    managed_policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  }
}
""",
    )
    stack = template(
        tmp_path,
        """
  P:
    Type: AWS::SSO::PermissionSet
    Properties:
      Name: p
      InlinePolicy: { Statement: [{ Effect: Allow, Action: "s3:*", Resource: "*" }] }
      CustomerManagedPolicyReferences: [{ Name: ours }]
      PermissionsBoundary: { ManagedPolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }
""",
    )
    for found in (facts, stack):
        assert [(plain(one.policy), one.role) for one in only(found, Attachment)] == [
            ("ours", PolicyRole.IDENTITY),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", PolicyRole.BOUNDARY),
        ]
        assert [plain(one.statements[0].actions[0]) for one in only(found, Policy)] == ["s3:*"]


def test_batch_jobs_and_models_state_what_runs_in_them(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_batch_job_definition" "job" {
  name = "job"
  type = "container"
  container_properties = jsonencode({
    image       = "ghcr.io/acme/crewai-runner:1"
    jobRoleArn  = "arn:aws:iam::111122223333:role/job"
    environment = [{ name = "ANTHROPIC_API_KEY", value = var.key }]
  })
}
resource "aws_batch_job_definition" "later" {
  name                 = "later"
  type                 = "container"
  container_properties = var.properties
}
resource "aws_sagemaker_model" "m" {
  name               = "m"
  execution_role_arn = "arn:aws:iam::111122223333:role/m"
  primary_container {
    image       = "ghcr.io/acme/model:1"
    environment = { MODEL_ID = "x" }
  }
}
variable "key" {}
variable "properties" {}
""",
    )
    assert [(plain(one.subject), line(one.at)) for one in only(facts, IdentityUse)] == [("job", 7), ("m", 18)]
    assert [(one.kind, one.detail) for one in only(facts, Signal)] == [
        ("image", "image with crewai"),
        ("environment", "variable ANTHROPIC_API_KEY"),
        ("environment", "variable MODEL_ID"),
    ]
    assert [(plain(one.subject), one.attribute, one.reason) for one in only(facts, Hidden)] == [
        ("later", "container_properties", "variable 'properties' has no value")
    ]
    assert [one.variable for one in only(facts, SecretUse)] == ["ANTHROPIC_API_KEY"]


def test_what_starts_a_workload_with_no_person_about(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
}
resource "aws_cloudwatch_event_rule" "on" {
  schedule_expression = "rate(1 hour)"
}
resource "aws_cloudwatch_event_rule" "off" {
  schedule_expression = "rate(1 hour)"
  state               = "DISABLED"
}
resource "aws_cloudwatch_event_target" "on" {
  rule = aws_cloudwatch_event_rule.on.name
  arn  = aws_lambda_function.f.arn
}
resource "aws_cloudwatch_event_target" "off" {
  rule = aws_cloudwatch_event_rule.off.name
  arn  = aws_lambda_function.f.arn
}
resource "aws_scheduler_schedule" "off" {
  state               = "DISABLED"
  schedule_expression = "rate(1 hour)"
  target {
    arn      = aws_lambda_function.f.arn
    role_arn = "arn:aws:iam::111122223333:role/s"
  }
}
""",
    )
    assert states(facts, Aspect.UNATTENDED) == [("f", True, 15)]
    stack = template(
        tmp_path,
        """
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.s3] }
      Targets: [{ Id: t, Arn: "arn:aws:lambda:eu-west-1:111122223333:function:f" }]
""",
    )
    assert [one[1:] for one in states(stack, Aspect.UNATTENDED)] == [(True, 7)]


def test_branches_of_a_machine_are_read_too(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        f"""
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: "{ROLE}"
      DefinitionString: |
        {{
          "StartAt": "Both",
          "States": {{
            "Both": {{
              "Type": "Parallel",
              "End": true,
              "Branches": [
                {{ "StartAt": "Ask", "States": {{ "Ask": {{ "Type": "Task", "End": true,
                  "Resource": "arn:aws:states:::bedrock:invokeModel" }} }} }}
              ]
            }}
          }}
        }}
""",
    )
    assert [(one.kind, one.strength.value, line(one.at)) for one in only(facts, Signal)] == [("action", "weak", 15)]
    assert [one.kind for one in only(facts, Workload)] == ["state-machine"]
    hidden = template(
        tmp_path,
        f"""
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties: {{ RoleArn: "{ROLE}", DefinitionString: "not json" }}
""",
    )
    assert [(one.attribute, line(one.at)) for one in only(hidden, Hidden)] == [("DefinitionString", 5)]


def test_an_organization_wide_rule_counts_whatever_its_type(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_organizations_policy" "r" {
  type    = "RESOURCE_CONTROL_POLICY"
  content = jsonencode({ Statement = [{ Effect = "Deny", Action = "s3:*", Resource = "*", Principal = "*" }] })
}
resource "aws_organizations_policy_attachment" "r" {
  policy_id = aws_organizations_policy.r.id
  target_id = "ou-1"
}
""",
    )
    assert [one.role for one in only(facts, Policy)] == [PolicyRole.RESOURCE_CONTROL]
    assert [(one.role, line(one.at)) for one in only(facts, Attachment)] == [(PolicyRole.RESOURCE_CONTROL, 8)]


def test_an_opensearch_domain_holds_its_own_policy(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_opensearch_domain" "d" {
  domain_name     = "d"
  access_policies = jsonencode({
    Statement = [{ Effect = "Allow", Action = "es:*", Principal = { AWS = "*" }, Resource = "*" }]
  })
}
""",
    )
    assert [(one.service, one.kind) for one in only(facts, System)] == [("es", "search-domain")]
    assert [(one.role, plain(one.subject)) for one in only(facts, Policy)] == [(PolicyRole.RESOURCE, "d")]


@pytest.mark.parametrize(
    ("variant", "operations"),
    [
        ("READ_WRITE", [("write to repositories", True, 5)]),
        ("READ_ONLY", [("read repositories", False, 5)]),
        ("CUSTOM_APP", []),
    ],
)
def test_the_variant_of_githubs_app_says_what_a_devops_agent_may_do(
    variant: str, operations: list[tuple[str, bool, int]], tmp_path: Path
) -> None:
    text = f"""\
Resources:
  Service:
    Type: AWS::DevOpsAgent::Service
    Properties:
      AdditionalServiceDetails: {{GitHub: {{AppVariant: {variant}}}}}
  Use:
    Type: AWS::DevOpsAgent::Association
    Properties: {{AgentSpaceId: s, ServiceId: !GetAtt Service.ServiceId, Configuration: {{GitHub: {{RepoName: r}}}}}}
"""
    (tool,) = only(from_template(tmp_path, text), Tool)
    assert [(one.name, one.mutating, line(one.at)) for one in tool.operations] == operations


def test_elevated_tools_of_datadog_change_something(tmp_path: Path) -> None:
    text = """\
Resources:
  Use:
    Type: AWS::DevOpsAgent::Association
    Properties:
      AgentSpaceId: s
      ServiceId: d
      Configuration: {MCPServerDatadog: {EnabledElevatedTools: [mute_monitor]}}
"""
    (tool,) = only(from_template(tmp_path, text), Tool)
    assert [(one.name, one.mutating, line(one.at)) for one in tool.operations] == [("mute_monitor", True, 7)]
