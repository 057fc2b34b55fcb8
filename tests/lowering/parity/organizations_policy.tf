resource "aws_organizations_policy" "Edge" {
  name    = "edge"
  type    = "SERVICE_CONTROL_POLICY"
  content = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "iam:*", Resource = "*" }] }) # at: Policy
}

resource "aws_organizations_policy_attachment" "Edge" {
  policy_id = aws_organizations_policy.Edge.id
  target_id = "111122223333" # at: Attachment
}
