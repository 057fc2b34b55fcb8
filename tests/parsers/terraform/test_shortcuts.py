"""What is answered without an evaluation is what evaluation answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentreach.parsers.terraform import shortcuts
from parsers.terraform.loading import parsed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from agentreach.model import Resource

LOCALS = """
variable "absent" {}
locals {
  text  = "t"
  acute = "e"
  lines = "a\\nb"
  list  = ["x", local.text]
  map   = { b = 1, a = local.absent, c = null }
  none  = null
  large = format("%02000d", 0)
  role  = aws_x.other.arn
  loop  = local.loop
  wrong = upper([])
  bool  = true
  number = 1.50
}
resource "aws_x" "other" {}
"""
NAMES = ["text", "acute", "lines", "list", "map", "none", "large", "role", "loop", "wrong", "bool", "number", "missing"]
references = st.one_of(st.sampled_from([f"local.{name}" for name in NAMES]), st.just("var.absent"))
pieces = st.one_of(
    st.sampled_from(["", "a", "\u0301", "\\n", "$${x}", "é"]), references.map(lambda name: f"${{{name}}}")
)
templates = st.lists(pieces, max_size=4).map(lambda parts: f'"{"".join(parts)}"')
leaves = st.one_of(templates, references, st.sampled_from(["1", "true", "null", "0.1", "1e999999999"]))
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(
            st.tuples(st.sampled_from(["b", "a", '"a"', "(local.text)", '"${local.text}"']), inner), max_size=3
        ).map(lambda items: "{" + ", ".join(f"{key} = {value}" for key, value in items) + "}"),
    ),
    max_leaves=6,
)


def loaded(directory: Path, written: Sequence[str]) -> tuple[Resource, ...]:
    body = "".join(f"  a{n} = {expression}\n" for n, expression in enumerate(written))
    return parsed(directory, {"main.tf": f'{LOCALS}resource "aws_x" "x" {{\n{body}}}\n'}).resources


@pytest.fixture(scope="module", autouse=True)
def _deep_stack(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A load raises the limit of recursion for good, which must not happen within a property."""
    loaded(tmp_path_factory.mktemp("first"), ["1"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(written=st.lists(expressions, min_size=1, max_size=8))
def test_a_shortcut_leads_where_evaluation_does(tmp_path: Path, written: list[str]) -> None:
    shorter = loaded(tmp_path, written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortcuts, "_ANSWERS", {})
        longer = loaded(tmp_path, written)
    assert [repr(one) for one in shorter] == [repr(one) for one in longer]


def test_what_is_large_is_evaluated_with_a_budget(tmp_path: Path) -> None:
    ones = ", ".join(["local.list"] * 300)
    *_, resource = loaded(tmp_path, [f"[{ones}]", '"${local.large}-${local.large}"'])
    assert len(resource.attributes.entries["a0"].items) == 300  # type: ignore[union-attr]
    assert len(resource.attributes.entries["a1"].value) == 4001  # type: ignore[union-attr,arg-type]
