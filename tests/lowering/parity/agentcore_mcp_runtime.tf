resource "aws_bedrockagentcore_agent_runtime" "Server" { # at: Agent
  agent_runtime_name = "server"
  role_arn           = "arn:aws:iam::111122223333:role/server"
  network_configuration {
    network_mode = "VPC"
    network_mode_config {
      security_groups = [aws_security_group.Open.id]
      subnets         = ["subnet-1"]
    }
  }
  protocol_configuration {
    server_protocol = "MCP"
  }
  authorizer_configuration { # at: Setting
    custom_jwt_authorizer {
      discovery_url = "https://issuer/.well-known/openid-configuration"
    }
  }
}

resource "aws_security_group" "Open" {
  egress { # at: Setting
    cidr_blocks = ["0.0.0.0/0"]
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
  }
}
