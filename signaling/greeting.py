"""What somebody is sent who comes in, comes back, or is lost in the chain of updates."""

from __future__ import annotations

from typing import cast

from signaling.close_codes import CloseCode
from signaling.media.port import MediaPlane
from signaling.members import Member, Members
from signaling.publication import Publication, Published
from signaling.room.documents import you_document
from signaling.room.state import Room
from signaling.tickets import Tickets
from signaling.wire.outbound import (
    DeskDocument,
    Document,
    MediaSlots,
    Resumed,
    RoomDocument,
    Waiting,
    Welcome,
    YouDocument,
)

AUDIO_SLOTS = 3
VIDEO_TIERS = (4, 9, 16, 25, 50)


class Greeter:
    def __init__(self, session: str, tickets: Tickets, media: MediaPlane | None, members: Members) -> None:
        self._session = session
        self._tickets = tickets
        self._media = media
        self._members = members

    def greet(self, member: Member, room: Room, publication: Publication, desk: Document) -> None:
        """Send `welcome`, `resumed` with what was missed, or the place in the waiting line."""
        person = room.people.get(member.participant)
        if person is None or person.connection != member.peer.id:
            self._members.dismiss(member, CloseCode.DEPENDENCY_DOWN, "The room lost sight of this connection.")
        elif person.admitted:
            self._welcome(member, room, publication, desk)
        else:
            member.waiting = None
            self.tell_place(member, room)

    def _welcome(self, member: Member, room: Room, publication: Publication, desk: Document) -> None:
        peer = member.peer
        you = you_document(room, member.participant)
        missed = self._missed(member, publication)
        member.you = you
        self._members.set_desk(member, you["can_moderate"])
        token = self._tickets.issue_resume(self._session, member.participant, peer.id)
        message: Welcome | Resumed
        if missed is not None:
            held = missed[0].base if missed else publication.version
            message = {"type": "resumed", "resume": token, "version": held, "you": cast(YouDocument, you)}
        else:
            message = {
                "type": "welcome",
                "resume": token,
                "epoch": publication.epoch,
                "version": publication.version,
                "room": cast(RoomDocument, publication.document),
                "you": cast(YouDocument, you),
                "ice_servers": [] if self._media is None else [dict(each) for each in self._media.ice_servers()],
                "viewer_caps": [list(row) for row in room.caps.rows],
            }
        if member.has_desk:
            message["desk"] = cast(DeskDocument, desk)
        # Before the writes, which may find the reader too slow and set the version to BEHIND.
        peer.version = publication.version
        peer.send(message)
        for link in missed or ():
            peer.write(link.frames.of(peer.subprotocol))
        member.video_slots = 0
        self.tell_slots(member, video_tier(room))

    def _missed(self, member: Member, publication: Publication) -> list[Published] | None:
        position, member.resume_from = member.resume_from, None
        return None if position is None else publication.since(*position)

    def tell_place(self, member: Member, room: Room) -> None:
        """The place in the waiting line, if it isn't as last told."""
        position = room.waiting_position(member.participant)
        if position is None:
            return
        message: Waiting = {
            "type": "waiting",
            "position": position,
            "viewers": room.viewers,
            "cap": room.viewer_cap,
        }
        if message != member.waiting:
            member.waiting = message
            member.peer.send(message)

    def tell_slots(self, member: Member, tier: int) -> None:
        """How many slots to offer for, to those who were told of fewer."""
        if self._media is None or member.video_slots >= tier:
            return
        member.video_slots = tier
        message: MediaSlots = {"type": "media.slots", "audio": AUDIO_SLOTS, "video": tier}  # type: ignore[typeddict-item]
        member.peer.send(message)


def video_tier(room: Room) -> int:
    """The smallest number of video slots on which all seats with video can be shown."""
    needed = 1 + max((seat.slot for seat in room.seats.values() if seat.slot is not None), default=-1)
    return next(tier for tier in VIDEO_TIERS if tier >= needed)
