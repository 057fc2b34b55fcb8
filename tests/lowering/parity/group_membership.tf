resource "aws_iam_user" "Bot" {
  name = "bot"
}

resource "aws_iam_group" "Operators" { # at: Principal
  name = "operators"
}

resource "aws_iam_group_membership" "Join" {
  name  = "join"
  group = aws_iam_group.Operators.name
  users = [aws_iam_user.Bot.name]
}
