"""`Fn::Cidr` (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html)."""

from __future__ import annotations

from ipaddress import ip_network
from itertools import islice
from typing import TYPE_CHECKING

from agentreach.model import ListValue, Scalar, Span, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST = 256
_DEFAULT_BITS = {4: 8, 6: 64}


def blocks(block: str | None, counts: Sequence[float | None], at: Span) -> Value:
    """The first `count` subnets of a block, each with `bits` bits left for hosts."""
    if block is None or None in counts:
        return Unknown("the address block is only known at deployment", at)
    try:
        network = ip_network(block, strict=False)
        bits = int(counts[1] or 0) if len(counts) > 1 else _DEFAULT_BITS[network.version]
        prefix = network.max_prefixlen - bits
        subnets = network.subnets(new_prefix=prefix)
        wanted = int(counts[0] or 0)
        found = tuple(Scalar(str(subnet), at) for subnet in islice(subnets, max(0, min(wanted, _MOST))))
    except ValueError:
        return Unknown("Fn::Cidr expects a block of addresses that holds that many", at)
    return ListValue(found, at) if len(found) == wanted else Unknown("the block holds fewer addresses", at)
