resource "aws_db_instance" "Orders" { # at: System
  identifier     = "orders"
  instance_class = "db.t3.micro"
  password       = "correct-horse-battery-staple-1" # at: Credential
}

resource "aws_ecr_repository" "Images" { # at: System
  name                 = "images"
  image_tag_mutability = "IMMUTABLE"
}
