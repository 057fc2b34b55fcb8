resource "aws_secretsmanager_secret" "Db" { # at: Credential
  name = "db"
}

resource "aws_secretsmanager_secret_policy" "DbPolicy" {
  secret_arn = aws_secretsmanager_secret.Db.arn
  policy     = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "444455556666" }, Action = "secretsmanager:GetSecretValue", Resource = "*" }] }) # at: Policy
}
