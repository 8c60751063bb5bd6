"""What each message of somebody in a room does: most are commands that the room decides."""

from __future__ import annotations

from typing import assert_never

from signaling.asking import Asker, accept, by_rules
from signaling.close_codes import CloseCode
from signaling.media.port import MediaPlane
from signaling.offers import Offers
from signaling.room import commands as c
from signaling.room.decide import Accepted
from signaling.room.people import list_people
from signaling.room.refusals import Code
from signaling.wire import inbound as m


class Dispatcher:
    """`media` and `offers` are None where no media is served."""

    def __init__(self, media: MediaPlane | None, offers: Offers | None) -> None:
        self._media = media
        self._offers = offers

    def dispatch(self, asker: Asker, message: m.Inbound) -> None:
        """Carry out one message; its reply is sent once the outcome is known."""
        match message:
            case m.Sync():
                asker.reply_with(message.id, accept, lambda: asker.room.greet(asker.member))
            case m.Leave():
                leave = c.Leave(asker.member.participant, asker.connection.id)
                asker.reply_with(message.id, by_rules(leave), lambda: asker.connection.close(CloseCode.LEFT, ""))
            case m.PeopleList():
                page = asker.inside(
                    lambda room: Accepted(result=list_people(room, message.query, message.after, message.limit))
                )
                asker.reply_with(message.id, page)
            case m.MediaPublish() | m.MediaWatch() | m.MediaCandidate() | m.MediaView():
                self._dispatch_media(asker, message)
            case m.Hello():
                raise AssertionError("a connection answers a second hello itself")
            case _:
                asker.reply_with(message.id, by_rules(room_command(message, asker.member.participant)))

    def _dispatch_media(
        self, asker: Asker, message: m.MediaPublish | m.MediaWatch | m.MediaCandidate | m.MediaView
    ) -> None:
        media, offers = self._media, self._offers
        if media is None or offers is None:
            asker.connection.refuse(message.id, Code.UNAVAILABLE, "This server carries no media.")
            return
        match message:
            case m.MediaPublish():
                offers.publish(asker, message)
            case m.MediaWatch():
                offers.watch(asker, message)
            case m.MediaCandidate():
                asker.reply_with(message.id, asker.inside(accept))
            case m.MediaView():
                levels = {int(slot.removeprefix("v")): level for slot, level in message.slots.items()}
                asker.reply_with(
                    message.id,
                    asker.inside(accept),
                    lambda: media.view(asker.room.session, asker.connection.id, levels),
                )
            case _:
                assert_never(message)


RoomMessage = (
    m.ShareStart
    | m.ShareStop
    | m.ShareSet
    | m.RequestOpen
    | m.RequestWithdraw
    | m.RequestApprove
    | m.RequestDecline
    | m.SeatRemove
    | m.SeatMute
    | m.YouTubeShare
    | m.YouTubePlay
    | m.YouTubePause
    | m.YouTubeSeek
    | m.YouTubeStop
)


def room_command(message: RoomMessage, who: str) -> c.Command:
    """The room's command for a client's message."""
    match message:
        case m.ShareStart():
            return c.StartShare(who, message.kind, message.audio, message.video)
        case m.ShareStop():
            return c.StopShare(who, message.seat)
        case m.ShareSet():
            return c.SetShare(who, message.seat, message.audio, message.video)
        case m.RequestOpen():
            return c.OpenRequest(who)
        case m.RequestWithdraw():
            return c.WithdrawRequest(who)
        case m.RequestApprove():
            return c.ApproveRequest(who, message.participant)
        case m.RequestDecline():
            return c.DeclineRequest(who, message.participant)
        case m.SeatRemove():
            return c.RemoveSeat(who, message.seat)
        case m.SeatMute():
            return c.MuteSeat(who, message.seat)
        case m.YouTubeShare():
            return c.ShareYouTube(who, message.url or message.video or "")
        case m.YouTubePlay():
            return c.PlayYouTube(who)
        case m.YouTubePause():
            return c.PauseYouTube(who)
        case m.YouTubeSeek():
            return c.SeekYouTube(who, message.position)
        case m.YouTubeStop():
            return c.StopYouTube(who)
        case _:
            assert_never(message)
