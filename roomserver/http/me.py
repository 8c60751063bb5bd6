"""Who I am; signing a browser in by a link, and out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from roomserver.catalog.access import Asker
from roomserver.catalog.tokens import MAX_TOKEN_CHARS, issue_token, revoke_token, who_holds
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.identity import COOKIE, clear_cookie, set_cookie
from roomserver.http.problem import bad_token


class Me(BaseModel):
    id: str
    participant: str = Field(description="My id in rooms.")
    name: str
    role: Literal["organizer", "attendee"] = Field(description="In the event; sessions can make me more.")
    ticket_type: str | None


class SignedIn(BaseModel):
    me: Me | None = Field(description="null if nobody is signed in.")


class LinkToken(Body):
    token: Annotated[str, Field(min_length=1, max_length=MAX_TOKEN_CHARS)]


@endpoint("GET", "/api/me", who=Who.SIGNED_IN, answers={200: Me})
async def get_me(call: Call) -> Response:
    """Who is signed in."""
    return json_answer(_document(call.me))


@endpoint("GET", "/api/signin", who=Who.ANYBODY, answers={200: SignedIn})
async def get_signed_in(call: Call) -> Response:
    """Whether anybody is signed in, and who.

    For pages, which ask before they know: `/api/me` refuses a visitor, which a browser reports as an error."""
    return json_answer(SignedIn(me=None if call.asker is None else _document(call.asker)))


@endpoint("POST", "/api/signin", who=Who.ANYBODY, answers={200: Me}, problems=(400, 401, 403, 413, 415, 422))
async def sign_in(call: Call, body: Draft[LinkToken]) -> Response:
    """Sign this browser in with the token of a sign-in link: sets the session cookie."""
    services = call.services
    token = body.checked().token
    now = services.now()
    days = services.settings.browser_days
    async with services.catalog.writing() as db:
        asker = await who_holds(db, token, "link", now)
        if asker is None:
            raise bad_token()
        cookie = await issue_token(
            db,
            "browser",
            now,
            organizer=asker.id if asker.organizer else None,
            registrant=None if asker.organizer else asker.id,
            expires_at=now + timedelta(days=days),
            read_only=asker.read_only,
        )
    response = json_answer(_document(asker))
    set_cookie(response, call.request, services, cookie, days)
    return response


@endpoint("POST", "/api/signout", who=Who.ANYBODY, answers={204: None}, problems=(403,))
async def sign_out(call: Call) -> Response:
    """Sign this browser out."""
    cookie = call.request.cookies.get(COOKIE)
    if cookie:
        async with call.services.catalog.writing() as db:
            await revoke_token(db, cookie, call.services.now())
    response = Response(status_code=204)
    clear_cookie(response)
    return response


def _document(asker: Asker) -> Me:
    return Me(
        id=asker.id,
        participant=asker.id,
        name=asker.name,
        role="organizer" if asker.organizer else "attendee",
        ticket_type=asker.ticket_type,
    )


ENDPOINTS: tuple[Endpoint, ...] = (get_me, get_signed_in, sign_in, sign_out)
