resource "aws_bedrockagent_agent" "half" {
  agent_name = "half
}
