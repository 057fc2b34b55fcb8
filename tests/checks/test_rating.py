"""Severity follows the combination, and every combination keeps these laws."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentreach.findings import Severity
from agentreach.identity import Step
from agentreach_checks import rating
from built_views import credential, entry, escalation, reach

STEPS = st.sampled_from(list(Step))
MAYBE_STEPS = st.none() | STEPS
SEVERITIES = st.sampled_from(list(Severity))


def test_the_ladder_is_rated_as_the_contract_says() -> None:
    assert {step: rating.base(step) for step in Step} == {
        Step.OBSERVE: Severity.LOW,
        Step.READ_DATA: Severity.LOW,
        Step.WRITE_DATA: Severity.MEDIUM,
        Step.EXECUTE: Severity.MEDIUM,
        Step.DEPLOY: Severity.HIGH,
        Step.SECRETS: Severity.HIGH,
        Step.IDENTITY: Severity.HIGH,
        Step.ADMIN: Severity.CRITICAL,
    }
    assert rating.base(None) is Severity.LOW


@given(STEPS, STEPS)
def test_a_higher_step_is_never_rated_lower(left: Step, right: Step) -> None:
    low, high = sorted((left, right))
    assert rating.base(low) <= rating.base(high)


@given(MAYBE_STEPS, st.booleans(), st.booleans())
def test_a_width_raises_and_a_gate_lowers_by_at_most_one(step: Step | None, raised: bool, gated: bool) -> None:  # noqa: FBT001
    plain = rating.base(step)
    found = rating.of_step(step, raised=raised, gated=gated)
    assert plain - 1 <= found <= plain + 1
    assert rating.of_step(step, raised=True) >= plain >= rating.of_step(step, gated=True)


@given(STEPS, st.booleans(), st.booleans(), st.sampled_from([True, False, None]))
def test_only_what_stands_open_is_raised(step: Step, wide: bool, production: bool, standing: bool | None) -> None:  # noqa: FBT001
    found = rating.of_reach(reach(step, wildcard_resource=wide, production=production, standing=standing))
    if standing is False:
        assert found is rating.base(step).lowered()
    elif wide or production:
        assert found is rating.base(step).raised()
    else:
        assert found is rating.base(step)


@given(STEPS, st.booleans(), st.booleans(), st.sampled_from([True, False, None]))
def test_a_path_is_rated_by_what_it_yields(step: Step, wide: bool, production: bool, standing: bool | None) -> None:  # noqa: FBT001
    path = escalation(yields=step, wildcard_resource=wide, production=production, standing=standing)
    assert rating.of_escalation(path) is rating.of_reach(
        reach(step, wildcard_resource=wide, production=production, standing=standing)
    )


@given(SEVERITIES, MAYBE_STEPS)
def test_a_credential_is_at_most_as_bad_as_what_its_owner_may_do(level: Severity, highest: Step | None) -> None:
    found = rating.of_credential(credential(highest=highest), level)
    assert Severity.LOW <= found <= level
    assert found <= max(rating.base(highest), Severity.LOW)


@given(MAYBE_STEPS)
def test_an_absent_control_is_medium_for_who_writes_without_a_gate(step: Step | None) -> None:
    writes = step is not None and step >= Step.WRITE_DATA
    assert rating.of_absence(entry(highest_standing=step)) is (Severity.MEDIUM if writes else Severity.LOW)
    assert rating.of_absence(entry(highest=step, highest_standing=None)) is Severity.LOW


def test_an_absent_control_of_nothing_known_is_low() -> None:
    assert rating.of_absence(None) is Severity.LOW
