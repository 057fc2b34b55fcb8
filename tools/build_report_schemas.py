"""Writes the JSON Schemas of our documents into the package: one self-contained file each, from shapes told once.

python tools/build_report_schemas.py          writes them
python tools/build_report_schemas.py --check  exits 1 when a shipped file differs
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Shape = dict[str, Any]

TARGET = Path(__file__).parent.parent / "reports/agentreach_reports/schemas"
NOTE = (
    "This schema is exact for the release that ships it. Later releases add keys and never rename or remove one: "
    "readers ignore keys they do not know."
)

TEXT: Shape = {"type": "string"}
FLAG: Shape = {"type": "boolean"}
COUNT: Shape = {"type": "integer", "minimum": 0}
LINE: Shape = {"type": "integer", "minimum": 1}
PATH: Shape = {"type": "string", "description": "relative to the working directory, POSIX slashes"}
ADDRESS: Shape = {"type": "string", "description": "unique together with root"}
ROOT: Shape = {"type": "string", "description": "the directory, template or overlay that an address belongs to"}
FINGERPRINT: Shape = {"type": "string", "description": "survives line moves; the key of baselines and comparisons"}
STEPS = ["observe", "read-data", "write-data", "execute", "deploy", "secrets", "identity", "admin"]
SEVERITIES = ["critical", "high", "medium", "low"]
RELATIONS = ["runs-as", "assumes", "tool-acts-as", "node-fallback", "delegated", "federated"]
CONTROL_RELATIONS = ["primary", "secondary", "compensating", "supporting", "exposure"]
BASES = ["entry-text", "appendix-a", "appendix-c", "derived"]
ASSESSABLE = ["direct", "partial", "supporting", "exposure", "compensating_only", "no", "not_rated"]
STATES = ["evidence-found", "nothing-found", "not-assessed"]


def words(*choices: str) -> Shape:
    return {"enum": list(choices)}


def maybe(shape: Shape, meaning: str = "null: not known from the code") -> Shape:
    return {"anyOf": [shape, {"type": "null"}], "description": meaning}


def rows(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


def ref(name: str) -> Shape:
    return {"$ref": f"#/$defs/{name}"}


def record(description: str = "", /, **keys: Shape) -> Shape:
    """An object with exactly these keys. A trailing underscore keeps a Python keyword usable as a key."""
    properties = {name.rstrip("_"): shape for name, shape in keys.items()}
    shape = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"description": description, **shape} if description else shape


DEFS: dict[str, Shape] = {
    "tool": record("what wrote the document", name={"const": "agentreach"}, version=TEXT, action_catalogue=TEXT),
    "summary": record(
        "agents counts role 'agent' only; findings counts those not suppressed; seconds is 0 in repeatable runs",
        files=COUNT,
        resources=COUNT,
        agents=COUNT,
        findings=record(**dict.fromkeys(SEVERITIES, COUNT)),
        suppressed=COUNT,
        known=COUNT,
        skipped=COUNT,
        unknown=COUNT,
        unmodelled=COUNT,
        seconds={"type": "number", "minimum": 0},
    ),
    "place": record(path=PATH, line=LINE, column=LINE, note=TEXT),
    "extent": record(
        "columns count characters from 1, the end is exclusive",
        path=PATH,
        line=LINE,
        column=LINE,
        end_line=LINE,
        end_column=LINE,
        note=TEXT,
    ),
    "identity": record(
        address=ADDRESS,
        root=ROOT,
        name=TEXT,
        kind=TEXT,
        relation=words(*RELATIONS),
        declared=FLAG,
        certain=FLAG,
        standing=maybe(FLAG),
        via=rows(ref("place")),
    ),
    "credential": record(
        kind=TEXT,
        address=ADDRESS,
        root=ROOT,
        holder=TEXT,
        ttl_seconds=maybe(COUNT, "null when it never expires or is not known from the code"),
        never_expires=FLAG,
        ttl_unknown_because=maybe(TEXT, "why a written lifetime is not known: negative, absurd, a template; else null"),
        ttl_known=FLAG,
        defaulted={"type": "boolean", "description": "nobody wrote the lifetime; it is the service's default"},
        rotated=maybe(FLAG),
        renewable_without_human=maybe(FLAG),
        stored_in=TEXT,
        path=PATH,
        line=LINE,
    ),
    "agent_tool": record(
        address=ADDRESS,
        root=ROOT,
        name=TEXT,
        acts_as=maybe(TEXT, "the identity of what executes it; null when none is known"),
        confirmation=maybe(FLAG),
        mutating=maybe(FLAG),
        executor=TEXT,
        operations=rows(record(name=TEXT, mutating=maybe(FLAG), confirmation=maybe(FLAG))),
        path=PATH,
        line=LINE,
    ),
    "gate": record(
        kind=TEXT,
        subject=ADDRESS,
        covers=rows(TEXT),
        holds=maybe(FLAG, "null: not known from the code"),
        note=TEXT,
        path=PATH,
        line=LINE,
    ),
    "reach": record(
        step=words(*STEPS),
        service=TEXT,
        actions=rows(TEXT),
        resources=rows(TEXT),
        systems=rows(ADDRESS),
        production=FLAG,
        standing=maybe(FLAG, "null: an unknown gate stands between"),
        verdict=words("allowed", "possible"),
        as_=TEXT,
        gates=rows(record(kind=TEXT, holds=maybe(FLAG), note=TEXT)),
        path=maybe(PATH, "null when no line grants it"),
        line=maybe(LINE, "null when no line grants it"),
    ),
    "finding": record(
        check=TEXT,
        name=TEXT,
        title=TEXT,
        severity=words(*SEVERITIES),
        confidence=words("high", "medium", "low"),
        agent=maybe(ADDRESS, "the first of agents; null for findings about the analysis itself"),
        agents=rows(ADDRESS),
        subject=ADDRESS,
        root=ROOT,
        message=TEXT,
        evidence=rows(ref("extent")),
        remediation=TEXT,
        suggestions=rows(ref("suggestion")),
        fixable=FLAG,
        fingerprint=FINGERPRINT,
        origin={"type": "string", "description": "the tool that found it"},
        suppressed=maybe(
            record(reason=TEXT, until=maybe(TEXT, "the last day it holds"), path=PATH, line=LINE), "null: it counts"
        ),
        controls=rows(record(framework=TEXT, id=TEXT, relation=words(*CONTROL_RELATIONS), basis=words(*BASES))),
    ),
    "suggestion": record(
        "what to write instead: lines that change, marked - and +, or lines to paste; a person fills in each <name>",
        path=PATH,
        line=LINE,
        text=TEXT,
        applied_by_fix={"type": "boolean", "description": "agentreach fix writes it"},
    ),
    "skipped": record(path=PATH, line=maybe(LINE, "null: the whole file"), reason=TEXT, by_design=FLAG),
    "unknown": record(
        address=ADDRESS, root=ROOT, attribute=TEXT, reason=TEXT, agents=rows(ADDRESS), path=PATH, line=LINE
    ),
    "unmodelled": record(
        "agent-related by its family, of a type that is not described yet: what it grants is not known",
        address=ADDRESS,
        root=ROOT,
        type=TEXT,
        path=PATH,
        line=LINE,
    ),
    "not_analysed": record(
        "what should have been read and could not be: the command exits 2", path=PATH, line=maybe(LINE), reason=TEXT
    ),
    "question": record(
        answer=TEXT, count=COUNT, worst=maybe(words(*SEVERITIES), "null: no open finding"), findings=rows(FINGERPRINT)
    ),
    "privilege": record(
        action=TEXT,
        step=words(*STEPS),
        as_=TEXT,
        resources=rows(TEXT),
        standing=maybe(FLAG),
        verdict=words("allowed", "possible"),
        gates=rows(TEXT),
        needed=maybe(FLAG, "whether what the agent declares calls for it; null: cannot be told"),
        needed_because=TEXT,
        path=PATH,
        line=LINE,
    ),
    "replacement": record(
        "text in the syntax of the file, for the lines it names",
        text=TEXT,
        path=PATH,
        line=LINE,
        end_line=LINE,
        elsewhere={"type": "boolean", "description": "not within the statement: others may use it too"},
    ),
    "proposal": record(
        identity=ADDRESS,
        statement=maybe({"type": "object"}, "the statement or role that is left; null when nothing is"),
        dropped=rows(TEXT),
        replacements=rows(ref("replacement")),
        by_hand=maybe(TEXT, "what to do where the file does not write it as a list; null: see replacements"),
        path=PATH,
        line=LINE,
    ),
}
AGENT: dict[str, Shape] = {
    "address": ADDRESS,
    "root": ROOT,
    "name": TEXT,
    "platform": TEXT,
    "kind": TEXT,
    "role": words("agent", "tool", "host", "undeclared"),
    "confidence": words("high", "medium", "low"),
    "because": rows(ref("place")),
    "owner": maybe(TEXT, "null: not declared in the scanned code"),
    "bounded": maybe(FLAG),
    "production": FLAG,
    "used_by": rows(ADDRESS),
    "identities": rows(ref("identity")),
    "credentials": rows(ref("credential")),
    "tools": rows(ref("agent_tool")),
    "gates": rows(ref("gate")),
    "reach": rows(ref("reach")),
    "path": PATH,
    "line": LINE,
}
REVIEWED: dict[str, Shape] = {
    "why": TEXT,
    "questions": record(identities=ref("question"), credentials=ref("question"), reach=ref("question")),
    "privilege_map": rows(ref("privilege")),
    "proposals": rows(ref("proposal")),
    "not_inherited": rows(
        record(
            "named in the code, but it does not admit this agent",
            address=ADDRESS,
            root=ROOT,
            reason=TEXT,
            via=rows(ref("place")),
        )
    ),
    "unknown": rows(ref("unknown")),
    "findings": rows(FINGERPRINT),
}
ENTRY = record(
    id=TEXT,
    title=TEXT,
    cite_as=TEXT,
    assessable=words(*ASSESSABLE),
    state=words(*STATES),
    why={"type": "string", "description": "what the state rests on"},
    attest=rows({"type": "string", "description": "what a person still has to show"}),
    checks=rows(TEXT),
    relations=rows(record(check=TEXT, relation=words(*CONTROL_RELATIONS), basis=words(*BASES))),
    findings=rows(FINGERPRINT),
    compensating=rows(
        FINGERPRINT | {"description": "a finding about what would limit the effect: no evidence of the entry itself"}
    ),
)
GONE = record(
    fingerprint=FINGERPRINT, check=TEXT, severity=words(*SEVERITIES), subject=ADDRESS, root=ROOT, message=TEXT
)
CHANGES = record(
    "what differs from the earlier report, by fingerprint",
    new=rows(FINGERPRINT),
    unchanged=rows(FINGERPRINT),
    gone=rows(GONE),
)
HEAD = {"tool": ref("tool"), "summary": ref("summary")}


def documents() -> dict[str, tuple[str, dict[str, Shape]]]:
    """Per document its title and keys."""
    return {
        "scan": (
            "everything a scan concluded, and everything it did not",
            {
                "tool": ref("tool"),
                "configuration": record(
                    file=maybe(PATH, "null: none was found"),
                    weakened=rows(TEXT),
                    weakened_by_change=rows(TEXT),
                    refused=rows(TEXT),
                ),
                "summary": ref("summary"),
                "changes": maybe(CHANGES, "null: nothing was compared"),
                "agents": rows(record(**AGENT)),
                "findings": rows(ref("finding")),
                "skipped": rows(ref("skipped")),
                "unknown": rows(ref("unknown")),
                "unmodelled": rows(ref("unmodelled")),
            },
        ),
        "review": (
            "the access review: per agent three questions and the map from action to privilege step",
            HEAD
            | {
                "review_first": rows(record(address=ADDRESS, root=ROOT, reason=TEXT)),
                "agents": rows(record(**AGENT, **REVIEWED)),
                "findings": rows(ref("finding")),
                "unmodelled": rows(ref("unmodelled")),
                "not_analysed": rows(ref("not_analysed")),
            },
        ),
        "agents": (
            "the inventory",
            HEAD
            | {
                "agents": rows(record(**AGENT)),
                "unmodelled": rows(ref("unmodelled")),
                "not_analysed": rows(ref("not_analysed")),
            },
        ),
        "compliance": (
            "findings and clean checks as evidence per framework entry; evidence, never compliance",
            HEAD
            | {
                "revision": maybe(TEXT, "the commit that was scanned, when known"),
                "frameworks": rows(record(id=TEXT, name=TEXT, version=TEXT, url=TEXT, entries=rows(ENTRY))),
                "findings": rows(ref("finding")),
                "changes": maybe(CHANGES, "null: nothing was compared"),
            },
        ),
        "baseline": (
            "findings recorded as known",
            {"findings": rows(record(fingerprint=FINGERPRINT, check=TEXT, subject=ADDRESS, root=ROOT))},
        ),
    }


def schema(name: str, description: str, keys: dict[str, Shape]) -> Shape:
    """A whole document, with only the definitions it uses."""
    body = record(schema={"const": f"agentreach.{name}/1"}, **keys)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://agentreach.dev/schemas/{name}-1.json",
        "title": f"agentreach.{name}/1",
        "description": f"{description[0].upper()}{description[1:]}. {NOTE}",
        **body,
        **({"$defs": used} if (used := _used(body)) else {}),
    }


def _used(body: Shape) -> dict[str, Shape]:
    found: set[str] = set()
    waiting = [body]
    while waiting:
        text = json.dumps(waiting.pop())
        fresh = {name for name in DEFS if f'"#/$defs/{name}"' in text} - found
        found |= fresh
        waiting += [DEFS[name] for name in fresh]
    return {name: DEFS[name] for name in DEFS if name in found}


def files() -> dict[Path, str]:
    return {
        TARGET / f"{name}-1.json": json.dumps(schema(name, *about), indent=2, ensure_ascii=False) + "\n"
        for name, about in documents().items()
    }


def main() -> int:
    stale = [path for path, text in files().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        print(*(f"{path.name} is not up to date: run tools/build_report_schemas.py" for path in stale), sep="\n")
        return bool(stale)
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
    print(f"wrote {len(files())} schemas, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
