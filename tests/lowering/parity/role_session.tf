resource "aws_iam_role" "Ops" { # at: Principal
  name                 = "ops"
  max_session_duration = 43200 # at: Credential
  assume_role_policy = jsonencode({ # at: Policy
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "bedrock.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
  tags = { team = "platform" }
}
