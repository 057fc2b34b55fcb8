"""Each check is shown on every cloud that has what it looks for; where one has not, its page says why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from agentreach_checks import ALL
from check_pages import Example, examples, page

if TYPE_CHECKING:
    from agentreach.check import Check

CLOUDS = {"Google Cloud": r'"google_\w+"', "Azure": r'"(?:azurerm|azapi|azuread)_\w+"'}
ELSEWHERE = {
    ("AR308", "Google Cloud"): "which AR307 tells",
    ("AR309", "Azure"): "outside the code",
    ("AR311", "Azure"): "without becoming another",
    ("AR401", "Azure"): "outside the code",
    ("AR406", "Google Cloud"): "no type that declares an agent has an attribute for it",
    ("AR406", "Azure"): "no type that declares an agent has an attribute for it",
}
"""Where a cloud has nothing of the kind, and the words of the page that say so."""

IN_TERRAFORM = [check for check in ALL if check.id >= "AR1" and "terraform" in check.formats]
SHOWN = [(check, cloud) for check in IN_TERRAFORM for cloud in CLOUDS if (check.id, cloud) not in ELSEWHERE]


def _on(cloud: str, found: list[Example], section: str) -> list[Example]:
    return [one for one in found if one.section == section and re.search(CLOUDS[cloud], one.text)]


@pytest.mark.parametrize(("check", "cloud"), SHOWN, ids=lambda one: getattr(one, "id", one))
def test_a_check_is_shown_on_a_cloud_that_has_the_pattern(check: Check, cloud: str) -> None:
    found = examples(check)
    fires = [one for one in _on(cloud, found, "Avoid") if check.id in {name for name, _ in one.expected}]
    assert fires, "no example to avoid"
    assert _on(cloud, found, "Prefer"), "no example to prefer"


@pytest.mark.parametrize(("place", "words"), ELSEWHERE.items(), ids=lambda one: "-".join(one) if len(one) == 2 else "")
def test_a_page_says_where_a_cloud_has_nothing_of_the_kind(place: tuple[str, str], words: str) -> None:
    check_id, cloud = place
    check = next(one for one in ALL if one.id == check_id)
    (sentence,) = re.findall(rf"^On {cloud} this does not exist: .+\.$", page(check), re.MULTILINE)
    assert words in sentence
    assert not _on(cloud, examples(check), "Avoid")
