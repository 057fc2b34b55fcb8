resource "aws_iam_user" "Bot" {
  name = "bot"
}

resource "aws_iam_user_policy" "Write" {
  name = "write"
  user = aws_iam_user.Bot.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = "arn:aws:s3:::notes/*"
    }]
  })
}

resource "aws_iam_access_key" "Key" {
  user = aws_iam_user.Bot.name
}

resource "aws_secretsmanager_secret" "Openai" {
  name = "openai"
}

resource "aws_iam_role" "Task" {
  name = "task"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
  inline_policy {
    name = "call"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = "bedrock-agentcore:InvokeAgentRuntime"
        Resource = "*"
      }]
    })
  }
}

resource "aws_ecs_task_definition" "Flows" {
  family        = "n8n"
  task_role_arn = aws_iam_role.Task.arn
  container_definitions = jsonencode([{
    name  = "n8n"
    image = "n8nio/n8n:latest"
    environment = [{
      name  = "AWS_SECRET_ACCESS_KEY"
      value = aws_iam_access_key.Key.secret
    }]
    secrets = [{
      name      = "OPENAI_API_KEY"
      valueFrom = aws_secretsmanager_secret.Openai.arn
    }]
  }])
}
