"""A module while it is evaluated: its variables, locals, outputs, the modules it calls, and its resources.

Everything is computed when something asks for it, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Call, Key
from agentreach.parsers.terraform import resource_values
from agentreach.parsers.terraform.instances import Expansion, counted, for_each, perhaps, single
from agentreach.parsers.terraform.module_sources import Missing
from agentreach.parsers.terraform.providers import ProviderName, provider, provider_name, tags_all
from agentreach.parsers.terraform.scope import ModuleScope
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.parsers.terraform.values import Bool, Failure, Object, Unknown
from agentreach.parsers.terraform.variables import Variable, variable
from agentreach.records import dataclass, field
from agentreach.sources.limits import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from agentreach.model import Source, Span
    from agentreach.parsers.terraform.configuration import Configuration, Declaration
    from agentreach.parsers.terraform.evaluate import Step
    from agentreach.parsers.terraform.instances import Instance
    from agentreach.parsers.terraform.root import Root
    from agentreach.parsers.terraform.syntax import Assignment
    from agentreach.parsers.terraform.values import String, Value

Resolved = tuple["Value", int]
_AWS = frozenset({"aws", "awscc"})
_GOOGLE = frozenset({"google", "google-beta"})
_NAMING = {"azapi": "subscription_id", "azurerm": "subscription_id"} | dict.fromkeys(_GOOGLE, "project")
"""The argument of a provider that says where its resources are."""


@dataclass(eq=False)
class Module:
    """One instance of a module. `path` is `path.module`; `prefix` starts the addresses of what it declares.

    `caller` is the scope in which the call's arguments are evaluated; None for a root.
    """

    root: Root
    configuration: Configuration
    path: str = "."
    prefix: str = ""
    calls: tuple[Call, ...] = ()
    caller: ModuleScope | None = None
    call: Declaration | None = None
    certain: bool = True
    _values: dict[str, Value] = field(default_factory=dict)
    _expansions: dict[int, Expansion] = field(default_factory=dict)
    _collected: dict[tuple[int, Span], Value] = field(default_factory=dict)
    _children: dict[str, dict[str, Module] | Missing] = field(default_factory=dict)
    _accounts: dict[ProviderName, String | None] = field(default_factory=dict)
    _tags: dict[ProviderName, Value | None] = field(default_factory=dict)
    _tagged: dict[tuple[int, int], tuple[Value | None, Value]] = field(default_factory=dict)

    def scope(self, source: Source, names: Mapping[str, Value] | None = None) -> ModuleScope:
        """The scope of an expression in one of the module's files."""
        return ModuleScope(self, source, names or {})

    def scope_of(self, declaration: Declaration, instance: Instance) -> ModuleScope:
        """The scope of a block's body, for one of its instances."""
        return ModuleScope(self, declaration.block.source, instance.names)

    def key(self, address: str) -> Key:
        """The key of something this module declares."""
        return Key(self.root.name, self.prefix + address)

    def value_of(self, argument: Assignment) -> Value:
        """The value of an argument without an instance; a failure is unknown to whoever refers to it."""
        return settled(self.scope(argument.source).value(argument.expression))

    def lazily(self, name: str, at: Span, compute: Callable[[], Value]) -> Value:
        """A value of this module by name, computed once."""
        return self.root.lazy.get(self._values, name, self.prefix, at, compute)

    def collected(self, place: tuple[int, Span], compute: Callable[[], Value]) -> Value:
        """The instances of a declaration as one value, made once for a place that refers to them."""
        known = self._collected.get(place)
        if known is None:
            known = self._collected[place] = compute()
        return known

    def variable(self, name: str, at: Span) -> Value:
        """`var.name`."""
        declaration = self.configuration.variables.get(name)
        if declaration is None:
            return Failure(f"no variable {name!r} is declared", at)
        return self.lazily(f"var.{name}", at, lambda: self._variable(name, declaration))

    def _variable(self, name: str, declaration: Declaration) -> Value:
        read = self.configuration.read
        declared = read.get(name)
        if declared is None:
            declared = read[name] = variable(declaration, lambda argument: self.scope(argument.source))
        return declared.value(self._given(name, declared), lambda argument: self.scope(argument.source))

    def _given(self, name: str, declared: Variable) -> Value | None:
        if self.caller is None or self.call is None:
            given = self.root.given.get(name)
            return given(declared) if given else None
        argument = self.call.argument(name)
        return self.caller.within(argument.source).value(argument.expression) if argument else None

    def local(self, name: str, at: Span) -> Value:
        """`local.name`."""
        argument = self.configuration.locals.get(name)
        if argument is None:
            return Failure(f"no local value {name!r} is declared", at)
        return self.lazily(f"local.{name}", at, lambda: self.value_of(argument))

    def output(self, name: str, at: Span) -> Value:
        """The value of an output, for whoever called the module."""
        declaration = self.configuration.outputs.get(name)
        argument = declaration.argument("value") if declaration else None
        if argument is None:
            return Failure(f"the module has no output {name!r}", at)
        return self.lazily(f"output.{name}", at, lambda: self.value_of(argument))

    def outputs(self, at: Span) -> Value:
        """All outputs, as the object that `module.name` is."""
        return Object({name: self.output(name, at) for name in sorted(self.configuration.outputs)}, at)

    def expansion(self, declaration: Declaration) -> Expansion:
        """The instances of a resource or module call."""
        known = self._expansions.get(id(declaration))
        if known is None:
            known = self._expansions[id(declaration)] = self._expand(declaration)
        return known

    def _expand(self, declaration: Declaration) -> Expansion:
        at = declaration.at
        for name, expand in (("count", counted), ("for_each", for_each)):
            argument = declaration.argument(name)
            if argument is not None:
                expanded = expand(self.value_of(argument), at, self.root.options.instances)
                if expanded is None:
                    reason = f"{name} makes more than {self.root.options.instances} instances"
                elif not self.root.may_make(len(expanded.instances)):
                    reason = f"the root has more than {in_force().total_instances} instances"
                else:
                    return expanded
                self.root.limited(argument.at, reason)
                return expand(Unknown(DYNAMIC, reason, at), at, 1) or single(at, exists=None)
        return self._single(declaration, at)

    def _single(self, declaration: Declaration, at: Span) -> Expansion:
        """A block without repetition; OpenTofu may disable it with `lifecycle { enabled = … }`."""
        for block in declaration.content.blocks:
            enabled = self.root.trouble.content(block).arguments.get("enabled") if block.type == "lifecycle" else None
            if enabled is not None:
                value = self.value_of(enabled)
                return single(at, exists=value.value if isinstance(value, Bool) else None)
        return single(at)

    def called(self, name: str, steps: tuple[Step, ...], at: Span) -> Resolved:
        """`module.name`, an instance of it, or an output."""
        declaration = self.configuration.calls.get(name)
        if declaration is None:
            return Failure(f"no module {name!r} is called", at), 1
        children = self.children(name)
        if isinstance(children, Missing):
            return Unknown(DYNAMIC, children.reason, at), 1 + len(steps)
        expansion = self.expansion(declaration)
        instance, used = expansion.select(steps)
        if isinstance(instance, Failure):
            return instance, 1 + used
        if instance is None:
            place = id(declaration), at
            return self.collected(place, lambda: expansion.collect(lambda one: children[one.key].outputs(at))), 1
        child = children[instance.key]
        if len(steps) > used and isinstance(output := steps[used], str):
            value = child.output(output, at)
            return (value, used + 2) if instance.certain or not used else (perhaps(value, output, at), used + 1)
        return child.outputs(at), used + 1

    def children(self, name: str) -> dict[str, Module] | Missing:
        """The instances of a called module by key, or why there are none."""
        known = self._children.get(name)
        if known is None:
            known = self._children[name] = self._call(name, self.configuration.calls[name])
        return known

    def _call(self, name: str, call: Declaration) -> dict[str, Module] | Missing:
        located = self.root.sources.locate(self, name, call)
        if isinstance(located, Missing):
            return located
        expansion = self.expansion(call)
        return {instance.key: self._child(name, call, located, instance) for instance in expansion.instances.values()}

    def _child(self, name: str, call: Declaration, configuration: Configuration, instance: Instance) -> Module:
        return Module(
            root=self.root,
            configuration=configuration,
            path=self.root.sources.path_of(configuration),
            prefix=f"{self.prefix}module.{name}{instance.key}.",
            calls=(*self.calls, Call(name + instance.key, call.at)),
            caller=self.scope_of(call, instance),
            call=call,
            certain=self.certain and instance.certain,
        )

    def close(self) -> None:
        """Let go of everything that was evaluated, so that nothing holds on to it in a circle."""
        for children in self._children.values():
            for child in () if isinstance(children, Missing) else children.values():
                child.close()
        self._children.clear()
        self._values.clear()
        self._collected.clear()

    def ancestors(self) -> Iterator[Module]:
        """The module and those that call it, innermost first."""
        module: Module | None = self
        while module is not None:
            yield module
            module = module.caller.module if module.caller else None

    def default_tags(self, name: ProviderName) -> Value | None:
        """The tags that a provider puts on everything."""
        if name not in self._tags:
            used = provider(self, name)
            tags = used.tags() if used else None
            self._tags[name] = tags if tags is None else self.root.lazy.keep(tags)
        return self._tags[name]

    def default_labels(self, name: ProviderName) -> Value | None:
        """The labels that a Google provider puts on everything."""
        if name.name not in _GOOGLE:
            return None
        used = provider(self, name)
        return used.argument("default_labels") if used else None

    def account(self, name: ProviderName) -> String | None:
        """The AWS account, Google project or Azure subscription that a provider runs in, where its block says so."""
        if name.name not in _AWS and name.name not in _NAMING:
            return None
        if name not in self._accounts:
            used = provider(self, name)
            self._accounts[name] = used.account(_NAMING.get(name.name, "")) if used else None
        return self._accounts[name]

    def tags_all(self, written: Value | None, default: Value) -> Value:
        """The tags that a resource ends up with; computed once for tags that many resources share."""
        key = (id(written), id(default))
        known = self._tagged.get(key)
        if known is None or known[0] is not written:
            known = self._tagged[key] = (written, self.root.lazy.keep(tags_all(written, default)))
        return known[1]

    def provider_argument(self, declaration: Declaration, scope: ModuleScope, name: str) -> Value | None:
        """An argument of the provider block that a resource or data source uses."""
        used = provider(self, provider_name(declaration, scope))
        return used.argument(name) if used else None

    def resource(self, steps: tuple[Step, ...], offset: int, at: Span) -> Resolved:
        """`type.name`, an instance of it, or an attribute. `offset` steps are not of the reference itself."""
        return resource_values.resolve(self, steps, offset, at)


def settled(value: Value) -> Value:
    """A value for use elsewhere: what failed to evaluate is unknown there, and `try` cannot catch it."""
    return Unknown(DYNAMIC, value.message, value.at) if isinstance(value, Failure) else value
