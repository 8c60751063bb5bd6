"""Health, metrics, the API's own description, and the headers on every answer."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import structlog

from roomserver.http.api import ENDPOINTS
from roomserver.logs import configure_logs
from tests.support.api import Api, running_api


async def test_alive_and_ready(api: Api) -> None:
    assert (await api.stranger.get("/healthz")).json() == {"status": "ok"}
    ready = await api.stranger.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "reasons": {}})


async def test_not_ready_says_why(tmp_path: Path) -> None:
    async with running_api(tmp_path) as api:
        api.services.health.stop()
        (tmp_path / "catalog.sqlite").write_bytes(b"broken" * 1000)
        await api.services.catalog.close()
        answer = await api.stranger.get("/readyz")
        assert answer.status_code == 503
        assert set(answer.json()["reasons"]) == {"server", "database"}
        assert answer.json()["reasons"]["server"] == "stopping"
        assert (await api.stranger.get("/healthz")).status_code == 200


async def test_metrics_count_requests_by_pattern_not_by_address(api: Api) -> None:
    path = await api.session("Opening")
    await api.organizer.get(path)
    await api.organizer.get("/api/sessions/ses_unknown")
    await api.organizer.get("/no/such/page")
    api.services.metrics.watch("hub", lambda: {"rooms": 3, "messages_in_total": 12, "refused_total": {"full": 2}})
    answer = await api.stranger.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'roomserver_http_requests_total{method="GET",route="/api/sessions/{id}",status="200"} 1.0' in answer.text
    assert 'roomserver_http_requests_total{method="GET",route="/api/sessions/{id}",status="404"} 1.0' in answer.text
    assert "ses_unknown" not in answer.text
    assert "roomserver_hub_rooms 3.0" in answer.text
    assert "roomserver_hub_messages_in_total 12.0" in answer.text
    assert 'roomserver_hub_refused_total{code="full"} 2.0' in answer.text


async def openapi(api: Api) -> Any:
    return (await api.stranger.get("/openapi.json")).json()


async def test_the_description_has_every_endpoint_and_nothing_dangles(api: Api) -> None:
    document = await openapi(api)
    assert document["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, each in document["paths"].items() for method in each}
    assert described == {(each.method, each.path) for each in ENDPOINTS}
    names = [each["operationId"] for methods in document["paths"].values() for each in methods.values()]
    assert len(names) == len(set(names))

    def refs(node: Any) -> list[str]:
        if isinstance(node, dict):
            mine = [node["$ref"]] if "$ref" in node else []
            return mine + [ref for each in node.values() for ref in refs(each)]
        return [ref for each in node for ref in refs(each)] if isinstance(node, list) else []

    schemas = document["components"]["schemas"]
    assert {ref.rpartition("/")[2] for ref in refs(document)} <= set(schemas)
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert any(status.startswith("2") for status in operation["responses"])


async def test_limits_of_fields_are_in_the_description(api: Api) -> None:
    schemas = (await openapi(api))["components"]["schemas"]
    assert schemas["NewSession"]["properties"]["title"]["maxLength"] == 60
    assert schemas["NewSession"]["required"] == ["title"]
    assert schemas["NewSession"]["additionalProperties"] is False
    assert "required" not in schemas["SessionChanges"]
    assert "default" not in schemas["SessionChanges"]["properties"]["rank"]
    assert schemas["SessionChanges"]["properties"]["max_on_screen"]["maximum"] == 50


async def test_the_page_to_read_loads_nothing(api: Api) -> None:
    answer = await api.stranger.get("/docs")
    assert answer.status_code == 200
    assert "/api/sessions/{id}/join" in answer.text
    assert "<script" not in answer.text
    assert "src=" not in answer.text
    assert "https://" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/api/event", "/api/me", "/healthz", "/docs", "/no/such/page", "/openapi.json", "/asyncapi.json"]
)
async def test_every_answer_has_safe_headers(api: Api, path: str) -> None:
    headers = (await api.stranger.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-request-id"]


async def test_answers_of_the_api_are_not_kept_by_caches(api: Api) -> None:
    for caller in (api.stranger, api.organizer):
        assert (await caller.get("/api/me")).headers["cache-control"] == "no-store"


async def test_a_request_id_goes_through(api: Api) -> None:
    own = await api.stranger.get("/api/event", headers={"X-Request-ID": "abc-123"})
    assert own.headers["x-request-id"] == "abc-123"
    forged = await api.stranger.get("/api/event", headers={"X-Request-ID": "a" * 100})
    assert forged.headers["x-request-id"] != "a" * 100


async def test_logs_are_json_with_the_request_id_and_without_secrets(api: Api) -> None:
    stream = io.StringIO()
    configure_logs("info", "auto", stream)
    try:
        ada = await api.registrant("Ada")
        path = await api.session("Talk", moderator_password="s3cret")
        await ada.post(f"{path}/moderate", {"password": "s3cret"})
        await api.organizer.get("/api/registrants?q=Lovelace", headers={"X-Request-ID": "find-me"})
        structlog.get_logger("other").info("something else")
    finally:
        structlog.reset_defaults()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    found = next(line for line in lines if line.get("request_id") == "find-me" and line["event"] == "request")
    assert (found["method"], found["path"], found["status"], found["level"]) == ("GET", "/api/registrants", 200, "info")
    for secret in ("s3cret", "Lovelace", ada.token, api.organizer.token):
        assert secret not in stream.getvalue()
