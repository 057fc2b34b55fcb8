"""Secret values of scanned code are in no report, whatever holds them and whichever line shows them."""

from __future__ import annotations

import base64
from contextlib import chdir
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from agentreach.model import Source, Span
from agentreach_reports.excerpt import Excerpts
from agentreach_reports.masking import hidden_in, masked
from reports.report_samples import FORMATS, PRESENTATION, Format, scan_folder, scanned

if TYPE_CHECKING:
    from agentreach.engine import Scan

# Each is written somewhere in the stack below, most of them beside what a finding points at.
PLANTED = {
    "environment": "tr0ub4dor-and-3-horses",
    "gitlab": "glpat-Zx81kQmN2vLw7RtYpB4c",
    "github": "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5",
    "openai": "sk-proj-" + "Ab12Cd34Ef56Gh78Ij90Kl12",
    "aws": "AKIA" + "Q7X2M4N6P8R1T3V5",
    "slack": "xoxb-" + "123456789012-abcdefGHIJKL",
    "jwt": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "url": "s3cr3t-in-url",
    "parameter": "pa55-in-parameter-store",
    "neighbour": "n3ighbour-of-the-role",
    "kubernetes": "kub3-literal-value",
    "manifest": "stringdata-hunter2-x",
    "random": "wJalrXUtnFEMI7K7MDENGbPxRfiCYzQw9sT2uV",
    "private": "MIIEowIBAAKCAQEA7bq2Zk8vN1cQ4x9sT3uWyR5pL0oM2nB6vC8xZ1aSdFgHjKlQ",
}
TERRAFORM = """\
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  foundation_model        = "m"
  agent_resource_role_arn = aws_iam_role.ops.arn
}
variable "db_password" {
  default = "%(neighbour)s"
}
resource "aws_iam_role" "ops" {
  name               = "ops"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
    Principal = { Service = "bedrock.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "ops" {
  role   = aws_iam_role.ops.id # token = "%(gitlab)s"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_bedrockagent_agent_action_group" "tool" {
  agent_id          = aws_bedrockagent_agent.ops.agent_id
  agent_version     = "DRAFT"
  action_group_name = "tool"
  action_group_executor {
    lambda = aws_lambda_function.tool.arn
  }
  function_schema {
    member_functions {
      functions {
        name        = "delete_everything"
        description = "key %(openai)s"
      }
    }
  }
}
resource "aws_lambda_function" "tool" {
  function_name = "tool"
  role          = aws_iam_role.ops.arn
  environment {
    variables = {
      DB_PASSWORD    = "%(environment)s"
      GITHUB_TOKEN   = "%(github)s"
      AWS_ACCESS_KEY = "%(aws)s"
      SLACK          = "%(slack)s"
      BEARER         = "Bearer %(jwt)s"
      DATABASE_URL   = "postgres://app:%(url)s@db.internal:5432/app"
      RANDOM         = "%(random)s"
      SIGNING_KEY    = <<-KEY
        -----BEGIN RSA PRIVATE KEY-----
        %(private)s
        -----END RSA PRIVATE KEY-----
      KEY
    }
  }
}
resource "aws_ssm_parameter" "p" {
  name  = "p"
  type  = "String"
  value = "%(parameter)s"
}
"""
KUBERNETES = """\
apiVersion: kagent.dev/v1alpha2
kind: Agent
metadata: {name: triage, namespace: desk}
spec:
  type: BYO
  byo:
    deployment:
      image: ghcr.io/acme/triage:latest
      serviceAccountName: triage
      env:
        - name: API_TOKEN
          value: %(kubernetes)s
        - name: FROM
          valueFrom: {secretKeyRef: {name: vault, key: password}}
---
apiVersion: v1
kind: Secret
metadata: {name: vault, namespace: desk}
stringData:
  password: %(manifest)s
data:
  token: %(encoded)s
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: triage, namespace: desk}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: triage, namespace: desk}
rules: [{apiGroups: [""], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: triage, namespace: desk}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: triage}
subjects: [{kind: ServiceAccount, name: triage, namespace: desk}]
"""
ENCODED = base64.b64encode(b"token-of-the-vault-42").decode()


@cache
def planted() -> Scan:
    with TemporaryDirectory() as folder:
        stack = Path(folder) / "stack"
        stack.mkdir()
        (stack / "main.tf").write_text(TERRAFORM % PLANTED, encoding="utf-8")
        (stack / "agents.yaml").write_text(KUBERNETES % (PLANTED | {"encoded": ENCODED}), encoding="utf-8")
        return scan_folder(stack)


@cache
def report(form: Format) -> str:
    return form.write(planted(), replace(PRESENTATION, verbose=True, show_suppressed=True))


def test_the_stack_gives_findings_about_its_secrets() -> None:
    seen = {finding.check_id for finding in planted().findings}
    assert {"AR101", "AR207", "AR401"} <= seen


@pytest.mark.parametrize("form", FORMATS, ids=str)
@pytest.mark.parametrize("kind", PLANTED)
def test_no_report_holds_a_planted_secret(form: Format, kind: str) -> None:
    assert PLANTED[kind] not in report(form)


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_no_report_holds_an_encoded_secret(form: Format) -> None:
    assert ENCODED not in report(form)


def test_no_line_of_a_scanned_file_shows_a_secret_when_it_is_printed() -> None:
    """Reports show lines around places; any line may be one."""
    excerpts = Excerpts(planted().graph)
    for source in planted().sources:
        shown = "\n".join(
            line.text
            for number, _ in enumerate(source.text.splitlines())
            for line in excerpts.of(_line(source, number), around=2)
        )
        assert [kind for kind, value in PLANTED.items() if value in shown] == []
        assert ENCODED not in shown


def _line(source: Source, number: int) -> Span:
    lines = source.text.splitlines(keepends=True)
    start = sum(map(len, lines[:number]))
    return Span(source, start, start + len(lines[number].rstrip("\n")))


@pytest.mark.parametrize(
    "line",
    [
        'resource "aws_secretsmanager_secret" "crm" {',
        '  Action   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]',
        "            Action: secretsmanager:GetSecretValue",
        "  password = var.db_password",
        "  secret_arn = aws_secretsmanager_secret.crm.arn",
        "      - secretRef: {name: vault}",
        "  automountServiceAccountToken: true",
        "  max_tokens = 4096",
        '      "ToolFunctionServiceRoleDefaultPolicy9E2F4A1B": {',
        '  image = "ghcr.io/acme/agent@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
        '  Resource = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/crm-AbCdEf"',
        "    MasterUserPassword: !Sub '{{resolve:secretsmanager:${Secret}:SecretString:password}}'",
        "  token = data.aws_secretsmanager_secret_version.x.secret_string",
    ],
)
def test_code_without_a_secret_is_shown_as_it_is(line: str) -> None:
    assert list(hidden_in(line)) == []
    assert masked(line) == line


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('  password = "hunter2"', '  password = "***"'),
        ("  apiKey: hunter2 # x", "  apiKey: *** # x"),
        ('{"db-password": "hunter2", "x": 1}', '{"db-password": "***", "x": 1}'),
        ("    value: hunter2", "    value: ***"),
    ],
)
def test_what_a_secret_name_is_given_is_hidden(line: str, shown: str) -> None:
    source = Source("a", line)
    (only,) = Excerpts(scanned("desk").graph).of(Span(source, 0, 1))
    assert only.text == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('variable "db_password" {\n  type    = string\n  default = "hunter2"\n}', '  default = "***"'),
        ("Parameters:\n  DbPassword:\n    Type: String\n    Default: hunter2", "    Default: ***"),
        ('variable "region" {\n  default = "eu-west-1"\n}', '  default = "eu-west-1"'),
    ],
)
def test_a_default_is_hidden_when_the_variable_is_a_secret(code: str, shown: str) -> None:
    start = code.lower().index("default ") if "default " in code else code.index("Default:")
    (only,) = Excerpts(scanned("desk").graph).of(Span(Source("a", code), start, start + 1))
    assert only.text == shown


def test_a_value_on_a_very_long_line_is_hidden_too() -> None:
    """Templates are sometimes one line; only what is near a place is shown."""
    text = '{"a": 1, ' * 20_000 + '"password": "hunter2", "Effect": "Allow"' + ' , "b": 2' * 20_000
    at = text.index('"Effect"')
    with chdir(Path.cwd()):
        (only,) = Excerpts(scanned("desk").graph).of(Span(Source("a.json", text), at, at + 8))
    assert "hunter2" not in only.text
    assert '"Effect"' in only.text
    assert len(only.text) < 600


def test_a_finding_about_a_literal_marks_the_name_and_hides_the_value() -> None:
    source = Source("a", 'x {\n  SOME_THING = "plain words here"\n}\n')
    at = Span(source, source.text.index("SOME"), source.text.index("\n}"))
    (only,) = Excerpts(scanned("desk").graph).of(at, masked=True)
    assert only.text == "  SOME_THING = ***"
