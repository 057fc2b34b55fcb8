resource "aws_iam_role" "Ops" {
  name               = "ops"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "Reach" {
  name = "reach"
  role = aws_iam_role.Ops.name
  policy = <<-EOT
    { "Version": "2012-10-17",
      "Statement": [
        { "Effect": "Allow", "Action": "dynamodb:*", "Resource": "${aws_dynamodb_table.Orders.arn}/index/*" },
        { "Effect": "Deny", "NotAction": "dynamodb:Query", "NotResource": ["*"] }
      ] }
  EOT
}

resource "aws_dynamodb_table" "Orders" { # at: System
  name = "orders"
}
