"""Around every request: an id, one log line, a measurement, safe headers, and a problem document instead of a crash."""

from __future__ import annotations

import re
import secrets
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roomserver.http.problem import Problem
from roomserver.metrics import Metrics

_log = structlog.get_logger("roomserver.http")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_FRAMES = "https://www.youtube-nocookie.com https://player.vimeo.com"

STRICT_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For answers that aren't pages."""


def page_policy(host: str | None) -> str:
    """The Content-Security-Policy of the web client's pages.

    The WebSocket's addresses are named because not every browser takes 'self' for them. Organizers' texts may
    show pictures and videos of other hosts; frames only of the video sites that `render_markdown` makes, and the player
    of shared videos."""
    sockets = f" ws://{host} wss://{host}" if host else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        "img-src 'self' data: blob: https:; media-src 'self' blob: https:; worker-src 'self' blob:; "
        f"connect-src 'self'{sockets}; frame-src {_FRAMES}; manifest-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


class Shell:
    """The outermost ASGI layer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request_id = request.headers.get("x-request-id", "")
        if not _REQUEST_ID.fullmatch(request_id):
            request_id = secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(MutableHeaders(scope=message), scope, request_id)
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception:
            _log.exception("request failed", method=scope["method"], path=scope["path"])
            if status == 0:
                await _broken()(scope, receive, answer)
        finally:
            self._record(scope, status or 500, time.perf_counter() - began)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        pattern = getattr(route, "path", None) or "other"
        self._metrics.count_request(scope["method"], pattern, status, seconds)
        if pattern in ("/healthz", "/readyz", "/metrics"):
            return
        write = _log.warning if status >= 500 else _log.info
        write("request", method=scope["method"], path=scope["path"], status=status, ms=round(seconds * 1000, 1))


def _broken() -> Response:
    return Problem(500, "internal", "Something broke on the server; the log has the details.").response()


def _add_headers(headers: MutableHeaders, scope: Scope, request_id: str) -> None:
    headers["X-Request-ID"] = request_id
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Content-Security-Policy", STRICT_POLICY)
    if scope["path"].startswith("/api/") or "set-cookie" in headers:
        if "set-cookie" in headers or "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        headers.add_vary_header("Cookie")
        headers.add_vary_header("Authorization")
