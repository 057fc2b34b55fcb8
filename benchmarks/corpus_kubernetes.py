"""A seeded corpus of Kubernetes manifests: what a platform team's cluster repository holds, agents among it.

    python benchmarks/corpus_kubernetes.py DIRECTORY [--files 3000] [--seed 7]

One file is one component: a workload with its account, role and binding, configuration and service, about
2.5 kB. Every team has a kustomization; one component of ten is an agent. The same arguments always write the same
bytes.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

WORDS = ("billing", "orders", "search", "catalog", "ledger", "export", "media", "notify", "audit", "pricing")
VERBS = ("get", "list", "watch", "create", "update", "patch", "delete")
KINDS = ("pods", "configmaps", "deployments", "jobs", "services", "events")
FILES_PER_TEAM = 20
AGENTS_EVERY = 10


def component(name: str, namespace: str, chance: random.Random, *, agent: bool) -> str:
    """One file of several documents."""
    documents = [account(name, namespace), role(name, namespace, chance), binding(name, namespace)]
    documents += [settings(name, namespace, chance), service(name, namespace), budget(name, namespace)]
    documents.append(kagent(name, namespace, chance) if agent else deployment(name, namespace, chance))
    return "---\n".join(documents)


def account(name: str, namespace: str) -> str:
    return f"""apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  namespace: {namespace}
  labels: {{team: {namespace}}}
"""


def role(name: str, namespace: str, chance: random.Random) -> str:
    rules = "".join(
        f"""  - apiGroups: ["", "apps", "batch"]
    resources: ["{kind}"]
    verbs: [{", ".join(chance.sample(VERBS, 3))}]
"""
        for kind in chance.sample(KINDS, 2)
    )
    return f"""apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {name}
  namespace: {namespace}
rules:
{rules}"""


def binding(name: str, namespace: str) -> str:
    return f"""apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {name}
  namespace: {namespace}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {name}
subjects:
  - kind: ServiceAccount
    name: {name}
    namespace: {namespace}
"""


def settings(name: str, namespace: str, chance: random.Random) -> str:
    lines = "".join(
        f"    {word}.endpoint=https://{word}.{namespace}.svc/{chance.randrange(100)}\n" for word in WORDS[:6]
    )
    return f"""apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  namespace: {namespace}
data:
  application.properties: |
{lines}"""


def service(name: str, namespace: str) -> str:
    return f"""apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: {namespace}
spec:
  selector: {{app: {name}}}
  ports:
    - name: http
      port: 80
      targetPort: 8080
"""


def budget(name: str, namespace: str) -> str:
    return f"""apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {name}
  namespace: {namespace}
spec:
  minAvailable: 1
  selector:
    matchLabels: {{app: {name}}}
"""


def deployment(name: str, namespace: str, chance: random.Random) -> str:
    return f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {namespace}
  labels: {{app: {name}, team: {namespace}}}
spec:
  replicas: {chance.randrange(1, 5)}
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      serviceAccountName: {name}
      securityContext:
        runAsNonRoot: true
      containers:
        - name: {name}
          image: registry.example.com/{namespace}/{name}:1.{chance.randrange(90)}.0
          ports:
            - containerPort: 8080
          env:
            - name: STAGE
              value: {chance.choice(("dev", "staging", "prod"))}
            - name: DATABASE_PASSWORD
              valueFrom:
                secretKeyRef: {{name: {name}-database, key: password}}
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{memory: 512Mi}}
          readinessProbe:
            httpGet: {{path: /healthz, port: 8080}}
"""


def kagent(name: str, namespace: str, chance: random.Random) -> str:
    return f"""apiVersion: kagent.dev/v1alpha2
kind: Agent
metadata:
  name: {name}
  namespace: {namespace}
spec:
  type: Declarative
  declarative:
    modelConfig: default-model-config
    systemMessage: You help the {namespace} team with {name}.
    deployment:
      serviceAccountName: {name}
      replicas: {chance.randrange(1, 3)}
    tools:
      - type: McpServer
        mcpServer:
          name: kagent-tool-server
          kind: RemoteMCPServer
          toolNames: [k8s_get_resources, {chance.choice(("k8s_delete_resource", "k8s_get_pod_logs"))}]
"""


def write(directory: Path, *, files: int = 3000, seed: int = 7) -> int:
    """Write the corpus; the number of bytes written."""
    chance = random.Random(seed)
    total = 0
    for team in range(-(-files // FILES_PER_TEAM)):
        count = min(FILES_PER_TEAM, files - team * FILES_PER_TEAM)
        namespace = f"team{team:03d}"
        folder = directory / namespace
        folder.mkdir(parents=True, exist_ok=True)
        names = [f"{chance.choice(WORDS)}-{index}" for index in range(count - 1)]
        for index, name in enumerate(names):
            text = component(name, namespace, chance, agent=index % AGENTS_EVERY == 0)
            total += (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        listed = "".join(f"  - {name}.yaml\n" for name in names)
        text = f"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n{listed}"
        total += (folder / "kustomization.yaml").write_text(text, encoding="utf-8")
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    total = write(given.directory, files=given.files, seed=given.seed)
    print(f"{given.files} manifests, {total / 1e6:.2f} MB in {given.directory}")


if __name__ == "__main__":
    main()
