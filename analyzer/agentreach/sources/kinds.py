"""What a file is: by its name where the name decides, else by a cheap look at its bytes, before any parsing."""

from __future__ import annotations

import re
from enum import StrEnum

from agentreach.late_regex import late_regex


class FileKind(StrEnum):
    """What a file holds, as far as its name and a search through its bytes can tell."""

    TERRAFORM = "terraform"
    TERRAFORM_JSON = "terraform-json"
    TERRAFORM_VARIABLES = "terraform-variables"
    TERRAFORM_VARIABLES_JSON = "terraform-variables-json"
    TERRAFORM_PLAN = "terraform-plan"
    TERRAGRUNT = "terragrunt"
    CLOUDFORMATION = "cloudformation"
    CDK_APP = "cdk-app"
    CDK_MANIFEST = "cdk-manifest"
    SERVERLESS_SERVICE = "serverless-service"
    KUBERNETES = "kubernetes"
    KUSTOMIZATION = "kustomization"
    HELM_CHART = "helm-chart"
    HELM_TEMPLATE = "helm-template"
    OTHER = "other"


_BY_NAME = {
    "terragrunt.hcl": FileKind.TERRAGRUNT,
    "terragrunt.stack.hcl": FileKind.TERRAGRUNT,
    "Chart.yaml": FileKind.HELM_CHART,
    "kustomization.yaml": FileKind.KUSTOMIZATION,
    "kustomization.yml": FileKind.KUSTOMIZATION,
    "Kustomization": FileKind.KUSTOMIZATION,
    "cdk.json": FileKind.CDK_APP,
    "serverless.yml": FileKind.SERVERLESS_SERVICE,
    "serverless.yaml": FileKind.SERVERLESS_SERVICE,
    "serverless.json": FileKind.SERVERLESS_SERVICE,
}

_BY_ENDING = (
    (".tf", FileKind.TERRAFORM),
    (".tofu", FileKind.TERRAFORM),
    (".tf.json", FileKind.TERRAFORM_JSON),
    (".tofu.json", FileKind.TERRAFORM_JSON),
    (".tfvars", FileKind.TERRAFORM_VARIABLES),
    (".tfvars.json", FileKind.TERRAFORM_VARIABLES_JSON),
)

_TERRAFORM_ENDINGS = tuple(ending for ending, _ in _BY_ENDING)
_YAML_ENDINGS = (".yaml", ".yml")
_CONTENT_ENDINGS = (*_YAML_ENDINGS, ".json", ".template", ".cfn")


def by_name(name: str) -> FileKind | None:
    """The kind a name alone decides; None where only the content can tell."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.endswith(_TERRAFORM_ENDINGS):
        # Terraform leaves out hidden files: they are not part of the module.
        if name.startswith("."):
            return FileKind.OTHER
        return next(kind for ending, kind in reversed(_BY_ENDING) if name.endswith(ending))
    if name.lower().endswith(_CONTENT_ENDINGS):
        return None
    return FileKind.OTHER


def is_always_utf8(name: str) -> bool:
    """Whether the language of the file has no other encoding: native Terraform syntax."""
    return name.endswith((".tf", ".tofu", ".tfvars", ".hcl"))


def is_yaml(name: str) -> bool:
    """Whether the name says YAML, so that "not infrastructure code" is worth a word."""
    return name.lower().endswith(_YAML_ENDINGS)


def may_be_chart_template(name: str) -> bool:
    """Whether Helm would render this file of a chart's `templates/` as manifests."""
    return name.lower().endswith((".yaml", ".yml", ".json"))


_API_VERSION_LINE = late_regex(rb"^[\"']?apiVersion[\"']?:", re.MULTILINE)
_KIND_LINE = late_regex(rb"^[\"']?kind[\"']?:", re.MULTILINE)
_API_VERSION_ENTRY = late_regex(rb'"apiVersion"\s*+:\s*+"')
_KIND_ENTRY = late_regex(rb'"kind"\s*+:\s*+"')
_CLOUDFORMATION_LINE = late_regex(rb"^[\"']?AWSTemplateFormatVersion[\"']?\s*+:", re.MULTILINE)
_RESOURCES = late_regex(rb"^[\"']?Resources[\"']?\s*+:|\"Resources\"\s*+:", re.MULTILINE)
_RESOURCE_TYPE = late_regex(rb"\bType[\"']?\s*+:\s*+[\"']?[A-Za-z0-9]++::[A-Za-z0-9]")
_BLOCK = late_regex(rb"^(?:resource|data|module|variable|locals|provider|output|terraform)\b[^\n=:{]*+\{", re.MULTILINE)


def by_content(data: bytes, name: str) -> FileKind:
    """The kind of YAML or JSON text, by searching its bytes; OTHER when nothing says infrastructure."""
    if name == "manifest.json" and b'"artifacts"' in data and b"aws:cloudformation:stack" in data:
        return FileKind.CDK_MANIFEST
    if _is_plan(data):
        return FileKind.TERRAFORM_PLAN
    if _is_cloudformation(data):
        return FileKind.CLOUDFORMATION
    if _is_kubernetes(data):
        return FileKind.KUBERNETES
    return FileKind.OTHER


def of_unnamed(data: bytes) -> FileKind:
    """The kind of text without a name (standard input): as `by_content`, and Terraform's own syntax."""
    kind = by_content(data, "")
    return FileKind.TERRAFORM if kind is FileKind.OTHER and _BLOCK.search(data) else kind


def _is_plan(data: bytes) -> bool:
    return b'"format_version"' in data and (b'"planned_values"' in data or b'"resource_changes"' in data)


def _is_cloudformation(data: bytes) -> bool:
    if b"AWSTemplateFormatVersion" in data and (
        _CLOUDFORMATION_LINE.search(data) or (b'"AWSTemplateFormatVersion"' in data and _RESOURCES.search(data))
    ):
        return True
    return b"Resources" in data and b"::" in data and bool(_RESOURCES.search(data) and _RESOURCE_TYPE.search(data))


def _is_kubernetes(data: bytes) -> bool:
    if b"apiVersion" not in data or b"kind" not in data:
        return False
    if _API_VERSION_LINE.search(data) and _KIND_LINE.search(data):
        return True
    # Azure Resource Manager templates have both keys as well.
    if b"deploymentTemplate.json" in data:
        return False
    return bool(_API_VERSION_ENTRY.search(data) and _KIND_ENTRY.search(data))
