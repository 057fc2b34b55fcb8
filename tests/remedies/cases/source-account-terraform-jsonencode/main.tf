resource "aws_bedrockagent_agent" "ops" {
  agent_name              = "ops"
  foundation_model        = "anthropic.claude-sonnet-4-20250514-v1:0"
  agent_resource_role_arn = aws_iam_role.ops.arn
}

resource "aws_iam_role" "ops" {
  name = "ops"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow" # agents only
        Action    = "sts:AssumeRole",
        Principal = { Service = "bedrock.amazonaws.com" }, // the service
      },
    ]
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
