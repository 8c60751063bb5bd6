"""JSON answers from documents."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel
from starlette.responses import Response


def json_answer(document: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        document.model_dump_json(),
        status_code=status,
        headers=dict(headers or {}),
        media_type="application/json",
    )
