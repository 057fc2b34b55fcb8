resource "aws_iam_role" "Runtime" {
  name                = "research"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "bedrock-agentcore.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}

resource "aws_iam_role_policy" "Deploy" {
  name = "deploy"
  role = aws_iam_role.Runtime.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = aws_iam_role.Admin.arn
    }]
  })
}

resource "aws_iam_role" "Admin" {
  name                = "admin"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.Runtime.arn }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_bedrockagentcore_agent_runtime" "Research" { # at: Agent
  agent_runtime_name = "research"
  role_arn           = aws_iam_role.Runtime.arn
  agent_runtime_artifact {
    container_configuration {
      container_uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/research:latest"
    }
  }
  network_configuration {
    network_mode = "PUBLIC"
  }
}
