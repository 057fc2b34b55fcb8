"""Checks about which systems an agent reaches."""
