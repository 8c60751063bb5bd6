"""The web client's files, with headers that keep them and their visitors safe."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from roomserver.http.hosts import request_host
from roomserver.http.shell import page_policy

DIST = Path(__file__).parent.parent / "web" / "dist"

ONE_YEAR = "public, max-age=31536000, immutable"

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>roomserver</title>
<h1>The web client isn't built yet</h1>
<p>The server runs, but its pages are missing. Run <code>make setup</code> in the project's folder, then reload.</p>
</html>"""


def page_routes(dist: Path = DIST) -> list[BaseRoute]:
    """Files and pages; must come after the API's routes. Every path that is no file is the web client's own."""

    async def page(request: Request) -> Response:
        policy = {"Content-Security-Policy": page_policy(request_host(request)), "Permissions-Policy": _PERMISSIONS}
        name = request.path_params["path"]
        if name and "/" not in name and (file := _file_beside(dist, name)) is not None:
            return FileResponse(file, headers={"Cache-Control": "no-cache"})
        index = dist / "index.html"
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, 503, headers={"Cache-Control": "no-store", "Retry-After": "30"})
        return FileResponse(index, headers={**policy, "Cache-Control": "no-cache"})

    return [
        Mount("/assets", _Assets(dist / "assets")),
        Route("/{path:path}", page, methods=["GET"]),
    ]


_PERMISSIONS = (
    "camera=(self), microphone=(self), display-capture=(self), fullscreen=*, autoplay=*, "
    "geolocation=(), payment=(), usb=()"
)


class _Assets:
    """Files whose names hold a hash of their content: they never change.

    The build leaves a compressed one (`.gz`) beside each that gains by it, so that nothing is compressed twice."""

    def __init__(self, folder: Path) -> None:
        self._files = StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self._files.get_path(scope)
        packed = "gzip" in Headers(scope=scope).get("accept-encoding", "") and self._there(path + ".gz")
        response = await self._files.get_response(path + ".gz" if packed else path, scope)
        if response.status_code in (200, 206, 304):
            response.headers["Cache-Control"] = ONE_YEAR
            response.headers.add_vary_header("Accept-Encoding")
            if packed:
                response.headers["Content-Encoding"] = "gzip"
        await response(scope, receive, send)

    def _there(self, path: str) -> bool:
        return self._files.lookup_path(path)[1] is not None


def _file_beside(dist: Path, name: str) -> Path | None:
    """A file such as favicon.svg in the top folder of the web client."""
    if name.startswith(".") or "\\" in name or "\0" in name or name == "index.html":
        return None
    file = dist / name
    return file if file.is_file() else None
