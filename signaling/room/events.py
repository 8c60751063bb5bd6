"""What happened in a room, in the past tense: the journal's content and the only input of `apply`.

Each event says all that `apply` needs, so that it never decides anything. `apply` of a
well-formed event cannot fail. Events are also what the shell reacts to after the append succeeded:
media is stopped on `SeatEnded`, a person is told on `GrantExpired`, and so on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from signaling.room.state import RecordingEnd, Role, RoomSettings, SeatKind


@dataclass(frozen=True, slots=True)
class Entered:
    """A connection came: a new person, or a known one with a new connection (then the fields replace the old)."""

    participant: str
    connection: str
    node: str
    name: str
    role: Role
    invited: bool
    arrived: float
    order: int
    admitted: bool


@dataclass(frozen=True, slots=True)
class Admitted:
    """Came in from the waiting line."""

    participant: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A connection was lost; what the person holds is kept for RECONNECT_SECONDS."""

    participant: str
    connection: str
    at: float


@dataclass(frozen=True, slots=True)
class Left:
    """The person is gone. Their seats, grant and request ended in events before this one."""

    participant: str
    connection: str
    reason: Literal["left", "lost", "expelled"]


@dataclass(frozen=True, slots=True)
class SeatTaken:
    seat: str
    kind: SeatKind
    participant: str
    since: float
    audio: bool
    video: bool
    slot: int | None
    source: Literal["youtube", "rtmp", "whip", "mirror", "app"] | None = None


@dataclass(frozen=True, slots=True)
class SeatChanged:
    """The whole new state of what may change about a seat."""

    seat: str
    audio: bool
    video: bool
    muted: bool
    slot: int | None


@dataclass(frozen=True, slots=True)
class SeatMuted:
    seat: str
    by: str


@dataclass(frozen=True, slots=True)
class SeatEnded:
    seat: str
    participant: str
    reason: Literal["stopped", "removed", "left", "lost", "expelled"]
    by: str | None = None
    """The moderator, where `reason` is "removed"."""


@dataclass(frozen=True, slots=True)
class MediaLiveSet:
    seat: str
    live: bool


@dataclass(frozen=True, slots=True)
class RequestOpened:
    participant: str
    since: float
    order: int


@dataclass(frozen=True, slots=True)
class RequestClosed:
    participant: str
    reason: Literal["withdrawn", "declined", "approved", "may_share_now", "left"]


@dataclass(frozen=True, slots=True)
class GrantGiven:
    participant: str
    seat: str
    expires_at: float
    by: str


@dataclass(frozen=True, slots=True)
class GrantEnded:
    """A grant is over; on "used" the same entry holds the `SeatTaken` with the grant's seat id."""

    participant: str
    seat: str
    reason: Literal["used", "expired", "left"]


@dataclass(frozen=True, slots=True)
class YouTubeShared:
    """Follows the `SeatTaken` of its integration seat."""

    seat: str
    video: str
    at: float


@dataclass(frozen=True, slots=True)
class YouTubeMoved:
    """Played, paused or sought: `position` seconds at time `at`."""

    playing: bool
    position: float
    at: float


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    settings: RoomSettings


@dataclass(frozen=True, slots=True)
class RightsChanged:
    participant: str
    role: Role
    invited: bool


@dataclass(frozen=True, slots=True)
class OverflowWarned:
    """A seat lowered the viewer cap below the viewers present (overflow `keep`): moderators are told."""

    viewers: int
    cap: int


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """`recording` is the new recording's id, unique for ever."""

    recording: str
    at: float


@dataclass(frozen=True, slots=True)
class RecordingPaused:
    """Since `at` there has been nobody to be recorded."""

    at: float


@dataclass(frozen=True, slots=True)
class RecordingResumed:
    at: float


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    at: float
    reason: RecordingEnd


@dataclass(frozen=True, slots=True)
class RoomClosed:
    pass


Event = (
    Entered
    | Admitted
    | Dropped
    | Left
    | SeatTaken
    | SeatChanged
    | SeatMuted
    | SeatEnded
    | MediaLiveSet
    | RequestOpened
    | RequestClosed
    | GrantGiven
    | GrantEnded
    | YouTubeShared
    | YouTubeMoved
    | SettingsChanged
    | RightsChanged
    | OverflowWarned
    | RecordingStarted
    | RecordingPaused
    | RecordingResumed
    | RecordingEnded
    | RoomClosed
)
