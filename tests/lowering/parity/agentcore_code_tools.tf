resource "aws_bedrockagentcore_browser" "Web" { # at: Agent
  name               = "web"
  execution_role_arn = "arn:aws:iam::111122223333:role/web" # at: IdentityUse
  network_configuration {
    network_mode = "PUBLIC" # at: Setting
  }
  recording {
    enabled = false # at: Setting
  }
}

resource "aws_bedrockagentcore_code_interpreter" "Code" { # at: Agent
  name               = "code"
  execution_role_arn = "arn:aws:iam::111122223333:role/code" # at: IdentityUse
  network_configuration {
    network_mode = "SANDBOX" # at: Setting
  }
}
