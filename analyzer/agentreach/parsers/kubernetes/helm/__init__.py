"""Helm charts, rendered by the helm that is on PATH, with every value traced back to its template."""
