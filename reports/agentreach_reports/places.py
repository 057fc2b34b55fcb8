"""Paths as relative references of URIs."""

from __future__ import annotations

from urllib.parse import quote


def relative_uri(path: str) -> str:
    """A path whatever characters it holds, percent-encoded; a colon starts no scheme. Never empty."""
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    return quote(raw, safe="/") or "."
