"""`agentreach access`: may this identity do this, and by which lines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from agentreach.cli import INCOMPLETE
from agentreach.cli import declaring as click
from agentreach.cli.shared import READING, SHAPE, WRITING, Request, paths_argument, run_scan, with_options, write
from agentreach.errors import AgentReachError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agentreach.engine import Scan
    from agentreach.graph.questions import Answer, Questions

KUBERNETES = ("verb", "api_group", "k8s_resource", "subresource", "namespace", "name", "non_resource_url")
KNOWN = {"identity", "action", "resource", "context", "context_complete", *KUBERNETES}
SENTENCES = {
    "allowed": "allowed: by the scanned code, whatever the deploy-time values and the request",
    "possible": "possible: it depends on something the scanned code or the question does not say",
    "denied": "denied: nothing in the scanned code allows it, or a Deny applies",
}


@click.command("access")
@paths_argument
@click.option("--identity", metavar="NAME", help="Address, root::address, ARN, role name or namespace:serviceaccount.")
@click.option("--action", metavar="ACTION", help="AWS: service:Action.")
@click.option("--resource", metavar="ARN", help="AWS: the resource's ARN.")
@click.option("--context", multiple=True, metavar="KEY=VALUE", help="A condition key; repeat it for several values.")
@click.option("--context-complete", is_flag=True, help="Condition keys that are not given are absent, not unknown.")
@click.option("--verb", help="Kubernetes: get, list, create, …")
@click.option("--api-group", default=None, help="Kubernetes: the API group, '' for the core group.")
@click.option("--k8s-resource", help="Kubernetes: secrets, pods, …")
@click.option("--subresource", help="Kubernetes: exec, token, …")
@click.option("--namespace", help="Kubernetes: the namespace; none means all.")
@click.option("--name", help="Kubernetes: the object's name.")
@click.option("--non-resource-url", help="Kubernetes: a path such as /metrics.")
@click.option("--queries", type=click.File("r", encoding="utf-8"), help="JSON lines of the same, answered in order.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help=SHAPE)
@with_options(READING, WRITING)
def command(
    identity: str | None,
    context: tuple[str, ...],
    context_complete: bool,  # noqa: FBT001 - click passes flags so
    queries: Any,  # noqa: ANN401 - an open file
    format_: str,
    action: str | None,
    resource: str | None,
    **rest: Any,  # noqa: ANN401 - the Kubernetes fields and the shared options
) -> None:
    """Say whether an identity may do something: allowed, possible or denied, by the policies in PATHS."""
    asked = {key: rest.pop(key) for key in KUBERNETES}
    request = Request(**rest)
    if queries is not None:
        sys.exit(_answer_lines(queries.read(), request))
    if not identity:
        raise UsageError("name the identity with --identity, or give --queries FILE")
    query = {"identity": identity, "action": action, "resource": resource, **asked}
    query |= {"context": _context(context), "context_complete": context_complete}
    scan = run_scan(request)
    answer = _answer(_questions(scan), {key: value for key, value in query.items() if value is not None})
    text = json.dumps(_record(answer)) if format_ == "json" else "\n".join(_sentences(answer))
    write(text, request.output)
    if scan.is_incomplete(strict=request.strict):
        sys.exit(INCOMPLETE)


def _context(pairs: tuple[str, ...]) -> dict[str, str | list[str]]:
    values: dict[str, list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--context {pair!r} has no '='; write --context KEY=VALUE")
        values.setdefault(key, []).append(value)
    return {key: found[0] if len(found) == 1 else found for key, found in values.items()}


def _questions(scan: Scan) -> Questions:
    assert scan.graph.questions is not None
    return scan.graph.questions


def _answer_lines(text: str, request: Request) -> int:
    """Write exactly one line per query, in order; the exit code is 2 when one could not be answered."""
    scan = run_scan(request)
    failed = False
    lines = []
    for line in text.splitlines():
        if line.strip():
            record = _line(_questions(scan), line)
            failed = failed or record["verdict"] is None
            lines.append(json.dumps(record))
    write("\n".join(lines), request.output)
    return INCOMPLETE if failed or scan.is_incomplete(strict=request.strict) else 0


def _line(questions: Questions, line: str) -> dict[str, Any]:
    try:
        query = json.loads(line)
        if not isinstance(query, dict):
            raise UsageError("a query is a JSON object")
        return _record(_answer(questions, query))
    except (AgentReachError, ValueError, RecursionError) as error:
        return {"verdict": None, "error": str(error)}


def _answer(questions: Questions, query: dict[str, Any]) -> Answer:
    unknown = sorted(query.keys() - KNOWN)
    if unknown:
        raise UsageError(f"unknown key {unknown[0]!r}; known: {', '.join(sorted(KNOWN))}")
    identity = questions.identity(_text(query, "identity"))
    if query.get("verb"):
        fields = {key: query.get(key) for key in KUBERNETES}
        fields["resource"] = fields.pop("k8s_resource")
        return questions.rbac(identity, {key: None if value is None else str(value) for key, value in fields.items()})
    context = query.get("context") or {}
    if not isinstance(context, dict):
        raise UsageError("'context' maps condition keys to a string or a list")
    complete = query.get("context_complete") is True
    return questions.aws(identity, _text(query, "action"), _text(query, "resource"), context, complete=complete)


def _text(query: dict[str, Any], key: str) -> str:
    value = query.get(key)
    if not isinstance(value, str) or not value:
        raise UsageError(
            f"{key!r} is missing: an AWS query needs identity, action and resource, a Kubernetes one a verb"
        )
    return value


def _record(answer: Answer) -> dict[str, Any]:
    because = []
    for reason in answer.because:
        at = reason.at.location
        because.append({"path": at.path, "line": at.line, "effect": reason.effect})
    record = {"verdict": answer.verdict.label, "because": because, "assumed": list(answer.assumed)}
    return record | ({"explicit": True} if answer.explicit else {})


def _sentences(answer: Answer) -> Iterator[str]:
    yield SENTENCES[answer.verdict.label]
    for reason in answer.because:
        yield f"  {reason.at.location}  {reason.effect}"
    if answer.assumed:
        yield f"taken as absent, since the scanned code does not declare it: {', '.join(answer.assumed)}"
