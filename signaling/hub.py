"""The hub: WebSocket connections on one side, running rooms on the other, and the application's way in.

    hub = Hub(journal=..., media=..., directory=..., tickets=..., clock=SystemClock(), node="main", caps=DEFAULT_TABLE)
    await hub.start()
    uvicorn.Config(app, ws=hub.protocol_factory, ...)
    await hub.close()

Whoever made the journal and the media plane closes them after the hub.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from capacity.table import ViewerCapTable
from signaling.arrivals import Arrivals
from signaling.clock import Clock
from signaling.close_codes import CloseCode
from signaling.conditions import RoomConditions
from signaling.connection import HubProtocol
from signaling.counters import Counters
from signaling.directory import Directory, Rights
from signaling.dispatch import Dispatcher
from signaling.handshake import Doorkeeper
from signaling.heartbeat import Heartbeat
from signaling.journal.port import Journal, JournalUnavailable
from signaling.limits import Limits
from signaling.media.port import MediaPlane, SendAdvice
from signaling.offers import Offers
from signaling.room import commands as c
from signaling.room.decide import Outcome, decide
from signaling.room.refusals import Code, Refused
from signaling.room.state import RoomSettings
from signaling.rooms import Rooms
from signaling.statements import LiveRoom
from signaling.subscriber import RoomSubscriber, Subscription
from signaling.tickets import Tickets
from signaling.wire.inbound import Hello, Inbound
from signaling.wire.outbound import MediaSend, Notice


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers for metrics: what is now, and what has been counted since the start."""

    rooms: int
    connections: int
    seats: int
    viewers: int
    waiting: int
    recording: int
    """Rooms that are being recorded."""
    paused: int
    """Rooms whose recording waits for somebody to return."""
    messages_in: int
    messages_out: int
    slow_closes: int
    lost: int
    """Connections dropped because no pong came."""
    closed: Mapping[int, int]
    """Connections that the server closed, by close code."""
    refused: Mapping[str, int]
    """Commands refused, by code."""


class Hub:
    """Also the media plane's `MediaListener`.

    `node` names this hub in the journal: unique among hubs that share one, and the same after a restart.
    `origins`, `other_origins` and `proxies`: see `signaling.handshake.Doorkeeper`. `subscriber` is told of every room's
    changes.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        media: MediaPlane | None,
        directory: Directory,
        tickets: Tickets,
        clock: Clock,
        node: str,
        caps: ViewerCapTable,
        limits: Limits | None = None,
        origins: Collection[str] | None = None,
        other_origins: Collection[str] = (),
        proxies: Collection[str] = (),
        subscriber: RoomSubscriber | None = None,
    ) -> None:
        self.clock = clock
        self.limits = limits or Limits()
        self.counters = Counters()
        self.heartbeat = Heartbeat(clock, self.limits)
        self.doorkeeper = Doorkeeper(origins, other_origins, proxies, self.limits.connections_without_hello)
        self._node = node
        self._media = media
        subscription = Subscription(subscriber)
        conditions = RoomConditions(node, journal, media, tickets, clock, caps, self.counters, subscription)
        self._rooms = Rooms(conditions, directory)
        self._arrivals = Arrivals(node, tickets, directory, self._rooms, clock)
        offers = None if media is None else Offers(media, self.limits, self._rooms.spawn, self._restate)
        self._dispatcher = Dispatcher(media, offers)
        self._connections: set[HubProtocol] = set()

    # --- for the application ---

    @property
    def protocol_factory(self) -> type[asyncio.Protocol]:
        """What `uvicorn.Config(ws=...)` takes."""
        hub = self

        class BoundHubProtocol(HubProtocol):
            __slots__ = ()

            def __init__(self, config: Any, server_state: Any, app_state: Any, _loop: Any = None) -> None:  # noqa: ARG002
                super().__init__(hub, server_state.connections)

        return BoundHubProtocol

    async def start(self) -> None:
        """Restore the rooms that were running when this node ended. Raises JournalUnavailable, DirectoryUnavailable."""
        self.heartbeat.start()
        await self._rooms.restore()

    async def close(self) -> None:
        """Send everybody away (1001) and stop all rooms, with snapshots."""
        for connection in list(self._connections):
            connection.close(CloseCode.GOING_AWAY, "The server is going away.")
        await self._rooms.close()
        self.heartbeat.stop()
        for connection in list(self._connections):
            connection.close_overdue()

    def live(self, session: str) -> LiveRoom | None:
        """The numbers of a session's room; None if it doesn't run on this node."""
        room = self._rooms.running(session)
        return None if room is None else room.live

    def sessions(self) -> list[str]:
        """The sessions whose rooms run on this node."""
        return [room.session for room in self._rooms]

    def present(self, session: str) -> list[str]:
        """The participants whom a room that runs here knows: on screen, watching, waiting, or away for seconds."""
        room = self._rooms.running(session)
        return [] if room is None else room.present()

    async def change_settings(self, session: str, settings: RoomSettings) -> None:
        """The session was edited. A room that doesn't run reads its settings when it starts.

        Raises JournalUnavailable; the room then learns of it when it is next started.
        """
        await self._carry_out(session, c.ChangeSettings(settings))

    async def change_rights(self, session: str, participant: str, rights: Rights | None) -> None:
        """The person may do something else there now, or may not be there at all (None). Raises JournalUnavailable."""
        self._arrivals.rights_changed(session, participant, rights)
        if rights is None:
            await self._carry_out(session, c.Expel(participant))
        else:
            await self._carry_out(session, c.ChangeRights(participant, rights.role, rights.invited))

    def tickets_outdated(self, session_or_participant: str) -> None:
        """Rights changed there, or for this person, in ways that aren't told one by one: whoever comes with a ticket
        from before is let in by what the directory says."""
        self._arrivals.tickets_outdated(session_or_participant)

    async def close_session(self, session: str) -> None:
        """The session was deleted or its doors were closed: everybody is sent away (4104).

        Raises JournalUnavailable.
        """
        await self._carry_out(session, c.CloseRoom())
        room = self._rooms.running(session)
        if room is not None:
            room.stop()

    def announce(self, session: str, notice: Notice, *, to_moderators: bool = False) -> None:
        """Tell everybody who is in a session's room and connected to this node, once, or those among them who moderate;
        nobody if it doesn't run here.

        Slow readers may miss it: it must be something that clients can also ask for."""
        room = self._rooms.running(session)
        if room is not None:
            room.announce(notice, to_moderators=to_moderators)

    def end_recording(self, session: str, recording: str, reason: Literal["disk_full"]) -> None:
        """A recording can't go on; without effect if it is over, or its room doesn't run here."""
        room = self._rooms.running(session)
        if room is not None:
            room.do(c.EndRecording(recording, reason))

    async def _carry_out(self, session: str, command: c.Command) -> None:
        room = await self._rooms.open_if_known(session)
        if room is None:
            return
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        room.ask(
            lambda state, now: decide(state, command, now),
            lambda outcome: None if done.done() else done.set_result(outcome),
        )
        outcome = await done
        if isinstance(outcome, Refused):
            if outcome.code is Code.UNAVAILABLE:
                raise JournalUnavailable(outcome.message)
            raise ValueError(outcome.message)

    def statistics(self) -> Statistics:
        rooms = [room.live for room in self._rooms]
        return Statistics(
            rooms=len(rooms),
            connections=len(self._connections),
            seats=sum(room.seats_taken for room in rooms),
            viewers=sum(room.viewers for room in rooms),
            waiting=sum(room.waiting for room in rooms),
            recording=sum(room.recording == "recording" for room in rooms),
            paused=sum(room.recording == "paused" for room in rooms),
            messages_in=self.counters.messages_in,
            messages_out=self.counters.messages_out,
            slow_closes=self.counters.closed[CloseCode.TOO_SLOW],
            lost=self.counters.lost,
            closed={int(code): count for code, count in self.counters.closed.items()},
            refused=dict(self.counters.refused),
        )

    # --- for connections ---

    def new_connection_id(self) -> str:
        return f"{self._node}:{secrets.token_urlsafe(12)}"

    def opened(self, connection: HubProtocol) -> None:
        self._connections.add(connection)

    def ended(self, connection: HubProtocol) -> None:
        self._connections.discard(connection)
        if connection.asker is not None:
            connection.asker.room.lost(connection.asker.member)

    def said(self, connection: HubProtocol, message: Inbound) -> None:
        assert connection.asker is not None, "only those who were let in are listened to"
        self._dispatcher.dispatch(connection.asker, message)

    def said_hello(self, connection: HubProtocol, hello: Hello) -> None:
        self._arrivals.said_hello(connection, hello)

    # --- MediaListener ---

    def media_live(self, session: str, seat: str, live: bool) -> None:
        room = self._rooms.running(session)
        if room is not None:
            room.do(c.SetMediaLive(seat, live))

    def media_speaking(self, session: str, seats: Sequence[str]) -> None:
        room = self._rooms.running(session)
        if room is not None:
            room.speaking(seats)

    def media_send(self, session: str, seat: str, advice: SendAdvice) -> None:
        room = self._rooms.running(session)
        owner = None if room is None else room.owner_of(seat)
        if owner is not None:
            layers = {rid: dict(layer) for rid, layer in advice.layers.items()}
            message: MediaSend = {"type": "media.send", "seat": seat, "layers": layers}
            owner.peer.send(message)

    def media_reset(self, session: str) -> None:
        room = self._rooms.running(session)
        if room is not None:
            room.media_reset()

    def _restate(self, session: str) -> None:
        room = self._rooms.running(session)
        if room is not None:
            room.restate_stage()
        elif self._media is not None:
            self._media.stage(session, [])
