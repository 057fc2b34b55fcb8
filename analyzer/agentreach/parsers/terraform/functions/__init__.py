"""Terraform's and OpenTofu's built-in functions, one module per family, imported when one of them is called.

https://developer.hashicorp.com/terraform/language/functions · https://opentofu.org/docs/language/functions/
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentreach.parsers.terraform.functions.specification import Function

FAMILIES = {
    "numeric": "abs ceil floor log max min parseint pow signum sum",
    "strings": (
        "chomp endswith indent lower startswith strcontains strrev substr title trim trimprefix trimspace trimsuffix "
        "upper"
    ),
    "joining": "join replace split",
    "formatting": "format formatlist",
    "patterns": "regex regexall",
    "collections": "alltrue anytrue coalesce coalescelist contains index length matchkeys one",
    "sequences": "chunklist compact concat distinct element flatten range reverse slice sort",
    "mappings": "keys lookup merge transpose values zipmap",
    "sets": "setintersection setproduct setsubtract setunion",
    "conversion": (
        "assumeequal assumelistlength assumelistlengthmax assumelistlengthmin assumemaplength assumemaplengthmax "
        "assumemaplengthmin assumenotnull assumesetlength assumesetlengthmax assumesetlengthmin assumestringprefix "
        "ephemeralasnull nonsensitive sensitive tobool tolist tomap tonumber toset tostring"
    ),
    "encoding": (
        "base64decode base64encode base64gunzip csvdecode jsondecode jsonencode urldecode urlencode yamldecode "
        "yamlencode"
    ),
    "charsets": "textdecodebase64 textencodebase64",
    "hashing": "base64sha256 base64sha512 md5 sha1 sha256 sha512 uuidv5",
    "dates": "formatdate timeadd timecmp",
    "network": "cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "filesystem": (
        "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5 fileset "
        "filesha1 filesha256 filesha512 pathexpand"
    ),
    "rendering": "templatefile templatestring",
    "impure": "base64gzip bcrypt plantimestamp rsadecrypt timestamp uuid",
}
_FAMILY = {name: family for family, names in FAMILIES.items() for name in names.split()}


@cache
def find(name: str) -> Function | None:
    """The function of that name, None if there is none."""
    family = _FAMILY.get(name)
    if family is None:
        return None
    module = import_module(f"{__name__}.{family}")
    function: Function = module.FUNCTIONS[name]
    return function
