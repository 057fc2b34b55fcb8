# A service desk: one agent with a tool that changes orders, and a role that reads every secret.
provider "aws" {
  region = "eu-west-1"
}

variable "log_key" {
  type = string
}

resource "aws_bedrockagent_agent" "desk" {
  agent_name                  = "desk-prod"
  foundation_model            = "anthropic.claude-sonnet-4"
  agent_resource_role_arn     = aws_iam_role.desk.arn
  idle_session_ttl_in_seconds = 3600
  tags                        = { owner = "service-desk" }
}

resource "aws_iam_role" "desk" {
  name = "desk-prod"
  # agentreach: ignore[AR202] sessions end with the ticket, until 2027-01-31
  max_session_duration = 43200
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "bedrock.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "desk" {
  role = aws_iam_role.desk.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Model"
        Effect   = "Allow"
        Action   = "bedrock:InvokeModel"
        Resource = "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet-4"
      },
      {
        Sid      = "Secrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = "*"
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.log_key
      },
    ]
  })
}

resource "aws_bedrockagent_agent_action_group" "orders" {
  agent_id          = aws_bedrockagent_agent.desk.agent_id
  agent_version     = "DRAFT"
  action_group_name = "orders"
  action_group_executor {
    lambda = aws_lambda_function.orders.arn
  }
  function_schema {
    member_functions {
      functions {
        name        = "cancel_order"
        description = "Cancel an order."
      }
      functions {
        name        = "find_order"
        description = "Find an order."
      }
    }
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders-prod"
  role          = aws_iam_role.orders.arn
  handler       = "orders.handler"
  runtime       = "python3.12"
  filename      = "orders.zip"
  environment {
    variables = {
      LEDGER_TOKEN = "glpat-a9Fq3Zt7Lm2Xc8Vb5Nk1"
    }
  }
}

resource "aws_iam_role" "orders" {
  name               = "orders-prod"
  assume_role_policy = file("${path.module}/policies/lambda-trust.json")
}

resource "aws_iam_role_policy" "orders" {
  role   = aws_iam_role.orders.id
  policy = file("${path.module}/policies/orders.json")
}

resource "aws_secretsmanager_secret" "ledger" {
  name = "ledger-prod"
}

module "audit" {
  source  = "acme/audit/aws"
  version = "1.2.0"
}
