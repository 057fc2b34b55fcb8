from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.lowering.operations import CHANGING, READING, mutating

CHANGES = [
    "delete_customer",
    "k8s_execute_command",
    "updateCart",
    "CreateTicket",
    "getOrCreateUser",
    "get_or_create_user",
    "search_and_replace",
    "issue_refund",
    "order_pizza",
    "restart-service",
    "customerDelete",
    "sendEmail",
    "run_command",
    "scaleDeployment",
]
READS = [
    "get_customer",
    "listOrders",
    "k8s_get_pods",
    "describeInstances",
    "search",
    "HTTPGetThing",
    "order_status",
    "customer_order_lookup",
    "list_deleted_items",
    "checkBalance",
    "getUpdates",
]
SILENT = ["customer", "tickets", "x", "", "order", "run_query", "executeSearch", "process"]


@pytest.mark.parametrize("name", CHANGES)
def test_a_changing_verb_is_a_declaration(name: str) -> None:
    assert mutating(name) is True


@pytest.mark.parametrize("name", READS)
def test_a_reading_verb_is_a_declaration(name: str) -> None:
    assert mutating(name) is False


@pytest.mark.parametrize("name", SILENT)
def test_a_name_without_a_verb_tells_nothing(name: str) -> None:
    assert mutating(name) is None


def test_the_method_decides_before_the_name() -> None:
    assert mutating("searchOrders", "POST") is True
    assert mutating("deleteOrder", "get") is False
    assert mutating("x", "HEAD") is False
    assert mutating("getOrder", "PATCH") is True


def test_no_verb_is_both() -> None:
    assert not READING & CHANGING


@given(st.text(max_size=80))
def test_no_name_raises(name: str) -> None:
    assert mutating(name) in {True, False, None}
