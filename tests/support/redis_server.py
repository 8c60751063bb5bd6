"""A real Redis for tests: its own process, temporary directory and ephemeral loopback port."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

START_SECONDS = 10.0


class RedisServer:
    """Reachable at `url` (TCP) and `socket_url` (unix socket) between `start` and `stop` or `kill`.

    With `durable` a killed and restarted server has every write that it acknowledged.
    """

    def __init__(self, durable: bool = False) -> None:
        # Not below pytest's directory: a unix socket's path may be 107 bytes long at most.
        self._directory = Path(tempfile.mkdtemp(prefix="redis-"))
        self._durable = durable
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    @property
    def socket_url(self) -> str:
        return f"unix://{self._directory}/redis.sock"

    def start(self) -> None:
        """Start, again on the same port if there was one, and return when it answers."""
        assert self._process is None
        for _ in range(5):  # the free port may be taken by somebody else before Redis binds it
            self._port = self._port or _free_port()
            self._process = subprocess.Popen(self._command(), stdout=subprocess.DEVNULL)
            if self._wait_until_ready(self._process):
                return
            self._process = None
            self._port = 0
        raise RuntimeError("redis-server does not start")

    def command(self, *words: str | bytes | int) -> Any:
        """Give the server a command beside the code under test, and return the raw reply."""
        with redis.Redis.from_url(self.socket_url) as client:
            return client.execute_command(*words)

    def kill(self) -> None:
        """End it as a power cut would, without a chance to write anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Connections stay open and are not answered, until `thaw`."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        if self._process is not None:
            self.kill()
        shutil.rmtree(self._directory)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(timeout=10)
        self._process = None

    def _command(self) -> list[str]:
        options = {
            "bind": "127.0.0.1",
            "port": str(self._port),
            "unixsocket": str(self._directory / "redis.sock"),
            "dir": str(self._directory),
            "save": "",
            "appendonly": "yes" if self._durable else "no",
            "appendfsync": "always",
            "loglevel": "warning",
        }
        return ["redis-server", *(word for name, value in options.items() for word in (f"--{name}", value))]

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self._port), timeout=1) as probe:
                    probe.sendall(b"PING\r\n")
                    if probe.recv(16).startswith(b"+PONG"):
                        return True
            except OSError:
                pass
            time.sleep(0.02)  # a poll with a deadline: Redis tells nobody that it is ready
        process.kill()
        process.wait()
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One server for the whole run. Tests keep apart by key prefixes and leave it running."""
    server = RedisServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A durable server that a test may kill, freeze and restart."""
    server = RedisServer(durable=True)
    server.start()
    yield server
    server.remove()
