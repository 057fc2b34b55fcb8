"""Resources of a stack and of those nested in it, as every lowering reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.model import Format, MapValue, Resource, Unknown, child
from agentreach.parsers.cloudformation import cdk_assets, macros, modules, nested, parameters_as_resources
from agentreach.parsers.cloudformation.language_extensions import TRANSFORM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from agentreach.model import Value
    from agentreach.parsers.cloudformation.evaluate import Evaluator
    from agentreach.parsers.cloudformation.language_extensions import Entry
    from agentreach.parsers.cloudformation.scope import Scope

_NOT_SIBLINGS = {"Type", "Properties", TRANSFORM}


def resources(scope: Scope, wanted: Callable[[str], bool]) -> Iterator[Resource]:
    """Every wanted resource that may exist. What a false Condition leaves out does not."""
    macros.note(scope)
    if wanted(parameters_as_resources.TYPE):
        yield from parameters_as_resources.resources(scope)
    for entry in scope.resources.values():
        type_ = entry.type
        is_wanted = wanted(type_) if type_ else False
        if not is_wanted and not nested.is_nesting(type_) and not modules.is_module(type_):
            continue
        holds = scope.holds(entry)
        if holds is False:
            continue
        if modules.is_module(type_):
            scope.skip(modules.not_read(type_), entry.at)
        if is_wanted:
            yield _resource(scope, entry, certain=holds is True and entry.certain and scope.certain)
        if nested.is_nesting(type_) and (stack := scope.child(entry.name)) is not None:
            yield from resources(stack, wanted)


def _resource(scope: Scope, entry: Entry, *, certain: bool) -> Resource:
    evaluator = _evaluator(scope, entry)
    return Resource(
        format=Format.CLOUDFORMATION,
        type=entry.type,
        key=scope.key(entry.name),
        name=entry.name,
        attributes=_attributes(evaluator, entry),
        at=entry.span,
        module_path=scope.path,
        certain=certain,
        siblings=dict(_siblings(scope, evaluator, entry)),
    )


def _siblings(scope: Scope, evaluator: Evaluator, entry: Entry) -> Iterator[tuple[str, Value]]:
    """What stands beside the properties; under `Fn::Transform`, why a macro may add to them."""
    written = entry.value.entries if isinstance(entry.value, MapValue) else {}
    yield from ((name, evaluator.property(value)) for name, value in written.items() if name not in _NOT_SIBLINGS)
    macro = macros.rewriting(scope, evaluator, entry)
    if macro is not None:
        yield TRANSFORM, macro


def _evaluator(scope: Scope, entry: Entry) -> Evaluator:
    """Inside a resource whose Condition is open, the condition holds."""
    evaluator = scope.evaluator.bound(entry.bindings)
    condition = scope.condition_of(entry)
    if condition is None or scope.holds(entry) is not None:
        return evaluator
    return evaluator.assuming(condition, holds=True)


def _attributes(evaluator: Evaluator, entry: Entry) -> MapValue:
    written = child(entry.value, "Properties")
    if written is None:
        return MapValue({}, entry.at)
    resolved = evaluator.property(written)
    if isinstance(resolved, MapValue):
        return cdk_assets.with_contents(evaluator.scope, resolved)
    return MapValue({}, written.at, open=isinstance(resolved, Unknown))
