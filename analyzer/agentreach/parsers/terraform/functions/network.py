"""Functions on IP networks. An octet may have leading zeros; it is decimal all the same."""

from __future__ import annotations

import ipaddress

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform.functions.arguments import integer, whole
from agentreach.parsers.terraform.functions.declaring import function, pure
from agentreach.parsers.terraform.functions.specification import Call, Function, FunctionError, UndecidedError
from agentreach.parsers.terraform.types import BOOL, NUMBER, STRING, ListType
from agentreach.parsers.terraform.values import List, Number, String, Value

FUNCTIONS: dict[str, Function] = {}
_V4, _V6 = 32, 128
_GO_SUBNETS = 1 << 63


class Network(NamedTuple):
    """The first address, the length of the prefix and the number of bits of an address."""

    address: int
    length: int
    bits: int

    @property
    def size(self) -> int:
        """The number of addresses."""
        return 1 << (self.bits - self.length)

    def __str__(self) -> str:
        return f"{_shown(self.address, self.bits)}/{self.length}"


def _address(text: str) -> tuple[int, int]:
    """An address and its number of bits."""
    if ":" not in text:
        octets = text.split(".")
        if len(octets) != 4 or not all(_is_octet(octet) for octet in octets):  # noqa: PLR2004 - four octets
            raise FunctionError("not an IP address")
        return int.from_bytes(bytes(int(octet) for octet in octets), "big"), _V4
    try:
        address = int(ipaddress.IPv6Address(text)) if "%" not in text else None
    except ipaddress.AddressValueError:
        address = None
    if address is None:
        raise FunctionError("not an IP address")
    return address, _V6


def _is_octet(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10 and int(text) < 256  # noqa: PLR2004 - one byte


def _network(text: str) -> Network:
    address, slash, suffix = text.partition("/")
    if not slash or not (suffix.isascii() and suffix.isdigit() and len(suffix) < 4):  # noqa: PLR2004 - three digits
        raise FunctionError("not a CIDR prefix")
    value, bits = _address(address)
    length = int(suffix)
    if length > bits:
        raise FunctionError("not a CIDR prefix")
    rest = bits - length
    return Network(value >> rest << rest, length, bits)


def _shown(address: int, bits: int) -> str:
    if bits == _V4 or _is_mapped(address):
        return str(ipaddress.IPv4Address(address & 0xFFFFFFFF))
    return str(ipaddress.IPv6Address(address))


def _plain(text: str) -> Network:
    """A prefix that is not one of IPv4 addresses within IPv6, which Go takes for both."""
    network = _network(text)
    if network.bits == _V6 and _is_mapped(network.address):
        raise UndecidedError("a prefix of IPv4 addresses within IPv6")
    return network


def _is_mapped(address: int) -> bool:
    return address >> 32 == 0xFFFF  # noqa: PLR2004 - as the standard has it


def _text(value: Value) -> str:
    assert isinstance(value, String)
    return value.text


@function(FUNCTIONS, STRING, NUMBER, returns=STRING)
def _cidrhost(call: Call, prefix: Value, number: Number) -> Value:
    if not isinstance(prefix, String):
        call.doubt()
        return call.unknown(STRING, prefix)
    host = integer(number)
    network = _plain(_text(prefix))
    if not -network.size <= host < network.size:
        raise FunctionError("the prefix has no such host")
    return call.string(_shown(network.address + (host if host >= 0 else network.size + host), network.bits))


@pure(FUNCTIONS, STRING)
def _cidrnetmask(prefix: str) -> str:
    network = _plain(prefix)
    if network.bits != _V4:
        raise FunctionError("an IPv6 prefix has no netmask")
    return _shown((1 << _V4) - network.size, _V4)


@function(FUNCTIONS, STRING, NUMBER, NUMBER, returns=STRING)
def _cidrsubnet(call: Call, prefix: Value, bits: Number, number: Number) -> Value:
    if not isinstance(prefix, String):
        call.doubt()
        return call.unknown(STRING, prefix)
    added, wanted = whole(bits), integer(number)
    network = _plain(_text(prefix))
    length = network.length + added
    if wanted < 0 or length > network.bits:
        raise FunctionError("the prefix cannot be extended by so many bits")
    if added < 0 or (wanted >> added and wanted >= _GO_SUBNETS):
        raise UndecidedError("a number of bits or subnets that is not checked")
    if wanted >> added:
        raise FunctionError("the prefix has no such subnet")
    return call.string(str(Network(network.address + (wanted << (network.bits - length)), length, network.bits)))


@function(FUNCTIONS, STRING, rest=NUMBER, returns=ListType(STRING))
def _cidrsubnets(call: Call, prefix: Value, *bits: Number) -> Value:
    if not isinstance(prefix, String):
        call.doubt()
        return call.unknown(ListType(STRING), prefix)
    network = _plain(_text(prefix))
    end = network.address + network.size
    position = network.address
    subnets: list[Value] = []
    for added in map(whole, bits):
        length = network.length + added
        if added < 1 or length > network.bits:
            raise FunctionError("the prefix cannot be extended by so many bits")
        size = 1 << (network.bits - length)
        position = -(-position // size) * size
        if position + size > end or not network.address:  # Terraform starts before the first address.
            raise FunctionError("there is no space left for a subnet")
        subnets.append(call.string(str(Network(position, length, network.bits))))
        position += size
    return List(tuple(subnets), call.at, STRING)


@pure(FUNCTIONS, STRING, STRING, returns=BOOL)
def _cidrcontains(prefix: str, contained: str) -> bool:
    network = _plain(prefix)
    inner = _plain(contained) if "/" in contained else Network(*_whole_address(contained))
    if inner.bits != network.bits:
        raise FunctionError("IPv4 and IPv6 do not compare")
    return network.address <= inner.address and inner.address + inner.size <= network.address + network.size


def _whole_address(text: str) -> tuple[int, int, int]:
    address, bits = _address(text)
    if bits == _V6 and _is_mapped(address):
        raise UndecidedError("an IPv4 address within IPv6")
    return address, bits, bits
