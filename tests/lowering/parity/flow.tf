resource "aws_bedrockagent_flow" "Triage" { # at: Agent
  name               = "triage"
  execution_role_arn = "arn:aws:iam::111122223333:role/triage" # at: IdentityUse
  definition {
    node {
      name = "call"
      type = "LambdaFunction"
      configuration {
        lambda_function {
          lambda_arn = "arn:aws:lambda:eu-west-1:111122223333:function:triage" # at: Tool
        }
      }
    }
    node {
      name = "ask"
      type = "Prompt"
      configuration {
        prompt { # at: Setting
          source_configuration {}
        }
      }
    }
  }
}
