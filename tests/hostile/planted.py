"""Thirty kinds of secrets and the places a project hides them in. Every value is made up.

The values are put together here, so that no scanner of repositories mistakes this file for a leak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_samples import ADMIN, AGENT, write

if TYPE_CHECKING:
    from pathlib import Path

_MIXED = "Zq7Wm3Xt9Rb5Kp2Vn8Yc4Ld6Hf1Jg0Sa3Te7Uo9Ir5Px2Mz8Bq4Nw6Cv1Dk0"


def _mixed(length: int, start: int = 0) -> str:
    return (_MIXED[start:] + _MIXED * 4)[:length]


SECRETS = {
    "AWS access key id": "AKI" + "A" + "ZQWMXTRBKPVNYCLD",
    "AWS temporary key id": "ASI" + "A" + "QZWMXTRBKPVNYCLD",
    "AWS secret access key": _mixed(40, 1),
    "GitHub personal token": "gh" + "p_" + _mixed(36, 2),
    "GitHub app token": "gh" + "s_" + _mixed(36, 3),
    "GitHub fine-grained token": "github" + "_pat_" + _mixed(60, 4),
    "GitLab token": "gl" + "pat-" + _mixed(20, 5),
    "Slack bot token": "xox" + "b-" + "123456789012-123456789012-" + _mixed(24, 6),
    "Slack app token": "xapp" + "-1-A1-" + _mixed(30, 7),
    "Slack webhook": "https://hooks.slack.com/services/" + "T0ABCDEFG/B0ABCDEFG/" + _mixed(24, 8),
    "Stripe live key": "sk_" + "live_" + _mixed(24, 9),
    "Stripe restricted key": "rk_" + "live_" + _mixed(24, 10),
    "OpenAI key": "sk-" + _mixed(48, 11),
    "OpenAI project key": "sk-" + "proj-" + _mixed(48, 12),
    "Anthropic key": "sk-" + "ant-api03-" + _mixed(80, 13),
    "Google API key": "AIz" + "a" + _mixed(35, 14),
    "Google OAuth secret": "GOC" + "SPX-" + _mixed(28, 15),
    "Azure storage key": "AccountKey=" + _mixed(86, 16) + "==",
    "Azure client secret": "abc8Q~" + _mixed(34, 17),
    "Hugging Face token": "hf" + "_" + _mixed(34, 18),
    "npm token": "npm" + "_" + _mixed(36, 19),
    "PyPI token": "pypi-" + "AgEIcHlwaS5vcmc" + _mixed(60, 20),
    "SendGrid key": "SG." + _mixed(22, 21) + "." + _mixed(43, 22),
    "Twilio key": "SK" + "0123456789abcdef0123456789abcdef",
    "Databricks token": "dapi" + "0123456789abcdef0123456789abcdef",
    "Vault token": "hvs" + "." + _mixed(30, 23),
    "Groq key": "gsk" + "_" + _mixed(50, 24),
    "JSON web token": "eyJ" + _mixed(20, 25) + ".eyJ" + _mixed(30, 26) + "." + _mixed(30, 27),
    "password in a URL": "postgres://admin:" + "Tr0ub4dor-and-3" + "@db.example.org/x",
    "plain password": "corr3ct-h0rse-b4ttery-staple",
    "high-entropy value": _mixed(44, 28),
    "private key": "-----BEGIN RSA PRIVATE " + "KEY-----\\n" + _mixed(64, 29) + "\\n-----END RSA PRIVATE " + "KEY-----",
    "SSH private key": "-----BEGIN OPENSSH PRIVATE " + "KEY-----\\n" + _mixed(64, 30) + "\\n-----END OPENSSH PRIVATE " + "KEY-----",
    "connection string": "Server=db;User Id=sa;Password=" + "Sup3r-s3cret-w0rd;",
}  # fmt: skip


def telling(kind: str) -> tuple[str, ...]:
    """The parts of a secret whose appearance gives it away."""
    value = SECRETS[kind]
    if "PRIVATE" in value:
        return (value.split("\\n")[1],)
    if kind == "password in a URL":
        return ("Tr0ub4dor-and-3",)
    if kind == "connection string":
        return ("Sup3r-s3cret-w0rd",)
    if kind == "Azure storage key":
        return (value.removeprefix("AccountKey="),)
    if kind == "Slack webhook":
        return (value.rpartition("/")[2],)
    return (value,)


def terraform(value: str) -> str:
    """Arguments, environments, defaults, locals, outputs, tags, heredocs, templates, comments, names."""
    return f"""
variable "api_key" {{
  default = "{value}"
}}
variable "typed" {{
  type = object({{ password = string }})
  default = {{ password = "{value}" }}
}}
locals {{
  db_password = "{value}"
  joined      = join("", ["x", "{value}"])
  document    = jsonencode({{ token = "{value}" }})
}}
output "secret" {{
  value = "{value}"
}}
provider "aws" {{
  access_key = "{value}"
  secret_key = "{value}"
}}
# agentreach: ignore[AR207] the password is {value}, until 2020-01-01
resource "aws_lambda_function" "tool" {{
  function_name = "tool"
  role          = aws_iam_role.ops.arn
  environment {{
    variables = {{
      API_KEY  = "{value}"
      SETTINGS = local.document
      OTHER    = var.api_key
      JOINED   = local.joined
    }}
  }}
}}
resource "aws_secretsmanager_secret_version" "v" {{
  secret_id     = "x"
  secret_string = "{value}"
}}
resource "aws_ssm_parameter" "p" {{
  name  = "p"
  type  = "SecureString"
  value = "{value}"
}}
resource "aws_instance" "i" {{
  user_data = <<-E
    export TOKEN={value}
    curl -H "Authorization: Bearer {value}" https://example.org
  E
}}
resource "aws_bedrockagent_agent" "leaky" {{
  agent_name              = "leaky"
  agent_resource_role_arn = aws_iam_role.ops.arn
  instruction             = "Use the key {value} for every call"
}}
resource "aws_iam_role_policy" "strange" {{
  role   = aws_iam_role.ops.id
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "{value}", Resource = "{value}",
    Condition = {{ StringEquals = {{ "aws:PrincipalTag/key" = "{value}" }} }} }}] }})
}}
resource "kubernetes_secret" "s" {{
  metadata {{
    name = "s"
  }}
  data = {{
    token = "{value}"
  }}
}}
module "m" {{
  source   = "git::https://user:{value}@example.org/m.git"
  password = "{value}"
}}
"""


def template(value: str) -> str:
    """CloudFormation: parameters' defaults, properties, Fn::Sub, environments, metadata."""
    return f"""
AWSTemplateFormatVersion: "2010-09-09"
Metadata:
  note: '{value}'
Parameters:
  Password: {{Type: String, NoEcho: true, Default: '{value}'}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Metadata: {{agentreach: {{ignore: ["AR207 {value}"]}}}}
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: bedrock.amazonaws.com}}, Action: sts:AssumeRole}}]
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: [{{Effect: Allow, Action: '*', Resource: ['*', '{value}']}}]
  Agent:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: a
      AgentResourceRoleArn: !GetAtt Role.Arn
      Instruction: 'The key is {value}'
  Tool:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Environment:
        Variables: {{API_KEY: '{value}', OTHER: !Sub 'x-{value}', P: !Ref Password}}
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties: {{SecretString: '{value}'}}
  Broken: !Nothing '{value}'
"""


def manifests(value: str) -> str:
    """Kubernetes: Secrets, environments, arguments, annotations, config maps, agents' specifications."""
    return f"""
apiVersion: v1
kind: Secret
metadata: {{name: s, annotations: {{note: '{value}', agentreach.dev/ignore: 'AR207 {value}'}}}}
stringData: {{token: '{value}'}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: c}}
data:
  config.yaml: |
    api_key: {value}
---
apiVersion: kagent.dev/v1alpha2
kind: Agent
metadata: {{name: a, namespace: agents}}
spec:
  type: BYO
  byo:
    deployment:
      image: x
      env: [{{name: OPENAI_API_KEY, value: '{value}'}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: d}}
spec:
  template:
    metadata: {{labels: {{app: langgraph-agent}}}}
    spec:
      containers:
        - name: c
          image: langchain/langgraph-api:1
          args: ['--token={value}', '{value}']
          env:
            - {{name: ANTHROPIC_API_KEY, value: '{value}'}}
            - {{name: NOTHING_SPECIAL, value: '{value}'}}
"""


def plan(value: str) -> str:
    """A plan in JSON with sensitive values, before and after."""
    return (
        '{"format_version": "1.2", "variables": {"p": {"value": "%s"}}, "planned_values": {"root_module": {"resources": ['
        '{"address": "aws_lambda_function.t", "mode": "managed", "type": "aws_lambda_function", "name": "t",'
        ' "values": {"role": "x", "environment": [{"variables": {"API_KEY": "%s"}}]},'
        ' "sensitive_values": {"environment": [{"variables": true}]}},'
        '{"address": "aws_bedrockagent_agent.a", "mode": "managed", "type": "aws_bedrockagent_agent", "name": "a",'
        ' "values": {"agent_name": "a", "instruction": "%s"}, "sensitive_values": {"instruction": true}}]}},'
        ' "resource_changes": [], "configuration": {"root_module": {"variables": {"p": {"default": "%s"}}}}}'
    ) % ((value,) * 4)


def project(folder: Path, value: str) -> None:
    """One project that holds the value everywhere; the last files are broken on purpose."""
    write(folder, "tf/agent.tf", AGENT + ADMIN + terraform(value))
    write(folder, "tf/terraform.tfvars", f'api_key = "{value}"\nundeclared_password = "{value}"\n')
    write(folder, "tf/x.auto.tfvars.json", f'{{"typed": {{"password": "{value}"}}}}')
    write(folder, "cf/template.yaml", template(value))
    write(folder, "k8s/all.yaml", manifests(value))
    write(
        folder,
        "k8s/kustomization.yaml",
        f"resources: [all.yaml]\nsecretGenerator: [{{name: g, literals: ['k={value}']}}]\n",
    )
    write(folder, "plan/plan.json", plan(value))
    write(folder, "chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n")
    write(folder, "chart/values.yaml", f"token: '{value}'\n")
    write(
        folder,
        "chart/templates/a.yaml",
        f"apiVersion: v1\nkind: Secret\nstringData: {{t: '{value}', u: {{{{ .Values.token }}}}}}\n",
    )
    write(folder, "broken/a.tf", f'resource "aws_iam_role" "x" {{\n  password = "{value}\n}}\n')
    write(
        folder,
        "broken2/a.tf",
        f'resource "aws_iam_role" "{value}" {{\n  token = {value} {value}\n  x = file("{value}")\n}}\n',
    )
    write(
        folder,
        "broken3/a.yaml",
        f"apiVersion: v1\nkind: Secret\nstringData:\n  a: '{value}'\n b: {value}\n  : [{value}\n",
    )
    write(
        folder,
        "broken4/a.json",
        f'{{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {{"A": "{value}" "{value}"}}}}',
    )
    write(folder, "broken5/a.tfvars", f'password = "{value}\nother = {value}\n')
