"""Markdown as the pages will show it, while somebody still writes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field
from starlette.responses import Response

from roomserver.catalog.markdown import MAX_MARKDOWN_CHARACTERS, render_markdown
from roomserver.http.answers import json_answer
from roomserver.http.body import Body, Draft
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.texts import Text


class PreviewFields(Body):
    markdown: Annotated[Text, Field(max_length=MAX_MARKDOWN_CHARACTERS)]


class PreviewAnswer(BaseModel):
    html: str = Field(description="Sanitized.")


@endpoint("POST", "/api/preview", who=Who.ORGANIZER, answers={200: PreviewAnswer}, problems=(400, 403, 413, 415, 422))
async def preview(call: Call, body: Draft[PreviewFields]) -> Response:  # noqa: ARG001 - every endpoint takes the call
    """Render additional information without saving it."""
    return json_answer(PreviewAnswer(html=render_markdown(body.checked().markdown)))


ENDPOINTS: tuple[Endpoint, ...] = (preview,)
