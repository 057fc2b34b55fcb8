resource "aws_eks_node_group" "Nodes" { # at: Workload
  node_group_name = "nodes"
  cluster_name    = "c"
  node_role_arn   = "arn:aws:iam::111122223333:role/nodes" # at: IdentityUse
}

resource "aws_eks_pod_identity_association" "Pods" {
  cluster_name    = "c"
  namespace       = "agents"
  service_account = "ops" # at: Principal
  role_arn        = "arn:aws:iam::111122223333:role/ops" # at: IdentityUse
}
