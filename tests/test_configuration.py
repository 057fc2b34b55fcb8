from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agentreach import configuration
from agentreach.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str, name: str = "agentreach.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_nearest_file_up_to_the_boundary_wins(tmp_path: Path) -> None:
    outer, inner = tmp_path / "a", tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    write(outer, "")
    assert configuration.discover(inner, outer) == outer / "agentreach.toml"
    near = write(inner, "")
    assert configuration.discover(inner, outer) == near


def test_a_file_above_the_boundary_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "")
    inner = tmp_path / "repository"
    inner.mkdir()
    assert configuration.discover(inner, inner) is None


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "[tool.other]\n", "pyproject.toml")
    assert configuration.discover(tmp_path, tmp_path) is None
    write(tmp_path, '[tool.agentreach]\nfail-on = "high"\n', "pyproject.toml")
    found = configuration.discover(tmp_path, tmp_path)
    assert found is not None
    assert configuration.load(found, trusted=False).fail_on == "high"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('fail-no = "high"', "unknown key 'fail-no'; did you mean 'fail-on'?"),
        ('fail-on = "severe"', "'fail-on' must be one of low, medium, high, critical, never, not 'severe'"),
        ("jobs = 0", "'jobs' must be a whole number of 1 or more, not 0"),
        ("jobs = true", "'jobs' must be a whole number"),
        ('strict = "yes"', "'strict' must be true or false"),
        ("exclude = [1]", "'exclude' must be a string, not 1"),
        ("[[agent]]\nname = 'x'", "unknown key 'name'"),
        ("[[agent]]\nagent = true", "needs 'address', 'label' or 'tag'"),
        ("[[agent]]\naddress = 'x'\nagent = false", "needs a 'reason'"),
        ("[[environment]]\nname = 'x'", "needs 'name' and 'pattern'"),
        ('[thresholds]\nmemory = "soon"', 'a duration such as 3600, "1h" or "90d"'),
        ('[thresholds]\nmemory = { note = "1h" }', "needs high, warn too"),
        ("[limits]\nnesting = -1", "'limits.nesting' must be a whole number"),
        ("x = [", "not valid TOML"),
        ("jobs = " + "9" * 5000, "not valid TOML"),
        ('[thresholds]\nmemory = "²d"', "a duration such as"),
        ("[thresholds]\nmemory = " + "9" * 400, "a duration such as"),
        ('[thresholds]\nmemory = "' + "9" * 400 + 'd"', "a duration such as"),
        ("[[agent]]\naddress = [1]", "'agent.address' must be a string"),
        ('[check.AR101]\nenabled = "no"', "'check.AR101.enabled' must be true or false"),
        ("[[environment]]\nname = 'x'\npattern = 1", "'environment.pattern' must be a string"),
    ],
)
def test_a_mistake_is_named_with_the_file_and_what_to_write(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        configuration.load(path, trusted=True)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_one_duration_replaces_warn_and_scales_note_and_high(tmp_path: Path) -> None:
    loaded = configuration.load(write(tmp_path, '[thresholds]\nrole-session = "4h"'), trusted=True)
    assert loaded.thresholds["role-session"] == configuration.Threshold(3600.0, 14400.0, 43200.0)


def test_a_discovered_file_may_not_name_python_checks_or_programs(tmp_path: Path) -> None:
    path = write(tmp_path, 'checks = ["evil.py"]\nwith = ["checkov"]\n')
    found = configuration.load(path, trusted=False)
    assert found.refused == ("checks", "with")
    assert found.checks == ()
    assert configuration.load(path, trusted=True).checks == ("evil.py",)


@pytest.mark.parametrize("text", ['var-file = ["../x.tfvars"]', '[modules]\n"a/b" = "/etc"', 'baseline = "../b.json"'])
def test_a_discovered_file_may_not_point_outside_its_folder(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match="outside"):
        configuration.load(write(tmp_path, text), trusted=False)


@pytest.mark.parametrize("text", ['baseline = "a\\u0000"', 'var-file = ["\\u0000"]', '[modules]\na = "\\u0000"'])
def test_a_path_that_no_system_has_is_a_mistake(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match="lies outside"):
        configuration.load(write(tmp_path, text), trusted=False)


@pytest.mark.parametrize("text", ["tool = 1", "[tool]\nagentreach = 1"])
def test_a_table_of_ours_that_is_none_is_a_mistake(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="must be a table, not 1"):
        configuration.load(path, trusted=False)


def test_everything_that_weakens_a_scan_is_listed(tmp_path: Path) -> None:
    text = """
fail-on = "critical"
ignore = ["AR3"]
exclude = ["legacy/**"]
[[agent]]
address = "aws_lambda_function.batch"
agent = false
reason = "no model behind it"
[check.AR202]
severity = "low"
[thresholds]
memory = "30d"
"""
    assert configuration.load(write(tmp_path, text), trusted=False).weakened() == (
        "fail-on = critical",
        "exclude legacy/**",
        "ignore AR3",
        "not an agent: aws_lambda_function.batch (no model behind it)",
        "check AR202 at most low",
        "thresholds.memory set",
    )
