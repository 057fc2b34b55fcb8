resource "aws_iam_user" "Bot" { # at: Principal
  name = "bot"
}

resource "aws_iam_access_key" "BotKey" { # at: Credential
  user = aws_iam_user.Bot.name
}

resource "aws_iam_user_policy" "Reach" {
  name   = "reach"
  user   = aws_iam_user.Bot.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
