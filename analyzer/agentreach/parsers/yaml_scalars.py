"""What a plain YAML scalar means to the tools that deploy it.

Both targets read YAML 1.1: CloudFormation (https://docs.aws.amazon.com/AWSCloudFormation/latest/
UserGuide/template-formats.html) and Kubernetes (sigs.k8s.io/yaml, whose reader also takes `y` and
`n`). Dates stay text everywhere, so `Version: 2012-10-17` is the string a policy needs.
"""

from __future__ import annotations

from enum import Enum
from math import isinf

from agentreach.late_regex import late_regex

Plain = str | float | bool | None

_SHARED: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_INTEGER = late_regex(r"[-+]?(?:0|[1-9][0-9]{0,30})")
_FLOAT = late_regex(r"[-+]?(?:\.[0-9]{1,30}|[0-9]{1,30}(?:\.[0-9]{0,30})?)(?:[eE][-+]?[0-9]{1,3})?")
_OTHER_BASE = late_regex(r"[-+]?0(?:[xX][0-9a-fA-F]{1,16}|[bB][01]{1,64}|[oO]?[0-7]{1,22})")
_NUMERIC_START = frozenset("0123456789+-.")


class Dialect(Enum):
    """Whose reading of plain scalars applies."""

    CLOUDFORMATION = "cloudformation"
    KUBERNETES = "kubernetes"


WORDS: dict[Dialect, dict[str, bool | None]] = {
    Dialect.CLOUDFORMATION: _SHARED,
    Dialect.KUBERNETES: {**_SHARED, "y": True, "Y": True, "n": False, "N": False},
}


def plain_scalar(text: str, dialect: Dialect) -> Plain:
    """The value of an unquoted scalar.

    CloudFormation keeps the text of a number that would print differently (`012345678901`, `1.10`):
    account ids and versions are text there. Kubernetes reads `0644` as an octal number.
    """
    words = WORDS[dialect]
    if text in words:
        return words[text]
    if text[0] not in _NUMERIC_START:
        return text
    return _number(text, dialect)


def _number(text: str, dialect: Dialect) -> Plain:
    value: float | None = None
    if _INTEGER.fullmatch(text):
        value = int(text)
    elif dialect is Dialect.KUBERNETES and _OTHER_BASE.fullmatch(text):
        return _other_base(text)
    elif _FLOAT.fullmatch(text):
        value = float(text)
    if value is None or isinf(value):
        return text
    return text if dialect is Dialect.CLOUDFORMATION and str(value) != text else value


def _other_base(text: str) -> int:
    digits = text.lstrip("+-").lower()
    base = {"x": 16, "b": 2}.get(digits[1], 8)
    value = int(digits.removeprefix("0o").removeprefix("0x").removeprefix("0b"), base)
    return -value if text.startswith("-") else value


def standard_scalar(tag: str, text: str, dialect: Dialect) -> Plain:
    """The value of a scalar with one of YAML's own tags (`!!str 5`); anything else is text."""
    if tag == "tag:yaml.org,2002:null":
        return None
    if tag in {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool"}:
        return plain_scalar(text, dialect)
    return text
