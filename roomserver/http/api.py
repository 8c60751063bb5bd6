"""The HTTP side put together: every resource's endpoints, the pages, and what happens to errors."""

from __future__ import annotations

import base64
import hashlib
from importlib.metadata import version

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from roomserver.catalog.engines import CatalogUnavailable
from roomserver.files import FilesUnavailable
from roomserver.http import (
    calendars,
    evaluation_results,
    evaluations,
    event,
    live,
    me,
    named,
    operations,
    pictures,
    preview,
    recording_files,
    recordings,
    registrants,
    room,
    schedule,
    segments,
    session_people,
    sessions,
    tokens,
    trail,
)
from roomserver.http.bulk import spreadsheets
from roomserver.http.docs_page import docs_page, page_style
from roomserver.http.endpoint import Endpoint, make_routes
from roomserver.http.hosts import request_host
from roomserver.http.openapi import openapi_document
from roomserver.http.pages import page_routes
from roomserver.http.problem import Problem, not_found
from roomserver.http.services import Services
from roomserver.http.shell import Shell
from signaling.asyncapi import asyncapi

_log = structlog.get_logger("roomserver.http")

_EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

ENDPOINTS: tuple[Endpoint, ...] = (
    *me.ENDPOINTS,
    *event.ENDPOINTS,
    *spreadsheets.ENDPOINTS,  # their paths look like those of a thing called "export"
    *sessions.ENDPOINTS,
    *calendars.ENDPOINTS,
    *segments.ENDPOINTS,
    *schedule.ENDPOINTS,
    *evaluations.ENDPOINTS,
    *evaluation_results.ENDPOINTS,
    *pictures.ENDPOINTS,
    *session_people.ENDPOINTS,
    *room.ENDPOINTS,
    *live.ENDPOINTS,
    *preview.ENDPOINTS,
    *recordings.ENDPOINTS,
    *recording_files.ENDPOINTS,
    *registrants.ENDPOINTS,
    *named.ENDPOINTS,
    *tokens.ENDPOINTS,
    *trail.ENDPOINTS,
    *operations.ENDPOINTS,
)


def make_app(services: Services) -> Starlette:
    """The ASGI application over the given services."""
    document = openapi_document(ENDPOINTS, "roomserver", version("roomserver"))
    page = docs_page(document)
    style = base64.b64encode(hashlib.sha256(page_style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'"

    async def openapi(_request: Request) -> Response:
        return JSONResponse(document)

    async def rooms(request: Request) -> Response:
        host = request_host(request) or "localhost"
        return JSONResponse(asyncapi(host, secure=request.scope["scheme"] == "https"))

    async def docs(_request: Request) -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    async def unknown(_request: Request) -> Response:
        raise not_found()

    app = Starlette(
        routes=[
            *make_routes(ENDPOINTS),
            Route("/openapi.json", openapi),
            Route("/asyncapi.json", rooms),
            Route("/docs", docs),
            Route("/api", unknown, methods=_EVERY_METHOD),
            Route("/api/{path:path}", unknown, methods=_EVERY_METHOD),
            *page_routes(),
        ],
        middleware=[Middleware(Shell, metrics=services.metrics)],
        exception_handlers={
            Problem: _answer_problem,
            HTTPException: _answer_http_exception,
            ClientDisconnect: _answer_nobody,
            DBAPIError: _answer_unavailable,
            PoolTimeout: _answer_unavailable,
            CatalogUnavailable: _answer_unavailable,
            FilesUnavailable: _answer_no_files,
        },
    )
    app.state.services = services
    return app


async def _answer_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _answer_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return not_found().response()
    code = {405: "method_not_allowed"}.get(error.status_code, "http_error")
    return Problem(error.status_code, code, error.detail, headers=error.headers).response()


async def _answer_nobody(_request: Request, _error: Exception) -> Response:
    """The client went away while sending; what is answered reaches nobody."""
    return Problem(400, "incomplete", "The request ended before its body was complete.").response()


async def _answer_unavailable(_request: Request, error: Exception) -> Response:
    # Never the error's own text: it holds the statement's values.
    _log.error("database failed", error=type(error).__name__, reason=str(error.__cause__ or ""))
    return Problem(
        503, "unavailable", "The database can't be reached just now; nothing was changed.", headers={"Retry-After": "2"}
    ).response()


async def _answer_no_files(_request: Request, error: Exception) -> Response:
    _log.error("files failed", reason=str(error))
    return Problem(
        503, "unavailable", "The files can't be reached just now; nothing was changed.", headers={"Retry-After": "5"}
    ).response()
