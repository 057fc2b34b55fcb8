resource "aws_launch_template" "Nodes" { # at: Workload
  name = "nodes"
  iam_instance_profile {
    arn = "arn:aws:iam::111122223333:instance-profile/nodes" # at: IdentityUse
  }
  metadata_options {
    http_put_response_hop_limit = 2
  }
}
