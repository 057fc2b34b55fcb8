"""Compile the fact sheets under tools/facts to the compact JSON that the package ships.

    python tools/compile_facts.py            writes the data files
    python tools/compile_facts.py --check    exits 1 when a data file is out of date

YAML takes 120 ms to load where JSON takes 5, and the scan path must not import a YAML reader.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "tools" / "facts"
DATA = ROOT / "analyzer" / "agentreach" / "controls" / "data"
ENTRY_KEYS = ("id", "title", "summary", "cite_as", "iac_note", "iac_assessable")
FRAMEWORK_KEYS = ("name", "version", "date", "url", "publisher", "licence", "status", "cite_as", "kind")


def load(name: str) -> Any:  # noqa: ANN401 - decoded YAML
    return yaml.safe_load((FACTS / name).read_text(encoding="utf-8"))


def entry(control: dict[str, Any]) -> dict[str, str]:
    """One catalogue entry; where a framework prints no title the summary stands in for it."""
    titled = {"title": control.get("title") or control.get("summary") or control["id"]} | control
    return {key: str(titled[key]) for key in ENTRY_KEYS if titled.get(key)}


def frameworks() -> dict[str, Any]:
    catalogue = load("frameworks.yaml")["frameworks"]
    return {
        name: {key: str(framework[key]) for key in FRAMEWORK_KEYS if framework.get(key)}
        | {"entries": [entry(control) for control in framework["controls"]]}
        for name, framework in catalogue.items()
    }


def mapping() -> dict[str, Any]:
    facts = load("control_mapping.yaml")
    defaults = facts["meta"]["defaults"]
    standing = [
        ["nist-ai-rmf-1.0", control, defaults["relation"], defaults["basis"], defaults["why"][control]]
        for control in defaults["nist-ai-rmf-1.0"]
    ]
    limits = load("limits.yaml")
    return {
        check["check"]: mapped(check, standing) | {"limits": limits.get(check["check"], check["overclaim_risk"])}
        for check in facts["checks"]
    }


def mapped(check: dict[str, Any], standing: list[list[str]]) -> dict[str, Any]:
    own = [[c["framework"], c["id"], c["relation"], c["basis"], c.get("why", "")] for c in check["controls"]]
    named = {(framework, control) for framework, control, *_ in own}
    return {
        "name": check["name"],
        "assessable": check["assessable_from_iac"],
        "evidence": check["iac_evidence"],
        "silent": check["usual_false_positives"],
        "controls": own + [row for row in standing if (row[0], row[1]) not in named],
    }


def render(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


OUTPUTS = {"frameworks.json": frameworks, "mapping.json": mapping}


def main() -> int:
    check_only = "--check" in sys.argv[1:]
    stale = []
    for name, build in OUTPUTS.items():
        path = DATA / name
        text = render(build())
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check_only:
            path.write_text(text, encoding="utf-8")
    print(f"{'out of date' if check_only else 'written'}: {', '.join(stale) or 'nothing'}")
    return 1 if check_only and stale else 0


if __name__ == "__main__":
    sys.exit(main())
