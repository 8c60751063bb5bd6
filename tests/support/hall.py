"""A hub in memory with a clock that stands still: how tests of the hub's behaviour get people into rooms."""

from __future__ import annotations

from typing import Any

from capacity.table import DEFAULT_TABLE, ViewerCapTable
from signaling.directory import Rights
from signaling.hub import Hub
from signaling.journal.memory import MemoryJournal
from signaling.journal.port import Journal
from signaling.limits import Limits
from signaling.media.port import MediaPlane
from signaling.room.state import RoomSettings, SharePolicy
from signaling.subscriber import RoomSubscriber
from signaling.tickets import Tickets
from signaling.wire.codec import Subprotocol
from tests.support.fake_clock import FakeClock, settle
from tests.support.memory_peer import MemoryPeer
from tests.support.sessions import SECRET, FixedDirectory, attendee

SESSION = "ses_1"


class Hall:
    """One hub and its surroundings; more hubs can share journal and clock (`another`)."""

    def __init__(
        self,
        settings: RoomSettings | None = None,
        *,
        caps: ViewerCapTable = DEFAULT_TABLE,
        journal: Journal | None = None,
        media: MediaPlane | None = None,
        limits: Limits | None = None,
        clock: FakeClock | None = None,
        node: str = "node1",
        directory: FixedDirectory | None = None,
        origins: list[str] | None = None,
        other_origins: list[str] | None = None,
        proxies: list[str] | None = None,
        subscriber: RoomSubscriber | None = None,
    ) -> None:
        self.clock = clock or FakeClock()
        self.journal: Journal = journal or MemoryJournal()
        self.directory = directory or FixedDirectory(
            **{SESSION: settings or RoomSettings("Talk", share_policy=SharePolicy.MODERATED)}
        )
        self.tickets = Tickets(SECRET, self.clock)
        self.caps = caps
        self.hub = Hub(
            journal=self.journal,
            media=media,
            directory=self.directory,
            tickets=self.tickets,
            clock=self.clock,
            node=node,
            caps=caps,
            limits=limits,
            origins=origins,
            other_origins=other_origins or (),
            proxies=proxies or (),
            subscriber=subscriber,
        )

    def another(self, node: str) -> Hall:
        """A second hub of the same cluster."""
        return Hall(caps=self.caps, journal=self.journal, clock=self.clock, node=node, directory=self.directory)

    async def __aenter__(self) -> Hall:
        await self.hub.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hub.close()
        await settle()

    def connect(self, subprotocol: Subprotocol = Subprotocol.JSON, **options: Any) -> MemoryPeer:
        return MemoryPeer(self.hub, subprotocol, **options)

    def hello(
        self, participant: str, rights: Rights | None = None, subprotocol: Subprotocol = Subprotocol.JSON
    ) -> MemoryPeer:
        """Connect and say hello, without waiting for what comes of it."""
        peer = self.connect(subprotocol)
        peer.send({"type": "hello", "id": 1, "ticket": self.ticket(participant, rights)})
        return peer

    def ticket(self, participant: str, rights: Rights | None = None, session: str = SESSION) -> str:
        return self.tickets.issue_ticket(session, participant, rights or attendee(participant))

    async def join(
        self, participant: str, rights: Rights | None = None, subprotocol: Subprotocol = Subprotocol.JSON
    ) -> MemoryPeer:
        """Connect, say hello and let everything happen that comes of it within a second and a half."""
        peer = self.hello(participant, rights, subprotocol)
        await self.clock.advance(1.5)
        return peer

    async def say(self, peer: MemoryPeer, message_type: str, **fields: Any) -> dict[str, Any]:
        """Send a command, let time pass for all that comes of it, and return the reply."""
        message_id = peer.say(message_type, **fields)
        await self.clock.advance(1.5)
        return peer.reply(message_id)

    async def resume(self, peer: MemoryPeer, *, version: int | None = None) -> MemoryPeer:
        """Come back with what a peer held when it was lost."""
        again = self.connect(peer.subprotocol or Subprotocol.JSON)
        again.documents = dict(peer.documents)
        again.send(
            {
                "type": "hello",
                "id": 1,
                "resume": peer.resume,
                "epoch": peer.epoch,
                "version": peer.version if version is None else version,
            }
        )
        again.epoch = peer.epoch
        await self.clock.advance(0.3)
        return again
