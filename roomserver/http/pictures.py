"""A session's picture: put, taken away, served."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from starlette.responses import Response

from roomserver.catalog.pictures import MAX_PICTURE_BYTES, NotAPicture, Picture, PictureError, make_picture
from roomserver.catalog.sessions import set_picture
from roomserver.faults import Fault
from roomserver.http.body import read_bytes
from roomserver.http.endpoint import Call, Endpoint, IfMatch, Who, endpoint
from roomserver.http.problem import Problem, not_found
from roomserver.http.session_fields import SessionDocument
from roomserver.http.sessions import answer_session, check_session_version, visible_session
from roomserver.http.trail import note_change

_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_TYPES = {ending: kind for kind, ending in _ENDINGS.items()}
_UPLOADS = ("image/png", "image/jpeg", "image/gif", "image/webp")

_SERVED = {
    "Cache-Control": "private, max-age=31536000, immutable",  # private: not everybody may watch every session
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_making = ThreadPoolExecutor(2, thread_name_prefix="picture")
"""Each takes up to 100 MB and a core for a second: never more than two at a time."""


@endpoint(
    "PUT",
    "/api/sessions/{id}/picture",
    who=Who.ORGANIZER,
    answers={200: SessionDocument},
    problems=(404, 412, 413, 415, 422, 503),
    if_match=IfMatch.OPTIONAL,
    takes=_UPLOADS,
)
async def put_picture(call: Call) -> Response:
    """Set the picture: the body is a PNG, JPEG, GIF or WebP file of at most 2 MB.

    It is told apart by its content, whatever its name or Content-Type say, and made anew from its pixels, without
    metadata."""
    async with call.services.catalog.reading() as db:
        await visible_session(call, db)
    picture = await _read_picture(call)
    name = f"pictures/{secrets.token_urlsafe(16)}.{_ENDINGS[picture.media_type]}"
    await call.services.files.put(name, picture.content)
    try:
        async with call.services.catalog.writing() as db:
            session = await visible_session(call, db, for_change=True)
            check_session_version(call, session)
            before = session.picture
            await set_picture(db, session, name)
            await note_change(call, db, "session", session.id, before={"picture": before}, after={"picture": name})
    except BaseException:
        await call.services.files.discard(name)
        raise
    await call.services.files.discard(before)
    return answer_session(call, session)


@endpoint(
    "DELETE",
    "/api/sessions/{id}/picture",
    who=Who.ORGANIZER,
    answers={204: None},
    problems=(404, 412),
    if_match=IfMatch.OPTIONAL,
)
async def remove_picture(call: Call) -> Response:
    """Take the picture away. Does nothing where there is none."""
    async with call.services.catalog.writing() as db:
        session = await visible_session(call, db, for_change=True)
        check_session_version(call, session)
        before = session.picture
        if before is not None:
            await set_picture(db, session, None)
            await note_change(call, db, "session", session.id, before={"picture": before}, after={"picture": None})
    await call.services.files.discard(before)
    return Response(status_code=204)


@endpoint(
    "GET",
    "/api/sessions/{id}/picture/{name}",
    who=Who.SIGNED_IN,
    answers={200: tuple(_ENDINGS)},
    problems=(404, 503),
)
async def get_picture(call: Call) -> Response:
    """The picture, for whoever may know of the session. Its address is the session's `picture`."""
    async with call.services.catalog.reading() as db:
        session = await visible_session(call, db)
    name = f"pictures/{call.path('name')}"
    content = await call.services.files.get(name) if name == session.picture else None
    if content is None:
        raise not_found("There is no such picture.")
    return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=_SERVED)


async def _read_picture(call: Call) -> Picture:
    upload = await read_bytes(call.request, MAX_PICTURE_BYTES)
    try:
        return await asyncio.get_running_loop().run_in_executor(_making, make_picture, upload)
    except NotAPicture as error:
        raise Problem(415, "not_a_picture", str(error)) from None
    except PictureError as error:
        fault = Fault("picture", "bad_picture", {"reason": str(error)})
        raise Problem(422, "bad_picture", str(error), errors=[fault]) from None


ENDPOINTS: tuple[Endpoint, ...] = (put_picture, remove_picture, get_picture)
