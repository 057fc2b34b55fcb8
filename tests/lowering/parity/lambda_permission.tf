resource "aws_lambda_function" "Tool" {
  function_name = "tool"
  role          = "arn:aws:iam::111122223333:role/run"
}

resource "aws_lambda_permission" "Bedrock" { # at: Policy
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.Tool.arn
  principal      = "bedrock.amazonaws.com"
  source_account = "111122223333"
}

resource "aws_lambda_permission" "Anyone" { # at: Policy
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.Tool.arn
  principal     = "*"
}
