"""Write the seeds: small valid inputs per target, from which the fuzzer starts."""

from __future__ import annotations

import json
from pathlib import Path

from targets import NAMES

CORPUS = Path(__file__).parent / "corpus"
ROOT = Path(__file__).parents[1]
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "A",
            "Effect": "Allow",
            "Principal": {"AWS": ["arn:aws:iam::111122223333:root"], "Service": "bedrock.amazonaws.com"},
            "Action": ["s3:Get*", "iam:PassRole"],
            "NotResource": "arn:aws:s3:::b/${aws:username}/*",
            "Condition": {"StringLike": {"aws:SourceArn": ["arn:*"]}, "Bool": {"aws:SecureTransport": "true"}},
        }
    ],
}
EXPRESSIONS = (
    'jsonencode({ a = [for k, v in { x = 1 } : "${k}-${v}" if v > 0] })',
    'templatefile("x", { a = 1 })',
    'try(var.x.y[0], can(local.z), "a") == null ? [1, 2][*] : concat([], [])',
    'regexall("(a|b)+", "abab")',
    "<<-E\n  %{ for x in [1, 2] ~}\n  ${x}\n  %{ endfor ~}\n  E",
    'merge({ for i in range(3) : i => i }, tomap({ a = "b" }), yamldecode("a: [1]"), jsondecode("{}"))...',
    'format("%s-%05d-%v", "a", 1, [true]) != cidrsubnet("10.0.0.0/8", 8, 1)',
)
KUSTOMIZATION = (
    "resources: [a.yaml]\nnamePrefix: a-\ncommonLabels: {a: b}\npatches:\n- target: {kind: Pod, name: a.*}\n"
    "  patch: |-\n    - op: replace\n      path: /spec/x\n      value: 1\nimages: [{name: a, newTag: b}]\n"
    "configMapGenerator: [{name: c, literals: [a=b]}]\nreplacements: [{source: {kind: Pod, fieldPath: spec.a},"
    " targets: [{select: {kind: Pod}, fieldPaths: [spec.b]}]}]\n"
)
CONFIGURATION = (
    'fail-on = "high"\nignore = ["AR1"]\n[[agent]]\naddress = "a"\n[[environment]]\nname = "p"\npattern = "prod"\n'
    '[check.AR202]\nseverity = "low"\n[thresholds]\nsession = "1h"\n[limits]\nnodes = 5\n[modules]\n"a/b" = "./m"\n'
)
TERRAGRUNT = (
    'include "root" {\n  path = find_in_parent_folders("root.hcl", "t.hcl")\n  merge_strategy = "deep"\n}\n'
    'locals {\n  a = read_terragrunt_config("t.hcl").locals\n}\nterraform {\n  source = "./m//x?ref=v1"\n}\n'
    'dependency "d" {\n  config_path = "."\n  mock_outputs = { a = get_env("A", "b") }\n}\n'
    'generate "p" {\n  path = "p.tf"\n  if_exists = "overwrite"\n  contents = <<-E\n    provider "aws" {}\n  E\n}\n'
    "inputs = { a = dependency.d.outputs.a }\n"
)


def _seeds() -> dict[str, list[str]]:
    fixtures = ROOT / "fixtures"
    terraform = [one.read_text() for one in sorted(fixtures.glob("*/*.tf"))[:6]]
    templates = [one.read_text() for one in sorted(fixtures.glob("*/template.y*ml"))[:2]]
    manifests = [one.read_text() for one in sorted(fixtures.glob("kagent-platform/**/*.yaml"))[:8]]
    plan = {
        "format_version": "1.2",
        "planned_values": {
            "root_module": {
                "resources": [
                    {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r", "values": {"name": "r"}}
                ]
            }
        },
        "resource_changes": [
            {"address": "aws_iam_role.r", "type": "aws_iam_role", "name": "r", "change": {"actions": ["create"], "after": {"name": "r"}, "after_unknown": {"arn": True}}}
        ],
        "configuration": {"root_module": {"resources": []}},
    }  # fmt: skip
    files = ("a.tf", terraform[0]), ("plan.json", json.dumps(plan)), ("template.yaml", templates[0])
    files = (
        *files,
        ("manifest.yaml", manifests[0]),
        ("terragrunt.hcl", TERRAGRUNT),
        ("kustomization.yaml", KUSTOMIZATION),
    )
    return {
        "scan": [chr(NAMES.index(name)) + text for name, text in files],
        "terragrunt": [TERRAGRUNT],
        "hcl": terraform,
        "terraform": terraform,
        "expressions": list(EXPRESSIONS),
        "terraform_json": [
            json.dumps({"resource": {"aws_iam_role": {"r": {"name": "${var.x}"}}}, "variable": {"x": {}}})
        ],
        "plan": [json.dumps(plan)],
        "yaml": [*templates, *manifests, "a: &a [1, *a]\n? b\n: !!binary |\n  YQ==\n--- >-\n  x\n..."],
        "cloudformation": templates,
        "kubernetes": manifests,
        "kustomization": [KUSTOMIZATION],
        "policy": [json.dumps(POLICY), json.dumps({"Statement": POLICY["Statement"][0]})],
        "configuration": [CONFIGURATION],
        "suppressions": ["AR101] a reason, until 2030-01-31", "standing-admin, AR302]: x */"],
        "patterns": ["s3:Get*?\ns3:GetObject", "**/a/*.tf\nx/a/b.tf", "API_KEY\nsk-ant-api03-abcdefghijklmnopqrst"],
        "regular_expressions": ["(a|b)*?c{1,3}[^x-z]\nabc"],
    }


def main() -> None:
    for name, texts in _seeds().items():
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(texts):
            (CORPUS / name / f"seed-{number}").write_text(text[:6000])


if __name__ == "__main__":
    main()
