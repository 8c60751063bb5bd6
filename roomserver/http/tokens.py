"""Organizers' tokens: for programs, for signing browsers in, and the browsers that are signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from roomserver.catalog.tokens import (
    OrganizerToken,
    find_organizer_token,
    issue_token,
    list_organizer_tokens,
    revoke_token_id,
    token_id,
)
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.identity import own_origin, token_of
from roomserver.http.problem import not_found
from roomserver.http.texts import Line, Moment
from roomserver.http.trail import note_change
from roomserver.links import sign_in_link

Role = Literal["organizer", "read_only"]


class NewToken(Body):
    name: Annotated[Line, Field(min_length=1, max_length=100)] = Field(description="What it is for.")
    role: Role = Field("organizer", description="read_only: sees what organizers see and changes nothing.")
    kind: Literal["api", "link"] = Field("api", description="api: a bearer token; link: signs a browser in.")
    expires_at: Moment | None = Field(None, description="Without it an API token works until it is deleted.")


class TokenHolder(BaseModel):
    id: str
    name: str


class TokenDocument(BaseModel):
    id: str
    kind: Literal["api", "link", "browser"]
    name: str | None
    role: Role
    organizer: TokenHolder
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None = Field(description="To a few minutes.")
    current: bool = Field(description="This request was made with it.")


class TokenList(BaseModel):
    items: list[TokenDocument]


class IssuedToken(BaseModel):
    id: str
    token: str | None = Field(description="The bearer token, shown this once.")
    sign_in_link: str | None = Field(description="Shown this once.")
    expires_at: Moment | None


@endpoint("GET", "/api/tokens", who=Who.ORGANIZER, answers={200: TokenList})
async def get_tokens(call: Call) -> Response:
    """The tokens, sign-in links and signed-in browsers of all organizers that work now, latest first."""
    mine = token_of(call.request)
    current = None if mine is None else token_id(mine)
    async with call.services.catalog.reading() as db:
        found = await list_organizer_tokens(db, call.services.now())
    return json_answer(TokenList(items=[_document(each, current) for each in found]))


@endpoint("POST", "/api/tokens", who=Who.ORGANIZER, answers={201: IssuedToken}, problems=(400, 413, 415, 422))
async def create_token(call: Call, body: Draft[NewToken]) -> Response:
    """A new token of yours, by a name. What it is, is shown this once and never again."""
    services, now = call.services, call.services.now()
    origin = own_origin(call.request, services)
    if body.fields.get("expires_at") is not None and body.fields["expires_at"] <= now:
        body.refuse("expires_at", "over_already")
    sent = body.checked()
    expires_at = sent.expires_at
    if sent.kind == "link" and expires_at is None:
        expires_at = now + timedelta(days=services.settings.link_days)
    async with services.catalog.writing() as db:
        token = await issue_token(
            db,
            sent.kind,
            now,
            organizer=call.me.id,
            expires_at=expires_at,
            name=sent.name,
            read_only=sent.role == "read_only",
        )
        await note_change(
            call, db, "token", token_id(token), before=None, after=sent.model_dump(exclude={"expires_at"})
        )
    issued = IssuedToken(
        id=token_id(token),
        token=token if sent.kind == "api" else None,
        sign_in_link=sign_in_link(origin, token) if sent.kind == "link" else None,
        expires_at=expires_at,
    )
    return json_answer(issued, 201)


@endpoint("DELETE", "/api/tokens/{id}", who=Who.ORGANIZER, answers={204: None}, problems=(404,))
async def remove_token(call: Call) -> Response:
    """End a token, a link or a signed-in browser of an organizer at once."""
    key, now = call.path("id"), call.services.now()
    async with call.services.catalog.writing() as db:
        found = await find_organizer_token(db, key, now)
        if found is None:
            raise not_found("There is no such token.")
        await revoke_token_id(db, key, now)
        await note_change(call, db, "token", key, before={"name": found.name, "kind": found.kind}, after=None)
    return Response(status_code=204)


def _document(token: OrganizerToken, current: str | None) -> TokenDocument:
    return TokenDocument(
        id=token.id,
        kind=token.kind,
        name=token.name,
        role="read_only" if token.read_only else "organizer",
        organizer=TokenHolder(id=token.organizer, name=token.organizer_name),
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        current=token.id == current,
    )


ENDPOINTS: tuple[Endpoint, ...] = (get_tokens, create_token, remove_token)
