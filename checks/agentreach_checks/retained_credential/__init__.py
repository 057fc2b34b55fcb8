"""Checks about which credentials an agent retains."""
