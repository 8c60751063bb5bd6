"""Who is invited to a session, and who moderates it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from roomserver.catalog.access import Standing, may_be_moderator, why_not_moderator
from roomserver.catalog.batches import batches
from roomserver.catalog.models import Invitation, Moderator, Registrant
from roomserver.catalog.registrants import as_asker, find_registrants
from roomserver.catalog.sessions import doors, known_ids, listed_people, set_people
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, IfMatch, Who, endpoint
from roomserver.http.sessions import visible_session
from roomserver.http.texts import Ids
from roomserver.http.trail import note_change
from roomserver.http.versions import check_version, content_tag

MAX_PEOPLE = 20_000


class PeopleList(Body):
    """The whole list: who is not in it loses what it gives."""

    registrants: Annotated[Ids, Field(max_length=MAX_PEOPLE)]


class PeopleDocument(BaseModel):
    registrants: list[str]


_PUT_PROBLEMS = (400, 404, 412, 413, 415, 422)


@endpoint("GET", "/api/sessions/{id}/invitations", who=Who.ORGANIZER, answers={200: PeopleDocument}, problems=(404,))
async def get_invitations(call: Call) -> Response:
    """Who is invited: to watch a private session, and to share where sharing is by invitation."""
    return await _read(call, Invitation)


@endpoint(
    "PUT",
    "/api/sessions/{id}/invitations",
    who=Who.ORGANIZER,
    answers={200: PeopleDocument},
    problems=_PUT_PROBLEMS,
    if_match=IfMatch.OPTIONAL,
)
async def put_invitations(call: Call, body: Draft[PeopleList]) -> Response:
    """Set who is invited. Whoever loses the right to watch leaves the room at once."""
    return await _write(call, body, Invitation)


@endpoint("GET", "/api/sessions/{id}/moderators", who=Who.ORGANIZER, answers={200: PeopleDocument}, problems=(404,))
async def get_moderators(call: Call) -> Response:
    """Who moderates this session."""
    return await _read(call, Moderator)


@endpoint(
    "PUT",
    "/api/sessions/{id}/moderators",
    who=Who.ORGANIZER,
    answers={200: PeopleDocument},
    problems=_PUT_PROBLEMS,
    if_match=IfMatch.OPTIONAL,
)
async def put_moderators(call: Call, body: Draft[PeopleList]) -> Response:
    """Set who moderates this session. Refused for somebody who may not watch it."""
    return await _write(call, body, Moderator)


async def _read(call: Call, table: type[Invitation | Moderator]) -> Response:
    async with call.services.catalog.reading() as db:
        session = await visible_session(call, db)
        return _answer(await listed_people(db, table, session.id))


async def _write(call: Call, body: Draft[PeopleList], table: type[Invitation | Moderator]) -> Response:
    async with call.services.catalog.writing() as db:
        session = await visible_session(call, db, for_change=True)
        before = await listed_people(db, table, session.id)
        wanted: Sequence[str] = body.fields.get("registrants", ())
        check_version(call.if_match, content_tag(before), {"registrants": before}, {"registrants": list(wanted)})
        known = await known_ids(db, Registrant, wanted)
        for at, each in enumerate(wanted):
            if each not in known:
                body.refuse(f"registrants.{at}", "unknown", what="registrant", name=each)
        if table is Moderator:
            await _check_moderators(call, db, body, [each for each in wanted if each in known and each not in before])
        changed = await set_people(db, table, session.id, body.checked().registrants)
        after = await listed_people(db, table, session.id)
        field = table.__tablename__
        # Of a long list only who left and who came.
        gone, come = sorted(set(before) - set(after)), sorted(set(after) - set(before))
        await note_change(call, db, "session", session.id, before={field: gone}, after={field: come})
    await call.services.rooms.rights_changed(session.id, changed)
    return _answer(after)


async def _check_moderators(call: Call, db: AsyncSession, body: Draft[PeopleList], added: Sequence[str]) -> None:
    session = await visible_session(call, db)
    invited = set(await listed_people(db, Invitation, session.id))
    place = {each: at for at, each in enumerate(body.fields.get("registrants", ()))}
    for batch in batches(added):
        for registrant in await find_registrants(db, batch):
            standing = Standing(invited=registrant.id in invited)
            if not may_be_moderator(as_asker(registrant), doors(session), standing):
                code = why_not_moderator(doors(session))
                body.refuse(f"registrants.{place[registrant.id]}", code, name=registrant.name)


def _answer(registrants: Sequence[str]) -> Response:
    return json_answer(PeopleDocument(registrants=list(registrants)), headers={"ETag": content_tag(registrants)})


ENDPOINTS: tuple[Endpoint, ...] = (get_invitations, put_invitations, get_moderators, put_moderators)
