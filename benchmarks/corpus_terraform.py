"""Write a repository of Terraform roots that looks like a platform team's, always the same for the same seed.

    python benchmarks/corpus_terraform.py DIRECTORY [--files 4000] [--roots 50] [--seed 7]

About 3 kB a file; agents in one file of twenty. Every root calls modules of its own and shared ones.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORDS = [
    "billing",
    "orders",
    "search",
    "catalog",
    "ledger",
    "export",
    "media",
    "notify",
    "audit",
    "pricing",
    "stock",
    "review",
    "mailer",
    "ingest",
    "fraud",
    "report",
    "profile",
    "session",
    "gateway",
    "events",
]
REGIONS = ("eu-central-1", "eu-west-1", "us-east-1")


def network(name: str, n: int, _: random.Random) -> str:
    return f"""
# Network of the {name} domain. Subnets are numbered from the account's block.
resource "aws_vpc" "{name}_{n}" {{
  cidr_block           = cidrsubnet(var.cidr, 4, {n % 16})
  enable_dns_hostnames = true
  tags                 = merge(local.tags, {{ Name = "${{local.prefix}}-{name}-{n}" }})
}}

resource "aws_subnet" "{name}_{n}" {{
  for_each          = toset(["a", "b", "c"])
  vpc_id            = aws_vpc.{name}_{n}.id
  cidr_block        = cidrsubnet(aws_vpc.{name}_{n}.cidr_block, 4, index(["a", "b", "c"], each.key))
  availability_zone = "${{var.region}}${{each.key}}"
  tags              = merge(local.tags, {{ Name = "${{local.prefix}}-{name}-{n}-${{each.key}}", Tier = "private" }})
}}

resource "aws_security_group" "{name}_{n}" {{
  name        = "${{local.prefix}}-{name}-{n}"
  description = "Traffic of {name}"
  vpc_id      = aws_vpc.{name}_{n}.id

  ingress {{
    description = "https from inside"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.{name}_{n}.cidr_block]
  }}

  dynamic "ingress" {{
    for_each = var.extra_ports
    content {{
      description = "extra port ${{ingress.key}}"
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }}
  }}

  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}

  tags = local.tags
}}
"""


def queue(name: str, n: int, _: random.Random) -> str:
    return f"""
resource "aws_sqs_queue" "{name}_{n}" {{
  name                       = "${{local.prefix}}-{name}-{n}"
  message_retention_seconds  = 345600
  visibility_timeout_seconds = 120
  kms_master_key_id          = "alias/${{local.prefix}}"
  redrive_policy = jsonencode({{
    deadLetterTargetArn = aws_sqs_queue.{name}_{n}_dead.arn
    maxReceiveCount     = 5
  }})
  tags = local.tags
}}

resource "aws_sqs_queue" "{name}_{n}_dead" {{
  name                      = "${{local.prefix}}-{name}-{n}-dead"
  message_retention_seconds = 1209600
  tags                      = local.tags
}}

resource "aws_cloudwatch_metric_alarm" "{name}_{n}_dead" {{
  alarm_name          = "${{local.prefix}}-{name}-{n}-dead-letters"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "ApproximateNumberOfMessagesVisible"
  namespace           = "AWS/SQS"
  period              = 300
  statistic           = "Maximum"
  threshold           = 0
  dimensions          = {{ QueueName = aws_sqs_queue.{name}_{n}_dead.name }}
  alarm_description   = <<-EOT
    Messages of {name} could not be processed.
      Runbook: https://runbooks.example.com/{name}/{n}
  EOT
  tags                = local.tags
}}
"""


def service(name: str, n: int, chance: random.Random) -> str:
    bucket = chance.choice(WORDS)
    return f"""
data "aws_iam_policy_document" "{name}_{n}_trust" {{
  statement {{
    actions = ["sts:AssumeRole"]
    principals {{
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }}
  }}
}}

data "aws_iam_policy_document" "{name}_{n}" {{
  statement {{
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::${{local.prefix}}-{bucket}", "arn:aws:s3:::${{local.prefix}}-{bucket}/*"]
  }}
  statement {{
    sid       = "Queue"
    actions   = ["sqs:SendMessage", "sqs:ReceiveMessage"]
    resources = ["arn:aws:sqs:${{var.region}}:${{data.aws_caller_identity.current.account_id}}:${{local.prefix}}-*"]
  }}
}}

resource "aws_iam_role" "{name}_{n}" {{
  name               = "${{local.prefix}}-{name}-{n}"
  assume_role_policy = data.aws_iam_policy_document.{name}_{n}_trust.json
  tags               = local.tags
}}

resource "aws_iam_role_policy" "{name}_{n}" {{
  role   = aws_iam_role.{name}_{n}.id
  policy = data.aws_iam_policy_document.{name}_{n}.json
}}

resource "aws_lambda_function" "{name}_{n}" {{
  function_name = "${{local.prefix}}-{name}-{n}"
  role          = aws_iam_role.{name}_{n}.arn
  handler       = "main.handler"
  runtime       = "python3.12"
  filename      = "${{path.module}}/build/{name}.zip"
  timeout       = {chance.randrange(10, 300)}

  environment {{
    variables = {{
      STAGE  = var.stage
      QUEUE  = "${{local.prefix}}-{name}"
      BUCKET = format("%s-%s", local.prefix, "{bucket}")
    }}
  }}

  tags = local.tags
}}
"""


def table(name: str, n: int, chance: random.Random) -> str:
    return f"""
resource "aws_dynamodb_table" "{name}_{n}" {{
  name         = "${{local.prefix}}-{name}-{n}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  range_key    = "sk"

  attribute {{
    name = "pk"
    type = "S"
  }}

  attribute {{
    name = "sk"
    type = "S"
  }}

  point_in_time_recovery {{
    enabled = var.stage == "prod" ? true : false
  }}

  ttl {{
    attribute_name = "expires"
    enabled        = true
  }}

  tags = local.tags
}}

resource "aws_s3_bucket" "{name}_{n}" {{
  bucket = "${{local.prefix}}-{name}-{n}-{chance.randrange(1000)}"
  tags   = local.tags
}}

resource "aws_s3_bucket_lifecycle_configuration" "{name}_{n}" {{
  bucket = aws_s3_bucket.{name}_{n}.id

  rule {{
    id     = "expire"
    status = "Enabled"
    expiration {{
      days = {chance.randrange(30, 400)}
    }}
  }}
}}
"""


def agent(name: str, n: int, chance: random.Random) -> str:
    return f"""
resource "aws_iam_role" "{name}_{n}_agent" {{
  name = "${{local.prefix}}-{name}-{n}-agent"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "bedrock.amazonaws.com" }}
      Condition = {{ StringEquals = {{ "aws:SourceAccount" = data.aws_caller_identity.current.account_id }} }}
    }}]
  }})
}}

resource "aws_iam_role_policy" "{name}_{n}_agent" {{
  role = aws_iam_role.{name}_{n}_agent.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect   = "Allow"
        Action   = ["bedrock:InvokeModel"]
        Resource = "arn:aws:bedrock:${{var.region}}::foundation-model/*"
      }},
      {{
        Effect   = "Allow"
        Action   = {chance.choice(['["secretsmanager:GetSecretValue"]', '["dynamodb:*"]', '["s3:GetObject"]'])}
        Resource = "*"
      }},
    ]
  }})
}}

resource "aws_bedrockagent_agent" "{name}_{n}" {{
  agent_name              = "${{local.prefix}}-{name}-{n}"
  agent_resource_role_arn = aws_iam_role.{name}_{n}_agent.arn
  foundation_model        = "anthropic.claude-3-5-sonnet-20241022-v2:0"
  idle_session_ttl_in_seconds = {chance.choice((600, 1800, 3600))}
  instruction             = <<-EOT
    You help the {name} team. Answer from the documents only,
    and ask before anything is changed.
  EOT
}}
"""


MODULE = """
variable "name" {
  type = string
}

variable "statements" {
  type = list(object({
    actions   = list(string)
    resources = optional(list(string), ["*"])
  }))
  default = []
}

variable "tags" {
  type    = map(string)
  default = {}
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "access" {
  dynamic "statement" {
    for_each = var.statements
    content {
      sid       = "S${statement.key}"
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags               = var.tags
}

resource "aws_iam_role_policy" "this" {
  count  = length(var.statements) > 0 ? 1 : 0
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.access.json
}

output "role_arn" {
  value = aws_iam_role.this.arn
}

output "role_name" {
  value = aws_iam_role.this.name
}
"""

KINDS: tuple[Callable[[str, int, random.Random], str], ...] = (network, queue, service, table, queue, table, network)


def root_files(root: int, stage: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    region = chance.choice(REGIONS)
    yield (
        "variables.tf",
        f"""variable "stage" {{
  type    = string
  default = "{stage}"
}}

variable "region" {{
  type    = string
  default = "{region}"
}}

variable "cidr" {{
  type    = string
  default = "10.{root}.0.0/16"
}}

variable "extra_ports" {{
  type    = map(number)
  default = {{ metrics = 9090, admin = 8443 }}
}}

data "aws_caller_identity" "current" {{}}
""",
    )
    yield (
        "locals.tf",
        f"""locals {{
  prefix = "${{var.stage}}-root{root}"
  tags = {{
    Owner = "team-{root}"
    Stage = var.stage
    Code  = "terraform"
  }}
}}

provider "aws" {{
  region = var.region
  default_tags {{
    tags = {{ ManagedBy = "terraform" }}
  }}
}}
""",
    )
    roles = "".join(
        f"""
module "{name}_role" {{
  source = "../../modules/role"
  name   = "${{local.prefix}}-{name}"
  tags   = local.tags
  statements = [
    {{ actions = ["s3:GetObject"], resources = ["arn:aws:s3:::${{local.prefix}}-{name}/*"] }},
    {{ actions = ["logs:PutLogEvents"] }},
  ]
}}
"""
        for name in chance.sample(WORDS, 5)
    )
    yield "roles.tf", roles


def write(directory: Path, *, files: int = 4000, roots: int = 50, seed: int = 7) -> int:
    """Write the repository; returns the bytes written."""
    chance = random.Random(seed)
    put(directory / "modules" / "role" / "main.tf", MODULE)
    size = len(MODULE)
    per_root = max(4, files // roots)
    for root in range(roots):
        stage = ("dev", "staging", "prod")[root % 3]
        where = directory / "envs" / f"root{root:03d}"
        for name, text in root_files(root, stage, chance):
            size += put(where / name, text)
        for n in range(per_root - 3):
            size += put(where / f"part{n:03d}.tf", part(n, chance))
    return size


def part(n: int, chance: random.Random) -> str:
    """One file: three stacks of resources, in one of twenty an agent."""
    names = chance.sample(WORDS, 3)
    stacks = [chance.choice(KINDS)(name, n, chance) for name in names]
    if n % 20 == 7:  # noqa: PLR2004 -- one file of twenty
        stacks.append(agent(chance.choice(names), n, chance))
    return "".join(stacks)


def put(path: Path, text: str) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return len(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--files", type=int, default=4000)
    parser.add_argument("--roots", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    began = time.perf_counter()
    size = write(options.directory, files=options.files, roots=options.roots, seed=options.seed)
    print(f"{size / 1e6:.1f} MB in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
