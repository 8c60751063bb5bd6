"""Decisions about the shared YouTube video, whose position the server owns (product section 6)."""

from __future__ import annotations

import re
from math import isfinite
from urllib.parse import parse_qs, urlsplit

from signaling.room import rights
from signaling.room.commands import PauseYouTube, PlayYouTube, SeekYouTube, ShareYouTube, StopYouTube
from signaling.room.events import SeatEnded, SeatTaken, YouTubeMoved, YouTubeShared
from signaling.room.outcome import Accepted, Outcome
from signaling.room.refusals import Code, Refused
from signaling.room.sharing import new_seat_id, seat_is_free, viewers_without
from signaling.room.state import Room, SeatKind, SharePolicy, YouTube

MAX_POSITION = 10_000_000.0
"""Seconds; no video is as long, and a player can take it."""

_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
_LONGEST_ADDRESS = 2048
_LONG_HOSTS = {
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "music.youtube.com",
    "youtube-nocookie.com",
    "www.youtube-nocookie.com",
}
_SHORT_HOSTS = {"youtu.be", "www.youtu.be"}
# Words that look like a video id where one is expected.
_NOT_IDS = {"videoseries", "live_stream"}


def share(room: Room, command: ShareYouTube, now: float) -> Outcome:
    person = rights.inside(room, command.participant)
    if isinstance(person, Refused):
        return person
    if not room.settings.youtube:
        return Refused(Code.DISABLED, "Sharing YouTube videos is switched off in this session.")
    if not rights.may_control_video(room, person):
        return _may_not_control(room)
    if room.youtube is not None:
        return Refused(
            Code.ALREADY_SHARING,
            "A video is being shared already: stop it first.",
            {"seat": room.youtube.seat, "video": room.youtube.video},
        )
    video = video_id(command.url)
    if isinstance(video, Refused):
        return video
    warning = seat_is_free(room, viewers_after=viewers_without(room, person.participant))
    if isinstance(warning, Refused):
        return warning
    seat = new_seat_id(room)
    taken = SeatTaken(
        seat, SeatKind.INTEGRATION, person.participant, now, audio=True, video=True, slot=None, source="youtube"
    )
    return Accepted((taken, YouTubeShared(seat, video, now), *warning), {"seat": seat})


def play(room: Room, command: PlayYouTube, now: float) -> Outcome:
    video = _controlled(room, command.participant)
    if isinstance(video, Refused):
        return video
    return Accepted() if video.playing else Accepted((YouTubeMoved(True, video.position, now),))


def pause(room: Room, command: PauseYouTube, now: float) -> Outcome:
    video = _controlled(room, command.participant)
    if isinstance(video, Refused):
        return video
    return Accepted((YouTubeMoved(False, position_at(video, now), now),)) if video.playing else Accepted()


def seek(room: Room, command: SeekYouTube, now: float) -> Outcome:
    video = _controlled(room, command.participant)
    if isinstance(video, Refused):
        return video
    if not (isfinite(command.position) and 0 <= command.position <= MAX_POSITION):
        return Refused(
            Code.BAD_MESSAGE,
            f"position must be a number of seconds from 0 to {MAX_POSITION:.0f}.",
            {"field": "position"},
        )
    return Accepted((YouTubeMoved(video.playing, float(command.position), now),))


def stop(room: Room, command: StopYouTube) -> Outcome:
    person = rights.inside(room, command.participant)
    if isinstance(person, Refused):
        return person
    if room.youtube is None:
        return _nothing_shared()
    if not rights.may_stop_video(room, person):
        return _may_not_control(room)
    seat = room.seats[room.youtube.seat]
    if seat.participant == person.participant:
        return Accepted((SeatEnded(seat.id, seat.participant, "stopped"),))
    return Accepted((SeatEnded(seat.id, seat.participant, "removed", person.participant),))


def position_at(video: YouTube, now: float) -> float:
    """Seconds from the start of the video at time `now`; a clock that is behind moves nothing back."""
    if not video.playing:
        return video.position
    return video.position + max(0.0, now - video.at) * video.rate


def video_id(text: str) -> str | Refused:
    """The id of the single video or live stream that an address or a bare id names."""
    text = text.strip()
    if len(text) > _LONGEST_ADDRESS:
        return _not_a_video()
    if _VIDEO.fullmatch(text):
        return _not_a_video() if text in _NOT_IDS else text
    try:
        address = urlsplit(text if "://" in text else f"https://{text}")
        query = parse_qs(address.query)
        host = address.hostname
    except ValueError:
        return _not_a_video()
    if address.scheme not in ("http", "https") or host not in _LONG_HOSTS | _SHORT_HOSTS:
        return _not_a_video()
    parts = [part for part in address.path.split("/") if part]
    candidate = ""
    if host in _SHORT_HOSTS:
        candidate = parts[0] if len(parts) == 1 else ""
    elif parts == ["watch"]:
        candidate = query.get("v", [""])[0]
    elif len(parts) == 2 and parts[0] in ("live", "embed", "shorts", "v"):
        candidate = parts[1]
    if _VIDEO.fullmatch(candidate) and candidate not in _NOT_IDS:
        return candidate
    if "list" in query or parts == ["playlist"]:
        return Refused(Code.PLAYLIST, "A playlist can't be shared: share the link of a single video.")
    return _not_a_video()


def _controlled(room: Room, participant: str) -> YouTube | Refused:
    person = rights.inside(room, participant)
    if isinstance(person, Refused):
        return person
    if room.youtube is None:
        return _nothing_shared()
    return room.youtube if rights.may_control_video(room, person) else _may_not_control(room)


def _may_not_control(room: Room) -> Refused:
    if room.settings.share_policy is SharePolicy.MODERATED:
        return Refused(Code.FORBIDDEN, "Only organizers and moderators control the shared video in this session.")
    return Refused(Code.FORBIDDEN, "Only people on screen control the shared video.")


def _nothing_shared() -> Refused:
    return Refused(Code.NO_SUCH_SEAT, "No video is being shared.")


def _not_a_video() -> Refused:
    return Refused(Code.NOT_A_VIDEO, "That is not the link of a YouTube video or live stream.")
