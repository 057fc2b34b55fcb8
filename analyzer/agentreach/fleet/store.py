"""Where a fleet's results are: one Parquet file of facts for each repository, and generations of joined views.

    results/<digest of the name>.parquet     facts, findings and skips of one repository at one commit
    views/<generation>/<view>.parquet        what the join made of them, one file for each view
    views/CURRENT                            the generations, newest first, one a line

Every file is written whole under another name and then renamed, so that a killed run, a full disk or a second run at
the same time leaves a file as it was or as it should be. The store may lie on any file system that fsspec knows.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from agentreach.errors import UsageError
from agentreach.fleet.extra import library
from agentreach.fleet.rows import MODULE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_RESULTS: Final = "results"
_VIEWS: Final = "views"
_CURRENT: Final = "views/CURRENT"
_BUCKETS: Final = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl"})
"""File systems without folders, where making one would make a bucket."""
_KEPT: Final = 5
"""Generations of views that stay, for comparison."""


class Store:
    """The files of a store, by what they mean. `location` is a path or a URL such as `s3://bucket/fleet`."""

    def __init__(self, location: str) -> None:
        self.location = location
        try:
            self._system, self._root = library("fsspec.core").url_to_fs(location)
        except (ImportError, ValueError) as error:
            raise UsageError(f"cannot use the store {location}: {error}") from error

    def create(self) -> None:
        """Make the store where there is none. Raises UsageError where that is not possible."""
        try:
            trouble = self._created()
        except Exception as error:  # whatever a library of one kind of storage raises
            raise UsageError(f"cannot make a store in {self.location}: {error}") from error
        if trouble:
            raise UsageError(f"cannot make a store in {self.location}: {trouble}")

    def _created(self) -> str:
        protocols = self._system.protocol
        if not _BUCKETS.isdisjoint([protocols] if isinstance(protocols, str) else protocols):
            return "" if self._system.exists(self._root.partition("/")[0]) else "there is no such bucket"
        for folder in (_RESULTS, _VIEWS):
            self._system.makedirs(self._path(folder), exist_ok=True)
        return ""

    def require(self) -> None:
        """Raise UsageError where nothing has been joined yet, or nothing can be read."""
        try:
            found = self.generations()
        except Exception as error:  # whatever a library of one kind of storage raises
            raise UsageError(f"cannot read the store {self.location}: {error}") from error
        if not found:
            raise UsageError(
                f"{self.location} holds no results; run: agentreach fleet scan PATH --store {self.location}"
            )

    def header(self, repository: str) -> dict[str, str]:
        """What the result of a repository says of itself; empty where there is none, or none that can be read."""
        path = self._result(repository)
        arrow = library("pyarrow")
        try:
            with self._system.open(path, "rb") as file:
                schema = library("pyarrow.parquet").read_schema(file)
        except (OSError, arrow.ArrowException):
            return {}
        return {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}

    def keep(self, repository: str, table: Any) -> None:  # noqa: ANN401 - a pyarrow table
        """Write a repository's result in the place of an earlier one."""
        self._write(self._result(repository), table)

    def results(self, repositories: Sequence[str]) -> Any:  # noqa: ANN401 - a pyarrow dataset
        """The results of these repositories as one dataset."""
        paths = [self._result(name) for name in repositories]
        return library("pyarrow.dataset").dataset(paths, filesystem=self._system, format="parquet")

    def headers(self, results: Any) -> dict[str, dict[str, str]]:  # noqa: ANN401 - a pyarrow dataset
        """What each result of a dataset says of itself, by repository."""
        found = (fragment.physical_schema.metadata for fragment in results.get_fragments())
        told = ({key.decode(): value.decode() for key, value in one.items()} for one in found)
        return {one["repository"]: one for one in told}

    def result(self, repository: str, columns: Sequence[str], kinds: Sequence[str] | None = None) -> Any:  # noqa: ANN401
        """Columns of one repository's result, of all rows or of those of some kinds."""
        filters = None if kinds is None else [("kind", "in", list(kinds))]
        with self._system.open(self._result(repository), "rb") as file:
            return library("pyarrow.parquet").read_table(file, columns=list(columns), filters=filters)

    def sources(self, repository: str) -> tuple[str, ...]:
        """The sources of modules that a repository's own files do not hold."""
        return tuple(self.result(repository, ["body"], [MODULE])["body"].to_pylist())

    def publish(self, views: Mapping[str, Any]) -> str:
        """Write a generation of views, make it the current one, and drop the oldest.

        Raises UsageError where it cannot be written; the generations before stay as they were.
        """
        generation = uuid4().hex
        folder = self._path(f"{_VIEWS}/{generation}")
        try:
            self._system.makedirs(folder, exist_ok=True)
            for name, table in views.items():
                self._write(f"{folder}/{name}.parquet", table)
            kept = [generation, *self.generations()]
            self._replace(self._path(_CURRENT), "\n".join(kept[:_KEPT]).encode())
        except OSError as error:
            self._drop(folder)
            raise UsageError(
                f"cannot write to the store {self.location}: {error}; what was scanned is kept, run it again"
            ) from error
        for old in kept[_KEPT:]:
            self._drop(self._path(f"{_VIEWS}/{old}"))
        return generation

    def _drop(self, folder: str) -> None:
        """Remove a generation, which another run at the same time may have done."""
        if self._system.exists(folder):
            self._system.rm(folder, recursive=True)

    def generations(self) -> tuple[str, ...]:
        """Generations of views, the current one first."""
        try:
            return tuple(self._system.cat_file(self._path(_CURRENT)).decode().split())
        except OSError:
            return ()

    def views(self, generation: str) -> Iterator[tuple[str, Any]]:
        """The views of a generation as tables, by name."""
        for path in sorted(self._system.ls(self._path(f"{_VIEWS}/{generation}"), detail=False)):
            if path.endswith(".parquet"):
                with self._system.open(path, "rb") as file:
                    table = library("pyarrow.parquet").read_table(file)
                yield path.rpartition("/")[2].removesuffix(".parquet"), table

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _result(self, repository: str) -> str:
        digest = hashlib.sha256(repository.encode()).hexdigest()[:32]
        return self._path(f"{_RESULTS}/{digest}.parquet")

    def _write(self, path: str, table: Any) -> None:  # noqa: ANN401 - a pyarrow table
        sink = library("pyarrow").BufferOutputStream()
        library("pyarrow.parquet").write_table(table, sink, compression="zstd")
        self._replace(path, sink.getvalue().to_pybytes())

    def _replace(self, path: str, content: bytes) -> None:
        partial = f"{path}.{uuid4().hex}.partial"
        try:
            self._system.pipe_file(partial, content)
            self._system.mv(partial, path)
        except OSError:
            if self._system.exists(partial):
                self._system.rm_file(partial)
            raise
