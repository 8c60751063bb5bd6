"""Registrants: list, create, read, change, delete, and letting them in."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, ClassVar, cast

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from roomserver.catalog.models import Registrant, TicketType
from roomserver.catalog.paging import BadCursor
from roomserver.catalog.registrants import (
    RegistrantValues,
    add_registrant,
    change_registrant,
    delete_registrant,
    find_registrant,
    list_registrants,
)
from roomserver.catalog.sessions import known_ids
from roomserver.catalog.tokens import issue_token, revoke_all
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, IfMatch, Who, endpoint
from roomserver.http.identity import own_origin
from roomserver.http.lists import ItemList, ListQuery, SearchText, bad_cursor
from roomserver.http.problem import not_found
from roomserver.http.texts import Email, Id, Moment, PersonName, Tags
from roomserver.http.trail import note_change
from roomserver.http.versions import check_version, version_tag
from roomserver.links import sign_in_link


class RegistrantChanges(Body):
    """What is not sent stays as it is."""

    name: PersonName = ""
    email: Email | None = None
    ticket_type: Id | None = None
    tags: Tags = Field(default_factory=list)


class NewRegistrant(RegistrantChanges):
    parts: ClassVar[type[Body] | None] = RegistrantChanges

    name: PersonName


class RegistrantDocument(BaseModel):
    id: str
    name: str
    email: str | None
    ticket_type: str | None
    tags: list[str]


class RegistrantQuery(ListQuery):
    q: SearchText | None = Field(None, description="A part of the name or the e-mail address.")
    ticket_type: Id | None = Field(None, description="Only those with a ticket of this type.")


class SignIn(BaseModel):
    token: str = Field(description="Bearer token of this registrant.")
    sign_in_link: str = Field(description="Signs a browser in when it is opened. Works until expires_at.")
    expires_at: Annotated[Moment, Field(description="When the link stops working.")]


@endpoint("GET", "/api/registrants", who=Who.ORGANIZER, answers={200: ItemList[RegistrantDocument]}, problems=(422,))
async def get_registrants(call: Call, query: RegistrantQuery) -> Response:
    """Registrants by name; `q` completes what somebody types."""
    try:
        async with call.services.catalog.reading() as db:
            page = await list_registrants(db, query.q, query.cursor, query.limit, ticket_type=query.ticket_type)
    except BadCursor:
        raise bad_cursor() from None
    return json_answer(ItemList[RegistrantDocument](items=[_document(each) for each in page.items], next=page.next))


@endpoint(
    "POST",
    "/api/registrants",
    who=Who.ORGANIZER,
    answers={201: RegistrantDocument},
    problems=(400, 413, 415, 422),
)
async def create_registrant(call: Call, body: Draft[NewRegistrant]) -> Response:
    """Register a person."""
    async with call.services.catalog.writing() as db:
        await _check_ticket_type(db, body)
        values = cast(RegistrantValues, body.checked().model_dump())
        registrant = await add_registrant(db, values, call.services.now())
        await note_change(call, db, "registrant", registrant.id, before=None, after=_fields(registrant))
    return _answer(registrant, 201)


@endpoint("GET", "/api/registrants/{id}", who=Who.ORGANIZER, answers={200: RegistrantDocument}, problems=(404,))
async def get_registrant(call: Call) -> Response:
    """One registrant."""
    async with call.services.catalog.reading() as db:
        return _answer(await _find(call, db))


@endpoint(
    "PATCH",
    "/api/registrants/{id}",
    who=Who.ORGANIZER,
    answers={200: RegistrantDocument},
    problems=(400, 404, 412, 413, 415, 422, 428),
    if_match=IfMatch.REQUIRED,
)
async def patch_registrant(call: Call, body: Draft[RegistrantChanges]) -> Response:
    """Change some fields. Another ticket type counts at once, also for somebody who is in a room."""
    async with call.services.catalog.writing() as db:
        registrant = await _find(call, db, for_change=True)
        document = _document(registrant).model_dump(mode="json")
        check_version(call.if_match, version_tag(registrant.version), document, body.fields)
        await _check_ticket_type(db, body)
        body.checked()
        before = _fields(registrant)
        await change_registrant(db, registrant, cast(RegistrantValues, body.fields))
        await note_change(call, db, "registrant", registrant.id, before=before, after=_fields(registrant))
    await call.services.rooms.person_changed(registrant.id)
    return _answer(registrant)


@endpoint(
    "DELETE",
    "/api/registrants/{id}",
    who=Who.ORGANIZER,
    answers={204: None},
    problems=(404, 412),
    if_match=IfMatch.OPTIONAL,
)
async def remove_registrant(call: Call) -> Response:
    """Delete a registrant, with their tokens and invitations. They leave the rooms where they are."""
    async with call.services.catalog.writing() as db:
        registrant = await _find(call, db, for_change=True)
        document = _document(registrant).model_dump(mode="json")
        check_version(call.if_match, version_tag(registrant.version), document, None)
        await note_change(call, db, "registrant", registrant.id, before=_fields(registrant), after=None)
        await delete_registrant(db, registrant.id)
    await call.services.rooms.person_changed(registrant.id)
    return Response(status_code=204)


@endpoint("POST", "/api/registrants/{id}/token", who=Who.ORGANIZER, answers={201: SignIn}, problems=(404,))
async def create_registrant_token(call: Call) -> Response:
    """A new bearer token and a sign-in link for this person. Earlier ones keep working."""
    services = call.services
    now = services.now()
    expires_at = now + timedelta(days=services.settings.link_days)
    origin = own_origin(call.request, services)
    async with services.catalog.writing() as db:
        registrant = await _find(call, db)
        token = await issue_token(db, "api", now, registrant=registrant.id)
        link = await issue_token(db, "link", now, registrant=registrant.id, expires_at=expires_at)
        await note_change(call, db, "registrant", registrant.id, before={}, after={}, secrets=["token", "sign_in_link"])
    document = SignIn(token=token, sign_in_link=sign_in_link(origin, link), expires_at=expires_at)
    return json_answer(document, 201)


@endpoint("DELETE", "/api/registrants/{id}/tokens", who=Who.ORGANIZER, answers={204: None}, problems=(404,))
async def revoke_registrant_tokens(call: Call) -> Response:
    """End all bearer tokens, sign-in links and signed-in browsers of this person."""
    async with call.services.catalog.writing() as db:
        registrant = await _find(call, db)
        await revoke_all(db, registrant.id, call.services.now())
        await note_change(call, db, "registrant", registrant.id, before={}, after={}, secrets=["tokens"])
    return Response(status_code=204)


async def _find(call: Call, db: AsyncSession, *, for_change: bool = False) -> Registrant:
    registrant = await find_registrant(db, call.path("id"), for_change=for_change)
    if registrant is None:
        raise not_found("There is no such registrant.")
    return registrant


async def _check_ticket_type(db: AsyncSession, body: Draft[Any]) -> None:
    wanted = body.fields.get("ticket_type")
    if wanted is not None and not await known_ids(db, TicketType, [wanted]):
        body.refuse("ticket_type", "unknown", what="ticket type", name=wanted)


def _fields(registrant: Registrant) -> dict[str, Any]:
    return _document(registrant).model_dump(exclude={"id"})


def _document(registrant: Registrant) -> RegistrantDocument:
    return RegistrantDocument.model_validate(registrant, from_attributes=True)


def _answer(registrant: Registrant, status: int = 200) -> Response:
    headers = {"ETag": version_tag(registrant.version)}
    if status == 201:
        headers["Location"] = f"/api/registrants/{registrant.id}"
    return json_answer(_document(registrant), status, headers)


ENDPOINTS: tuple[Endpoint, ...] = (
    get_registrants,
    create_registrant,
    get_registrant,
    patch_registrant,
    remove_registrant,
    create_registrant_token,
    revoke_registrant_tokens,
)
