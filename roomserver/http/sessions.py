"""Sessions: list, create, read, change, delete."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from roomserver.auth import hash_password
from roomserver.catalog.access import NO_STANDING, may_watch
from roomserver.catalog.event import read_event
from roomserver.catalog.models import Presenter, Session, TicketType
from roomserver.catalog.paging import BadCursor
from roomserver.catalog.schedule import SegmentsBySession, goes_on, shown_nowhere
from roomserver.catalog.segments import linked_segments, segments_of, timed, unlink_session
from roomserver.catalog.session_list import SessionFilter, list_sessions
from roomserver.catalog.sessions import (
    SessionValues,
    add_session,
    change_session,
    count_sessions,
    delete_session,
    doors,
    find_session,
    known_ids,
    make_moderator,
    standing_of,
)
from roomserver.http.answers import json_answer
from roomserver.http.body import Draft
from roomserver.http.endpoint import Call, Endpoint, IfMatch, Who, endpoint
from roomserver.http.lists import ItemList, ListQuery, Query, SearchText, bad_cursor
from roomserver.http.problem import Problem, not_allowed, not_found
from roomserver.http.session_fields import (
    NewSession,
    SessionChanges,
    SessionDocument,
    check_rules,
    default_values,
    present_values,
    session_document,
    stage_shares_by_invitation,
    stored_values,
)
from roomserver.http.texts import Id, Moment, write_moment
from roomserver.http.trail import note_change
from roomserver.http.versions import check_version, version_tag

ATTENDEE_FIELDS = frozenset({"title", "description", "additional_info", "tags", "share_policy"})
"""What an attendee can say about a session of their own (product section 4)."""


class SessionQuery(ListQuery):
    q: SearchText | None = Field(
        None, description="Text in title, description or location. Organizers only, as are the others."
    )
    active_from: Moment | None = Field(None, description="Sessions that are not over before this.")
    active_to: Moment | None = Field(None, description="Sessions that begin until this.")
    ticket_type: Id | None = Field(None, description="Sessions for holders of this ticket type.")
    tag: SearchText | None = Field(None, description="Sessions that have this tag.")


class ListedSession(SessionDocument):
    happening_now: bool = Field(description="One of its segments is going on, or now lies between its own times.")
    warning: Literal["not_on_schedule"] | None = Field(
        description="For organizers. not_on_schedule: it is scheduled and linked to no segment, so nobody finds it."
    )


class SessionChangesQuery(Query):
    unlink: bool = Field(False, description="Confirms that the session leaves the schedule as it becomes always_open.")


@endpoint("GET", "/api/sessions", who=Who.SIGNED_IN, answers={200: ItemList[ListedSession]}, problems=(403, 422))
async def get_sessions(call: Call, query: SessionQuery) -> Response:
    """The sessions that you may see now.

    A scheduled session is listed around its segments, from some minutes before to some after: the event's margins.
    Organizers see all sessions, and can look for some. Higher rank first, then earlier start (a scheduled session
    without one starts with its first segment), then title."""
    wanted = SessionFilter(query.q, query.active_from, query.active_to, query.ticket_type, query.tag)
    if wanted != SessionFilter():
        call.must_be_organizer("Only organizers can filter sessions.")
    try:
        async with call.services.catalog.reading() as db:
            now = call.services.now()
            page = await list_sessions(db, call.me, wanted, now, cursor=query.cursor, limit=query.limit)
            segments = await segments_of(db, [each.id for each in page.items])
    except BadCursor:
        raise bad_cursor() from None
    items = [_listed(call, each, segments, now) for each in page.items]
    return json_answer(ItemList[ListedSession](items=items, next=page.next))


def _listed(call: Call, session: Session, segments: SegmentsBySession, now: datetime) -> ListedSession:
    lost = call.me.organizer and shown_nowhere([timed(session)], segments)
    return ListedSession(
        **dict(session_document(session, call.services.rooms.live(session.id))),
        happening_now=goes_on(timed(session), segments, now),
        warning="not_on_schedule" if lost else None,
    )


@endpoint(
    "POST", "/api/sessions", who=Who.SIGNED_IN, answers={201: SessionDocument}, problems=(400, 403, 409, 413, 415, 422)
)
async def create_session(call: Call, body: Draft[NewSession]) -> Response:
    """Create a session.

    Attendees can where the event allows it: title and description are required, everybody can watch, sharing is
    open or moderated, and in a moderated one they are the moderator."""
    me = call.me
    defaults = default_values()
    async with call.services.catalog.writing() as db:
        event = await read_event(db)
        if not me.organizer and not event.attendee_sessions:
            raise not_allowed("In this event only organizers create sessions.")
        if event.kind == "single_session" and await count_sessions(db):
            raise Problem(409, "single_session", "This is a single-session event: it has exactly one session.")
        if not me.organizer:
            _check_attendee_fields(body)
        sent = {**body.fields, **stage_shares_by_invitation(body.fields, defaults)}
        check_rules(body, defaults, sent)
        await _check_links(db, body)
        body.checked()
        values = await _stored({**defaults, "moderator_password": None, **sent})
        session = await add_session(db, values, me.id, call.services.now())
        if not me.organizer and session.share_policy == "moderated":
            await make_moderator(db, session.id, me.id)
        await _note(call, db, session.id, before=None, after=present_values(session), sent=sent)
    return answer_session(call, session, 201)


@endpoint("GET", "/api/sessions/{id}", who=Who.SIGNED_IN, answers={200: SessionDocument}, problems=(404,))
async def get_session(call: Call) -> Response:
    """One session, if you may watch it."""
    async with call.services.catalog.reading() as db:
        session = await visible_session(call, db)
    return answer_session(call, session)


@endpoint(
    "PATCH",
    "/api/sessions/{id}",
    who=Who.ORGANIZER,
    answers={200: SessionDocument},
    problems=(400, 404, 409, 412, 413, 415, 422, 428),
    if_match=IfMatch.REQUIRED,
)
async def patch_session(call: Call, body: Draft[SessionChanges], query: SessionChangesQuery) -> Response:
    """Change some fields. People in the room have the new settings at once.

    A session that is linked to segments becomes `always_open` only with `unlink=true`; without it nothing is changed,
    and 409 `linked_to_schedule` names the segments under `segments`."""
    async with call.services.catalog.writing() as db:
        session = await visible_session(call, db, for_change=True)
        sent_back = SessionChanges.model_construct(**body.fields).model_dump(
            mode="json", include=set(body.fields) - {"moderator_password"}
        )
        check_version(call.if_match, version_tag(session.version), _document(call, session), sent_back)
        before = present_values(session)
        sent = {**body.fields, **stage_shares_by_invitation(body.fields, before)}
        check_rules(body, before, sent)
        await _check_links(db, body)
        body.checked()
        if sent.get("availability") == "always_open":
            await _leave_schedule(call, db, session, confirmed=query.unlink)
        await change_session(db, session, await _stored(sent))
        await _note(call, db, session.id, before=before, after=present_values(session), sent=sent)
    await call.services.rooms.settings_changed(session.id)
    return answer_session(call, session)


@endpoint(
    "DELETE",
    "/api/sessions/{id}",
    who=Who.ORGANIZER,
    answers={204: None},
    problems=(404, 409, 412),
    if_match=IfMatch.OPTIONAL,
)
async def remove_session(call: Call) -> Response:
    """Delete a session. Its room is closed."""
    async with call.services.catalog.writing() as db:
        session = await visible_session(call, db, for_change=True)
        check_session_version(call, session)
        if (await read_event(db)).kind == "single_session":
            raise Problem(409, "single_session", "A single-session event keeps its one session.")
        await unlink_session(db, session.id, call.services.now())
        await _note(call, db, session.id, before=present_values(session), after=None, sent={})
        await delete_session(db, session.id)
    await call.services.rooms.deleted(session.id)
    await call.services.files.discard(session.picture)
    return Response(status_code=204)


async def _note(
    call: Call,
    db: AsyncSession,
    session: str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    sent: Mapping[str, Any],
) -> None:
    secrets = [name for name in ("moderator_password",) if name in sent]
    await note_change(call, db, "session", session, before=before, after=after, secrets=secrets)


async def _leave_schedule(call: Call, db: AsyncSession, session: Session, *, confirmed: bool) -> None:
    segments = await linked_segments(db, session.id)
    if segments and not confirmed:
        raise Problem(
            409,
            "linked_to_schedule",
            f"The session stands on the schedule in {len(segments)} segment(s). Confirm with unlink=true that it "
            "leaves the schedule.",
            more={
                "segments": [
                    {"id": each.id, "title": each.title, "starts_at": write_moment(each.starts_at)} for each in segments
                ]
            },
        )
    await unlink_session(db, session.id, call.services.now())


async def visible_session(call: Call, db: AsyncSession, *, for_change: bool = False) -> Session:
    """The session of the path. Raises Problem 404 for one that doesn't exist or that this person may not watch."""
    session = await find_session(db, call.path("id"), for_change=for_change)
    if session is not None:
        me = call.me
        standing = NO_STANDING if me.organizer else await standing_of(db, session.id, me.id)
        if may_watch(me, doors(session), standing):
            return session
    raise no_such_session()


def no_such_session() -> Problem:
    """Also for sessions that this person may not know of."""
    return not_found("There is no such session, or you may not know of it.")


def _document(call: Call, session: Session) -> dict[str, Any]:
    return session_document(session, call.services.rooms.live(session.id)).model_dump(mode="json")


def check_session_version(call: Call, session: Session) -> None:
    """For a change that sends none of the document's fields. Raises Problem 412."""
    check_version(call.if_match, version_tag(session.version), _document(call, session), None)


def answer_session(call: Call, session: Session, status: int = 200) -> Response:
    headers = {"ETag": version_tag(session.version)}
    if status == 201:
        headers["Location"] = f"/api/sessions/{session.id}"
    return json_answer(session_document(session, call.services.rooms.live(session.id)), status, headers)


async def _stored(sent: dict[str, Any]) -> SessionValues:
    password = sent.get("moderator_password")
    return stored_values(sent, await hash_password(password) if password is not None else None)


def _check_attendee_fields(body: Draft[NewSession]) -> None:
    for name in body.fields:
        if name not in ATTENDEE_FIELDS:
            body.refuse(name, "organizers_only")
    if not body.fields.get("description") and not any(each.field == "description" for each in body.errors):
        body.refuse("description", "required")
    if body.fields.get("share_policy") == "invite_only":
        body.refuse("share_policy", "not_a_choice", choices="anyone, moderated")


async def _check_links(db: AsyncSession, body: Draft[Any]) -> None:
    links: tuple[tuple[str, type[TicketType | Presenter], str], ...] = (
        ("ticket_types", TicketType, "ticket type"),
        ("presenters", Presenter, "presenter"),
    )
    for field, table, word in links:
        ids = body.fields.get(field, ())
        known = await known_ids(db, table, ids)
        for at, each in enumerate(ids):
            if each not in known:
                body.refuse(f"{field}.{at}", "unknown", what=word, name=each)


ENDPOINTS: tuple[Endpoint, ...] = (get_sessions, create_session, get_session, patch_session, remove_session)
