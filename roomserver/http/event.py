"""The event's own settings."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field
from starlette.responses import Response

from roomserver.auth import hash_password
from roomserver.catalog.event import change_event, read_event
from roomserver.catalog.models import Event
from roomserver.catalog.sessions import count_sessions
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, IfMatch, Who, endpoint
from roomserver.http.problem import Problem
from roomserver.http.texts import Line, Password, refusal, zone_name
from roomserver.http.trail import note_change
from roomserver.http.versions import check_version, version_tag

EventKind = Literal["multi_session", "single_session"]


def _unlock_minutes(minutes: int) -> int:
    if minutes != 0 and not 3 <= minutes <= 15:
        raise refusal("unlock_minutes")
    return minutes


Margin = Annotated[int, Field(ge=0, le=1440)]


class EventChanges(Body):
    """What is not sent stays as it is."""

    name: Annotated[Line, Field(min_length=1, max_length=100)] = ""
    time_zone: Annotated[Line, AfterValidator(zone_name)] = "UTC"
    kind: EventKind = "multi_session"
    margin_before_minutes: Margin = 5
    margin_after_minutes: Margin = 0
    attendee_sessions: bool = False
    evaluation_unlock_minutes: Annotated[int, AfterValidator(_unlock_minutes)] = Field(
        0, description="Minutes before a session's end; 0, or 3 to 15."
    )
    moderator_password: Password | None = Field(None, description="Write only; null takes it away.")


class EventDocument(BaseModel):
    name: str
    time_zone: str
    kind: EventKind
    margin_before_minutes: int = Field(description="How long before its segment a scheduled session is listed.")
    margin_after_minutes: int
    attendee_sessions: bool = Field(description="Attendees may create sessions.")
    evaluation_unlock_minutes: int
    has_moderator_password: bool


@endpoint("GET", "/api/event", who=Who.ANYBODY, answers={200: EventDocument})
async def get_event(call: Call) -> Response:
    """The event's settings."""
    async with call.services.catalog.reading() as db:
        event = await read_event(db)
    return _answer(event)


@endpoint(
    "PATCH",
    "/api/event",
    who=Who.ORGANIZER,
    answers={200: EventDocument},
    problems=(400, 409, 412, 413, 415, 422, 428),
    if_match=IfMatch.REQUIRED,
)
async def patch_event(call: Call, body: Draft[EventChanges]) -> Response:
    """Change some settings."""
    async with call.services.catalog.writing() as db:
        event = await read_event(db, for_change=True)
        yours = {name: value for name, value in body.fields.items() if name != "moderator_password"}
        check_version(call.if_match, version_tag(event.version), _document(event).model_dump(mode="json"), yours)
        body.checked()
        values: dict[str, Any] = dict(body.fields)
        if "moderator_password" in values:
            password = values.pop("moderator_password")
            values["moderator_password_hash"] = await hash_password(password) if password is not None else None
        if values.get("kind") == "single_session" and await count_sessions(db) > 1:
            raise Problem(409, "too_many_sessions", "A single-session event has one session: delete the others first.")
        before = _document(event).model_dump()
        await change_event(db, event, values)
        secrets = [name for name in ("moderator_password",) if name in body.fields]
        await note_change(
            call, db, "event", "event", before=before, after=_document(event).model_dump(), secrets=secrets
        )
    return _answer(event)


def _document(event: Event) -> EventDocument:
    plain = {name: getattr(event, name) for name in EventDocument.model_fields if name != "has_moderator_password"}
    return EventDocument(**plain, has_moderator_password=event.moderator_password_hash is not None)


def _answer(event: Event) -> Response:
    return json_answer(_document(event), headers={"ETag": version_tag(event.version)})


ENDPOINTS: tuple[Endpoint, ...] = (get_event, patch_event)
