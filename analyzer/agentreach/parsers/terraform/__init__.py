"""Terraform and OpenTofu: configurations, values files, plans."""

from __future__ import annotations

from agentreach.parsers.terraform.options import TerraformOptions
from agentreach.parsers.terraform.project import load

__all__ = ["TerraformOptions", "load"]
