from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.identity import (
    Agent,
    Aspect,
    Credential,
    Hidden,
    IdentityUse,
    Principal,
    RbacBinding,
    RbacRole,
    SecretUse,
    Setting,
    Workload,
)
from agentreach.lowering import lower, wanted
from agentreach.model import Scalar
from agentreach.parsers import terraform
from agentreach.sources import Tree

if TYPE_CHECKING:
    from pathlib import Path

    from agentreach.identity import Fact

CLUSTER = """
resource "kubernetes_service_account_v1" "ops" {
  metadata {
    name      = "ops"
    namespace = "agents"
    annotations = {
      "eks.amazonaws.com/role-arn" = "arn:aws:iam::111122223333:role/ops"
    }
  }
  automount_service_account_token = false
}

resource "kubernetes_cluster_role_v1" "ops" {
  metadata { name = "ops" }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["get"]
  }
  rule {
    non_resource_urls = ["/metrics"]
    verbs             = ["get"]
  }
}

resource "kubernetes_cluster_role_binding" "ops" {
  metadata { name = "ops" }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "ops"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "ops"
    namespace = "agents"
  }
}

resource "kubernetes_deployment" "ops" {
  metadata {
    name      = "ops"
    namespace = "agents"
    labels    = { team = "sre" }
  }
  spec {
    selector { match_labels = { app = "ops" } }
    template {
      metadata { labels = { app = "ops" } }
      spec {
        service_account_name = "ops"
        host_pid             = true
        container {
          name  = "a"
          image = "acme/ops@sha256:00"
          env {
            name = "OPENAI_API_KEY"
            value_from {
              secret_key_ref {
                name = "openai"
                key  = "key"
              }
            }
          }
          security_context { privileged = true }
        }
        volume {
          name = "sock"
          host_path { path = "/var/run/docker.sock" }
        }
      }
    }
  }
}

resource "kubernetes_network_policy_v1" "ops" {
  metadata {
    name      = "ops"
    namespace = "agents"
  }
  spec {
    pod_selector { match_labels = { app = "ops" } }
    policy_types = ["Egress"]
    egress {
      to {
        ip_block { cidr = "10.0.0.0/8" }
      }
    }
  }
}
"""


def facts(directory: Path, text: str) -> tuple[Fact, ...]:
    (directory / "main.tf").write_text(text)
    parsed = terraform.load(Tree([directory]), terraform.TerraformOptions(), wanted)
    assert not parsed.broken
    return lower(parsed.resources)


def line(fact: Fact) -> int:
    return fact.at.location.line


def test_resources_of_the_provider_say_what_the_manifest_would(tmp_path: Path) -> None:
    found = facts(tmp_path, CLUSTER)
    (workload,) = [one for one in found if isinstance(one, Workload)]
    assert (workload.key.address, workload.name, workload.namespace) == ("kubernetes_deployment.ops", "ops", "agents")
    assert workload.tags["team"] == "sre"
    uses = [
        (one.identity.value, line(one))
        for one in found
        if isinstance(one, IdentityUse) and isinstance(one.identity, Scalar)
    ]
    assert ("agents:ops", 51) in uses
    assert ("arn:aws:iam::111122223333:role/ops", 7) in uses
    (role,) = [one for one in found if isinstance(one, RbacRole)]
    assert [(one.resources, one.non_resource_urls) for one in role.statements] == [
        (("secrets",), ()),
        ((), ("/metrics",)),
    ]
    (binding,) = [one for one in found if isinstance(one, RbacBinding)]
    assert [(one.kind, one.name, one.namespace) for one in binding.subjects] == [("ServiceAccount", "ops", "agents")]
    assert [one.variable for one in found if isinstance(one, SecretUse)] == ["OPENAI_API_KEY"]
    settings = {(one.aspect, one.state, line(one)) for one in found if isinstance(one, Setting)}
    assert {
        (Aspect.AUTOMOUNT_TOKEN, False, 10),
        (Aspect.HOST_ACCESS, True, 52),
        (Aspect.HOST_ACCESS, True, 65),
        (Aspect.HOST_ACCESS, True, 69),
        (Aspect.PINNED_ARTIFACT, True, 55),
        (Aspect.UNRESTRICTED_EGRESS, False, 84),
    } <= settings
    assert [one.names[0].value for one in found if isinstance(one, Principal) and isinstance(one.names[0], Scalar)] == [
        "agents:ops"
    ]
    assert [one.ttl for one in found if isinstance(one, Credential)] == [86_400.0]


def test_manifests_carried_by_terraform_are_read_as_manifests(tmp_path: Path) -> None:
    text = """
resource "kubernetes_manifest" "agent" {
  manifest = {
    apiVersion = "kagent.dev/v1alpha2"
    kind       = "Agent"
    metadata   = { name = "x", namespace = "agents" }
    spec       = { declarative = { deployment = { serviceAccountName = "ops" } } }
  }
}

resource "kubectl_manifest" "pod" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: Pod
    metadata: {name: p}
    spec:
      hostNetwork: true
  EOT
}

resource "kubectl_manifest" "unknown" {
  yaml_body = var.text
}

variable "text" {}
"""
    found = facts(tmp_path, text)
    (agent,) = [one for one in found if isinstance(one, Agent)]
    assert (agent.key.address, agent.kind) == ("kubernetes_manifest.agent", "kagent-agent")
    access = [line(one) for one in found if isinstance(one, Setting) and one.aspect is Aspect.HOST_ACCESS]
    assert access == [17]
    (hidden,) = [one for one in found if isinstance(one, Hidden)]
    assert (hidden.subject.address, hidden.attribute) == ("kubectl_manifest.unknown", "yaml_body")
