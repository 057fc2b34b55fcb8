"""`agentreach integrations`: the path that another tool loads our checks from."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from agentreach.cli import declaring as click
from agentreach.errors import MissingExtraError

FOLDERS = {"cfn-lint": ("cfn_lint", "cfnlint"), "checkov": ("checkov", "checkov")}


@click.command("integrations")
@click.argument("tool", type=click.Choice(sorted(FOLDERS)))
def command(tool: str) -> None:
    """Print the path that TOOL loads our checks from.

    cfn-lint --append-rules "$(agentreach integrations cfn-lint)" -t template.yaml

    checkov -d . --external-checks-dir "$(agentreach integrations checkov)"
    """
    folder, module = FOLDERS[tool]
    if find_spec(module) is None:
        raise MissingExtraError(f'{tool} is not installed in this environment: pip install "agentreach[{tool}]"')
    sys.stdout.write(f"{Path(__file__).resolve().parent.parent / 'integrations' / folder}\n")
