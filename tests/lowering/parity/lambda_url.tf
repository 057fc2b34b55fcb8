resource "aws_lambda_function" "Tool" {
  function_name = "tool"
  role          = "arn:aws:iam::111122223333:role/run"
}

resource "aws_lambda_function_url" "Open" {
  function_name      = aws_lambda_function.Tool.arn
  authorization_type = "NONE" # at: Setting
}
