"""The OpenAPI document is valid and complete."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from roomserver.http.api import ENDPOINTS
from roomserver.http.endpoint import IfMatch, Who
from roomserver.http.openapi import openapi_document
from tests.support.api import Api

DOCUMENT = openapi_document(ENDPOINTS, "roomserver", "1.0")
OPERATIONS = {(each.method, each.path): DOCUMENT["paths"][each.path][each.method.lower()] for each in ENDPOINTS}


def test_it_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


async def test_it_is_served(api: Api) -> None:
    served = (await api.stranger.get("/openapi.json")).json()
    assert served["openapi"] == "3.1.0"
    assert served["paths"] == DOCUMENT["paths"]


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [each["operationId"] for each in OPERATIONS.values()]
    assert len(set(names)) == len(names) == len(ENDPOINTS)


@pytest.mark.parametrize("method_and_path", OPERATIONS, ids=" ".join)
def test_every_operation_is_described(method_and_path: tuple[str, str]) -> None:
    operation = OPERATIONS[method_and_path]
    assert operation["summary"].endswith(".")
    assert operation["tags"]
    assert operation["x-who"] in {each.value for each in Who}
    for response in operation["responses"].values():
        assert response["description"]


@pytest.mark.parametrize("declared", ENDPOINTS, ids=lambda each: f"{each.method} {each.path}")
def test_every_operation_names_its_errors(declared: Any) -> None:
    statuses = set(OPERATIONS[declared.method, declared.path]["responses"])
    expected: set[str] = set()
    if declared.who is not Who.ANYBODY:
        expected |= {"401"}
    if declared.who is Who.ORGANIZER:
        expected |= {"403"}
    if declared.path.startswith("/api/") and "{" in declared.path:
        expected |= {"404"}
    if declared.query is not None:
        expected |= {"422"}
    if declared.body is not None:
        expected |= {"400", "413", "415", "422"}
    if declared.if_match is not IfMatch.NO:
        expected |= {"412"}
    if declared.if_match is IfMatch.REQUIRED:
        expected |= {"428"}
    assert expected <= statuses
    for status, response in OPERATIONS[declared.method, declared.path]["responses"].items():
        if int(status) >= 400 and int(status) not in declared.answers:
            assert list(response["content"]) == ["application/problem+json"]


def test_every_parameter_is_described() -> None:
    missing = [
        f"{method} {path} {parameter['name']}"
        for (method, path), operation in OPERATIONS.items()
        for parameter in operation["parameters"]
        if parameter["in"] == "query" and not parameter.get("description")
    ]
    assert missing == []
