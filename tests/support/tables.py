"""Rules written as text tables, one case a line, so that a reader can check them against the product page."""

from __future__ import annotations

import pytest


def cases(table: str) -> pytest.MarkDecorator:
    """Parametrize a test's `case` with the table's rows: cells by column name, columns divided by `|`."""
    header, *lines = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip())
    for line in lines:
        assert len(line) == len(header), f"a row has {len(line)} cells, the header {len(header)}: {line}"
    return pytest.mark.parametrize(
        "case", [pytest.param(dict(zip(header, line, strict=True)), id=", ".join(line)) for line in lines]
    )
