"""Planted secrets appear in no output: every kind, every place, every format, at any verbosity."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING

import pytest

from hostile.planted import SECRETS, project, telling
from hostile.running import run
from scan_samples import write

if TYPE_CHECKING:
    from pathlib import Path

SCAN = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "csv")
FLAGS = ("--verbose", "--strict", "--all-identities", "--show-suppressed", "--min-confidence=low", "--helm=off")
OTHER = (
    ("review", "text"),
    ("review", "json"),
    ("review", "markdown"),
    ("report", "markdown"),
    ("report", "json"),
    ("report", "csv"),
    ("report", "html"),
    ("agents", "table"),
    ("agents", "json"),
)


def found_in(text: str, kind: str) -> list[str]:
    """Which spellings of the secret's telling part a text holds."""
    spellings = {
        spelled
        for part in telling(kind)
        for spelled in (
            part,
            html.escape(part),
            json.dumps(part)[1:-1],
            part.replace("-", "\\-"),
            part.replace("_", "\\_"),
        )
    }
    return [spelled for spelled in spellings if spelled in text]


@pytest.mark.parametrize("kind", SECRETS)
def test_a_planted_secret_is_in_no_format_of_a_scan(tmp_path: Path, kind: str) -> None:
    project(tmp_path / "p", SECRETS[kind])
    formats = [one for name in SCAN for one in ("--format", f"{name}=../out.{name}")]
    done = run(tmp_path / "p", "scan", *formats, *FLAGS)
    assert done.returncode == 2, done.stderr
    outputs = {one: (tmp_path / f"out.{one}").read_text() for one in SCAN} | {"streams": done.stdout + done.stderr}
    assert {name: found_in(text, kind) for name, text in outputs.items() if found_in(text, kind)} == {}
    assert "AR101" in outputs["text"]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "format_"), OTHER)
def test_planted_secrets_are_in_no_other_command(tmp_path: Path, command: str, format_: str) -> None:
    for kind, value in SECRETS.items():
        project(tmp_path / kind.replace(" ", "-"), value)
    done = run(tmp_path, command, "--format", format_, "--helm=off")
    printed = done.stdout + done.stderr
    assert "Traceback" not in printed
    assert {kind: found_in(printed, kind) for kind in SECRETS if found_in(printed, kind)} == {}


@pytest.mark.parametrize(
    "text",
    [
        "password = %s\n",
        'ignore = ["%s"]\n',
        "[limits]\nnodes = '%s'\n",
        "[check]\n%s = 5\n",
        'var = { p = "%s" }\nfail-on = "%s"\n',
    ],
)
def test_a_mistake_in_the_configuration_does_not_quote_a_secret(tmp_path: Path, text: str) -> None:
    value = SECRETS["OpenAI key"]
    write(tmp_path, "agentreach.toml", text.replace("%s", value))
    done = run(tmp_path, "scan")
    assert done.returncode == 2
    assert found_in(done.stdout + done.stderr, "OpenAI key") == []


CERTIFICATE = (
    "-----BEGIN CERTIFICATE-----\n"
    + "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n" * 20
    + "-----END CERTIFICATE-----"
)


@pytest.mark.parametrize(
    "name", ["ca-bundle.crt", "token_ca", "private_key_certificate", "ssl_certificate", "client_secret_ca"]
)
def test_a_public_certificate_is_no_secret(tmp_path: Path, name: str) -> None:
    body = CERTIFICATE.replace("\n", "\n    ")
    write(
        tmp_path, "a.yaml", f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  {name}: |\n    {body}\n"
    )
    variables = f'environment {{\n    variables = {{\n      "{name}" = <<E\n{CERTIFICATE}\nE\n    }}\n  }}'
    write(
        tmp_path,
        "a.tf",
        f'resource "aws_lambda_function" "f" {{\n  function_name = "f"\n  role = "r"\n  {variables}\n}}\n',
    )
    done = run(tmp_path, "scan", "--format", "json", "--all-identities", "--select", "AR207", "--min-confidence", "low")
    assert json.loads(done.stdout)["findings"] == []


@pytest.mark.parametrize("written", ["!! nothing", "(AR101) reason", "a; ; =b", "AR101;Password=x y z;"])
def test_a_suppression_that_names_no_check_is_reported_and_not_a_crash(tmp_path: Path, written: str) -> None:
    account = f"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: a, annotations: {{agentreach.dev/ignore: '{written}'}}}}\n"
    write(tmp_path, "a.yaml", account)
    done = run(tmp_path, "scan", "--format", "json", "--fail-on", "low")
    assert (done.returncode, done.stderr) == (1, "")
    assert {one["check"] for one in json.loads(done.stdout)["findings"]} == {"AR003"}
