resource "aws_iam_openid_connect_provider" "Cluster" { # at: Principal
  url            = "https://oidc.eks.eu-west-1.amazonaws.com/id/AB12"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "Tools" {
  name = "tools"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB12" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "oidc.eks.eu-west-1.amazonaws.com/id/AB12:sub" = "system:serviceaccount:agents:ops-tools"
        }
      }
    }]
  })
}
