"""The OpenAPI document as a page to read: plain HTML, nothing to load, no script."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid; }
section { margin: 1.5rem 0; }
h3 { margin: 0; font: 600 1rem/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .15rem .75rem .15rem 0; border-bottom: 1px solid #8884; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
"""


def docs_page(document: Mapping[str, Any]) -> str:
    """Every path with who may call it, what it reads and what it answers; then the shapes."""
    info = document["info"]
    by_tag: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    parts = [f"<h2>{escape(tag)}</h2>{''.join(sections)}" for tag, sections in by_tag.items()]
    shapes = "".join(_shape(name, schema) for name, schema in document["components"]["schemas"].items())
    title = escape(f"{info['title']} {info['version']}")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>"
        f'<p>The same as <a href="/openapi.json">OpenAPI 3.1</a>. Errors are RFC 9457 problem details. '
        f'Rooms speak WebSocket: <a href="/asyncapi.json">AsyncAPI 3</a>.</p>'
        f"{''.join(parts)}<h2>Shapes</h2>{shapes}</html>"
    )


def page_style() -> str:
    """The page's one style sheet, for the hash that its Content-Security-Policy names."""
    return _STYLE


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    rows = []
    for parameter in operation["parameters"]:
        needed = "" if parameter["required"] else "optional"
        rows.append((parameter["name"], f"{parameter['in']} {needed}".strip(), parameter.get("description", "")))
    if body := operation.get("requestBody"):
        rows.append(("body", "", _types_of(body["content"])))
    for status, response in operation["responses"].items():
        rows.append((status, response["description"], _types_of(response.get("content", {}))))
    cells = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f"<section><h3>{method.upper()} {escape(path)}</h3><p>{escape(operation['summary'])} "
        f"<em>For {escape(operation['x-who'])}.</em></p><p>{escape(operation.get('description', ''))}</p>"
        f"<table>{cells}</table></section>"
    )


def _shape(name: str, schema: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code></td><td>{_text(_type_of(each))}</td>"
        f"<td>{escape(str(each.get('description', '')))}</td></tr>"
        for field, each in schema.get("properties", {}).items()
    )
    return f'<section id="{escape(name)}"><h3>{escape(name)}</h3><table>{rows}</table></section>'


def _types_of(content: Mapping[str, Any]) -> str:
    """What a body can be: the name of its shape, or the media type of a file."""
    return ", ".join(
        _type_of(each["schema"]) if "$ref" in each.get("schema", {}) else kind for kind, each in content.items()
    )


def _type_of(schema: Mapping[str, Any]) -> str:
    if ref := schema.get("$ref"):
        return str(ref).rpartition("/")[2]
    if values := schema.get("enum"):
        return " | ".join(str(value) for value in values)
    if options := schema.get("anyOf"):
        return " | ".join(_type_of(option) for option in options)
    if schema.get("type") == "array":
        return f"list of {_type_of(schema.get('items', {}))}"
    limits = [f"{word} {schema[key]}" for key, word in _LIMITS.items() if key in schema]
    return " ".join([str(schema.get("const", schema.get("type", "anything"))), *limits])


_LIMITS = {"minLength": "min length", "maxLength": "max length", "minimum": "from", "maximum": "to", "format": "as"}


def _text(cell: str) -> str:
    return escape(cell)
