"""Compile tools/facts/agent_resources.yaml to the compact catalogue of resource types that the package ships.

    python tools/build_agent_resources.py            writes the data file
    python tools/build_agent_resources.py --check    exits 1 when it is out of date

Kept of each type: its class, its twin, and its attributes by role, each as [path] or [path, details] with unit,
default, limits and the values that matter. Notes and evidence levels stay in the fact sheet.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "tools" / "facts" / "agent_resources.yaml"
DATA = ROOT / "analyzer" / "agentreach" / "lowering" / "data" / "agent_resources.json"
DETAILS = ("unit", "default", "min", "max", "values", "good", "bad")


def attribute(row: dict[str, Any]) -> list[Any]:
    details = {key: row[key] for key in DETAILS if key in row}
    return [row["path"], details] if details else [row["path"]]


def resource(row: dict[str, Any]) -> dict[str, Any]:
    attributes = {role: [attribute(one) for one in rows] for role, rows in row["attributes"].items()}
    twin = {"same_as": row["same_as"]} if row.get("same_as") else {}
    return {"class": row["class"], "dialect": row["dialect"], **twin, "attributes": attributes}


def catalogue() -> dict[str, Any]:
    facts = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    return {row["type"]: resource(row) for row in facts["types"]}


def main() -> int:
    text = json.dumps(catalogue(), ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str) + "\n"
    current = DATA.read_text(encoding="utf-8") if DATA.exists() else ""
    if text == current:
        print("up to date")
        return 0
    if "--check" in sys.argv[1:]:
        print("out of date: run python tools/build_agent_resources.py")
        return 1
    DATA.parent.mkdir(parents=True, exist_ok=True)
    DATA.write_text(text, encoding="utf-8")
    print(f"written: {DATA.relative_to(ROOT)}, {len(text)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
