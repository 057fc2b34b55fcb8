"""Replacements and variables: a value of one object copied into fields of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.late_regex import late_regex
from agentreach.model import ListValue, MapValue, Scalar, child, elements, number, string
from agentreach.parsers.kubernetes.kustomize.editing import with_entry, with_items
from agentreach.parsers.kubernetes.kustomize.problems import BuildProblem, bounded
from agentreach.parsers.kubernetes.kustomize.selectors import select

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Sequence

    from agentreach.model import Value
    from agentreach.parsers.kubernetes.kustomize.objects import Object

_STEP = late_regex(r"\[[^\]\[]*+\]|(?:\\.|[^.\[\\])+")
_DEFAULT_PATH = "metadata.name"


def replace(objects: Sequence[Object], entry: Value) -> None:
    """One entry of `replacements`."""
    source, targets = child(entry, "source"), elements(child(entry, "targets"))
    literal = child(entry, "sourceValue")
    value = literal if source is None else _source(objects, source)
    if value is None:
        raise BuildProblem("a replacement needs a source", entry.at)
    for target in targets:
        _into(objects, target, value)


def _source(objects: Sequence[Object], source: Value) -> Value:
    found = [one for one in objects if _is_source(one, source)]
    if len(found) != 1:
        raise BuildProblem("the source of a replacement is not exactly one object", source.at)
    path = string(child(source, "fieldPath")) or _DEFAULT_PATH
    value = lookup(found[0].value, steps(path))
    if value is None:
        raise BuildProblem(f"the source of a replacement has no field {path}", source.at)
    options = child(source, "options")
    delimiter = string(child(options, "delimiter"))
    if not delimiter:
        return value
    parts = (string(value) or "").split(delimiter)
    index = int(number(child(options, "index")) or 0)
    if not 0 <= index < len(parts):
        raise BuildProblem(f"the source of a replacement has no part {index}", source.at)
    return Scalar(parts[index], value.at)


def _is_source(one: Object, source: Value) -> bool:
    wanted = {part: string(child(source, part)) or "" for part in ("group", "version", "kind", "name", "namespace")}
    for id_ in one.ids():
        if (
            id_.is_of(wanted["group"], wanted["version"], wanted["kind"])
            and wanted["name"] in {"", id_.name}
            and wanted["namespace"] in {"", id_.place, id_.namespace}
        ):
            return True
    return False


def steps(path: str) -> tuple[str, ...]:
    r"""The steps of a dotted path: `spec.containers.[name=app].image`; `\.` is a dot inside a step."""
    return tuple(step.replace("\\.", ".") for step in _STEP.findall(path))


def lookup(value: Value, path: Sequence[str]) -> Value | None:
    """What stands at a path without patterns."""
    for step in path:
        inside = value.entries.get(_key(step)) if isinstance(value, MapValue) else None
        found = inside or next(iter(_chosen(value, step)), None)
        if found is None:
            return None
        value = found
    return value


def _key(step: str) -> str:
    """A step into a mapping; brackets only protect the dots of its name."""
    return step[1:-1] if step.startswith("[") and step.endswith("]") else step


def _chosen(value: Value, step: str) -> list[Value]:
    """The items of a list that a step means: all, one by position, or those with a field's value."""
    if not isinstance(value, ListValue):
        return []
    return [value.items[index] for index in _positions(value, step)]


def _positions(value: ListValue, step: str) -> list[int]:
    if step == "*":
        return list(range(len(value.items)))
    number_ = step.strip("[]")
    if number_.isdecimal():
        return [int(number_)] if int(number_) < len(value.items) else []
    if step.startswith("[") and step.endswith("]"):
        key, _, wanted = step[1:-1].partition("=")
        return [index for index, item in enumerate(value.items) if _has(item, key, wanted)]
    return []


def _has(item: Value, key: str, wanted: str) -> bool:
    return string(child(item, key)) == wanted if key else string(item) == wanted


def _into(objects: Sequence[Object], target: Value, value: Value) -> None:
    chosen = child(target, "select")
    if chosen is None:
        raise BuildProblem("the target of a replacement must select objects", target.at)
    rejected = [one for reject in elements(child(target, "reject")) for one in select(objects, reject)]
    options = child(target, "options")
    create = string(child(options, "create")) == "true"
    paths = [string(path) or "" for path in elements(child(target, "fieldPaths"))] or [_DEFAULT_PATH]
    for one in select(objects, chosen):
        if any(one is other for other in rejected):
            continue
        for path in paths:
            changed = _set(one.value, steps(path), lambda old: _placed(old, value, options), value if create else None)
            if changed is None:
                raise BuildProblem(f"the target {one.kind} {one.name} of a replacement has no field {path}", target.at)
            assert isinstance(changed, MapValue)
            bounded(changed, target.at)
            one.value = changed


def _set(
    value: Value, path: Sequence[str], change: Callable[[Value | None], Value], create: Value | None
) -> Value | None:
    """The structure with a change at every end of a path; None where the path leads nowhere."""
    if not path:
        return change(value)
    if isinstance(value, ListValue):
        return _set_items(value, path, change, create)
    if not isinstance(value, MapValue):
        return None
    name = _key(path[0])
    inner = value.entries.get(name)
    if inner is None:
        if create is None:
            return None
        inner = MapValue({}, create.at) if len(path) > 1 else create
    changed = _set(inner, path[1:], change, create)
    return None if changed is None else with_entry(value, name, changed)


def _set_items(
    value: ListValue, path: Sequence[str], change: Callable[[Value | None], Value], create: Value | None
) -> Value | None:
    positions = _positions(value, path[0])
    if not positions and create is not None and path[0].startswith("["):
        key, _, text = path[0][1:-1].partition("=")
        made = MapValue({key: Scalar(text, create.at)}, create.at) if key else Scalar(text, create.at)
        changed = _set(made, path[1:], change, create)
        return None if changed is None else with_items(value, (*value.items, changed))
    items = list(value.items)
    done = False
    for index in positions:
        changed = _set(items[index], path[1:], change, create)
        if changed is not None:
            items[index], done = changed, True
    return with_items(value, items) if done else None


def _placed(old: Value | None, value: Value, options: Value | None) -> Value:
    """The value in place of the old one, or of one part of it between delimiters."""
    if isinstance(old, MapValue | ListValue) or not isinstance(value, Scalar):
        return value
    text = string(value) or ""
    delimiter = string(child(options, "delimiter"))
    if not delimiter:
        return _like(old, text, value)
    parts = (string(old) or "").split(delimiter)
    index = int(number(child(options, "index")) or 0)
    if index < 0:
        parts.insert(0, text)
    elif index >= len(parts):
        parts.append(text)
    else:
        parts[index] = text
    return Scalar(delimiter.join(parts), value.at)


def _like(old: Value | None, text: str, value: Scalar) -> Scalar:
    """A text that is put where a number was stays a number when it reads as one."""
    if isinstance(old, Scalar) and isinstance(old.value, int | float) and not isinstance(old.value, bool):
        found = number(Scalar(text, value.at))
        if found is not None:
            return Scalar(int(found) if found.is_integer() else found, value.at)
    if isinstance(old, Scalar) and isinstance(old.value, str):
        return Scalar(text, value.at)
    return value


_VARIABLE = late_regex(r"\$(\$|\(([-A-Za-z0-9_.]+)\))")


def variable_values(objects: Sequence[Object], variables: Iterable[Value]) -> dict[str, Value]:
    """What each of `vars` stands for, by name. Raises BuildProblem for one without its object or field."""
    found: dict[str, Value] = {}
    for variable in variables:
        name, reference = string(child(variable, "name")), child(variable, "objref")
        if name is None or reference is None:
            raise BuildProblem("a variable needs a name and an objref", variable.at)
        field = child(variable, "fieldref") or child(variable, "fieldRef")
        path = string(child(field, "fieldPath") or child(field, "fieldpath")) or _DEFAULT_PATH
        objects_ = [one for one in objects if _is_variable_source(one, reference)]
        value = lookup(objects_[0].value, steps(path)) if objects_ else None
        if value is None:
            raise BuildProblem(f"variable {name} has no object or field to read", variable.at)
        found[name] = value
    return found


def _is_variable_source(one: Object, reference: Value) -> bool:
    group, version = _version(string(child(reference, "apiVersion")) or "")
    kind, name = string(child(reference, "kind")) or "", string(child(reference, "name")) or ""
    return any(id_.is_of(group, version, kind) and id_.name == name for id_ in one.ids())


def _version(text: str) -> tuple[str, str]:
    group, slash, version = text.partition("/")
    return (group, version) if slash else ("", group)


def expand(value: Value, known: dict[str, Value]) -> Value:
    """`$(NAME)` in texts, items and entries of a field; `$$` is a dollar, an unknown name stays as it is."""
    if isinstance(value, ListValue):
        return with_items(value, (expand(item, known) for item in value.items))
    if isinstance(value, MapValue):
        entries = {name: expand(item, known) for name, item in value.entries.items()}
        return MapValue(entries, value.at, value.keys, value.open)
    text = string(value)
    if text is None or "$" not in text or not isinstance(value, Scalar) or not isinstance(value.value, str):
        return value
    whole = _VARIABLE.fullmatch(text)
    if whole is not None and whole[2] in known:
        only = known[whole[2]]
        return only if isinstance(only, Scalar) else value
    return Scalar(_VARIABLE.sub(lambda match: _substituted(match, known), text), value.at)


def _substituted(match: re.Match[str], known: dict[str, Value]) -> str:
    if match[1] == "$":
        return "$"
    found = known.get(match[2])
    return match[0] if found is None else string(found) or ""
