from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentreach.lowering.kubernetes.calico_selectors import Labels, fits

OWN = {"app": "agent", "env": "prod-eu", "team.example.com/name": "ml"}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("", True),
        ("all()", True),
        ("global()", False),
        ("app == 'agent'", True),
        ('app == "web"', False),
        ("app != 'web'", True),
        ("gone != 'x'", True),
        ("gone == 'x'", False),
        ("has(app)", True),
        ("!has(gone)", True),
        ("!!has(app)", True),
        ("app in {'web', 'agent'}", True),
        ("app in {}", False),
        ("app not in {'web'}", True),
        ("gone not in {'x'}", True),
        ("env contains 'prod'", True),
        ("env starts with 'prod'", True),
        ("env ends with '-us'", False),
        ("team.example.com/name == 'ml'", True),
        ("app == 'web' || has(env) && app == 'agent'", True),
        ("(app == 'web' || has(env)) && has(gone)", False),
        ("!(app == 'agent')", False),
    ],
)
def test_a_selector_is_read_as_calico_reads_it(selector: str, *, expected: bool) -> None:
    assert fits(selector, Labels(OWN)) is expected


@pytest.mark.parametrize(
    "selector",
    ["app", "app ==", "app = 'x'", "has(app", "all() all()", "app in 'x'", "near(app)", "'x' == app", "|| a"],
)
def test_what_is_no_selector_fits_nobody_knows_whom(selector: str) -> None:
    assert fits(selector, Labels(OWN)) is None


def test_labels_that_may_exist_are_unknown_and_only_where_they_decide() -> None:
    some = Labels(OWN, complete=False)
    assert fits("!has(exempt)", some) is None
    assert fits("exempt == 'yes' || app == 'agent'", some) is True
    assert fits("exempt == 'yes' && app == 'web'", some) is False


def test_long_and_deep_selectors_are_given_up() -> None:
    assert fits("(" * 33 + "all()" + ")" * 33, Labels({})) is None
    assert fits("!" * 33 + "all()", Labels({})) is None
    assert fits("all() || " * 1000 + "all()", Labels({})) is None


@given(st.text(alphabet="ab'\"!&|(){},=has ntisw", max_size=40))
def test_no_text_ends_in_an_error(text: str) -> None:
    assert fits(text, Labels({"a": "b"})) in {True, False, None}
