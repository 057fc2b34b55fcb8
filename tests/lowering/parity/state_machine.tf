resource "aws_sfn_state_machine" "Flow" { # at: Workload
  name     = "flow"
  role_arn = "arn:aws:iam::111122223333:role/flow" # at: IdentityUse
  definition = jsonencode({
    StartAt = "AskApproval"
    States = {
      AskApproval = { # at: Gate
        Type     = "Task"
        Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        Next     = "Run"
      }
      Run = { # at: Signal
        Type       = "Task"
        Resource   = "arn:aws:states:::aws-sdk:bedrockagentruntime:invokeAgent"
        Parameters = { AgentId = "AGENT1" }
        End        = true
      }
    }
  })
}
