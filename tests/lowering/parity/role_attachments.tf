resource "aws_iam_role" "Ops" {
  name                 = "ops"
  assume_role_policy   = "{}"
  permissions_boundary = "arn:aws:iam::111122223333:policy/edge" # at: Attachment
  managed_policy_arns = [
    "arn:aws:iam::aws:policy/AdministratorAccess", # at: Attachment
    aws_iam_policy.Extra.arn,                      # at: Attachment
  ]
}

resource "aws_iam_policy" "Extra" {
  name   = "extra"
  policy = jsonencode({ Version = "2012-10-17", Statement = [] }) # at: Policy
}
