"""The connections of one room in this process: who is expected, who is here, who moderates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from signaling.close_codes import CloseCode
from signaling.media.port import MediaPlane
from signaling.outbox import BEHIND, Peer
from signaling.room import events as e
from signaling.room.state import Room
from signaling.wire.outbound import Document, Waiting


@dataclass(slots=True, eq=False)
class Member:
    """One connection in one room, from its `hello` on."""

    peer: Peer
    participant: str
    resume_from: tuple[str, int] | None = None
    """Epoch and version that a resuming client holds; used for the first greeting only."""
    you: Document | None = None
    """The document as the client holds it; None until it was welcomed."""
    has_desk: bool = False
    video_slots: int = 0
    """As the last `media.slots` told; 0: none yet."""
    waiting: Waiting | None = None
    """As last told, while in the waiting line."""


class Members:
    """Keeps one member per participant: a newer connection takes over from an older one."""

    def __init__(self, session: str, media: MediaPlane | None) -> None:
        self._session = session
        self._media = media
        self._expected: dict[str, Member] = {}
        """By connection: those whose `Enter` is not in the journal yet."""
        self._here: dict[str, Member] = {}
        """By participant."""
        self._moderators: dict[Member, None] = {}

    def __iter__(self) -> Iterator[Member]:
        return iter(self._here.values())

    def __contains__(self, participant: object) -> bool:
        return participant in self._here

    @property
    def empty(self) -> bool:
        """Nobody is here or expected."""
        return not self._here and not self._expected

    @property
    def moderators(self) -> list[Member]:
        """Those who hold the `desk` document."""
        return list(self._moderators)

    def names(self) -> list[str]:
        """The participants who are here."""
        return list(self._here)

    def get(self, participant: str) -> Member | None:
        return self._here.get(participant)

    def is_here(self, member: Member) -> bool:
        """Whether this connection is the participant's present one, and let in or in the waiting line."""
        return self._here.get(member.participant) is member

    def connected(self, connection: str, participant: str) -> bool:
        """Whether a connection that the room believes in exists."""
        member = self._here.get(participant)
        return connection in self._expected or (member is not None and member.peer.id == connection)

    def expect(self, member: Member) -> None:
        """The member's `Enter` is on its way to the journal."""
        self._expected[member.peer.id] = member

    def entered(self, event: e.Entered) -> Member | None:
        """The room knows a connection now: the member if it is one of ours. An older one of that person is closed."""
        older = self._here.get(event.participant)
        member = self._expected.pop(event.connection, None)
        if older is not None and older.peer.id != event.connection:
            self.dismiss(older, CloseCode.TAKEN_OVER, "A newer connection took over.")
        if member is not None:
            self._here[event.participant] = member
        return member

    def set_desk(self, member: Member, has_desk: bool) -> None:
        member.has_desk = has_desk
        if has_desk:
            self._moderators[member] = None
        else:
            self._moderators.pop(member, None)

    def forget(self, member: Member) -> bool:
        """The connection is gone, or was never let in; returns whether it was known until now."""
        expected = self._expected.pop(member.peer.id, None) is not None
        self._moderators.pop(member, None)
        member.peer.version = BEHIND
        if self._here.get(member.participant) is not member:
            return expected
        del self._here[member.participant]
        if self._media is not None:
            self._media.unwatch(self._session, member.peer.id)
        return True

    def dismiss(self, member: Member, code: CloseCode, reason: str) -> None:
        self.forget(member)
        member.peer.close(code, reason)

    def dismiss_all(self, code: CloseCode, reason: str) -> None:
        for member in [*self._here.values(), *self._expected.values()]:
            self.dismiss(member, code, reason)

    def reconcile(self, room: Room) -> None:
        """Close those whom the room no longer knows in this way; for when not every event is known."""
        if room.closed:
            self.dismiss_all(CloseCode.CLOSED, "The session is closed.")
        for member in list(self._here.values()):
            person = room.people.get(member.participant)
            if person is None or person.away_since is not None:
                self.dismiss(member, CloseCode.DEPENDENCY_DOWN, "The room lost sight of this connection.")
            elif person.connection != member.peer.id:
                self.dismiss(member, CloseCode.TAKEN_OVER, "A newer connection took over.")
