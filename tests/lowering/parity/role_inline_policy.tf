resource "aws_iam_role" "Ops" {
  name               = "ops"
  assume_role_policy = "{}"
  inline_policy {
    name = "reach"
    policy = jsonencode({ # at: Policy
      Version = "2012-10-17"
      Statement = [{
        Sid      = "Secrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue", "kms:Decrypt"]
        Resource = "*"
        Condition = { StringEquals = { "aws:RequestedRegion" = "eu-west-1" } }
      }]
    })
  }
}
