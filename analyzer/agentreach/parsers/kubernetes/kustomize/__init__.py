"""Kustomize, in process: everything that needs no plugin and no network.

Held to the answers of kustomize 5.8 (tests/parsers/kubernetes/overlays). Values keep the place where
they were written through every step: a patched value is the patch's, a namespace the overlay's.
"""
