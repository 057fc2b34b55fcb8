resource "aws_iam_role" "Agent" {
  name = "ops-agent"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "bedrock.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role" "Tool" {
  name                 = "ops-tool"
  max_session_duration = 43200
  permissions_boundary = aws_iam_policy.Limit.arn
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
  inline_policy {
    name = "orders"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        {
          Effect   = "Allow"
          Action   = ["dynamodb:GetItem", "dynamodb:DeleteItem"]
          Resource = aws_dynamodb_table.Orders.arn
        },
        {
          Effect   = "Allow"
          Action   = "secretsmanager:GetSecretValue"
          Resource = "*"
        },
        {
          Effect   = "Deny"
          Action   = "dynamodb:DeleteItem"
          Resource = "*"
          Condition = {
            Bool = { "aws:MultiFactorAuthPresent" = "false" }
          }
        },
      ]
    })
  }
}

resource "aws_iam_policy" "Limit" {
  name = "limit"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:*", "secretsmanager:*"]
      Resource = "*"
    }]
  })
}

resource "aws_dynamodb_table" "Orders" {
  name         = "orders-prod"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  attribute {
    name = "pk"
    type = "S"
  }
}

resource "aws_lambda_function" "Code" {
  function_name = "orders-tool"
  role          = aws_iam_role.Tool.arn
  handler       = "app.handler"
  runtime       = "python3.12"
  s3_bucket     = "code"
  s3_key        = "orders.zip"
  environment {
    variables = {
      STAGE = "prod"
    }
  }
}

resource "aws_bedrockagent_agent" "Ops" { # at: Agent
  agent_name                  = "ops"
  agent_resource_role_arn     = aws_iam_role.Agent.arn
  foundation_model            = "m"
  idle_session_ttl_in_seconds = 3600
}

resource "aws_bedrockagent_agent_action_group" "orders" {
  action_group_name = "orders"
  agent_id          = aws_bedrockagent_agent.Ops.agent_id
  agent_version     = "DRAFT"
  action_group_executor {
    lambda = aws_lambda_function.Code.arn
  }
  api_schema {
    payload = jsonencode({
      openapi = "3.0.0"
      paths = {
        "/orders/{id}" = {
          delete = { operationId = "deleteOrder" }
          get    = { operationId = "getOrder" }
        }
      }
    })
  }
}
