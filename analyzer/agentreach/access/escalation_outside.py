"""What an entry of the escalation catalogue reaches outside the code.

A pattern with wildcards in the name can match anything of its kind in the account; a name that is not declared is one
thing outside. Patterns of another kind of thing reach nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from agentreach.access.arns import split
from agentreach.access.escalation_judging import contexts, judge_need
from agentreach.access.globs import Hole, compiled, match
from agentreach.access.patterns import glob, literal
from agentreach.access.verdict import Verdict
from agentreach.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentreach.access.escalation import Action, Entry, PrincipalView, Scope
    from agentreach.access.globs import Tokens
    from agentreach.access.request import Parts

_SHAPES: Final = {
    "role": "arn:*:iam::*:role/*",
    "user": "arn:*:iam::*:user/*",
    "group": "arn:*:iam::*:group/*",
    "policy": "arn:*:iam::*:policy/*",
    "lambda-function": "arn:*:lambda:*:*:function:*",
    "ec2-instance": "arn:*:*:*:*:*instance/*",
    "launch-template": "arn:*:ec2:*:*:launch-template/*",
    "ecs-task": "arn:*:ecs:*:*:task*",
    "batch-job": "arn:*:batch:*:*:job*",
    "codebuild-project": "arn:*:codebuild:*:*:project/*",
    "cloudformation-stack": "arn:*:cloudformation:*:*:stack/*",
    "sagemaker-notebook": "arn:*:sagemaker:*:*:notebook-instance/*",
    "state-machine": "arn:*:states:*:*:stateMachine:*",
    "apprunner-service": "arn:*:apprunner:*:*:service/*",
    "bedrock-agent": "arn:*:bedrock:*:*:agent*",
    "secret": "arn:*:secretsmanager:*:*:secret:*",
    "key": "arn:*:kms:*:*:key/*",
    "bucket": "arn:*:s3:::*",
}
"""What an ARN of each kind looks like; kinds that are not listed may look like anything."""

_NOUNS: Final = {
    "role": "role",
    "user": "user",
    "group": "group",
    "policy": "policy",
    "ec2-instance": "instance",
    "lambda-function": "function",
    "ecs-task": "task",
    "codebuild-project": "build project",
}


class Outside(NamedTuple):
    """What an entry reaches that is not declared: any of a pattern, or a name."""

    open: bool
    scopes: tuple[Scope, ...]


def outside_of(entry: Entry, view: PrincipalView) -> Outside | None:
    """Undeclared targets: every need on the target must reach one, and every other need must be met."""
    aimed = entry.on("target") or tuple(need for need in entry.needs if any(one.on == "any" for one in need))
    others = [need for need in entry.needs if need not in aimed]
    if any(judge_need(need, None, entry, view).verdict is Verdict.DENIED for need in others):
        return None
    reached = [_reached(need, entry, view) for need in aimed]
    if not all(reached):
        return None
    scopes = tuple(scope for one in reached for scope in one)
    return Outside(all(any(scope.open for scope in one) for one in reached), scopes)


def _reached(need: tuple[Action, ...], entry: Entry, view: PrincipalView) -> tuple[Scope, ...]:
    """The scopes of a need that lead outside the code."""
    kind = entry.target if entry.on("target") else ""
    declared = [text for target in view.declared(kind) for text in target.texts] if kind else []
    found = [
        scope
        for action in need
        for context in contexts(action, entry)
        for scope in view.scopes(action.name, context)
        if _leads_outside(scope, kind, declared)
    ]
    return tuple({id(scope): scope for scope in found}.values())


def _leads_outside(scope: Scope, kind: str, declared: Sequence[Parts]) -> bool:
    pattern = glob(scope.parts)
    if not may_be_of(pattern, kind):
        return False
    return scope.open or not any(match(pattern, literal(text)) is not Verdict.DENIED for text in declared)


def may_be_of(pattern: Tokens, kind: str) -> bool:
    """Whether a pattern can match an ARN of a kind, compared part by part; kinds of unknown shape always may."""
    parts = split(pattern) if kind in _SHAPES else None
    if parts is None:
        return True
    return all(match(part, shape) is not Verdict.DENIED for part, shape in zip(parts, _shape(kind), strict=True))


@cache
def _shape(kind: str) -> tuple[Tokens, ...]:
    """The six parts of an ARN of a kind, wildcards as unknown text."""
    return tuple(
        tuple(token if isinstance(token, str) else Hole() for token in compiled(part))
        for part in _SHAPES[kind].split(":", 5)
    )


def described(entry: Entry, outside: Outside) -> str:
    """In words: "any role of the account that trusts lambda.amazonaws.com", or names that are not declared."""
    noun = _NOUNS.get(entry.target, entry.target.replace("-", " "))
    if not outside.open:
        names = ", ".join(sorted({scope.text for scope in outside.scopes if not scope.open}))
        return f"{names}, not declared in the scanned code"
    prefixes = sorted({scope.text for scope in outside.scopes if scope.open} - {"*"})
    which = f"any {noun} that matches {' or '.join(prefixes)}" if prefixes else f"any {noun} of the account"
    return which + _trusting(entry)


def _trusting(entry: Entry) -> str:
    if entry.where == "trusts-me":
        return " that trusts it"
    return f" that trusts {' or '.join(entry.services)}" if entry.services else ""
