"""Who is asking: a bearer token, or the cookie of a browser that signed in; and where a browser's write came from."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from roomserver.catalog.access import Asker
from roomserver.catalog.tokens import Holder, holder_of, note_use
from roomserver.http.hosts import request_host
from roomserver.http.problem import Problem, bad_token
from roomserver.http.services import Services

COOKIE = "roomserver_session"

USE_NOTED_EVERY = timedelta(minutes=5)


async def identify(request: Request, services: Services) -> Asker | None:
    """Raises Problem 401 for a bearer token that is no good. A cookie that is no good counts as none: the browser
    can't help sending it, and public pages must still work."""
    bearer = "authorization" in request.headers
    token = token_of(request)
    holder = None
    if token is not None:
        async with services.catalog.reading() as db:
            holder = await holder_of(db, token, "api" if bearer else "browser", services.now())
    if holder is None:
        if bearer:
            raise bad_token()
        return None
    if token is not None and holder.asker.organizer:
        await _note_use(services, token, holder)
    return holder.asker


def token_of(request: Request) -> str | None:
    """The bearer token or, without an Authorization header, the cookie."""
    header = request.headers.get("authorization")
    if header is None:
        return request.cookies.get(COOKIE) or None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def _note_use(services: Services, token: str, holder: Holder) -> None:
    """Only of organizers, who are few, and not every time: otherwise each request would write."""
    now = services.now()
    if holder.last_used_at is None or now - holder.last_used_at >= USE_NOTED_EVERY:
        async with services.catalog.writing() as db:
            await note_use(db, token, now)


def check_origin(request: Request, services: Services) -> None:
    """Refuse a write that a browser was made to send by another site. Raises Problem 403.

    A page of another site can't set an Authorization header, so bearer tokens need no check. Programs that are
    no browsers send neither header."""
    if "authorization" in request.headers:
        return
    if request.headers.get("sec-fetch-site") == "same-origin":
        return
    origin = request.headers.get("origin")
    if origin is None and "sec-fetch-site" not in request.headers:
        return
    if origin is not None and origin in (
        own_origin(request, services),
        f"{request.url.scheme}://{request_host(request)}",
    ):
        return
    raise Problem(403, "foreign_origin", "This write was sent from a page of another site.")


def own_origin(request: Request, services: Services) -> str:
    """Where people reach this server: the operator's word, else the host that this request was sent to.

    Raises Problem 400 if that is no host."""
    if services.settings.public_url:
        return services.settings.public_url
    host = request_host(request)
    if host is None:
        raise Problem(400, "bad_host", "The Host header names no host.")
    return f"{request.url.scheme}://{host}"


def room_address(request: Request, services: Services) -> str:
    """The WebSocket's address."""
    parts = urlsplit(own_origin(request, services))
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/ws"


def client_address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def set_cookie(response: Response, request: Request, services: Services, token: str, days: float) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(days * 86_400),
        path="/",
        httponly=True,
        samesite="lax",
        secure=own_origin(request, services).startswith("https:"),
    )


def clear_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
