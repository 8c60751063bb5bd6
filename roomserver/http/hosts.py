"""The host that a request was sent to, where it is fit to be part of an address or a header."""

from __future__ import annotations

import re

from starlette.requests import Request

_HOST = re.compile(r"([A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?")


def request_host(request: Request) -> str | None:
    """Host and port of the Host header; None if it names no host."""
    host = request.headers.get("host", "")
    return host if _HOST.fullmatch(host) else None
