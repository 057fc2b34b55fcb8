"""Functions whose result differs from run to run, or that we leave alone: their results are unknown strings."""

from __future__ import annotations

from agentreach.parsers.terraform.functions.declaring import function
from agentreach.parsers.terraform.functions.specification import Call, Function, Parameter
from agentreach.parsers.terraform.types import DYNAMIC, STRING, Type
from agentreach.parsers.terraform.values import Unknown, Value, is_known

FUNCTIONS: dict[str, Function] = {}


def _unknown(name: str, reason: str, *parameters: Type | Parameter, rest: Parameter | None = None) -> None:
    def run(call: Call, *arguments: Value) -> Value:
        if not all(map(is_known, arguments)):
            call.doubt()
        return Unknown(STRING, reason, call.at, nullable=False)

    run.__name__ = name
    function(FUNCTIONS, *parameters, rest=rest, returns=STRING, raw=True)(run)


_unknown("timestamp", "the time of deployment")
_unknown("plantimestamp", "the time of deployment")
_unknown("uuid", "a UUID made at deployment")
_unknown("bcrypt", "a hash with a random salt", STRING, rest=Parameter(DYNAMIC))
_unknown("base64gzip", "compressed data, which depends on the compressor", STRING)
_unknown("rsadecrypt", "a decrypted secret", STRING, STRING)
