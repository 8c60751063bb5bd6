"""For operators: alive, ready, metrics; and the API's own description."""

from __future__ import annotations

from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field
from starlette.responses import Response

from roomserver.http.answers import json_answer
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint


class Alive(BaseModel):
    status: str


class Readiness(BaseModel):
    ready: bool
    reasons: dict[str, str] = Field(description="What keeps the server from taking traffic, by name.")


@endpoint("GET", "/healthz", who=Who.ANYBODY, answers={200: Alive})
async def healthz(_call: Call) -> Response:
    """Whether the process is alive."""
    return json_answer(Alive(status="ok"))


@endpoint("GET", "/readyz", who=Who.ANYBODY, answers={200: Readiness, 503: Readiness})
async def readyz(call: Call) -> Response:
    """Whether the server may take traffic, and why not."""
    reasons = await call.services.health.reasons()
    return json_answer(Readiness(ready=not reasons, reasons=reasons), 503 if reasons else 200)


@endpoint("GET", "/metrics", who=Who.ANYBODY, answers={200: "text/plain"})
async def metrics(call: Call) -> Response:
    """Prometheus metrics."""
    return Response(call.services.metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})


ENDPOINTS: tuple[Endpoint, ...] = (healthz, readyz, metrics)
