"""What single declarations mean, where the parity suite shows only that both languages agree."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

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
    Membership,
    Policy,
    PolicyRole,
    Principal,
    Role,
    SecretUse,
    Setting,
    System,
    Tool,
    Unmodelled,
)
from agentreach.lowering import wanted
from agentreach.lowering.aws import CLOUDFORMATION, MODULES, TABLE
from agentreach.lowering.aws.dialect import TERRAFORM, canonical
from agentreach.model import Key, Reference, Unknown
from lowering.loading import HEADER, from_template, from_terraform, line, only, plain

if TYPE_CHECKING:
    from pathlib import Path


def template(directory: Path, text: str) -> tuple[Fact, ...]:
    return from_template(directory, HEADER + "Resources:\n" + text)


# The table of types


def test_every_module_reads_exactly_the_types_it_is_listed_with() -> None:
    for module, types in MODULES.items():
        found = import_module(f"agentreach.lowering.aws.{module}").LOWERINGS
        assert set(found) - {""} == set(types), module


def test_every_terraform_twin_is_a_type_that_is_read() -> None:
    known = {type_ for types in MODULES.values() for type_ in types}
    assert {twin for twin, _ in TERRAFORM.values()} <= known


def test_awscc_types_are_cloudformation_types_in_snake_case() -> None:
    assert canonical("awscc_bedrock_agent") == "AWS::Bedrock::Agent"
    assert canonical("awscc_bedrockagentcore_code_interpreter_custom") == "AWS::BedrockAgentCore::CodeInterpreterCustom"
    assert canonical("awscc_iam_role") == "AWS::IAM::Role"
    assert canonical("awscc_s3_bucket_policy") == "AWS::S3::BucketPolicy"


def test_types_without_meaning_are_not_wanted() -> None:
    for type_ in ("aws_route53_record", "AWS::Route53::RecordSet", "data.aws_ami", "awscc_route53_record"):
        assert not wanted(type_)
    for type_ in ("data.aws_iam_role", "aws_iam_role", "AWS::IAM::Role", "awscc_iam_role", "Custom::Anything"):
        assert wanted(type_)


def test_the_table_lists_what_it_holds() -> None:
    assert len(TABLE) == len(list(TABLE))
    assert set(CLOUDFORMATION) <= set(TABLE)


def test_an_unknown_member_of_an_agent_family_is_said(tmp_path: Path) -> None:
    facts = template(tmp_path, "  New:\n    Type: AWS::BedrockAgentCore::Teleporter\n    Properties: {}\n")
    assert [(one.type, line(one.at)) for one in only(facts, Unmodelled)] == [("AWS::BedrockAgentCore::Teleporter", 3)]
    facts = from_terraform(tmp_path, 'resource "aws_bedrockagentcore_teleporter" "new" {}\n')
    assert [one.type for one in only(facts, Unmodelled)] == ["aws_bedrockagentcore_teleporter"]


# awscc


AWSCC_AGENT = """
resource "awscc_bedrock_agent" "ops" {
  agent_name              = "ops"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/ops"
  action_groups = [{
    action_group_name     = "tickets"
    action_group_executor = { lambda = "arn:aws:lambda:eu-west-1:111122223333:function:tickets" }
    function_schema = {
      functions = [
        { name = "delete_ticket", require_confirmation = "ENABLED" },
        { name = "close_ticket", require_confirmation = "DISABLED" },
      ]
    }
  }]
}
"""


def test_awscc_agents_may_require_confirmation(tmp_path: Path) -> None:
    (tool,) = only(from_terraform(tmp_path, AWSCC_AGENT), Tool)
    assert tool.key == Key(tool.key.root, "awscc_bedrock_agent.ops.tickets")
    assert (tool.confirmation, tool.confirmable) == (False, True)
    assert [(one.name, one.confirmation, line(one.at)) for one in tool.operations] == [
        ("delete_ticket", True, 10),
        ("close_ticket", False, 11),
    ]


def test_an_awscc_role_holds_its_trust_as_text(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "awscc_iam_role" "ops" {
  role_name = "ops"
  assume_role_policy_document = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "bedrock.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
  policies = [{
    policy_name     = "reach"
    policy_document = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
  }]
}
""",
    )
    assert [(one.role, one.statements[0].at.location.line) for one in only(facts, Policy)] == [
        (PolicyRole.IDENTITY, 10),
        (PolicyRole.TRUST, 6),
    ]


# Policies


def test_what_a_condition_may_leave_out_is_not_certain(tmp_path: Path) -> None:
    facts = from_template(
        tmp_path,
        HEADER
        + """
Parameters:
  Stage: { Type: String }
Conditions:
  Prod: !Equals [!Ref Stage, prod]
Resources:
  Ops:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/ReadOnlyAccess
        - !If [Prod, "arn:aws:iam::aws:policy/AdministratorAccess", !Ref "AWS::NoValue"]
  Extra:
    Type: AWS::IAM::Policy
    Condition: Prod
    Properties:
      PolicyName: extra
      Roles: [!Ref Ops]
      PolicyDocument: { Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }
""",
    )
    assert [(plain(one.policy), one.certain) for one in only(facts, Attachment)] == [
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", True),
        ("arn:aws:iam::aws:policy/AdministratorAccess", False),
    ]
    extra = next(one for one in only(facts, Policy) if one.role is PolicyRole.IDENTITY)
    assert [one.certain for one in extra.statements] == [False]


def test_a_name_means_the_declared_principal_of_its_kind(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_iam_role" "ops" {
  name               = "ops"
  assume_role_policy = "{}"
}
resource "aws_iam_user" "ops" {
  name = "ops"
}
resource "aws_iam_user_policy_attachment" "a" {
  user       = "ops"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_policy_attachment" "b" {
  name       = "b"
  roles      = ["ops", "elsewhere"]
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}
""",
    )
    assert [(plain(one.principal), plain(one.policy)) for one in only(facts, Attachment)] == [
        ("ops", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("ops", "arn:aws:iam::aws:policy/PowerUserAccess"),
        ("elsewhere", "arn:aws:iam::aws:policy/PowerUserAccess"),
    ]
    assert [getattr(one.principal, "address", None) for one in only(facts, Attachment)] == [
        "aws_iam_user.ops",
        "aws_iam_role.ops",
        None,
    ]


def test_a_data_source_stands_for_what_it_names(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
data "aws_iam_role" "shared" {
  name = "shared"
}
resource "aws_lambda_function" "tool" {
  function_name = "tool"
  role          = data.aws_iam_role.shared.arn
}
""",
    )
    (use,) = only(facts, IdentityUse)
    assert plain(use.identity) == "arn:<partition>:iam::<account>:role/shared"
    assert not only(facts, Principal)


def test_malformed_json_hides_the_policy_and_says_where(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_iam_role_policy" "p" {
  role   = "ops"
  policy = <<-EOT
    {
      "Statement": [
        { "Effect": "Allow", "Action": "s3:*" "Resource": "*" }
      ]
    }
  EOT
}
""",
    )
    (policy,) = only(facts, Policy)
    assert isinstance(policy.unknown, Unknown)
    assert (policy.unknown.reason, line(policy.unknown.at)) == ('not valid JSON: expected "," or "}"', 7)


def test_two_mentions_of_a_bucket_without_a_name_are_the_same_bucket(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_s3_bucket" "logs" {}
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "${aws_s3_bucket.logs.arn}/*" }] })
}
""",
    )
    (bucket,) = only(facts, System)
    (policy,) = only(facts, Policy)
    assert plain(policy.statements[0].resources[0]) == f"{plain(bucket.names[0])}/*" == "arn:<partition>:s3:::<logs>/*"


def test_attaching_exclusively_is_attaching(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_iam_role_policy_attachments_exclusive" "x" {
  role_name   = "ops"
  policy_arns = ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"]
}
""",
    )
    assert [plain(one.policy) for one in only(facts, Attachment)] == [
        "arn:aws:iam::aws:policy/A",
        "arn:aws:iam::aws:policy/B",
    ]


def test_tag_policies_limit_no_access(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path, 'resource "aws_organizations_policy" "t" {\n  type    = "TAG_POLICY"\n  content = "{}"\n}\n'
    )
    assert not facts


# People, pods and pipelines


def test_a_user_with_a_console_password_is_a_person(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_iam_user" "ada" {
  name = "ada"
}
resource "aws_iam_user" "bot" {
  name = "bot"
}
resource "aws_iam_user_login_profile" "ada" {
  user = aws_iam_user.ada.name
}
resource "aws_iam_user_group_membership" "ada" {
  user   = aws_iam_user.ada.name
  groups = ["admins", "on-call"]
}
""",
    )
    assert [(plain(one.key), one.human) for one in only(facts, Principal)] == [("ada", True), ("bot", False)]
    assert [(plain(one.member), plain(one.group)) for one in only(facts, Membership)] == [
        ("ada", "admins"),
        ("ada", "on-call"),
    ]


def test_an_inactive_key_is_no_credential(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path, 'resource "aws_iam_access_key" "k" {\n  user   = "bot"\n  status = "Inactive"\n}\n'
    )
    assert not only(facts, Credential)


def test_a_pipeline_of_a_coding_agent_is_one_and_any_other_is_silent(tmp_path: Path) -> None:
    text = """
resource "aws_iam_role" "ci" {
  name = "%s"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity"
    Principal = { Federated = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" }
  }] })
}
"""
    (agent,) = only(from_terraform(tmp_path, text % "claude-code-ci"), Agent)
    assert (agent.kind, agent.role, [line(one.at) for one in agent.because]) == ("ci-agent", Role.UNDECLARED, [6, 3])
    assert not only(from_terraform(tmp_path, text % "deploy"), Agent)


# Approvals


MACHINE = """
resource "aws_sfn_state_machine" "m" {
  role_arn   = "arn:aws:iam::111122223333:role/m"
  definition = jsonencode({
    StartAt = "%s"
    States = {
      Look    = { Type = "Task", Resource = "arn:aws:states:::aws-sdk:s3:getObject", Next = "Approve" }
      Change  = { Type = "Task", Resource = "arn:aws:states:::aws-sdk:s3:putObject", Next = "Approve" }
      Approve = { Type = "Task", Resource = "arn:aws:states:::sns:publish.waitForTaskToken", Next = "Act" }
      Act     = { Type = "Task", Resource = "arn:aws:states:::aws-sdk:iam:createUser", End = true }
    }
  })
}
"""


def test_an_approval_before_every_change_covers_the_machine(tmp_path: Path) -> None:
    (gate,) = only(from_terraform(tmp_path, MACHINE % "Look"), Gate)
    assert (gate.kind, gate.covers, gate.fails_closed, line(gate.at)) == ("approval", (), True, 9)


def test_an_approval_after_a_change_covers_only_what_follows(tmp_path: Path) -> None:
    (gate,) = only(from_terraform(tmp_path, MACHINE % "Change"), Gate)
    assert gate.covers == ("Act",)


def test_a_task_token_that_no_person_answers_is_no_approval(tmp_path: Path) -> None:
    assert not only(from_terraform(tmp_path, (MACHINE % "Look").replace("Approve", "Wait")), Gate)


def test_a_manual_approval_of_a_pipeline_covers_the_stages_after_it(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  Release:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/release
      Stages:
        - Name: build
          Actions: [{ Name: compile, ActionTypeId: { Category: Build } }]
        - Name: gate
          Actions: [{ Name: ask, ActionTypeId: { Category: Approval } }]
        - Name: ship
          Actions: [{ Name: deploy, ActionTypeId: { Category: Deploy } }]
""",
    )
    (gate,) = only(facts, Gate)
    assert (gate.kind, gate.covers, line(gate.at)) == ("approval", ("gate", "ship"), 12)


def test_a_hook_that_allows_on_failure_fails_open(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  Helper:
    Type: AWS::BedrockAgentCore::Harness
    Properties:
      HarnessName: helper
      ExecutionRoleArn: arn:aws:iam::111122223333:role/helper
      Hooks:
        - BeforeToolCall:
            Target: { Lambda: { Arn: "arn:aws:lambda:eu-west-1:111122223333:function:h", FailureMode: allow } }
        - BeforeToolCall:
            Target: { Lambda: { Arn: "arn:aws:lambda:eu-west-1:111122223333:function:h", FailureMode: deny } }
        - BeforeToolCall:
            Target: { Lambda: { Arn: "arn:aws:lambda:eu-west-1:111122223333:function:h" } }
      Tools:
        - { Name: code, Type: agentcore_code_interpreter }
        - { Name: later, Type: inline_function }
""",
    )
    assert [(one.kind, one.fails_closed, line(one.at)) for one in only(facts, Gate)] == [
        ("hook", False, 11),
        ("hook", True, 13),
        ("hook", None, 15),
    ]
    assert [(one.name, one.executor, one.confirmation) for one in only(facts, Tool)] == [
        ("code", "code-interpreter", False),
        ("later", "return-control", None),
    ]
    assert [plain(one.subject) for one in only(facts, Setting) if one.aspect is Aspect.CODE_EXECUTION] == ["code"]


def test_an_engine_whose_policies_all_only_log_enforces_nothing(tmp_path: Path) -> None:
    text = """
  Gateway:
    Type: AWS::BedrockAgentCore::Gateway
    Properties:
      Name: g
      RoleArn: arn:aws:iam::111122223333:role/g
      AuthorizerType: AUTHENTICATE_ONLY
      PolicyEngineConfiguration: { Arn: !GetAtt Engine.PolicyEngineArn, Mode: ENFORCE }
  Engine:
    Type: AWS::BedrockAgentCore::PolicyEngine
    Properties: { Name: e }
  Rule:
    Type: AWS::BedrockAgentCore::Policy
    Properties: { Name: r, PolicyEngineId: !GetAtt Engine.PolicyEngineId, EnforcementMode: %s }
"""
    assert [one.fails_closed for one in only(template(tmp_path, text % "ACTIVE"), Gate)] == [True]
    assert [one.fails_closed for one in only(template(tmp_path, text % "LOG_ONLY"), Gate)] == [False]
    inbound = [
        one for one in only(template(tmp_path, text % "ACTIVE"), Setting) if one.aspect is Aspect.ANONYMOUS_INBOUND
    ]
    assert [one.state for one in inbound] == [None]


# Lifetimes


def lifetimes(directory: Path, body: str) -> dict[str, object]:
    facts = from_terraform(
        directory,
        'resource "aws_bedrockagentcore_agent_runtime" "r" {\n'
        '  agent_runtime_name = "r"\n  role_arn = "arn:aws:iam::111122223333:role/r"\n'
        f"  lifecycle_configuration {{\n{body}\n  }}\n}}\n",
    )
    return {one.attribute.rpartition(".")[2]: (one.ttl, one.thresholds) for one in only(facts, Credential)}


def test_a_maximum_lifetime_counts_when_it_is_raised_or_is_the_idle_timeout(tmp_path: Path) -> None:
    assert lifetimes(tmp_path, "    max_lifetime = 28800")["max_lifetime"] == (28_800.0, "maximum-session")
    assert lifetimes(tmp_path, "    max_lifetime = 86400")["max_lifetime"] == (86_400.0, "idle-session")
    both = lifetimes(tmp_path, "    idle_runtime_session_timeout = 14400\n    max_lifetime = 14400")
    assert both["max_lifetime"] == (14_400.0, "idle-session")


def test_lifetimes_that_contradict_each_other_are_unknown(tmp_path: Path) -> None:
    found = lifetimes(tmp_path, "    idle_runtime_session_timeout = 7200\n    max_lifetime = 3600")
    idle = found["idle_runtime_session_timeout"]
    assert isinstance(idle, tuple)
    assert isinstance(idle[0], Unknown)
    assert idle[0].reason == "the idle timeout exceeds the maximum lifetime"


def test_a_negative_lifetime_is_unknown_with_the_reason(tmp_path: Path) -> None:
    idle = lifetimes(tmp_path, "    idle_runtime_session_timeout = -1")["idle_runtime_session_timeout"]
    assert isinstance(idle, tuple)
    assert isinstance(idle[0], Unknown)
    assert idle[0].reason == "'-1' is negative"


def test_cognito_counts_hours_and_days_unless_units_say_otherwise(tmp_path: Path) -> None:
    text = """
resource "aws_cognito_user_pool_client" "c" {
  access_token_validity  = 12
  refresh_token_validity = 60
  allowed_oauth_flows    = ["%s"]
}
"""
    found = only(from_terraform(tmp_path, text % "code"), Credential)
    assert [(one.kind, one.ttl, one.renewable_without_human) for one in found] == [
        ("access-token", 43_200.0, None),
        ("refresh-token", 5_184_000.0, True),
    ]
    machine = only(from_terraform(tmp_path, text % "client_credentials"), Credential)
    assert [one.kind for one in machine] == ["access-token"]


def test_a_rotation_that_is_switched_off_rotates_nothing(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_secretsmanager_secret" "s" {
  name = "s"
}
resource "aws_secretsmanager_secret_rotation" "s" {
  secret_id        = aws_secretsmanager_secret.s.id
  rotation_enabled = false
  rotation_rules {
    schedule_expression = "rate(10 days)"
  }
}
""",
    )
    assert [(one.rotated, one.ttl, line(one.at)) for one in only(facts, Credential)] == [(False, None, 2)]


def test_a_rate_is_a_rotation_interval(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  S:
    Type: AWS::SecretsManager::Secret
  R:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: { SecretId: !Ref S, RotationRules: { ScheduleExpression: rate(12 hours) } }
""",
    )
    assert [(one.rotated, one.ttl) for one in only(facts, Credential)] == [(True, 43_200.0)]


# Environment


def test_names_and_arns_of_secrets_are_no_secrets(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_secretsmanager_secret" "s" {
  name = "s"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
  environment {
    variables = {
      SECRET_ARN    = aws_secretsmanager_secret.s.arn
      API_KEY_NAME  = "prod/api-key"
      DB_SECRET     = aws_secretsmanager_secret.s.arn
      TOKEN_URL     = "https://login.example.com/token"
      MAX_TOKENS    = "4096"
      PLAIN         = var.plain
    }
  }
}
variable "plain" {}
""",
    )
    assert not only(facts, SecretUse)


def test_values_of_secrets_are_kept_by_reference(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_iam_access_key" "k" {
  user = "bot"
}
resource "random_password" "p" {
  length = 20
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
  environment {
    variables = {
      ID          = aws_iam_access_key.k.id
      KEY         = aws_iam_access_key.k.secret
      DB_PASSWORD = random_password.p.result
      API_TOKEN   = var.token
    }
  }
}
variable "token" {
  sensitive = true
}
""",
    )
    uses = only(facts, SecretUse)
    assert {(one.variable, one.literal, line(one.at)) for one in uses} == {
        ("KEY", False, 14),
        ("DB_PASSWORD", False, 15),
        ("API_TOKEN", False, 16),
    }
    (key,) = [one.secret for one in uses if one.variable == "KEY"]
    assert isinstance(key, Reference)
    assert key.key.address == "aws_iam_access_key.k"


def test_a_dynamic_reference_names_the_secret_it_reads(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  Db:
    Type: AWS::SecretsManager::Secret
  F:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/f
      Environment:
        Variables:
          A: "{{resolve:secretsmanager:prod/db:SecretString:password}}"
          B: !Sub "{{resolve:secretsmanager:${Db}:SecretString:password}}"
          C: "{{resolve:ssm:/plain/text}}"
          D: "{{resolve:ssm-secure:/secret/text}}"
""",
    )
    assert [(one.variable, plain(one.secret)) for one in only(facts, SecretUse)] == [
        ("A", "prod/db"),
        ("B", "<Db>"),
        ("D", "/secret/text"),
    ]


def test_no_fact_holds_the_value_of_a_literal(tmp_path: Path) -> None:
    value = "sk-proj-abcdefghijklmnopqrstuvwxyz1234567890"
    facts = from_terraform(
        tmp_path,
        f"""
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
  environment {{
    variables = {{ OPENAI_API_KEY = "{value}" }}
  }}
}}
resource "aws_secretsmanager_secret_version" "v" {{
  secret_id     = "s"
  secret_string = jsonencode({{ key = "{value}" }})
}}
resource "aws_ssm_parameter" "p" {{
  name  = "p"
  type  = "SecureString"
  value = "{value}"
}}
resource "aws_bedrockagentcore_api_key_credential_provider" "a" {{
  name    = "a"
  api_key = "{value}"
}}
""",
    )
    assert value not in repr(facts)
    assert [one.variable for one in only(facts, SecretUse) if one.literal] == ["OPENAI_API_KEY"]
    assert {(one.key.address, line(one.at)) for one in only(facts, Credential) if one.literal} == {
        ("aws_bedrockagentcore_api_key_credential_provider.a#api_key", 20),
        ("aws_secretsmanager_secret_version.v#key", 11),
        ("aws_ssm_parameter.p#value", 16),
    }


def test_secrets_in_encoded_user_data_and_inline_code_are_found(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  Box:
    Type: AWS::EC2::Instance
    Properties:
      UserData:
        Fn::Base64: !Sub "export TOKEN=ghp_0123456789abcdefghijklmnopqrstuvwxyz REGION=${AWS::Region}"
      MetadataOptions: { HttpPutResponseHopLimit: 2 }
  F:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/f
      Code: { ZipFile: "key = 'sk-proj-abcdefghijklmnopqrstuvwxyz1234567890'" }
""",
    )
    assert [(plain(one.subject), one.via, one.literal, line(one.at)) for one in only(facts, SecretUse)] == [
        ("Box", "user-data", True, 7),
        ("F", "code", True, 14),
    ]
    assert [one.state for one in only(facts, Setting) if one.aspect is Aspect.HOST_ACCESS] == [True]
    facts = from_terraform(
        tmp_path,
        """
resource "aws_instance" "box" {
  user_data_base64 = base64encode("export TOKEN=ghp_0123456789abcdefghijklmnopqrstuvwxyz")
}
""",
    )
    assert [(one.via, line(one.at)) for one in only(facts, SecretUse)] == [("user-data", 3)]


# Where things lead


def test_an_alias_of_a_function_is_the_function(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  F:
    Type: AWS::Lambda::Function
    Properties: { Role: "arn:aws:iam::111122223333:role/f" }
  Live:
    Type: AWS::Lambda::Alias
    Properties: { FunctionName: !Ref F, FunctionVersion: "1", Name: live }
  Ops:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: ops
      ActionGroups:
        - { ActionGroupName: a, ActionGroupExecutor: { Lambda: !Ref Live } }
""",
    )
    assert [plain(one.target) for one in only(facts, Tool)] == ["<F>"]


def test_a_disabled_action_group_is_no_tool(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_bedrockagent_agent_action_group" "off" {
  agent_id           = "A"
  agent_version      = "DRAFT"
  action_group_name  = "off"
  action_group_state = "DISABLED"
}
""",
    )
    assert not facts


def test_a_pod_identity_association_reaches_the_declared_account(tmp_path: Path) -> None:
    facts = from_terraform(
        tmp_path,
        """
resource "aws_eks_pod_identity_association" "p" {
  cluster_name    = "c"
  namespace       = "agents"
  service_account = "ops"
  role_arn        = "arn:aws:iam::111122223333:role/ops"
  target_role_arn = "arn:aws:iam::444455556666:role/far"
}
""",
    )
    assert [plain(name) for one in only(facts, Principal) for name in one.names] == ["agents:ops"]
    assert [(one.relation, plain(one.identity)) for one in only(facts, IdentityUse)] == [
        (IdentityRelation.FEDERATED, "arn:aws:iam::111122223333:role/ops"),
        (IdentityRelation.ASSUMES, "arn:aws:iam::444455556666:role/far"),
    ]


def test_a_security_group_without_egress_rules_means_opposite_things(tmp_path: Path) -> None:
    configuration = from_terraform(
        tmp_path,
        """
resource "aws_security_group" "g" {}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
  vpc_config {
    security_group_ids = [aws_security_group.g.id]
    subnet_ids         = []
  }
}
""",
    )
    assert not [one for one in only(configuration, Setting) if one.aspect is Aspect.UNRESTRICTED_EGRESS]
    stack = template(
        tmp_path,
        """
  G:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: g }
  F:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/f
      VpcConfig: { SecurityGroupIds: [!GetAtt G.GroupId], SubnetIds: [] }
""",
    )
    found = [one for one in only(stack, Setting) if one.aspect is Aspect.UNRESTRICTED_EGRESS]
    assert [(one.state, one.defaulted, line(one.at)) for one in found] == [(True, True, 4)]


def test_an_image_with_a_tag_that_cannot_move_is_pinned(tmp_path: Path) -> None:
    text = """
resource "aws_ecr_repository" "r" {
  name                 = "r"
  image_tag_mutability = "%s"
}
resource "aws_bedrockagentcore_agent_runtime" "a" {
  agent_runtime_name = "a"
  role_arn           = "arn:aws:iam::111122223333:role/a"
  agent_runtime_artifact {
    container_configuration {
      container_uri = "${aws_ecr_repository.r.repository_url}:1.2.3"
    }
  }
}
"""

    def pinned(mutability: str) -> list[bool | None]:
        facts = from_terraform(tmp_path, text.replace("%s", mutability))
        return [one.state for one in only(facts, Setting) if one.aspect is Aspect.PINNED_ARTIFACT]

    assert pinned("IMMUTABLE") == [True]
    assert pinned("MUTABLE") == [False]


def test_a_memory_belongs_to_who_mentions_it_and_else_stands_alone(tmp_path: Path) -> None:
    memory = """
resource "aws_bedrockagentcore_memory" "m" {
  name                  = "m"
  event_expiry_duration = 90
}
"""
    runtime = """
resource "aws_bedrockagentcore_agent_runtime" "r" {
  agent_runtime_name    = "r"
  role_arn              = "arn:aws:iam::111122223333:role/r"
  environment_variables = { MEMORY = aws_bedrockagentcore_memory.m.id }
}
"""
    alone = from_terraform(tmp_path, memory)
    assert [(one.kind, one.role) for one in only(alone, Agent)] == [("agentcore-memory", Role.TOOL)]
    used = from_terraform(tmp_path, memory + runtime)
    assert [one.kind for one in only(used, Agent)] == ["agentcore-runtime"]
    (kept,) = [one for one in only(used, Credential) if one.kind == "memory"]
    assert plain(kept.owner) == "m"
    assert [(one.relation, plain(one.other)) for one in only(used, AgentLink)] == [("uses-memory", "<m>")]


def test_an_mcp_server_of_someone_else_has_no_filter(tmp_path: Path) -> None:
    text = """
  T:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      Name: t
      GatewayIdentifier: g
      TargetConfiguration: { Mcp: { McpServer: { Endpoint: "%s" } } }
"""

    def filtered(endpoint: str) -> list[bool | None]:
        facts = template(tmp_path, text % endpoint)
        return [one.state for one in only(facts, Setting) if one.aspect is Aspect.TOOL_FILTER]

    assert filtered("https://mcp.example.com/sse") == [False]
    assert filtered("https://bedrock-agentcore.eu-west-1.amazonaws.com/runtimes/x/invocations") == []


def test_a_schema_in_s3_hides_the_operations(tmp_path: Path) -> None:
    facts = template(
        tmp_path,
        """
  T:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      Name: t
      GatewayIdentifier: g
      TargetConfiguration: { Mcp: { OpenApiSchema: { S3: { Uri: "s3://b/k" } } } }
""",
    )
    assert [(one.executor, one.confirmation, one.operations) for one in only(facts, Tool)] == [("http", None, ())]
    assert [(one.attribute, one.reason) for one in only(facts, Hidden)] == [("schema", "the schema lies in S3")]


def test_a_custom_resource_whose_function_may_create_agents_is_a_possible_agent(tmp_path: Path) -> None:
    text = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: "%s", Resource: "*" }
  F:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn }
  Made:
    Type: Custom::Agent
    Properties: { ServiceToken: !GetAtt F.Arn }
"""
    facts = template(tmp_path, text % "bedrock:CreateAgent")
    (agent,) = only(facts, Agent)
    assert (agent.key.address, agent.kind, agent.role) == ("Made", "possible-undeclared-agent", Role.UNDECLARED)
    assert [line(one.at) for one in agent.because] == [16, 12]
    assert not only(template(tmp_path, text % "s3:GetObject"), Agent)
    assert not only(template(tmp_path, text % "*"), Agent)


def test_a_role_passed_to_a_job_is_that_jobs(tmp_path: Path) -> None:
    text = """
resource "aws_sfn_state_machine" "m" {
  name     = "m"
  role_arn = "arn:aws:iam::111122223333:role/machine"
  definition = jsonencode({
    StartAt = "Summarise"
    States = {
      Summarise = {
        Type       = "Task"
        Resource   = "arn:aws:states:::aws-sdk:bedrock:createModelInvocationJob"
        Parameters = { RoleArn = aws_iam_role.batch.arn }
        End        = true
      }
    }
  })
}

resource "aws_bedrock_custom_model" "c" {
  role_arn = aws_iam_role.tuning.arn
}

resource "aws_iam_role" "batch" {
  name = "batch"
}

resource "aws_iam_role" "tuning" {
  name = "tuning"
}
"""
    found = {
        (one.subject.address, plain(one.identity), line(one.at))
        for one in only(from_terraform(tmp_path, text), IdentityUse)
    }
    assert found == {
        ("aws_sfn_state_machine.m", "arn:aws:iam::111122223333:role/machine", 4),
        ("aws_sfn_state_machine.m#Summarise", "<batch>", 11),
        ("aws_bedrock_custom_model.c", "<tuning>", 19),
    }
