"""Checks about the analysis itself."""
