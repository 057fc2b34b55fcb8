"""Checks about who answers for an agent, and what is recorded."""
