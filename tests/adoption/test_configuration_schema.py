"""The schema that editors use says what the reader says."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from agentreach.configuration import READERS, load
from agentreach.errors import ConfigurationError

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA = json.loads((ROOT / "analyzer" / "agentreach" / "configuration.schema.json").read_text(encoding="utf-8"))


def test_the_schema_is_what_the_tool_writes() -> None:
    tool = ROOT / "tools" / "build_configuration_schema.py"
    done = subprocess.run([sys.executable, tool, "--check"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schema_knows_every_key_of_the_reader() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == set(READERS)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ('fail-on = "high"', True),
        ('fail-on = "hihg"', False),
        ('select = ["AR1", "AR302"]', True),
        ("select = [1]", False),
        ("jobs = 4", True),
        ("jobs = 0", False),
        ("strict = true", True),
        ('strict = "yes"', False),
        ('[var]\nname = "value"', True),
        ('[[agent]]\naddress = "aws_lambda_function.planner"', True),
        ("[[agent]]\nagent = true", False),
        ('[[environment]]\nname = "production"\npattern = "*-emea"\nproduction = true', True),
        ('[[environment]]\nname = "production"', False),
        ('[thresholds]\nrole-session = "1h"', True),
        ('[thresholds]\nrole-session = "1 fortnight"', False),
        ('[thresholds.role-session]\nnote = 1\nwarn = 2\nhigh = "3d"', True),
        ("[thresholds.role-session]\nnote = 1", False),
        ('[check.AR202]\nenabled = false\nreason = "short tasks"', True),
        ("[check.AR202]\nenable = false", False),
        ('helm = "on"', False),
        ("fial-on = 1", False),
    ],
)
def test_schema_and_reader_agree(tmp_path: Path, text: str, valid: bool) -> None:  # noqa: FBT001 - a table of cases
    path = tmp_path / "agentreach.toml"
    path.write_text(text, encoding="utf-8")
    if valid:
        load(path, trusted=True)
    else:
        with pytest.raises(ConfigurationError):
            load(path, trusted=True)
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(tomllib.loads(text)) is valid
