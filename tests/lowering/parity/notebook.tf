resource "aws_sagemaker_notebook_instance" "Lab" { # at: Workload
  name                   = "lab"
  instance_type          = "ml.t3.medium"
  role_arn               = "arn:aws:iam::111122223333:role/lab" # at: IdentityUse
  direct_internet_access = "Disabled" # at: Setting
}
