"""Checks about gates that are not declared."""
