"""What can be asked of a room, in the imperative. One frozen type per command.

Commands come from clients (through `signaling.wire`), from the hub (connections that come and go,
deadlines) and from the catalog (settings and rights that change while the room is live).
`decide` says what a command leads to; nothing here knows about sockets, clocks or storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from signaling.room.state import Role, RoomSettings

ShareKind = Literal["camera", "screen"]


# --- connections: from the hub -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enter:
    """A person's connection arrives with a valid ticket or resume token.

    `connection` is unique over all nodes and time. Entering again with another connection takes
    over: the person keeps everything, and the older connection is told (protocol close 4103).
    """

    participant: str
    connection: str
    node: str
    name: str
    role: Role
    invited: bool
    """Has an invitation of this session (counts where the share policy is `invite_only`)."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A connection was lost without `Leave`. Ignored unless it is the person's present one."""

    participant: str
    connection: str


@dataclass(frozen=True, slots=True)
class Leave:
    """The person leaves of their own will: seats, request, grant and place end at once."""

    participant: str
    connection: str


@dataclass(frozen=True, slots=True)
class LoseNode:
    """A node started anew (or died): all connections it held are lost, as if each had dropped."""

    node: str


@dataclass(frozen=True, slots=True)
class Settle:
    """Do what has become due by time or by room: expire grants, end absences, admit from the line."""


# --- sharing: from participants -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartShare:
    participant: str
    kind: ShareKind
    audio: bool
    video: bool


@dataclass(frozen=True, slots=True)
class StopShare:
    participant: str
    seat: str


@dataclass(frozen=True, slots=True)
class SetShare:
    """Turn microphone or camera of one's own seat on or off; None leaves it as it is."""

    participant: str
    seat: str
    audio: bool | None = None
    video: bool | None = None


# --- requests and moderation --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenRequest:
    participant: str


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    participant: str


@dataclass(frozen=True, slots=True)
class ApproveRequest:
    moderator: str
    participant: str


@dataclass(frozen=True, slots=True)
class DeclineRequest:
    moderator: str
    participant: str


@dataclass(frozen=True, slots=True)
class RemoveSeat:
    moderator: str
    seat: str


@dataclass(frozen=True, slots=True)
class MuteSeat:
    moderator: str
    seat: str


# --- shared YouTube -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShareYouTube:
    participant: str
    url: str
    """A watch, short or live address, or a bare video id."""


@dataclass(frozen=True, slots=True)
class PlayYouTube:
    participant: str


@dataclass(frozen=True, slots=True)
class PauseYouTube:
    participant: str


@dataclass(frozen=True, slots=True)
class SeekYouTube:
    participant: str
    position: float
    """Seconds from the start of the video."""


@dataclass(frozen=True, slots=True)
class StopYouTube:
    participant: str


# --- from the media plane, the recorder and the catalog ---------------------------------------------


@dataclass(frozen=True, slots=True)
class SetMediaLive:
    """Media of a seat began or ceased to arrive at the server."""

    seat: str
    live: bool


@dataclass(frozen=True, slots=True)
class InterruptRecording:
    """Nothing has been captured here since `since`, because the server was down; ignored while somebody is captured."""

    since: float


@dataclass(frozen=True, slots=True)
class EndRecording:
    """The recorder can't go on with a recording. Ignored unless it is the room's present one."""

    recording: str
    reason: Literal["disk_full"]


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """An organizer changed the session while its room is live."""

    settings: RoomSettings


@dataclass(frozen=True, slots=True)
class ChangeRights:
    """The catalog changed what a person may do here; nothing happens if they are not in the room."""

    participant: str
    role: Role
    invited: bool


@dataclass(frozen=True, slots=True)
class Expel:
    """The person may no longer watch: ends everything they hold (protocol close 4102)."""

    participant: str


@dataclass(frozen=True, slots=True)
class CloseRoom:
    """The session was deleted or its doors were closed (protocol close 4104)."""


Command = (
    Enter
    | Drop
    | Leave
    | LoseNode
    | Settle
    | StartShare
    | StopShare
    | SetShare
    | OpenRequest
    | WithdrawRequest
    | ApproveRequest
    | DeclineRequest
    | RemoveSeat
    | MuteSeat
    | ShareYouTube
    | PlayYouTube
    | PauseYouTube
    | SeekYouTube
    | StopYouTube
    | SetMediaLive
    | InterruptRecording
    | EndRecording
    | ChangeSettings
    | ChangeRights
    | Expel
    | CloseRoom
)
