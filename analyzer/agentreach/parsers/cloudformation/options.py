"""What a caller may say about how CloudFormation templates are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudFormationOptions:
    """`parameters` win over `parameter_files`, these over a template's own defaults.

    Parameter files are those of the AWS CLI: a list of ParameterKey and ParameterValue, a list of
    "Name=Value", or an object with or without a "Parameters" entry.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    parameter_files: tuple[Path, ...] = ()
