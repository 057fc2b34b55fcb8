"""A store in a bucket, on a server that speaks S3 on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agentreach.errors import UsageError
from agentreach.fleet.query import ask
from agentreach.fleet.repositories import repositories
from agentreach.fleet.run import Settings, scan_fleet
from agentreach.fleet.store import Store
from agentreach.fleet.views import VIEWS
from fleet.organization import BUCKET, commit, organization

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

s3fs = pytest.importorskip("s3fs", reason='needs s3fs: pip install "agentreach[fleet,fleet-s3]"')
server = pytest.importorskip("moto.server", reason='needs moto: pip install "moto[server]"')

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),  # of the server and of the client
]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a server of its own, and an environment in which clients find it."""
    serving = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    serving.start()
    host, port = serving.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    s3fs.S3FileSystem.clear_instance_cache()
    name = f"acme-{port}"
    s3fs.S3FileSystem().mkdir(name)
    yield name
    s3fs.S3FileSystem.clear_instance_cache()
    serving.stop()


def everything(location: str) -> dict[str, list[tuple[Any, ...]]]:
    store = Store(location)
    return {view: ask(store, f"select * from {view} order by all").rows for view in VIEWS}


def test_a_store_in_a_bucket_holds_what_one_in_a_folder_holds(bucket: str, tmp_path: Path) -> None:
    organization(tmp_path / "org")
    found = repositories([tmp_path / "org"])
    location = f"s3://{bucket}/fleet"
    scan_fleet(found, str(tmp_path / "store"), Settings(jobs=1))
    assert scan_fleet(found, location, Settings(jobs=2)).states == {"scanned": 4}
    assert everything(location) == everything(str(tmp_path / "store"))
    commit(tmp_path / "org" / "logs", {"main.tf": BUCKET * 2})
    assert scan_fleet(found, location, Settings(jobs=2)).states == {"scanned": 1, "unchanged": 3}
    assert len(Store(location).generations()) == 2
    assert not [path for path in s3fs.S3FileSystem().find(bucket) if path.endswith(".partial")]


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    organization(tmp_path / "org", {"logs": BUCKET})
    with pytest.raises(UsageError, match="cannot make a store in s3://acne/fleet: there is no such bucket"):
        scan_fleet(repositories([tmp_path / "org"]), "s3://acne/fleet", Settings(jobs=1))
    assert "acne" not in s3fs.S3FileSystem().ls("")
    with pytest.raises(UsageError, match="s3://acne/fleet holds no results"):
        Store("s3://acne/fleet").require()
