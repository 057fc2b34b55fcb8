"""The privilege step of AWS actions: how far up the ladder an action takes whoever holds it.

Steps of known actions are data (data/action_overlay.toml explains the rules). An action the catalogue does not know
gets the step its verb suggests, so that a stale catalogue never switches a check off:

    secrets     the name holds Secret, Token, Credential, Password, ApiKey or PrivateKey, and the verb reads or makes
    identity    Pass…, Assume…, Impersonate…, Grant…, or any change to a Policy, Permission, Role or Trust
    execute     Invoke…, Execute…, Run…, SendCommand, StartSession and starts of jobs, executions and builds
    deploy      a change to Function, Code, Pipeline, Image, Stack, Runtime, Agent, Task, Workflow, Template, Layer, …
    read-data   Select, Query, Scan, Read, Download, Receive, Retrieve, Decrypt, …
    observe     Get, List, Describe, …
    write-data  anything else, patterns that do not spell a verb included
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from agentreach.access import actions
from agentreach.identity import Step
from agentreach.late_regex import late_regex

_RANKED: Final = (Step.IDENTITY, Step.SECRETS, Step.DEPLOY, Step.EXECUTE, Step.WRITE_DATA, Step.READ_DATA, Step.OBSERVE)
_ADMIN_SHARE: Final = 0.95


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORDS: Final = late_regex(r"[A-Z][a-z0-9]*|[a-z0-9]+")
_READS: Final = _words("batch get list describe view search lookup head check test validate show")
_READS_DATA: Final = _words("select query scan read download receive retrieve fetch poll export decrypt unmask peek")
_RUNS: Final = _words("invoke execute exec run command")
_STARTED: Final = _words("job execution session build task command automation workflow")
_BECOMES: Final = _words("pass assume impersonate grant")
_SECRET: Final = late_regex(r"secret|token|credential|password|apikey|privatekey")
_RIGHTS: Final = late_regex(r"polic(?:y|ies)|permission|role|trust|principal|accessentry|accessgrant")
_CODE: Final = late_regex(
    r"function|code|pipeline|image|stack|runtime|agent|task|workflow|template|layer|deployment|build|gateway|guardrail"
    r"|statemachine|service|application|model|flow|prompt"
)
_REMOVES: Final = _words("delete remove revoke")


@lru_cache(maxsize=8192)
def step_of(action: str) -> Step:
    """The highest step an action, or any action a pattern covers, gives: `*` is ADMIN."""
    return highest(actions.expand(action))


def highest(bits: int) -> Step:
    """The highest step of a set; OBSERVE for an empty one. ADMIN when it holds, in effect, everything."""
    if is_admin(bits):
        return Step.ADMIN
    guessed = max(map(guess, actions.unlisted(bits)), default=Step.OBSERVE)
    listed = next((step for step in _RANKED if bits & _mask(step)), Step.OBSERVE)
    return max(listed, guessed)


def is_admin(bits: int) -> bool:
    """All of IAM and at least 95 % of the catalogue: `*`, or NotAction with a few exceptions outside IAM."""
    held = bits & actions.known_bits()
    iam = actions.expand("iam:*") & actions.known_bits()
    return held & iam == iam and held.bit_count() >= _ADMIN_SHARE * actions.known_bits().bit_count()


@cache
def _mask(step: Step) -> int:
    return actions.mask(step.label)


def at_least(step: Step) -> int:
    """The known actions of a step or above."""
    return _from(step)


@cache
def _from(step: Step) -> int:
    bits = 0
    for one in _RANKED:
        if one >= step:
            bits |= _mask(one)
    return bits


def by_step(bits: int) -> dict[Step, int]:
    """A set divided by privilege step, highest first, empty parts left out; unknown actions by their guess."""
    parts = {step: bits & _mask(step) for step in _RANKED}
    for name in actions.unlisted(bits):
        parts[guess(name)] |= actions.expand(name)
    return {step: part for step, part in parts.items() if part}


@lru_cache(maxsize=4096)
def guess(action: str) -> Step:
    """The step that the verb of an unknown action suggests, by the rules above."""
    name = action.rpartition(":")[2]
    words = [word.lower() for word in _WORDS.findall(name.partition("*")[0].partition("?")[0])]
    if not words:
        return Step.WRITE_DATA
    verb, rest = words[0], "".join(words[1:])
    if verb in _BECOMES:
        return Step.IDENTITY
    if _SECRET.search(rest) and verb not in {"list", "describe"} | _REMOVES:
        return Step.SECRETS
    if verb in _RUNS or (verb in {"start", "submit", "send"} and words[-1] in _STARTED):
        return Step.EXECUTE
    if verb in _READS or verb in _READS_DATA:
        return Step.READ_DATA if not _READS_DATA.isdisjoint(words) else Step.OBSERVE
    return _guess_change(rest)


def _guess_change(rest: str) -> Step:
    if _RIGHTS.search(rest):
        return Step.IDENTITY
    return Step.DEPLOY if _CODE.search(rest) else Step.WRITE_DATA
