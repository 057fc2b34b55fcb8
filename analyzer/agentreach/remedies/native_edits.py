"""A remedy as edits of Terraform's native syntax, heredocs included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentreach.findings import Move
from agentreach.parsers.terraform.syntax import Block, ObjectExpression, Template
from agentreach.remedies.accounts import account
from agentreach.remedies.asked import (
    ASK,
    AUTOMOUNT,
    IN_OPENAPI,
    METHODS,
    ON_THE_ACCOUNT,
    condition,
    is_function,
    is_statement,
    lifetimes,
    same,
)
from agentreach.remedies.edits import ByHand, Edit
from agentreach.remedies.hcl import HclFile, Raw, hcl_file, rendered
from agentreach.remedies.written_values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agentreach.findings import Remedy
    from agentreach.model import Source, Span

_PERMISSION = "aws_lambda_permission"


def native_edits(remedy: Remedy, sources: Sequence[Source]) -> Iterable[Edit]:
    """Raises `ByHand` where the file says it in a way that no edit can keep."""
    file = hcl_file(remedy.at.source)
    within = file.embedded(remedy.at.start)
    if within is not None:
        return _in_heredoc(remedy, file, within, sources)
    if remedy.move is Move.ADD_CONDITION:
        return _native_condition(remedy, file, sources)
    if remedy.move is Move.CONFIRM:
        return [_native_confirmation(remedy, file)]
    if remedy.move is Move.PER_TASK:
        return list(_native_task(file, remedy.at.start))
    entry = file.entry(remedy.at.start)
    if remedy.move is Move.SHORTEN:
        if entry is None or not same(entry.name, remedy.attribute.rpartition(".")[2]):
            raise ByHand(f"{remedy.attribute} is not written there: change it by hand")
        now, then = lifetimes(remedy)
        text = shortened(file.literal(entry), now, then)
        return [file.replaced(entry, rendered(text, "", inline=True) if isinstance(entry.value, Template) else text)]
    return [_native_value(remedy, file)]


def _native_value(remedy: Remedy, file: HclFile) -> Edit:
    path = tuple(remedy.attribute.split("."))
    entry = file.entry(remedy.at.start)
    if entry is not None and same(entry.name, path[-1]):
        return file.replaced(entry, rendered(remedy.value, "", inline=True))
    if remedy.attribute == AUTOMOUNT:
        return file.put(_native_pod(file, remedy.at.start), ("automount_service_account_token",), remedy.value)
    raise ByHand(f"{path[-1]} takes its value from elsewhere: change it by hand")


def _native_pod(file: HclFile, at: int) -> Block:
    """The one block of a resource that holds containers: the pod."""
    found: list[Block] = []
    stack = [file.resource(at)]
    while stack:
        block = stack.pop()
        stack += block.body.blocks
        found += [block] if any(one.type == "container" for one in block.body.blocks) else []
    if len(found) != 1:
        raise ByHand(f"its pods are made elsewhere: {ON_THE_ACCOUNT}")
    return found[0]


def _native_confirmation(remedy: Remedy, file: HclFile) -> Edit:
    entry = file.entry(remedy.at.start)
    if entry is not None and isinstance(entry.value, ObjectExpression) and entry.name in METHODS:
        return file.put(entry.value, (IN_OPENAPI,), "ENABLED")
    if entry is not None and same(entry.name, "requireConfirmation"):
        return file.replaced(entry, '"ENABLED"')
    holder = file.holder(remedy.at.start)
    if entry is not None and same(entry.name, "name") and is_function(one.name for one in file.entries(holder)):
        return file.put(holder, ("require_confirmation",), "ENABLED")
    raise ByHand(ASK)


def _native_condition(remedy: Remedy, file: HclFile, sources: Sequence[Source]) -> Iterable[Edit]:
    holder = file.holder(remedy.at.start)
    operator, key = remedy.attribute.split(".", 1)
    if isinstance(holder, Block) and holder.type != "statement" and holder.labels[:1] != (_PERMISSION,):
        raise ByHand(f"the statement is in a quoted text, or made elsewhere: {condition(remedy)}")
    if isinstance(holder, ObjectExpression) and not is_statement(remedy, (one.name for one in file.entries(holder))):
        raise ByHand(f"the statement is not written as one object here: {condition(remedy)}")
    value, declared = _compared(remedy, file, sources)
    if isinstance(holder, Block) and holder.type == "statement":
        body: dict[str, object] = {"test": operator, "variable": key, "values": [value]}
        return [file.add_block(holder, "condition", body), *declared]
    if isinstance(holder, Block):
        return [file.put(holder, ("source_account",), value), *declared]
    return [file.put(holder, ("Condition", operator, key), value), *declared]


def _compared(remedy: Remedy, file: HclFile, sources: Sequence[Source]) -> tuple[object, tuple[Edit, ...]]:
    """What the condition compares with: the value that is given, else the account, and what that needs declared."""
    if remedy.value is not None:
        return remedy.value, ()
    expression, declared = account(remedy, file, sources)
    return Raw(expression), declared


_UNTIL = 'request.time < timestamp("<end of the task>")'
_LEVEL = "accessLevel"
_ASSIGNED, _ELIGIBLE = "azurerm_role_assignment", "azurerm_pim_eligible_role_assignment"


def _native_task(file: HclFile, at: int) -> Iterable[Edit]:
    """A binding of Google Cloud that ends by itself; an assignment of Azure that is asked for, or a low level."""
    block, entry = file.resource(at), file.entry(at)
    kind = (block.labels or ("",))[0]
    if entry is not None and entry.name == _LEVEL:
        yield file.replaced(entry, '"Low"')
        return
    if kind.startswith("google_") and kind.endswith(("_iam_member", "_iam_binding")):
        if any(one.type == "condition" for one in block.body.blocks):
            raise ByHand("the binding has a condition already: add an end to it")
        yield file.add_block(block, "condition", {"title": "<task>", "expression": _UNTIL})
        return
    label = file.text.find(f'"{_ASSIGNED}"', block.start, block.open_end)
    if kind != _ASSIGNED or label < 0:
        raise ByHand("give the role for a task, by a request that somebody approves")
    yield Edit(file.source, label, label + len(_ASSIGNED) + 2, f'"{_ELIGIBLE}"', "type")
    for role in (one for one in file.entries(block) if one.name == "role_definition_name"):
        written = f'role_definition_id = "<id of {file.literal(role)}>"'
        yield Edit(file.source, role.start, role.end, written, role.name)


def _in_heredoc(remedy: Remedy, file: HclFile, within: Span, sources: Sequence[Source]) -> Iterable[Edit]:
    from agentreach.remedies.document_edits import document_edits  # noqa: PLC0415 - Terraform alone needs no YAML
    from agentreach.remedies.documents import Documents  # noqa: PLC0415 - likewise

    documents = Documents(within)
    if remedy.move is not Move.ADD_CONDITION:
        return document_edits(remedy, documents)
    value, declared = _compared(remedy, file, sources)
    operator, key = remedy.attribute.split(".", 1)
    holder = documents.holder(remedy.at.start)
    if not is_statement(remedy, holder.entries):
        raise ByHand(f"the statement is not written as one object here: {condition(remedy)}")
    written = f"${{{value}}}" if isinstance(value, Raw) else value
    return [documents.put(holder, ("Condition", operator, key), written), *declared]
