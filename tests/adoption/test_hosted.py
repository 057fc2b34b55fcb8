"""Where a host tool shows a finding, without a host."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentreach.integrations.hosted import Block, candidates, roots, shown

AGENT = """\
resource "aws_bedrockagent_agent" "ops" {
  agent_name = "ops"
}
"""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-d", "a"], ["a"]),
        (["--directory=a", "-d", "b"], ["a", "b"]),
        (["-f", "a/x.tf", "b/y.tf", "-o", "json"], ["a/x.tf", "b/y.tf"]),
        (["-d", "a", "b"], ["a"]),
        (["-d", "missing"], ["."]),
        (["--quiet"], ["."]),
    ],
)
def test_roots_are_what_the_command_line_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a/x.tf", "b/y.tf"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [one.as_posix() for one in roots(arguments)] == expected


def test_a_hosts_name_is_sought_below_every_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a/x.tf", "b/x.tf"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("", encoding="utf-8")
    assert candidates("/x.tf", [Path("a"), Path("b")]) == (tmp_path / "a/x.tf", tmp_path / "b/x.tf")
    assert candidates("a/x.tf", [Path("b")]) == (tmp_path / "a/x.tf",)


def test_a_finding_is_claimed_by_the_block_of_its_subject_and_only_once(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text(AGENT, encoding="utf-8")
    found = shown([path])
    other = Block(paths=(path,), address="aws_bedrockagent_agent.other", start=1, end=3)
    own = Block(paths=(path,), address="aws_bedrockagent_agent.ops", start=1, end=3)
    elsewhere = Block(paths=(tmp_path / "b.tf",), address="aws_bedrockagent_agent.ops", start=1, end=3)
    (check_id, *_) = [finding.check_id for _, finding in found.homes if finding.subject.address.endswith(".ops")]
    assert found.claim(check_id, other) == ()
    assert found.claim(check_id, elsewhere) == ()
    assert len(found.claim(check_id, own)) == 1
    assert found.claim(check_id, own) == ()


def test_a_part_of_a_resource_is_shown_on_the_resource(tmp_path: Path) -> None:
    path = tmp_path / "main.tf"
    path.write_text(
        AGENT.replace("}", "  memory_configuration {\n    storage_days = 30\n    enabled_memory_types = []\n  }\n}"),
        encoding="utf-8",
    )
    found = shown([path])
    homes = {home.address for home, finding in found.homes if "#" in finding.subject.address}
    assert homes <= {"aws_bedrockagent_agent.ops"}


def test_unexpanded_instances_and_generated_entries_are_shown_where_they_are_written() -> None:
    from agentreach.integrations.hosted import Home  # noqa: PLC0415 - next to what it shows

    here = Path("/x/main.tf")

    def block(address: str) -> Block:
        return Block(paths=(here,), address=address, start=1, end=9)

    wanted = Home(here, 1, 'module.m["a"].aws_iam_role.r')
    assert block('module.m["a"].aws_iam_role.r').holds(wanted)
    assert block("module.m.aws_iam_role.r").holds(wanted)
    assert not block('module.m["b"].aws_iam_role.r').holds(wanted)
    assert block("aws_iam_role.r[0]").holds(Home(here, 1, "aws_iam_role.r[?]"))
    assert not block("aws_iam_role.s").holds(Home(here, 1, "aws_iam_role.r"))
    assert block("ToolFunction").holds(Home(here, 5, "ToolFunctionRole"))
    assert not block("ToolFunction").holds(Home(here, 12, "ToolFunctionRole"))


def test_the_nearest_configuration_decides_what_a_host_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "main.tf"
    path.write_text(AGENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ignored = {finding.check_id for _, finding in shown([path]).homes}
    (tmp_path / "agentreach.toml").write_text(f"ignore = {sorted(ignored)}\n", encoding="utf-8")
    assert ignored
    assert shown([path]).homes == ()
