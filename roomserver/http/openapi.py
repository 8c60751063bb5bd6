"""The OpenAPI 3.1 document, made from the endpoints' own declarations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from roomserver.http.endpoint import Endpoint, IfMatch, Who
from roomserver.http.problem import MEDIA_TYPE, FaultDocument
from roomserver.http.texts import IN_PATH

REF = "#/components/schemas/{model}"


class ProblemDocument(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str = Field(description="Stable, for programs.")
    detail: str = Field(description="A sentence for people.")
    errors: list[FaultDocument] = Field(default_factory=list, description="Every field that doesn't fit.")


def openapi_document(endpoints: Sequence[Endpoint], title: str, version: str) -> dict[str, Any]:
    refs, definitions = _schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for declared in endpoints:
        paths.setdefault(declared.path, {})[declared.method.lower()] = _operation(declared, refs, definitions)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "An API token or a registrant's token."},
                "browser": {"type": "apiKey", "in": "cookie", "name": "roomserver_session"},
            },
        },
    }


Refs = Mapping[tuple[Any, JsonSchemaMode], Mapping[str, Any]]
"""(model, mode) -> {"$ref": ...}"""


def _schemas(endpoints: Sequence[Endpoint]) -> tuple[Refs, dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(ProblemDocument, "serialization"): None}
    for declared in endpoints:
        for model in (declared.body, declared.query):
            if model is not None:
                wanted[model, "validation"] = None
        for answer in declared.answers.values():
            if isinstance(answer, type):
                wanted[answer, "serialization"] = None
    refs, schema = models_json_schema(list(wanted), ref_template=REF)
    definitions: dict[str, Any] = schema["$defs"]
    for declared in endpoints:
        if declared.method == "PATCH" and declared.body is not None:
            # What isn't sent stays as it is: no default takes its place.
            for field in definitions[_model_name(refs[declared.body, "validation"])]["properties"].values():
                field.pop("default", None)
    return refs, definitions


def _model_name(ref: Mapping[str, Any]) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


def _operation(declared: Endpoint, refs: Refs, definitions: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": declared.name,
        "summary": declared.summary,
        "tags": [declared.path.split("/")[2] if declared.path.startswith("/api/") else "operation"],
        "parameters": [*_path_parameters(declared), *_query_parameters(declared, refs, definitions)],
        "responses": _responses(declared, refs),
        "security": [] if declared.who is Who.ANYBODY else [{"bearer": []}, {"browser": []}],
        "x-who": declared.who.value,
    }
    if declared.description:
        operation["description"] = declared.description
    if declared.if_match is not IfMatch.NO:
        operation["parameters"].append(
            {
                "name": "If-Match",
                "in": "header",
                "required": declared.if_match is IfMatch.REQUIRED,
                "schema": {"type": "string"},
                "description": "The ETag that was last read.",
            }
        )
    if declared.body is not None:
        content = {"schema": refs[declared.body, "validation"]}
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    if declared.takes:
        # OpenAPI 3.1: a file is a media type without a schema.
        operation["requestBody"] = {"required": True, "content": {each: {} for each in declared.takes}}
    return operation


def _path_parameters(declared: Endpoint) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", declared.path)
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": IN_PATH}}
        for name in names
    ]


def _query_parameters(declared: Endpoint, refs: Refs, definitions: Mapping[str, Any]) -> list[dict[str, Any]]:
    if declared.query is None:
        return []
    name = _model_name(refs[declared.query, "validation"])
    parameters = []
    for field, defined in definitions[name]["properties"].items():
        schema = _without_null(defined)
        parameter = {"name": field, "in": "query", "required": field in definitions[name].get("required", ())}
        if description := schema.pop("description", None):
            parameter["description"] = description
        parameters.append({**parameter, "schema": schema})
    return parameters


def _without_null(defined: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a parameter: one that isn't sent is None to the handler, but no text in an address means that."""
    schema = {name: value for name, value in defined.items() if name != "default" or value is not None}
    kinds = [each for each in schema.pop("anyOf", ()) if each != {"type": "null"}]
    if len(kinds) == 1:
        return {**kinds[0], **schema}
    return {**schema, "anyOf": kinds} if kinds else schema


def _responses(declared: Endpoint, refs: Refs) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, answer in declared.answers.items():
        response: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if isinstance(answer, str):
            response["content"] = {answer: {"schema": {"type": "string"}}}
        elif isinstance(answer, tuple):
            response["content"] = {each: {} for each in answer}
        elif answer is not None:
            response["content"] = {"application/json": {"schema": refs[answer, "serialization"]}}
        responses[str(status)] = response
    problems = set(declared.problems)
    if declared.path.startswith("/api/"):
        problems |= {400, 401}
        if declared.who is Who.ORGANIZER or declared.method != "GET":
            problems.add(403)
        if "{" in declared.path:
            problems.add(404)
    for status in sorted(problems):
        schema = refs[ProblemDocument, "serialization"]
        responses.setdefault(
            str(status), {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        )
    return responses
