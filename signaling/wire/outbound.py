"""What the server says. The hub makes these as plain maps, because most go to thousands unchanged;
the types are checked by mypy where they are made, and the AsyncAPI document is made of them.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, cast

from typing_extensions import TypedDict

Document = dict[str, Any]
"""A document or a merge patch to one (RFC 7386)."""


class SeatInRoom(TypedDict):
    kind: Literal["camera", "screen", "integration"]
    participant: str
    name: str
    since: float
    audio: bool
    video: bool
    live: bool
    """Media flows."""
    muted: NotRequired[Literal[True]]
    """By a moderator."""
    away: NotRequired[Literal[True]]
    """Connection lost, seat kept."""
    slot: NotRequired[str]
    source: NotRequired[Literal["youtube", "rtmp", "whip", "mirror", "app"]]


class SharedVideo(TypedDict):
    seat: str
    video: str
    playing: bool
    position: float
    """Seconds, at time `at`; it moves on at `rate` while playing."""
    at: float
    rate: float


class RoomDocument(TypedDict):
    """What everybody sees of a room."""

    session: str
    title: str
    share_policy: Literal["anyone", "invite_only", "moderated"]
    max_on_screen: int
    seats_taken: int
    viewers: int
    viewer_cap: int
    waiting: int
    seats: dict[str, SeatInRoom]
    youtube: NotRequired[SharedVideo]
    recording: Literal["off", "armed", "recording", "paused", "ended"]


class OwnRequest(TypedDict):
    position: int
    since: float


class OwnGrant(TypedDict):
    seat: str
    expires_at: float


class YouDocument(TypedDict):
    """What concerns one participant."""

    participant: str
    name: str
    role: Literal["organizer", "moderator", "attendee"]
    can_share: bool
    must_ask: bool
    can_moderate: bool
    seats: list[str]
    request: NotRequired[OwnRequest]
    grant: NotRequired[OwnGrant]


class DeskRequest(TypedDict):
    name: str
    since: float


class DeskGrant(TypedDict):
    name: str
    seat: str
    expires_at: float


class DeskDocument(TypedDict):
    """What moderators see; by participant, ordered by `since`, then id."""

    requests: dict[str, DeskRequest]
    grants: dict[str, DeskGrant]


class Error(TypedDict):
    code: str
    message: str
    details: NotRequired[dict[str, Any]]


class Reply(TypedDict):
    """The one answer to a command; `id` is absent only if the command had no usable one."""

    type: Literal["reply"]
    id: NotRequired[int]
    ok: bool
    result: NotRequired[dict[str, Any]]
    seat: NotRequired[str]
    position: NotRequired[int]
    sdp: NotRequired[str]
    people: NotRequired[list[dict[str, Any]]]
    next: NotRequired[str]
    error: NotRequired[Error]


class Waiting(TypedDict):
    """One's place in the waiting line, while the room is at its viewer cap."""

    type: Literal["waiting"]
    position: int
    viewers: int
    cap: int


class Welcome(TypedDict):
    """All that a client holds, at a joint of the chain of updates."""

    type: Literal["welcome"]
    resume: str
    epoch: str
    version: int
    room: RoomDocument
    you: YouDocument
    desk: NotRequired[DeskDocument]
    ice_servers: list[dict[str, Any]]
    viewer_caps: list[list[int]]
    """The viewer cap table: [seats taken at most, viewers at most], ascending."""


class Resumed(TypedDict):
    """Goes on from the position that the client named; missed updates follow."""

    type: Literal["resumed"]
    resume: str
    version: int
    you: YouDocument
    desk: NotRequired[DeskDocument]


class Update(TypedDict):
    """A merge patch to one of the documents; `base` and `version` belong to `room`."""

    type: Literal["update"]
    doc: Literal["room", "you", "desk"]
    base: NotRequired[int]
    version: NotRequired[int]
    patch: Document


class Notice(TypedDict):
    """Something that happened to the receiver, or that moderators should know."""

    type: Literal["notice"]
    code: Literal[
        "grant_expired",
        "request_declined",
        "removed",
        "muted",
        "may_share_now",
        "overflow_warning",
        "recording_space_low",
        "recording_stopped",
        "evaluation_open",
    ]
    message: str
    details: NotRequired[dict[str, Any]]


class MediaSlots(TypedDict):
    """How many receive-only transceivers the watching connection's offer should have."""

    type: Literal["media.slots"]
    audio: int
    video: Literal[4, 9, 16, 25, 50]


class MediaSend(TypedDict):
    """What the publisher of a seat should send now, by RID."""

    type: Literal["media.send"]
    seat: str
    layers: dict[str, dict[str, Any]]


class MediaSpeaking(TypedDict):
    """Seats that are heard now, loudest first."""

    type: Literal["media.speaking"]
    seats: list[str]


class MediaReset(TypedDict):
    """The media worker was replaced: offer anew, on fresh connections, at once."""

    type: Literal["media.reset"]


Outbound = Reply | Waiting | Welcome | Resumed | Update | Notice | MediaSlots | MediaSend | MediaSpeaking | MediaReset


def accepted(message_id: int, result: dict[str, Any] | None = None) -> Reply:
    """The reply to a command that was carried out.

    The result's fields stand in the reply itself, as in the protocol's table of commands, and together under `result`.
    """
    if result:
        return cast(Reply, {**result, "type": "reply", "id": message_id, "ok": True, "result": result})
    return {"type": "reply", "id": message_id, "ok": True}


def refused(message_id: int | None, code: str, message: str, details: dict[str, Any] | None = None) -> Reply:
    """The reply to a command that was not carried out and changed nothing."""
    error: Error = {"code": code, "message": message}
    if details:
        error["details"] = details
    if message_id is None:
        return {"type": "reply", "ok": False, "error": error}
    return {"type": "reply", "id": message_id, "ok": False, "error": error}
