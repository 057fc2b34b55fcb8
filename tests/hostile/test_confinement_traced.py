"""What a scan of a hostile tree asks of the kernel, traced: no open outside, no socket, no program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from hostile.running import COMMAND, PACKAGE, SOURCES, environment
from scan_samples import ADMIN, AGENT, write

STRACE = shutil.which("strace")
GIT = shutil.which("git")
TRACED = "trace=open,openat,openat2,creat,execve,execveat,socket,connect,socketpair"
CALL = re.compile(r"^\d+\s+(?P<name>\w+)\((?P<arguments>.*)\)\s+= (?P<result>-?\d+)(?:<(?P<path>.*?)>)?")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Python, its libraries and what the C library reads when a process starts.
SYSTEM = tuple(
    {
        sys.prefix,
        sys.base_prefix,
        os.path.realpath(sys.prefix),
        os.path.realpath(sys.base_prefix),
        *(os.path.realpath(one) for one in SOURCES.split(os.pathsep)),
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/local/lib",
        "/usr/share/locale",
        "/usr/share/zoneinfo",
        "/etc/ld.so.cache",
        "/etc/locale.alias",
        "/etc/localtime",
        "/etc/ssl/openssl.cnf",
        "/proc/self",
        "/proc/sys",
        "/dev/null",
        "/dev/urandom",
        "/sys/",
    }
)

pytestmark = [
    pytest.mark.skipif(STRACE is None, reason="strace is not installed: confinement is not traced here"),
    pytest.mark.slow,
]


class Trace(NamedTuple):
    """The system calls of a run: paths opened (as the kernel resolved them), programs started, sockets."""

    code: int
    opened: tuple[str, ...]
    executed: tuple[str, ...]
    sockets: tuple[str, ...]
    stdout: str
    stderr: str


def traced(folder: Path, log: Path, *arguments: str) -> Trace:
    done = subprocess.run(
        [str(STRACE), "-f", "-y", "-qq", "-s", "4096", "-e", TRACED, "-o", str(log), *COMMAND, *arguments],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
    )
    if "Operation not permitted" in done.stderr and not log.stat().st_size:
        pytest.skip("strace may not trace processes here")
    opened, executed, sockets = [], [], []
    for line in log.read_text(errors="replace").splitlines():
        call = CALL.match(line)
        if call is None:
            continue
        name, text = call["name"], STRING.search(call["arguments"])
        if name.startswith("exec"):
            # A failed start is the search along PATH.
            if call["result"] == "0":
                executed.append(call["arguments"])
        elif "sock" in name or name == "connect":
            sockets.append(line)
        else:
            opened.append(call["path"] or os.path.normpath(folder / (text[1] if text else "")))
    assert opened, "the trace is empty: nothing was proven"
    return Trace(done.returncode, tuple(opened), tuple(executed), tuple(sockets), done.stdout, done.stderr)


def outside(trace: Trace, root: Path) -> set[str]:
    allowed = (*SYSTEM, str(root))
    return {path for path in trace.opened if not path.startswith(allowed)}


LINE_OF_OUTSIDE = "leaked-from-outside"


def hostile_tree(tmp_path: Path) -> Path:
    """A project in which everything that can point outside does."""
    beyond, root = tmp_path / "beyond", tmp_path / "project"
    for name, text in {
        "secret.tf": f'resource "aws_iam_role" "{LINE_OF_OUTSIDE}" {{\n  name = "{LINE_OF_OUTSIDE}"\n}}\n',
        "secret.tfvars": f'who = "{LINE_OF_OUTSIDE}"\n',
        "policy.json": f'{{"Statement": [{{"Effect": "Allow", "Action": "*", "Resource": "{LINE_OF_OUTSIDE}"}}]}}',
        "nested.yaml": "Resources:\n  Role:\n    Type: AWS::IAM::Role\n",
        "include.yaml": "Role:\n  Type: AWS::IAM::Role\n",
        "base/kustomization.yaml": "resources: [account.yaml]\n",
        "base/account.yaml": f"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {LINE_OF_OUTSIDE}}}\n",
        "module/main.tf": f'resource "aws_iam_role" "m" {{\n  name = "{LINE_OF_OUTSIDE}"\n}}\n',
        "hook.py": "raise SystemExit('ran')\n",
        "chart/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    }.items():
        write(beyond, name, text)
    write(root, "agent.tf", AGENT + ADMIN)
    write(
        root,
        "reads.tf",
        f"""
        locals {{
          passwords = file("/etc/passwd")
          shadow    = filebase64("/etc/shadow")
          hash      = filesha256("{beyond}/policy.json")
          there     = fileexists("{beyond}/policy.json")
          set       = fileset("{beyond}", "**")
          home      = file(pathexpand("~/.aws/credentials"))
          template  = templatefile("{beyond}/policy.json", {{}})
          up        = templatefile("../beyond/policy.json", {{}})
          process   = file("/proc/self/environ")
          linked    = file("link.json")
        }}
        resource "aws_iam_role_policy" "a" {{
          role   = aws_iam_role.ops.id
          policy = local.template
        }}
        resource "aws_iam_role_policy" "b" {{
          role   = aws_iam_role.ops.id
          policy = "${{local.passwords}}${{local.shadow}}${{local.hash}}${{local.there}}${{local.home}}${{local.up}}${{local.process}}${{local.linked}}${{join("", local.set)}}"
        }}
        module "up" {{ source = "../beyond/module" }}
        module "absolute" {{ source = "{beyond}/module" }}
        module "linked" {{ source = "./linked_module" }}
        module "cached" {{ source = "registry.example/a/b/c" }}
        module "git" {{ source = "git::ssh://git@example.org/x.git" }}
        data "external" "run" {{ program = ["sh", "-c", "touch ran"] }}
        data "http" "get" {{ url = "http://169.254.169.254/latest/meta-data/" }}
        """,
    )
    write(
        root,
        ".terraform/modules/modules.json",
        f'{{"Modules": [{{"Key": "cached", "Source": "registry.example/a/b/c", "Dir": "{beyond}/module"}},'
        ' {"Key": "git", "Source": "git::ssh://git@example.org/x.git", "Dir": "../beyond/module"}]}',
    )
    write(
        root, "k/kustomization.yaml", "resources: [../../beyond/base, ../../../../../../etc, https://example.org/x]\n"
    )
    write(
        root,
        "g/kustomization.yaml",
        f"""
resources: [account.yaml]
patches: [{{path: {beyond}/base/account.yaml}}]
configMapGenerator: [{{name: c, files: [/etc/passwd], envs: [../../beyond/secret.tfvars]}}]
secretGenerator: [{{name: s, files: [../../beyond/policy.json]}}]
components: [{beyond}/base]
crds: [/etc/passwd]
configurations: [../../beyond/policy.json]
replacements: [{{path: ../../beyond/policy.json}}]
generators: [../../beyond/base/account.yaml]
transformers: [../../beyond/base/account.yaml]
helmCharts: [{{name: c, repo: "https://charts.example.org", valuesFile: ../../beyond/policy.json}}]
openapi: {{path: ../../beyond/policy.json}}
""",
    )
    write(root, "g/account.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n")
    write(
        root,
        "stack.yaml",
        f"""
AWSTemplateFormatVersion: "2010-09-09"
Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions, Macro]
Resources:
  A: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {beyond}/nested.yaml}}}}
  B: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: ../beyond/nested.yaml}}}}
  C: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: "https://s3.amazonaws.com/b/t.yaml"}}}}
  D: {{Type: AWS::Serverless::Application, Properties: {{Location: ../beyond/nested.yaml}}}}
  Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {beyond}/include.yaml}}}}
  M:
    Type: AWS::Serverless::StateMachine
    Properties: {{DefinitionUri: /etc/passwd}}
  P:
    Type: AWS::Serverless::Api
    Properties: {{StageName: a, DefinitionUri: ../beyond/policy.json}}
""",
    )
    write(
        root,
        "cdk.out/manifest.json",
        '{"version": "1", "artifacts": {"S": {"type": "aws:cloudformation:stack",'
        ' "properties": {"templateFile": "../../beyond/nested.yaml"}}}}',
    )
    write(
        root,
        "chart/Chart.yaml",
        'apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: d, repository: "file://../../beyond/chart"}]\n',
    )
    write(
        root, "chart/templates/a.yaml", 'apiVersion: v1\nkind: ConfigMap\ndata: {x: {{ .Files.Get "/etc/passwd" }}}\n'
    )
    write(
        root,
        "terragrunt.hcl",
        f'terraform {{ source = "{beyond}/module" }}\ninclude "root" {{ path = find_in_parent_folders() }}\n',
    )
    for link, target in {
        "link.tf": beyond / "secret.tf",
        "link.json": beyond / "policy.json",
        "link.auto.tfvars": beyond / "secret.tfvars",
        "linked_module": beyond / "module",
        "linked_folder": beyond,
        "etc": Path("/etc"),
        "loop": root,
    }.items():
        (root / link).symlink_to(target)
    write(root, ".git/HEAD", "ref: refs/heads/main\n")
    write(root, ".git/config", f"[core]\n\tfsmonitor = {root}/evil.sh\n\thooksPath = {root}/hooks\n")
    write(root, "evil.sh", f"#!/bin/sh\ntouch {root}/ran\n")
    (root / "evil.sh").chmod(0o755)
    return root


def test_a_hostile_tree_makes_a_scan_open_nothing_outside_start_nothing_and_connect_to_nothing(tmp_path: Path) -> None:
    root = hostile_tree(tmp_path)
    trace = traced(root, tmp_path / "log", "scan", "--helm", "off", "--verbose", "--strict")
    assert "Traceback" not in trace.stderr, trace.stderr
    assert outside(trace, root) == set()
    assert trace.sockets == ()
    assert len(trace.executed) == 1, trace.executed
    assert not (root / "ran").exists()
    assert LINE_OF_OUTSIDE not in trace.stdout
    assert "AR101" in trace.stdout
    # The trace sees what is inside: an empty set above is no accident.
    assert str(root / "reads.tf") in trace.opened


@pytest.mark.parametrize("command", ["review", "agents"])
def test_other_commands_keep_to_the_same_bounds(tmp_path: Path, command: str) -> None:
    root = hostile_tree(tmp_path)
    trace = traced(root, tmp_path / "log", command, "--helm", "off")
    assert "Traceback" not in trace.stderr, trace.stderr
    assert (outside(trace, root), trace.sockets, len(trace.executed)) == (set(), (), 1)


def test_a_report_asks_git_for_the_commit_and_for_nothing_else(tmp_path: Path) -> None:
    root = hostile_tree(tmp_path)
    trace = traced(root, tmp_path / "log", "report", "--helm", "off")
    assert "Traceback" not in trace.stderr, trace.stderr
    assert {Path(path).name for path in outside(trace, root)} <= {"gitconfig", ".gitconfig"}
    assert trace.sockets == ()
    assert all("git" in call.split(",")[0] for call in trace.executed[1:]), trace.executed
    assert not (root / "ran").exists()


def test_git_metadata_is_never_read_as_text(tmp_path: Path) -> None:
    root = hostile_tree(tmp_path)
    write(
        root, "git.tf", 'locals {\n  c = file(".git/config")\n}\nresource "aws_iam_role" "g" {\n  name = local.c\n}\n'
    )
    trace = traced(root, tmp_path / "log", "scan", "--helm", "off")
    assert not [path for path in trace.opened if path.startswith(f"{root}/.git/")]


def test_a_found_configuration_names_neither_checks_nor_programs_nor_paths_outside(tmp_path: Path) -> None:
    root = hostile_tree(tmp_path)
    hook = tmp_path / "beyond" / "hook.py"
    write(root, "agentreach.toml", f'checks = ["{hook}"]\nwith = ["checkov"]\n')
    trace = traced(root, tmp_path / "log", "scan", "--helm", "off")
    assert (outside(trace, root), trace.sockets, len(trace.executed)) == (set(), (), 1)
    assert trace.code == 2
    assert "checks" in trace.stdout + trace.stderr
    for key in ("var-file", "baseline", "helm-values", "parameter-file"):
        value = f'"{tmp_path}/beyond/secret.tfvars"'
        write(root, "agentreach.toml", f"{key} = {value if key == 'baseline' else f'[{value}]'}\n")
        trace = traced(root, tmp_path / "log", "scan", "--helm", "off")
        assert (outside(trace, root), trace.code) == (set(), 2), key
        assert "lies outside" in trace.stderr


@pytest.mark.parametrize(
    "written",
    [
        'modules = { "registry.example/a/b/c" = "../beyond/module" }',
        'var-file = ["link.auto.tfvars"]',
        'baseline = "link.json"',
    ],
)
def test_a_found_configuration_cannot_reach_outside_by_links_or_modules(tmp_path: Path, written: str) -> None:
    root = hostile_tree(tmp_path)
    write(root, "agentreach.toml", written + "\n")
    trace = traced(root, tmp_path / "log", "scan", "--helm", "off")
    assert (outside(trace, root), trace.code) == (set(), 2)


@pytest.mark.parametrize("link", ["agentreach.toml", "pyproject.toml"])
def test_a_configuration_that_is_a_link_out_of_the_tree_is_not_read(tmp_path: Path, link: str) -> None:
    root = hostile_tree(tmp_path)
    write(tmp_path, "beyond/elsewhere.toml", f"{LINE_OF_OUTSIDE} = 1\n[tool.agentreach]\n{LINE_OF_OUTSIDE} = 1\n")
    (root / link).symlink_to(tmp_path / "beyond" / "elsewhere.toml")
    trace = traced(root, tmp_path / "log", "scan", "--helm", "off")
    assert outside(trace, root) == set()
    assert LINE_OF_OUTSIDE not in trace.stdout + trace.stderr


@pytest.mark.skipif(GIT is None, reason="git is not installed")
def test_git_is_started_only_when_asked_and_runs_nothing_of_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(root, "agent.tf", AGENT + ADMIN)
    made = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "x")):
        subprocess.run([str(GIT), *arguments], cwd=root, check=True, env=environment(**made))
    write(root, "evil.sh", f"#!/bin/sh\ntouch {root}/ran\ncat\n")
    (root / "evil.sh").chmod(0o755)
    for name in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction"):
        (root / ".git/hooks").mkdir(exist_ok=True)
        (root / ".git/hooks" / name).symlink_to(root / "evil.sh")
    with (root / ".git/config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = {root}/evil.sh\n\tpager = {root}/evil.sh\n\tsshCommand = {root}/evil.sh\n"
            f"\tattributesFile = {root}/attributes\n"
            f'[filter "evil"]\n\tsmudge = {root}/evil.sh\n\tclean = {root}/evil.sh\n\tprocess = {root}/evil.sh\n'
            f'[diff]\n\texternal = {root}/evil.sh\n[diff "evil"]\n\ttextconv = {root}/evil.sh\n\tcommand = {root}/evil.sh\n'
            f'[tar "tar"]\n\tcommand = {root}/evil.sh\n[alias]\n\tdiff = !{root}/evil.sh\n\tarchive = !{root}/evil.sh\n'
        )
    write(root, ".gitattributes", "* filter=evil diff=evil\n")
    write(root, "attributes", "* filter=evil diff=evil\n")
    write(root, "agent.tf", AGENT + ADMIN + "# changed\n")
    for flags in (("--changed",), ("--since", "HEAD"), ("--changed", "agent.tf")):
        trace = traced(root, tmp_path / "log", "scan", *flags)
        assert "Traceback" not in trace.stderr, trace.stderr
        assert not (root / "ran").exists(), flags
        assert trace.sockets == ()
        assert all("git" in call.split(",")[0] for call in trace.executed[1:]), trace.executed


@pytest.mark.skipif(GIT is None, reason="git is not installed")
@pytest.mark.parametrize("revision", ["--output=pwned", "--upload-pack=touch pwned", "HEAD --exec=x", "-n", "x\ny"])
def test_a_revision_that_looks_like_an_option_is_a_revision(tmp_path: Path, revision: str) -> None:
    write(tmp_path, "agent.tf", AGENT)
    subprocess.run([str(GIT), "init", "-q"], cwd=tmp_path, check=True, env=environment())
    trace = traced(tmp_path, tmp_path / "log", "scan", f"--since={revision}")
    assert trace.code == 2
    assert not (tmp_path / "pwned").exists()
    assert "Traceback" not in trace.stderr


def test_the_traced_package_is_this_one() -> None:
    assert (PACKAGE / "analyzer" / "agentreach").is_dir()
