"""The folder that `checkov --external-checks-dir` loads; its loader only reads folders that are packages."""
