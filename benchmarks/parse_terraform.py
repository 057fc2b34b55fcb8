"""How fast Terraform's syntax is read: skim, skim with the bodies that matter, full parse, JSON syntax.

    python benchmarks/parse_terraform.py [--megabytes N] [--rounds N] [--json FILE] [PATH…]

Without a PATH, a corpus of that size is generated in memory; the same seed gives the same text everywhere. Each
figure is the best of several rounds in CPU seconds, so that a busy machine disturbs it least.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "analyzer"))

from agentreach.model import Source
from agentreach.parsers.terraform.hcl import parse_file, skim
from agentreach.parsers.terraform.json_syntax import parse_json_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 20_260
MATTER = ("aws_iam_", "aws_bedrock")

_ROLE = """resource "aws_iam_role" "{name}" {{
  count              = var.create ? 1 : 0
  name               = "${{var.prefix}}-{name}"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = {{ Service = "bedrock.amazonaws.com" }}
      Condition = {{ StringEquals = {{ "aws:SourceAccount" = data.aws_caller_identity.current.account_id }} }}
    }}]
  }})
  tags = merge(local.tags, {{ Name = "{name}" }}) # owner
}}

"""
_POLICY = """resource "aws_iam_role_policy" "{name}" {{
  role   = aws_iam_role.{name}[0].id
  policy = <<-EOT
    {{
      "Version": "2012-10-17",
      "Statement": [{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${{var.bucket}}/*"}}]
    }}
  EOT
}}

"""
_INSTANCE = """resource "aws_instance" "{name}" {{
  for_each      = {{ for key, value in var.instances : key => value if value.enabled }}
  ami           = data.aws_ami.ubuntu.id
  instance_type = each.value.type
  subnet_id     = element(module.vpc.private_subnets, each.value.index)

  dynamic "ebs_block_device" {{
    for_each = each.value.disks
    content {{
      device_name = ebs_block_device.value.name
      volume_size = ebs_block_device.value.size * 2
    }}
  }}

  lifecycle {{
    ignore_changes = [ami, tags["LastScan"]]
  }}
}}

"""
_VARIABLE = """variable "{name}" {{
  type = object({{
    name  = string
    size  = optional(number, 3)
    zones = list(string)
  }})
  description = "What {name} is, and why it is set here."
  default     = {{ name = "{name}", zones = ["a", "b", "c"] }}
}}

"""
_MODULE = """# {name}
module "{name}" {{
  source      = "../modules/{name}"
  name        = "${{local.prefix}}-{name}"
  subnet_ids  = module.vpc[*].private_subnet_ids
  description = "%{{ if var.live }}live%{{ else }}test%{{ endif }}"
  tags        = local.tags
}}

"""
_BLOCKS = (_ROLE, _POLICY, _INSTANCE, _VARIABLE, _MODULE)


def generated(megabytes: float) -> list[Source]:
    """Files of about 3 kB, as repositories have them."""
    chooser = random.Random(SEED)
    sources: list[Source] = []
    size = 0
    while size < megabytes * 1e6:
        number = len(sources)
        text = "".join(chooser.choice(_BLOCKS).format(name=f"n{number}_{index}") for index in range(7))
        sources.append(Source(f"main{number}.tf", text))
        size += len(text)
    return sources


def generated_json(megabytes: float) -> list[Source]:
    """The same kind of resources in JSON syntax."""
    role = {
        "name": "${var.prefix}-x",
        "assume_role_policy": '${jsonencode({"a" = local.b})}',
        "tags": {"a": "b", "c": 1},
    }
    text = json.dumps({"resource": {"aws_iam_role": {f"r{index}": role for index in range(20)}}}, indent=2)
    return [Source(f"main{index}.tf.json", text) for index in range(int(megabytes * 1e6 / len(text)) + 1)]


def found(paths: list[str]) -> Iterator[Source]:
    """Every `.tf` file below the paths."""
    for path in paths:
        for file in sorted(Path(path).rglob("*.tf")):
            yield Source(str(file), file.read_text(encoding="utf-8-sig", errors="replace"))


def skim_and_what_matters(source: Source) -> None:
    """What a scan does: parse a body only where its type matters."""
    for block in skim(source).blocks:
        if block.type in ("variable", "locals", "module") or (block.labels and block.labels[0].startswith(MATTER)):
            _ = block.body


def parse_json_whole(source: Source) -> None:
    """JSON syntax with every body."""
    for block in parse_json_file(source).blocks:
        _ = block.body


def measure(name: str, work: Callable[[Source], object], sources: list[Source], rounds: int) -> dict[str, object]:
    """The best round of reading all sources."""
    megabytes = sum(len(source.text.encode()) for source in sources) / 1e6
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        for source in sources:
            work(source)
        best = min(best, time.process_time() - begin)
    rate = megabytes / best
    print(f"{name:24} {len(sources):6} files {megabytes:7.1f} MB {best:7.2f} s {rate:7.1f} MB/s")
    return {"name": name, "files": len(sources), "megabytes": megabytes, "seconds": best, "megabytes_per_second": rate}


def main() -> None:
    """Measure and print; with --json, write the figures too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--megabytes", type=float, default=6.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    sources = list(found(arguments.paths)) if arguments.paths else generated(arguments.megabytes)
    results = [
        measure("skim", skim, sources, arguments.rounds),
        measure("skim and what matters", skim_and_what_matters, sources, arguments.rounds),
        measure("full parse", parse_file, sources, arguments.rounds),
        measure("JSON syntax", parse_json_whole, generated_json(arguments.megabytes / 3), arguments.rounds),
    ]
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
