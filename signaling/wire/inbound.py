"""What a client may say, one frozen type per message, checked field by field.

Unknown fields are ignored, as the protocol asks of every receiver; nothing is converted ("1" is no number).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from signaling.room.youtube import MAX_POSITION
from signaling.wire.codec import MAX_INTEGER, MAX_MESSAGE_BYTES

MessageId = Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
Name = Annotated[str, Field(min_length=1, max_length=128)]
"""An id of something: opaque, never interpreted."""
Token = Annotated[str, Field(min_length=1, max_length=4096)]
Sdp = Annotated[str, Field(min_length=1, max_length=MAX_MESSAGE_BYTES)]
SlotName = Annotated[str, Field(pattern=r"^v(0|[1-9][0-9]?)$")]


def _one_of(field: str, other: str) -> PydanticCustomError:
    return PydanticCustomError("one_of", "Exactly one of {field}, {other} is needed", {"field": field, "other": other})


def _schema_of_one(field: str, other: str) -> dict[str, JsonValue]:
    return {"oneOf": [{"required": [field]}, {"required": [other]}]}


class Message(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    id: MessageId


class Hello(Message):
    """The first message: a ticket, or a resume token with the position that the client holds."""

    model_config = ConfigDict(json_schema_extra=_schema_of_one("ticket", "resume"))

    type: Literal["hello"]
    ticket: Token | None = None
    resume: Token | None = None
    epoch: Annotated[str, Field(max_length=128)] | None = None
    version: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.ticket is None) == (self.resume is None):
            raise _one_of("ticket", "resume")
        return self


class ShareStart(Message):
    """Go on screen with camera and microphone, or show a screen."""

    type: Literal["share.start"]
    kind: Literal["camera", "screen"]
    audio: bool = True
    video: bool = True


class ShareStop(Message):
    """End one's own seat."""

    type: Literal["share.stop"]
    seat: Name


class ShareSet(Message):
    """Microphone or camera on or off; what is absent stays as it is."""

    type: Literal["share.set"]
    seat: Name
    audio: bool | None = None
    video: bool | None = None


class RequestOpen(Message):
    """Ask to share, in a moderated session."""

    type: Literal["request.open"]


class RequestWithdraw(Message):
    """Take one's request back."""

    type: Literal["request.withdraw"]


class RequestApprove(Message):
    """Reserve a seat for somebody who asked."""

    type: Literal["request.approve"]
    participant: Name


class RequestDecline(Message):
    """Close somebody's request."""

    type: Literal["request.decline"]
    participant: Name


class SeatRemove(Message):
    """Take somebody's seat off the screen."""

    type: Literal["seat.remove"]
    seat: Name


class SeatMute(Message):
    """Mute a speaker's microphone for everyone."""

    type: Literal["seat.mute"]
    seat: Name


class YouTubeShare(Message):
    """Show a video or live stream to everybody."""

    model_config = ConfigDict(json_schema_extra=_schema_of_one("url", "video"))

    type: Literal["youtube.share"]
    url: Annotated[str, Field(min_length=1, max_length=2048)] | None = None
    video: Annotated[str, Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.url is None) == (self.video is None):
            raise _one_of("url", "video")
        return self


class YouTubePlay(Message):
    """Play the shared video from where it stands."""

    type: Literal["youtube.play"]


class YouTubePause(Message):
    """Hold the shared video."""

    type: Literal["youtube.pause"]


class YouTubeSeek(Message):
    """Move the shared video to a position in seconds."""

    type: Literal["youtube.seek"]
    position: Annotated[float, Field(ge=0, le=MAX_POSITION)]


class YouTubeStop(Message):
    """End the shared video."""

    type: Literal["youtube.stop"]


class PeopleList(Message):
    """Who is here; in pages."""

    type: Literal["people.list"]
    after: Annotated[str, Field(max_length=512)] | None = None
    query: Annotated[str, Field(max_length=128)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class MediaPublish(Message):
    """The offer of one's own seat."""

    type: Literal["media.publish"]
    seat: Name
    sdp: Sdp


class MediaWatch(Message):
    """The offer of the one connection on which everything is watched."""

    type: Literal["media.watch"]
    sdp: Sdp


class MediaCandidate(Message):
    """A candidate of the client; the server is ICE-lite and learns addresses from checks, so nothing comes of it."""

    type: Literal["media.candidate"]
    to: Annotated[Name, Field(alias="for")]
    candidate: JsonValue = None


class MediaView(Message):
    """What this watcher shows now; slots that aren't named keep their level."""

    type: Literal["media.view"]
    slots: Annotated[
        dict[SlotName, Literal["high", "low", "off"]],
        Field(max_length=64, json_schema_extra={"additionalProperties": False}),
    ]


class Sync(Message):
    """Ask for a fresh `welcome`."""

    type: Literal["sync"]


class Leave(Message):
    """Leave for good."""

    type: Literal["leave"]


Inbound = (
    Hello
    | ShareStart
    | ShareStop
    | ShareSet
    | RequestOpen
    | RequestWithdraw
    | RequestApprove
    | RequestDecline
    | SeatRemove
    | SeatMute
    | YouTubeShare
    | YouTubePlay
    | YouTubePause
    | YouTubeSeek
    | YouTubeStop
    | PeopleList
    | MediaPublish
    | MediaWatch
    | MediaCandidate
    | MediaView
    | Sync
    | Leave
)

INBOUND: TypeAdapter[Inbound] = TypeAdapter(Annotated[Inbound, Field(discriminator="type")])


class BadMessage(Exception):
    """A map that is no message of the protocol; refused with `bad_message`.

    `field` is the field's name as the client wrote it; `id` that of the message if it has a usable one.
    """

    def __init__(self, field: str, text: str, message_id: int | None) -> None:
        super().__init__(text)
        self.field = field
        self.id = message_id


def parse(message: dict[str, Any]) -> Inbound:
    """Check a decoded map. Raises BadMessage naming the first field that doesn't fit."""
    try:
        return INBOUND.validate_python(message)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    raise BadMessage(*_explain(message, first), _usable_id(message))


def _explain(message: dict[str, Any], error: ErrorDetails) -> tuple[str, str]:
    if error["type"] == "union_tag_not_found":
        return "type", "type: A message is a map with a type."
    if error["type"] == "union_tag_invalid":
        return "type", f"type: There is no message {str(message.get('type'))[:64]!r}."
    # The first part of the location is the message's type; a rule about several fields has no second one.
    location = error["loc"]
    field = str(location[1] if len(location) > 1 else error.get("ctx", {}).get("field", "type"))[:64]
    return field, f"{field}: {error['msg']}."


def _usable_id(message: dict[str, Any]) -> int | None:
    given = message.get("id")
    return given if isinstance(given, int) and not isinstance(given, bool) else None
