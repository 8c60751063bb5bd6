"""The WebSocket shell: who gets in, and what it does with everything that is no proper message."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from signaling.limits import Limits
from signaling.wire.codec import MAX_HELLO_BYTES, MAX_MESSAGE_BYTES, Subprotocol
from tests.support.fake_clock import settle
from tests.support.hall import SESSION, Hall
from tests.support.memory_peer import MemoryPeer


async def status_of(hall: Hall, **options: object) -> tuple[int, str]:
    peer = MemoryPeer(hall.hub, **options)  # type: ignore[arg-type]
    assert peer.response is not None
    await settle()
    assert (peer.response.status_code == 101) != peer.transport.closed
    return peer.response.status_code, bytes(peer.response.body or b"").decode()


# --- the handshake ---


@pytest.mark.parametrize("subprotocol", list(Subprotocol))
async def test_both_subprotocols_are_spoken(subprotocol: Subprotocol) -> None:
    async with Hall() as hall:
        peer = await hall.join("ada", subprotocol=subprotocol)
        assert peer.response is not None
        assert peer.response.headers["Sec-WebSocket-Protocol"] == subprotocol.value
        assert "Sec-WebSocket-Extensions" not in peer.response.headers
        assert peer.of("welcome")


async def test_without_a_known_subprotocol_the_handshake_is_refused_in_a_sentence() -> None:
    async with Hall() as hall:
        status, text = await status_of(hall, subprotocol=None)
        assert status == 400
        status, text = await status_of(hall, subprotocol=None, headers={"Sec-WebSocket-Protocol": "chat"})
        assert status == 400
        assert "roomserver.v1.json and roomserver.v1.msgpack" in text


async def test_the_clients_first_choice_of_subprotocol_counts() -> None:
    async with Hall() as hall:
        offered = {"Sec-WebSocket-Protocol": "chat, roomserver.v1.msgpack, roomserver.v1.json"}
        peer = MemoryPeer(hall.hub, None, headers=offered)
        assert peer.response is not None
        assert peer.response.headers["Sec-WebSocket-Protocol"] == "roomserver.v1.msgpack"


async def test_rooms_are_at_one_path() -> None:
    async with Hall() as hall:
        assert (await status_of(hall, path="/ws?x=1"))[0] == 101
        assert (await status_of(hall, path="/"))[0] == 404
        assert (await status_of(hall, path="/ws/"))[0] == 404


@pytest.mark.parametrize(
    ("allowed", "origin", "status"),
    [
        (None, None, 101),
        (None, "http://room.example", 101),
        (None, "https://ROOM.example", 101),
        (None, "https://evil.example", 403),
        (None, "https://room.example.evil.example", 403),
        (None, "https://room.example:8443", 403),
        (None, "null", 403),
        (None, "http://[", 403),
        (["https://event.example/"], None, 101),
        (["https://event.example/"], "https://event.example", 101),
        (["https://event.example/"], "https://room.example", 403),
    ],
)
async def test_pages_of_other_origins_are_refused(allowed: list[str] | None, origin: str | None, status: int) -> None:
    async with Hall(origins=allowed) as hall:
        headers = {} if origin is None else {"Origin": origin}
        assert (await status_of(hall, headers=headers))[0] == status


@pytest.mark.parametrize("own", [None, ["https://room.example"]])
@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://room.example", 101),
        ("https://www.venue.example", 101),
        ("https://WWW.venue.example", 101),
        ("http://www.venue.example", 403),
        ("https://venue.example", 403),
        ("https://www.venue.example:8443", 403),
        ("null", 403),
    ],
)
async def test_pages_of_sites_that_embed_rooms_are_let_in_besides(
    own: list[str] | None, origin: str, status: int
) -> None:
    async with Hall(origins=own, other_origins=["https://www.venue.example/"]) as hall:
        assert (await status_of(hall, headers={"Origin": origin}))[0] == status


async def test_connections_without_hello_are_limited_per_address() -> None:
    async with Hall(limits=Limits(connections_without_hello=2)) as hall:
        first = hall.connect(address="192.0.2.7")
        hall.connect(address="192.0.2.7")
        assert (await status_of(hall, address="192.0.2.7"))[0] == 503
        assert (await status_of(hall, address="192.0.2.8"))[0] == 101
        first.send({"type": "hello", "id": 1, "ticket": hall.ticket("ada")})
        assert (await status_of(hall, address="192.0.2.7"))[0] == 101
        assert (await status_of(hall, address="192.0.2.7"))[0] == 503
        await hall.clock.advance(20)
        assert (await status_of(hall, address="192.0.2.7"))[0] == 101


@pytest.mark.parametrize(("proxies", "chain"), [("10.0.0.1", ""), ("10.0.0.0/8", ", 10.1.2.3")])
async def test_the_address_that_a_trusted_proxy_saw_counts(proxies: str, chain: str) -> None:
    limits = Limits(connections_without_hello=1)
    async with Hall(limits=limits, proxies=[proxies]) as hall:
        for address in ("203.0.113.1", "203.0.113.2"):
            claimed = {"X-Forwarded-For": f"198.51.100.9, {address}{chain}"}
            assert (await status_of(hall, address="10.0.0.1", headers=claimed))[0] == 101
        assert (await status_of(hall, address="10.0.0.1", headers=claimed))[0] == 503
        # Anybody else may claim what they like.
        assert (await status_of(hall, address="192.0.2.7", headers={"X-Forwarded-For": "1.2.3.4"}))[0] == 101
        assert (await status_of(hall, address="192.0.2.7", headers={"X-Forwarded-For": "1.2.3.5"}))[0] == 503


# --- hello ---


async def test_without_hello_in_five_seconds_the_connection_is_closed() -> None:
    async with Hall() as hall:
        peer = hall.connect()
        await hall.clock.advance(4.9)
        assert peer.closed_with is None
        await hall.clock.advance(1.1)
        assert peer.closed_with == 4100


@pytest.mark.parametrize(
    "first",
    [
        b'{"type": "sync", "id": 1}',
        b'{"type": "hello", "id": 1}',
        b'{"type": "hello", "ticket": "x"}',
        b"garbage",
        b"[]",
    ],
)
async def test_the_first_message_has_to_be_a_good_hello(first: bytes) -> None:
    async with Hall() as hall:
        peer = hall.connect()
        peer.send_frame(first, Opcode.TEXT)
        await settle()
        assert peer.closed_with == 4100
        assert peer.close_reason


async def test_forged_and_expired_tickets_are_refused_with_4101() -> None:
    async with Hall() as hall:
        expired = hall.ticket("ada")
        await hall.clock.advance(61)
        for token in (expired, "forged", hall.tickets.issue_resume(SESSION, "ada", "node1:x")):
            peer = hall.connect()
            peer.send({"type": "hello", "id": 1, "ticket": token})
            await settle()
            assert peer.closed_with == 4101, token
        peer = hall.connect()
        peer.send({"type": "hello", "id": 1, "resume": hall.ticket("ada")})
        await settle()
        assert peer.closed_with == 4101


async def test_a_session_that_does_not_exist_is_closed() -> None:
    async with Hall() as hall:
        peer = hall.connect()
        peer.send({"type": "hello", "id": 1, "ticket": hall.ticket("ada", session="ses_other")})
        await settle()
        assert peer.closed_with == 4104


async def test_hello_is_said_only_once() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        reply = await hall.say(ada, "hello", ticket=hall.ticket("ada"))
        assert reply["error"]["code"] == "bad_message"
        assert ada.closed_with is None


# --- what is no proper message ---


async def test_an_unknown_message_is_refused_with_its_id() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        reply = await hall.say(ada, "share.begin")
        assert reply["error"]["code"] == "bad_message"
        assert reply["error"]["details"] == {"field": "type"}


async def test_a_bad_field_is_named_and_costs_nothing_more() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        for _ in range(20):
            reply = await hall.say(ada, "share.start", kind="hologram")
            assert reply["error"]["code"] == "bad_message"
            assert reply["error"]["details"] == {"field": "kind"}
        assert ada.closed_with is None


@pytest.mark.parametrize("subprotocol", list(Subprotocol))
async def test_the_fifth_thing_not_understood_within_ten_seconds_ends_it(subprotocol: Subprotocol) -> None:
    async with Hall() as hall:
        ada = await hall.join("ada", subprotocol=subprotocol)
        for _ in range(4):
            ada.send_frame(b"\xc1 garbage", subprotocol.opcode if subprotocol is Subprotocol.MSGPACK else Opcode.TEXT)
            if subprotocol is Subprotocol.JSON:
                break
        if subprotocol is Subprotocol.JSON:
            await settle()
            assert ada.closed_with == 1007  # not UTF-8 is WebSocket's own error
            return
        await hall.clock.advance(1)
        assert ada.closed_with is None
        assert all(reply["error"]["code"] == "bad_message" and "id" not in reply for reply in ada.of("reply")[1:])
        ada.send_frame(b"\xc1", subprotocol.opcode)
        await settle()
        assert ada.closed_with == 4105


async def test_things_not_understood_now_and_then_are_forgiven() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        for _ in range(20):
            ada.send_frame(b"{", Opcode.TEXT)
            await hall.clock.advance(10)
        assert ada.closed_with is None


async def test_the_wrong_kind_of_frame_is_not_understood() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        ada.send_frame(b'{"type": "sync", "id": 5}', Opcode.BINARY)
        await settle()
        assert ada.of("reply")[-1]["error"]["code"] == "bad_message"


async def test_the_largest_offer_fits_and_one_byte_more_ends_it() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        around = len(json.dumps({"type": "media.watch", "id": 9, "sdp": ""}, separators=(",", ":")))
        ada.send({"type": "media.watch", "id": 9, "sdp": "x" * (MAX_MESSAGE_BYTES - around)})
        await settle()
        assert ada.reply(9)["error"]["code"] == "unavailable"
        ada.send({"type": "media.watch", "id": 10, "sdp": "x" * (MAX_MESSAGE_BYTES - around)})
        await settle()
        assert ada.closed_with == 4105
        assert ada.transport.closed


async def test_before_hello_a_large_message_ends_it() -> None:
    async with Hall() as hall:
        peer = hall.connect()
        peer.send({"type": "hello", "id": 1, "ticket": "x" * MAX_HELLO_BYTES})
        await settle()
        assert peer.closed_with == 4105


async def test_a_message_in_fragments_is_one_message_and_their_sum_is_limited() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        message = b'{"type": "sync", "id": 7}'
        ada.send_bytes(Frame(Opcode.TEXT, message[:5], fin=False).serialize(mask=True))
        ada.send_bytes(Frame(Opcode.PING, b"between").serialize(mask=True))
        ada.send_bytes(Frame(Opcode.CONT, message[5:9], fin=False).serialize(mask=True))
        ada.send_bytes(Frame(Opcode.CONT, message[9:], fin=True).serialize(mask=True))
        await settle()
        assert ada.reply(7)["ok"]
        most_of_it = b"x" * (MAX_MESSAGE_BYTES * 2 // 3)
        ada.send_bytes(Frame(Opcode.TEXT, most_of_it, fin=False).serialize(mask=True))
        ada.send_bytes(Frame(Opcode.CONT, most_of_it, fin=True).serialize(mask=True))
        await settle()
        assert ada.closed_with == 4105


async def test_bytes_arriving_one_by_one_make_a_message() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        for byte in Frame(Opcode.TEXT, b'{"type": "sync", "id": 7}').serialize(mask=True):
            ada.send_bytes(bytes([byte]))
        await settle()
        assert ada.reply(7)["ok"]


async def test_an_unmasked_frame_is_a_protocol_error() -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        ada.send_bytes(Frame(Opcode.TEXT, b"{}").serialize(mask=False))
        await settle()
        assert ada.closed_with == 1002


@given(chunks=st.lists(st.binary(min_size=1, max_size=60), max_size=8))
@settings(max_examples=40)
async def test_any_bytes_leave_the_hub_unharmed(chunks: list[bytes]) -> None:
    async with Hall() as hall:
        ada = await hall.join("ada")
        bob = await hall.join("bob")
        for chunk in chunks:
            if not bob.transport.closed:
                bob.send_bytes(chunk)
        await settle()
        assert (await hall.say(ada, "people.list"))["ok"]
        assert hall.hub.statistics().connections in (1, 2)


@given(chunks=st.lists(st.binary(min_size=1, max_size=60), max_size=5))
@settings(max_examples=40)
async def test_any_bytes_after_the_handshake_leave_the_hub_unharmed(chunks: list[bytes]) -> None:
    async with Hall() as hall:
        peer = hall.connect()
        for chunk in chunks:
            if not peer.transport.closed:
                peer.send_bytes(chunk)
        await hall.clock.advance(15)
        assert peer.transport.closed
        assert hall.hub.statistics().connections == 0
