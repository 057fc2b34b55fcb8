resource "aws_bedrockagent_agent" "ops" {
  idle_session_ttl_in_seconds = 5400
  agent_name              = "ops"
  foundation_model        = "anthropic.claude-sonnet-4-20250514-v1:0"
  agent_resource_role_arn = aws_iam_role.ops.arn
}

resource "aws_iam_role" "ops" {
  name = "ops"
  max_session_duration = 43200 # half a day
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "bedrock.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

resource "aws_iam_role_policy" "ops" {
  role = aws_iam_role.ops.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "dynamodb:PutItem"
      Resource = "arn:aws:dynamodb:eu-west-1:111122223333:table/tickets"
    }]
  })
}
