"""Checks about which identities an agent inherits."""
