"""Thousands of WebSocket clients for one process, so cheap that they hardly disturb what they measure.

One epoll loop, no object per message: an asyncio client for each viewer would take more CPU than the server.
It reads what a server sends (unmasked, never compressed) and is no general WebSocket client.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

_READ = 65536
_CONNECTING = 200
"""Connections being made at a time."""

_TEXT = 1
_CLOSE = 8
_PING = 9
_PONG = 10


@dataclass(slots=True)
class Member:
    """One connection. `greeting` is sent when connected and `hello` after the server's 101; either may be empty."""

    sock: socket.socket
    greeting: bytes
    hello: bytes
    upgraded: bool
    ready: bool = False
    held: bytes = b""


@dataclass(slots=True)
class Crowd:
    """`on_text` gets every text frame's payload once its sender's connection is ready; `is_ready` tells by a text
    frame whether a connection has become so. A lost connection raises ConnectionError, for it spoils the measure."""

    on_text: Callable[[Member, bytes], None]
    is_ready: Callable[[bytes], bool]
    members: list[Member] = field(default_factory=list)
    _poll: select.epoll = field(default_factory=select.epoll)
    _by_fd: dict[int, Member] = field(default_factory=dict)

    def join(self, address: tuple[str, int], greetings: Sequence[tuple[bytes, bytes]], seconds: float) -> float:
        """Connect one member for each (greeting, hello); returns the seconds it took until all were ready."""
        begun = monotonic()
        waiting = list(greetings)[::-1]
        coming: list[Member] = []
        while waiting or coming:
            while waiting and len(coming) < _CONNECTING:
                coming.append(self._dial(address, *waiting.pop()))
            self.pump(0.01)
            coming = [member for member in coming if not member.ready]
            if monotonic() - begun > seconds:
                raise ConnectionError(f"{len(waiting) + len(coming)} connections were not ready in {seconds:g} s")
        return monotonic() - begun

    def _dial(self, address: tuple[str, int], greeting: bytes, hello: bytes) -> Member:
        sock = socket.create_connection(address, timeout=10)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)
        member = Member(sock, greeting, hello, upgraded=not greeting, ready=not greeting)
        if greeting:
            sock.send(greeting)
        self.members.append(member)
        self._by_fd[sock.fileno()] = member
        self._poll.register(sock, select.EPOLLIN)
        return member

    def pump(self, seconds: float) -> None:
        """Read what has come, waiting for at most so long if nothing has."""
        for fd, _ in self._poll.poll(seconds, 1024):
            member = self._by_fd[fd]
            data = member.sock.recv(_READ)
            if not data:
                raise ConnectionError("the server closed a connection")
            self._take(member, member.held + data if member.held else data)

    def close(self) -> None:
        self._poll.close()
        for member in self.members:
            member.sock.close()

    def _take(self, member: Member, data: bytes) -> None:
        if not member.upgraded:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                member.held = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(f"the server refused a connection: {head[:200]!r}")
            member.upgraded = True
            member.sock.send(member.hello)
        at, size = 0, len(data)
        while size - at >= 2:
            start, length = at + 2, data[at + 1] & 0x7F
            if length == 126:
                start, length = at + 4, int.from_bytes(data[at + 2 : at + 4], "big")
            elif length == 127:
                start, length = at + 10, int.from_bytes(data[at + 2 : at + 10], "big")
            if start + length > size:
                break
            self._frame(member, data[at] & 0x0F, data[start : start + length])
            at = start + length
        member.held = data[at:]

    def _frame(self, member: Member, opcode: int, payload: bytes) -> None:
        if opcode == _TEXT:
            if member.ready:
                self.on_text(member, payload)
            else:
                member.ready = self.is_ready(payload)
        elif opcode == _PING:
            member.sock.send(client_frame(payload, _PONG))
        elif opcode == _CLOSE:
            raise ConnectionError(f"the server closed a connection: {int.from_bytes(payload[:2], 'big')}")


def client_frame(payload: bytes, opcode: int = _TEXT) -> bytes:
    """A masked frame with a mask of zeros: allowed, and nothing to compute."""
    size = len(payload)
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes((0x80 | opcode,)) + length + b"\0\0\0\0" + payload


def server_frame(payload: bytes) -> bytes:
    """What a server sends for a text message of less than 64 KiB."""
    size = len(payload)
    length = bytes((size,)) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
    return bytes((0x80 | _TEXT,)) + length + payload


def upgrade(host: str, path: str, protocol: str) -> bytes:
    """A WebSocket opening handshake (RFC 6455 section 4.1) with a fixed key: nobody checks the answer to it."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: {protocol}\r\n\r\n"
    ).encode()
