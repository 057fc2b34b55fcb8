resource "aws_iam_role" "Run" {
  name               = "run"
  assume_role_policy = "{}"
}

resource "aws_lambda_function" "Tool" { # at: Workload
  function_name = "tool"
  role          = aws_iam_role.Run.arn # at: IdentityUse
  package_type  = "Image"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/langgraph-api:latest" # at: Setting
  environment {
    variables = {
      OPENAI_API_KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz1234567890" # at: SecretUse
      TABLE          = "orders"
    }
  }
  tags = { purpose = "llm" }
}
