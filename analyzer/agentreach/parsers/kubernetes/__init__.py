"""Manifests, Kustomize overlays and Helm charts as resources."""
