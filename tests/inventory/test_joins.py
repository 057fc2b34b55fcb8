"""What only a whole scan shows: facts of several declarations that have to find each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach.identity import Confidence, IdentityRelation
from agentreach.review import review
from inventory.scanning import places, scanned

if TYPE_CHECKING:
    from pathlib import Path

AGENT = """
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  foundation_model        = "anthropic.claude-sonnet-4-20250514-v1:0"
  agent_resource_role_arn = aws_iam_role.ops.arn
}

resource "aws_iam_role" "ops" {
  name = "ops"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "bedrock.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "ops" {
  role = aws_iam_role.ops.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.deploy.arn }]
  })
}

resource "aws_iam_role" "deploy" {
  provider = aws.tools
  name     = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.ops.arn } }]
  })
}
"""

PROVIDERS = """
provider "aws" {
  allowed_account_ids = ["111122223333"]
}

provider "aws" {
  alias = "tools"
  assume_role {
    role_arn = "arn:aws:iam::%s:role/pipeline"
  }
}
"""


def test_a_chain_into_the_account_of_another_provider_leaves_the_account(tmp_path: Path) -> None:
    found = scanned(tmp_path, {"main.tf": AGENT, "providers.tf": PROVIDERS % "444455556666"}).open_findings
    assert places(found, "AR311") == [("aws_iam_role.deploy", 20)]


def test_a_chain_between_providers_of_one_account_stays_in_it(tmp_path: Path) -> None:
    found = scanned(tmp_path, {"main.tf": AGENT, "providers.tf": PROVIDERS % "111122223333"}).open_findings
    assert places(found, "AR311") == []


MEMORY = """
resource "aws_bedrockagentcore_memory" "notes" {
  name                  = "notes"
  event_expiry_duration = 200
}
"""

RUNTIME = """
resource "aws_bedrockagentcore_agent_runtime" "{name}" {{
  agent_runtime_name    = "{name}"
  role_arn              = "arn:aws:iam::111122223333:role/{name}"
  environment_variables = {{ MEMORY = aws_bedrockagentcore_memory.notes.id }}
}}
"""


def test_a_memory_of_two_agents_is_one_credential_of_both(tmp_path: Path) -> None:
    text = MEMORY + RUNTIME.format(name="a") + RUNTIME.format(name="b")
    graph = scanned(tmp_path, {"main.tf": text}).graph
    kept = [one for one in graph.all_credentials if one.credential.kind == "memory"]
    assert [[key.address.rpartition(".")[2] for key in one.entries] for one in kept] == [["a", "b"]]
    assert [one.credential.ttl for one in kept] == [200 * 86_400]


def test_a_trust_whose_condition_may_be_there_is_not_called_unlimited(tmp_path: Path) -> None:
    text = """
variable "source_account" {
  type = string
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["bedrock.amazonaws.com"]
    }
    dynamic "condition" {
      for_each = var.source_account == "" ? [] : [var.source_account]
      content {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "ops" {
  name               = "ops"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  foundation_model        = "anthropic.claude-sonnet-4-20250514-v1:0"
  agent_resource_role_arn = aws_iam_role.ops.arn
}
"""
    scan = scanned(tmp_path, {"main.tf": text})
    assert [one.source_limited for one in scan.graph.all_trusts] == [True]
    assert places(scan.open_findings, "AR105") == []


def test_a_bucket_whose_name_ends_in_the_account_is_not_any_bucket(tmp_path: Path) -> None:
    template = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Ops:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: ops
      FoundationModel: anthropic.claude-sonnet-4-20250514-v1:0
      AgentResourceRoleArn: !GetAtt Role.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: bedrock.amazonaws.com}}]
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: s3:PutObject, Resource: !Sub "arn:aws:s3:::reports-${AWS::AccountId}/*"}
"""
    (reach,) = scanned(tmp_path, {"template.yaml": template}).graph.all_reach
    assert reach.resources == ("arn:aws:s3:::reports-…/*",)
    assert not reach.wildcard_resource


PLACEHOLDERS = """
resource "aws_ecs_task_definition" "flows" {
  family = "n8n"
  container_definitions = jsonencode([{
    name  = "n8n"
    image = "n8nio/n8n:1.70.0"
    environment = [
      { name = "N8N_ENCRYPTION_KEY", value = "changeme" },
      { name = "SLACK_TOKEN", value = "xoxb-1-2-3-4-aFq83Kd02lSp" },
    ]
  }])
}
"""


def test_a_placeholder_for_a_secret_is_claimed_with_low_confidence_only(tmp_path: Path) -> None:
    views = scanned(tmp_path, {"main.tf": PLACEHOLDERS}).graph.all_secret_uses
    found = {one.use.variable: (one.use.placeholder, one.confidence) for one in views}
    assert found == {"N8N_ENCRYPTION_KEY": (True, Confidence.LOW), "SLACK_TOKEN": (False, Confidence.MEDIUM)}


def test_a_value_that_stands_in_for_a_secret_is_a_credential_of_low_confidence(tmp_path: Path) -> None:
    text = """
resource "aws_secretsmanager_secret" "crm" {
  name = "crm"
}

resource "aws_secretsmanager_secret_version" "crm" {
  secret_id     = aws_secretsmanager_secret.crm.id
  secret_string = jsonencode({ api_key = "replace-me-after-apply" })
}
"""
    reading = AGENT.replace(
        '"sts:AssumeRole", Resource = aws_iam_role.deploy.arn',
        '"secretsmanager:GetSecretValue", Resource = aws_secretsmanager_secret.crm.arn',
    )
    views = scanned(tmp_path, {"main.tf": text + reading, "p.tf": PROVIDERS % "111122223333"}).graph.all_credentials
    found = {one.credential.key.address: one.confidence for one in views if one.credential.literal}
    assert found == {"aws_secretsmanager_secret_version.crm#api_key": Confidence.LOW}


def deployment(name: str, image: str) -> str:
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: flows}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
        - name: main
          image: {image}
          env:
            - name: DB_PASSWORD
              valueFrom: {{secretKeyRef: {{name: postgres, key: password}}}}
"""


def test_a_secret_declared_elsewhere_is_shared_by_all_that_name_it(tmp_path: Path) -> None:
    text = "---".join([deployment("n8n", "n8nio/n8n:1.70.0"), deployment("report", "ghcr.io/acme/report:1")])
    scan = scanned(tmp_path, {"flows.yaml": text})
    (view,) = scan.graph.all_secret_uses
    assert [key.address for key in view.readers] == ["Deployment/flows/n8n", "Deployment/flows/report"]
    assert [subject for subject, _ in places(scan.open_findings, "AR210")] != []


def test_a_secret_is_never_a_thing_of_another_kind_with_its_name(tmp_path: Path) -> None:
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: postgres, namespace: flows}\ndata: {host: db}\n"
    text = "---\n".join([deployment("n8n", "n8nio/n8n:1.70.0"), settings])
    (view,) = scanned(tmp_path, {"flows.yaml": text}).graph.all_secret_uses
    assert (view.secret, view.secret_name) == (None, "flows/postgres")
    service = """
resource "google_cloud_run_v2_service" "n8n" {
  name     = "n8n"
  location = "europe-west1"
  template {
    containers {
      image = "n8nio/n8n:1.70.0"
      env {
        name = "N8N_ENCRYPTION_KEY"
        value_source {
          secret_key_ref {
            secret = "n8n"
          }
        }
      }
    }
  }
}
"""
    (view,) = scanned(tmp_path, {"flows.yaml": "", "main.tf": service}).graph.all_secret_uses
    assert (view.secret, view.secret_name) == (None, "n8n")


NODES = """
resource "aws_launch_template" "nodes" {
  name_prefix = "nodes-"
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = %s
  }
}

resource "aws_eks_node_group" "general" {
  cluster_name  = "tools"
  node_role_arn = aws_iam_role.nodes.arn
  launch_template {
    id      = aws_launch_template.nodes.id
    version = "1"
  }
}

resource "aws_iam_role" "nodes" {
  name               = "nodes"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
    Principal = { Service = "ec2.amazonaws.com" } }] })
}
"""

BLOCKED = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: inside, namespace: flows}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {}}]}]
"""


@pytest.mark.parametrize(
    ("hops", "policy", "expected"),
    [("2", "", ["aws_iam_role.nodes"]), ("1", "", []), ("var.hops", "", []), ("2", BLOCKED, [])],
)
def test_pods_fall_back_to_the_role_of_nodes_whose_metadata_service_answers_them(
    tmp_path: Path, hops: str, policy: str, expected: list[str]
) -> None:
    files = {"nodes.tf": NODES % hops, "flows.yaml": deployment("n8n", "n8nio/n8n:1.70.0") + policy}
    scan = scanned(tmp_path, files)
    (agent,) = scan.graph.agents
    found = [one for one in agent.identities if one.relation is IdentityRelation.NODE_FALLBACK]
    assert [(one.key.address, one.certain, one.via[0].at.location.line) for one in found] == [
        (address, False, 6) for address in expected
    ]
    assert [subject for subject, _ in places(scan.open_findings, "AR107") if subject.startswith("aws")] == expected


CREATED_BY_A_SCRIPT = """
resource "aws_iam_role" "agent" {
  name               = "research-agent"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
    Principal = { Service = "bedrock-agentcore.amazonaws.com" } }] })
}

resource "null_resource" "agent" {
  provisioner "local-exec" {
    command = "aws bedrock-agentcore-control create-agent-runtime --role-arn ${aws_iam_role.agent.arn}"
  }
}
"""


def test_an_agent_that_a_script_creates_is_possibly_there_because_of_its_role(tmp_path: Path) -> None:
    scan = scanned(tmp_path, {"main.tf": CREATED_BY_A_SCRIPT})
    (found,) = scan.graph.agents
    assert (found.key.address, found.role.value, found.confidence) == (
        "aws_iam_role.agent",
        "undeclared",
        Confidence.MEDIUM,
    )
    assert [subject for subject, _ in places(scan.open_findings, "AR112")] == ["aws_iam_role.agent"]


CLUSTER_TOOLS = """
apiVersion: kagent.dev/v1alpha2
kind: Agent
metadata: {name: triage, namespace: agents}
spec:
  declarative:
    systemMessage: You help.
    tools:
      - type: McpServer
        mcpServer:
          kind: RemoteMCPServer
          name: tools
          toolNames: [get_resources, delete_resource]
          requireApproval: %s
---
apiVersion: kagent.dev/v1alpha2
kind: RemoteMCPServer
metadata: {name: tools, namespace: agents}
spec: {url: "http://tools.agents:8084/mcp"}
---
apiVersion: v1
kind: Service
metadata: {name: tools, namespace: agents}
spec: {selector: {app: tools}, ports: [{port: 8084}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: tools, namespace: agents}
spec:
  selector: {matchLabels: {app: tools}}
  template:
    metadata: {labels: {app: tools}}
    spec:
      serviceAccountName: tools
      containers: [{name: c, image: ghcr.io/acme/tools:1}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: tools}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get, delete]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: tools}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tools}
subjects: [{kind: ServiceAccount, name: tools, namespace: agents}]
"""


@pytest.mark.parametrize(
    ("approved", "expected"),
    [
        ("[delete_resource]", {"get secrets": True, "delete secrets": False}),
        ("[delete_resource, get_resources]", {"get secrets": False, "delete secrets": False}),
        ("[get_resources]", {"get secrets": True, "delete secrets": True}),
    ],
)
def test_a_confirmation_of_what_changes_leaves_what_reads_standing(
    tmp_path: Path, approved: str, expected: dict[str, bool]
) -> None:
    graph = scanned(tmp_path, {"agents.yaml": CLUSTER_TOOLS % approved}).graph
    agent = next(one for one in graph.agents if one.agent.kind == "kagent-agent")
    assert {one.names[0]: one.standing for one in graph.reach(agent=agent.key)} == expected


def test_a_policy_of_aws_is_never_a_declared_one_with_a_generated_name(tmp_path: Path) -> None:
    template = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Ops:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: ops
      FoundationModel: anthropic.claude-sonnet-4-20250514-v1:0
      AgentResourceRoleArn: !GetAtt Role.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Sub "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
  Other:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Action: s3:DeleteBucket, Resource: "*"}]}
"""
    (reach,) = scanned(tmp_path, {"template.yaml": template}).graph.all_reach
    assert (reach.service, reach.managed.rpartition("/")[2], reach.certain) == (
        "logs",
        "AWSLambdaBasicExecutionRole",
        True,
    )


def test_what_another_agent_does_with_its_tools_is_delegated(tmp_path: Path) -> None:
    text = (
        CLUSTER_TOOLS % "[]"
        + """---
apiVersion: kagent.dev/v1alpha2
kind: Agent
metadata: {name: lead, namespace: agents}
spec:
  declarative:
    systemMessage: You lead.
    tools: [{type: Agent, agent: {name: triage}}]
"""
    )
    graph = scanned(tmp_path, {"agents.yaml": text}).graph
    found = {one.name: {view.key.address: view.relation.value for view in one.identities} for one in graph.agents}
    assert found["lead"]["ServiceAccount/agents/tools"] == "delegated"
    assert found["triage"]["ServiceAccount/agents/tools"] == "tool-acts-as"


PODS = """
resource "aws_eks_pod_identity_association" "n8n" {
  cluster_name    = "tools"
  namespace       = "flows"
  service_account = "default"
  role_arn        = aws_iam_role.n8n.arn
}

resource "aws_iam_role" "n8n" {
  name               = "n8n"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"],
    Principal = { Service = "%s" } }] })
}
"""
ACCOUNT = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: flows}\n"


@pytest.mark.parametrize("declared", ["", ACCOUNT])
@pytest.mark.parametrize(
    ("service", "expected"), [("pods.eks.amazonaws.com", ["federated"]), ("ec2.amazonaws.com", [])]
)
def test_a_pod_identity_hands_its_role_to_the_account_it_names(
    tmp_path: Path, declared: str, service: str, expected: list[str]
) -> None:
    files = {"pods.tf": PODS % service, "flows.yaml": deployment("n8n", "n8nio/n8n:1.70.0") + declared}
    (agent,) = scanned(tmp_path, files).graph.agents
    found = [one.relation.value for one in agent.identities if one.key.address == "aws_iam_role.n8n"]
    assert found == expected
    refused = [one.key.address for one in agent.refused]
    assert refused == ([] if expected else ["aws_iam_role.n8n"])


TOOLHIVE = """
apiVersion: toolhive.stacklok.dev/v1alpha1
kind: MCPServer
metadata: {name: tickets, namespace: agents}
spec: {image: ghcr.io/acme/tickets:1, serviceAccount: tickets%s}
---
apiVersion: kagent.dev/v1alpha2
kind: RemoteMCPServer
metadata: {name: tickets, namespace: agents}
spec: {url: "http://mcp-tickets-proxy.agents.svc.cluster.local:8080/mcp"}
---
apiVersion: kagent.dev/v1alpha2
kind: Agent
metadata: {name: triage, namespace: agents}
spec:
  declarative:
    tools: [{type: McpServer, mcpServer: {kind: RemoteMCPServer, name: tickets}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: tickets, namespace: agents}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [update]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: tickets, namespace: agents}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tickets}
subjects: [{kind: ServiceAccount, name: tickets, namespace: agents}]
"""


@pytest.mark.parametrize(("authorization", "standing"), [("", True), (", authzConfig: {type: inline}", False)])
def test_a_server_that_decides_on_every_call_gates_what_its_callers_reach(
    tmp_path: Path, authorization: str, *, standing: bool
) -> None:
    graph = scanned(tmp_path, {"agents.yaml": TOOLHIVE % authorization}).graph
    agent = next(one for one in graph.agents if one.agent.kind == "kagent-agent")
    assert [(one.identity.address, one.standing) for one in graph.reach(agent=agent.key)] == [
        ("ServiceAccount/agents/tickets", standing)
    ]


def test_an_agent_with_a_secret_in_its_code_is_not_bounded(tmp_path: Path) -> None:
    text = deployment("n8n", "n8nio/n8n:1.70.0").replace(
        "valueFrom: {secretKeyRef: {name: postgres, key: password}}", "value: %s"
    )
    for value, bounded in (("a8Fk2LpQ9xZr7TmW", False), ('""', True)):
        files = {"flows.yaml": text % value + "      automountServiceAccountToken: false\n"}
        (agent,) = scanned(tmp_path, files).graph.agents
        assert agent.bounded is bounded


def test_a_path_through_a_role_that_every_cluster_has_is_shown_where_it_is_bound(tmp_path: Path) -> None:
    binding = """---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: edit, namespace: flows}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: ServiceAccount, name: default, namespace: flows}]
"""
    scan = scanned(tmp_path, {"flows.yaml": deployment("n8n", "n8nio/n8n:1.70.0") + binding})
    (finding,) = [one for one in scan.open_findings if one.check_id == "AR304"]
    paths = {evidence.at.source.path.rpartition("/")[2] for evidence in finding.evidence}
    assert (paths, finding.evidence[0].at.location.line) == ({"flows.yaml"}, 20)


def test_a_batch_of_writes_is_not_needed_because_something_reads(tmp_path: Path) -> None:
    text = """
resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  foundation_model        = "m"
  agent_resource_role_arn = "arn:aws:iam::111122223333:role/ops"
}

resource "aws_bedrockagent_agent_action_group" "orders" {
  agent_id          = aws_bedrockagent_agent.ops.agent_id
  agent_version     = "DRAFT"
  action_group_name = "orders"
  action_group_executor {
    lambda = aws_lambda_function.orders.arn
  }
  function_schema {
    member_functions {
      functions { name = "get_order" }
    }
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
}

locals { batch = ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"] }

resource "aws_iam_role" "orders" {
  name = "orders"
  inline_policy {
    name = "p"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = local.batch,
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders" }] })
  }
}
"""
    (agent,) = review(scanned(tmp_path, {"main.tf": text})).agents
    assert {row.action: row.needed for row in agent.privilege_map} == {
        "dynamodb:BatchGetItem": True,
        "dynamodb:BatchWriteItem": False,
    }
