"""What is not known only ever widens a result: hiding a variable never changes what stays known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agentreach.model import (
    Encoded,
    ListValue,
    MapValue,
    OneOf,
    Reference,
    Resource,
    Scalar,
    Text,
    Unknown,
    Value,
    alternatives,
    is_known,
)
from agentreach.parsers.terraform import TerraformOptions
from agentreach.parsers.terraform import values as terraform
from agentreach.parsers.terraform.project import Project
from agentreach.parsers.terraform.start import Start
from agentreach.parsers.terraform.types import DYNAMIC
from agentreach.sources import Tree
from parsers.terraform.loading import plain
from parsers.terraform.oracles import PROJECTS, directory_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def covers(wide: Value, narrow: Value) -> bool:
    """Whether the wide value may turn out to be the narrow one."""
    if isinstance(narrow, OneOf):
        return all(covers(wide, one) for one in narrow.alternatives)
    match wide:
        case OneOf():
            return any(covers(one, narrow) for one in alternatives(wide))
        case Unknown() | Reference():
            return True
        case Text(parts):
            pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in parts)
            return re.fullmatch(pattern, text_of(narrow), re.DOTALL) is not None
        case Encoded(inner):
            return covers(inner, narrow.value if isinstance(narrow, Encoded) else decoded(narrow))
        case ListValue(items, _, is_open):
            return isinstance(narrow, ListValue) and list_covers(items, narrow.items, is_open=is_open)
        case MapValue(entries, _, _, is_open):
            return isinstance(narrow, MapValue) and map_covers(entries, narrow.entries, is_open=is_open)
    return plain(wide) == plain(narrow)


def list_covers(wide: tuple[Value, ...], narrow: tuple[Value, ...], *, is_open: bool) -> bool:
    if len(wide) == len(narrow) and all(map(covers, wide, narrow)):
        return True
    # An element of which parts are unknown may stand for any number of elements, at any place.
    said = all(any(covers(one, other) for other in narrow) for one in wide if is_known(one))
    return said and (is_open or all(any(covers(one, other) for one in wide) for other in narrow))


def map_covers(wide: dict[str, Value], narrow: dict[str, Value], *, is_open: bool) -> bool:
    absent = Scalar(None, next(iter(wide.values())).at) if wide else None
    known = all(covers(value, narrow.get(name) or absent) for name, value in wide.items() if absent is not None)
    return known and (is_open or narrow.keys() <= wide.keys())


def text_of(value: Value) -> str:
    match value:
        case Scalar(bool() as known):
            return str(known).lower()
        case Scalar(known):
            return str(known)
        case Text(parts):
            return "".join(part if isinstance(part, str) else "?" for part in parts)
        case Encoded():
            return json.dumps(plain(value), separators=(",", ":"), sort_keys=True)
    return "?"


def decoded(value: Value) -> Value:
    """The structure of a JSON text."""

    def located(plain_value: object) -> Value:
        match plain_value:
            case dict():
                return MapValue({name: located(entry) for name, entry in plain_value.items()}, value.at)
            case list():
                return ListValue(tuple(map(located, plain_value)), value.at)
        return Scalar(plain_value, value.at)  # type: ignore[arg-type]  # JSON holds nothing else

    return located(json.loads(text_of(value)))


def resources(case: dict[str, Any], hidden: set[str]) -> dict[str, Resource]:
    directory = directory_of(case)
    project = Project(Tree([directory]), TerraformOptions(), lambda type_: not type_.startswith("data."))
    configuration = project.directories.configuration(directory)
    assert configuration is not None
    unknown = {
        name: terraform.Unknown(DYNAMIC, "hidden", declaration.at, nullable=False)
        for name, declaration in configuration.variables.items()
        if name in hidden
    }
    return {one.key.address: one for one in project.evaluate(Start(configuration, ".", planned=unknown))}


def variables() -> Iterator[Any]:
    for case in PROJECTS:
        project = Project(Tree([directory_of(case)]), TerraformOptions(), lambda _: False)
        configuration = project.directories.configuration(directory_of(case))
        for name in configuration.variables if configuration else ():
            yield pytest.param(case, name, id=f"{case['id']}-{name}")


@pytest.mark.parametrize(("case", "name"), list(variables()))
def test_hiding_a_variable_only_widens(case: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(directory_of(case))
    known, wide = resources(case, set()), resources(case, {name})
    exact = {address: one for address, one in wide.items() if "[?]" not in address}
    assert {address for address, one in exact.items() if one.certain} <= known.keys()
    blocks = {re.sub(r"\[.*?\]", "", address) for address in wide if "[?]" in address}
    for address, resource in known.items():
        if address not in exact:
            assert re.sub(r'\[(".*?"|\d+)\]', "", address) in blocks, address
            continue
        for attribute, value in exact[address].attributes.entries.items():
            narrow = resource.attributes.entries.get(attribute, Scalar(None, value.at))
            assert covers(value, narrow), (address, attribute, plain(value), plain(narrow))


def test_the_directory_of_a_case_is_its_own() -> None:
    assert len({directory_of(case) for case in PROJECTS}) == len({json.dumps(case["files"]) for case in PROJECTS})
    assert all(Path(directory_of(case)).is_dir() for case in PROJECTS)
