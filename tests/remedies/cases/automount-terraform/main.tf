resource "kubernetes_deployment_v1" "ops" {
  metadata {
    name      = "ops"
    namespace = "agents"
  }
  spec {
    selector {
      match_labels = { app = "ops" }
    }
    template {
      metadata {
        labels = { app = "ops" }
      }
      spec {
        service_account_name = "ops"
        container {
          name  = "ops"
          image = "n8nio/n8n:1.80.0"
        }
      }
    }
  }
}

resource "kubernetes_service_account_v1" "ops" {
  metadata {
    name      = "ops"
    namespace = "agents"
  }
}
