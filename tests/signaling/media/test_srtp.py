"""What is used of aiortc's private parts: the pinned version must go on behaving so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pylibsrtp
import pytest

from signaling.media.rtp import HEADER
from signaling.media.srtp import QUEUED_DATAGRAMS, Certificate, DtlsSrtp, PacketBuffer, SrtpContext, protect, unprotect

Contexts = tuple[SrtpContext, SrtpContext] | None


class Pair:
    """Two ends whose datagrams reach each other."""

    def __init__(self) -> None:
        self.closed: list[str] = []
        self.certificates = Certificate(), Certificate()
        self.server = DtlsSrtp(self.certificates[0], lambda data: self.pass_to(self.client, data), self.note("server"))
        self.client = DtlsSrtp(self.certificates[1], lambda data: self.pass_to(self.server, data), self.note("client"))

    @staticmethod
    def pass_to(end: DtlsSrtp, data: bytes) -> None:
        end.receive(data)

    def note(self, who: str) -> Callable[[], None]:
        return lambda: self.closed.append(who)

    async def connect(self, server_expects: Certificate | None = None) -> tuple[Contexts, Contexts]:
        def prints(certificate: Certificate) -> list[tuple[str, str]]:
            algorithm, _, value = certificate.fingerprint.partition(" ")
            return [(algorithm, value)]

        async with asyncio.timeout(10):
            return await asyncio.gather(
                self.server.handshake(prints(server_expects or self.certificates[1]), server=True),
                self.client.handshake(prints(self.certificates[0]), server=False),
            )

    async def close(self) -> None:
        await self.server.close()
        await self.client.close()


def encrypt(context: SrtpContext, packet: bytes) -> bytes:
    buffer = PacketBuffer()
    buffer.view[: len(packet)] = packet
    buffer.length[0] = len(packet)
    assert protect(context.context, buffer.raw, buffer.length) == 0
    return bytes(buffer.view[: buffer.length[0]])


def decrypt(context: SrtpContext, data: bytes) -> bytes | None:
    buffer = PacketBuffer()
    buffer.view[: len(data)] = data
    buffer.length[0] = len(data)
    return None if unprotect(context.context, buffer.raw, buffer.length) else bytes(buffer.view[: buffer.length[0]])


async def test_a_handshake_gives_both_sides_matching_keys() -> None:
    pair = Pair()
    server, client = await pair.connect()
    assert server is not None
    assert client is not None
    packet = HEADER.pack(0x80, 96, 1, 2, 3) + b"media"
    for (receive, _), (_, send) in ((server, client), (client, server)):
        data = encrypt(send, packet)
        assert data != packet
        assert len(data) == len(packet) + 16, "AES-128-GCM, the cheapest"
        assert decrypt(receive, data[:-1] + bytes([data[-1] ^ 1])) is None
        assert decrypt(receive, data) == packet
        assert decrypt(receive, data) is None, "a repetition"
        report = b"\x80\xc9\0\1" + bytes(4)
        assert receive.unprotect_rtcp(send.protect_rtcp(report)) == report
        with pytest.raises(pylibsrtp.Error):
            receive.unprotect_rtcp(b"\x80\xc9\0\1" + bytes(40))
    await pair.close()


async def test_another_certificate_than_the_offered_is_refused() -> None:
    pair = Pair()
    server, _ = await pair.connect(server_expects=Certificate())
    assert server is None
    await pair.close()


async def test_the_end_of_one_side_is_heard_by_the_other() -> None:
    pair = Pair()
    await pair.connect()
    await pair.client.close()
    for _ in range(20):
        await asyncio.sleep(0)
    assert pair.closed == ["server"]
    await pair.server.close()
    assert pair.closed == ["server"], "who closes needn't be told"


async def test_waiting_datagrams_are_bounded() -> None:
    end = DtlsSrtp(Certificate(), lambda data: None, lambda: None)
    assert [end.receive(b"x") for _ in range(QUEUED_DATAGRAMS + 5)].count(True) == QUEUED_DATAGRAMS
    await end.close()
