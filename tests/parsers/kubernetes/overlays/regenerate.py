"""Ask kustomize for the golden files. See README.md."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TypeAlias

import yaml

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
_HASHED = re.compile(r"^(.+)-[2456789bcdfghkmt]{10}$")
_TARGETS = {"16-layers": "16-layers/top"}


def names() -> list[str]:
    return sorted(path.name for path in HERE.iterdir() if path.name[:1].isdigit())


def target(name: str) -> Path:
    return HERE / _TARGETS.get(name, name)


def ask(name: str, binary: str = "kustomize") -> list[Json]:
    run = subprocess.run([binary, "build", str(target(name))], capture_output=True, text=True, check=True)
    return normalised([document for document in yaml.safe_load_all(run.stdout) if document])


def normalised(objects: list[Json]) -> list[Json]:
    generated = {
        name: match.group(1)
        for kind, _, name in map(_order, objects)
        if kind in {"ConfigMap", "Secret"} and (match := _HASHED.match(name))
    }
    return sorted((_without_hash(one, generated) for one in objects), key=_order)


def _without_hash(value: Json, generated: dict[str, str]) -> Json:
    if isinstance(value, dict):
        return {key: _without_hash(item, generated) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_hash(item, generated) for item in value]
    return generated.get(value, value) if isinstance(value, str) else value


def _order(one: Json) -> tuple[str, str, str]:
    assert isinstance(one, dict)
    metadata = one["metadata"]
    assert isinstance(metadata, dict)
    return str(one["kind"]), str(metadata.get("namespace", "")), str(metadata.get("name", ""))


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for name in names():
        (GOLDEN / f"{name}.json").write_text(json.dumps(ask(name), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
