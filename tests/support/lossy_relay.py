"""A UDP relay between clients and a media worker that loses packets, as networks do, and can move."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

Address = tuple[str, int]


class LossyRelay:
    """Carries datagrams between anybody and the server whose answer it was given. Media (not ICE or DTLS) is
    lost by the given shares."""

    def __init__(self, seed: int) -> None:
        self.to_server = 0.0
        """Share of media packets lost on the way from clients to the server, 0 to 1; may be changed at any time."""
        self.to_client = 0.0
        self.lost = 0
        self.address: Address = ("", 0)
        self._target: Address | None = None
        self._random = Random(seed)
        self._front: asyncio.DatagramTransport | None = None
        self._ways: dict[Address, asyncio.DatagramTransport] = {}
        self._opening: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._front, _ = await loop.create_datagram_endpoint(
            lambda: _Receiver(self._from_client), local_addr=("127.0.0.1", 0)
        )
        self.address = self._front.get_extra_info("sockname")

    def lead(self, answer: str) -> str:
        """Carry datagrams to the server of an SDP answer; returns the answer with this relay as only candidate."""
        self._target = candidate_of(answer)
        host, port = self.address
        lines = [line for line in answer.split("\r\n") if not line.startswith("a=candidate:")]
        place = next(i for i, line in enumerate(lines) if line == "a=end-of-candidates")
        lines.insert(place, f"a=candidate:1 1 udp 2130706431 {host} {port} typ host")
        return "\r\n".join(lines)

    def move(self) -> None:
        """From now on the server sees every client under a new address, as after a change of network."""
        for way in self._ways.values():
            way.close()
        self._ways.clear()

    def close(self) -> None:
        self.move()
        if self._front is not None:
            self._front.close()

    def _from_client(self, data: bytes, client: Address) -> None:
        if self._loses(data, self.to_server):
            return
        way = self._ways.get(client)
        if way is not None:
            way.sendto(data, self._target)
            return
        task = asyncio.get_running_loop().create_task(self._open_way(data, client))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _open_way(self, data: bytes, client: Address) -> None:
        loop = asyncio.get_running_loop()
        way, _ = await loop.create_datagram_endpoint(
            lambda: _Receiver(lambda answer, _: self._from_server(answer, client)), local_addr=("127.0.0.1", 0)
        )
        if client in self._ways:
            way.close()
        else:
            self._ways[client] = way
        self._ways[client].sendto(data, self._target)

    def _from_server(self, data: bytes, client: Address) -> None:
        if self._front is not None and not self._loses(data, self.to_client):
            self._front.sendto(data, client)

    def _loses(self, data: bytes, share: float) -> bool:
        media = 128 <= data[0] < 192
        if media and self._random.random() < share:
            self.lost += 1
            return True
        return False


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, receive: Any) -> None:
        self._receive = receive

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._receive(data, addr)


def candidate_of(answer: str) -> Address:
    """The first candidate's address in an SDP answer."""
    found = re.search(r"a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host", answer)
    assert found is not None, "no candidate in the answer"
    return found[1], int(found[2])


@asynccontextmanager
async def lossy_relay(*, seed: int = 1) -> AsyncIterator[LossyRelay]:
    relay = LossyRelay(seed)
    await relay.open()
    try:
        yield relay
    finally:
        relay.close()
