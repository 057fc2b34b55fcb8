"""Conversion functions, and those that change nothing but what Terraform remembers about a value."""

from __future__ import annotations

from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.specification import Call, Function, Parameter
from agentreach.parsers.terraform.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, SetType, Type, has_open
from agentreach.parsers.terraform.values import Failure, Unknown, Value, type_of

FUNCTIONS: dict[str, Function] = {}
_ANY = Parameter(DYNAMIC, null=True)


def _to(name: str, target: Type) -> None:
    def run(call: Call, value: Value) -> Value:
        result = convert(value, target)
        if isinstance(result, Failure):
            return call.failure(result.message)
        if isinstance(value, Unknown) and type_of(value) != target and (has_open(value.type) or target is not STRING):
            call.doubt()
        return result

    run.__name__ = name
    function(FUNCTIONS, _ANY, returns=target, raw=True)(run)


_to("tostring", STRING)
_to("tonumber", NUMBER)
_to("tobool", BOOL)
_to("tolist", ListType(DYNAMIC))
_to("toset", SetType(DYNAMIC))
_to("tomap", MapType(DYNAMIC))


def _unchanged(name: str, *parameters: Parameter) -> None:
    def run(_call: Call, value: Value, *_others: Value) -> Value:
        return value

    run.__name__ = name
    function(FUNCTIONS, _ANY, *parameters, raw=True)(run)


def _promised(name: str, target: Type, *parameters: Parameter) -> None:
    def run(call: Call, value: Value, *_others: Value) -> Value:
        result = convert(value, target)
        return call.failure(result.message) if isinstance(result, Failure) else result

    run.__name__ = name
    function(FUNCTIONS, _ANY, *parameters, returns=target, raw=True)(run)


for _name in ("sensitive", "nonsensitive", "ephemeralasnull", "assumenotnull"):
    _unchanged(_name)
_unchanged("assumeequal", _ANY)
_promised("assumestringprefix", STRING, _ANY)
for _kind, _target in (("list", ListType(DYNAMIC)), ("set", SetType(DYNAMIC)), ("map", MapType(DYNAMIC))):
    _promised(f"assume{_kind}length", _target, _ANY, _ANY)
    _promised(f"assume{_kind}lengthmax", _target, _ANY)
    _promised(f"assume{_kind}lengthmin", _target, _ANY)
