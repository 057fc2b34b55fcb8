"""The privilege step that the last word of a role's name suggests, for roles no table lists."""

from __future__ import annotations

from typing import Final

from agentreach.identity import Step
from agentreach.late_regex import late_regex

_WORD: Final = late_regex(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_STEPS: Final = {
    Step.IDENTITY: "admin administrator owner securityadmin iamadmin agent impersonator superuser",
    Step.SECRETS: "accessor secrets key keys token credential credentials",
    Step.DEPLOY: "developer deployer builder releaser contributor maintainer publisher",
    Step.EXECUTE: "invoker runner operator executor caller login",
    Step.WRITE_DATA: "editor user writer creator sender uploader updater manager modifier",
    Step.READ_DATA: "viewer reader subscriber receiver consumer downloader pull",
    Step.OBSERVE: "metadata browser lister auditor",
}
_BY_WORD: Final = {word: step for step, words in _STEPS.items() for word in words.split()}


def suggested(name: str) -> Step:
    """The step of the last word that says anything: "roles/foo.barAdmin" is identity. Else write-data."""
    for word in reversed(_WORD.findall(name)):
        if word.lower() in _BY_WORD:
            return _BY_WORD[word.lower()]
    return Step.WRITE_DATA
