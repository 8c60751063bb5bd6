"""Ticket types and presenters: list, create, rename, delete."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from roomserver.catalog.models import Presenter, TicketType
from roomserver.catalog.named import (
    add_named,
    delete_named,
    find_named,
    has_name,
    list_named,
    rename,
    ticket_type_in_use,
)
from roomserver.catalog.paging import BadCursor
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, IfMatch, Who, endpoint
from roomserver.http.lists import ItemList, ListQuery, bad_cursor
from roomserver.http.problem import Problem, not_found
from roomserver.http.texts import Line
from roomserver.http.trail import note_change
from roomserver.http.versions import check_version, version_tag


class NameChange(Body):
    name: Annotated[Line, Field(min_length=1, max_length=100)] = ""


class NewName(NameChange):
    parts: ClassVar[type[Body] | None] = NameChange

    name: Annotated[Line, Field(min_length=1, max_length=100)]


class NamedDocument(BaseModel):
    id: str
    name: str


Named = type[TicketType] | type[Presenter]
Guard = Callable[[AsyncSession, str], Awaitable[None]]


async def _keep_used_ticket_type(db: AsyncSession, key: str) -> None:
    if await ticket_type_in_use(db, key):
        raise Problem(409, "in_use", "Registrants hold this ticket type or sessions ask for it; change these first.")


async def _free_to_go(_db: AsyncSession, _key: str) -> None:
    """Sessions simply no longer list a presenter who is deleted."""


def _endpoints(
    table: Named, path: str, word: str, *, unique: bool, may_go: Guard, readers: Who
) -> tuple[Endpoint, ...]:
    """The five endpoints of one kind of thing; organizers change it, and `readers` see it."""
    kind = word.replace(" ", "_")

    async def check_name(db: AsyncSession, body: Draft[NameChange], except_id: str | None = None) -> None:
        name = body.fields.get("name")
        if unique and name is not None and await has_name(db, table, name, except_id=except_id):
            body.refuse("name", "name_taken", what=word)

    async def find(call: Call, db: AsyncSession, *, for_change: bool = False) -> TicketType | Presenter:
        thing = await find_named(db, table, call.path("id"), for_change=for_change)
        if thing is None:
            raise not_found(f"There is no such {word}.")
        return thing

    def answer(thing: TicketType | Presenter, status: int = 200) -> Response:
        headers = {"ETag": version_tag(thing.version)}
        if status == 201:
            headers["Location"] = f"{path}/{thing.id}"
        return json_answer(_document(thing), status, headers)

    @endpoint("GET", path, who=readers, answers={200: ItemList[NamedDocument]}, problems=(422,))
    async def get_all(call: Call, query: ListQuery) -> Response:
        try:
            async with call.services.catalog.reading() as db:
                page = await list_named(db, table, query.cursor, query.limit)
        except BadCursor:
            raise bad_cursor() from None
        return json_answer(ItemList[NamedDocument](items=[_document(each) for each in page.items], next=page.next))

    @endpoint("POST", path, who=Who.ORGANIZER, answers={201: NamedDocument}, problems=(400, 413, 415, 422))
    async def create(call: Call, body: Draft[NewName]) -> Response:
        async with call.services.catalog.writing() as db:
            await check_name(db, body)
            thing = await add_named(db, table, body.checked().name)
            await note_change(call, db, kind, thing.id, before=None, after={"name": thing.name})
            return answer(thing, 201)

    @endpoint("GET", f"{path}/{{id}}", who=readers, answers={200: NamedDocument}, problems=(404,))
    async def get_one(call: Call) -> Response:
        async with call.services.catalog.reading() as db:
            return answer(await find(call, db))

    @endpoint(
        "PATCH",
        f"{path}/{{id}}",
        who=Who.ORGANIZER,
        answers={200: NamedDocument},
        problems=(400, 404, 412, 413, 415, 422, 428),
        if_match=IfMatch.REQUIRED,
    )
    async def change(call: Call, body: Draft[NameChange]) -> Response:
        async with call.services.catalog.writing() as db:
            thing = await find(call, db, for_change=True)
            check_version(call.if_match, version_tag(thing.version), _document(thing).model_dump(), body.fields)
            await check_name(db, body, except_id=thing.id)
            body.checked()
            if "name" in body.fields:
                await note_change(call, db, kind, thing.id, before={"name": thing.name}, after=body.fields)
                await rename(db, thing, body.fields["name"])
            return answer(thing)

    @endpoint(
        "DELETE",
        f"{path}/{{id}}",
        who=Who.ORGANIZER,
        answers={204: None},
        problems=(404, 409, 412),
        if_match=IfMatch.OPTIONAL,
    )
    async def remove(call: Call) -> Response:
        async with call.services.catalog.writing() as db:
            thing = await find(call, db, for_change=True)
            check_version(call.if_match, version_tag(thing.version), _document(thing).model_dump(), None)
            await may_go(db, thing.id)
            await note_change(call, db, kind, thing.id, before={"name": thing.name}, after=None)
            await delete_named(db, table, thing.id)
        return Response(status_code=204)

    plural = f"{word}s"
    return (
        get_all.called(f"get_{plural}", f"All {plural} by name."),
        create.called(f"create_{word}", f"Add a {word}."),
        get_one.called(f"get_{word}", f"One {word}."),
        change.called(f"patch_{word}", f"Rename a {word}."),
        remove.called(f"remove_{word}", f"Delete a {word}."),
    )


def _document(thing: TicketType | Presenter) -> NamedDocument:
    return NamedDocument(id=thing.id, name=thing.name)


ENDPOINTS: tuple[Endpoint, ...] = (
    *_endpoints(
        TicketType,
        "/api/ticket-types",
        "ticket type",
        unique=True,
        may_go=_keep_used_ticket_type,
        readers=Who.ORGANIZER,
    ),
    # Whoever sees a session sees who presents it.
    *_endpoints(Presenter, "/api/presenters", "presenter", unique=False, may_go=_free_to_go, readers=Who.SIGNED_IN),
)
