"""A real S3-compatible object storage for tests: SeaweedFS, in its own process, folder and loopback ports."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import BaseError
from obstore.store import S3Store

PROGRAM = Path(sys.executable).parent / "weed"
START_SECONDS = 60.0
BUCKET = "rooms"
_PARTS = ("master", "volume", "filer", "s3")


class S3Server:
    """Reachable with the environment `variables` between `start` and `remove`; it has one empty bucket."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="s3-"))
        self._ports: list[int] = []
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For the setting `files_url`."""
        return f"s3://{BUCKET}/event"

    @property
    def variables(self) -> dict[str, str]:
        """What an operator sets for a storage that isn't Amazon's."""
        return {
            "AWS_ENDPOINT": f"http://127.0.0.1:{self._ports[-2]}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "a-key",
            "AWS_SECRET_ACCESS_KEY": "a-secret",
        }

    def start(self) -> None:
        """Start, and return when a file can be put."""
        for _ in range(3):  # a free port may be taken by somebody else before the server binds it
            self._ports = _free_ports(2 * len(_PARTS))
            with (self._folder / "log").open("wb") as log:
                self._process = subprocess.Popen(self._command(), stdout=log, stderr=subprocess.STDOUT)
            if self._wait_until_ready(self._process):
                return
            self.stop()
        raise RuntimeError(f"weed does not start:\n{(self._folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """End it at once; requests fail from now on."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def store(self) -> S3Store:
        """The bucket, beside the code under test."""
        given = self.variables
        return S3Store(
            BUCKET,
            endpoint=given["AWS_ENDPOINT"],
            region=given["AWS_REGION"],
            access_key_id=given["AWS_ACCESS_KEY_ID"],
            secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )

    def _command(self) -> list[str]:
        keys = self._folder / "keys.json"
        who = {
            "name": "tests",
            "credentials": [{"accessKey": "a-key", "secretKey": "a-secret"}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        keys.write_text(json.dumps({"identities": [who]}))
        data = self._folder / "data"
        data.mkdir(exist_ok=True)
        ports = iter(self._ports)
        numbers = [f"-{part}.port{kind}={next(ports)}" for part in _PARTS for kind in ("", ".grpc")]
        return [
            *(str(PROGRAM), "-logtostderr=true", "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            *numbers,
            *("-filer", "-s3", f"-s3.config={keys}", "-s3.iam=false", "-master.volumeSizeLimitMB=64", "-volume.max=20"),
        ]

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self._ports[-2]), timeout=1):
                    pass
                obstore.put(self.store(), "ready", b"ready")
                obstore.delete(self.store(), "ready")
                return True
            except (OSError, BaseError):
                time.sleep(0.1)  # a poll with a deadline: the server tells nobody that it is ready
        return False


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """One server for the whole run. Tests use names of their own and leave it running."""
    server = S3Server()
    try:
        server.start()
        yield server
    finally:
        server.remove()
