"""Modules of the CloudFormation registry: what they declare is registered in an account, not in the template.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html. A template refers to what is in
a module as `Module.Resource` or `ModuleResource`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Span, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentreach.parsers.cloudformation.language_extensions import Entry


def is_module(type_: str) -> bool:
    """Whether a resource of this type is a module."""
    return type_.endswith("::MODULE")


def not_read(type_: str) -> str:
    """What a scan says about a module."""
    return f"module {type_} comes from the registry; what it declares is unknown"


def made_by(type_: str, at: Span) -> Unknown:
    """An attribute of something that a module declares."""
    return Unknown(f"module {type_} of the registry declares it", at)


def declaring(resources: Mapping[str, Entry], logical_id: str) -> str | None:
    """The type of the module that a logical id of no resource may come from."""
    found = (entry.type for name, entry in resources.items() if is_module(entry.type) and logical_id.startswith(name))
    return next(found, None)
