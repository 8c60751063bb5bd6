"""A real `roomserver serve` process on a loopback port, as an operator would run it.

`LiveServer` starts it on a data folder, waits until `/readyz` says so, and can kill and start it again on
the same folder and port. Setting things up goes through the HTTP API with an organizer's token.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PROGRAM = Path(sys.executable).parent / "roomserver"
START_SECONDS = 60.0


def free_port() -> int:
    """A loopback port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command_line(pid: int) -> list[bytes]:
    """Program and arguments of a process; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


@dataclass
class Registrant:
    """Somebody registered for the event, with the means to be them."""

    id: str
    name: str
    token: str
    sign_in_link: str


@dataclass
class LiveServer:
    data: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    command: str = "serve"

    process: subprocess.Popen[bytes] | None = None
    organizer_token: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ROOMSERVER_")}
        return kept | self.settings

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - starting takes a millisecond
                [
                    str(PROGRAM),
                    *(self.command, "--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data)),
                    *self.arguments,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment(),
            )
        await self.ready()
        if not self.organizer_token:
            self.organizer_token = await self.run("token", "--organizer", "--data", str(self.data))

    async def ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        async with httpx.AsyncClient() as client:
            while True:
                try:
                    answer = await client.get(f"{self.url}/readyz")
                    if answer.status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                assert self.process is not None
                assert self.process.poll() is None, f"the server ended at its start:\n{self.log.read_text()}"
                assert time.monotonic() < deadline, f"not ready in {START_SECONDS} s:\n{self.log.read_text()}"
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """End the server as a power failure would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def media_workers(self) -> list[int]:
        """Process ids of the media workers."""
        return self._children(b"recording.media_worker")

    def renders(self) -> list[int]:
        """Process ids of the processes that render blocks just now."""
        return self._children(b"recording.render")

    def _children(self, module: bytes) -> list[int]:
        assert self.process is not None
        # A process belongs to the thread that started it.
        lists = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = sorted({int(child) for each in lists for child in each.read_text().split()})
        return [pid for pid in pids if module in _command_line(pid)]

    async def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                await asyncio.to_thread(self.process.wait, 15)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"the server did not stop in 15 s:\n{self.log.read_text()}") from None

    async def run(self, *arguments: str) -> str:
        """Run a `roomserver` command to its end; its standard output."""
        process = await asyncio.create_subprocess_exec(
            str(PROGRAM), *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment()
        )
        out, err = await process.communicate()
        assert process.returncode == 0, f"roomserver {' '.join(arguments)}: {err.decode()}"
        return out.decode().strip()

    async def api(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Any:
        """One call of the HTTP API that has to succeed; its JSON. Reads the ETag first for PATCH and PUT."""
        headers = {"Authorization": f"Bearer {token or self.organizer_token}"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers) as client:
            if method in {"PATCH", "PUT"}:
                read = await client.get(path)
                if etag := read.headers.get("etag"):
                    client.headers["If-Match"] = etag
            answer = await client.request(method, path, json=body)
            assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
            return answer.json() if answer.content else None

    async def session(self, title: str, **fields: Any) -> str:
        """A new session's id."""
        return str((await self.api("POST", "/api/sessions", {"title": title, **fields}))["id"])

    async def registrant(self, name: str, **fields: Any) -> Registrant:
        email = f"{name.lower().replace(' ', '.')}.{os.urandom(3).hex()}@example.org"
        made = await self.api("POST", "/api/registrants", {"name": name, "email": email, **fields})
        signing = await self.api("POST", f"/api/registrants/{made['id']}/token")
        return Registrant(made["id"], name, signing["token"], signing["sign_in_link"])
