"""Node groups that are declared beside the manifests: their role, and whether their metadata service answers pods.

From a hop limit of two on it does (EC2 user guide, "Use the Instance Metadata Service to access instance metadata").
A group without a launch template takes a limit that the code does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import child, number, string
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.lowering.context import Context
    from agentreach.model import Resource, Span, Value

_SHARED_HOPS = 2
_ROLE = ("node_role_arn", "NodeRole")
_TEMPLATE = ("launch_template", "LaunchTemplate")
_NAMES = ("id", "name", "LaunchTemplateId", "LaunchTemplateName")
_LIMIT = ("http_put_response_hop_limit", "HttpPutResponseHopLimit")
_TOKENS = ("http_tokens", "HttpTokens")


class Exposed(NamedTuple):
    """The role of a node group, and the hop limit, or the metadata service without tokens, that lets pods take it."""

    role: Value
    at: Span
    note: str


def declared(context: Context) -> tuple[Resource, ...]:
    """Every node group of the scan."""
    return context.of_type("aws_eks_node_group", "AWS::EKS::Nodegroup")


def role(group: Resource) -> Value | None:
    """What its nodes act as."""
    return _first(group.attributes, *_ROLE)


def shared(context: Context) -> tuple[Exposed, ...]:
    """The roles that pods may take."""
    return context.once("shared node roles", lambda: tuple(_shared(context)))


def _shared(context: Context) -> Iterator[Exposed]:
    for group in declared(context):
        own, options = role(group), _metadata(_first(group.attributes, *_TEMPLATE), context)
        limit, tokens = _first(options, *_LIMIT), _first(options, *_TOKENS)
        if own is not None and limit is not None and (number(limit) or 0) >= _SHARED_HOPS:
            yield Exposed(own, limit.at, "the metadata service of the nodes answers pods")
        elif own is not None and tokens is not None and string(tokens) == "optional":
            yield Exposed(own, tokens.at, "the metadata service of the nodes asks for no token")


def _metadata(named: Value | None, context: Context) -> Value | None:
    template = next((found for name in _NAMES if (found := context.lookup(child(named, name)))), None)
    if template is None:
        return None
    data = child(template.attributes, "LaunchTemplateData") or template.attributes
    return _first(data, "metadata_options", "MetadataOptions")


def _first(value: Value | None, *names: str) -> Value | None:
    return next((found for name in names if (found := child(value, name)) is not None), None)
