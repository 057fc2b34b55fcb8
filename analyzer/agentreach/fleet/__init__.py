"""Many repositories, one graph: scan each once, keep its facts, join what the names in them connect.

repositories ─ repository_scan (a process pool, or Dask) ─► store of facts (Parquet)
    ─ links (DuckDB) ─► groups of repositories ─ joined (the same pool) ─► views ─► query, review, report

A repository's result depends on its commit, on those of the modules it calls in other repositories, on what the
organization says for all of them, and on the version of this tool; where these are the same it is not scanned again.
What two repositories say of each other is decided when they are joined, by the same graph that a single scan builds.
"""

from __future__ import annotations
