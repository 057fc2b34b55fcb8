"""The command line: one module per command, loaded when it is called. The only print, the only exit code."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from importlib import import_module
from typing import Any

from agentreach.errors import AgentReachError

GROUPS = {
    "Find": ("scan", "review", "agents", "access"),
    "Report": ("report", "checks", "explain"),
    "Adopt": ("init", "fix", "fleet", "integrations"),
}
SUMMARIES = {
    "scan": "Find what agents may do that nobody decided: hook and pull-request check.",
    "review": "Access review: per agent its identities, credentials and reach.",
    "agents": "List the agents that the code declares, and their identities.",
    "access": "May this identity do this action on this resource, and which lines decide it?",
    "report": "Map findings and clean checks to framework entries, as evidence.",
    "checks": "List the checks.",
    "explain": "Show a check's page.",
    "init": "Write configuration, pre-commit hook and pipeline for this repository.",
    "fix": "Apply safe fixes after showing them.",
    "fleet": "Many repositories, one graph.",
    "integrations": "Print the path that another tool loads our checks from.",
}
CLICK_ONLY = frozenset({"fleet"})
"""Commands that have commands of their own, for which importing click is nothing."""
INCOMPLETE = 2
INTERRUPTED = 130


def exists(name: str) -> bool:
    """Whether a command's module is there."""
    from importlib.util import find_spec  # noqa: PLC0415 - not needed for --version

    return find_spec(f"agentreach.cli.{name}") is not None


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the module attribute protocol
    """`group` is click's command line, which a well-formed one does without."""
    if name == "group":
        return import_module("agentreach.cli.commands").group
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main() -> None:
    """Run the command line; errors become one sentence on stderr and exit code 2, an interrupt 130.

    A scan makes millions of small objects and few cycles, and then the process ends: collecting them costs a
    quarter of the time and frees nothing.
    """
    gc.disable()
    _leave(_code())


# With the frames of what ended, whatever they made: letting go of a large scan takes a fiftieth of its time.
_kept: list[SystemExit] = []


def _leave(code: int) -> None:
    """End the process as it is: taking its objects apart one by one frees nothing that its end does not."""
    atexit._run_exitfuncs()  # noqa: SLF001 - as leaving in the usual way would
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            # No such stream, or nobody reads it: what could be said of that was said when it was written to.
            continue
    os._exit(code)


def _code() -> int:
    try:
        return _answer(sys.argv[1:])
    except SystemExit as ended:
        _kept.append(ended)
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except AgentReachError as error:
        _say(_printable(str(error)))
        return INCOMPLETE
    except Exception as error:  # noqa: BLE001 - the last line of defence: a crash must not look like findings
        _say(_crash(error))
        return INCOMPLETE


def _answer(texts: list[str]) -> int:
    """Call the command with the parameters that it reads from its own declaration; what it cannot read is click's."""
    if (
        texts
        and texts[0] in SUMMARIES.keys() - CLICK_ONLY
        and exists(texts[0])
        and not any(name.endswith("_COMPLETE") for name in os.environ)
    ):
        command = import_module(f"agentreach.cli.{texts[0]}").command
        parameters = command.read(texts[1:])
        if parameters is not None:
            return int(command.callback(**parameters) or 0)
    from agentreach.cli.commands import run  # noqa: PLC0415 - click is a quarter of a small scan

    return run()


def _say(text: str) -> None:
    print(f"agentreach: {text}", file=sys.stderr)


def _printable(text: str) -> str:
    """One line without control characters: file names and keys in it are of the scanned tree."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _crash(error: Exception) -> str:
    """Where it happened, innermost call first, and of what kind; not the error's own text, which may quote a secret."""
    import traceback  # noqa: PLC0415 - only for a crash
    from pathlib import PurePath  # noqa: PLC0415 - likewise

    frames = [
        f"{PurePath(frame.filename).parent.name}/{PurePath(frame.filename).name}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    ]
    return (
        f"internal error, nothing was reported: {type(error).__name__} in {' < '.join(frames[:8])}. Please report it."
    )
