"""What a room remembers. Only `apply` changes it; everybody else reads.

Words are those of product section 1: seat, grant, request, waiting line, viewer, speaker.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from capacity import seats
from capacity.table import ViewerCapTable

RECONNECT_SECONDS = 15.0
"""How long a dropped connection keeps what it held (product section 3: a seat is kept 15 s)."""

GRANT_SECONDS = 60.0
"""How long an approval may stay unused (product section 3)."""

PAUSE_SECONDS = 3600.0
"""How long a recording waits for somebody to return before it ends for good (product section 7)."""

RecordingState = Literal["off", "armed", "recording", "paused", "ended"]
RecordingEnd = Literal["nobody", "switched_off", "disk_full", "closed"]


class Role(StrEnum):
    ORGANIZER = "organizer"
    MODERATOR = "moderator"
    ATTENDEE = "attendee"


class SharePolicy(StrEnum):
    ANYONE = "anyone"
    INVITE_ONLY = "invite_only"
    MODERATED = "moderated"


class Overflow(StrEnum):
    KEEP = "keep"
    REFUSE_SEAT = "refuse_seat"


class SeatKind(StrEnum):
    CAMERA = "camera"
    SCREEN = "screen"
    INTEGRATION = "integration"


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """What the room reads of its session (product section 4). Changed as a whole by `ChangeSettings`."""

    title: str
    share_policy: SharePolicy = SharePolicy.ANYONE
    max_on_screen: int = 50
    overflow: Overflow = Overflow.KEEP
    youtube: bool = False
    record: bool = False


@dataclass(slots=True)
class Person:
    """Somebody the room knows: waiting, watching or on screen, or away for a few seconds."""

    participant: str
    name: str
    role: Role
    invited: bool
    connection: str
    """The one live connection; the last one while away."""
    node: str
    arrived: float
    """When they first came (Unix seconds), kept over a reconnect."""
    order: int
    """The place of that arrival in the journal, unique: a counter of the room, so that nodes whose
    clocks disagree still agree on who came first."""
    admitted: bool
    """False while in the waiting line."""
    away_since: float | None = None


@dataclass(slots=True)
class Seat:
    """A place on screen that somebody uses."""

    id: str
    """"s" and a number that the room never uses twice; audio packets carry the number as CSRC."""
    kind: SeatKind
    participant: str
    since: float
    audio: bool
    video: bool
    muted: bool = False
    live: bool = False
    slot: int | None = None
    """Index of the video slot on which viewers see it; given when the seat first has video."""
    source: Literal["youtube", "rtmp", "whip", "mirror", "app"] | None = None


@dataclass(slots=True)
class Request:
    participant: str
    since: float
    """Strictly rising along the queue, so that sorting by it gives the queue."""
    order: int


@dataclass(slots=True)
class Grant:
    participant: str
    seat: str
    """The reserved seat's id; the seat that is taken with the grant gets it."""
    expires_at: float


@dataclass(slots=True)
class YouTube:
    """A shared video; `position` seconds held at time `at`, and moves on at `rate` while playing."""

    seat: str
    video: str
    playing: bool
    position: float
    at: float
    rate: float = 1.0


@dataclass(slots=True)
class Recording:
    """The session's recording, from the first time somebody was on camera. It goes on until it has ended."""

    id: str
    started_at: float
    paused_at: float | None = None
    """Since when nobody has been there to be recorded; None while somebody is."""
    ended_at: float | None = None
    ended: RecordingEnd | None = None
    """Why it ended."""


@dataclass(slots=True)
class Room:
    """One session's room. `caps` comes from the operator's settings, not from the journal."""

    session: str
    caps: ViewerCapTable
    settings: RoomSettings
    people: dict[str, Person] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    """Keyed by participant, in order of arrival."""
    grants: dict[str, Grant] = field(default_factory=dict)
    youtube: YouTube | None = None
    recording: Recording | None = None
    """The last one that was begun; forgotten when the switch is turned on again."""
    closed: bool = False
    next_seat: int = 1
    next_order: int = 1
    next_recording: int = 1

    # Derived by `apply` from the fields above, so that no command has to walk thousands of people.
    viewers: int = 0
    """Admitted people with a live connection and no seat."""
    line: list[tuple[int, str]] = field(default_factory=list)
    """The waiting line: (order, participant) of people with a live connection who aren't admitted, first come first."""
    away: list[tuple[float, str]] = field(default_factory=list)
    """(away_since, participant) of those whose connection was lost, longest away first."""
    seats_of: dict[str, list[str]] = field(default_factory=dict)
    """Seat ids by participant, oldest first; only of people on screen."""
    queue: list[int] = field(default_factory=list)
    """`order` of every request, ascending."""
    names: list[tuple[str, str]] = field(default_factory=list)
    """(name as compared, participant) of everybody known, sorted."""

    @property
    def waiting(self) -> int:
        """People in the waiting line."""
        return len(self.line)

    @property
    def seats_taken(self) -> int:
        """Seats in use and seats that grants reserve."""
        return seats.taken(len(self.seats), len(self.grants))

    @property
    def viewer_cap(self) -> int:
        """Viewers admitted at most at the present number of taken seats."""
        return self.caps.cap(self.seats_taken)

    @property
    def recording_state(self) -> RecordingState:
        """What clients are told of the recording."""
        if not self.settings.record:
            return "off"
        if self.recording is None:
            return "armed"
        if self.recording.ended_at is not None:
            return "ended"
        return "recording" if self.recording.paused_at is None else "paused"

    def waiting_position(self, participant: str) -> int | None:
        """The place in the waiting line, from 1; None for those who aren't in it."""
        person = self.people.get(participant)
        if person is None or person.admitted or person.away_since is not None:
            return None
        return bisect_left(self.line, (person.order, participant)) + 1

    def request_position(self, participant: str) -> int | None:
        """The place in the queue of requests, from 1; None without a request."""
        request = self.requests.get(participant)
        return None if request is None else bisect_left(self.queue, request.order) + 1
