"""Which provider configuration a resource uses: its own, the one its module was handed, or the inherited one.

https://developer.hashicorp.com/terraform/language/modules/develop/providers
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agentreach.named_tuples import NamedTuple
from agentreach.parsers.terraform import blocks, syntax
from agentreach.parsers.terraform.convert import convert
from agentreach.parsers.terraform.instances import UNKNOWN_KEY, Instance, printed_key
from agentreach.parsers.terraform.types import DYNAMIC, STRING
from agentreach.parsers.terraform.values import (
    MAPPINGS,
    SEQUENCES,
    Failure,
    Object,
    Perhaps,
    String,
    Unknown,
    known_items,
)

if TYPE_CHECKING:
    from agentreach.model import Span
    from agentreach.parsers.terraform.configuration import Declaration
    from agentreach.parsers.terraform.modules import Module
    from agentreach.parsers.terraform.scope import ModuleScope
    from agentreach.parsers.terraform.values import Value


_ACCOUNT_PART = 4


class ProviderName(NamedTuple):
    """`aws`, `aws.us` or `aws.each["us"]`: the local name, the alias, and the key as it is printed."""

    name: str
    alias: str = ""
    key: str = ""

    def __str__(self) -> str:
        return f"{self.name}.{self.alias}{self.key}" if self.alias else self.name


class Provider(NamedTuple):
    """A provider block, or one instance of it, and the module it stands in."""

    module: Module
    declaration: Declaration
    instance: Instance

    @property
    def scope(self) -> ModuleScope:
        """The scope of its body."""
        return self.module.scope_of(self.declaration, self.instance)

    def argument(self, name: str) -> Value | None:
        """The value of an argument of the block."""
        argument = self.declaration.argument(name)
        if argument is None:
            return None
        value = blocks.argument_value(argument, self.scope)
        return Unknown(DYNAMIC, value.message, value.at) if isinstance(value, Failure) else value

    def tags(self) -> Value | None:
        """The tags that the provider puts on everything (`default_tags { tags = … }`)."""
        first = next(iter(self._blocks("default_tags")), None)
        return first.entries.get("tags") if isinstance(first, Object) else None

    def account(self, naming: str = "") -> String | None:
        """What its resources are in: what an argument names; without such a one, the one AWS account it runs in.

        That is the only one allowed, else that of the last role it assumes.
        """
        if naming:
            named = self.argument(naming)
            return named if isinstance(named, String) else None
        allowed = self.argument("allowed_account_ids")
        only = known_items(allowed) if isinstance(allowed, SEQUENCES) else None
        if only and len(only) == 1 and isinstance(only[0], String):
            return only[0]
        assumed = (*self._blocks("assume_role_with_web_identity"), *self._blocks("assume_role"))
        role = assumed[-1].entries.get("role_arn") if assumed and isinstance(assumed[-1], Object) else None
        return _account_of(role) if isinstance(role, String) else None

    def _blocks(self, type_: str) -> tuple[Value, ...]:
        found = blocks.nested(self.declaration.content, self.scope, blocks.DEPTH, frozenset()).get(type_, [])
        return tuple(item for item in found if not isinstance(item, Perhaps))


def _account_of(arn: String) -> String | None:
    parts = arn.text.split(":")
    account = parts[4] if len(parts) > _ACCOUNT_PART and parts[0] == "arn" else ""
    return String(account, arn.at) if account.isdigit() else None


def provider_name(declaration: Declaration, scope: ModuleScope) -> ProviderName:
    """The provider that a resource names in its scope, else the one that its type implies."""
    argument = declaration.argument("provider")
    named = _named(argument.expression, scope) if argument else None
    return named or _implied(declaration.block.labels[0])


@cache
def _implied(type_: str) -> ProviderName:
    return ProviderName(type_.partition("_")[0])


def provider(module: Module, name: ProviderName) -> Provider | None:
    """The provider block that a name means in a module, None where none is written."""
    for declaration in module.configuration.providers:
        alias = declaration.argument("alias")
        written = _text(alias.expression) if alias else ""
        if declaration.block.labels == (name.name,) and written == name.alias:
            return Provider(module, declaration, _instance(module, declaration, name.key))
    if module.caller is None or module.call is None:
        return None
    handed = _handed(module.call, name, module.caller)
    if handed is None and name.alias:
        return None
    return provider(module.caller.module, handed or name)


def tags_all(written: Value | None, default: Value) -> Value:
    """The tags a resource ends up with."""
    if written is None or not isinstance(written, MAPPINGS) or not isinstance(default, MAPPINGS):
        return default if written is None else written
    rest = written.rest or default.rest
    entries = {**default.entries, **written.entries}
    maybe = (default.maybe - written.entries.keys()) | (written.maybe - default.entries.keys())
    return Object(dict(sorted(entries.items())), written.at, {**default.keys, **written.keys}, rest, maybe)


def _instance(module: Module, declaration: Declaration, key: str) -> Instance:
    """The instance of a provider with `for_each` that a key means; one of all whose keys are unknown if there is none.

    https://opentofu.org/docs/language/providers/configuration/#for_each-multiple-instances-of-a-provider-configuration
    """
    if not key:
        return Instance()
    found = module.expansion(declaration).instances
    return found.get(key) or found.get(UNKNOWN_KEY) or _unknown_instance(declaration.at)


def _unknown_instance(at: Span) -> Instance:
    unknown = Unknown(DYNAMIC, "which instance of the provider it is is not known", at)
    return Instance(UNKNOWN_KEY, {"each": Object({"key": unknown, "value": unknown}, at)}, certain=False)


def _handed(call: Declaration, name: ProviderName, scope: ModuleScope) -> ProviderName | None:
    """What a call's `providers = { … }` gives for a name."""
    argument = call.argument("providers")
    if argument is None or not isinstance(argument.expression, syntax.ObjectExpression):
        return None
    for item in argument.expression.items:
        if _named(item.key, scope) == name:
            return _named(item.value, scope)
    return None


def _named(expression: syntax.Expression, scope: ModuleScope) -> ProviderName | None:
    match expression:
        case syntax.Index(syntax.Attribute(syntax.Name(name), alias), key):
            value = convert(scope.value(key), STRING)
            return ProviderName(name, alias, printed_key(value) if isinstance(value, String) else UNKNOWN_KEY)
        case syntax.Name(name):
            return ProviderName(name)
        case syntax.Attribute(syntax.Name(name), alias):
            return ProviderName(name, alias)
        case syntax.Template(parts=(str() as text,)):
            return ProviderName(*text.split(".", 1))
        case syntax.Template(
            parts=(syntax.Name() | syntax.Attribute() | syntax.Index() as inner,)
        ) | syntax.Parenthesized(inner):
            return _named(inner, scope)
    return None


def _text(expression: syntax.Expression) -> str:
    match expression:
        case syntax.Template(parts=(str() as text,)):
            return text
    return ""
