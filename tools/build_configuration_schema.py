"""Write the JSON Schema of agentreach.toml for editors, from the readers that validate it: `--check` compares only."""

# ruff: noqa: SLF001 - each reader stands for a shape
from __future__ import annotations

import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "analyzer" / "agentreach" / "configuration.schema.json"
sys.path[:0] = [str(ROOT / one) for one in ("analyzer", "checks", "reports")]

from agentreach import configuration as c  # noqa: E402 - the path comes first
from agentreach.sources import Limits  # noqa: E402 - likewise

Shape = dict[str, Any]
TEXT: Shape = {"type": "string"}
TEXTS: Shape = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
COUNT: Shape = {"type": "integer", "minimum": 1}
DURATION: Shape = {
    "description": "seconds, or a number with s, m, h or d",
    "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": "^[0-9]+[smhd]$"}],
}
FLAGS = {"agent", "production", "enabled"}


def record(kind: type, required: tuple[str, ...] = (), **special: Shape) -> Shape:
    properties = {
        one.name: special.get(one.name, {"type": "boolean"} if one.name in FLAGS else TEXT)
        for one in fields(kind)  # type: ignore[arg-type]
    }
    shape: Shape = {"type": "object", "additionalProperties": False, "properties": properties}
    return shape | ({"required": list(required)} if required else {})


def table(values: Shape) -> Shape:
    return {"type": "object", "additionalProperties": values}


SEVERITY: Shape = {"enum": list(c.SEVERITIES)}
LIMITS = [one.name.replace("_", "-") for one in fields(Limits)]
SHAPES: dict[Any, Shape] = {
    c._severity: SEVERITY,
    c._confidence: {"enum": list(c.CONFIDENCES)},
    c._texts: TEXTS,
    c._text: TEXT,
    c._flag: {"type": "boolean"},
    c._count: COUNT,
    c._helm: {"enum": ["auto", "off"]},
    c._pairs: {"anyOf": [TEXTS, table({"type": ["string", "number", "boolean"]})]},
    c._agents: {
        "type": "array",
        "description": "workloads that are agents, or with a reason are not",
        "items": record(c.AgentRule) | {"anyOf": [{"required": [one]} for one in ("address", "label", "tag")]},
    },
    c._environments: {"type": "array", "items": record(c.EnvironmentRule, ("name", "pattern"))},
    c._modules: table(TEXT) | {"description": "module source to local checkout"},
    c._thresholds: table(
        {
            "anyOf": [
                DURATION,
                record(c.Threshold, ("note", "warn", "high"), note=DURATION, warn=DURATION, high=DURATION),
            ]
        }
    ),
    c._checks: table(record(c.CheckRule, severity=SEVERITY)),
    c._limits: {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(LIMITS, COUNT)},
}


def schema() -> Shape:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://agentreach.dev/schemas/agentreach.toml.json",
        "title": "agentreach.toml",
        "description": "Names are those of the flags of `agentreach scan`; flags win.",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: SHAPES[reader] for key, (_, reader) in sorted(c.READERS.items())},
    }


def main() -> int:
    text = json.dumps(schema(), indent=2) + "\n"
    if "--check" in sys.argv:
        if TARGET.read_text(encoding="utf-8") == text:
            return 0
        print(f"{TARGET.relative_to(ROOT)} is not what tools/{Path(__file__).name} writes")
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
