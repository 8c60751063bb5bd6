"""Finished blocks as downloads: whole or in part, and played by browsers while they load."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from pydantic import Field
from starlette.responses import Response, StreamingResponse

from roomserver.catalog.recording_models import BlockRow, RecordingRow
from roomserver.catalog.recordings import find_recording
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.lists import Query
from roomserver.http.problem import Problem, not_found
from roomserver.http.ranges import Unsatisfiable, has_same, wanted_part

_MEDIA_TYPE = "video/mp4"
_MAX_NAME = 120
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
"""What one or another system doesn't take in the name of a file."""


class FileQuery(Query):
    block: int = Field(1, ge=1, le=10_000, description="Number of the block; each is two hours at most.")


@endpoint(
    "GET",
    "/api/recordings/{id}/file",
    who=Who.ORGANIZER,
    answers={200: (_MEDIA_TYPE,), 206: (_MEDIA_TYPE,), 304: None},
    problems=(404, 409, 416, 422, 503),
)
async def get_recording_file(call: Call, query: FileQuery) -> Response:
    """A block as MP4, H.264 and AAC, that plays while it loads.

    Takes a single range, with If-Range; 409 `not_ready` while there is no file. A block that is rendered anew keeps its
    old file until the new one is verified, which has another ETag."""
    async with call.services.catalog.reading() as db:
        row = await find_recording(db, call.path("id"))
    if row is None:
        raise not_found("There is no such recording.")
    block = next((each for each in row.blocks if each.number == query.block), None)
    if block is None and row.blocks:
        raise not_found(f"The recording has {len(row.blocks)} block(s).")
    if block is None or block.file is None:
        raise Problem(409, "not_ready", "This block is not rendered yet.")
    size = await call.services.files.size(block.file)
    if size is None:
        raise Problem(409, "not_ready", "The file is gone from the store. Ask for the recording to be rendered again.")
    return _serve(call, block.file, size, download_name(row, block))


def _serve(call: Call, file: str, size: int, name: str) -> Response:
    etag = f'"{file.rpartition("-")[2].removesuffix(".mp4")}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": content_disposition(name),
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    asked = call.request.headers
    if has_same(asked, etag):
        return Response(status_code=304, headers=headers)
    try:
        part = wanted_part(asked, etag, size)
    except Unsatisfiable:
        raise Problem(
            416,
            "no_such_range",
            f"The file has {size:,} bytes.",
            headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
        ) from None
    start, end = (0, size) if part is None else (part.start, part.end)
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = part.content_range
    status = 200 if part is None else 206
    if call.request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=_MEDIA_TYPE)
    return StreamingResponse(call.services.files.read(file, start, end), status, headers, _MEDIA_TYPE)


def download_name(row: RecordingRow, block: BlockRow) -> str:
    """What a downloaded block is called, such as `Opening (block 2 of 3).mp4`."""
    title = " ".join(_NOT_IN_NAMES.sub(" ", row.title).split())[:_MAX_NAME].strip(". ") or "Recording"
    several = f" (block {block.number} of {len(row.blocks)})" if len(row.blocks) > 1 else ""
    return f"{title}{several}.mp4"


def content_disposition(name: str) -> str:
    """The header for a download called `name`: in any script, and in ASCII for old programs (RFC 6266, RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%]', "", plain).strip()
    if plain.startswith((".mp4", "(")):
        plain = f"Recording {plain}" if plain.startswith("(") else f"Recording{plain}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


ENDPOINTS: tuple[Endpoint, ...] = (get_recording_file,)
