resource "aws_lambda_function" "Tool" {
  function_name = "tool"
  role          = "arn:aws:iam::111122223333:role/run"
}

resource "aws_cloudwatch_log_group" "ToolLogs" { # at: System
  name              = "/aws/lambda/tool"
  retention_in_days = 7 # at: Setting
}
